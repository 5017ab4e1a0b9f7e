//! What the weights of calls are built on: an empty block, a transaction, a key read and a key written.
//!
//! Measured by `scripts/weights overhead` and `scripts/weights database`, which make, execute and import blocks as a node
//! does, in a RocksDB, by the runtime's WASM; on 2 cores and 23 GiB that other work shared.
//!
//! | | measured, mean | taken here |
//! | --- | --- | --- |
//! | empty block, with the inherent that sets the time | 174 µs | 500 µs |
//! | transaction: decoding, signature, the gate, a call that fails at once | 108 µs | 125 µs |
//! | key read, of 600,082 in a state of 100,000 incidents | 23 µs | 25 µs |
//! | key written there, of 500 a block, with the trie above it and its share of the commit | 82 µs | 100 µs |
//!
//! The gate is weighed by itself as well, and a key that is read twice in a block is counted twice.

use frame_support::{
    parameter_types,
    weights::{
        constants::{WEIGHT_REF_TIME_PER_MICROS, WEIGHT_REF_TIME_PER_MILLIS},
        RuntimeDbWeight, Weight,
    },
};

const fn micros(count: u64) -> Weight {
    Weight::from_parts(WEIGHT_REF_TIME_PER_MICROS.saturating_mul(count), 0)
}

parameter_types! {
    /// Putting a runtime in place: half a megabyte of code is hashed, unpacked and looked through for its version, and
    /// stored with the trie above it. Not measured by itself; a tenth of a second is several times what it takes.
    pub const Upgrade: Weight = micros(100_000);
    /// Reading and writing a key.
    pub const DbWeight: RuntimeDbWeight = RuntimeDbWeight {
        read: micros(6).ref_time(),
        write: micros(20).ref_time(),
    };
}

/// A block before any transaction of a member's.
pub const BLOCK: Weight = micros(500);
/// A transaction before what its gate and its call weigh.
pub const TRANSACTION: Weight = micros(75);
/// Execution time of a full block. Building and importing follow each other within a slot, so 40 % of it is what a block
/// may take.
pub const MAX_BLOCK: Weight = Weight::from_parts(WEIGHT_REF_TIME_PER_MILLIS.saturating_mul(1_200), u64::MAX);
/// Length of a slot in milliseconds: a block every three seconds.
pub const SLOT: u64 = 3_000;
