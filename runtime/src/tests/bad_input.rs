//! What makes no sense is refused, each kind by an error of its own, and changes nothing: by the pool for nothing, in
//! a block for quota. The bounds are in `bounds`; those that take a hundred organisations are tried in the pallets.

use faultline_primitives::{
    attestation::{Body, Claim, Method, Observation, Scope},
    incident::Statement,
    rules::Rules,
    Country, IncidentId, Millis, OrganisationId, ServiceId, Span, Text, UnixMillis,
};
use pallet_incidents::Call as Incident;
use pallet_members::Call as Member;
use pallet_services::Call as Service;

use super::{
    chain::{
        admin, attest, block_at, council, done, in_block, key, now, pool, report, report_in_words, reporter,
        root, run, saw, signed, statement, RULES, START,
    },
    refusal::{down, later, refused, reply, taken, with_incident, FIRST},
};
use crate::{Incidents, Runtime};

type MemberError = pallet_members::Error<Runtime>;
type ServiceError = pallet_services::Error<Runtime>;
type IncidentError = pallet_incidents::Error<Runtime>;

const SKEW: Millis = RULES.max_clock_skew;

fn not_utf8<const N: u32>() -> Text<N> {
    Text::from_bytes(&[b'o', b'k', 0xff]).unwrap()
}

#[test]
fn a_time_in_the_future_is_refused() {
    with_incident(|| {
        let soon = later(Millis(SKEW.0 + 1));
        let ends = saw(Claim::Down, START, soon);
        refused(
            reporter(1),
            report(0, ends.clone()),
            IncidentError::ObservedInFuture,
        );
        refused(
            reporter(1),
            report(3, ends.clone()),
            IncidentError::ObservedInFuture,
        );
        refused(reporter(1), attest(0, ends), IncidentError::ObservedInFuture);
        let mut shown = down();
        shown.evidence[0].captured_at = soon;
        refused(reporter(1), report(0, shown), IncidentError::EvidenceInFuture);
        for (claimed_start, claimed_end) in [(Some(soon), None), (None, Some(soon))] {
            let claimed = Statement {
                claimed_start,
                claimed_end,
                ..statement()
            };
            refused(reporter(4), reply(claimed), IncidentError::ClaimedInFuture);
        }
    });
}

#[test]
fn a_clock_that_runs_ahead_by_just_the_skew_is_taken() {
    with_incident(|| {
        let edge = later(SKEW);
        let mut seen = saw(Claim::Down, START, edge);
        seen.evidence[0].captured_at = edge;
        taken(reporter(1), report(0, seen.clone()));
        taken(reporter(1), report(3, seen));
        let claimed = Statement {
            claimed_start: Some(edge),
            claimed_end: Some(edge),
            ..statement()
        };
        taken(reporter(4), reply(claimed));
    });
}

#[test]
fn a_span_that_is_reversed_is_refused() {
    with_incident(|| {
        let seen = saw(Claim::Down, now(), UnixMillis(now().0 - 1));
        refused(
            reporter(1),
            report(0, seen.clone()),
            IncidentError::ObservedSpanReversed,
        );
        refused(reporter(1), attest(0, seen), IncidentError::ObservedSpanReversed);
        let claimed = Statement {
            claimed_start: Some(now()),
            claimed_end: Some(START),
            ..statement()
        };
        refused(reporter(4), reply(claimed), IncidentError::ClaimedSpanReversed);
    });
}

#[test]
fn an_interval_that_is_reversed_or_outside_the_span_is_refused() {
    with_incident(|| {
        let with = |from, to| Observation {
            intervals: vec![Span { from, to }].try_into().unwrap(),
            ..down()
        };
        let (before, after) = (UnixMillis(START.0 - 1), later(Millis(1)));
        refused(
            reporter(1),
            report(0, with(now(), START)),
            IncidentError::IntervalReversed,
        );
        for outside in [with(before, now()), with(START, after)] {
            refused(
                reporter(1),
                report(0, outside),
                IncidentError::IntervalOutsideSpan,
            );
        }
        taken(reporter(1), report(0, with(START, now())));
    });
}

#[test]
fn more_failed_samples_than_there_were_are_refused() {
    with_incident(|| {
        let mut seen = down();
        seen.vantages[0].failed = seen.vantages[0].samples + 1;
        refused(reporter(1), report(0, seen), IncidentError::MoreFailedThanSamples);
    });
}

#[test]
fn a_country_that_is_none_is_refused() {
    with_incident(|| {
        let mut seen = down();
        seen.vantages[0].place.country = Country(*b"D3");
        refused(reporter(1), report(0, seen), IncidentError::CountryMalformed);
        let scope = Scope::Country(Country(*b"de"));
        refused(
            reporter(1),
            report(0, Observation { scope, ..down() }),
            IncidentError::CountryMalformed,
        );
    });
}

#[test]
fn a_measuring_method_without_evidence_is_refused() {
    with_incident(|| {
        for method in [Method::ActiveProbe, Method::PassiveTelemetry] {
            let seen = Observation {
                method,
                evidence: Default::default(),
                ..down()
            };
            refused(reporter(1), report(0, seen), IncidentError::EvidenceMissing);
        }
    });
}

#[test]
fn an_unknown_service_or_incident_is_refused() {
    with_incident(|| {
        let (service, incident) = (ServiceId(77), IncidentId(77));
        refused(reporter(1), report(77, down()), IncidentError::NoSuchService);
        refused(reporter(1), attest(77, down()), IncidentError::NoSuchIncident);
        refused(
            reporter(1),
            Incident::withdraw { incident },
            IncidentError::NoSuchIncident,
        );
        refused(
            reporter(1),
            Incident::close { incident },
            IncidentError::NoSuchIncident,
        );
        let text = Body::default();
        let replied = Incident::reply {
            incident,
            statement: statement(),
            text: text.clone(),
        };
        refused(reporter(4), replied, IncidentError::NoSuchIncident);
        let disputed = Incident::dispute {
            incident,
            text: text.clone(),
        };
        refused(reporter(1), disputed.clone(), IncidentError::NoSuchIncident);
        refused(reporter(9), disputed, IncidentError::NoSuchIncident);
        let sustain = true;
        let voted = Incident::vote {
            incident,
            sustain,
            text: text.clone(),
        };
        refused(reporter(6), voted, IncidentError::NoSuchIncident);
        for (incident, to) in [(incident, FIRST), (FIRST, incident)] {
            refused(
                reporter(6),
                Incident::link { incident, to },
                IncidentError::NoSuchIncident,
            );
        }
        refused(
            reporter(6),
            Incident::unlink { incident },
            IncidentError::NoSuchIncident,
        );
        let (name, url): (Text<64>, _) = ("Mail".parse().unwrap(), Text::default());
        let described = Service::describe { service, name, url };
        refused(reporter(4), described, ServiceError::NoSuchService);
        let (from, until) = (now(), later(Millis::hours(1)));
        let announced = Service::announce_maintenance {
            service,
            from,
            until,
            text,
        };
        refused(reporter(4), announced, ServiceError::NoSuchService);
    });
}

#[test]
fn a_revoked_key_and_a_suspended_organisation_are_refused() {
    with_incident(|| {
        assert_eq!(
            done(signed(admin(0)), Member::revoke_reporter { key: reporter(0) }),
            Ok(())
        );
        let organisation = OrganisationId(1);
        assert_eq!(done(council(), Member::suspend { organisation }), Ok(()));
        let before = root();
        for (who, error) in [
            (reporter(0), MemberError::KeyRevoked),
            (reporter(1), MemberError::OrganisationSuspended),
            (admin(1), MemberError::OrganisationSuspended),
        ] {
            let call = match who == admin(1) {
                true => Member::add_reporter {
                    key: key(200),
                    label: Text::default(),
                }
                .into(),
                false => report(0, down()),
            };
            assert!(pool(who, &call).is_err());
            assert!(in_block(who, &call).is_err(), "it does not even cost quota");
            assert_eq!(done(signed(who), call), Err(error.into()));
        }
        assert_eq!(root(), before);
    });
}

#[test]
fn a_report_two_hours_and_a_millisecond_away_is_of_another_incident() {
    run(Rules::standard(), || {
        let day = START.after(Millis::hours(24));
        block_at(day);
        let at = |time: UnixMillis| saw(Claim::Recovered, time, time);
        let (from, to) = (START.after(Millis::hours(4)), START.after(Millis::hours(5)));
        taken(reporter(0), report(0, saw(Claim::Recovered, from, to)));
        let edges = [
            (
                UnixMillis(from.0 - Millis::hours(2).0),
                UnixMillis(from.0 - Millis::hours(2).0 - 1),
            ),
            (
                to.after(Millis::hours(2)),
                to.after(Millis(Millis::hours(2).0 + 1)),
            ),
        ];
        for (near, far) in edges {
            refused(reporter(1), attest(0, at(far)), IncidentError::SpanTooFar);
            assert_eq!(pool(reporter(1), &attest(0, at(near))), Ok(()));
        }
        // A report that lies too far from one is of another.
        taken(reporter(2), report(0, at(edges[0].0)));
        assert_eq!(Incidents::count(), 1);
        taken(reporter(1), report(0, at(edges[1].1)));
        assert_eq!(Incidents::count(), 2);
    });
}

#[test]
fn an_incident_that_has_settled_or_lapsed_takes_no_word() {
    with_incident(|| {
        for who in [0, 1] {
            taken(reporter(who), attest(0, saw(Claim::Recovered, START, now())));
        }
        taken(reporter(2), report(3, down()));
        let settles = later(RULES.dispute_window);
        block_at(UnixMillis(settles.0 - 1));
        assert_eq!(
            pool(reporter(1), &Incident::withdraw { incident: FIRST }.into()),
            Ok(())
        );
        block_at(settles);
        let moved = |incident, from| Incident::attest {
            incident,
            observation: Box::new(down()),
            text: Body::default(),
            moves_from: Some(from),
        };
        let other = IncidentId(1);
        for call in [
            attest(0, down()),
            Incident::withdraw { incident: FIRST }.into(),
            Incident::close { incident: FIRST }.into(),
            moved(other, FIRST).into(),
        ] {
            refused(reporter(1), call, IncidentError::Settled);
        }
        block_at(later(RULES.lapse_after));
        for call in [
            attest(1, down()),
            Incident::withdraw { incident: other }.into(),
            Incident::close { incident: other }.into(),
            moved(FIRST, other).into(),
        ] {
            refused(reporter(2), call, IncidentError::Lapsed);
        }
    });
}

#[test]
fn text_that_is_not_utf8_is_refused() {
    with_incident(|| {
        let mut shown = down();
        shown.evidence[0].media_type = not_utf8();
        refused(reporter(1), report(0, shown), IncidentError::TextNotUtf8);
        let mut shown = down();
        shown.evidence[0].uri = Some(not_utf8());
        refused(reporter(1), report(0, shown), IncidentError::TextNotUtf8);
        let scope = Scope::Region(not_utf8());
        let regional = report(0, Observation { scope, ..down() });
        refused(reporter(1), regional, IncidentError::TextNotUtf8);
        let worded = report_in_words(0, down(), not_utf8());
        refused(reporter(1), worded, IncidentError::TextNotUtf8);
        let incident = FIRST;
        let replied = Incident::reply {
            incident,
            statement: statement(),
            text: not_utf8(),
        };
        refused(reporter(4), replied, IncidentError::TextNotUtf8);
        let disputed = |text| Incident::dispute { incident, text };
        refused(reporter(1), disputed(not_utf8()), IncidentError::TextNotUtf8);
        taken(reporter(1), disputed(Body::default()));
        let voted = Incident::vote {
            incident,
            sustain: true,
            text: not_utf8(),
        };
        refused(reporter(6), voted, IncidentError::TextNotUtf8);
        let label = not_utf8();
        let added = Member::add_reporter { key: key(200), label };
        refused(admin(0), added, MemberError::TextNotUtf8);
        let (name, url) = (not_utf8(), Text::default());
        let described = Service::describe {
            service: ServiceId(0),
            name,
            url,
        };
        refused(reporter(4), described, ServiceError::TextNotUtf8);
    });
}
