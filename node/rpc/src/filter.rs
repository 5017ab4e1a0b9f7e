//! What lists are asked for.

use faultline_primitives::{
    attestation::{Kind, Severity},
    incident::{Status, Timeliness, Verdict},
    OrganisationId,
};
use serde::{Deserialize, Serialize};

use crate::view::Utc;

/// Which incidents. What is left out, or an empty list, narrows nothing; of a list one value must fit, and of several
/// fields each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct IncidentFilter {
    /// Of the service of this slug alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Of the services whose slug is this or begins with it and a slash: `openai` takes `openai/chatgpt`, not `openai2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub under: Option<String>,
    /// Opened by this organisation, or ever attested by it, even if it took its word back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    /// Opened by this organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opener: Option<OrganisationId>,
    /// What the attestations amount to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verdict: Vec<Verdict>,
    /// Whether it goes on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<Status>,
    /// Whether it was recorded at the time. One that was never confirmed is neither.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub timeliness: Vec<Timeliness>,
    /// What kind of failure. One that no counting group affirms has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kind: Vec<Kind>,
    /// How bad. One that no counting group affirms has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub severity: Vec<Severity>,
    /// Started at this time or after it. The start is the median; where no counting group affirms an incident, the time
    /// of its first entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Utc>,
    /// Started before this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Utc>,
}

/// Which services. What is left out narrows nothing; of several fields each must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ServiceFilter {
    /// Those whose slug is this or begins with it and a slash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub under: Option<String>,
    /// Those that this organisation runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<OrganisationId>,
    /// Those that the council lists, or those that it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listed: Option<bool>,
    /// Those that are retired, or those that are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired: Option<bool>,
}

/// Where a list or a subscription goes on. Opaque; of one filter on one chain, and good on each of its nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Cursor(pub String);

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}
