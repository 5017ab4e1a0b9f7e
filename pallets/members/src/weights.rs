//! What each call weighs.

use frame_support::weights::Weight;

/// The weight of each call at its worst, and of what the gate does before it.
pub trait WeightInfo {
    /// Admitting an organisation.
    fn admit() -> Weight;
    /// Suspending an organisation.
    fn suspend() -> Weight;
    /// Taking a suspension back.
    fn reinstate() -> Weight;
    /// Setting what an organisation may do.
    fn set_roles() -> Weight;
    /// Setting with whom an organisation counts.
    fn set_group() -> Weight;
    /// Setting how much an organisation may do.
    fn set_quota() -> Weight;
    /// Putting another admin key in place.
    fn reset_admin() -> Weight;
    /// Adding a reporter key.
    fn add_reporter() -> Weight;
    /// Revoking a reporter key.
    fn revoke_reporter() -> Weight;
    /// An admin key that puts another in its own place.
    fn rotate_admin() -> Weight;
    /// The gate.
    fn check_member() -> Weight;
}

/// For tests on a chain of this pallet alone, where nothing weighs anything.
impl WeightInfo for () {
    fn admit() -> Weight {
        Weight::zero()
    }

    fn suspend() -> Weight {
        Weight::zero()
    }

    fn reinstate() -> Weight {
        Weight::zero()
    }

    fn set_roles() -> Weight {
        Weight::zero()
    }

    fn set_group() -> Weight {
        Weight::zero()
    }

    fn set_quota() -> Weight {
        Weight::zero()
    }

    fn reset_admin() -> Weight {
        Weight::zero()
    }

    fn add_reporter() -> Weight {
        Weight::zero()
    }

    fn revoke_reporter() -> Weight {
        Weight::zero()
    }

    fn rotate_admin() -> Weight {
        Weight::zero()
    }

    fn check_member() -> Weight {
        Weight::zero()
    }
}
