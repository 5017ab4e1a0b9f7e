//! What the calls of `pallet_services` weigh at their worst, by their benchmarks. Written by `scripts/weights`: not to be
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

impl<T: frame_system::Config> pallet_services::WeightInfo for WeightInfo<T> {
    /// Storage: `Members::Keys` (r:1 w:0)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:1 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Services::BySlug` (r:1 w:1)
    /// Proof: `Services::BySlug` (`max_values`: None, `max_size`: Some(86), added: 2561, mode: `MaxEncodedLen`)
    /// Storage: `Services::Services` (r:1 w:1)
    /// Proof: `Services::Services` (`max_values`: None, `max_size`: Some(1231), added: 3706, mode: `MaxEncodedLen`)
    /// Storage: `Services::Unlisted` (r:1 w:1)
    /// Proof: `Services::Unlisted` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    /// Storage: `Services::AllServices` (r:1 w:1)
    /// Proof: `Services::AllServices` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Services::Entries` (r:0 w:1)
    /// Proof: `Services::Entries` (`max_values`: None, `max_size`: Some(315), added: 2790, mode: `MaxEncodedLen`)
    fn register() -> Weight {
        // Minimum execution time: 59_668_000 picoseconds.
        Weight::from_parts(62_022_000, 4938)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    /// Storage: `Members::Keys` (r:1 w:0)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:1 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Services::Services` (r:1 w:1)
    /// Proof: `Services::Services` (`max_values`: None, `max_size`: Some(1231), added: 3706, mode: `MaxEncodedLen`)
    /// Storage: `Services::Entries` (r:0 w:1)
    /// Proof: `Services::Entries` (`max_values`: None, `max_size`: Some(315), added: 2790, mode: `MaxEncodedLen`)
    fn describe() -> Weight {
        // By the benchmark 50_284_000: a block full of it took longer to import than that declares (decision 26).
        Weight::from_parts(70_000_000, 4938)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// Storage: `Members::Keys` (r:1 w:0)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:1 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Services::Services` (r:1 w:1)
    /// Proof: `Services::Services` (`max_values`: None, `max_size`: Some(1231), added: 3706, mode: `MaxEncodedLen`)
    /// Storage: `Services::Texts` (r:0 w:1)
    /// Proof: `Services::Texts` (`max_values`: None, `max_size`: Some(538), added: 3013, mode: `MaxEncodedLen`)
    /// Storage: `Services::Entries` (r:0 w:1)
    /// Proof: `Services::Entries` (`max_values`: None, `max_size`: Some(315), added: 2790, mode: `MaxEncodedLen`)
    fn announce_maintenance() -> Weight {
        // Minimum execution time: 47_791_000 picoseconds.
        Weight::from_parts(51_356_000, 4938)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// Storage: `Services::Services` (r:1 w:1)
    /// Proof: `Services::Services` (`max_values`: None, `max_size`: Some(1231), added: 3706, mode: `MaxEncodedLen`)
    /// Storage: `Services::Entries` (r:1 w:1)
    /// Proof: `Services::Entries` (`max_values`: None, `max_size`: Some(315), added: 2790, mode: `MaxEncodedLen`)
    /// Storage: `Services::Unlisted` (r:1 w:1)
    /// Proof: `Services::Unlisted` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    fn list() -> Weight {
        // Minimum execution time: 38_357_000 picoseconds.
        Weight::from_parts(42_894_000, 4696)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// Storage: `Members::Organisations` (r:1 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Services::Services` (r:1 w:1)
    /// Proof: `Services::Services` (`max_values`: None, `max_size`: Some(1231), added: 3706, mode: `MaxEncodedLen`)
    /// Storage: `Services::Entries` (r:0 w:1)
    /// Proof: `Services::Entries` (`max_values`: None, `max_size`: Some(315), added: 2790, mode: `MaxEncodedLen`)
    fn assign_provider() -> Weight {
        // Minimum execution time: 35_472_000 picoseconds.
        Weight::from_parts(39_188_000, 4938)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// Storage: `Services::Services` (r:1 w:1)
    /// Proof: `Services::Services` (`max_values`: None, `max_size`: Some(1231), added: 3706, mode: `MaxEncodedLen`)
    /// Storage: `Services::Entries` (r:0 w:1)
    /// Proof: `Services::Entries` (`max_values`: None, `max_size`: Some(315), added: 2790, mode: `MaxEncodedLen`)
    fn retire() -> Weight {
        // Minimum execution time: 22_834_000 picoseconds.
        Weight::from_parts(26_019_000, 4696)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
