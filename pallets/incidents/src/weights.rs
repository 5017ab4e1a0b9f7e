//! What each call weighs.

use frame_support::weights::Weight;

/// The weight of each call at its worst: on an incident on which as many have spoken, and as many stand, as may be.
pub trait WeightInfo {
    /// A report that joins an incident, on a service of so many open incidents.
    fn report_joining(candidates: u32) -> Weight;
    /// A report that opens an incident, on a service of so many open incidents and of so many that are open no more
    /// but were when the last was opened.
    fn report_opening(candidates: u32, closed: u32) -> Weight;
    /// An attestation, with a withdrawal from another incident.
    fn attest() -> Weight;
    /// A withdrawal.
    fn withdraw() -> Weight;
    /// Closing what nobody saw the end of.
    fn close() -> Weight;
    /// A provider's reply.
    fn reply() -> Weight;
    /// A dispute, before as many arbiters as may be.
    fn dispute() -> Weight;
    /// An arbiter's ruling.
    fn vote() -> Weight;
    /// Linking an incident to another.
    fn link() -> Weight;
    /// Taking a link back.
    fn unlink() -> Weight;
    /// Setting the rules.
    fn set_rules() -> Weight;
    /// Redacting a text.
    fn redact() -> Weight;
}

/// The weight of a report that is compared with so many incidents, whether it joins one or opens one.
pub(crate) fn report<W: WeightInfo>(compared: u32) -> Weight {
    W::report_joining(compared).max(W::report_opening(0, compared))
}

/// For tests on a chain of this pallet alone, where nothing weighs anything.
impl WeightInfo for () {
    fn report_joining(_: u32) -> Weight {
        Weight::zero()
    }

    fn report_opening(_: u32, _: u32) -> Weight {
        Weight::zero()
    }

    fn attest() -> Weight {
        Weight::zero()
    }

    fn withdraw() -> Weight {
        Weight::zero()
    }

    fn close() -> Weight {
        Weight::zero()
    }

    fn reply() -> Weight {
        Weight::zero()
    }

    fn dispute() -> Weight {
        Weight::zero()
    }

    fn vote() -> Weight {
        Weight::zero()
    }

    fn link() -> Weight {
        Weight::zero()
    }

    fn unlink() -> Weight {
        Weight::zero()
    }

    fn set_rules() -> Weight {
        Weight::zero()
    }

    fn redact() -> Weight {
        Weight::zero()
    }
}
