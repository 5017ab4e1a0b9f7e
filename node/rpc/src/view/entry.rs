//! The entries of an incident's log in JSON.

use faultline_primitives::{
    attestation::{Attestation, Claim, EvidenceKind, Kind, Method, Severity, TimeQuality},
    incident::{Action, Actor},
    rules::Rules,
    Account, Country, Entry, GroupId, IncidentId, OrganisationId, ServiceId, Sha256,
};
use serde::{Deserialize, Serialize};

use super::{
    incident::{ReplyView, ScopeView, SpanView, TimeKind},
    Utc,
};

/// An entry of an incident's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EntryView {
    /// Its place in the log.
    pub number: u32,
    /// The block that recorded it.
    pub block: u32,
    /// That block's time.
    pub recorded_at: Utc,
    /// Who speaks, as it was at that block.
    pub by: ActorView,
    /// What was said or done.
    #[serde(flatten)]
    pub action: ActionView,
    /// The body of its text.
    pub text: Option<String>,
    /// When the council redacted that body, if it did.
    pub redacted_at: Option<Utc>,
}

/// What was said or done; `what` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "what", rename_all_fields = "camelCase")]
pub enum ActionView {
    /// The first attestation.
    Opened {
        /// What judging needs.
        opening: OpeningView,
        /// What it says.
        attestation: AttestationView,
    },
    /// One more attestation.
    Attested {
        /// What it says.
        attestation: AttestationView,
        /// The incident where it was withdrawn in the same step.
        moves_from: Option<IncidentId>,
    },
    /// A word taken back.
    Withdrawn {
        /// The incident where it attests in the same step.
        moved_to: Option<IncidentId>,
    },
    /// Nobody saw the end.
    Closed,
    /// The provider's word.
    Replied {
        /// What it says.
        reply: ReplyView,
    },
    /// The record is disputed.
    Disputed {
        /// SHA-256 of the grounds.
        text_sha256: Option<Sha256>,
        /// The groups that may rule.
        arbiters: Vec<GroupId>,
    },
    /// An arbiter rules.
    Voted {
        /// Whether it upholds the dispute.
        sustain: bool,
        /// SHA-256 of the reasons.
        text_sha256: Option<Sha256>,
    },
    /// An arbiter holds it to be a duplicate.
    Linked {
        /// Of this incident.
        to: IncidentId,
    },
    /// An arbiter takes the link back.
    Unlinked,
}

impl EntryView {
    /// The view of an entry with the body of its text, or when that was redacted.
    pub fn new(number: u32, entry: Entry<Action>, text: Option<String>, redacted_at: Option<Utc>) -> Self {
        Self {
            number,
            block: entry.block,
            recorded_at: Utc(entry.at),
            by: (*entry.action.by()).into(),
            action: entry.action.into(),
            text,
            redacted_at,
        }
    }
}

impl From<Action> for ActionView {
    fn from(action: Action) -> Self {
        match action {
            Action::Opened {
                opening, attestation, ..
            } => Self::Opened {
                opening: OpeningView {
                    fold: opening.fold,
                    service: opening.service,
                    slug: opening.slug.to_string(),
                    name: opening.name.to_string(),
                    rules: opening.rules,
                },
                attestation: (*attestation).into(),
            },
            Action::Attested {
                attestation,
                moves_from,
                ..
            } => Self::Attested {
                attestation: (*attestation).into(),
                moves_from,
            },
            Action::Withdrawn { moved_to, .. } => Self::Withdrawn { moved_to },
            Action::Closed { .. } => Self::Closed,
            Action::Replied { reply, .. } => Self::Replied { reply: reply.into() },
            Action::Disputed { text, arbiters, .. } => Self::Disputed {
                text_sha256: text,
                arbiters: arbiters.to_vec(),
            },
            Action::Voted { sustain, text, .. } => Self::Voted {
                sustain,
                text_sha256: text,
            },
            Action::Linked { to, .. } => Self::Linked { to },
            Action::Unlinked { .. } => Self::Unlinked,
        }
    }
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActorView {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The group that it counts with.
    pub group: GroupId,
    /// Whether it is the provider or of its group.
    pub affiliated: bool,
    /// The key that signed.
    pub key: Account,
}

/// What the first entry holds besides its attestation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpeningView {
    /// The version of the fold.
    pub fold: u8,
    /// The number of the service.
    pub service: ServiceId,
    /// What named the service then.
    pub slug: String,
    /// What people called it then.
    pub name: String,
    /// The rules in force then.
    pub rules: Rules,
}

/// What a reporter says it saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AttestationView {
    /// What it says of the service.
    pub claim: Claim,
    /// What kind of failure.
    pub kind: Kind,
    /// How bad.
    pub severity: Severity,
    /// Where.
    pub scope: ScopeView,
    /// Whether the span was measured or only said.
    pub time_kind: TimeKind,
    /// From when to when.
    pub span: SpanView,
    /// Failing intervals within the span.
    pub intervals: Vec<SpanView>,
    /// How exact the times are.
    pub time_quality: TimeQuality,
    /// How the reporter knows.
    pub method: Method,
    /// Where it looked from.
    pub vantages: Vec<VantageView>,
    /// Documents that support it.
    pub evidence: Vec<EvidenceView>,
    /// SHA-256 of its text.
    pub text_sha256: Option<Sha256>,
}

/// What was seen from one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VantageView {
    /// The country.
    pub country: Country,
    /// The autonomous system.
    pub asn: u32,
    /// How many samples were taken.
    pub samples: u32,
    /// How many of them failed.
    pub failed: u32,
}

/// A document that supports an attestation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EvidenceView {
    /// SHA-256 of the document.
    pub sha256: Sha256,
    /// What it is.
    pub kind: EvidenceKind,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// Where it may be had.
    pub uri: Option<String>,
    /// When it was made.
    pub captured_at: Utc,
}

impl From<Actor> for ActorView {
    fn from(actor: Actor) -> Self {
        let Actor {
            organisation,
            group,
            affiliated,
            key,
        } = actor;
        Self {
            organisation,
            group,
            affiliated,
            key,
        }
    }
}

impl From<Attestation> for AttestationView {
    fn from(attestation: Attestation) -> Self {
        let Attestation { observation, text } = attestation;
        let evidence = observation.evidence.into_iter().map(|evidence| EvidenceView {
            sha256: evidence.sha256,
            kind: evidence.kind,
            media_type: evidence.media_type.to_string(),
            size: evidence.size,
            uri: evidence.uri.map(|uri| uri.to_string()),
            captured_at: Utc(evidence.captured_at),
        });
        let vantages = observation.vantages.into_iter().map(|vantage| VantageView {
            country: vantage.place.country,
            asn: vantage.place.asn,
            samples: vantage.samples,
            failed: vantage.failed,
        });
        Self {
            claim: observation.claim,
            kind: observation.kind,
            severity: observation.severity,
            scope: (&observation.scope).into(),
            time_kind: TimeKind::of(observation.method.measures()),
            span: observation.observed.into(),
            intervals: observation.intervals.into_iter().map(Into::into).collect(),
            time_quality: observation.time_quality,
            method: observation.method,
            vantages: vantages.collect(),
            evidence: evidence.collect(),
            text_sha256: text,
        }
    }
}
