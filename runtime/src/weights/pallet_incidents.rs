//! What the calls of `pallet_incidents` weigh, by how large the record is that they change, in KiB.
//!
//! Fitted on 2026-11-29 to whole blocks of each call, mostly and at worst, that `scripts/weights block` made, executed and
//! imported in a RocksDB, on 2 cores and 23 GiB: not by frame-omni-bencher, which takes every key for a cold one and leaves
//! the trie to a constant (decision 26). There is no margin: of eighteen such blocks four took longer to import than they
//! declare, by 1 or 2 %, with little in their caches and tests on the other core.

#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]

use core::marker::PhantomData;

use frame_support::{traits::Get, weights::Weight};

/// What each call weighs.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_incidents::WeightInfo for WeightInfo<T> {
    fn report_joining(candidates: u32, size: u32) -> Weight {
        Weight::from_parts(117_000_000, 0)
            .saturating_add(Weight::from_parts(400_000, 0).saturating_mul(candidates.into()))
            .saturating_add(Weight::from_parts(10_000_000, 0).saturating_mul(size.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn report_opening(candidates: u32) -> Weight {
        Weight::from_parts(120_000_000, 0)
            .saturating_add(Weight::from_parts(400_000, 0).saturating_mul(candidates.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(8))
    }

    fn attest(size: u32) -> Weight {
        Weight::from_parts(117_000_000, 0)
            .saturating_add(Weight::from_parts(10_000_000, 0).saturating_mul(size.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    fn attest_moving(size: u32) -> Weight {
        Weight::from_parts(150_000_000, 0)
            .saturating_add(Weight::from_parts(20_000_000, 0).saturating_mul(size.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(8))
    }

    fn withdraw(size: u32) -> Weight {
        Weight::from_parts(80_000_000, 0)
            .saturating_add(Weight::from_parts(10_000_000, 0).saturating_mul(size.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn close(size: u32) -> Weight {
        Weight::from_parts(80_000_000, 0)
            .saturating_add(Weight::from_parts(10_000_000, 0).saturating_mul(size.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn reply(size: u32) -> Weight {
        Weight::from_parts(90_000_000, 0)
            .saturating_add(Weight::from_parts(2_000_000, 0).saturating_mul(size.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn dispute(size: u32) -> Weight {
        Weight::from_parts(500_000_000, 0)
            .saturating_add(Weight::from_parts(8_000_000, 0).saturating_mul(size.into()))
            .saturating_add(T::DbWeight::get().reads(130))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn vote(size: u32) -> Weight {
        Weight::from_parts(90_000_000, 0)
            .saturating_add(Weight::from_parts(6_000_000, 0).saturating_mul(size.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn link(size: u32) -> Weight {
        Weight::from_parts(90_000_000, 0)
            .saturating_add(Weight::from_parts(6_000_000, 0).saturating_mul(size.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn unlink(size: u32) -> Weight {
        Weight::from_parts(80_000_000, 0)
            .saturating_add(Weight::from_parts(2_000_000, 0).saturating_mul(size.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn set_rules() -> Weight {
        // Minimum execution time: 5_037_000 picoseconds.
        Weight::from_parts(5_298_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }

    fn redact() -> Weight {
        // Minimum execution time: 12_989_000 picoseconds.
        Weight::from_parts(13_570_000, 4007)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
