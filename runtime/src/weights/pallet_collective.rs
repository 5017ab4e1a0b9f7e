//! What the calls of `pallet_collective` weigh at their worst, by their benchmarks. Written by `scripts/weights`: not to be
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

impl<T: frame_system::Config> pallet_collective::WeightInfo for WeightInfo<T> {
    /// Storage: `Council::Members` (r:1 w:1)
    /// Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Proposals` (r:1 w:0)
    /// Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Voting` (r:32 w:32)
    /// Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Prime` (r:0 w:1)
    /// Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// The range of component `m` is `[0, 64]`.
    /// The range of component `n` is `[0, 64]`.
    /// The range of component `p` is `[0, 32]`.
    fn set_members(m: u32, _n: u32, p: u32) -> Weight {
        // Minimum execution time: 9_855_000 picoseconds.
        Weight::from_parts(10_165_000, 7714)
            // Standard error: 36_823.
            .saturating_add(Weight::from_parts(1_004_559, 0).saturating_mul(m.into()))
            // Standard error: 73_391.
            .saturating_add(Weight::from_parts(5_840_428, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(p.into())))
            .saturating_add(Weight::from_parts(0, 650).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(0, 3609).saturating_mul(p.into()))
    }

    /// Storage: `Council::Members` (r:1 w:0)
    /// Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// The range of component `b` is `[2, 1024]`.
    /// The range of component `m` is `[1, 64]`.
    fn execute(b: u32, m: u32) -> Weight {
        // Minimum execution time: 12_088_000 picoseconds.
        Weight::from_parts(12_153_288, 1518)
            // Standard error: 71.
            .saturating_add(Weight::from_parts(1_162, 0).saturating_mul(b.into()))
            // Standard error: 1_151.
            .saturating_add(Weight::from_parts(9_778, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(Weight::from_parts(0, 32).saturating_mul(m.into()))
    }

    /// Storage: `Council::Members` (r:1 w:0)
    /// Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::ProposalOf` (r:1 w:0)
    /// Proof: `Council::ProposalOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// The range of component `b` is `[2, 1024]`.
    /// The range of component `m` is `[1, 64]`.
    fn propose_execute(b: u32, m: u32) -> Weight {
        // Minimum execution time: 15_062_000 picoseconds.
        Weight::from_parts(15_015_730, 3498)
            // Standard error: 114.
            .saturating_add(Weight::from_parts(1_099, 0).saturating_mul(b.into()))
            // Standard error: 1_845.
            .saturating_add(Weight::from_parts(17_128, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(Weight::from_parts(0, 32).saturating_mul(m.into()))
    }

    /// Storage: `Council::Members` (r:1 w:0)
    /// Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::ProposalOf` (r:1 w:1)
    /// Proof: `Council::ProposalOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Proposals` (r:1 w:1)
    /// Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::ProposalCount` (r:1 w:1)
    /// Proof: `Council::ProposalCount` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Voting` (r:0 w:1)
    /// Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// The range of component `b` is `[2, 1024]`.
    /// The range of component `m` is `[2, 64]`.
    /// The range of component `p` is `[1, 32]`.
    fn propose_proposed(b: u32, m: u32, p: u32) -> Weight {
        // Minimum execution time: 19_539_000 picoseconds.
        Weight::from_parts(20_579_832, 3566)
            // Standard error: 229.
            .saturating_add(Weight::from_parts(1_511, 0).saturating_mul(b.into()))
            // Standard error: 3_748.
            .saturating_add(Weight::from_parts(4_470, 0).saturating_mul(m.into()))
            // Standard error: 7_419.
            .saturating_add(Weight::from_parts(365_486, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(0, 33).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(0, 47).saturating_mul(p.into()))
    }

    /// Storage: `Council::Members` (r:1 w:0)
    /// Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Voting` (r:1 w:1)
    /// Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// The range of component `m` is `[5, 64]`.
    fn vote(m: u32) -> Weight {
        // Minimum execution time: 18_728_000 picoseconds.
        Weight::from_parts(20_000_419, 4065)
            // Standard error: 3_675.
            .saturating_add(Weight::from_parts(47_637, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(Weight::from_parts(0, 64).saturating_mul(m.into()))
    }

    /// Storage: `Council::Voting` (r:1 w:1)
    /// Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Members` (r:1 w:0)
    /// Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Proposals` (r:1 w:1)
    /// Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::ProposalOf` (r:0 w:1)
    /// Proof: `Council::ProposalOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// The range of component `m` is `[4, 64]`.
    /// The range of component `p` is `[1, 32]`.
    fn close_early_disapproved(m: u32, p: u32) -> Weight {
        // Minimum execution time: 22_093_000 picoseconds.
        Weight::from_parts(23_728_499, 3621)
            // Standard error: 5_911.
            .saturating_add(Weight::from_parts(37_913, 0).saturating_mul(m.into()))
            // Standard error: 11_331.
            .saturating_add(Weight::from_parts(246_321, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(Weight::from_parts(0, 65).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(0, 46).saturating_mul(p.into()))
    }

    /// Storage: `Council::Voting` (r:1 w:1)
    /// Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Members` (r:1 w:0)
    /// Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::ProposalOf` (r:1 w:1)
    /// Proof: `Council::ProposalOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Proposals` (r:1 w:1)
    /// Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// The range of component `b` is `[2, 1024]`.
    /// The range of component `m` is `[4, 64]`.
    /// The range of component `p` is `[1, 32]`.
    fn close_early_approved(b: u32, m: u32, p: u32) -> Weight {
        // Minimum execution time: 32_158_000 picoseconds.
        Weight::from_parts(32_601_749, 3643)
            // Standard error: 307.
            .saturating_add(Weight::from_parts(629, 0).saturating_mul(b.into()))
            // Standard error: 5_199.
            .saturating_add(Weight::from_parts(37_350, 0).saturating_mul(m.into()))
            // Standard error: 9_963.
            .saturating_add(Weight::from_parts(400_112, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(Weight::from_parts(0, 1).saturating_mul(b.into()))
            .saturating_add(Weight::from_parts(0, 66).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(0, 59).saturating_mul(p.into()))
    }

    /// Storage: `Council::Voting` (r:1 w:1)
    /// Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Members` (r:1 w:0)
    /// Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Prime` (r:1 w:0)
    /// Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Proposals` (r:1 w:1)
    /// Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::ProposalOf` (r:0 w:1)
    /// Proof: `Council::ProposalOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// The range of component `m` is `[4, 64]`.
    /// The range of component `p` is `[1, 32]`.
    fn close_disapproved(m: u32, p: u32) -> Weight {
        // Minimum execution time: 24_636_000 picoseconds.
        Weight::from_parts(23_724_718, 3641)
            // Standard error: 2_952.
            .saturating_add(Weight::from_parts(41_966, 0).saturating_mul(m.into()))
            // Standard error: 5_659.
            .saturating_add(Weight::from_parts(320_416, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(Weight::from_parts(0, 65).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(0, 46).saturating_mul(p.into()))
    }

    /// Storage: `Council::Voting` (r:1 w:1)
    /// Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Members` (r:1 w:0)
    /// Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Prime` (r:1 w:0)
    /// Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// Storage: `Council::ProposalOf` (r:1 w:1)
    /// Proof: `Council::ProposalOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// Storage: `Council::Proposals` (r:1 w:1)
    /// Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    /// The range of component `b` is `[2, 1024]`.
    /// The range of component `m` is `[4, 64]`.
    /// The range of component `p` is `[1, 32]`.
    fn close_approved(b: u32, m: u32, p: u32) -> Weight {
        // Minimum execution time: 34_482_000 picoseconds.
        Weight::from_parts(31_004_993, 3663)
            // Standard error: 257.
            .saturating_add(Weight::from_parts(2_302, 0).saturating_mul(b.into()))
            // Standard error: 4_350.
            .saturating_add(Weight::from_parts(72_103, 0).saturating_mul(m.into()))
            // Standard error: 8_336.
            .saturating_add(Weight::from_parts(431_393, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(Weight::from_parts(0, 1).saturating_mul(b.into()))
            .saturating_add(Weight::from_parts(0, 66).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(0, 59).saturating_mul(p.into()))
    }

    /// The range of component `p` is `[1, 32]`.
    fn disapprove_proposal(_p: u32) -> Weight {
        // Minimum execution time: 0_000 picoseconds.
        Weight::from_parts(0, 0)
    }

    /// The range of component `d` is `[0, 1]`.
    /// The range of component `p` is `[1, 32]`.
    fn kill(_d: u32, _p: u32) -> Weight {
        // Minimum execution time: 0_000 picoseconds.
        Weight::from_parts(0, 0)
    }

    /// Storage: `Council::ProposalOf` (r:1 w:0)
    /// Proof: `Council::ProposalOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// Storage: `Council::CostOf` (r:1 w:0)
    /// Proof: `Council::CostOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    fn release_proposal_cost() -> Weight {
        // Minimum execution time: 11_167_000 picoseconds.
        Weight::from_parts(11_988_000, 4169).saturating_add(T::DbWeight::get().reads(2))
    }
}
