//! Sessions: validators and their keys change at the turn from one to the next.
//!
//! Who is a validator the consortium's log says; by which keys it makes blocks and makes them final, each says itself.
//! A change of either is planned at the next turn and acts at the one after it: so the validators of a session are known
//! a session ahead, and a proof that a key was a validator's holds while they change.

mod currency;

use alloc::vec::Vec;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use faultline_primitives::{Account, OrganisationId};
use faultline_runtime_api::{ValidatorAnswer, ValidatorsAnswer};
use frame_support::traits::{FindAuthor, Get};
use pallet_session::{
    disabling::UpToLimitDisablingStrategy, historical, FindAccountFromAuthorIndex, PeriodicSessions,
    SessionHandler, SessionManager,
};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{
    traits::{Convert, OpaqueKeys},
    AccountId32, ConsensusEngineId, KeyTypeId,
};
use sp_staking::SessionIndex;

use crate::{
    opaque::SessionKeys, AccountId, Aura, BlockNumber, Consortium, Historical, Members, Runtime,
    RuntimeEvent, Session, System,
};

/// Sessions for which it can be proven who was a validator, back from the present one: a day of sessions of half an
/// hour. Whoever voted twice is reported within seconds, unless it was alone.
const PROVABLE_SESSIONS: SessionIndex = 48;

/// A validator: the organisation that runs it. Each runs one.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(transparent)]
pub struct Validator(pub OrganisationId);

/// No account is a validator by itself.
impl TryFrom<AccountId32> for Validator {
    type Error = ();

    fn try_from(_: AccountId32) -> Result<Self, ()> {
        Err(())
    }
}

/// The validator whose keys an admin key sets: its organisation's. That it is an admin key, the gate has seen to.
pub struct ByAdmin;

impl Convert<AccountId, Option<Validator>> for ByAdmin {
    fn convert(account: AccountId) -> Option<Validator> {
        Members::ensure_admin(&account).ok().map(Validator)
    }
}

/// For how many blocks a session lasts.
pub struct Length;

impl Get<BlockNumber> for Length {
    fn get() -> BlockNumber {
        pallet_consortium::SessionLength::<Runtime>::get().max(1)
    }
}

/// Sessions begin at block 0.
pub struct Offset;

impl Get<BlockNumber> for Offset {
    fn get() -> BlockNumber {
        0
    }
}

type Turns = PeriodicSessions<Length, Offset>;

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = Validator;
    type ValidatorIdOf = ByAdmin;
    type ShouldEndSession = Turns;
    type NextSessionRotation = Turns;
    type SessionManager = historical::NoteHistoricalRoot<Runtime, ByConsortium>;
    type SessionHandler = Handler;
    type Keys = SessionKeys;
    /// Of four one, of seven two: as many as finality can do without.
    type DisablingStrategy = UpToLimitDisablingStrategy;
    type WeightInfo = ();
    type Currency = currency::NoCurrency;
    type KeyDeposit = ();
}

/// Aura and GRANDPA, which care for the keys only. The SDK would have them name a validator by an account: each is told
/// of one that is nobody's.
pub struct Handler;

type AuraAndGrandpa = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;

fn by_account<Keys: Clone>(validators: &[(Validator, Keys)]) -> Vec<(AccountId, Keys)> {
    let nobody = AccountId32::new([0; 32]);
    validators
        .iter()
        .map(|(_, keys)| (nobody.clone(), keys.clone()))
        .collect()
}

impl SessionHandler<Validator> for Handler {
    const KEY_TYPE_IDS: &'static [KeyTypeId] = <AuraAndGrandpa as SessionHandler<AccountId>>::KEY_TYPE_IDS;

    fn on_genesis_session<Keys: OpaqueKeys>(validators: &[(Validator, Keys)]) {
        <AuraAndGrandpa as SessionHandler<AccountId>>::on_genesis_session(&by_account(validators));
    }

    fn on_new_session<Keys: OpaqueKeys>(
        changed: bool,
        validators: &[(Validator, Keys)],
        queued: &[(Validator, Keys)],
    ) {
        let (validators, queued) = (by_account(validators), by_account(queued));
        <AuraAndGrandpa as SessionHandler<AccountId>>::on_new_session(changed, &validators, &queued);
    }

    fn on_before_session_ending() {
        <AuraAndGrandpa as SessionHandler<AccountId>>::on_before_session_ending();
    }

    fn on_disabled(place: u32) {
        <AuraAndGrandpa as SessionHandler<AccountId>>::on_disabled(place);
    }
}

impl historical::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = ();
    type FullIdentificationOf = Alike;
}

/// There is nothing to tell of a validator but which it is.
pub struct Alike;

impl Convert<Validator, Option<()>> for Alike {
    fn convert(_: Validator) -> Option<()> {
        Some(())
    }
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = AdminOfAuthor;
    type EventHandler = ();
}

/// The admin key of the organisation whose validator made the block.
pub struct AdminOfAuthor;

impl FindAuthor<AccountId> for AdminOfAuthor {
    fn find_author<'a, I>(digests: I) -> Option<AccountId>
    where
        I: 'a + IntoIterator<Item = (ConsensusEngineId, &'a [u8])>,
    {
        let Validator(organisation) = FindAccountFromAuthorIndex::<Runtime, Aura>::find_author(digests)?;
        let record = Members::organisation(organisation)?;
        Some(AccountId::new(record.state.admin.0))
    }
}

/// The validators as the council has them, but for such as have no keys.
pub struct ByConsortium;

impl ByConsortium {
    fn wanted() -> Vec<(Validator, SessionKeys)> {
        let with_keys = |organisation| {
            let validator = Validator(organisation);
            Some((validator, keys_of(validator)?))
        };
        Consortium::validators()
            .into_iter()
            .filter_map(with_keys)
            .collect()
    }
}

impl historical::SessionManager<Validator, ()> for ByConsortium {
    /// The validators of a session to come, where they or their keys are others than those of the session before it;
    /// none where nothing changes, as each change makes another set of finality, which everybody must be shown.
    fn new_session(_: SessionIndex) -> Option<Vec<(Validator, ())>> {
        let wanted = Self::wanted();
        // A set of nobody would be the end of the chain.
        if wanted.is_empty() || wanted == pallet_session::QueuedKeys::<Runtime>::get() {
            return None;
        }
        Some(wanted.into_iter().map(|(validator, _)| (validator, ())).collect())
    }

    fn start_session(_: SessionIndex) {}

    fn end_session(ended: SessionIndex) {
        if let Some(oldest) = ended.checked_sub(PROVABLE_SESSIONS) {
            Historical::prune_up_to(oldest);
        }
    }
}

impl SessionManager<Validator> for ByConsortium {
    fn new_session(planned: SessionIndex) -> Option<Vec<Validator>> {
        let validators = <Self as historical::SessionManager<_, _>>::new_session(planned)?;
        Some(validators.into_iter().map(|(validator, ())| validator).collect())
    }

    fn start_session(_: SessionIndex) {}

    fn end_session(_: SessionIndex) {}
}

/// The keys that an organisation has set last.
fn keys_of(validator: Validator) -> Option<SessionKeys> {
    pallet_session::NextKeys::<Runtime>::get(validator)
}

/// A validator has keys from when it first set them.
pub struct KeysSet;

impl pallet_consortium::SessionKeys for KeysSet {
    fn are_set(organisation: OrganisationId) -> bool {
        pallet_session::NextKeys::<Runtime>::contains_key(Validator(organisation))
    }
}

/// The present session, and all who are validators in it, were planned to be, or have set keys to become one.
pub fn validators() -> ValidatorsAnswer {
    let active = pallet_session::Validators::<Runtime>::get();
    let queued = pallet_session::QueuedKeys::<Runtime>::get();
    let disabled: Vec<_> = Session::disabled_validators()
        .into_iter()
        .filter_map(|place| active.get(usize::try_from(place).ok()?))
        .collect();
    let consortium = Consortium::consortium().map(|record| record.state);
    let answer = |id: u32| {
        let organisation = OrganisationId(id);
        let validator = Validator(organisation);
        let keys = keys_of(validator);
        let is = |of: fn(&faultline_primitives::consortium::Consortium, OrganisationId) -> bool| {
            consortium
                .as_ref()
                .is_some_and(|consortium| of(consortium, organisation))
        };
        let answer = ValidatorAnswer {
            organisation,
            approved: is(|consortium, organisation| consortium.is_validator(organisation)),
            active: active.contains(&validator),
            queued: queued.iter().any(|(queued, _)| *queued == validator),
            disabled: disabled.contains(&&validator),
            accused: is(|consortium, organisation| consortium.accusation(organisation).is_some()),
            aura: keys.as_ref().map(|keys| key(keys.aura.as_ref())),
            grandpa: keys.as_ref().map(|keys| key(keys.grandpa.as_ref())),
        };
        let concerns = answer.approved || answer.active || answer.queued || answer.aura.is_some();
        concerns.then_some(answer)
    };
    let now = System::block_number();
    ValidatorsAnswer {
        session: Session::current_index(),
        session_length: Length::get(),
        next_session: now
            .saturating_sub(now % Length::get())
            .saturating_add(Length::get()),
        validators: (0..Members::count()).filter_map(answer).collect(),
    }
}

fn key(bytes: &[u8]) -> Account {
    // Both kinds of keys are 32 bytes long.
    Account(bytes.try_into().unwrap_or_default())
}
