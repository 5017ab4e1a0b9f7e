//! From an authorized runtime to one in place.

use faultline_primitives::{consortium::Action, Hash};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{
    traits::{BlakeTwo256, Hash as _},
    DispatchError,
};

use super::motions::{acts, enact, motion};
use crate::{mock::*, Error};

type Failure = Error<Test>;

/// Version 2 of the runtime.
const NEXT: [u8; 3] = [2, 0, 1];
/// When the delay of what is authorized at 1,000 is over.
const DUE: u64 = 1_500;

fn hash(code: &[u8]) -> Hash {
    Hash(BlakeTwo256::hash(code).0)
}

fn authorize(code: &[u8]) -> RuntimeCall {
    enact(crate::Call::authorize_upgrade { code: hash(code) }.into())
}

fn cancel() -> RuntimeCall {
    enact(crate::Call::cancel_upgrade {}.into())
}

fn apply(code: &[u8]) -> Result<(), DispatchError> {
    Consortium::apply_upgrade(signed(99), code.to_vec())
}

#[test]
fn an_authorized_runtime_is_put_in_place_once_its_delay_is_over_and_once_only() {
    run(|| {
        assert_eq!(motion(authorize(&NEXT), 2, &[1, 2]), Some(Ok(())));
        Now::set(DUE - 1);
        assert_noop!(apply(&NEXT), Failure::UpgradeTooEarly);
        Now::set(DUE);
        assert_ok!(apply(&NEXT));
        assert_eq!(InPlace::get(), NEXT);
        let upgraded = Action::Upgraded {
            code: hash(&NEXT),
            spec_version: 2,
        };
        assert_eq!(acts().last(), Some(&upgraded));
        assert_noop!(apply(&NEXT), Failure::NoUpgrade);
    });
}

#[test]
fn no_other_runtime_than_the_authorized_one_is_put_in_place() {
    run(|| {
        assert_noop!(apply(&NEXT), Failure::NoUpgrade);
        assert_eq!(motion(authorize(&NEXT), 2, &[1, 2]), Some(Ok(())));
        Now::set(DUE);
        assert_noop!(apply(&[2, 0, 2]), Failure::OtherUpgrade);
        assert_eq!(InPlace::get(), [0u8; 0]);
    });
}

#[test]
fn what_is_no_later_runtime_is_not_put_in_place_though_it_is_authorized() {
    run(|| {
        assert_eq!(motion(authorize(&[1]), 2, &[1, 2]), Some(Ok(())));
        Now::set(DUE);
        assert_noop!(apply(&[1]), DispatchError::Other("no runtime"));
        assert_eq!(acts().len(), 2);
    });
}

#[test]
fn what_was_authorized_can_be_taken_back_and_replaced() {
    run(|| {
        assert_eq!(motion(cancel(), 2, &[1, 2]), Some(Err(Failure::NoUpgrade.into())));
        assert_eq!(motion(authorize(&NEXT), 2, &[1, 2]), Some(Ok(())));
        assert_eq!(motion(cancel(), 2, &[1, 2]), Some(Ok(())));
        Now::set(DUE);
        assert_noop!(apply(&NEXT), Failure::NoUpgrade);
        assert_eq!(motion(authorize(&NEXT), 2, &[1, 2]), Some(Ok(())));
        assert_eq!(motion(authorize(&[2]), 2, &[1, 2]), Some(Ok(())));
        Now::set(DUE + 500);
        assert_noop!(apply(&NEXT), Failure::OtherUpgrade);
        assert_ok!(apply(&[2]));
    });
}

#[test]
fn nobody_but_the_council_authorizes_or_cancels() {
    run(|| {
        for origin in [signed(1), RuntimeOrigin::root(), RuntimeOrigin::none()] {
            let bad = DispatchError::BadOrigin;
            assert_noop!(Consortium::authorize_upgrade(origin.clone(), hash(&NEXT)), bad);
            assert_noop!(Consortium::cancel_upgrade(origin), bad);
        }
        assert_noop!(
            Consortium::apply_upgrade(RuntimeOrigin::root(), NEXT.to_vec()),
            DispatchError::BadOrigin
        );
    });
}
