//! What each call weighs.

use frame_support::weights::Weight;

/// The weight of each call at its worst: in a council of as many seats and open motions as may be.
pub trait WeightInfo {
    /// Turning a motion that carried into an act, without what the act does.
    fn enact() -> Weight;
    /// Giving a seat.
    fn give_seat() -> Weight;
    /// Taking a seat.
    fn take_seat() -> Weight;
}

/// For tests on a chain of this pallet alone, where nothing weighs anything.
impl WeightInfo for () {
    fn enact() -> Weight {
        Weight::zero()
    }

    fn give_seat() -> Weight {
        Weight::zero()
    }

    fn take_seat() -> Weight {
        Weight::zero()
    }
}
