//! Who makes blocks final: more than two thirds of the validators.

use frame_support::traits::{ConstU32, ConstU64};

use super::aura::MAX_VALIDATORS;
use crate::{Runtime, RuntimeEvent};

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = ConstU64<0>;
    type KeyOwnerProof = sp_core::Void;
    type EquivocationReportSystem = ();
}
