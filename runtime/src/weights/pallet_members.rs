//! What the calls of `pallet_members` weigh at their worst, by their benchmarks. Written by `scripts/weights`: not to be
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

impl<T: frame_system::Config> pallet_members::WeightInfo for WeightInfo<T> {
    /// Storage: `Members::AllOrganisations` (r:1 w:1)
    /// Proof: `Members::AllOrganisations` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Members::Keys` (r:1 w:1)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Arbiters` (r:1 w:1)
    /// Proof: `Members::Arbiters` (`max_values`: Some(1), `max_size`: Some(514), added: 1009, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:0 w:1)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Members::Entries` (r:0 w:1)
    /// Proof: `Members::Entries` (`max_values`: None, `max_size`: Some(280), added: 2755, mode: `MaxEncodedLen`)
    fn admit() -> Weight {
        // Minimum execution time: 103_974_000 picoseconds.
        Weight::from_parts(109_082_000, 3529)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(6))
    }

    /// Storage: `Members::Organisations` (r:1 w:1)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Members::Entries` (r:0 w:1)
    /// Proof: `Members::Entries` (`max_values`: None, `max_size`: Some(280), added: 2755, mode: `MaxEncodedLen`)
    fn suspend() -> Weight {
        // Minimum execution time: 26_269_000 picoseconds.
        Weight::from_parts(27_130_000, 4938)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// Storage: `Members::Organisations` (r:1 w:1)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Members::Entries` (r:0 w:1)
    /// Proof: `Members::Entries` (`max_values`: None, `max_size`: Some(280), added: 2755, mode: `MaxEncodedLen`)
    fn reinstate() -> Weight {
        // Minimum execution time: 25_958_000 picoseconds.
        Weight::from_parts(27_170_000, 4938)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// Storage: `Members::Organisations` (r:1 w:1)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Members::Arbiters` (r:1 w:1)
    /// Proof: `Members::Arbiters` (`max_values`: Some(1), `max_size`: Some(514), added: 1009, mode: `MaxEncodedLen`)
    /// Storage: `Members::Entries` (r:0 w:1)
    /// Proof: `Members::Entries` (`max_values`: None, `max_size`: Some(280), added: 2755, mode: `MaxEncodedLen`)
    fn set_roles() -> Weight {
        // Minimum execution time: 80_610_000 picoseconds.
        Weight::from_parts(83_624_000, 4938)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// Storage: `Members::Organisations` (r:1 w:1)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Members::Entries` (r:0 w:1)
    /// Proof: `Members::Entries` (`max_values`: None, `max_size`: Some(280), added: 2755, mode: `MaxEncodedLen`)
    fn set_group() -> Weight {
        // Minimum execution time: 26_680_000 picoseconds.
        Weight::from_parts(28_382_000, 4938)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// Storage: `Members::Organisations` (r:1 w:1)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Members::Entries` (r:0 w:1)
    /// Proof: `Members::Entries` (`max_values`: None, `max_size`: Some(280), added: 2755, mode: `MaxEncodedLen`)
    fn set_quota() -> Weight {
        // Minimum execution time: 26_499_000 picoseconds.
        Weight::from_parts(28_051_000, 4938)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// Storage: `Members::Keys` (r:2 w:2)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:64 w:1)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
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
    /// Storage: `Members::Entries` (r:0 w:1)
    /// Proof: `Members::Entries` (`max_values`: None, `max_size`: Some(280), added: 2755, mode: `MaxEncodedLen`)
    fn reset_admin() -> Weight {
        // Minimum execution time: 945_882_000 picoseconds.
        Weight::from_parts(997_709_000, 253662)
            .saturating_add(T::DbWeight::get().reads(102))
            .saturating_add(T::DbWeight::get().writes(39))
    }

    /// Storage: `Members::Keys` (r:2 w:1)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:1 w:1)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `Members::Entries` (r:0 w:1)
    /// Proof: `Members::Entries` (`max_values`: None, `max_size`: Some(280), added: 2755, mode: `MaxEncodedLen`)
    fn add_reporter() -> Weight {
        // Minimum execution time: 48_902_000 picoseconds.
        Weight::from_parts(50_966_000, 6048)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    /// Storage: `Members::Keys` (r:2 w:1)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:1 w:1)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Members::Entries` (r:0 w:1)
    /// Proof: `Members::Entries` (`max_values`: None, `max_size`: Some(280), added: 2755, mode: `MaxEncodedLen`)
    fn revoke_reporter() -> Weight {
        // Minimum execution time: 43_024_000 picoseconds.
        Weight::from_parts(44_016_000, 6048)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// Storage: `Members::Keys` (r:2 w:2)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:64 w:1)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
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
    /// Storage: `Members::Entries` (r:0 w:1)
    /// Proof: `Members::Entries` (`max_values`: None, `max_size`: Some(280), added: 2755, mode: `MaxEncodedLen`)
    fn rotate_admin() -> Weight {
        // Minimum execution time: 885_123_000 picoseconds.
        Weight::from_parts(997_550_000, 253662)
            .saturating_add(T::DbWeight::get().reads(102))
            .saturating_add(T::DbWeight::get().writes(39))
    }

    /// Storage: `TxPause::PausedCalls` (r:1 w:0)
    /// Proof: `TxPause::PausedCalls` (`max_values`: None, `max_size`: Some(82), added: 2557, mode: `MaxEncodedLen`)
    /// Storage: `Members::Keys` (r:1 w:0)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:1 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `Members::SpentByKey` (r:1 w:1)
    /// Proof: `Members::SpentByKey` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
    /// Storage: `Members::SpentByOrganisation` (r:1 w:1)
    /// Proof: `Members::SpentByOrganisation` (`max_values`: None, `max_size`: Some(20), added: 2495, mode: `MaxEncodedLen`)
    fn check_member() -> Weight {
        // Fitted with the base of a transaction to whole blocks: see `base`.
        Weight::from_parts(18_000_000, 4938)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(3))
    }
}
