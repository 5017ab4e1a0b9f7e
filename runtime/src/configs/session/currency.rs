//! No currency: `pallet-session` asks for one to hold a deposit of, and the deposit here is nothing.

use frame_support::traits::{
    fungible::{hold, Dust, Inspect, Mutate, MutateHold, Unbalanced},
    tokens::{DepositConsequence, Fortitude, Preservation, Provenance, WithdrawConsequence},
};
use sp_runtime::DispatchError;

use crate::{AccountId, RuntimeHoldReason};

type Balance = u128;

/// Of which nobody has any, and nobody can get any.
pub struct NoCurrency;

impl Inspect<AccountId> for NoCurrency {
    type Balance = Balance;

    fn total_issuance() -> Balance {
        0
    }

    fn minimum_balance() -> Balance {
        0
    }

    fn total_balance(_: &AccountId) -> Balance {
        0
    }

    fn balance(_: &AccountId) -> Balance {
        0
    }

    fn reducible_balance(_: &AccountId, _: Preservation, _: Fortitude) -> Balance {
        0
    }

    fn can_deposit(_: &AccountId, amount: Balance, _: Provenance) -> DepositConsequence {
        match amount {
            0 => DepositConsequence::Success,
            _ => DepositConsequence::UnknownAsset,
        }
    }

    fn can_withdraw(_: &AccountId, amount: Balance) -> WithdrawConsequence<Balance> {
        match amount {
            0 => WithdrawConsequence::Success,
            _ => WithdrawConsequence::UnknownAsset,
        }
    }
}

impl Unbalanced<AccountId> for NoCurrency {
    fn handle_dust(_: Dust<AccountId, Self>) {}

    fn write_balance(_: &AccountId, amount: Balance) -> Result<Option<Balance>, DispatchError> {
        nothing(amount).map(|()| None)
    }

    fn set_total_issuance(_: Balance) {}
}

impl Mutate<AccountId> for NoCurrency {}

impl hold::Inspect<AccountId> for NoCurrency {
    type Reason = RuntimeHoldReason;

    fn total_balance_on_hold(_: &AccountId) -> Balance {
        0
    }

    fn balance_on_hold(_: &RuntimeHoldReason, _: &AccountId) -> Balance {
        0
    }
}

impl hold::Unbalanced<AccountId> for NoCurrency {
    fn set_balance_on_hold(
        _: &RuntimeHoldReason,
        _: &AccountId,
        amount: Balance,
    ) -> Result<(), DispatchError> {
        nothing(amount)
    }
}

impl MutateHold<AccountId> for NoCurrency {}

fn nothing(amount: Balance) -> Result<(), DispatchError> {
    match amount {
        0 => Ok(()),
        _ => Err(DispatchError::Unavailable),
    }
}
