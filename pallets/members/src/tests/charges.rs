//! What the transaction extension charges, whom, and what is left then.

use faultline_primitives::{quota::Quota, refusal::Gate as Reason, OrganisationId, Text};
use frame_support::{assert_ok, dispatch::GetDispatchInfo};
use sp_runtime::{
    traits::{DispatchTransaction, TransactionExtension, TxBaseImplication},
    transaction_validity::{InvalidTransaction, TransactionSource},
};

use super::gate::{add, pool, record, refused, remark};
use crate::{mock::*, CheckMember, SpentByKey, SpentByOrganisation};

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
fn what_costs_more_than_the_whole_quota_never_fits() {
    run(|| {
        assert_eq!(pool(REPORTER, 0, &remark(5)), refused(Reason::QuotaSpent));
        System::set_block_number(1_000_000);
        assert_eq!(pool(REPORTER, 0, &remark(5)), refused(Reason::QuotaSpent));
    });
}

#[test]
fn the_dear_leave_less_room_for_those_behind_them() {
    run(|| {
        assert_ok!(pool(REPORTER, 1, &remark(3)));
        assert_eq!(pool(REPORTER, 2, &remark(3)), refused(Reason::TooManyPending));
    });
}

#[test]
fn what_fails_in_a_block_costs_its_signer_quota_and_a_nonce_and_changes_nothing_else() {
    run(|| {
        let before = Members::organisation(OrganisationId(0));
        let call = add(REPORTER);
        let info = call.get_dispatch_info();
        let done = CheckMember::<Test>(0).dispatch_transaction(signed(ADMIN), call, &info, 0, 0);
        assert_eq!(
            done.unwrap().unwrap_err().error,
            crate::Error::<Test>::KeyTaken.into()
        );
        assert_eq!(SpentByKey::<Test>::get(id(ADMIN)).actions, 1);
        assert_eq!(System::account_nonce(id(ADMIN)), 1);
        assert_eq!(Members::organisation(OrganisationId(0)), before);
        // What admins do is not the reporters' quota.
        assert!(!SpentByOrganisation::<Test>::contains_key(OrganisationId(0)));
    });
}

#[test]
fn preparing_charges_by_what_is_left_when_the_transaction_goes_in() {
    run(|| {
        // Five keys share four actions, and have one each.
        for key in 50..54 {
            assert_ok!(Members::add_reporter(
                signed(ADMIN),
                account(key),
                Text::default()
            ));
        }
        let (call, info) = (remark(1), remark(1).get_dispatch_info());
        let waiting = CheckMember::<Test>(0);
        let implication = TxBaseImplication(());
        let source = TransactionSource::External;
        let let_in = waiting.validate(signed(REPORTER), &call, &info, 0, (), &implication, source);
        let (_, admitted, origin) = let_in.unwrap();
        for key in 50..54 {
            assert_ok!(record(key, 0, remark(1)));
        }
        assert_eq!(
            waiting.prepare(admitted, &origin, &call, &info, 0),
            Err(InvalidTransaction::Custom(Reason::QuotaSpent.code()).into())
        );
        assert_eq!(SpentByKey::<Test>::get(id(REPORTER)).actions, 0);
        assert_eq!(pool(REPORTER, 1, &remark(1)), refused(Reason::QuotaSpent));
        // Other organisations have quotas of their own.
        assert_ok!(pool(OTHER_REPORTER, 0, &remark(4)));
    });
}

#[test]
fn a_refused_transaction_costs_nothing() {
    run(|| {
        let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
        assert!(record(REPORTER, 0, remark(5)).is_err());
        assert!(record(REPORTER, 0, add(30)).is_err());
        assert!(record(ADMIN, 0, remark(1)).is_err());
        assert!(record(STRANGER, 0, remark(1)).is_err());
        assert!(pool(REPORTER, 0, &remark(1)).is_ok(), "nor does what only waits");
        assert_eq!(sp_io::storage::root(sp_runtime::StateVersion::V1), before);
    });
}

#[test]
fn a_lowered_quota_holds_at_once() {
    run(|| {
        assert_ok!(record(REPORTER, 0, remark(2)));
        let less = Quota {
            burst: 2,
            per_block: 0,
        };
        assert_ok!(Members::set_quota(council(), OrganisationId(0), less));
        System::set_block_number(1_000);
        assert_eq!(pool(REPORTER, 1, &remark(1)), refused(Reason::QuotaSpent));
    });
}
