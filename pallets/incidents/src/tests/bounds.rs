//! How much may be said, and that no one uses up what others need.

use codec::{Decode, Encode};
use faultline_primitives::{
    attestation::{Body, Claim},
    incident::{Incident, MAX_SPEAKERS, MAX_WORDS},
    IncidentId, OrganisationId, Record,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};

use crate::{mock::*, Error, Event, Report, MAX_OPEN, MAX_OPENED, MAX_REPORTS, MAX_UNCONFIRMED};

const FIRST: IncidentId = IncidentId(0);

/// A chain with incident 0 on the service, since minute 0, told at minute 5.
fn with_incident(test: impl FnOnce()) {
    run(|| {
        block_at(5);
        assert_ok!(report(1, SERVICE, down(0, 5)));
        test();
    });
}

fn attest_as(organisation: u32) -> DispatchResult {
    let who = RuntimeOrigin::signed(account(organisation));
    outcome(Incidents::attest(
        who,
        FIRST,
        Box::new(down(0, 5)),
        Body::default(),
        None,
    ))
}

fn withdraw_as(organisation: u32) -> DispatchResult {
    outcome(Incidents::withdraw(
        RuntimeOrigin::signed(account(organisation)),
        FIRST,
    ))
}

#[test]
fn withdrawals_are_words_as_well() {
    with_incident(|| {
        for _ in 0..MAX_WORDS / 2 {
            assert_ok!(attest_as(2));
            assert_ok!(withdraw_as(2));
        }
        assert_noop!(attest_as(2), Error::<Test>::TooManyWords);
        assert_noop!(withdraw_as(2), Error::<Test>::NothingToWithdraw);
        // Whoever has said all that it may stands by its last word.
        for n in 1..MAX_WORDS {
            let claim = if n % 2 == 0 { Claim::Down } else { Claim::Degraded };
            assert_ok!(attest(1, 0, saw(claim, 0, 5)));
        }
        assert_noop!(withdraw_as(1), Error::<Test>::TooManyWords);
    });
}

#[test]
fn a_thousand_and_twenty_four_organisations_speak_on_an_incident_at_most() {
    with_incident(|| {
        for n in 1_000..1_000 + MAX_SPEAKERS - 1 {
            assert_ok!(attest_as(n));
            assert_ok!(withdraw_as(n));
        }
        assert_noop!(attest_as(9_000), Error::<Test>::TooManySpeakers);
        let reply = outcome(Incidents::reply(
            signed(PROVIDER),
            FIRST,
            statement(),
            Body::default(),
        ));
        assert_noop!(reply, Error::<Test>::TooManySpeakers);
        let dispute = outcome(Incidents::dispute(signed(9), FIRST, Body::default()));
        assert_noop!(dispute, Error::<Test>::TooManySpeakers);
        assert_ok!(attest_as(1_000));
    });
}

#[test]
fn what_was_confirmed_or_has_lapsed_makes_room_for_another_incident() {
    run(|| {
        block_at(10_000);
        for n in 0..MAX_UNCONFIRMED as u64 {
            assert_ok!(report(1, SERVICE, recovered(n * 180, n * 180 + 1)));
        }
        let ninth = || report(1, SERVICE, recovered(9_000, 9_001));
        assert_noop!(ninth(), Error::<Test>::TooManyUnconfirmed);
        for who in [2, 3] {
            assert_ok!(attest(who, 0, recovered(0, 1)));
        }
        assert_ok!(ninth());
        let tenth = || report(1, SERVICE, recovered(9_400, 9_401));
        assert_noop!(tenth(), Error::<Test>::TooManyUnconfirmed);
        block_at(10_000 + 48 * 60);
        assert_ok!(tenth());
        assert_eq!(Incidents::count(), 10);
    });
}

/// Reports, as organisation `n`, an outage of its own that is long over.
fn open_as(n: u32, outage: u32) -> DispatchResult {
    let minute = u64::from(outage) * 180;
    let who = RuntimeOrigin::signed(account(n));
    report_by(who, SERVICE, recovered(minute, minute + 1), Body::default())
}

#[test]
fn an_organisation_opens_sixteen_incidents_on_a_service_at_most_however_many_are_confirmed() {
    run(|| {
        block_at(60_000);
        for outage in 0..MAX_OPENED as u32 {
            for who in 1_000..1_003 {
                assert_ok!(open_as(who, outage));
            }
        }
        assert_noop!(open_as(1_000, 20), Error::<Test>::TooManyOpened);
        assert_ok!(open_as(1_001, 20));
        // A week later the first sixteen have settled.
        block_at(60_000 + 8 * 24 * 60);
        assert_ok!(open_as(1_000, 30));
    });
}

#[test]
fn no_organisation_keeps_others_from_opening_incidents_and_a_service_has_256_open_at_most() {
    run(|| {
        block_at(60_000);
        for outage in 0..MAX_OPEN {
            let opener = 1_000 + outage / MAX_UNCONFIRMED as u32;
            assert_ok!(open_as(opener, outage));
        }
        assert_noop!(open_as(5_000, 300), Error::<Test>::TooManyOpen);
        // What is open takes reports all the same, and another service has room.
        assert_ok!(open_as(5_000, 7));
        let who = RuntimeOrigin::signed(account(5_000));
        assert_ok!(report_by(who, OTHER, recovered(0, 1), Body::default()));
        block_at(60_000 + 49 * 60);
        assert_ok!(open_as(5_000, 300));
    });
}

#[test]
fn what_has_lapsed_leaves_the_candidates_with_the_next_opening() {
    run(|| {
        block_at(60_000);
        for outage in 0..16 {
            assert_ok!(open_as(1_000 + outage / 8, outage));
        }
        let candidates = || crate::Candidates::<Test>::get(SERVICE).len();
        assert_eq!(candidates(), 16);
        block_at(60_000 + 49 * 60);
        for (outage, left) in [(20, 1), (21, 2), (22, 3)] {
            assert_ok!(open_as(2_000, outage));
            assert_eq!(candidates(), left);
        }
    });
}

#[test]
fn sixty_four_reports_are_made_in_one_call_each_an_entry_of_its_own() {
    run(|| {
        block_at(5);
        let reports: Vec<_> = (0..MAX_REPORTS)
            .map(|n| Report {
                service: SERVICE,
                observation: saw(if n % 2 == 0 { Claim::Down } else { Claim::Degraded }, 0, 5),
                text: text(&format!("Report {n}.")),
            })
            .collect();
        assert_ok!(Incidents::report_many(signed(1), reports.try_into().unwrap()));
        let log = Incidents::entries(FIRST, 0, u32::MAX);
        assert_eq!(log.len(), 64);
        for (n, (entry, body, _)) in log.into_iter().enumerate() {
            assert_eq!(body, Some(text(&format!("Report {n}."))));
            assert_eq!(entry.action.by().organisation, OrganisationId(1));
        }
        // Nothing was refused: nothing is said of that.
        System::assert_last_event(
            Event::Recorded {
                incident: FIRST,
                entry: 63,
                service: SERVICE,
                organisation: OrganisationId(1),
            }
            .into(),
        );
    });
}

#[test]
fn sixty_five_reports_are_no_call() {
    let report = Report {
        service: SERVICE,
        observation: down(0, 5),
        text: Body::default(),
    };
    let decodes = |count: u32| {
        let bytes = (1u8, 9u8, vec![report.clone(); count as usize]).encode();
        RuntimeCall::decode(&mut &bytes[..]).is_ok()
    };
    assert!(decodes(MAX_REPORTS));
    assert!(!decodes(MAX_REPORTS + 1));
}

/// The bytes of a report of so many intervals, vantages and pieces of evidence, and so long a text.
fn report_of(intervals: usize, vantages: usize, evidence: usize, text: usize) -> Vec<u8> {
    let seen = down(0, 5);
    (
        (1u8, 0u8, SERVICE),
        (seen.claim, seen.kind, seen.severity, seen.scope, seen.observed),
        vec![seen.observed; intervals],
        (seen.time_quality, seen.method),
        vec![seen.vantages[0]; vantages],
        vec![seen.evidence[0].clone(); evidence],
        vec![b't'; text],
    )
        .encode()
}

#[test]
fn an_observation_longer_than_it_may_be_is_no_call() {
    use sp_runtime::traits::Dispatchable;
    run(|| {
        block_at(5);
        let longest = RuntimeCall::decode(&mut &report_of(8, 8, 8, 512)[..]).unwrap();
        assert_ok!(longest.dispatch(signed(1)));
        for longer in [
            report_of(9, 8, 8, 512),
            report_of(8, 9, 8, 512),
            report_of(8, 8, 9, 512),
            report_of(8, 8, 8, 513),
        ] {
            assert!(RuntimeCall::decode(&mut &longer[..]).is_err());
        }
    });
}

#[test]
fn no_record_is_larger_than_the_largest_that_calls_are_weighed_for() {
    use codec::MaxEncodedLen;
    let most = Record::<Incident>::max_encoded_len().div_ceil(1_024);
    assert_eq!(most, crate::weights::LARGEST as usize);
}
