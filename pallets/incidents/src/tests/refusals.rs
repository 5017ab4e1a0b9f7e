//! Every reason for which a report or an attestation is not taken; none changes anything.

use faultline_primitives::{
    attestation::{Body, Claim, Method, Observation, Scope},
    incident::MAX_WORDS,
    rules::Rules,
    Country, Millis, ServiceId, Span, Text, UnixMillis,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{BuildStorage, DispatchError};

use crate::{mock::*, Error, MAX_UNCONFIRMED};

/// Says both ways what must be refused for the same reason.
fn refused(seen: Observation, why: Error<Test>) {
    let expected = DispatchError::from(why);
    assert_noop!(report(2, SERVICE, seen.clone()), expected);
    assert_noop!(attest(2, 0, seen), expected);
}

/// A chain with incident 0 on the service, since minute 0, told at minute 5.
fn with_incident(test: impl FnOnce()) {
    run(|| {
        block_at(5);
        assert_ok!(report(1, SERVICE, down(0, 5)));
        test();
    });
}

#[test]
fn what_makes_no_sense_is_refused_each_with_a_reason_of_its_own() {
    with_incident(|| {
        let seen = || down(0, 5);
        refused(down(5, 4), Error::ObservedSpanReversed);
        refused(
            Observation {
                observed: Span {
                    from: min(0),
                    to: UnixMillis(min(6).0 + 1),
                },
                ..seen()
            },
            Error::ObservedInFuture,
        );
        let interval = |from, to| {
            vec![Span {
                from: min(from),
                to: min(to),
            }]
            .try_into()
            .unwrap()
        };
        refused(
            Observation {
                intervals: interval(4, 3),
                ..seen()
            },
            Error::IntervalReversed,
        );
        refused(
            Observation {
                intervals: interval(4, 6),
                ..seen()
            },
            Error::IntervalOutsideSpan,
        );
        let mut many = seen();
        many.vantages[0].failed = 10;
        refused(many, Error::MoreFailedThanSamples);
        let mut nowhere = seen();
        nowhere.vantages[0].place.country = Country(*b"de");
        refused(nowhere, Error::CountryMalformed);
        refused(
            Observation {
                evidence: Default::default(),
                ..seen()
            },
            Error::EvidenceMissing,
        );
        let mut foreseen = seen();
        foreseen.evidence[0].captured_at = min(60);
        refused(foreseen, Error::EvidenceInFuture);
        let not_utf8 = Text::from_bytes(&[0xff]).unwrap();
        refused(
            Observation {
                scope: Scope::Region(not_utf8),
                ..seen()
            },
            Error::TextNotUtf8,
        );
        refused(
            Observation {
                scope: Scope::Country(Country(*b"D1")),
                ..seen()
            },
            Error::CountryMalformed,
        );
        let mut unnamed = seen();
        unnamed.evidence[0].media_type = Text::from_bytes(&[0xff]).unwrap();
        refused(unnamed, Error::TextNotUtf8);
        let mut lost = seen();
        lost.evidence[0].uri = Text::from_bytes(&[0xff]);
        refused(lost, Error::TextNotUtf8);
    });
}

#[test]
fn a_minute_of_skew_and_evidence_less_words_are_taken() {
    with_incident(|| {
        assert_ok!(attest(2, 0, down(0, 6)));
        let manual = Observation {
            method: Method::Manual,
            evidence: Default::default(),
            ..down(0, 5)
        };
        assert_ok!(attest(3, 0, manual));
    });
}

#[test]
fn a_text_is_utf8() {
    with_incident(|| {
        let text = Body::from_bytes(&[0xc3, 0x28]).unwrap();
        let report = report_by(signed(2), SERVICE, down(0, 5), text.clone());
        assert_noop!(report, Error::<Test>::TextNotUtf8);
        let opening = report_by(signed(2), OTHER, down(0, 5), text);
        assert_noop!(opening, Error::<Test>::TextNotUtf8);
    });
}

#[test]
fn what_is_not_there_is_not_attested_about() {
    with_incident(|| {
        assert_noop!(report(2, ServiceId(2), down(0, 5)), Error::<Test>::NoSuchService);
        assert_noop!(attest(2, 1, down(0, 5)), Error::<Test>::NoSuchIncident);
    });
}

#[test]
fn whoever_is_no_reporter_says_nothing() {
    with_incident(|| {
        assert_noop!(
            report(STRANGER, SERVICE, down(0, 5)),
            DispatchError::Other("nobody")
        );
        assert_noop!(attest(STRANGER, 0, down(0, 5)), DispatchError::Other("nobody"));
        let unsigned = Incidents::report(
            RuntimeOrigin::none(),
            SERVICE,
            Box::new(down(0, 5)),
            Body::default(),
        );
        assert_noop!(unsigned, DispatchError::BadOrigin);
    });
}

#[test]
fn up_opens_nothing_and_is_no_end() {
    with_incident(|| {
        assert_noop!(
            report(2, OTHER, saw(Claim::Up, 0, 5)),
            Error::<Test>::UpOpensNothing
        );
        block_at(20);
        assert_noop!(
            attest(1, 0, saw(Claim::Up, 6, 20)),
            Error::<Test>::UpAfterAffirming
        );
        assert_ok!(attest(2, 0, saw(Claim::Up, 6, 20)));
    });
}

#[test]
fn the_same_word_again_waits_ten_minutes() {
    with_incident(|| {
        Now::set(min(15).0 - 1);
        assert_noop!(attest(1, 0, down(0, 14)), Error::<Test>::RepeatedTooSoon);
        assert_ok!(attest(1, 0, saw(Claim::Degraded, 0, 14)));
        block_at(25);
        assert_ok!(attest(1, 0, saw(Claim::Degraded, 0, 25)));
    });
}

#[test]
fn a_span_too_far_away_is_not_of_this_incident() {
    with_incident(|| {
        block_at(10_000);
        assert_noop!(attest(2, 0, recovered(5_000, 5_001)), Error::<Test>::Lapsed);
    });
    run(|| {
        block_at(1_000);
        assert_ok!(report(1, SERVICE, recovered(0, 10)));
        assert_noop!(attest(2, 0, recovered(131, 140)), Error::<Test>::SpanTooFar);
        assert_ok!(attest(2, 0, recovered(130, 140)));
    });
}

#[test]
fn what_has_settled_takes_no_attestation() {
    run(|| {
        block_at(30);
        for who in 1..=3 {
            assert_ok!(report(who, SERVICE, recovered(0, 20)));
        }
        let week = 30 + 7 * 24 * 60;
        Now::set(min(week).0 - 1);
        assert_ok!(attest(7, 0, recovered(0, 20)));
        block_at(week);
        assert_noop!(attest(8, 0, recovered(0, 20)), Error::<Test>::Settled);
    });
}

#[test]
fn an_organisation_says_sixty_four_words_on_an_incident_at_most() {
    with_incident(|| {
        for n in 1..MAX_WORDS {
            let claim = if n % 2 == 0 { Claim::Down } else { Claim::Degraded };
            assert_ok!(attest(1, 0, saw(claim, 0, 5)));
        }
        assert_noop!(attest(1, 0, down(0, 5)), Error::<Test>::TooManyWords);
        assert_ok!(attest(2, 0, down(0, 5)));
    });
}

#[test]
fn an_organisation_has_eight_unconfirmed_incidents_open_on_a_service_at_most() {
    run(|| {
        block_at(10_000);
        // Each three hours from the next.
        for n in 0..MAX_UNCONFIRMED as u64 {
            assert_ok!(report(1, SERVICE, recovered(n * 180, n * 180 + 1)));
        }
        let one_more = || recovered(9_000, 9_001);
        assert_noop!(report(1, SERVICE, one_more()), Error::<Test>::TooManyUnconfirmed);
        assert_ok!(report(1, OTHER, one_more()));
        assert_ok!(report(2, SERVICE, one_more()));
    });
}

#[test]
fn a_full_tally_takes_no_new_group_but_every_group_it_has() {
    with_incident(|| {
        let groups = (0..=200u8).filter(|n| ![1, 4, 6, 14, 40, 50, 99, 153].contains(n));
        for who in groups.take(127) {
            assert_ok!(attest(who, 0, down(0, 5)));
        }
        assert_noop!(attest(210, 0, down(0, 5)), Error::<Test>::TooManyGroups);
        assert_ok!(attest(6, 0, down(0, 5)));
        assert_ok!(attest(PROVIDER, 0, down(0, 5)));
    });
}

#[test]
fn four_members_of_a_group_stand_on_an_incident_at_most() {
    with_incident(|| {
        for who in [5, 6, 205, 206] {
            assert_ok!(attest(who, 0, down(0, 5)));
        }
        assert_noop!(attest(207, 0, down(0, 5)), Error::<Test>::TooManyOfGroup);
        block_at(20);
        assert_ok!(attest(206, 0, down(0, 20)));
    });
}

#[test]
fn time_does_not_run_backwards_in_a_log() {
    with_incident(|| {
        Now::set(min(4).0);
        assert_noop!(attest(2, 0, down(0, 4)), Error::<Test>::LogRefuses);
    });
}

#[test]
#[should_panic(expected = "make no sense together")]
fn a_chain_does_not_begin_with_rules_that_make_no_sense() {
    let rules = Rules {
        dispute_window: Millis(0),
        ..Rules::standard()
    };
    let incidents = crate::GenesisConfig {
        rules,
        ..Default::default()
    };
    let genesis = RuntimeGenesisConfig {
        incidents,
        ..Default::default()
    };
    let _ = genesis.build_storage();
}
