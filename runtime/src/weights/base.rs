//! What the weights of calls are built on: an empty block, a transaction, a key read and a key written.
//!
//! Fitted to whole blocks that `scripts/weights block` made, executed and imported as a node does, in a RocksDB, by the
//! runtime's WASM; on 2 cores and 23 GiB (decision 26). Mean of a block full of each, by a chain with most of it in its caches,
//! with little of it, and with most of it in a state of 100,000 other incidents; and what such a block declares:
//!
//! | | executed | imported | with cold caches | at 100,000 | declared |
//! | --- | --- | --- | --- | --- | --- |
//! | report that joins an incident | 230 µs | 266 µs | 318 µs | 305 µs | 319 µs |
//! | report that opens one | 211 µs | 231 µs | 273 µs | 302 µs | 326 µs |
//! | one of 64 in `report_many` | 116 µs | 164 µs | 204 µs | 237 µs | 201 µs |
//!
//! A node verifies no signature of a block again that its pool verified, which saves 40 µs of these for each transaction.
//! A key is weighed as one of those that a report reads and writes: most are read by others of the same block as well. By
//! itself, at random in a state of 100,000 incidents, a key takes 23 µs to read, and 82 µs to write with all that is above
//! it.

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
        read: micros(2).ref_time(),
        write: micros(9).ref_time(),
    };
}

/// A block before any transaction of a member's.
pub const BLOCK: Weight = micros(500);
/// A transaction before what its gate and its call weigh.
pub const TRANSACTION: Weight = micros(50);
/// Execution time of a full block. Building and importing follow each other within a slot, so 40 % of it is what a block
/// may take.
pub const MAX_BLOCK: Weight = Weight::from_parts(WEIGHT_REF_TIME_PER_MILLIS.saturating_mul(1_200), u64::MAX);
/// Length of a slot in milliseconds: a block every three seconds.
pub const SLOT: u64 = 3_000;
