//! The JSON of Statuspage's public API, version 2. What Faultline knows besides stands in fields `faultline`, which other
//! readers ignore.

use faultline_primitives::{
    attestation::{Kind, Severity},
    incident::{Dispute, ReplyStatus, Status as RecordStatus, Timeliness, Verdict},
    Hash, IncidentId, OrganisationId,
};
use faultline_rpc::view::{BlockView, ScopeView, TimesView, Utc};
use serde::Serialize;

use crate::stamp::Stamp;

/// A document: the page, and of the rest what belongs to it.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    pub page: Page,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<Component>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incidents: Option<Vec<Incident>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_maintenances: Option<Vec<Incident>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Page {
    pub id: String,
    pub name: String,
    pub url: String,
    pub time_zone: &'static str,
    pub updated_at: Stamp,
    pub faultline: PageExtra,
}

/// At which block a document is true, and what was left out of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageExtra {
    /// What names the chain.
    pub genesis: Hash,
    /// The finalized block at which the document is true.
    pub at: BlockView,
    /// How many finalized blocks came after it.
    pub index_lag: u32,
    /// The lists that hold less than there is.
    pub cut: Vec<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    pub indicator: Impact,
    pub description: &'static str,
}

/// How bad: of an incident, or of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Impact {
    None,
    Minor,
    Major,
    Critical,
    Maintenance,
}

/// How a component stands, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    Operational,
    UnderMaintenance,
    DegradedPerformance,
    PartialOutage,
    MajorOutage,
}

/// How far an incident is, the first four, or a maintenance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Investigating,
    Identified,
    Monitoring,
    Resolved,
    Scheduled,
    InProgress,
    Completed,
}

impl Stage {
    /// As people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Investigating => "Investigating",
            Self::Identified => "Identified",
            Self::Monitoring => "Monitoring",
            Self::Resolved => "Resolved",
            Self::Scheduled => "Scheduled",
            Self::InProgress => "In progress",
            Self::Completed => "Completed",
        }
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct Component {
    pub id: String,
    pub name: String,
    pub status: Condition,
    pub created_at: Stamp,
    pub updated_at: Stamp,
    pub position: usize,
    pub description: String,
    pub showcase: bool,
    pub start_date: Option<Stamp>,
    pub group_id: Option<String>,
    pub page_id: String,
    pub group: bool,
    pub only_show_if_degraded: bool,
    pub faultline: ComponentExtra,
}

/// What a component is in Faultline.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ComponentExtra {
    pub slug: String,
    pub parent: Option<String>,
    pub provider: Option<OrganisationId>,
    pub listed: bool,
    /// How many incidents were ever opened on it.
    pub incidents: u64,
}

/// An incident, or a maintenance.
#[derive(Clone, Debug, Serialize)]
pub struct Incident {
    pub id: String,
    pub name: String,
    pub status: Stage,
    pub created_at: Stamp,
    pub updated_at: Stamp,
    pub monitoring_at: Option<Stamp>,
    pub resolved_at: Option<Stamp>,
    pub impact: Impact,
    pub shortlink: String,
    pub started_at: Stamp,
    pub page_id: String,
    pub incident_updates: Vec<Update>,
    pub components: Vec<Component>,
    #[serde(flatten)]
    pub window: Option<Window>,
    pub faultline: IncidentExtra,
}

/// When a maintenance is to be.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Window {
    pub scheduled_for: Stamp,
    pub scheduled_until: Stamp,
}

#[derive(Clone, Debug, Serialize)]
pub struct Update {
    pub id: String,
    pub status: Stage,
    pub body: String,
    pub incident_id: String,
    pub created_at: Stamp,
    pub updated_at: Stamp,
    pub display_at: Stamp,
    /// None ever: what an entry changed is not kept, only what all of them come to.
    pub affected_components: Option<Vec<Component>>,
    pub deliver_notifications: bool,
    pub custom_tweet: Option<String>,
    pub tweet_id: Option<String>,
    pub faultline: UpdateExtra,
}

/// Whose word an update is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// Nobody's: what all entries come to.
    Record,
    Reporter,
    Provider,
    Arbiter,
}

/// Whose word an update is, and which entry of the log.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct UpdateExtra {
    pub by: Speaker,
    pub organisation: Option<OrganisationId>,
    pub entry: Option<u32>,
    pub block: Option<u32>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum IncidentExtra {
    Incident(Box<RecordExtra>),
    Maintenance(MaintenanceExtra),
}

/// What the record says that Statuspage has no field for.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordExtra {
    pub slug: String,
    pub verdict: Verdict,
    pub status: RecordStatus,
    pub timeliness: Option<Timeliness>,
    pub kind: Option<Kind>,
    pub severity: Option<Severity>,
    pub scope: Option<ScopeView>,
    pub started_at: Option<TimesView>,
    pub ended_at: Option<TimesView>,
    pub first_reported_at: Utc,
    pub confirmed_at: Option<Utc>,
    pub affirming: u16,
    pub peak: u16,
    pub quorum: u16,
    pub min_measured: u16,
    pub dispute: Dispute,
    pub duplicate_of: Option<IncidentId>,
    /// The provider's latest word.
    pub provider: Option<ReplyStatus>,
    pub settled: bool,
    pub lapsed: bool,
    pub entries: u32,
    pub head: Hash,
    /// How many entries, the oldest, are not told in the updates.
    pub untold: u32,
}

/// Where a maintenance is recorded.
#[derive(Clone, Debug, Serialize)]
pub struct MaintenanceExtra {
    pub slug: String,
    /// The number of the entry of the service's log.
    pub entry: u32,
    /// Whether it was announced after it had begun.
    pub late: bool,
}
