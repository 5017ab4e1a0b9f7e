//! Who keeps the chain: the council's seats and the acts by which it governs, the validators, the runtime, and the
//! checkpoints that it publishes.
//!
//! There is one log, of the whole consortium. It begins with the seats and the validators of the genesis block. Most
//! further entries are acts that a motion carried, with the votes that carried it; the fold refuses an act without the
//! majority that it wants, so that whoever replays the log has checked every majority. The others say what came of an
//! act, or what the chain itself saw: a runtime put in place after its delay, a checkpoint, a validator that voted
//! twice.

mod act;

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

pub use act::{Act, Majority};

use crate::{
    log::{Fold, What},
    BlockNumber, Entry, Hash, Millis, OrganisationId, UnixMillis,
};

/// Most seats of the council.
pub const MAX_SEATS: u32 = 64;
/// Most validators of a chain.
pub const MAX_VALIDATORS: u32 = 100;

/// The organisations that have a seat, by number. Each has one seat and one vote.
pub type Seats = BoundedVec<OrganisationId, ConstU32<MAX_SEATS>>;
/// The organisations that keep the chain, by number. Each is one validator.
pub type Validators = BoundedVec<OrganisationId, ConstU32<MAX_VALIDATORS>>;

/// What an entry of the consortium's log says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Action {
    /// The chain begins.
    #[codec(index = 0)]
    Founded {
        /// Who has a seat.
        seats: Seats,
        /// Who is a validator.
        validators: Validators,
        /// Fewest validators that the chain is ever left with.
        floor: u32,
        /// How long a runtime waits in the open between its authorization and its being put in place. No act changes
        /// it: whoever could shorten it first would not have to wait.
        upgrade_delay: Millis,
    },
    /// The council did something.
    #[codec(index = 1)]
    Enacted {
        /// What.
        act: Act,
        /// How many seats were for it.
        ayes: u32,
        /// Of how many.
        seats: u32,
    },
    /// A validator voted for two blocks in one round of finality, and was shown to have done so. It makes no more
    /// blocks, and the council is asked to remove it.
    #[codec(index = 2)]
    Equivocated {
        /// Who.
        validator: OrganisationId,
        /// The session in which it did.
        session: u32,
    },
    /// A runtime that was authorized was put in place.
    #[codec(index = 3)]
    Upgraded {
        /// The hash of its code.
        code: Hash,
        /// Its version.
        spec_version: u32,
    },
    /// A checkpoint.
    #[codec(index = 4)]
    Checkpointed(Checkpoint),
}

/// A block, and who finalizes what follows it: whoever trusts this needs to know nothing of what was before.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Checkpoint {
    /// The block's number.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: Hash,
    /// The number of the set of validators that finalizes the blocks after it, as GRANDPA counts them.
    pub set_id: u64,
    /// That set: blake2_256 of the SCALE encoding of its list of keys (ed25519) and weights.
    pub set: Hash,
}

/// A runtime that is authorized and not in place yet.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Upgrade {
    /// The hash of its code.
    pub code: Hash,
    /// When it may be put in place.
    pub due: UnixMillis,
}

/// A validator that voted twice, and is still one.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Accusation {
    /// Who.
    pub validator: OrganisationId,
    /// The last session in which it is known to have done so.
    pub session: u32,
}

/// The consortium as its log makes it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Consortium {
    /// Who has a seat.
    pub seats: Seats,
    /// Who is a validator, as the council has it. A change takes two turns of sessions until it acts.
    pub validators: Validators,
    /// Fewest validators that the chain is ever left with.
    pub floor: u32,
    /// How long a runtime waits in the open before it can be put in place.
    pub upgrade_delay: Millis,
    /// Validators that voted twice, in the order of their first such vote.
    pub accused: BoundedVec<Accusation, ConstU32<MAX_VALIDATORS>>,
    /// The runtime that waits.
    pub upgrade: Option<Upgrade>,
    /// The latest checkpoint.
    pub checkpoint: Option<Checkpoint>,
}

/// Why an entry is no entry of the consortium's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The log begins with the founding, and has no other.
    OutOfPlace,
    /// There are no seats at the founding, they are not in order, or one is there twice.
    SeatsUnfit,
    /// There are no validators at the founding, they are not in order, or one is there twice.
    ValidatorsUnfit,
    /// The floor is none, or above the number of validators.
    FloorUnfit,
    /// The votes are not those of as many seats as there are.
    VotesUnfit,
    /// The ayes are fewer than the act wants.
    MajorityMissing,
    /// The organisation has a seat already.
    SeatedAlready,
    /// The organisation has no seat.
    NotSeated,
    /// The council has as many seats as it may.
    TooManySeats,
    /// A council without a seat could never act again.
    LastSeat,
    /// The organisation is a validator already.
    ValidatorAlready,
    /// The organisation is no validator.
    NotValidator,
    /// There are as many validators as there may be.
    TooManyValidators,
    /// There are as few validators as there may be.
    TooFewValidators,
    /// No runtime is authorized.
    NoUpgrade,
    /// Another runtime is authorized.
    OtherUpgrade,
    /// The runtime's delay is not over.
    UpgradeTooEarly,
    /// A later block than this is the latest checkpoint already.
    CheckpointBackwards,
}

impl Fold for Consortium {
    const WHAT: What = What::Consortium;
    type Id = ();
    type Action = Action;
    type Refusal = Refusal;

    fn open((): (), entry: &Entry<Action>) -> Result<Self, Refusal> {
        let Action::Founded {
            seats,
            validators,
            floor,
            upgrade_delay,
        } = &entry.action
        else {
            return Err(Refusal::OutOfPlace);
        };
        if !is_set(seats) {
            return Err(Refusal::SeatsUnfit);
        }
        if !is_set(validators) {
            return Err(Refusal::ValidatorsUnfit);
        }
        if *floor == 0 || *floor > count(validators) {
            return Err(Refusal::FloorUnfit);
        }
        Ok(Self {
            seats: seats.clone(),
            validators: validators.clone(),
            floor: *floor,
            upgrade_delay: *upgrade_delay,
            accused: BoundedVec::new(),
            upgrade: None,
            checkpoint: None,
        })
    }

    fn apply(mut self, _: u32, entry: &Entry<Action>) -> Result<Self, Refusal> {
        match &entry.action {
            Action::Founded { .. } => return Err(Refusal::OutOfPlace),
            Action::Enacted { act, ayes, seats } => self.enact(act, *ayes, *seats, entry.at)?,
            Action::Equivocated { validator, session } => self.accuse(*validator, *session),
            Action::Upgraded { code, .. } => {
                self.may_upgrade(*code, entry.at)?;
                self.upgrade = None;
            }
            Action::Checkpointed(checkpoint) => {
                if self
                    .checkpoint
                    .is_some_and(|last| last.number >= checkpoint.number)
                {
                    return Err(Refusal::CheckpointBackwards);
                }
                self.checkpoint = Some(*checkpoint);
            }
        }
        Ok(self)
    }
}

impl Consortium {
    /// How many seats there are.
    pub fn count(&self) -> u32 {
        count(&self.seats)
    }

    /// Whether an organisation has a seat.
    pub fn has_seat(&self, organisation: OrganisationId) -> bool {
        self.seats.binary_search(&organisation).is_ok()
    }

    /// Whether an organisation is a validator, as the council has it.
    pub fn is_validator(&self, organisation: OrganisationId) -> bool {
        self.validators.binary_search(&organisation).is_ok()
    }

    /// What a validator is accused of.
    pub fn accusation(&self, validator: OrganisationId) -> Option<&Accusation> {
        self.accused.iter().find(|accused| accused.validator == validator)
    }

    /// Whether the runtime of this code may be put in place now.
    ///
    /// # Errors
    ///
    /// None is authorized, or another, or its delay is not over.
    pub fn may_upgrade(&self, code: Hash, now: UnixMillis) -> Result<(), Refusal> {
        let waiting = self.upgrade.ok_or(Refusal::NoUpgrade)?;
        if waiting.code != code {
            return Err(Refusal::OtherUpgrade);
        }
        if now < waiting.due {
            return Err(Refusal::UpgradeTooEarly);
        }
        Ok(())
    }

    fn enact(&mut self, act: &Act, ayes: u32, seats: u32, at: UnixMillis) -> Result<(), Refusal> {
        if seats != self.count() || ayes > seats {
            return Err(Refusal::VotesUnfit);
        }
        if ayes < act.majority().ayes(seats) {
            return Err(Refusal::MajorityMissing);
        }
        match act {
            Act::GiveSeat(organisation) => {
                enter(
                    &mut self.seats,
                    *organisation,
                    Refusal::SeatedAlready,
                    Refusal::TooManySeats,
                )?;
            }
            Act::TakeSeat(organisation) => {
                let place = place_of(&self.seats, *organisation).ok_or(Refusal::NotSeated)?;
                if self.seats.len() == 1 {
                    return Err(Refusal::LastSeat);
                }
                self.seats.remove(place);
            }
            Act::AddValidator(organisation) => enter(
                &mut self.validators,
                *organisation,
                Refusal::ValidatorAlready,
                Refusal::TooManyValidators,
            )?,
            Act::RemoveValidator(organisation) => {
                let place = place_of(&self.validators, *organisation).ok_or(Refusal::NotValidator)?;
                if count(&self.validators) <= self.floor {
                    return Err(Refusal::TooFewValidators);
                }
                self.validators.remove(place);
                self.accused.retain(|accused| accused.validator != *organisation);
            }
            Act::AuthorizeUpgrade(code) => {
                self.upgrade = Some(Upgrade {
                    code: *code,
                    due: at.after(self.upgrade_delay),
                });
            }
            Act::CancelUpgrade => {
                self.upgrade.take().ok_or(Refusal::NoUpgrade)?;
            }
            // The checkpoint is an entry of its own. Everything else is an entry of the log that it concerns, too.
            _ => {}
        }
        Ok(())
    }

    /// Who was removed since is accused of nothing: there is nothing left to ask the council for.
    fn accuse(&mut self, validator: OrganisationId, session: u32) {
        if !self.is_validator(validator) {
            return;
        }
        let accusation = Accusation { validator, session };
        match self
            .accused
            .iter_mut()
            .find(|accused| accused.validator == validator)
        {
            Some(accused) => accused.session = accused.session.max(session),
            // There are no more accused than validators.
            None => self.accused.try_push(accusation).unwrap_or(()),
        }
    }
}

fn is_set(organisations: &[OrganisationId]) -> bool {
    let in_order = organisations.windows(2).all(|pair| pair.first() < pair.last());
    !organisations.is_empty() && in_order
}

fn count(organisations: &[OrganisationId]) -> u32 {
    u32::try_from(organisations.len()).unwrap_or(u32::MAX)
}

fn place_of(organisations: &[OrganisationId], organisation: OrganisationId) -> Option<usize> {
    organisations.binary_search(&organisation).ok()
}

fn enter<const MOST: u32>(
    organisations: &mut BoundedVec<OrganisationId, ConstU32<MOST>>,
    organisation: OrganisationId,
    there: Refusal,
    full: Refusal,
) -> Result<(), Refusal> {
    match organisations.binary_search(&organisation) {
        Ok(_) => Err(there),
        Err(place) => organisations.try_insert(place, organisation).map_err(|_| full),
    }
}
