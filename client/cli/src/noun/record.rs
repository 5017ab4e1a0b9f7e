//! What was recorded, as it is printed after a transaction.

use faultline_client::{Error, Event, Recorded};
use faultline_primitives::{Hash, IncidentId, OrganisationId, ServiceId};
use serde::Serialize;

use crate::{
    output,
    session::Session,
    trouble::{Result, Trouble},
};

/// An entry that a transaction appended.
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
    /// What a transaction did, in fields. Of several entries the last is what it is about: what moves an attestation
    /// withdraws it first.
    pub fn of(recorded: &Recorded) -> Self {
        let empty = Self {
            transaction: recorded.transaction,
            incident: None,
            service: None,
            organisation: None,
            entry: None,
        };
        match recorded.events.last() {
            None => empty,
            Some(event) => Self::of_event(recorded.transaction, event),
        }
    }

    fn of_event(transaction: Hash, event: &Event) -> Self {
        let (incident, service, organisation, entry) = match *event {
            Event::Incident {
                incident,
                entry,
                service,
                organisation,
            } => (Some(incident), Some(service), Some(organisation), entry),
            Event::Organisation { organisation, entry } => (None, None, Some(organisation), entry),
            Event::Service { service, entry } => (None, Some(service), None, entry),
        };
        Self {
            transaction,
            incident,
            service,
            organisation,
            entry: Some(entry),
        }
    }

    /// In words.
    pub fn words(&self) -> String {
        let entry = self.entry.unwrap_or_default();
        match (self.incident, self.service, self.organisation) {
            (Some(incident), ..) if entry == 0 => format!("Opened incident {incident}"),
            (Some(incident), ..) => format!("Recorded as entry {entry} of incident {incident}"),
            (_, Some(service), _) if entry == 0 => format!("Registered service {service}"),
            (_, Some(service), _) => format!("Recorded as entry {entry} of service {service}"),
            (.., Some(organisation)) => format!("Recorded as entry {entry} of organisation {organisation}"),
            _ => "Recorded".into(),
        }
    }
}

/// What became of one of several reports.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Fate {
    /// It is an entry.
    Recorded(Outcome),
    /// It is none, and why.
    Refused { error: Trouble },
}

impl Fate {
    /// What became of each of a transaction's reports, in order.
    pub fn all(recorded: &Recorded) -> Vec<Self> {
        let fate = |report| match report {
            Ok(event) => Self::Recorded(Outcome::of_event(recorded.transaction, &event)),
            Err(refusal) => Self::Refused {
                error: Error::Refused(Clone::clone(refusal)).into(),
            },
        };
        recorded.reports().into_iter().map(fate).collect()
    }

    /// In words, and what to do next.
    pub fn words(&self) -> (String, Option<&str>) {
        match self {
            Self::Recorded(outcome) => (outcome.words(), None),
            Self::Refused { error } => (error.what().into(), error.advice()),
        }
    }
}

/// All that a transaction did.
#[derive(Serialize)]
struct Outcomes {
    #[serde(flatten)]
    last: Outcome,
    /// Each of several entries and refused reports, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    all: Vec<Fate>,
}

/// What a transaction did, in words.
pub fn words(recorded: &Recorded) -> String {
    let block = output::block(&recorded.block);
    match Fate::all(recorded).as_slice() {
        [] | [Fate::Recorded(_)] => format!("{}, final in block {block}.", Outcome::of(recorded).words()),
        several => {
            let lines: Vec<_> = several.iter().map(|fate| fate.words().0).collect();
            format!("{}\nFinal in block {block}.", lines.join("\n"))
        }
    }
}

/// Prints what a transaction did.
pub fn print(session: &Session, recorded: &Recorded) -> Result<()> {
    let mut all = Fate::all(recorded);
    if let [] | [Fate::Recorded(_)] = all.as_slice() {
        all.clear();
    }
    let data = Outcomes {
        last: Outcome::of(recorded),
        all,
    };
    output::done(session.json, Some(recorded.block), &data, &words(recorded))
}
