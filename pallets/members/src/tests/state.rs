//! The check of what must always be true does find what is wrong.

use faultline_primitives::OrganisationId;
use sp_runtime::{StateVersion, TransactionOutcome};

use crate::{mock::*, AllOrganisations, Entries, Keys, Organisations};

const FIRST: OrganisationId = OrganisationId(0);

/// What the check says of a state that was tampered with; afterwards it is as before.
fn found(tamper: impl FnOnce()) -> Result<(), &'static str> {
    let before = sp_io::storage::root(StateVersion::V1);
    let found = frame_support::storage::with_transaction(|| {
        tamper();
        TransactionOutcome::Rollback(Ok::<_, sp_runtime::DispatchError>(Members::check_state()))
    });
    assert_eq!(sp_io::storage::root(StateVersion::V1), before);
    found.unwrap()
}

#[test]
fn a_state_that_was_tampered_with_is_found_out() {
    run(|| {
        assert_eq!(found(|| ()), Ok(()));
        let tampers: [(&str, fn()); 7] = [
            ("an entry taken out", || Entries::<Test>::remove(FIRST, 1)),
            ("all entries taken out", || {
                let _ = Entries::<Test>::clear_prefix(FIRST, 9, None);
            }),
            ("a record set", || {
                Organisations::<Test>::mutate(FIRST, |record| record.as_mut().unwrap().state.quota.burst = 1)
            }),
            ("an organisation taken out", || {
                Organisations::<Test>::remove(FIRST)
            }),
            ("a roll set", || {
                AllOrganisations::<Test>::mutate(|roll| roll.as_mut().unwrap().count = 1)
            }),
            ("a key taken out", || Keys::<Test>::remove(id(REPORTER))),
            ("a key revoked beside the log", || {
                Keys::<Test>::mutate(id(REPORTER), |holder| holder.as_mut().unwrap().revoked = true)
            }),
        ];
        for (what, tamper) in tampers {
            assert!(found(tamper).is_err(), "{what}");
        }
    });
}
