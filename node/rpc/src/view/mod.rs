//! What the answers look like in JSON.

mod act;
mod council;
mod entry;
mod incident;
mod listing;
mod member;
mod proof;
mod validator;

pub use act::{ActEntryView, ActView, ConsortiumActionView};
pub use council::{AccusationView, CheckpointView, CouncilView, MotionView, SeatView, UpgradeView};
pub use entry::{ActionView, ActorView, AttestationView, EntryView, EvidenceView, OpeningView, VantageView};
pub use incident::{
    CaseView, IncidentView, ReplyView, ScopeView, SpanView, TimeKind, TimesView, VoiceView, VoteView,
};
pub use listing::{
    BuildingView, EntryChange, IncidentChange, IndexView, Listing, RelatedIncident, RelatedView, Relation,
};
pub use member::{KeyView, MaintenanceView, OrganisationView, ServiceDetail, ServiceView};
pub use proof::WarpView;
pub use validator::{ValidatorView, ValidatorsView};

use faultline_primitives::{rules::Rules, Hash, UnixMillis};
use serde::{Deserialize, Serialize};
use time::{format_description::well_known::Rfc3339, OffsetDateTime};

/// An answer, and the finalized block at which it is true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct At<T> {
    /// The finalized block.
    pub at: BlockView,
    /// The answer.
    pub data: T,
}

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BlockView {
    /// Its number.
    pub number: u32,
    /// Its hash.
    pub hash: Hash,
}

/// Part of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", schemars(rename = "PageOf{T}"))]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins; none on the last.
    pub next: Option<u32>,
}

/// The chain and how far a node is with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    /// Hash of the genesis block: what names the chain.
    pub genesis: Hash,
    /// Version of the runtime in force.
    pub spec_version: u32,
    /// Time of the finalized block.
    pub finalized_at: Utc,
    /// Number of the best block, which is not yet final.
    pub best: u32,
    /// Keys of the validators that make blocks final (ed25519).
    pub validators: Vec<Hash>,
    /// How many validators the council has; a change takes two turns of sessions until it acts.
    pub approved: u32,
    /// How many organisations there are.
    pub organisations: u32,
    /// How many services there are.
    pub services: u32,
    /// How many incidents there are.
    pub incidents: u64,
    /// How far the node's index is; none on a node that keeps none.
    pub index: Option<IndexView>,
}

/// The rules, with lengths of time in milliseconds.
pub type RulesView = Rules;

/// A point in time: RFC 3339, UTC, milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Utc(pub UnixMillis);

impl std::fmt::Display for Utc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0 .0) * 1_000_000)
            .ok()
            .and_then(|moment| moment.format(&Rfc3339).ok());
        match text {
            Some(text) => f.pad(&text),
            // Past the year 9999 there is no RFC 3339: the number says more than nothing.
            None => write!(f, "{} ms after 1970", self.0),
        }
    }
}

impl std::str::FromStr for Utc {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(millis) = text
            .strip_suffix(" ms after 1970")
            .and_then(|number| number.parse().ok())
        {
            return Ok(Self(UnixMillis(millis)));
        }
        let moment = OffsetDateTime::parse(text, &Rfc3339)
            .map_err(|_| format!("`{text}` is no time such as 2024-12-11T23:16:00Z (RFC 3339)"))?;
        u64::try_from(moment.unix_timestamp_nanos() / 1_000_000)
            .map(|millis| Self(UnixMillis(millis)))
            .map_err(|_| format!("`{text}` lies before 1970"))
    }
}

impl Serialize for Utc {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Utc {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Utc".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "date-time",
            "description": "A point in time: RFC 3339, UTC, to the millisecond. Past the year 9999, which RFC 3339 cannot \
                            write, `N ms after 1970`."
        })
    }
}

impl<'de> Deserialize<'de> for Utc {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}
