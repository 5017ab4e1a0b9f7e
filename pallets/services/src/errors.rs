//! The error that each refusal of the fold is.

use faultline_pallet_log::AppendError;
use faultline_primitives::{log::Unfit, service::Refusal};

use crate::pallet::Error;

impl<T> From<Refusal> for Error<T> {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::OutOfPlace => Self::LogRefuses,
            Refusal::SlugMalformed => Self::SlugMalformed,
            Refusal::TextNotUtf8 => Self::TextNotUtf8,
            Refusal::NameEmpty => Self::NameEmpty,
            Refusal::Retired => Self::Retired,
            Refusal::MaintenanceReversed => Self::MaintenanceReversed,
            Refusal::MaintenancePast => Self::MaintenancePast,
            Refusal::MaintenanceTooLong => Self::MaintenanceTooLong,
            Refusal::TooManyMaintenances => Self::TooManyMaintenances,
        }
    }
}

impl<T> From<AppendError<Refusal>> for Error<T> {
    fn from(error: AppendError<Refusal>) -> Self {
        match error {
            AppendError::NoSuchLog => Self::NoSuchService,
            AppendError::Unfit(Unfit::Refused(refusal)) => refusal.into(),
            AppendError::Unfit(Unfit::Backwards | Unfit::Full) => Self::LogRefuses,
        }
    }
}
