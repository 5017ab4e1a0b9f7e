//! Organisations and services in JSON.

use faultline_primitives::{
    organisation::{Action, Organisation, Roles, Status},
    quota::Quota,
    service::{Maintenance, Service},
    Account, Entry, GroupId, Hash, OrganisationId, Record, Roll, ServiceId,
};
use serde::{Deserialize, Serialize};

use super::{IncidentView, Utc};

/// An organisation, with the history of its keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrganisationView {
    /// Its number.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its address on the web.
    pub url: String,
    /// What it may do.
    pub roles: Roles,
    /// With whom it counts together.
    pub group: GroupId,
    /// Whether it may speak.
    pub status: Status,
    /// How much it may do.
    pub quota: Quota,
    /// The key that manages its reporter keys.
    pub admin: Account,
    /// Every reporter key that it ever had, in order of addition.
    pub keys: Vec<KeyView>,
    /// How many entries its log holds.
    pub entries: u32,
    /// The head over them.
    pub head: Hash,
}

/// A reporter key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct KeyView {
    /// The key.
    pub key: Account,
    /// What its holder calls it.
    pub label: String,
    /// When it was added; none of one that the chain began with.
    pub added: Option<Utc>,
    /// When it was revoked, if it was.
    pub revoked: Option<Utc>,
}

impl OrganisationView {
    /// The view of a record and its whole log.
    pub fn new(id: OrganisationId, record: Record<Organisation>, log: &[Entry<Action>]) -> Self {
        let state = record.state;
        Self {
            id,
            name: state.name.to_string(),
            url: state.url.to_string(),
            roles: state.roles,
            group: state.group,
            status: state.status,
            quota: state.quota,
            admin: state.admin,
            keys: keys(log),
            entries: record.entries,
            head: record.head,
        }
    }
}

fn keys(log: &[Entry<Action>]) -> Vec<KeyView> {
    let mut keys: Vec<KeyView> = Vec::new();
    for entry in log {
        match &entry.action {
            Action::ReporterAdded { key, label } => keys.push(KeyView {
                key: *key,
                label: label.to_string(),
                added: (entry.block > 0).then_some(Utc(entry.at)),
                revoked: None,
            }),
            Action::ReporterRevoked { key } => {
                let held = keys
                    .iter_mut()
                    .find(|held| held.key == *key && held.revoked.is_none());
                if let Some(held) = held {
                    held.revoked = Some(Utc(entry.at));
                }
            }
            _ => {}
        }
    }
    keys
}

/// A service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ServiceView {
    /// Its number.
    pub id: ServiceId,
    /// What names it.
    pub slug: String,
    /// What people call it.
    pub name: String,
    /// Its address on the web.
    pub url: String,
    /// The slug of the service that it is a component of.
    pub parent: Option<String>,
    /// The organisation that runs it.
    pub provider: Option<OrganisationId>,
    /// Whether the council lists it.
    pub listed: bool,
    /// Whether it was retired: then no incident is opened on it.
    pub retired: bool,
    /// Maintenance that was announced and was not over when the last one was.
    pub maintenance: Vec<MaintenanceView>,
    /// When the last entry of its log was recorded; none while that has but those that the chain began with.
    pub changed_at: Option<Utc>,
    /// How many entries its log holds.
    pub entries: u32,
    /// The head over them.
    pub head: Hash,
    /// How many incidents were ever opened on it.
    pub incidents: u64,
    /// The head over them; none where there is none.
    pub incidents_head: Option<Hash>,
}

/// A service, with the incidents opened on it last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceDetail {
    /// The service.
    #[serde(flatten)]
    pub service: ServiceView,
    /// The incidents opened last, newest first.
    pub latest: Vec<IncidentView>,
}

/// Maintenance that was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MaintenanceView {
    /// From when.
    pub from: Utc,
    /// Until when.
    pub until: Utc,
    /// When it was announced.
    pub announced_at: Utc,
    /// Whether that was after it had begun.
    pub late: bool,
    /// The number of the entry that announced it.
    pub entry: u32,
}

impl MaintenanceView {
    fn of(announced: &Maintenance) -> Self {
        Self {
            from: Utc(announced.from),
            until: Utc(announced.until),
            announced_at: Utc(announced.announced_at),
            late: announced.is_late(),
            entry: announced.entry,
        }
    }
}

impl ServiceView {
    /// The view of a record; `incidents` is the roll of those opened on it, none where there is none.
    pub fn new(
        id: ServiceId,
        record: Record<Service>,
        parent: Option<String>,
        incidents: Option<Roll>,
    ) -> Self {
        let state = record.state;
        Self {
            id,
            slug: state.slug.to_string(),
            name: state.name.to_string(),
            url: state.url.to_string(),
            parent,
            provider: state.provider,
            listed: state.listed,
            retired: state.retired,
            maintenance: state.maintenance.iter().map(MaintenanceView::of).collect(),
            changed_at: (record.block > 0).then_some(Utc(record.at)),
            entries: record.entries,
            head: record.head,
            incidents: incidents.map_or(0, |roll| roll.count),
            incidents_head: incidents.map(|roll| roll.head),
        }
    }
}
