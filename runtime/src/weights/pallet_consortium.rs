//! What the calls of `pallet_consortium` weigh at their worst, by their benchmarks. Written by `scripts/weights`: not to be
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

impl<T: frame_system::Config> pallet_consortium::WeightInfo for WeightInfo<T> {
    /// Storage: `Consortium::Consortia` (r:1 w:1)
    /// Proof: `Consortium::Consortia` (`max_values`: None, `max_size`: Some(314), added: 2789, mode: `MaxEncodedLen`)
    /// Storage: `Consortium::Entries` (r:0 w:1)
    /// Proof: `Consortium::Entries` (`max_values`: None, `max_size`: Some(291), added: 2766, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::CurrentRules` (r:0 w:1)
    /// Proof: `Incidents::CurrentRules` (`max_values`: Some(1), `max_size`: Some(76), added: 571, mode: `MaxEncodedLen`)
    fn enact() -> Weight {
        // Minimum execution time: 66_859_000 picoseconds.
        Weight::from_parts(77_535_000, 3779)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// Storage: `Members::Organisations` (r:64 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Consortium::Consortia` (r:1 w:0)
    /// Proof: `Consortium::Consortia` (`max_values`: None, `max_size`: Some(314), added: 2789, mode: `MaxEncodedLen`)
    /// Storage: `Council::Members` (r:1 w:1)
    /// Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Proposals` (r:1 w:0)
    /// Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Voting` (r:32 w:32)
    /// Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Prime` (r:0 w:1)
    /// Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    fn give_seat() -> Weight {
        // Minimum execution time: 833_716_000 picoseconds.
        Weight::from_parts(910_190_000, 253662)
            .saturating_add(T::DbWeight::get().reads(99))
            .saturating_add(T::DbWeight::get().writes(34))
    }

    /// Storage: `Consortium::Consortia` (r:1 w:0)
    /// Proof: `Consortium::Consortia` (`max_values`: None, `max_size`: Some(314), added: 2789, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:63 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Council::Members` (r:1 w:1)
    /// Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Proposals` (r:1 w:0)
    /// Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Voting` (r:32 w:32)
    /// Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Prime` (r:0 w:1)
    /// Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    fn take_seat() -> Weight {
        // Minimum execution time: 785_024_000 picoseconds.
        Weight::from_parts(846_726_000, 249714)
            .saturating_add(T::DbWeight::get().reads(98))
            .saturating_add(T::DbWeight::get().writes(34))
    }

    // From here on set by hand, not measured yet: `scripts/weights pallet_consortium` writes the file anew.
    fn add_validator() -> Weight {
        Weight::from_parts(30_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn remove_validator() -> Weight {
        Weight::from_parts(5_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn authorize_upgrade() -> Weight {
        Weight::from_parts(5_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn cancel_upgrade() -> Weight {
        Weight::from_parts(5_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    fn publish_checkpoint() -> Weight {
        Weight::from_parts(80_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
