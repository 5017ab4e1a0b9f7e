//! Estimates, until scripts/weights has measured them here.

use core::marker::PhantomData;

use frame_support::{traits::Get, weights::Weight};

/// What each call weighs.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_members::WeightInfo for WeightInfo<T> {
    fn admit() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(2, 3))
    }

    fn suspend() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(1, 2))
    }

    fn reinstate() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(1, 2))
    }

    fn set_roles() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(1, 2))
    }

    fn set_group() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(1, 2))
    }

    fn set_quota() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(1, 2))
    }

    fn reset_admin() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(2, 4))
    }

    fn add_reporter() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(3, 4))
    }

    fn revoke_reporter() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(3, 3))
    }

    fn rotate_admin() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(3, 4))
    }

    fn check_member() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(4, 3))
    }
}
