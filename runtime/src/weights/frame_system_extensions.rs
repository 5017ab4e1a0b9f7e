//! What the calls of `frame_system_extensions` weigh at their worst, by their benchmarks. Written by `scripts/weights`: not to be
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

impl<T: frame_system::Config> frame_system::ExtensionsWeightInfo for WeightInfo<T> {
    fn check_genesis() -> Weight {
        // Minimum execution time: 2_073_000 picoseconds.
        Weight::from_parts(2_183_000, 0)
    }

    fn check_mortality_mortal_transaction() -> Weight {
        // Minimum execution time: 4_217_000 picoseconds.
        Weight::from_parts(4_427_000, 0)
    }

    fn check_mortality_immortal_transaction() -> Weight {
        // Minimum execution time: 4_457_000 picoseconds.
        Weight::from_parts(4_817_000, 0)
    }

    fn check_non_zero_sender() -> Weight {
        // Minimum execution time: 631_000 picoseconds.
        Weight::from_parts(682_000, 0)
    }

    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    fn check_nonce() -> Weight {
        // Minimum execution time: 8_252_000 picoseconds.
        Weight::from_parts(8_483_000, 3529)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    fn check_spec_version() -> Weight {
        // Minimum execution time: 541_000 picoseconds.
        Weight::from_parts(611_000, 0)
    }

    fn check_tx_version() -> Weight {
        // Minimum execution time: 481_000 picoseconds.
        Weight::from_parts(531_000, 0)
    }

    fn check_weight() -> Weight {
        // Minimum execution time: 4_206_000 picoseconds.
        Weight::from_parts(4_447_000, 0)
    }

    fn weight_reclaim() -> Weight {
        // Minimum execution time: 2_484_000 picoseconds.
        Weight::from_parts(2_664_000, 0)
    }
}
