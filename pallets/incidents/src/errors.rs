//! The error that each refusal of the fold is.

use faultline_primitives::{incident::Refusal, log::Unfit};

use crate::pallet::Error;

impl<T> From<Refusal> for Error<T> {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::OutOfPlace | Refusal::FoldUnknown | Refusal::ArbitersUnfit => Self::LogRefuses,
            Refusal::ObservedSpanReversed => Self::ObservedSpanReversed,
            Refusal::ObservedInFuture => Self::ObservedInFuture,
            Refusal::IntervalReversed => Self::IntervalReversed,
            Refusal::IntervalOutsideSpan => Self::IntervalOutsideSpan,
            Refusal::MoreFailedThanSamples => Self::MoreFailedThanSamples,
            Refusal::CountryMalformed => Self::CountryMalformed,
            Refusal::EvidenceMissing => Self::EvidenceMissing,
            Refusal::EvidenceInFuture => Self::EvidenceInFuture,
            Refusal::TextNotUtf8 => Self::TextNotUtf8,
            Refusal::UpOpensNothing => Self::UpOpensNothing,
            Refusal::UpAfterAffirming => Self::UpAfterAffirming,
            Refusal::RepeatedTooSoon => Self::RepeatedTooSoon,
            Refusal::SpanTooFar => Self::SpanTooFar,
            Refusal::Settled => Self::Settled,
            Refusal::Lapsed => Self::Lapsed,
            Refusal::TooManyWords => Self::TooManyWords,
            Refusal::TooManyGroups => Self::TooManyGroups,
            Refusal::TooManyOfGroup => Self::TooManyOfGroup,
            Refusal::TooManySpeakers => Self::TooManySpeakers,
            Refusal::NothingToWithdraw => Self::NothingToWithdraw,
            Refusal::NotOngoing => Self::NotOngoing,
            Refusal::NotStale => Self::NotStale,
            Refusal::NotTheProvider => Self::NotTheProvider,
            Refusal::TooManyReplies => Self::TooManyReplies,
            Refusal::ClaimedSpanReversed => Self::ClaimedSpanReversed,
            Refusal::ClaimedInFuture => Self::ClaimedInFuture,
            Refusal::DisputedAlready => Self::DisputedAlready,
            Refusal::DisputeOpen => Self::DisputeOpen,
            Refusal::NoOpenDispute => Self::NoOpenDispute,
            Refusal::RulingTooLate => Self::RulingTooLate,
            Refusal::NotAnArbiterOfThis => Self::NotAnArbiterOfThis,
            Refusal::VotedAlready => Self::VotedAlready,
            Refusal::LinkToItself => Self::LinkToItself,
            Refusal::LinkedAlready => Self::LinkedAlready,
            Refusal::NotLinked => Self::NotLinked,
        }
    }
}

impl<T> From<Unfit<Refusal>> for Error<T> {
    fn from(unfit: Unfit<Refusal>) -> Self {
        match unfit {
            Unfit::Refused(refusal) => refusal.into(),
            Unfit::Backwards | Unfit::Full => Self::LogRefuses,
        }
    }
}
