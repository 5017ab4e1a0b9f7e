//! Who keeps the chain: the council's seats, and the acts by which it governs.
//!
//! There is one log, of the whole consortium. It begins with the seats of the genesis block; every further entry is
//! an act that a motion carried, with the votes that carried it. The fold refuses an act without the majority that
//! it wants, so that whoever replays the log has checked every majority.

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{
    log::{Fold, What},
    organisation::Roles,
    quota::Quota,
    rules::Rules,
    Account, Entry, GroupId, IncidentId, OrganisationId, ServiceId, Text,
};

/// Most seats of the council.
pub const MAX_SEATS: u32 = 64;

/// The organisations that have a seat, by number. Each has one seat and one vote.
pub type Seats = BoundedVec<OrganisationId, ConstU32<MAX_SEATS>>;

/// How many of the seats must be for a motion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Majority {
    /// More than half of them.
    OverHalf,
    /// At least two thirds of them.
    TwoThirds,
}

impl Majority {
    /// The fewest ayes that carry a motion in a council of so many seats.
    pub fn ayes(self, seats: u32) -> u32 {
        match self {
            Self::OverHalf => (seats / 2).saturating_add(1),
            Self::TwoThirds => seats.saturating_mul(2).div_ceil(3).max(1),
        }
    }
}

/// What the council does.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Act {
    /// Admits an organisation; the log of that organisation begins with all there is to know of it.
    #[codec(index = 0)]
    Admit {
        /// Its name.
        name: Text<64>,
        /// Its admin key.
        admin: Account,
    },
    /// Suspends an organisation.
    #[codec(index = 1)]
    Suspend(OrganisationId),
    /// Takes a suspension back.
    #[codec(index = 2)]
    Reinstate(OrganisationId),
    /// Sets what an organisation may do.
    #[codec(index = 3)]
    SetRoles(OrganisationId, Roles),
    /// Sets with whom an organisation counts together.
    #[codec(index = 4)]
    SetGroup(OrganisationId, GroupId),
    /// Sets how much an organisation may do.
    #[codec(index = 5)]
    SetQuota(OrganisationId, Quota),
    /// Puts another admin key in place, for an organisation that lost its own.
    #[codec(index = 6)]
    ResetAdmin(OrganisationId, Account),
    /// Lists a service, or no longer does.
    #[codec(index = 7)]
    List(ServiceId, bool),
    /// Says who provides a service.
    #[codec(index = 8)]
    AssignProvider(ServiceId, Option<OrganisationId>),
    /// Retires a service.
    #[codec(index = 9)]
    Retire(ServiceId),
    /// Sets the rules for incidents to come.
    #[codec(index = 10)]
    SetRules(Rules),
    /// Redacts the body of a text, by the incident and the number of the entry that commits to it.
    #[codec(index = 11)]
    Redact(IncidentId, u32),
    /// Gives an organisation a seat.
    #[codec(index = 12)]
    GiveSeat(OrganisationId),
    /// Takes an organisation's seat.
    #[codec(index = 13)]
    TakeSeat(OrganisationId),
    /// Pauses a call of the members', by its pallet and its name in the metadata.
    #[codec(index = 14)]
    Pause(Text<32>, Text<32>),
    /// Opens a paused call again.
    #[codec(index = 15)]
    Unpause(Text<32>, Text<32>),
}

impl Act {
    /// The majority that it wants. What can change or hide what others see, the rules and a text, wants two thirds,
    /// as does who sits in the council.
    pub fn majority(&self) -> Majority {
        match self {
            Self::SetRules(_) | Self::Redact(..) | Self::GiveSeat(_) | Self::TakeSeat(_) => {
                Majority::TwoThirds
            }
            Self::Admit { .. }
            | Self::Suspend(_)
            | Self::Reinstate(_)
            | Self::SetRoles(..)
            | Self::SetGroup(..)
            | Self::SetQuota(..)
            | Self::ResetAdmin(..)
            | Self::List(..)
            | Self::AssignProvider(..)
            | Self::Retire(_)
            | Self::Pause(..)
            | Self::Unpause(..) => Majority::OverHalf,
        }
    }
}

/// What an entry of the consortium's log says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Action {
    /// The chain begins with these seats.
    #[codec(index = 0)]
    Founded(Seats),
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
}

/// The consortium as its log makes it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Consortium {
    /// Who has a seat.
    pub seats: Seats,
}

/// Why an entry is no entry of the consortium's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The log begins with the founding, and has no other.
    OutOfPlace,
    /// There are no seats at the founding, they are not in order, or one is there twice.
    SeatsUnfit,
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
}

impl Fold for Consortium {
    const WHAT: What = What::Consortium;
    type Id = ();
    type Action = Action;
    type Refusal = Refusal;

    fn open((): (), entry: &Entry<Action>) -> Result<Self, Refusal> {
        let Action::Founded(seats) = &entry.action else {
            return Err(Refusal::OutOfPlace);
        };
        let in_order = seats.windows(2).all(|pair| pair.first() < pair.last());
        if seats.is_empty() || !in_order {
            return Err(Refusal::SeatsUnfit);
        }
        Ok(Self { seats: seats.clone() })
    }

    fn apply(mut self, _: u32, entry: &Entry<Action>) -> Result<Self, Refusal> {
        let Action::Enacted { act, ayes, seats } = &entry.action else {
            return Err(Refusal::OutOfPlace);
        };
        if *seats != self.count() || ayes > seats {
            return Err(Refusal::VotesUnfit);
        }
        if *ayes < act.majority().ayes(*seats) {
            return Err(Refusal::MajorityMissing);
        }
        match act {
            Act::GiveSeat(organisation) => {
                let place = match self.seats.binary_search(organisation) {
                    Ok(_) => return Err(Refusal::SeatedAlready),
                    Err(place) => place,
                };
                self.seats
                    .try_insert(place, *organisation)
                    .map_err(|_| Refusal::TooManySeats)?;
            }
            Act::TakeSeat(organisation) => {
                let place = self.seats.binary_search(organisation);
                let place = place.map_err(|_| Refusal::NotSeated)?;
                if self.seats.len() == 1 {
                    return Err(Refusal::LastSeat);
                }
                self.seats.remove(place);
            }
            // Everything else is an entry of the log that it concerns, too.
            _ => {}
        }
        Ok(self)
    }
}

impl Consortium {
    /// How many seats there are.
    pub fn count(&self) -> u32 {
        u32::try_from(self.seats.len()).unwrap_or(u32::MAX)
    }

    /// Whether an organisation has a seat.
    pub fn has_seat(&self, organisation: OrganisationId) -> bool {
        self.seats.binary_search(&organisation).is_ok()
    }
}
