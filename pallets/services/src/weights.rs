//! What each call weighs.

use frame_support::weights::Weight;

/// The weight of each call at its worst.
pub trait WeightInfo {
    /// Registering a service.
    fn register() -> Weight;
    /// Describing a service.
    fn describe() -> Weight;
    /// Announcing maintenance.
    fn announce_maintenance() -> Weight;
    /// Listing a service, or no longer.
    fn list() -> Weight;
    /// Saying who provides a service.
    fn assign_provider() -> Weight;
    /// Retiring a service.
    fn retire() -> Weight;
}

/// For tests on a chain of this pallet alone, where nothing weighs anything.
impl WeightInfo for () {
    fn register() -> Weight {
        Weight::zero()
    }

    fn describe() -> Weight {
        Weight::zero()
    }

    fn announce_maintenance() -> Weight {
        Weight::zero()
    }

    fn list() -> Weight {
        Weight::zero()
    }

    fn assign_provider() -> Weight {
        Weight::zero()
    }

    fn retire() -> Weight {
        Weight::zero()
    }
}
