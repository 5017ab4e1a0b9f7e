//! What the calls of `pallet_tx_pause` weigh at their worst, by their benchmarks. Written by `scripts/weights`: not to be
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

impl<T: frame_system::Config> pallet_tx_pause::WeightInfo for WeightInfo<T> {
    /// Storage: `TxPause::PausedCalls` (r:1 w:1)
    /// Proof: `TxPause::PausedCalls` (`max_values`: None, `max_size`: Some(82), added: 2557, mode: `MaxEncodedLen`)
    fn pause() -> Weight {
        // Minimum execution time: 9_675_000 picoseconds.
        Weight::from_parts(10_446_000, 3547)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `TxPause::PausedCalls` (r:1 w:1)
    /// Proof: `TxPause::PausedCalls` (`max_values`: None, `max_size`: Some(82), added: 2557, mode: `MaxEncodedLen`)
    fn unpause() -> Weight {
        // Minimum execution time: 12_309_000 picoseconds.
        Weight::from_parts(12_729_000, 3547)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
