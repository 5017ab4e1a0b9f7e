//! What was recorded, as it is printed after a transaction.

use faultline_client::{Event, Recorded};
use faultline_primitives::{Hash, IncidentId, OrganisationId, ServiceId};
use serde::Serialize;

use crate::{output, session::Session, trouble::Result};

/// What a transaction did.
#[derive(Serialize)]
pub struct Outcome {
    transaction: Hash,
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<IncidentId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<ServiceId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<OrganisationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<u32>,
}

impl Outcome {
    /// What a transaction did, in fields.
    pub fn of(recorded: &Recorded) -> Self {
        let empty = Self {
            transaction: recorded.transaction,
            incident: None,
            service: None,
            organisation: None,
            entry: None,
        };
        match recorded.events.first() {
            None => empty,
            Some(Event::Incident {
                incident,
                entry,
                service,
                organisation,
            }) => Self {
                incident: Some(*incident),
                service: Some(*service),
                organisation: Some(*organisation),
                entry: Some(*entry),
                ..empty
            },
            Some(Event::Organisation { organisation, entry }) => Self {
                organisation: Some(*organisation),
                entry: Some(*entry),
                ..empty
            },
            Some(Event::Service { service, entry }) => Self {
                service: Some(*service),
                entry: Some(*entry),
                ..empty
            },
        }
    }
}

/// What a transaction did, in words.
pub fn words(recorded: &Recorded) -> String {
    let what = match recorded.events.first() {
        None => "Recorded".into(),
        Some(Event::Incident {
            incident, entry: 0, ..
        }) => format!("Opened incident {incident}"),
        Some(Event::Incident { incident, entry, .. }) => {
            format!("Recorded as entry {entry} of incident {incident}")
        }
        Some(Event::Organisation { organisation, entry }) => {
            format!("Recorded as entry {entry} of organisation {organisation}")
        }
        Some(Event::Service { service, entry: 0 }) => format!("Registered service {service}"),
        Some(Event::Service { service, entry }) => format!("Recorded as entry {entry} of service {service}"),
    };
    format!("{what}, final in block {}.", output::block(&recorded.block))
}

/// Prints what a transaction did.
pub fn print(session: &Session, recorded: &Recorded) -> Result<()> {
    output::done(
        session.json,
        Some(recorded.block),
        &Outcome::of(recorded),
        &words(recorded),
    )
}
