//! Estimates, until scripts/weights has measured them here.

use core::marker::PhantomData;

use frame_support::{traits::Get, weights::Weight};

/// What each call weighs.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_services::WeightInfo for WeightInfo<T> {
    fn register() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(6, 5))
    }

    fn describe() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(4, 2))
    }

    fn announce_maintenance() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(4, 3))
    }

    fn list() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(3, 3))
    }

    fn assign_provider() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(2, 2))
    }

    fn retire() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(1, 2))
    }
}
