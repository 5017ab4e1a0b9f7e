//! The check of what must always be true does find what is wrong.

use faultline_primitives::OrganisationId;
use sp_runtime::{StateVersion, TransactionOutcome};

use crate::{mock::*, AllOrganisations, Arbiters, Entries, KeyUse, Keys, Organisations};

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

/// Tampers with the state, and asks for this finding.
fn finds(what: &str, wrong: &'static str, tamper: impl FnOnce()) {
    assert_eq!(found(tamper), Err(wrong), "{what}");
}

#[test]
fn a_state_that_nobody_tampered_with_is_right() {
    run(|| assert_eq!(found(|| ()), Ok(())));
}

#[test]
fn a_log_that_was_tampered_with_is_found_out() {
    run(|| {
        let other = "replaying a log does not give its record";
        finds("the last entry taken out", other, || {
            Entries::<Test>::remove(FIRST, 1)
        });
        finds("all entries taken out", "a record has no entries", || {
            let _ = Entries::<Test>::clear_prefix(FIRST, 9, None);
        });
        finds("an entry rewritten", other, || {
            Entries::<Test>::mutate(FIRST, 1, |entry| entry.as_mut().unwrap().at.0 += 1)
        });
        finds("an entry slipped in", other, || {
            Entries::<Test>::insert(FIRST, 2, Entries::<Test>::get(FIRST, 1).unwrap());
            Entries::<Test>::mutate(FIRST, 2, |entry| {
                entry.as_mut().unwrap().action = faultline_primitives::organisation::Action::Suspended
            });
        });
        let refused = "a log holds an entry that its fold refuses";
        finds("entries swapped", refused, || {
            Entries::<Test>::swap(FIRST, 0, FIRST, 1)
        });
        let stray = "an entry is of no log";
        finds("an entry after a gap", stray, || {
            Entries::<Test>::insert(FIRST, 7, Entries::<Test>::get(FIRST, 1).unwrap())
        });
        finds("an entry of nobody's log", stray, || {
            Entries::<Test>::insert(OrganisationId(9), 0, Entries::<Test>::get(FIRST, 0).unwrap())
        });
    });
}

#[test]
fn a_record_or_a_roll_that_was_tampered_with_is_found_out() {
    run(|| {
        let other = "replaying a log does not give its record";
        finds("a quota set", other, || {
            Organisations::<Test>::mutate(FIRST, |record| record.as_mut().unwrap().state.quota.burst = 1)
        });
        finds("a head set", other, || {
            Organisations::<Test>::mutate(FIRST, |record| record.as_mut().unwrap().head.0[0] ^= 1)
        });
        finds("an organisation taken out", "an entry is of no log", || {
            Organisations::<Test>::remove(FIRST)
        });
        let roll = "the roll is not that of the organisations";
        finds("an organisation taken out with its log", roll, || {
            let last = OrganisationId(1);
            let _ = Entries::<Test>::clear_prefix(last, 9, None);
            Organisations::<Test>::remove(last);
            AllOrganisations::<Test>::mutate(|roll| roll.as_mut().unwrap().count = 1)
        });
        finds("the roll cut", roll, || {
            AllOrganisations::<Test>::mutate(|roll| roll.as_mut().unwrap().count = 1)
        });
        finds("the roll taken for another", roll, || {
            AllOrganisations::<Test>::mutate(|roll| roll.as_mut().unwrap().head.0[0] ^= 1)
        });
        finds("the roll taken out", roll, AllOrganisations::<Test>::kill);
        let long = "an organisation on the roll has no log";
        finds("the roll made longer", long, || {
            AllOrganisations::<Test>::mutate(|roll| roll.as_mut().unwrap().count = 3)
        });
        let arbiters = "the list of arbiters is not that of the organisations";
        finds("an arbiter slipped in", arbiters, || {
            Arbiters::<Test>::put(frame_support::BoundedVec::truncate_from(vec![FIRST]))
        });
    });
}

#[test]
fn a_key_that_was_tampered_with_is_found_out() {
    run(|| {
        finds("a key taken out", "a key in force is nobody's", || {
            Keys::<Test>::remove(id(REPORTER))
        });
        finds("an admin key taken out", "a key in force is nobody's", || {
            Keys::<Test>::remove(id(ADMIN))
        });
        let neither = "a key is in force and revoked, or neither";
        finds("a key revoked beside the log", neither, || {
            Keys::<Test>::mutate(id(REPORTER), |holder| holder.as_mut().unwrap().revoked = true)
        });
        finds("a key given to another organisation", neither, || {
            Keys::<Test>::mutate(id(REPORTER), |holder| {
                holder.as_mut().unwrap().organisation = OrganisationId(1)
            })
        });
        finds("a reporter made admin", neither, || {
            Keys::<Test>::mutate(id(REPORTER), |holder| {
                holder.as_mut().unwrap().usage = KeyUse::Admin
            })
        });
        finds(
            "a key given to nobody's organisation",
            "a key of no organisation",
            || {
                Keys::<Test>::mutate(id(REPORTER), |holder| {
                    holder.as_mut().unwrap().organisation = OrganisationId(9)
                })
            },
        );
        finds(
            "a reference given back",
            "the account of a key may be reaped",
            || {
                let _ = System::dec_providers(&id(REPORTER));
            },
        );
    });
}
