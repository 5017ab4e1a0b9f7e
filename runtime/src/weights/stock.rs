//! What weights are built on where nobody has measured anything: the SDK's own figures, and the blocks of its template.
//!
//! Of the runtime that ours is measured against (`tests/stock-runtime`), and of no other.

use frame_support::{
    parameter_types,
    weights::{
        constants::{
            BlockExecutionWeight, ExtrinsicBaseWeight, RocksDbWeight, WEIGHT_REF_TIME_PER_MILLIS,
            WEIGHT_REF_TIME_PER_SECOND,
        },
        Weight,
    },
};

parameter_types! {
    /// Putting a runtime in place.
    pub const Upgrade: Weight = Weight::from_parts(WEIGHT_REF_TIME_PER_MILLIS.saturating_mul(100), 0);
}

/// Reading and writing a key.
pub type DbWeight = RocksDbWeight;

/// A block before any transaction of a member's.
pub const BLOCK: Weight = BlockExecutionWeight::get();
/// A transaction before what its gate and its call weigh.
pub const TRANSACTION: Weight = ExtrinsicBaseWeight::get();
/// Execution time of a full block.
pub const MAX_BLOCK: Weight = Weight::from_parts(WEIGHT_REF_TIME_PER_SECOND.saturating_mul(2), u64::MAX);
/// Length of a slot in milliseconds.
pub const SLOT: u64 = 6_000;
