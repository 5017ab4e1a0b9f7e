//! What is proven, as a node would show it.

use std::collections::BTreeMap;

use faultline_client::proof::{
    bundle::{IncidentLog, Said},
    verify::{Block, ProvenIncident},
    Proven,
};
use faultline_primitives::{OrganisationId, UnixMillis};
use faultline_rpc::view::{BlockView, EntryView, IncidentView, Utc};

/// A block that was proven to be final.
pub fn block(block: &Block) -> BlockView {
    BlockView {
        number: block.number,
        hash: block.hash,
    }
}

/// What the organisations are called that speak.
pub fn names(proven: &Proven) -> BTreeMap<OrganisationId, String> {
    let named = proven.organisations.iter();
    named
        .map(|(id, organisation)| (*id, organisation.state.name.to_string()))
        .collect()
}

/// An incident, as it stands at the block's time.
pub fn incident(proven: &Proven, incident: &ProvenIncident) -> IncidentView {
    let service = proven.services.get(&incident.record.state.service);
    let slug = service.map(|service| service.state.slug.to_string());
    IncidentView::new(
        incident.log.id,
        incident.record.clone(),
        slug.unwrap_or_default(),
        &names(proven),
        proven.now,
    )
}

/// Its entries.
pub fn log(incident: &ProvenIncident) -> Vec<EntryView> {
    entries(&incident.log, &incident.redacted)
}

/// The entries of a log, of which these texts were redacted.
pub fn entries(log: &IncidentLog, redacted: &BTreeMap<u32, UnixMillis>) -> Vec<EntryView> {
    let view = |(number, said): (u32, &Said)| {
        EntryView::new(
            number,
            said.entry.clone(),
            said.text.as_ref().map(ToString::to_string),
            redacted.get(&number).copied().map(Utc),
        )
    };
    (0..).zip(&log.entries).map(view).collect()
}
