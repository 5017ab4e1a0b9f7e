//! Estimates, until scripts/weights has measured them here.

use core::marker::PhantomData;

use frame_support::{traits::Get, weights::Weight};

/// What each call weighs.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_incidents::WeightInfo for WeightInfo<T> {
    fn report_joining(_: u32) -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(16, 8))
    }

    fn report_opening(_: u32, _: u32) -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(16, 8))
    }

    fn attest() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(9, 7))
    }

    fn withdraw() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(6, 3))
    }

    fn close() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(6, 3))
    }

    fn reply() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(6, 4))
    }

    fn dispute() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(140, 4))
    }

    fn vote() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(6, 4))
    }

    fn link() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(7, 3))
    }

    fn unlink() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(6, 3))
    }

    fn set_rules() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(1, 1))
    }

    fn redact() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(2, 2))
    }
}
