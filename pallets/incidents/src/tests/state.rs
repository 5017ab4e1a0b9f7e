//! The check of what must always be true does find what is wrong.

use faultline_primitives::{attestation::Body, incident::Action, incident::Verdict, IncidentId, UnixMillis};
use frame_support::assert_ok;
use sp_runtime::{DispatchError, StateVersion, TransactionOutcome};

use crate::{
    mock::*, AllIncidents, Candidates, Entries, Incidents as Records, OnService, RedactedTexts,
    RollOfService, Texts,
};

const FIRST: IncidentId = IncidentId(0);
const SECOND: IncidentId = IncidentId(1);

/// What the check says of a state that was tampered with; afterwards it is as before.
fn found(tamper: impl FnOnce()) -> Result<(), &'static str> {
    let before = sp_io::storage::root(StateVersion::V1);
    let found = frame_support::storage::with_transaction(|| {
        tamper();
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(Incidents::check_state()))
    });
    assert_eq!(sp_io::storage::root(StateVersion::V1), before);
    found.unwrap()
}

/// Tampers with the state, and asks for this finding.
fn finds(what: &str, wrong: &'static str, tamper: impl FnOnce()) {
    assert_eq!(found(tamper), Err(wrong), "{what}");
}

/// A chain with two entries on the first service, the first with a text, and one on the other.
fn with_incidents(test: impl FnOnce()) {
    run(|| {
        block_at(5);
        let said = text("Logins fail.");
        assert_ok!(report_by(signed(1), SERVICE, down(0, 5), said));
        assert_ok!(report(2, SERVICE, down(0, 5)));
        assert_ok!(report(2, OTHER, down(0, 5)));
        test();
    });
}

#[test]
fn a_state_that_nobody_tampered_with_is_right() {
    with_incidents(|| assert_eq!(found(|| ()), Ok(())));
}

#[test]
fn a_log_that_was_tampered_with_is_found_out() {
    with_incidents(|| {
        let other = "replaying a log does not give its record";
        finds("the last entry taken out", other, || {
            Entries::<Test>::remove(FIRST, 1)
        });
        finds("the first entry taken out", "a record has no entries", || {
            Entries::<Test>::remove(FIRST, 0)
        });
        finds("an entry rewritten", other, || {
            Entries::<Test>::mutate(FIRST, 1, |entry| entry.as_mut().unwrap().block += 1)
        });
        let refused = "a log holds an entry that its fold refuses";
        finds("two entries swapped", refused, || {
            Entries::<Test>::swap(FIRST, 0, FIRST, 1)
        });
        finds("a time turned back", refused, || {
            Entries::<Test>::mutate(FIRST, 1, |entry| entry.as_mut().unwrap().at = UnixMillis(0))
        });
        let stray = "an entry is of no log";
        finds("an entry after a gap", stray, || {
            Entries::<Test>::insert(FIRST, 7, Entries::<Test>::get(FIRST, 1).unwrap())
        });
        finds("an entry of nobody's log", stray, || {
            Entries::<Test>::insert(IncidentId(9), 0, Entries::<Test>::get(FIRST, 0).unwrap())
        });
        finds("an incident taken out", stray, || Records::<Test>::remove(FIRST));
        finds("a verdict set", other, || {
            Records::<Test>::mutate(FIRST, |record| {
                record.as_mut().unwrap().state.verdict = Verdict::Confirmed
            })
        });
    });
}

#[test]
fn a_roll_that_was_tampered_with_is_found_out() {
    with_incidents(|| {
        let roll = "the roll is not that of the incidents";
        finds("the roll taken for another", roll, || {
            AllIncidents::<Test>::mutate(|roll| roll.as_mut().unwrap().head.0[0] ^= 1)
        });
        finds(
            "the roll made longer",
            "an incident on the roll has no log",
            || AllIncidents::<Test>::mutate(|roll| roll.as_mut().unwrap().count = 3),
        );
        finds("the roll cut", roll, || {
            AllIncidents::<Test>::mutate(|roll| roll.as_mut().unwrap().count = 1)
        });
        finds("the roll taken out", roll, AllIncidents::<Test>::kill);
        let of_service = "a service's roll is not that of its incidents";
        finds("a service's roll taken out", of_service, || {
            RollOfService::<Test>::remove(OTHER)
        });
        finds("a service's roll taken for another", of_service, || {
            RollOfService::<Test>::mutate(OTHER, |roll| roll.as_mut().unwrap().head.0[0] ^= 1)
        });
        let hidden = "an incident is not where its service's roll has it";
        finds("an incident hidden from its service", hidden, || {
            OnService::<Test>::remove(SERVICE, 0)
        });
        let twice = "an incident is on the roll of a service twice";
        finds("an incident shown twice", twice, || {
            OnService::<Test>::insert(SERVICE, 1, FIRST)
        });
    });
}

#[test]
fn a_candidate_that_was_tampered_with_is_found_out() {
    with_incidents(|| {
        finds(
            "a candidate taken out",
            "an open incident is no candidate",
            || Candidates::<Test>::remove(SERVICE),
        );
        let other = "a candidate is not what its record says";
        finds("a candidate set", other, || {
            Candidates::<Test>::mutate(SERVICE, |candidates| candidates[0].1.confirmed = true)
        });
        finds(
            "candidates put out of order",
            "candidates are out of order",
            || {
                Candidates::<Test>::mutate(SERVICE, |candidates| {
                    let first = candidates[0];
                    candidates.try_push(first).unwrap()
                })
            },
        );
        let stray = "a candidate is of no incident of its service";
        for (service, id) in [(OTHER, FIRST), (SERVICE, IncidentId(9))] {
            finds("a candidate slipped in", stray, || {
                let stray = candidate(SERVICE, FIRST).unwrap();
                Candidates::<Test>::mutate(service, |candidates| {
                    let place = candidates.partition_point(|(other, _)| *other < id);
                    candidates.try_insert(place, (id, stray)).unwrap()
                })
            });
        }
    });
}

#[test]
fn a_text_that_was_tampered_with_is_found_out() {
    with_incidents(|| {
        let said: Body = text("Nothing fails.");
        let other = "a text is not what its entry commits to";
        finds("a text rewritten", other, || {
            Texts::<Test>::insert(FIRST, 0, said.clone())
        });
        finds("a text slipped in", other, || {
            Texts::<Test>::insert(FIRST, 1, said.clone())
        });
        finds("a text of no entry", "a text of no entry", || {
            Texts::<Test>::insert(FIRST, 7, said.clone())
        });
        finds("a text taken out", "an entry's text is missing", || {
            Texts::<Test>::remove(FIRST, 0)
        });
        let tombstone = "a tombstone where no text was taken out";
        for entry in [0, 1] {
            finds("a tombstone without a grave", tombstone, || {
                RedactedTexts::<Test>::insert(FIRST, entry, min(5))
            });
        }
        finds("a tombstone of no entry", "a tombstone of no entry", || {
            RedactedTexts::<Test>::insert(FIRST, 7, min(5))
        });
    });
}

#[test]
fn a_link_that_no_call_would_make_is_found_out() {
    with_incidents(|| {
        // Past the call's own check: the fold knows no other incident.
        let link = |to| {
            let by = Incidents::arbiter(&account(150), SERVICE).unwrap();
            let record = Records::<Test>::get(FIRST).unwrap();
            Incidents::append(FIRST, record, Action::Linked { by, to }, Body::default()).unwrap();
        };
        let across = "a duplicate of another service's incident";
        finds("a link across services", across, || link(SECOND));
        finds("a link to nothing", "a duplicate of no incident", || {
            link(IncidentId(9))
        });
    });
}
