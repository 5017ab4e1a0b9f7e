//! What reports and attestations do.

use codec::Encode;
use faultline_primitives::{
    attestation::{Body, Claim},
    incident::{Action, Incident, Timeliness, Verdict},
    IncidentId, OrganisationId, Record, Sha256, UnixMillis,
};
use frame_support::assert_ok;

use crate::{mock::*, Entries, Event, Texts};

const FIRST: IncidentId = IncidentId(0);

fn incident(id: IncidentId) -> Incident {
    Incidents::incident(id).unwrap().state
}

#[test]
fn the_first_report_opens_an_incident_and_the_next_joins_it() {
    run(|| {
        block_at(5);
        assert_ok!(report(1, SERVICE, down(0, 5)));
        let by = |entry, organisation| Event::Recorded {
            incident: FIRST,
            entry,
            service: SERVICE,
            organisation: OrganisationId(organisation),
        };
        System::assert_last_event(by(0, 1).into());
        block_at(6);
        assert_ok!(report(2, SERVICE, down(1, 6)));
        System::assert_last_event(by(1, 2).into());
        assert_eq!(
            (Incidents::count(), incident(FIRST).verdict),
            (1, Verdict::Unconfirmed)
        );
        assert_ok!(attest(3, 0, down(2, 6)));
        let now = incident(FIRST);
        assert_eq!(
            (now.verdict, now.timeliness),
            (Verdict::Confirmed, Some(Timeliness::Live))
        );
        assert_eq!(now.finding.unwrap().started.median, min(1));
    });
}

#[test]
fn the_entries_are_the_blocks_own_and_replay_to_the_record() {
    run(|| {
        for (n, minute) in [(1, 5), (2, 6), (3, 7)] {
            block_at(minute);
            assert_ok!(report(n, SERVICE, down(0, 5)));
        }
        let log: Vec<_> = Incidents::entries(FIRST, 0, 9)
            .into_iter()
            .map(|(entry, ..)| entry)
            .collect();
        let times: Vec<_> = log.iter().map(|entry| (entry.block, entry.at)).collect();
        assert_eq!(times, [(2, min(5)), (3, min(6)), (4, min(7))]);
        let replayed = Record::<Incident>::replay(FIRST, &log).unwrap().unwrap();
        assert_eq!(replayed.encode(), Incidents::incident(FIRST).unwrap().encode());
        assert_eq!(Incidents::entries(FIRST, 1, 1).len(), 1);
        assert!(Incidents::entries(FIRST, 3, 9).is_empty());
    });
}

#[test]
fn an_incident_keeps_its_service_and_its_rules_as_they_were() {
    run(|| {
        block_at(5);
        assert_ok!(report(1, SERVICE, down(0, 5)));
        let Action::Opened { opening, .. } = Entries::<Test>::get(FIRST, 0).unwrap().action else {
            panic!("a log begins with an opening");
        };
        assert_eq!(
            (opening.slug.to_string(), opening.rules),
            ("service-0".into(), Incidents::rules())
        );
        crate::CurrentRules::<Test>::mutate(|rules| rules.quorum = 1);
        assert_ok!(report(2, SERVICE, down(0, 5)));
        assert_eq!(
            incident(FIRST).verdict,
            Verdict::Unconfirmed,
            "it is judged by the rules of its opening"
        );
        assert_ok!(report(1, OTHER, down(0, 5)));
        assert_eq!(incident(IncidentId(1)).rules.quorum, 1);
    });
}

#[test]
fn a_report_that_lies_too_far_in_time_opens_another_incident() {
    run(|| {
        block_at(1_000);
        assert_ok!(report(1, SERVICE, recovered(0, 10)));
        // Two hours after minute 10, and a minute more.
        assert_ok!(report(2, SERVICE, recovered(130, 140)));
        assert_eq!(Incidents::count(), 1);
        assert_ok!(report(3, SERVICE, recovered(261, 270)));
        assert_eq!(Incidents::latest_on(SERVICE, 9), [IncidentId(1), FIRST]);
        assert_eq!(Incidents::latest_on(SERVICE, 1), [IncidentId(1)]);
        assert_eq!(Incidents::roll_of(SERVICE).unwrap().count, 2);
    });
}

#[test]
fn of_several_incidents_near_enough_a_report_joins_the_oldest() {
    run(|| {
        block_at(1_000);
        assert_ok!(report(1, SERVICE, recovered(0, 10)));
        assert_ok!(report(2, SERVICE, recovered(200, 210)));
        assert_ok!(report(3, SERVICE, recovered(100, 110)));
        assert_eq!(incident(FIRST).tally.voices().len(), 2);
    });
}

#[test]
fn services_have_incidents_of_their_own() {
    run(|| {
        block_at(5);
        assert_ok!(report(1, SERVICE, down(0, 5)));
        assert_ok!(report(2, OTHER, down(0, 5)));
        assert_eq!(Incidents::count(), 2);
        assert_eq!(Incidents::latest_on(OTHER, 9), [IncidentId(1)]);
    });
}

#[test]
fn neither_the_provider_nor_its_group_ever_confirms_or_moves_its_own_outage() {
    run(|| {
        block_at(5);
        assert_ok!(report(PROVIDER, SERVICE, down(4, 5)));
        assert!(
            incident(FIRST).finding.is_none(),
            "its word alone amounts to nothing"
        );
        assert_ok!(report(1, SERVICE, down(1, 5)));
        assert_ok!(report(2, SERVICE, down(2, 5)));
        let before = incident(FIRST);
        assert_ok!(report(AFFILIATE, SERVICE, down(0, 5)));
        let after = incident(FIRST);
        assert_eq!(
            (after.verdict, &after.finding),
            (Verdict::Unconfirmed, &before.finding)
        );
        // Where it is not the provider, its word counts.
        assert_ok!(report(PROVIDER, OTHER, down(0, 5)));
        assert!(incident(IncidentId(1)).finding.is_some());
    });
}

#[test]
fn one_group_counts_once() {
    run(|| {
        block_at(5);
        for who in [1, 5, 6] {
            assert_ok!(report(who, SERVICE, down(0, 5)));
        }
        assert_eq!(
            (incident(FIRST).peak, incident(FIRST).verdict),
            (2, Verdict::Unconfirmed)
        );
    });
}

#[test]
fn history_recorded_afterwards_is_confirmed_as_late() {
    run(|| {
        block_at(100_000);
        for who in 1..=3 {
            assert_ok!(report(who, SERVICE, recovered(0, 60)));
        }
        let now = incident(FIRST);
        assert_eq!(
            (now.verdict, now.timeliness),
            (Verdict::Confirmed, Some(Timeliness::Late))
        );
        assert_eq!(now.finding.unwrap().ended_at(), Some(min(60)));
    });
}

#[test]
fn a_text_is_kept_beside_the_log_and_its_entry_commits_to_it() {
    run(|| {
        block_at(5);
        let text: Body = "Logins fail.".parse().unwrap();
        let said = report_by(signed(1), SERVICE, down(0, 5), text.clone());
        assert_ok!(said);
        let (entry, body, _) = Incidents::entries(FIRST, 0, 1).remove(0);
        let Action::Opened { attestation, .. } = entry.action else {
            panic!("an opening")
        };
        assert_eq!(body, Some(text));
        assert_eq!(
            attestation.text,
            Some(Sha256(sp_io::hashing::sha2_256(b"Logins fail.")))
        );
        assert_ok!(report(2, SERVICE, down(0, 5)));
        assert_eq!(Texts::<Test>::get(FIRST, 1), None, "an empty text is none");
    });
}

#[test]
fn a_new_word_takes_the_place_of_the_last_and_both_stay_in_the_log() {
    run(|| {
        block_at(5);
        assert_ok!(report(1, SERVICE, down(0, 5)));
        block_at(30);
        assert_ok!(attest(1, 0, recovered(0, 20)));
        let now = incident(FIRST);
        assert_eq!(now.tally.voices().len(), 1);
        assert_eq!(now.tally.voices()[0].claim, Claim::Recovered);
        assert_eq!(Incidents::incident(FIRST).unwrap().entries, 2);
    });
}

#[test]
fn what_has_settled_or_lapsed_is_no_candidate_after_the_next_opening() {
    run(|| {
        block_at(30);
        for who in 1..=3 {
            assert_ok!(report(who, SERVICE, recovered(0, 20)));
        }
        assert_ok!(report(7, SERVICE, down(30, 30)));
        assert_eq!(Incidents::count(), 1, "near enough");
        assert_ok!(report(7, OTHER, down(30, 30)));
        // Over a week later the first has settled, and the other lapsed long since.
        block_at(30 + 8 * 24 * 60);
        let later = 30 + 8 * 24 * 60;
        assert_ok!(report(1, SERVICE, down(later, later)));
        assert_ok!(report(1, OTHER, down(later, later)));
        assert_eq!(Incidents::count(), 4);
        assert!(!is_candidate(SERVICE, FIRST));
        assert!(is_candidate(SERVICE, IncidentId(2)));
        assert!(!is_candidate(OTHER, IncidentId(1)));
        assert!(is_candidate(OTHER, IncidentId(3)));
    });
}

#[test]
fn now_is_the_blocks_time() {
    run(|| {
        block_at(5);
        assert_eq!(Incidents::now(), min(5));
        assert!(Incidents::now() > UnixMillis(0));
    });
}
