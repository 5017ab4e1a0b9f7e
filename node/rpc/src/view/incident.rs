//! Incidents in JSON.

use std::collections::BTreeMap;

use faultline_primitives::{
    attestation::{Claim, Kind, Scope, Severity, TimeQuality},
    incident::{
        Case, Cause, Dispute, Incident, Reply, ReplyStatus, Status, Timeliness, Times, Verdict, Voice, Vote,
    },
    rules::Rules,
    GroupId, Hash, IncidentId, OrganisationId, Record, ServiceId, Sha256, Span, UnixMillis,
};
use serde::{Deserialize, Serialize};

use super::Utc;

/// An incident as its log makes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct IncidentView {
    /// Its number.
    pub id: IncidentId,
    /// The number of the service.
    pub service: ServiceId,
    /// What names the service.
    pub slug: String,
    /// Whether it goes on.
    pub status: Status,
    /// What the attestations amount to.
    pub verdict: Verdict,
    /// Whether it was recorded at the time; none while it was never confirmed.
    pub timeliness: Option<Timeliness>,
    /// What kind of failure; none while no group that counts affirms it. So with the next four.
    pub kind: Option<Kind>,
    /// How bad.
    pub severity: Option<Severity>,
    /// Where.
    pub scope: Option<ScopeView>,
    /// When it began.
    pub started_at: Option<TimesView>,
    /// When it ended; none until more than half of the affirming groups say that it did.
    pub ended_at: Option<TimesView>,
    /// When the first entry was recorded.
    pub first_reported_at: Utc,
    /// When it was first confirmed.
    pub confirmed_at: Option<Utc>,
    /// How many counting groups affirm it now.
    pub affirming: u16,
    /// Most counting groups that ever affirmed it at once.
    pub peak: u16,
    /// When it settles, if nothing more is said; none while it goes on.
    pub settles_at: Option<Utc>,
    /// Whether its verdict and times are final.
    pub settled: bool,
    /// Whether it lapsed unconfirmed.
    pub lapsed: bool,
    /// How the dispute that was opened last stands, what time alone makes of it included.
    pub dispute: Dispute,
    /// That dispute.
    pub case: Option<CaseView>,
    /// The incident that an arbiter holds to be the same.
    pub duplicate_of: Option<IncidentId>,
    /// The provider's latest reply.
    pub reply: Option<ReplyView>,
    /// Who stands by what, in the order in which they first spoke.
    pub voices: Vec<VoiceView>,
    /// The rules that it is judged by.
    pub rules: Rules,
    /// How many entries its log holds.
    pub entries: u32,
    /// The head over them.
    pub head: Hash,
}

/// The first, the middle and the last time that anybody who counts gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimesView {
    /// The earliest.
    pub earliest: Utc,
    /// The lower median: the record's.
    pub median: Utc,
    /// The latest.
    pub latest: Utc,
}

impl From<Times> for TimesView {
    fn from(times: Times) -> Self {
        Self {
            earliest: Utc(times.earliest),
            median: Utc(times.median),
            latest: Utc(times.latest),
        }
    }
}

/// A span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SpanView {
    /// First point.
    pub from: Utc,
    /// Last point.
    pub to: Utc,
}

impl From<Span> for SpanView {
    fn from(span: Span) -> Self {
        Self {
            from: Utc(span.from),
            to: Utc(span.to),
        }
    }
}

/// Whether a span was measured or only said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TimeKind {
    /// By a measuring method.
    Observed,
    /// By any other.
    Claimed,
}

impl TimeKind {
    pub(super) fn of(measured: bool) -> Self {
        if measured {
            Self::Observed
        } else {
            Self::Claimed
        }
    }
}

/// Where a failure was felt, as text: `Global`, `Country DE`, `Asn 3320`, `Region eu-west`, `Subset`, `Unknown`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
#[cfg_attr(
    feature = "schema",
    schemars(extend("pattern" = "^(Global$|Country [A-Z]{2}$|Asn [0-9]+$|Region |Subset$|Unknown$)"))
)]
pub struct ScopeView(pub String);

impl From<&Scope> for ScopeView {
    fn from(scope: &Scope) -> Self {
        Self(match scope {
            Scope::Global => "Global".into(),
            Scope::Country(country) => format!("Country {country}"),
            Scope::Asn(asn) => format!("Asn {asn}"),
            Scope::Region(name) => format!("Region {name}"),
            Scope::Subset => "Subset".into(),
            Scope::Unknown => "Unknown".into(),
        })
    }
}

/// What one organisation stands by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct VoiceView {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// The group it counted with when it last spoke.
    pub group: GroupId,
    /// Whether it counts.
    pub counts: bool,
    /// Whether it is the provider or of its group, and for that does not count.
    pub affiliated: bool,
    /// What it says.
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
    /// Whether its first affirming word came soon enough after what it says was the start.
    pub live: bool,
    /// When its last word was recorded.
    pub recorded_at: Utc,
    /// The number of the entry that it stands by.
    pub entry: u32,
}

/// The provider's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReplyView {
    /// How it says that it stands.
    pub status: ReplyStatus,
    /// When it says that it began.
    pub claimed_start: Option<Utc>,
    /// When it says that it ended.
    pub claimed_end: Option<Utc>,
    /// How exact those times are.
    pub time_quality: TimeQuality,
    /// What it says was the cause.
    pub cause: Cause,
    /// SHA-256 of its text.
    pub text_sha256: Option<Sha256>,
    /// SHA-256 of its document.
    pub document_sha256: Option<Sha256>,
}

impl From<Reply> for ReplyView {
    fn from(reply: Reply) -> Self {
        let Reply { statement, text } = reply;
        Self {
            status: statement.status,
            claimed_start: statement.claimed_start.map(Utc),
            claimed_end: statement.claimed_end.map(Utc),
            time_quality: statement.time_quality,
            cause: statement.cause,
            text_sha256: text,
            document_sha256: statement.document,
        }
    }
}

/// A dispute and how arbiters rule on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CaseView {
    /// Who disputes the record.
    pub by: OrganisationId,
    /// When.
    pub opened_at: Utc,
    /// The groups that may rule.
    pub arbiters: Vec<GroupId>,
    /// How those that have ruled did.
    pub votes: Vec<VoteView>,
}

/// How a group of arbiters ruled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VoteView {
    /// The group.
    pub group: GroupId,
    /// Whether it upholds the dispute.
    pub sustain: bool,
}

impl From<Case> for CaseView {
    fn from(case: Case) -> Self {
        let vote = |vote: &Vote| VoteView {
            group: vote.group,
            sustain: vote.sustain,
        };
        Self {
            by: case.by,
            opened_at: Utc(case.opened_at),
            arbiters: case.arbiters.to_vec(),
            votes: case.votes.iter().map(vote).collect(),
        }
    }
}

impl IncidentView {
    /// The view of a record as it stands at `now`; `names` are those of the organisations that speak.
    pub fn new(
        id: IncidentId,
        record: Record<Incident>,
        slug: String,
        names: &BTreeMap<OrganisationId, String>,
        now: UnixMillis,
    ) -> Self {
        let state = record.state;
        let standing = state.at(now);
        let finding = state.finding.as_ref();
        let counting: Vec<_> = state
            .tally
            .counting()
            .iter()
            .map(|voice| voice.organisation)
            .collect();
        let voice = |voice: &Voice| VoiceView {
            organisation: voice.organisation,
            name: names.get(&voice.organisation).cloned().unwrap_or_default(),
            group: voice.group,
            counts: counting.contains(&voice.organisation),
            affiliated: voice.affiliated,
            claim: voice.claim,
            kind: voice.kind,
            severity: voice.severity,
            scope: (&voice.scope).into(),
            time_kind: TimeKind::of(voice.measured),
            span: voice.observed.into(),
            live: voice.is_live(&state.rules),
            recorded_at: Utc(voice.heard_at),
            entry: voice.entry,
        };
        Self {
            id,
            service: state.service,
            slug,
            status: state.status,
            verdict: state.verdict,
            timeliness: state.timeliness,
            kind: finding.map(|finding| finding.kind),
            severity: finding.map(|finding| finding.severity),
            scope: finding.map(|finding| (&finding.scope).into()),
            started_at: finding.map(|finding| finding.started.into()),
            ended_at: finding.and_then(|finding| finding.ended).map(Into::into),
            first_reported_at: Utc(state.first_reported_at),
            confirmed_at: state.confirmed_at.map(Utc),
            affirming: state.tally.affirming_groups(),
            peak: state.peak,
            settles_at: state.settles_at.map(Utc),
            settled: standing.settled,
            lapsed: standing.lapsed,
            dispute: if standing.unruled {
                Dispute::Unruled
            } else {
                state.dispute
            },
            duplicate_of: state.duplicate_of,
            case: state.case.map(Into::into),
            reply: state.reply.map(Into::into),
            voices: state.tally.voices().iter().map(voice).collect(),
            rules: state.rules,
            entries: record.entries,
            head: record.head,
        }
    }
}
