//! What is said and done about an incident: the entries of its log.

use alloc::boxed::Box;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use super::Refusal;
use crate::{
    attestation::{Attestation, TimeQuality},
    choice::choice,
    rules::Rules,
    service::Slug,
    Account, GroupId, IncidentId, Millis, OrganisationId, ServiceId, Sha256, Text, UnixMillis,
};

/// Most groups of arbiters that are asked to rule on one dispute.
pub const MAX_ARBITERS: u32 = 128;

/// The groups of arbiters that may rule on a dispute, frozen when it was opened.
pub type Arbiters = BoundedVec<GroupId, ConstU32<MAX_ARBITERS>>;

choice! {
    /// How the provider says that it stands.
    ReplyStatus {
        /// It looks for the cause.
        Investigating = 0,
        /// It knows the cause.
        Identified = 1,
        /// It has acted and watches.
        Monitoring = 2,
        /// It says that it is over.
        Resolved = 3,
        /// It says that the fault is not its own.
        NotUs = 4,
    }
}

choice! {
    /// What the provider says was the cause.
    Cause {
        /// Not known.
        Unknown = 0,
        /// A process, such as a change.
        Process = 1,
        /// A system that failed.
        System = 2,
        /// A person's mistake.
        HumanError = 3,
        /// Somebody else's system.
        ThirdParty = 4,
        /// Power.
        Power = 5,
        /// A cable.
        Cable = 6,
        /// A natural disaster.
        NaturalDisaster = 7,
        /// Malice.
        Malicious = 8,
        /// An order of a government.
        GovernmentDirected = 9,
    }
}

/// Who speaks, as it was at the block that recorded it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Actor {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The group that it counts with.
    pub group: GroupId,
    /// Whether it is the service's provider or of the provider's group, and so does not count.
    pub affiliated: bool,
    /// The key that signed.
    pub key: Account,
}

/// What the provider says, beside the record and never in its place: a reply without its text.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Statement {
    /// How it says that it stands.
    pub status: ReplyStatus,
    /// When it says that it began.
    pub claimed_start: Option<UnixMillis>,
    /// When it says that it ended.
    pub claimed_end: Option<UnixMillis>,
    /// How exact those times are.
    pub time_quality: TimeQuality,
    /// What it says was the cause.
    pub cause: Cause,
    /// SHA-256 of its document, such as a postmortem.
    pub document: Option<Sha256>,
}

/// The provider's word.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Reply {
    /// What it says.
    pub statement: Statement,
    /// SHA-256 of the text that goes with it; the body is stored beside the log.
    pub text: Option<Sha256>,
}

impl Statement {
    /// Whether it makes sense to somebody who hears it at `now`, with claims up to `max_clock_skew` ahead.
    pub fn check(&self, now: UnixMillis, max_clock_skew: Millis) -> Result<(), Refusal> {
        let latest = now.after(max_clock_skew);
        if [self.claimed_start, self.claimed_end]
            .into_iter()
            .flatten()
            .any(|time| time > latest)
        {
            return Err(Refusal::ClaimedInFuture);
        }
        match (self.claimed_start, self.claimed_end) {
            (Some(start), Some(end)) if start > end => Err(Refusal::ClaimedSpanReversed),
            _ => Ok(()),
        }
    }
}

/// What the first entry of an incident holds besides its first attestation: all that judging it needs.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Opening {
    /// The version of the fold in force: see [`FOLD_VERSION`].
    pub fold: u8,
    /// The service.
    pub service: ServiceId,
    /// What named the service then.
    pub slug: Slug,
    /// What people called it then.
    pub name: Text<64>,
    /// The rules in force, by which this incident is judged for ever.
    pub rules: Rules,
}

/// What an entry of an incident's log says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Action {
    /// The first attestation.
    #[codec(index = 0)]
    Opened {
        /// Who speaks.
        by: Actor,
        /// What judging needs.
        opening: Opening,
        /// What it says.
        attestation: Box<Attestation>,
    },
    /// One more attestation: it takes the place of the same organisation's last.
    #[codec(index = 1)]
    Attested {
        /// Who speaks.
        by: Actor,
        /// What it says.
        attestation: Box<Attestation>,
        /// The incident where it is withdrawn in the same step.
        moves_from: Option<IncidentId>,
    },
    /// What an organisation stood by, taken back.
    #[codec(index = 2)]
    Withdrawn {
        /// Who speaks.
        by: Actor,
        /// The incident where it attests in the same step.
        moved_to: Option<IncidentId>,
    },
    /// Nobody saw the end: every word that it goes on is stale.
    #[codec(index = 3)]
    Closed {
        /// Who says so.
        by: Actor,
    },
    /// The provider's word.
    #[codec(index = 4)]
    Replied {
        /// Who speaks.
        by: Actor,
        /// What it says.
        reply: Reply,
    },
    /// Somebody disputes the record.
    #[codec(index = 5)]
    Disputed {
        /// Who disputes it.
        by: Actor,
        /// SHA-256 of the grounds; the body is stored beside the log.
        text: Option<Sha256>,
        /// The groups of arbiters without a part in it, as they were at that block, in order.
        arbiters: Arbiters,
    },
    /// An arbiter rules on the open dispute.
    #[codec(index = 6)]
    Voted {
        /// Who rules.
        by: Actor,
        /// Whether it upholds the dispute.
        sustain: bool,
        /// SHA-256 of the reasons; the body is stored beside the log.
        text: Option<Sha256>,
    },
    /// An arbiter holds it to be the same as another incident.
    #[codec(index = 7)]
    Linked {
        /// Who links.
        by: Actor,
        /// The other incident: of the same service, and not linked itself.
        to: IncidentId,
    },
    /// An arbiter takes such a link back.
    #[codec(index = 8)]
    Unlinked {
        /// Who unlinks.
        by: Actor,
    },
}

impl Action {
    /// Who speaks.
    pub fn by(&self) -> &Actor {
        match self {
            Self::Opened { by, .. }
            | Self::Attested { by, .. }
            | Self::Withdrawn { by, .. }
            | Self::Closed { by }
            | Self::Replied { by, .. }
            | Self::Disputed { by, .. }
            | Self::Voted { by, .. }
            | Self::Linked { by, .. }
            | Self::Unlinked { by } => by,
        }
    }

    /// The SHA-256 of the text that goes with it, whose body is stored beside the log.
    pub fn text(&self) -> Option<Sha256> {
        match self {
            Self::Opened { attestation, .. } | Self::Attested { attestation, .. } => attestation.text,
            Self::Replied { reply, .. } => reply.text,
            Self::Disputed { text, .. } | Self::Voted { text, .. } => *text,
            Self::Withdrawn { .. } | Self::Closed { .. } | Self::Linked { .. } | Self::Unlinked { .. } => {
                None
            }
        }
    }
}
