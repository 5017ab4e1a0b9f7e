//! What each call weighs.

use frame_support::weights::{constants::WEIGHT_REF_TIME_PER_MICROS, Weight};

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

/// Most incidents that are open no more and leave the candidates with one opening. An opening adds one, so that those
/// that wait to leave grow fewer with every opening, however many there are.
pub(crate) const MAX_FORGOTTEN: u32 = 8;

/// What the database takes for the largest record, of 80 KiB, beyond the weight of a key, which is that of a short
/// value: reading it, hashing it into the trie, and writing it. Measured by `scripts/weights block` as 0.2 to 0.8 ms.
const LARGEST_RECORD: Weight = Weight::from_parts(WEIGHT_REF_TIME_PER_MICROS.saturating_mul(1_500), 0);

/// What a call weighs that changes so many records.
pub(crate) fn changing(records: u64, weight: Weight) -> Weight {
    weight.saturating_add(LARGEST_RECORD.saturating_mul(records))
}

/// The weight of a report that is compared with so many incidents, whether it joins one or opens one.
pub(crate) fn report<W: WeightInfo>(compared: u32) -> Weight {
    let joining = changing(1, W::report_joining(compared));
    joining.max(W::report_opening(compared, compared.min(MAX_FORGOTTEN)))
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
