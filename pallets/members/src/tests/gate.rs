//! What the transaction extension lets in, what it turns away and with which code.

use codec::{Compact, Encode};
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

use crate::{mock::*, CheckMember};

pub(super) fn remark(length: usize) -> RuntimeCall {
    frame_system::Call::remark {
        remark: vec![0; length],
    }
    .into()
}

pub(super) fn add(key: u8) -> RuntimeCall {
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
pub(super) fn pool(
    who: u8,
    nonce: u32,
    call: &RuntimeCall,
) -> Result<ValidTransaction, TransactionValidityError> {
    validate(signed(who), nonce, call, TransactionSource::External)
}

fn custom(code: u8) -> Result<ValidTransaction, TransactionValidityError> {
    Err(InvalidTransaction::Custom(code).into())
}

pub(super) fn refused(reason: Reason) -> Result<ValidTransaction, TransactionValidityError> {
    custom(reason.code())
}

/// What it costs to have it in a block.
pub(super) fn record(who: u8, nonce: u32, call: RuntimeCall) -> Result<(), TransactionValidityError> {
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
fn what_the_list_refuses_is_refused_for_the_reason_that_it_gives() {
    run(|| {
        let paused: RuntimeCall = frame_system::Call::kill_prefix {
            prefix: vec![],
            subkeys: 0,
        }
        .into();
        for who in [ADMIN, REPORTER] {
            assert_eq!(pool(who, 0, &paused), refused(Reason::CallPaused));
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
        let mark = ("mark", OrganisationId(0)).encode();
        let first = pool(REPORTER, 0, &remark(1)).unwrap();
        assert_eq!(first.requires, Vec::<Vec<u8>>::new());
        assert_eq!(first.provides, [(id(REPORTER), 0u32).encode(), mark.clone()]);
        let second = pool(REPORTER, 1, &remark(2)).unwrap();
        assert_eq!(second.requires, first.provides[..1]);
        assert_eq!(second.provides, [(id(REPORTER), 1u32).encode(), mark]);
        let admin = pool(ADMIN, 0, &add(30)).unwrap();
        assert_eq!(admin.provides, [(id(ADMIN), 0u32).encode()]);
        assert_eq!((first.priority, admin.priority), (u64::MAX / 4, u64::MAX / 2));
    });
}

#[test]
fn it_is_encoded_as_the_sdks_nonce_check() {
    assert_eq!(CheckMember::<Test>(300).encode(), Compact(300u32).encode());
    assert_eq!(
        <CheckMember<Test> as TransactionExtension<RuntimeCall>>::IDENTIFIER,
        "CheckNonce"
    );
}

#[test]
fn a_call_that_is_open_to_two_roles_wants_one_of_them() {
    run(|| {
        let call: RuntimeCall = frame_system::Call::remark_with_event { remark: vec![] }.into();
        assert_eq!(pool(REPORTER, 0, &call), refused(Reason::RoleMissing));
        let (provider, arbiter) = (true, true);
        for roles in [
            Roles {
                provider,
                ..Roles::default()
            },
            Roles {
                arbiter,
                ..Roles::default()
            },
        ] {
            assert_ok!(Members::set_roles(council(), OrganisationId(0), roles));
            assert_ok!(pool(REPORTER, 0, &call));
            assert_eq!(pool(REPORTER, 0, &remark(1)), refused(Reason::RoleMissing));
        }
    });
}

#[test]
fn the_doomed_without_a_code_of_their_own_are_refused_as_that() {
    run(|| {
        let call: RuntimeCall = frame_system::Call::set_heap_pages { pages: 1 }.into();
        assert_eq!(pool(REPORTER, 0, &call), refused(Reason::WouldFail));
    });
}
