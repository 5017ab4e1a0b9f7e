//! Estimates of what calls cost, until they are benchmarked: reads and writes of storage, and a generous
//! allowance for decoding and folding a record at its largest.

use frame_support::weights::{constants::WEIGHT_REF_TIME_PER_MICROS, Weight};
use sp_runtime::traits::Get;

/// What it costs to append one entry, with so many reads and writes.
pub fn entry<T: frame_system::Config>(reads: u64, writes: u64) -> Weight {
    Weight::from_parts(WEIGHT_REF_TIME_PER_MICROS.saturating_mul(100), 0)
        .saturating_add(T::DbWeight::get().reads_writes(reads, writes))
}
