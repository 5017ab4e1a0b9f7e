//! Who makes the next block: validators by turns.

use faultline_primitives::consortium::MAX_VALIDATORS;
use frame_support::traits::{ConstBool, ConstU32, ConstU64};
use sp_consensus_aura::sr25519::AuthorityId;

use crate::{weights::base::SLOT, Runtime, Session};

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuthorityId;
    /// Who voted twice makes no blocks.
    type DisabledValidators = Session;
    type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
    type AllowMultipleBlocksPerSlot = ConstBool<false>;
    type SlotDuration = ConstU64<SLOT>;
}
