//! What may take the place of this runtime.

use faultline_primitives::Hash;
use frame_support::storage::unhashed;
use sp_core::{
    storage::well_known_keys::CODE,
    traits::{ReadRuntimeVersion, ReadRuntimeVersionExt},
};
use sp_externalities::Externalities;
use sp_runtime::{
    traits::{BlakeTwo256, Hash as _},
    DispatchError,
};
use sp_version::RuntimeVersion;

use super::{
    chain::{self, account, admin, done, signed, RULES},
    sessions::enact,
};
use crate::{Consortium, Runtime, Timestamp, VERSION};

/// A stand-in for the executor, which says the version of a code: the code is that, encoded.
struct Encoded;

impl ReadRuntimeVersion for Encoded {
    fn read_runtime_version(&self, code: &[u8], _: &mut dyn Externalities) -> Result<Vec<u8>, String> {
        Ok(code.to_vec())
    }
}

fn code(change: impl FnOnce(&mut RuntimeVersion)) -> Vec<u8> {
    let mut version = VERSION;
    version.spec_version += 1;
    change(&mut version);
    codec::Encode::encode(&version)
}

fn apply(code: Vec<u8>) -> Result<(), DispatchError> {
    done(signed(admin(3)), pallet_consortium::Call::apply_upgrade { code })
}

/// What becomes of a code that the council authorized, once its delay is over.
fn authorized(code: Vec<u8>) -> Result<(), DispatchError> {
    let hash = Hash(BlakeTwo256::hash(&code).0);
    assert_eq!(
        enact(pallet_consortium::Call::authorize_upgrade { code: hash }),
        Ok(())
    );
    let due = Consortium::consortium().unwrap().state.upgrade.unwrap().due;
    assert!(due.0 > Timestamp::get());
    let early = pallet_consortium::Error::<Runtime>::UpgradeTooEarly;
    assert_eq!(apply(code.clone()), Err(early.into()));
    chain::block_at(due);
    apply(code)
}

fn run(test: impl FnOnce()) {
    let mut chain = chain::chain(RULES);
    chain.register_extension(ReadRuntimeVersionExt::new(Encoded));
    chain.execute_with(|| {
        test();
        chain::check_state();
    });
}

#[test]
fn a_later_runtime_of_the_same_name_is_put_in_place_and_stands_in_the_log() {
    run(|| {
        let next = code(|_| {});
        assert_eq!(authorized(next.clone()), Ok(()));
        assert_eq!(unhashed::get_raw(CODE), Some(next.clone()));
        let entry = Consortium::entries(0, 99).pop().unwrap();
        let upgraded = faultline_primitives::consortium::Action::Upgraded {
            code: Hash(BlakeTwo256::hash(&next).0),
            spec_version: VERSION.spec_version + 1,
        };
        assert_eq!(entry.action, upgraded);
    });
}

#[test]
fn what_is_no_runtime_or_no_later_one_or_anothers_is_not_put_in_place_whoever_authorized_it() {
    type Failure = frame_system::Error<Runtime>;
    let same = code(|version| version.spec_version = VERSION.spec_version);
    let older = code(|version| version.spec_version = 0);
    let others = code(|version| version.spec_name = "faultline-fork".into());
    for (code, failure) in [
        (
            b"no runtime at all".to_vec(),
            Failure::FailedToExtractRuntimeVersion,
        ),
        (same, Failure::SpecVersionNeedsToIncrease),
        (older, Failure::SpecVersionNeedsToIncrease),
        (others, Failure::InvalidSpecName),
    ] {
        run(|| {
            let before = unhashed::get_raw(CODE);
            let entries = Consortium::consortium().unwrap().entries;
            assert_eq!(authorized(code), Err(failure.into()));
            assert_eq!(unhashed::get_raw(CODE), before);
            assert_eq!(Consortium::consortium().unwrap().entries, entries + 1);
        });
    }
}

#[test]
fn any_organisations_admin_puts_it_in_place_and_nobody_else_gets_near() {
    run(|| {
        let call = pallet_consortium::Call::apply_upgrade { code: code(|_| {}) }.into();
        let reporter = chain::pool(chain::reporter(3), &call);
        assert_eq!(
            reporter,
            Err(faultline_primitives::refusal::Gate::AdminKeyNeeded.code())
        );
        // The pool tries it, and says that nothing is authorized.
        let nothing = pallet_consortium::Error::<Runtime>::NoUpgrade;
        assert_eq!(chain::pool(admin(3), &call), Err(chain::code(nothing.into())));
        assert_ne!(account(&admin(3)), account(&admin(0)));
    });
}
