//! Every bound that one member could pass by its own calls, passed by one; and what conflicts with a part in it.

use faultline_primitives::{
    attestation::{Body, Claim},
    incident::{MAX_REPLIES, MAX_WORDS},
    organisation::MAX_KEYS,
    service::{MAX_MAINTENANCES, MAX_UNLISTED},
    GroupId, IncidentId, Millis, OrganisationId, ServiceId, Text, UnixMillis,
};
use pallet_incidents::{Call as Incident, MAX_UNCONFIRMED};
use pallet_members::Call as Member;
use pallet_services::Call as Service;

use super::{
    chain::{
        admin, attest, block_at, council, done, key, now, report, reporter, roles, saw, statement, RULES,
        START,
    },
    refusal::{down, later, refused, reply, taken, with_incident, FIRST},
};
use crate::{Incidents, Runtime};

type MemberError = pallet_members::Error<Runtime>;
type ServiceError = pallet_services::Error<Runtime>;
type IncidentError = pallet_incidents::Error<Runtime>;

#[test]
fn a_word_too_many_on_an_incident_is_refused() {
    with_incident(|| {
        for n in 1..u64::from(MAX_WORDS) {
            block_at(later(Millis::seconds(3)));
            let claim = [Claim::Down, Claim::Degraded][n as usize % 2];
            taken(reporter(0), attest(0, saw(claim, START, now())));
        }
        block_at(later(Millis::minutes(1)));
        refused(reporter(0), attest(0, down()), IncidentError::TooManyWords);
        let incident = FIRST;
        refused(
            reporter(0),
            Incident::withdraw { incident },
            IncidentError::TooManyWords,
        );
        taken(reporter(1), attest(0, down()));
    });
}

#[test]
fn the_same_word_too_soon_and_an_up_out_of_place_are_refused() {
    with_incident(|| {
        refused(reporter(0), attest(0, down()), IncidentError::RepeatedTooSoon);
        let up = saw(Claim::Up, START, now());
        refused(
            reporter(0),
            attest(0, up.clone()),
            IncidentError::UpAfterAffirming,
        );
        refused(reporter(1), report(3, up), IncidentError::UpOpensNothing);
    });
}

#[test]
fn a_reply_too_many_is_refused() {
    with_incident(|| {
        for _ in 0..MAX_REPLIES {
            taken(reporter(4), reply(statement()));
        }
        refused(reporter(4), reply(statement()), IncidentError::TooManyReplies);
        refused(reporter(9), reply(statement()), IncidentError::NotTheProvider);
    });
}

#[test]
fn a_second_dispute_is_refused() {
    with_incident(|| {
        let dispute = || Incident::dispute {
            incident: FIRST,
            text: Body::default(),
        };
        taken(reporter(1), dispute());
        refused(reporter(2), dispute(), IncidentError::DisputeOpen);
        block_at(later(RULES.rule_within));
        refused(reporter(1), dispute(), IncidentError::DisputedAlready);
        taken(reporter(2), dispute());
    });
}

#[test]
fn an_unconfirmed_incident_too_many_is_refused() {
    with_incident(|| {
        let at = |n: u64| {
            let time = UnixMillis(START.0 - n * 60 * 60 * 1000);
            report(0, saw(Claim::Down, time, time))
        };
        for n in 1..MAX_UNCONFIRMED as u64 {
            taken(reporter(0), at(n));
        }
        refused(reporter(0), at(30), IncidentError::TooManyUnconfirmed);
        taken(reporter(1), at(30));
    });
}

#[test]
fn a_fifth_member_of_a_group_is_refused() {
    with_incident(|| {
        for n in [0, 1, 8] {
            let set = Member::set_group {
                organisation: OrganisationId(n),
                group: GroupId(50),
            };
            assert_eq!(done(council(), set), Ok(()));
        }
        // 0 spoke before, for the group that it had then.
        for n in [1, 2, 3, 8] {
            taken(reporter(n), attest(0, down()));
        }
        block_at(later(Millis::minutes(1)));
        refused(reporter(0), attest(0, down()), IncidentError::TooManyOfGroup);
    });
}

#[test]
fn an_unlisted_service_too_many_is_refused() {
    with_incident(|| {
        let register = |n: u32| Service::register {
            slug: format!("service-{n}").parse().unwrap(),
            name: "A service".parse().unwrap(),
            url: Text::default(),
            parent: None,
        };
        for n in 0..MAX_UNLISTED {
            taken(reporter(0), register(n));
        }
        refused(reporter(0), register(99), ServiceError::TooManyUnlisted);
        taken(reporter(1), register(99));
        refused(reporter(1), register(0), ServiceError::SlugTaken);
    });
}

#[test]
fn a_key_too_many_is_refused() {
    with_incident(|| {
        let add = |n: u8| Member::add_reporter {
            key: key(n),
            label: Text::default(),
        };
        for n in 2..MAX_KEYS as u8 {
            taken(admin(0), add(200 + n));
        }
        refused(admin(0), add(250), MemberError::TooManyKeys);
        refused(admin(1), add(202), MemberError::KeyTaken);
    });
}

#[test]
fn a_maintenance_too_many_or_too_long_is_refused() {
    with_incident(|| {
        let announce = |from, until| Service::announce_maintenance {
            service: ServiceId(0),
            from,
            until,
            text: Body::default(),
        };
        let hours = |n| later(Millis::hours(n));
        for n in 0..MAX_MAINTENANCES {
            taken(reporter(4), announce(hours(n.into()), hours(u64::from(n) + 72)));
        }
        let other = announce(hours(1), hours(2));
        refused(reporter(4), other, ServiceError::TooManyMaintenances);
        let long = announce(now(), hours(72).after(Millis(1)));
        refused(reporter(4), long, ServiceError::MaintenanceTooLong);
        refused(
            reporter(4),
            announce(hours(2), hours(1)),
            ServiceError::MaintenanceReversed,
        );
        refused(reporter(4), announce(START, now()), ServiceError::MaintenancePast);
    });
}

#[test]
fn the_vote_of_an_arbiter_with_a_part_in_it_is_refused() {
    with_incident(|| {
        let vote = || Incident::vote {
            incident: FIRST,
            sustain: true,
            text: Body::default(),
        };
        refused(reporter(6), vote(), IncidentError::NoOpenDispute);
        // 5 is of the provider's group, and 8 has attested.
        taken(reporter(8), attest(0, down()));
        let dispute = Incident::dispute {
            incident: FIRST,
            text: Body::default(),
        };
        taken(reporter(4), dispute);
        for conflicted in [5, 8] {
            refused(reporter(conflicted), vote(), IncidentError::NotAnArbiterOfThis);
        }
        // Nor does one that comes to have a part in it after it was asked.
        let also = Member::set_roles {
            organisation: OrganisationId(7),
            roles: roles(true, false, true),
        };
        assert_eq!(done(council(), also), Ok(()));
        taken(reporter(7), attest(0, down()));
        refused(reporter(7), vote(), IncidentError::NotAnArbiterOfThis);
        let joined = Member::set_group {
            organisation: OrganisationId(6),
            group: GroupId(4),
        };
        assert_eq!(done(council(), joined), Ok(()));
        refused(reporter(6), vote(), IncidentError::NotAnArbiterOfThis);
        let left = Member::set_group {
            organisation: OrganisationId(6),
            group: GroupId(6),
        };
        assert_eq!(done(council(), left), Ok(()));
        taken(reporter(6), vote());
        refused(reporter(6), vote(), IncidentError::VotedAlready);
    });
}

#[test]
fn a_loop_of_links_or_a_link_across_services_is_refused() {
    with_incident(|| {
        let hour = |n: u64| UnixMillis(START.0 - n * 60 * 60 * 1000);
        for n in 1..4 {
            taken(reporter(1), report(0, saw(Claim::Down, hour(n), hour(n))));
        }
        taken(reporter(1), report(3, down()));
        let link = |incident, to| Incident::link {
            incident: IncidentId(incident),
            to: IncidentId(to),
        };
        refused(reporter(6), link(1, 1), IncidentError::LinkToItself);
        refused(reporter(6), link(0, 4), IncidentError::LinkAcrossServices);
        taken(reporter(6), link(0, 1));
        refused(reporter(6), link(1, 0), IncidentError::LinkToLinked);
        refused(reporter(6), link(0, 2), IncidentError::LinkedAlready);
        // What others are linked to may itself turn out to be another: still no way leads back.
        taken(reporter(6), link(1, 2));
        for from in [2, 3] {
            for linked in [0, 1] {
                refused(reporter(7), link(from, linked), IncidentError::LinkToLinked);
            }
        }
        let of_provider = link(2, 3);
        refused(reporter(5), of_provider, IncidentError::NotAnArbiterOfThis);
        let incident = IncidentId(3);
        refused(
            reporter(6),
            Incident::unlink { incident },
            IncidentError::NotLinked,
        );
        assert_eq!(Incidents::count(), 5);
    });
}
