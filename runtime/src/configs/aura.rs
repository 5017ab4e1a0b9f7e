//! Who makes the next block: validators by turns.

use frame_support::traits::{ConstBool, ConstU32, ConstU64};
use sp_consensus_aura::sr25519::AuthorityId;

use super::timestamp::SLOT;
use crate::Runtime;

/// Most validators of a chain.
pub const MAX_VALIDATORS: u32 = 100;

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuthorityId;
    type DisabledValidators = ();
    type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
    type AllowMultipleBlocksPerSlot = ConstBool<false>;
    type SlotDuration = ConstU64<SLOT>;
}
