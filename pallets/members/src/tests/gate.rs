//! What the transaction extension lets in, what it turns away and with which code, and what it charges.

use codec::Compact;
use faultline_primitives::{
    organisation::Roles,
    refusal::{Code, Gate as Reason},
    OrganisationId, Text,
};
use frame_support::{assert_ok, dispatch::GetDispatchInfo};
use sp_runtime::{
    traits::{DispatchTransaction, TransactionExtension, TxBaseImplication},
    transaction_validity::{
        InvalidTransaction, TransactionSource, TransactionValidityError, ValidTransaction,
    },
};

use crate::{mock::*, CheckMember, SpentByKey, SpentByOrganisation};

fn remark(length: usize) -> RuntimeCall {
    frame_system::Call::remark {
        remark: vec![0; length],
    }
    .into()
}

fn add(key: u8) -> RuntimeCall {
    crate::Call::add_reporter {
        key: account(key),
        label: Text::default(),
    }
    .into()
}

fn validate(
    who: RuntimeOrigin,
    nonce: u32,
    call: &RuntimeCall,
    source: TransactionSource,
) -> Result<ValidTransaction, TransactionValidityError> {
    let info = call.get_dispatch_info();
    CheckMember::<Test>(nonce)
        .validate(who, call, &info, 0, (), &TxBaseImplication(()), source)
        .map(|(valid, ..)| valid)
}

/// What the pool says of it.
fn pool(who: u8, nonce: u32, call: &RuntimeCall) -> Result<ValidTransaction, TransactionValidityError> {
    validate(signed(who), nonce, call, TransactionSource::External)
}

fn custom(code: u8) -> Result<ValidTransaction, TransactionValidityError> {
    Err(InvalidTransaction::Custom(code).into())
}

fn refused(reason: Reason) -> Result<ValidTransaction, TransactionValidityError> {
    custom(reason.code())
}

/// What it costs to have it in a block.
fn record(who: u8, nonce: u32, call: RuntimeCall) -> Result<(), TransactionValidityError> {
    let info = call.get_dispatch_info();
    CheckMember::<Test>(nonce)
        .validate_and_prepare(signed(who), &call, &info, 0, 0)
        .map(|_| ())
}

#[test]
fn a_members_calls_are_let_in_each_by_its_kind_of_key() {
    run(|| {
        assert_ok!(pool(REPORTER, 0, &remark(1)));
        assert_ok!(pool(ADMIN, 0, &add(30)));
        assert_eq!(pool(ADMIN, 0, &remark(1)), refused(Reason::ReporterKeyNeeded));
        assert_eq!(pool(REPORTER, 0, &add(30)), refused(Reason::AdminKeyNeeded));
    });
}

#[test]
fn a_stranger_a_revoked_key_and_a_suspended_organisation_are_turned_away() {
    run(|| {
        assert_eq!(pool(STRANGER, 0, &remark(1)), refused(Reason::UnknownSigner));
        assert_ok!(Members::revoke_reporter(signed(ADMIN), account(REPORTER)));
        assert_eq!(pool(REPORTER, 0, &remark(1)), refused(Reason::RevokedKey));
        assert_ok!(Members::suspend(council(), OrganisationId(1)));
        assert_eq!(
            pool(OTHER_REPORTER, 0, &remark(1)),
            refused(Reason::SuspendedOrganisation)
        );
        assert_eq!(
            pool(OTHER_ADMIN, 0, &add(30)),
            refused(Reason::SuspendedOrganisation)
        );
    });
}

#[test]
fn what_is_not_on_the_list_is_nobodys_to_call() {
    run(|| {
        let suspend: RuntimeCall = crate::Call::suspend {
            organisation: OrganisationId(1),
        }
        .into();
        let set_code: RuntimeCall = frame_system::Call::set_code { code: vec![] }.into();
        let kill: RuntimeCall = frame_system::Call::kill_storage { keys: vec![] }.into();
        for call in [suspend, set_code, kill] {
            for who in [ADMIN, REPORTER] {
                assert_eq!(pool(who, 0, &call), refused(Reason::CallNotOpen));
                assert!(record(who, 0, call.clone()).is_err(), "nor does a block take it");
            }
        }
    });
}

#[test]
fn a_call_wants_the_role() {
    run(|| {
        let none = Roles {
            reporter: false,
            ..REPORTERS
        };
        assert_ok!(Members::set_roles(council(), OrganisationId(0), none));
        assert_eq!(pool(REPORTER, 0, &remark(1)), refused(Reason::RoleMissing));
        assert_ok!(pool(ADMIN, 0, &add(30)));
    });
}

#[test]
fn whoever_signs_nothing_is_no_signer() {
    run(|| {
        let unsigned = validate(RuntimeOrigin::none(), 0, &remark(1), TransactionSource::External);
        assert_eq!(unsigned, Err(InvalidTransaction::BadSigner.into()));
    });
}

#[test]
fn nonces_are_taken_in_order_and_once() {
    run(|| {
        assert_ok!(record(REPORTER, 0, remark(1)));
        assert_eq!(System::account_nonce(id(REPORTER)), 1);
        assert_eq!(
            pool(REPORTER, 0, &remark(1)),
            Err(InvalidTransaction::Stale.into())
        );
        assert_eq!(
            record(REPORTER, 0, remark(1)),
            Err(InvalidTransaction::Stale.into())
        );
        assert_eq!(
            record(REPORTER, 2, remark(1)),
            Err(InvalidTransaction::Future.into())
        );
        let next = pool(REPORTER, 2, &remark(1)).unwrap();
        assert_eq!(next.requires.len(), 1, "it waits for the one before it");
    });
}

#[test]
fn the_quota_is_spent_by_cost_and_comes_back_with_the_blocks() {
    run(|| {
        assert_ok!(record(REPORTER, 0, remark(3)));
        assert_eq!(pool(REPORTER, 1, &remark(2)), refused(Reason::QuotaSpent));
        assert_ok!(record(REPORTER, 1, remark(1)));
        assert_eq!(pool(REPORTER, 2, &remark(1)), refused(Reason::QuotaSpent));
        assert_eq!(
            record(REPORTER, 2, remark(1)),
            Err(InvalidTransaction::Custom(Reason::QuotaSpent.code()).into())
        );
        System::set_block_number(2);
        assert_ok!(pool(REPORTER, 2, &remark(2)));
        assert_eq!(pool(REPORTER, 2, &remark(3)), refused(Reason::QuotaSpent));
        System::set_block_number(3);
        assert_ok!(pool(REPORTER, 2, &remark(4)));
    });
}

#[test]
fn those_that_wait_before_it_count_against_the_quota() {
    run(|| {
        for nonce in 0..4 {
            assert_ok!(pool(REPORTER, nonce, &remark(1)));
        }
        assert_eq!(pool(REPORTER, 4, &remark(1)), refused(Reason::TooManyPending));
        assert_eq!(
            pool(REPORTER, u32::MAX, &remark(1)),
            refused(Reason::TooManyPending)
        );
    });
}

#[test]
fn one_key_cannot_spend_what_the_others_need() {
    run(|| {
        assert_ok!(Members::add_reporter(signed(ADMIN), account(12), Text::default()));
        assert_ok!(record(REPORTER, 0, remark(2)));
        assert_eq!(pool(REPORTER, 1, &remark(1)), refused(Reason::QuotaSpent));
        assert_ok!(record(12, 0, remark(2)));
        assert_eq!(SpentByOrganisation::<Test>::get(OrganisationId(0)).actions, 4);
        assert_eq!(SpentByKey::<Test>::get(id(12)).actions, 2);
    });
}

#[test]
fn a_new_key_brings_the_organisation_no_more_quota() {
    run(|| {
        assert_ok!(record(REPORTER, 0, remark(4)));
        assert_ok!(Members::add_reporter(signed(ADMIN), account(12), Text::default()));
        assert_eq!(pool(12, 0, &remark(1)), refused(Reason::QuotaSpent));
        // Managing keys has a quota of its own.
        assert_ok!(pool(ADMIN, 0, &add(30)));
    });
}

#[test]
fn an_admin_has_a_quota_of_its_own() {
    run(|| {
        for nonce in 0..3 {
            assert_ok!(record(ADMIN, nonce, add(30 + nonce as u8)));
        }
        assert_eq!(pool(ADMIN, 3, &add(40)), refused(Reason::QuotaSpent));
        System::set_block_number(2);
        assert_ok!(pool(ADMIN, 3, &add(40)));
    });
}

#[test]
fn the_doomed_are_refused_by_the_pool_with_the_errors_code_and_leave_no_trace() {
    run(|| {
        let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
        let taken = Code::for_error("Members", 7).unwrap();
        assert_eq!(pool(ADMIN, 0, &add(REPORTER)), custom(taken));
        assert_ok!(pool(ADMIN, 0, &add(30)));
        assert_eq!(
            sp_io::storage::root(sp_runtime::StateVersion::V1),
            before,
            "trying is not doing"
        );
        // Behind another it may yet come to be right, and a block tries for itself.
        assert_ok!(pool(ADMIN, 1, &add(REPORTER)));
        assert_ok!(validate(
            signed(ADMIN),
            0,
            &add(REPORTER),
            TransactionSource::InBlock
        ));
        // Before the first block has a time, nothing can be judged.
        Now::set(0);
        assert_ok!(pool(ADMIN, 0, &add(REPORTER)));
    });
}

#[test]
fn the_code_of_an_error_is_that_of_its_place_in_the_metadata() {
    run(|| {
        let sp_runtime::DispatchError::Module(error) = crate::Error::<Test>::KeyTaken.into() else {
            panic!("a pallet's error is a module's");
        };
        assert_eq!((error.index, error.error[0]), (1, 7));
    });
}

#[test]
fn admins_go_before_reporters_and_a_mark_keeps_a_second_of_its_kind_out() {
    run(|| {
        let admin = pool(ADMIN, 0, &add(30)).unwrap();
        let first = pool(REPORTER, 0, &remark(1)).unwrap();
        let second = pool(REPORTER, 1, &remark(2)).unwrap();
        assert!(admin.priority > first.priority);
        assert!(first.provides.iter().any(|tag| second.provides.contains(tag)));
        assert!(!first.provides.iter().any(|tag| admin.provides.contains(tag)));
    });
}

#[test]
fn it_is_encoded_as_the_sdks_nonce_check() {
    use codec::Encode;
    assert_eq!(CheckMember::<Test>(300).encode(), Compact(300u32).encode());
    assert_eq!(
        <CheckMember<Test> as TransactionExtension<RuntimeCall>>::IDENTIFIER,
        "CheckNonce"
    );
}
