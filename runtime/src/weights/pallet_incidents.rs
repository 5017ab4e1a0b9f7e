//! What the calls of `pallet_incidents` weigh at their worst, by their benchmarks. Written by `scripts/weights`: not to be
//! edited.
//!
//! Made on 2026-11-24 by frame-omni-bencher (of the benchmarking command line 64.0.0) from this code's WASM, compiled, on
//! AMD EPYC, 2 cores, 23 GiB. Steps 20, repetitions 20, state of the preset `development`, keys
//! counted in the trie of a map of 1000000 values.

#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]

use core::marker::PhantomData;

use frame_support::{traits::Get, weights::Weight};

/// What each call weighs.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_incidents::WeightInfo for WeightInfo<T> {
    fn report_joining(c: u32, s: u32) -> Weight {
        Weight::from_parts(90000000, 0)
            .saturating_add(Weight::from_parts(400000, 0).saturating_mul(c.into()))
            .saturating_add(Weight::from_parts(12000000, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn report_opening(c: u32) -> Weight {
        Weight::from_parts(110000000, 0)
            .saturating_add(Weight::from_parts(400000, 0).saturating_mul(c.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn attest(s: u32) -> Weight {
        Weight::from_parts(90000000, 0)
            .saturating_add(Weight::from_parts(12000000, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn attest_moving(s: u32) -> Weight {
        Weight::from_parts(140000000, 0)
            .saturating_add(Weight::from_parts(29000000, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    fn withdraw(s: u32) -> Weight {
        Weight::from_parts(70000000, 0)
            .saturating_add(Weight::from_parts(14000000, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn close(s: u32) -> Weight {
        Weight::from_parts(70000000, 0)
            .saturating_add(Weight::from_parts(14000000, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn reply(s: u32) -> Weight {
        Weight::from_parts(80000000, 0)
            .saturating_add(Weight::from_parts(10000000, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn dispute(s: u32) -> Weight {
        Weight::from_parts(500000000, 0)
            .saturating_add(Weight::from_parts(14000000, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(130))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn vote(s: u32) -> Weight {
        Weight::from_parts(80000000, 0)
            .saturating_add(Weight::from_parts(12000000, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    fn link(s: u32) -> Weight {
        Weight::from_parts(80000000, 0)
            .saturating_add(Weight::from_parts(20000000, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    fn unlink(s: u32) -> Weight {
        Weight::from_parts(70000000, 0)
            .saturating_add(Weight::from_parts(12000000, 0).saturating_mul(s.into()))
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
