//! The check of what must always be true does find what is wrong.

use faultline_primitives::{attestation::Body, OrganisationId, ServiceId, UnixMillis};
use frame_support::assert_ok;
use sp_runtime::{DispatchError, StateVersion, TransactionOutcome};

use super::{register, slug};
use crate::{mock::*, AllServices, BySlug, Entries, Services as Records, Texts, Unlisted};

const API: ServiceId = ServiceId(1);

/// What the check says of a state that was tampered with; afterwards it is as before.
fn found(tamper: impl FnOnce()) -> Result<(), &'static str> {
    let before = sp_io::storage::root(StateVersion::V1);
    let found = frame_support::storage::with_transaction(|| {
        tamper();
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(Services::check_state()))
    });
    assert_eq!(sp_io::storage::root(StateVersion::V1), before);
    found.unwrap()
}

/// Tampers with the state, and asks for this finding.
fn finds(what: &str, wrong: &'static str, tamper: impl FnOnce()) {
    assert_eq!(found(tamper), Err(wrong), "{what}");
}

/// A chain with an unlisted service of organisation 1, and maintenance of service 1 with a notice.
fn with_maintenance(test: impl FnOnce()) {
    run(|| {
        assert_ok!(register(1, "somebodys"));
        let (from, until) = (UnixMillis(2_000), UnixMillis(3_000));
        let notice: Body = "Databases move.".parse().unwrap();
        let announced = Services::announce_maintenance(signed(4), API, from, until, notice);
        assert_ok!(announced);
        test();
    });
}

#[test]
fn a_state_that_nobody_tampered_with_is_right() {
    with_maintenance(|| assert_eq!(found(|| ()), Ok(())));
}

#[test]
fn a_log_that_was_tampered_with_is_found_out() {
    with_maintenance(|| {
        let other = "replaying a log does not give its record";
        finds("the last entry taken out", other, || {
            Entries::<Test>::remove(API, 1)
        });
        finds("the only entry taken out", "a record has no entries", || {
            Entries::<Test>::remove(ServiceId(0), 0)
        });
        finds("an entry rewritten", other, || {
            Entries::<Test>::mutate(API, 1, |entry| entry.as_mut().unwrap().at.0 += 1)
        });
        let refused = "a log holds an entry that its fold refuses";
        finds("entries swapped", refused, || {
            Entries::<Test>::swap(API, 0, API, 1)
        });
        let stray = "an entry is of no log";
        finds("an entry after a gap", stray, || {
            Entries::<Test>::insert(API, 7, Entries::<Test>::get(API, 1).unwrap())
        });
        finds("an entry of nobody's log", stray, || {
            Entries::<Test>::insert(ServiceId(9), 0, Entries::<Test>::get(API, 0).unwrap())
        });
    });
}

#[test]
fn a_record_or_a_roll_that_was_tampered_with_is_found_out() {
    with_maintenance(|| {
        let other = "replaying a log does not give its record";
        finds("a provider taken out", other, || {
            Records::<Test>::mutate(API, |record| record.as_mut().unwrap().state.provider = None)
        });
        finds("a service taken out", "an entry is of no log", || {
            Records::<Test>::remove(API)
        });
        let roll = "the roll is not that of the services";
        finds("the roll cut", roll, || {
            AllServices::<Test>::mutate(|roll| roll.as_mut().unwrap().count = 1)
        });
        finds("the roll taken for another", roll, || {
            AllServices::<Test>::mutate(|roll| roll.as_mut().unwrap().head.0[0] ^= 1)
        });
        finds("the roll taken out", roll, AllServices::<Test>::kill);
        finds("the roll made longer", "a service on the roll has no log", || {
            AllServices::<Test>::mutate(|roll| roll.as_mut().unwrap().count = 4)
        });
    });
}

#[test]
fn what_stands_beside_the_logs_is_found_out_as_well() {
    with_maintenance(|| {
        let turned = "a slug does not name its service";
        finds("a slug turned", turned, || {
            BySlug::<Test>::insert(slug("openai"), API)
        });
        finds("a slug taken out", turned, || {
            BySlug::<Test>::remove(slug("openai"))
        });
        finds("a slug slipped in", "a slug names no service that has it", || {
            BySlug::<Test>::insert(slug("open"), API)
        });
        let count = "the count of unlisted services is not theirs";
        finds("an unlisted service forgotten", count, || {
            Unlisted::<Test>::remove(OrganisationId(1))
        });
        finds("an unlisted service made up", count, || {
            Unlisted::<Test>::insert(OrganisationId(2), 1)
        });
        finds(
            "a notice rewritten",
            "a notice is not what its entry commits to",
            || Texts::<Test>::insert(API, 1, "Nothing moves.".parse::<Body>().unwrap()),
        );
        finds(
            "a notice slipped in",
            "a notice is not what its entry commits to",
            || Texts::<Test>::insert(API, 0, "Nothing moves.".parse::<Body>().unwrap()),
        );
        finds("a notice of no entry", "a notice of no entry", || {
            Texts::<Test>::insert(API, 7, "Nothing moves.".parse::<Body>().unwrap())
        });
        finds("a notice taken out", "an entry's notice is missing", || {
            Texts::<Test>::remove(API, 1)
        });
    });
}
