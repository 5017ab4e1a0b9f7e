//! The error that each refusal of the fold is.

use faultline_pallet_log::AppendError;
use faultline_primitives::{log::Unfit, organisation::Refusal};

use crate::pallet::Error;

impl<T> From<Refusal> for Error<T> {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::OutOfPlace => Self::LogRefuses,
            Refusal::TextNotUtf8 => Self::TextNotUtf8,
            Refusal::NameEmpty => Self::NameEmpty,
            Refusal::AlreadySuspended => Self::AlreadySuspended,
            Refusal::NotSuspended => Self::NotSuspended,
            Refusal::KeyInUse => Self::KeyTaken,
            Refusal::NoSuchKey => Self::NoSuchKey,
            Refusal::TooManyKeys => Self::TooManyKeys,
        }
    }
}

impl<T> From<AppendError<Refusal>> for Error<T> {
    fn from(error: AppendError<Refusal>) -> Self {
        match error {
            AppendError::NoSuchLog => Self::NoSuchOrganisation,
            AppendError::Unfit(Unfit::Refused(refusal)) => refusal.into(),
            AppendError::Unfit(Unfit::Backwards | Unfit::Full) => Self::LogRefuses,
        }
    }
}
