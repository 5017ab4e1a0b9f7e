//! What the council may do, and by which majority.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{
    organisation::Roles, quota::Quota, rules::Rules, Account, GroupId, Hash, IncidentId, OrganisationId,
    ServiceId, Text,
};

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
    /// Makes an organisation one of the validators, from the next turn of sessions but one.
    #[codec(index = 16)]
    AddValidator(OrganisationId),
    /// Makes an organisation no validator any more, from the next turn of sessions but one.
    #[codec(index = 17)]
    RemoveValidator(OrganisationId),
    /// Authorizes a runtime, by the hash of its code: it can be put in place once the chain's delay is over. One that
    /// was authorized before and is not in place yet no longer is.
    #[codec(index = 18)]
    AuthorizeUpgrade(Hash),
    /// Takes back what was authorized.
    #[codec(index = 19)]
    CancelUpgrade,
    /// Publishes a checkpoint: the block before this one, with the validators that finalize what follows. The entry
    /// after this one says which.
    #[codec(index = 20)]
    PublishCheckpoint,
}

impl Act {
    /// The majority that it wants. What can change or hide what others see, the rules, the runtime and a text, wants
    /// two thirds, as does who sits in the council and who keeps the chain. To stop an upgrade is easier than to make
    /// one.
    pub fn majority(&self) -> Majority {
        match self {
            Self::SetRules(_)
            | Self::Redact(..)
            | Self::GiveSeat(_)
            | Self::TakeSeat(_)
            | Self::AddValidator(_)
            | Self::RemoveValidator(_)
            | Self::AuthorizeUpgrade(_) => Majority::TwoThirds,
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
            | Self::Unpause(..)
            | Self::CancelUpgrade
            | Self::PublishCheckpoint => Majority::OverHalf,
        }
    }
}
