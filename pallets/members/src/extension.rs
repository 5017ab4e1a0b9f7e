//! The gate: the transaction extension that stands in for fees.
//!
//! It admits only calls that a member may make, charges the member's quota for them, and turns away in the pool,
//! with a code of its own, whatever is sure to fail. What is refused there costs nobody anything; what fails in a
//! block costs quota.
//!
//! It takes the place of the SDK's nonce check, and keeps its name and encoding, so that every wallet and client
//! fills it in unasked. It has to know the nonce: the pool judges each transaction alone, so only the distance of
//! a transaction's nonce from the account's tells how many others wait before it, and whether the quota will have
//! room for them all.

use core::{fmt, marker::PhantomData};

use codec::{Decode, DecodeWithMemTracking, Encode};
use faultline_pallet_log as log;
use faultline_primitives::{
    organisation::{Roles, Status},
    quota::{Quota, Spent},
    refusal::{Code, Gate},
    OrganisationId,
};
use frame_support::{
    dispatch::{DispatchInfo, PostDispatchInfo},
    storage::{with_transaction, TransactionOutcome},
    traits::Time,
    weights::Weight,
};
use frame_system::CheckNonce;
use scale_info::TypeInfo;
use sp_runtime::{
    traits::{
        AsSystemOriginSigner, DispatchInfoOf, Dispatchable, Get, Implication, TransactionExtension,
        ValidateResult,
    },
    transaction_validity::{
        InvalidTransaction, TransactionPriority, TransactionSource, TransactionValidityError,
        ValidTransaction,
    },
    AccountId32, DispatchError, ModuleError, SaturatedConversion,
};

use crate::pallet::{Config, Keys, Organisations, SpentByKey, SpentByOrganisation};
use crate::types::KeyUse;
use crate::weights::WeightInfo;

/// Who may make a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nobody, by a transaction like this, and why.
    Refused(Gate),
    /// An admin key.
    Admin,
    /// A reporter key of an organisation that has one of these roles.
    Role(&'static [Role]),
}

/// A role, of those that an organisation may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// May attest.
    Reporter,
    /// May reply for its services.
    Provider,
    /// May rule.
    Arbiter,
}

impl Role {
    fn is_among(self, roles: &Roles) -> bool {
        match self {
            Self::Reporter => roles.reporter,
            Self::Provider => roles.provider,
            Self::Arbiter => roles.arbiter,
        }
    }
}

/// Says of each call who may make it and what it costs.
pub trait Gatekeeper<Call> {
    /// Who may make the call.
    fn access(call: &Call) -> Access;

    /// How many actions the call costs.
    fn cost(call: &Call) -> u32;

    /// What no two transactions that wait at the same time may both be: a second with the same mark waits outside.
    fn mark(organisation: OrganisationId, call: &Call) -> Option<alloc::vec::Vec<u8>>;

    /// The name of the pallet with this index in the metadata.
    fn pallet_name(index: u8) -> Option<&'static str>;
}

/// Admits members' calls, within their quota and in the order of their nonces. See the module's text.
#[derive(Encode, Decode, DecodeWithMemTracking, Clone, Eq, PartialEq, TypeInfo)]
#[scale_info(skip_type_params(T))]
pub struct CheckMember<T: Config>(#[codec(compact)] pub T::Nonce);

impl<T: Config> fmt::Debug for CheckMember<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CheckMember({:?})", self.0)
    }
}

/// Whom to charge for a call, and how much.
#[derive(Debug)]
pub struct Admitted<T> {
    who: AccountId32,
    organisation: OrganisationId,
    usage: KeyUse,
    key_quota: Quota,
    quota: Quota,
    cost: u32,
    /// What the key and its organisation had spent when it was admitted.
    spent: (Spent, Spent),
    _marker: PhantomData<T>,
}

impl<T: Config> Admitted<T> {
    fn of(who: &AccountId32, call: &T::RuntimeCall) -> Result<Self, Gate> {
        let access = T::Gatekeeper::access(call);
        let key = Keys::<T>::get(who).ok_or(Gate::UnknownSigner)?;
        if key.revoked {
            return Err(Gate::RevokedKey);
        }
        let organisation = Organisations::<T>::get(key.organisation)
            .ok_or(Gate::UnknownSigner)?
            .state;
        if organisation.status == Status::Suspended {
            return Err(Gate::SuspendedOrganisation);
        }
        let key_quota = match (access, key.usage) {
            (Access::Refused(why), _) => return Err(why),
            (Access::Admin, KeyUse::Reporter) => return Err(Gate::AdminKeyNeeded),
            (Access::Role(_), KeyUse::Admin) => return Err(Gate::ReporterKeyNeeded),
            (Access::Role(wanted), KeyUse::Reporter) => {
                if !wanted.iter().any(|role| role.is_among(&organisation.roles)) {
                    return Err(Gate::RoleMissing);
                }
                organisation.key_quota()
            }
            (Access::Admin, KeyUse::Admin) => T::AdminQuota::get(),
        };
        Ok(Self {
            who: who.clone(),
            organisation: key.organisation,
            usage: key.usage,
            key_quota,
            quota: organisation.quota,
            cost: T::Gatekeeper::cost(call),
            spent: Self::spent(who, key.organisation, key.usage),
            _marker: PhantomData,
        })
    }

    /// What a key and, of a reporter key, its organisation have spent.
    fn spent(who: &AccountId32, organisation: OrganisationId, usage: KeyUse) -> (Spent, Spent) {
        let by_all = match usage {
            KeyUse::Admin => Spent::default(),
            KeyUse::Reporter => SpentByOrganisation::<T>::get(organisation),
        };
        (SpentByKey::<T>::get(who), by_all)
    }

    /// What the key and, of a reporter key, its organisation will have spent after `cost` more actions.
    fn charge(&self, cost: u32) -> Option<(Spent, Option<Spent>)> {
        let now = log::block::<T>();
        let (by_key, by_all) = self.spent;
        let by_key = by_key.charge(self.key_quota, now, cost)?;
        let by_all = match self.usage {
            KeyUse::Admin => None,
            KeyUse::Reporter => Some(by_all.charge(self.quota, now, cost)?),
        };
        Some((by_key, by_all))
    }

    /// What the pool takes first of two: an admin's, who manages keys and must get through a crowd of reports; and of
    /// reporters', theirs whose organisation has done less of late, and has fewer waiting before it. So whoever floods
    /// the pool waits behind everybody else, and where the pool is full it is theirs that goes.
    fn priority(&self, waiting: u32) -> TransactionPriority {
        match self.usage {
            KeyUse::Admin => ADMINS,
            KeyUse::Reporter => {
                let (_, by_all) = self.spent;
                let done = by_all.at(self.quota, log::block::<T>());
                REPORTERS
                    .saturating_sub(done.into())
                    .saturating_sub(waiting.into())
            }
        }
    }

    /// Charges the quota, by what is spent by now.
    fn pay(mut self) -> Result<(), Gate> {
        self.spent = Self::spent(&self.who, self.organisation, self.usage);
        let (by_key, by_all) = self.charge(self.cost).ok_or(Gate::QuotaSpent)?;
        SpentByKey::<T>::insert(&self.who, by_key);
        if let Some(by_all) = by_all {
            SpentByOrganisation::<T>::insert(self.organisation, by_all);
        }
        Ok(())
    }
}

/// The priority of what an admin signs.
const ADMINS: TransactionPriority = TransactionPriority::MAX / 2;
/// That of what a reporter signs whose organisation has done nothing of late.
const REPORTERS: TransactionPriority = TransactionPriority::MAX / 4;

fn refuse(gate: Gate) -> TransactionValidityError {
    InvalidTransaction::Custom(gate.code()).into()
}

/// What the pool answers to a call that fails with this error when it is tried.
fn doomed<G: Gatekeeper<Call>, Call>(error: DispatchError) -> TransactionValidityError {
    let code = match error {
        DispatchError::Module(ModuleError {
            index,
            error: [error, ..],
            ..
        }) => G::pallet_name(index).and_then(|pallet| Code::for_error(pallet, error)),
        _ => None,
    };
    InvalidTransaction::Custom(code.unwrap_or(Gate::WouldFail.code())).into()
}

impl<T: Config> TransactionExtension<T::RuntimeCall> for CheckMember<T>
where
    T::RuntimeCall: Dispatchable<RuntimeOrigin = T::RuntimeOrigin, Info = DispatchInfo, PostInfo = PostDispatchInfo>
        + Clone,
    T::RuntimeOrigin: AsSystemOriginSigner<AccountId32> + Clone,
{
    const IDENTIFIER: &'static str = "CheckNonce";
    type Implicit = ();
    type Val = Admitted<T>;
    type Pre = ();

    fn weight(&self, _: &T::RuntimeCall) -> Weight {
        T::WeightInfo::check_member()
    }

    fn validate(
        &self,
        origin: T::RuntimeOrigin,
        call: &T::RuntimeCall,
        _info: &DispatchInfoOf<T::RuntimeCall>,
        _len: usize,
        _implicit: (),
        _implication: &impl Implication,
        source: TransactionSource,
    ) -> ValidateResult<Self::Val, T::RuntimeCall> {
        let who = origin
            .as_system_origin_signer()
            .ok_or(InvalidTransaction::BadSigner)?;
        let admitted = Admitted::<T>::of(who, call).map_err(refuse)?;
        let nonce = CheckNonce::<T>::validate_nonce_for_account(who, self.0)?;

        let account_nonce = frame_system::Pallet::<T>::account_nonce(who);
        let waiting: u32 = sp_runtime::Saturating::saturating_sub(self.0, account_nonce).saturated_into();
        let first_in_line = waiting == 0;
        if admitted.charge(admitted.cost).is_none() {
            return Err(refuse(Gate::QuotaSpent));
        }
        if admitted.charge(admitted.cost.saturating_add(waiting)).is_none() {
            return Err(refuse(Gate::TooManyPending));
        }

        // In the pool, try what comes next of this key, and take nothing that fails. Behind others of the same
        // key it may yet come to be right. In a block the call itself decides: trying it first would do all twice.
        // Before the first block the chain has no time, and every claim would lie in its future.
        let has_time = T::Time::now() > 0;
        if first_in_line && has_time && source != TransactionSource::InBlock {
            let tried = with_transaction(|| {
                TransactionOutcome::Rollback(Ok::<_, DispatchError>(call.clone().dispatch(origin.clone())))
            });
            if let Ok(Err(failed)) = tried {
                return Err(doomed::<T::Gatekeeper, _>(failed.error));
            }
        }

        let mut provides = nonce.provides;
        provides.extend(T::Gatekeeper::mark(admitted.organisation, call));
        let validity = ValidTransaction {
            priority: admitted.priority(waiting),
            requires: nonce.requires,
            provides,
            ..Default::default()
        };
        Ok((validity, admitted, origin))
    }

    fn prepare(
        self,
        admitted: Self::Val,
        _origin: &T::RuntimeOrigin,
        _call: &T::RuntimeCall,
        _info: &DispatchInfoOf<T::RuntimeCall>,
        _len: usize,
    ) -> Result<(), TransactionValidityError> {
        CheckNonce::<T>::prepare_nonce_for_account(&admitted.who, self.0)?;
        admitted.pay().map_err(refuse)
    }
}
