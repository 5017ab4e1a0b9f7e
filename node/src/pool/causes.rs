//! Under which names the refusals of the pool are counted.

use faultline_primitives::refusal::{Code, Gate};
use sc_transaction_pool_api::error::Error as PoolError;
use sp_runtime::transaction_validity::{InvalidTransaction, UnknownTransaction};

use crate::watch::Names;

/// Causes that are known beforehand, by the names that they are counted under.
pub fn known() -> Vec<&'static str> {
    let gates = Gate::ALL.iter().map(Gate::name);
    gates
        .chain(["AncientBirthBlock", "BadProof", "Future", "PoolFull", "Stale"])
        .collect()
}

/// Under which name a refusal is counted. What the pool holds already is not refused: it comes from every peer.
pub fn of_error(error: &PoolError, names: &Names) -> Option<String> {
    let cause = match error {
        PoolError::AlreadyImported(_) => return None,
        PoolError::InvalidTransaction(why) => of_invalid(why, names),
        PoolError::UnknownTransaction(why) => of_unknown(why),
        PoolError::NoTagsProvided => "NoTags".into(),
        PoolError::TemporarilyBanned => "Banned".into(),
        PoolError::TooLowPriority { .. } => "PriorityTooLow".into(),
        PoolError::CycleDetected => "Cycle".into(),
        PoolError::ImmediatelyDropped => "PoolFull".into(),
        PoolError::Unactionable => "Unactionable".into(),
        PoolError::InvalidBlockId(_) => "NoSuchBlock".into(),
        PoolError::RejectedFutureTransaction => "Future".into(),
    };
    Some(cause)
}

pub fn of_invalid(why: &InvalidTransaction, names: &Names) -> String {
    match why {
        InvalidTransaction::Custom(code) => of_code(*code, names),
        other => format!("{other:?}"),
    }
}

fn of_code(code: u8, names: &Names) -> String {
    match Code::of(code) {
        Some(Code::Gate(gate)) => gate.name().into(),
        Some(Code::Pallet { pallet, error }) => {
            let name = names.error(pallet, error);
            name.map_or_else(|| format!("{pallet}.{error}"), Into::into)
        }
        None => format!("code-{code}"),
    }
}

pub fn of_unknown(why: &UnknownTransaction) -> String {
    match why {
        UnknownTransaction::Custom(code) => format!("unknown-{code}"),
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_that_is_there_already_is_not_refused_and_every_other_error_has_a_name() {
        let names = Names::new();
        let cause = |error| of_error(&error, &names);
        let invalid = |why| cause(PoolError::InvalidTransaction(why));
        assert_eq!(cause(PoolError::AlreadyImported(Box::new(()))), None);
        assert_eq!(invalid(InvalidTransaction::Stale).as_deref(), Some("Stale"));
        assert_eq!(cause(PoolError::ImmediatelyDropped).as_deref(), Some("PoolFull"));

        let gate = InvalidTransaction::Custom(Gate::QuotaSpent.code());
        assert_eq!(invalid(gate).as_deref(), Some("QuotaSpent"));
        // An error of every pallet that has codes has a name.
        for (pallet, _) in faultline_primitives::refusal::PALLETS {
            let code = Code::for_error(pallet, 0).expect("each has codes");
            let named = invalid(InvalidTransaction::Custom(code)).expect("it is refused");
            let (_, name) = named.split_once('.').expect("pallet and error");
            assert!(name.chars().all(|letter| letter.is_ascii_alphabetic()), "{named}");
        }
    }
}
