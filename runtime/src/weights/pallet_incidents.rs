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
    /// Storage: `Members::Keys` (r:1 w:0)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:2 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Services::Services` (r:1 w:0)
    /// Proof: `Services::Services` (`max_values`: None, `max_size`: Some(1231), added: 3706, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Candidates` (r:258 w:1)
    /// Proof: `Incidents::Candidates` (`max_values`: None, `max_size`: Some(83), added: 2558, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Incidents` (r:1 w:1)
    /// Proof: `Incidents::Incidents` (`max_values`: None, `max_size`: Some(81456), added: 83931, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Texts` (r:0 w:1)
    /// Proof: `Incidents::Texts` (`max_values`: None, `max_size`: Some(542), added: 3017, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Entries` (r:0 w:1)
    /// Proof: `Incidents::Entries` (`max_values`: None, `max_size`: Some(3618), added: 6093, mode: `MaxEncodedLen`)
    /// The range of component `c` is `[0, 256]`.
    fn report_joining(c: u32) -> Weight {
        // Minimum execution time: 994_114_000 picoseconds.
        Weight::from_parts(1_029_595_245, 84921)
            // Standard error: 314_804.
            .saturating_add(Weight::from_parts(4_905_775, 0).saturating_mul(c.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(c.into())))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(0, 2558).saturating_mul(c.into()))
    }

    /// Storage: `Members::Keys` (r:1 w:0)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:2 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Services::Services` (r:1 w:0)
    /// Proof: `Services::Services` (`max_values`: None, `max_size`: Some(1231), added: 3706, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Candidates` (r:512 w:257)
    /// Proof: `Incidents::Candidates` (`max_values`: None, `max_size`: Some(83), added: 2558, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::CurrentRules` (r:1 w:0)
    /// Proof: `Incidents::CurrentRules` (`max_values`: Some(1), `max_size`: Some(76), added: 571, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::AllIncidents` (r:1 w:1)
    /// Proof: `Incidents::AllIncidents` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::RollOfService` (r:1 w:1)
    /// Proof: `Incidents::RollOfService` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Texts` (r:0 w:1)
    /// Proof: `Incidents::Texts` (`max_values`: None, `max_size`: Some(542), added: 3017, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::OnService` (r:0 w:1)
    /// Proof: `Incidents::OnService` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Incidents` (r:0 w:1)
    /// Proof: `Incidents::Incidents` (`max_values`: None, `max_size`: Some(81456), added: 83931, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Entries` (r:0 w:1)
    /// Proof: `Incidents::Entries` (`max_values`: None, `max_size`: Some(3618), added: 6093, mode: `MaxEncodedLen`)
    /// The range of component `c` is `[0, 255]`.
    /// The range of component `d` is `[0, 256]`.
    fn report_opening(c: u32, d: u32) -> Weight {
        // Minimum execution time: 1_026_553_000 picoseconds.
        Weight::from_parts(1_050_038_000, 8886)
            // Standard error: 435_348.
            .saturating_add(Weight::from_parts(3_021_329, 0).saturating_mul(c.into()))
            // Standard error: 433_616.
            .saturating_add(Weight::from_parts(4_876_458, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(c.into())))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(d.into())))
            .saturating_add(Weight::from_parts(0, 2558).saturating_mul(c.into()))
            .saturating_add(Weight::from_parts(0, 2558).saturating_mul(d.into()))
    }

    /// Storage: `Incidents::Incidents` (r:2 w:2)
    /// Proof: `Incidents::Incidents` (`max_values`: None, `max_size`: Some(81456), added: 83931, mode: `MaxEncodedLen`)
    /// Storage: `Members::Keys` (r:1 w:0)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:3 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Services::Services` (r:2 w:0)
    /// Proof: `Services::Services` (`max_values`: None, `max_size`: Some(1231), added: 3706, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Texts` (r:0 w:1)
    /// Proof: `Incidents::Texts` (`max_values`: None, `max_size`: Some(542), added: 3017, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Candidates` (r:0 w:2)
    /// Proof: `Incidents::Candidates` (`max_values`: None, `max_size`: Some(83), added: 2558, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Entries` (r:0 w:2)
    /// Proof: `Incidents::Entries` (`max_values`: None, `max_size`: Some(3618), added: 6093, mode: `MaxEncodedLen`)
    fn attest() -> Weight {
        // Minimum execution time: 2_336_906_000 picoseconds.
        Weight::from_parts(2_437_125_000, 168852)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    /// Storage: `Incidents::Incidents` (r:1 w:1)
    /// Proof: `Incidents::Incidents` (`max_values`: None, `max_size`: Some(81456), added: 83931, mode: `MaxEncodedLen`)
    /// Storage: `Members::Keys` (r:1 w:0)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:2 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Services::Services` (r:1 w:0)
    /// Proof: `Services::Services` (`max_values`: None, `max_size`: Some(1231), added: 3706, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Candidates` (r:0 w:1)
    /// Proof: `Incidents::Candidates` (`max_values`: None, `max_size`: Some(83), added: 2558, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Entries` (r:0 w:1)
    /// Proof: `Incidents::Entries` (`max_values`: None, `max_size`: Some(3618), added: 6093, mode: `MaxEncodedLen`)
    fn withdraw() -> Weight {
        // Minimum execution time: 1_128_944_000 picoseconds.
        Weight::from_parts(1_174_181_000, 84921)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// Storage: `Incidents::Incidents` (r:1 w:1)
    /// Proof: `Incidents::Incidents` (`max_values`: None, `max_size`: Some(81456), added: 83931, mode: `MaxEncodedLen`)
    /// Storage: `Members::Keys` (r:1 w:0)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:2 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Services::Services` (r:1 w:0)
    /// Proof: `Services::Services` (`max_values`: None, `max_size`: Some(1231), added: 3706, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Candidates` (r:0 w:1)
    /// Proof: `Incidents::Candidates` (`max_values`: None, `max_size`: Some(83), added: 2558, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Entries` (r:0 w:1)
    /// Proof: `Incidents::Entries` (`max_values`: None, `max_size`: Some(3618), added: 6093, mode: `MaxEncodedLen`)
    fn close() -> Weight {
        // Minimum execution time: 1_153_511_000 picoseconds.
        Weight::from_parts(1_216_214_000, 84921)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// Storage: `Incidents::Incidents` (r:1 w:1)
    /// Proof: `Incidents::Incidents` (`max_values`: None, `max_size`: Some(81456), added: 83931, mode: `MaxEncodedLen`)
    /// Storage: `Members::Keys` (r:1 w:0)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:1 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Services::Services` (r:1 w:0)
    /// Proof: `Services::Services` (`max_values`: None, `max_size`: Some(1231), added: 3706, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Texts` (r:0 w:1)
    /// Proof: `Incidents::Texts` (`max_values`: None, `max_size`: Some(542), added: 3017, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Candidates` (r:0 w:1)
    /// Proof: `Incidents::Candidates` (`max_values`: None, `max_size`: Some(83), added: 2558, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Entries` (r:0 w:1)
    /// Proof: `Incidents::Entries` (`max_values`: None, `max_size`: Some(3618), added: 6093, mode: `MaxEncodedLen`)
    fn reply() -> Weight {
        // Minimum execution time: 689_563_000 picoseconds.
        Weight::from_parts(706_327_000, 84921)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    /// Storage: `Members::Keys` (r:1 w:0)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:130 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Incidents` (r:1 w:1)
    /// Proof: `Incidents::Incidents` (`max_values`: None, `max_size`: Some(81456), added: 83931, mode: `MaxEncodedLen`)
    /// Storage: `Services::Services` (r:1 w:0)
    /// Proof: `Services::Services` (`max_values`: None, `max_size`: Some(1231), added: 3706, mode: `MaxEncodedLen`)
    /// Storage: `Members::Arbiters` (r:1 w:0)
    /// Proof: `Members::Arbiters` (`max_values`: Some(1), `max_size`: Some(514), added: 1009, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Texts` (r:0 w:1)
    /// Proof: `Incidents::Texts` (`max_values`: None, `max_size`: Some(542), added: 3017, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Candidates` (r:0 w:1)
    /// Proof: `Incidents::Candidates` (`max_values`: None, `max_size`: Some(83), added: 2558, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Entries` (r:0 w:1)
    /// Proof: `Incidents::Entries` (`max_values`: None, `max_size`: Some(3618), added: 6093, mode: `MaxEncodedLen`)
    fn dispute() -> Weight {
        // Minimum execution time: 2_282_595_000 picoseconds.
        Weight::from_parts(2_376_685_000, 514230)
            .saturating_add(T::DbWeight::get().reads(134))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    /// Storage: `Incidents::Incidents` (r:1 w:1)
    /// Proof: `Incidents::Incidents` (`max_values`: None, `max_size`: Some(81456), added: 83931, mode: `MaxEncodedLen`)
    /// Storage: `Members::Keys` (r:1 w:0)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:2 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Services::Services` (r:1 w:0)
    /// Proof: `Services::Services` (`max_values`: None, `max_size`: Some(1231), added: 3706, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Texts` (r:0 w:1)
    /// Proof: `Incidents::Texts` (`max_values`: None, `max_size`: Some(542), added: 3017, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Candidates` (r:0 w:1)
    /// Proof: `Incidents::Candidates` (`max_values`: None, `max_size`: Some(83), added: 2558, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Entries` (r:0 w:1)
    /// Proof: `Incidents::Entries` (`max_values`: None, `max_size`: Some(3618), added: 6093, mode: `MaxEncodedLen`)
    fn vote() -> Weight {
        // Minimum execution time: 632_188_000 picoseconds.
        Weight::from_parts(656_183_000, 84921)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    /// Storage: `Incidents::Incidents` (r:2 w:1)
    /// Proof: `Incidents::Incidents` (`max_values`: None, `max_size`: Some(81456), added: 83931, mode: `MaxEncodedLen`)
    /// Storage: `Members::Keys` (r:1 w:0)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:2 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Services::Services` (r:1 w:0)
    /// Proof: `Services::Services` (`max_values`: None, `max_size`: Some(1231), added: 3706, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Candidates` (r:0 w:1)
    /// Proof: `Incidents::Candidates` (`max_values`: None, `max_size`: Some(83), added: 2558, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Entries` (r:0 w:1)
    /// Proof: `Incidents::Entries` (`max_values`: None, `max_size`: Some(3618), added: 6093, mode: `MaxEncodedLen`)
    fn link() -> Weight {
        // Minimum execution time: 1_068_815_000 picoseconds.
        Weight::from_parts(1_114_623_000, 168852)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// Storage: `Incidents::Incidents` (r:1 w:1)
    /// Proof: `Incidents::Incidents` (`max_values`: None, `max_size`: Some(81456), added: 83931, mode: `MaxEncodedLen`)
    /// Storage: `Members::Keys` (r:1 w:0)
    /// Proof: `Members::Keys` (`max_values`: None, `max_size`: Some(54), added: 2529, mode: `MaxEncodedLen`)
    /// Storage: `Members::Organisations` (r:2 w:0)
    /// Proof: `Members::Organisations` (`max_values`: None, `max_size`: Some(1473), added: 3948, mode: `MaxEncodedLen`)
    /// Storage: `Services::Services` (r:1 w:0)
    /// Proof: `Services::Services` (`max_values`: None, `max_size`: Some(1231), added: 3706, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Candidates` (r:0 w:1)
    /// Proof: `Incidents::Candidates` (`max_values`: None, `max_size`: Some(83), added: 2558, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::Entries` (r:0 w:1)
    /// Proof: `Incidents::Entries` (`max_values`: None, `max_size`: Some(3618), added: 6093, mode: `MaxEncodedLen`)
    fn unlink() -> Weight {
        // Minimum execution time: 609_334_000 picoseconds.
        Weight::from_parts(638_728_000, 84921)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// Storage: `Incidents::CurrentRules` (r:0 w:1)
    /// Proof: `Incidents::CurrentRules` (`max_values`: Some(1), `max_size`: Some(76), added: 571, mode: `MaxEncodedLen`)
    fn set_rules() -> Weight {
        // Minimum execution time: 5_037_000 picoseconds.
        Weight::from_parts(5_298_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `Incidents::Texts` (r:1 w:1)
    /// Proof: `Incidents::Texts` (`max_values`: None, `max_size`: Some(542), added: 3017, mode: `MaxEncodedLen`)
    /// Storage: `Incidents::RedactedTexts` (r:0 w:1)
    /// Proof: `Incidents::RedactedTexts` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
    fn redact() -> Weight {
        // Minimum execution time: 12_989_000 picoseconds.
        Weight::from_parts(13_570_000, 4007)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}
