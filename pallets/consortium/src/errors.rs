//! The error that each refusal of the fold is.

use faultline_pallet_log::AppendError;
use faultline_primitives::{consortium::Refusal, log::Unfit};

use crate::pallet::Error;

impl<T> From<Refusal> for Error<T> {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::OutOfPlace => Self::LogRefuses,
            Refusal::SeatsUnfit => Self::SeatsUnfit,
            Refusal::VotesUnfit => Self::CouncilChanged,
            Refusal::MajorityMissing => Self::MajorityMissing,
            Refusal::SeatedAlready => Self::SeatedAlready,
            Refusal::NotSeated => Self::NotSeated,
            Refusal::TooManySeats => Self::TooManySeats,
            Refusal::LastSeat => Self::LastSeat,
            Refusal::ValidatorsUnfit => Self::ValidatorsUnfit,
            Refusal::FloorUnfit => Self::FloorUnfit,
            Refusal::ValidatorAlready => Self::ValidatorAlready,
            Refusal::NotValidator => Self::NotValidator,
            Refusal::TooManyValidators => Self::TooManyValidators,
            Refusal::TooFewValidators => Self::TooFewValidators,
            Refusal::NoUpgrade => Self::NoUpgrade,
            Refusal::OtherUpgrade => Self::OtherUpgrade,
            Refusal::UpgradeTooEarly => Self::UpgradeTooEarly,
            Refusal::CheckpointBackwards => Self::CheckpointBackwards,
        }
    }
}

impl<T> From<AppendError<Refusal>> for Error<T> {
    fn from(error: AppendError<Refusal>) -> Self {
        match error {
            AppendError::Unfit(Unfit::Refused(refusal)) => refusal.into(),
            AppendError::NoSuchLog | AppendError::Unfit(Unfit::Backwards | Unfit::Full) => Self::LogRefuses,
        }
    }
}
