//! The block's time.

use frame_support::traits::ConstU64;

use crate::{Aura, Runtime};

/// Length of a slot in milliseconds: a block every three seconds.
pub const SLOT: u64 = 3000;

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = Aura;
    type MinimumPeriod = ConstU64<{ SLOT / 2 }>;
    type WeightInfo = crate::weights::pallet_timestamp::WeightInfo<Runtime>;
}
