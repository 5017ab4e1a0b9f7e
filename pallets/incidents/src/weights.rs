//! What each call weighs.

use frame_support::{
    dispatch::{DispatchResult, DispatchResultWithPostInfo, WithPostDispatchInfo},
    weights::{constants::WEIGHT_REF_TIME_PER_MICROS, Weight},
};

/// The weight of each call by how large the record is that it changes, in KiB begun: what is read, folded, written and
/// hashed grows with it. Everything else is as large as may be.
pub trait WeightInfo {
    /// A report that joins an incident, on a service of so many open incidents.
    fn report_joining(candidates: u32, size: u32) -> Weight;
    /// A report that opens an incident, on a service of so many incidents that are open, or were when the last was
    /// opened.
    fn report_opening(candidates: u32) -> Weight;
    /// An attestation.
    fn attest(size: u32) -> Weight;
    /// An attestation, with a withdrawal from another incident of the same size.
    fn attest_moving(size: u32) -> Weight;
    /// A withdrawal.
    fn withdraw(size: u32) -> Weight;
    /// Closing what nobody saw the end of.
    fn close(size: u32) -> Weight;
    /// A provider's reply.
    fn reply(size: u32) -> Weight;
    /// A dispute, before as many arbiters as may be.
    fn dispute(size: u32) -> Weight;
    /// An arbiter's ruling.
    fn vote(size: u32) -> Weight;
    /// Linking an incident to another of the same size.
    fn link(size: u32) -> Weight;
    /// Taking a link back.
    fn unlink(size: u32) -> Weight;
    /// Setting the rules.
    fn set_rules() -> Weight;
    /// Redacting a text.
    fn redact() -> Weight;
}

/// The largest record, in KiB begun: a test holds it against the most that one may take.
pub const LARGEST: u32 = 80;

/// What the database takes for a KiB of a record, beyond the weight of a key, which is that of a short value: reading
/// it, hashing it into the trie, and writing it. Measured by `scripts/weights block`.
const A_KIBIBYTE: Weight = Weight::from_parts(WEIGHT_REF_TIME_PER_MICROS.saturating_mul(14), 0);

/// What a call weighs that changes a record of this size.
pub(crate) fn changing(size: u32, weigh: impl FnOnce(u32) -> Weight) -> Weight {
    weigh(size).saturating_add(A_KIBIBYTE.saturating_mul(size.into()))
}

/// The weight of an attestation, and where it moves, of the withdrawal from an incident of that other size.
pub(crate) fn attesting<W: WeightInfo>(size: u32, moved: Option<u32>) -> Weight {
    match moved {
        None => changing(size, W::attest),
        Some(other) => {
            let size = size.max(other);
            changing(size, W::attest_moving).saturating_add(A_KIBIBYTE.saturating_mul(size.into()))
        }
    }
}

/// What a report has come to, as far as its weight goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Compared {
    /// With how many incidents it was compared.
    pub candidates: u32,
    /// How large the record is that it joined or was refused by, in KiB begun; none where it was to open one.
    pub joined: Option<u32>,
}

/// The weight of such a report.
pub(crate) fn report<W: WeightInfo>(compared: Compared) -> Weight {
    let Compared { candidates, joined } = compared;
    match joined {
        Some(size) => changing(size, |size| W::report_joining(candidates, size)),
        None => W::report_opening(candidates),
    }
}

/// The most that a report may weigh.
pub(crate) fn largest_report<W: WeightInfo>() -> Weight {
    let of = |joined| {
        report::<W>(Compared {
            candidates: crate::MAX_OPEN,
            joined,
        })
    };
    of(Some(LARGEST)).max(of(None))
}

/// What became of a call, with what it weighed.
pub(crate) fn weighed(done: DispatchResult, weight: Weight) -> DispatchResultWithPostInfo {
    match done {
        Ok(()) => Ok(Some(weight).into()),
        Err(error) => Err(error.with_weight(weight)),
    }
}

/// For tests on a chain of this pallet alone, where nothing weighs anything.
impl WeightInfo for () {
    fn report_joining(_: u32, _: u32) -> Weight {
        Weight::zero()
    }

    fn report_opening(_: u32) -> Weight {
        Weight::zero()
    }

    fn attest(_: u32) -> Weight {
        Weight::zero()
    }

    fn attest_moving(_: u32) -> Weight {
        Weight::zero()
    }

    fn withdraw(_: u32) -> Weight {
        Weight::zero()
    }

    fn close(_: u32) -> Weight {
        Weight::zero()
    }

    fn reply(_: u32) -> Weight {
        Weight::zero()
    }

    fn dispute(_: u32) -> Weight {
        Weight::zero()
    }

    fn vote(_: u32) -> Weight {
        Weight::zero()
    }

    fn link(_: u32) -> Weight {
        Weight::zero()
    }

    fn unlink(_: u32) -> Weight {
        Weight::zero()
    }

    fn set_rules() -> Weight {
        Weight::zero()
    }

    fn redact() -> Weight {
        Weight::zero()
    }
}
