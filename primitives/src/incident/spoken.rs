//! How much each organisation has said on an incident: bounds are an organisation's own, so that none uses up what
//! the others need.

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use super::{Actor, Refusal};
use crate::{GroupId, OrganisationId};

/// Most attestations and withdrawals of one organisation on one incident.
pub const MAX_WORDS: u8 = 64;
/// Most replies of one provider on one incident.
pub const MAX_REPLIES: u8 = 16;
/// Most organisations that ever spoke on one incident, and groups that they left meanwhile.
pub const MAX_SPEAKERS: u32 = 1024;

/// How much one organisation has said.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Spoken {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its group when it last attested, or first spoke.
    pub group: GroupId,
    /// Its attestations and withdrawals.
    pub words: u8,
    /// Its replies.
    pub replies: u8,
    /// Whether it has disputed the record.
    pub disputed: bool,
}

/// All that ever spoke, in the order in which they first did. An organisation that attested, and attests again as one
/// of another group, stands here once more for the group it left: what it has said is told by the first.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Ledger {
    spoken: BoundedVec<Spoken, ConstU32<MAX_SPEAKERS>>,
}

impl Ledger {
    /// What an organisation has said.
    pub fn of(&self, organisation: OrganisationId) -> Option<&Spoken> {
        self.spoken
            .iter()
            .find(|spoken| spoken.organisation == organisation)
    }

    /// All that ever spoke; an organisation that left a group may stand here for that one too.
    pub fn all(&self) -> &[Spoken] {
        &self.spoken
    }

    /// Whether somebody ever attested as a member of this group, even if it took its word back or left.
    pub fn has_attested(&self, group: GroupId) -> bool {
        self.spoken
            .iter()
            .any(|spoken| spoken.group == group && spoken.words > 0)
    }

    /// Whether an organisation has a part in it, by attesting itself or through its group. It keeps that when it
    /// takes its word back or changes its group.
    pub fn has_part(&self, organisation: OrganisationId, group: GroupId) -> bool {
        self.of(organisation).is_some_and(|spoken| spoken.words > 0) || self.has_attested(group)
    }

    /// One more attestation or withdrawal.
    pub(super) fn word(&mut self, by: &Actor) -> Result<(), Refusal> {
        let spoken = self.mut_of(by)?;
        if spoken.words >= MAX_WORDS {
            return Err(Refusal::TooManyWords);
        }
        let before = *spoken;
        spoken.words = spoken.words.saturating_add(1);
        spoken.group = by.group;
        // The group that it leaves has attested all the same.
        if before.words > 0 && !self.has_attested(before.group) {
            self.spoken
                .try_push(before)
                .map_err(|_| Refusal::TooManySpeakers)?;
        }
        Ok(())
    }

    /// One more reply.
    pub(super) fn reply(&mut self, by: &Actor) -> Result<(), Refusal> {
        let spoken = self.mut_of(by)?;
        if spoken.replies >= MAX_REPLIES {
            return Err(Refusal::TooManyReplies);
        }
        spoken.replies = spoken.replies.saturating_add(1);
        Ok(())
    }

    /// The organisation's one dispute.
    pub(super) fn dispute(&mut self, by: &Actor) -> Result<(), Refusal> {
        let spoken = self.mut_of(by)?;
        if spoken.disputed {
            return Err(Refusal::DisputedAlready);
        }
        spoken.disputed = true;
        Ok(())
    }

    fn mut_of(&mut self, by: &Actor) -> Result<&mut Spoken, Refusal> {
        let known = self
            .spoken
            .iter()
            .position(|spoken| spoken.organisation == by.organisation);
        let place = match known {
            Some(place) => place,
            None => {
                let new = Spoken {
                    organisation: by.organisation,
                    group: by.group,
                    words: 0,
                    replies: 0,
                    disputed: false,
                };
                self.spoken.try_push(new).map_err(|_| Refusal::TooManySpeakers)?;
                self.spoken.len().saturating_sub(1)
            }
        };
        self.spoken.get_mut(place).ok_or(Refusal::TooManySpeakers)
    }
}
