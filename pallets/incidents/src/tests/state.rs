//! The check of what must always be true does find what is wrong.

use faultline_primitives::{attestation::Body, incident::Verdict, IncidentId};
use frame_support::assert_ok;
use sp_runtime::{DispatchError, TransactionOutcome};

use crate::{
    mock::*, AllIncidents, Candidates, Entries, Incidents as Records, OnService, RollOfService, Texts,
};

const FIRST: IncidentId = IncidentId(0);

/// What the check says of a state that was tampered with; afterwards it is as before.
fn found(tamper: impl FnOnce()) -> Result<(), &'static str> {
    frame_support::storage::with_transaction(|| {
        tamper();
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(Incidents::check_state()))
    })
    .unwrap()
}

#[test]
fn a_state_that_was_tampered_with_is_found_out() {
    run(|| {
        block_at(5);
        let text: Body = "Logins fail.".parse().unwrap();
        assert_ok!(Incidents::report(signed(1), SERVICE, Box::new(down(0, 5)), text));
        assert_ok!(report(2, SERVICE, down(0, 5)));
        assert_ok!(report(2, OTHER, down(0, 5)));
        assert_eq!(found(|| ()), Ok(()));
        let tampers: [(&str, fn()); 12] = [
            ("the last entry taken out", || Entries::<Test>::remove(FIRST, 1)),
            ("the first entry taken out", || Entries::<Test>::remove(FIRST, 0)),
            ("two entries swapped", || {
                Entries::<Test>::swap(FIRST, 0, FIRST, 1)
            }),
            ("a verdict set", || {
                Records::<Test>::mutate(FIRST, |record| {
                    record.as_mut().unwrap().state.verdict = Verdict::Confirmed
                })
            }),
            ("an incident taken out", || Records::<Test>::remove(FIRST)),
            ("the roll cut", || {
                AllIncidents::<Test>::mutate(|roll| roll.as_mut().unwrap().count = 1)
            }),
            ("the roll taken for another", || {
                AllIncidents::<Test>::mutate(|roll| roll.as_mut().unwrap().head.0[0] ^= 1)
            }),
            ("a service's roll taken out", || {
                RollOfService::<Test>::remove(OTHER)
            }),
            ("an incident hidden from its service", || {
                OnService::<Test>::remove(SERVICE, 0)
            }),
            ("a candidate taken out", || {
                Candidates::<Test>::remove(SERVICE, FIRST)
            }),
            ("a candidate set", || {
                Candidates::<Test>::mutate(SERVICE, FIRST, |candidate| {
                    candidate.as_mut().unwrap().confirmed = true
                })
            }),
            ("a text rewritten", || {
                Texts::<Test>::insert(FIRST, 0, "Nothing fails.".parse::<Body>().unwrap())
            }),
        ];
        for (what, tamper) in tampers {
            assert!(found(tamper).is_err(), "{what}");
        }
    });
}
