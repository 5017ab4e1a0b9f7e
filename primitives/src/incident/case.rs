//! A dispute and its ruling: beside the verdict, never in its place.

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use super::{
    action::{Arbiters, MAX_ARBITERS},
    Actor, Dispute, Refusal,
};
use crate::{GroupId, Millis, OrganisationId, UnixMillis};

/// How a group of arbiters ruled.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Vote {
    /// The group.
    pub group: GroupId,
    /// Whether it upholds the dispute.
    pub sustain: bool,
}

/// The dispute that was opened last.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Case {
    /// Who disputes the record.
    pub by: OrganisationId,
    /// When.
    pub opened_at: UnixMillis,
    /// The groups that may rule, in order.
    pub arbiters: Arbiters,
    /// How those that have ruled did, in order of their ruling.
    pub votes: BoundedVec<Vote, ConstU32<MAX_ARBITERS>>,
}

impl Case {
    pub(super) fn open(by: &Actor, at: UnixMillis, arbiters: Arbiters) -> Self {
        Self {
            by: by.organisation,
            opened_at: at,
            arbiters,
            votes: BoundedVec::new(),
        }
    }

    /// What the votes amount to: the side that has more than half of the arbiters; open while neither has.
    pub fn ruling(&self) -> Dispute {
        let majority = |sustain: bool| {
            let votes = self.votes.iter().filter(|vote| vote.sustain == sustain).count();
            votes.saturating_mul(2) > self.arbiters.len()
        };
        match (majority(true), majority(false)) {
            (true, _) => Dispute::Sustained,
            (_, true) => Dispute::Dismissed,
            _ => Dispute::Open,
        }
    }

    /// Whether the time to rule is over.
    pub fn is_late(&self, rule_within: Millis, now: UnixMillis) -> bool {
        now >= self.opened_at.after(rule_within)
    }

    /// Takes in how an arbiter rules. One group has one vote, and keeps it.
    pub(super) fn vote(&mut self, by: &Actor, sustain: bool) -> Result<(), Refusal> {
        if !self.arbiters.contains(&by.group) {
            return Err(Refusal::NotAnArbiterOfThis);
        }
        if self.votes.iter().any(|vote| vote.group == by.group) {
            return Err(Refusal::VotedAlready);
        }
        let vote = Vote {
            group: by.group,
            sustain,
        };
        self.votes.try_push(vote).map_err(|_| Refusal::VotedAlready)
    }
}
