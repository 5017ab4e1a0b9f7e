//! Whose a key is, who manages it, and that what is gone never comes back.

use codec::{Decode, Encode};
use faultline_primitives::{organisation::MAX_KEYS, quota::Quota, GroupId, OrganisationId, Text};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{
    DispatchError::{self, BadOrigin},
    DispatchResult,
};

use crate::{mock::*, Error, KeyHolder, KeyUse, Keys};

const FIRST: OrganisationId = OrganisationId(0);

fn add(who: RuntimeOrigin, key: u8) -> DispatchResult {
    Members::add_reporter(who, account(key), Text::default())
}

fn revoke(who: RuntimeOrigin, key: u8) -> DispatchResult {
    Members::revoke_reporter(who, account(key))
}

fn rotate(who: RuntimeOrigin, key: u8) -> DispatchResult {
    Members::rotate_admin(who, account(key))
}

/// All that an admin may do is refused for this reason.
fn manages_nothing(who: RuntimeOrigin, why: impl Into<DispatchError>) {
    let why = why.into();
    assert_noop!(add(who.clone(), 30), why);
    assert_noop!(revoke(who.clone(), REPORTER), why);
    assert_noop!(rotate(who, 30), why);
}

#[test]
fn keys_are_managed_by_the_admin_key_alone() {
    run(|| {
        manages_nothing(signed(REPORTER), Error::<Test>::AdminKeyNeeded);
        manages_nothing(signed(STRANGER), Error::<Test>::UnknownSigner);
        manages_nothing(RuntimeOrigin::none(), BadOrigin);
        manages_nothing(council(), BadOrigin);
        assert_eq!(Members::reporter(&id(ADMIN)), Err(Error::ReporterKeyNeeded));
        assert_eq!(Members::arbiter(&id(ADMIN)), Err(Error::ReporterKeyNeeded));
        assert_eq!(Members::reporter(&id(STRANGER)), Err(Error::UnknownSigner));
        assert_eq!(Members::ensure_admin(&id(REPORTER)), Err(Error::AdminKeyNeeded));
    });
}

#[test]
fn a_key_that_is_gone_manages_nothing() {
    run(|| {
        assert_ok!(revoke(signed(ADMIN), REPORTER));
        manages_nothing(signed(REPORTER), Error::<Test>::KeyRevoked);
        assert_ok!(rotate(signed(ADMIN), 13));
        manages_nothing(signed(ADMIN), Error::<Test>::KeyRevoked);
        assert_ok!(Members::suspend(council(), FIRST));
        manages_nothing(signed(13), Error::<Test>::OrganisationSuspended);
    });
}

#[test]
fn a_key_that_is_gone_never_comes_back_in_any_use_of_any_organisation() {
    run(|| {
        assert_ok!(revoke(signed(ADMIN), REPORTER));
        assert_ok!(rotate(signed(ADMIN), 13));
        for gone in [REPORTER, ADMIN] {
            for admin in [13, OTHER_ADMIN] {
                assert_noop!(add(signed(admin), gone), Error::<Test>::KeyTaken);
                assert_noop!(rotate(signed(admin), gone), Error::<Test>::KeyTaken);
            }
            let reset = Members::reset_admin(council(), OrganisationId(1), account(gone));
            assert_noop!(reset, Error::<Test>::KeyTaken);
            let name = Text::try_from("Commons").unwrap();
            let quota = Quota {
                burst: 1,
                per_block: 1,
            };
            let admit = Members::admit(
                council(),
                name,
                Text::default(),
                REPORTERS,
                None,
                account(gone),
                quota,
            );
            assert_noop!(admit, Error::<Test>::KeyTaken);
            assert!(Keys::<Test>::get(id(gone)).unwrap().revoked);
        }
        assert_eq!(
            Keys::<Test>::get(id(13)),
            Some(KeyHolder {
                organisation: FIRST,
                usage: KeyUse::Admin,
                revoked: false
            })
        );
    });
}

#[test]
fn the_admin_key_is_rotated_and_not_revoked() {
    run(|| {
        assert_noop!(revoke(signed(ADMIN), ADMIN), Error::<Test>::NoSuchKey);
        assert_noop!(revoke(signed(ADMIN), STRANGER), Error::<Test>::NoSuchKey);
        assert_noop!(rotate(signed(ADMIN), ADMIN), Error::<Test>::KeyTaken);
        assert_eq!(Members::ensure_admin(&id(ADMIN)), Ok(FIRST));
    });
}

#[test]
fn an_organisation_without_reporter_keys_says_nothing_and_can_have_one_again() {
    run(|| {
        assert_ok!(revoke(signed(ADMIN), REPORTER));
        assert!(Members::organisation(FIRST).unwrap().state.keys.is_empty());
        assert_ok!(add(signed(ADMIN), 12));
        assert_eq!(Members::reporter(&id(12)), Ok((FIRST, GroupId(0))));
    });
}

#[test]
fn the_council_replaces_a_lost_admin_key_of_a_suspended_organisation_too() {
    run(|| {
        assert_ok!(Members::suspend(council(), FIRST));
        assert_ok!(Members::reset_admin(council(), FIRST, account(14)));
        assert_eq!(Members::ensure_admin(&id(14)), Err(Error::OrganisationSuspended));
        assert_eq!(Members::ensure_admin(&id(ADMIN)), Err(Error::KeyRevoked));
        assert_ok!(Members::reinstate(council(), FIRST));
        assert_eq!(Members::ensure_admin(&id(14)), Ok(FIRST));
    });
}

#[test]
fn a_key_that_found_no_room_is_free_for_others() {
    run(|| {
        for n in 1..MAX_KEYS as u8 {
            assert_ok!(add(signed(ADMIN), 100 + n));
        }
        assert_noop!(add(signed(ADMIN), 200), Error::<Test>::TooManyKeys);
        assert!(!Keys::<Test>::contains_key(id(200)));
        assert_ok!(add(signed(OTHER_ADMIN), 200));
        // Nor does a full list stand in the way of another admin key.
        assert_ok!(rotate(signed(ADMIN), 201));
    });
}

#[test]
fn every_account_that_was_ever_a_key_keeps_its_one_reference_and_its_nonce() {
    run(|| {
        assert_ok!(add(signed(ADMIN), 12));
        assert_ok!(revoke(signed(ADMIN), 12));
        assert_ok!(rotate(signed(ADMIN), 13));
        assert_ok!(Members::reset_admin(council(), FIRST, account(14)));
        assert_ok!(Members::suspend(council(), FIRST));
        for key in [ADMIN, REPORTER, OTHER_ADMIN, OTHER_REPORTER, 12, 13, 14] {
            assert_eq!(System::providers(&id(key)), 1, "{key}");
            System::inc_account_nonce(id(key));
            assert_eq!(System::account_nonce(id(key)), 1, "{key}");
        }
        assert_eq!(System::providers(&id(STRANGER)), 0);
    });
}

#[test]
fn texts_longer_than_they_may_be_are_no_calls() {
    let admit = |name: usize, url: usize| {
        let (name, url) = (vec![b'n'; name], vec![b'u'; url]);
        let call = (1u8, 0u8, name, url, REPORTERS, None::<GroupId>, account(30));
        let quota = Quota {
            burst: 1,
            per_block: 1,
        };
        let bytes = (call, quota).encode();
        RuntimeCall::decode(&mut &bytes[..]).is_ok()
    };
    assert!(admit(64, 128));
    assert!(!admit(65, 128));
    assert!(!admit(64, 129));
    let label = |length: usize| {
        let bytes = (1u8, 7u8, account(30), vec![b'l'; length]).encode();
        RuntimeCall::decode(&mut &bytes[..]).is_ok()
    };
    assert!(label(32));
    assert!(!label(33));
}
