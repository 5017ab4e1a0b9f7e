//! The rows that an incident and a service come to: pure, and all that is ever written of them.

use std::collections::BTreeSet;

use codec::Encode;
use faultline_primitives::{
    incident::{Incident, Spoken},
    service::{Service, Slug},
    IncidentId, OrganisationId, Record, ServiceId, UnixMillis,
};

use crate::{column::Column, facets::Facets, Position};

/// A row of a list: its value is empty.
pub type Row = (Column, Vec<u8>);

/// What a list is of.
#[derive(Clone, Copy)]
#[repr(u8)]
pub enum Of {
    /// The service of the slug itself, or who opened.
    Own = 0,
    /// The services under a slug and at it, or who ever attested.
    Wide = 1,
}

/// When an incident started, as far as the order of lists goes: the median, or where no group that counts affirms it, when
/// it was first reported.
pub fn start(incident: &Incident) -> UnixMillis {
    let finding = incident.finding.as_ref();
    finding.map_or(incident.first_reported_at, |finding| finding.started.median)
}

/// A slug so that all that lies under it follows at once: `openai`, `openai/chatgpt`, then `openai-x`.
pub fn slug_key(slug: &Slug) -> Vec<u8> {
    let part = |byte: &u8| if *byte == b'/' { 1 } else { *byte };
    slug.as_bytes().iter().map(part).collect()
}

/// The head of the lists of a slug: no slug holds the byte that ends it.
pub fn by_slug(of: Of, slug: &[u8]) -> Vec<u8> {
    [&[of as u8], slug, &[0]].concat()
}

/// The head of the lists of an organisation.
pub fn by_organisation(of: Of, organisation: OrganisationId) -> Vec<u8> {
    [&[of as u8], organisation.0.to_be_bytes().as_slice()].concat()
}

/// Where in the order of changes an incident stands.
pub fn by_block(record: &Record<Incident>) -> Vec<u8> {
    [
        record.block.to_be_bytes().as_slice(),
        &record.state.id.0.to_be_bytes(),
    ]
    .concat()
}

/// The key of an incident.
pub fn incident_key(id: IncidentId) -> [u8; 8] {
    id.0.to_be_bytes()
}

/// The rows of an incident on the service of a slug.
pub fn of_incident(record: &Record<Incident>, slug: &Slug) -> BTreeSet<Row> {
    let state = &record.state;
    let place = Position::of(state).to_bytes();
    let facets = Facets::of(state).to_bytes();

    let mut rows = BTreeSet::from([
        (Column::ByBlock, by_block(record)),
        (Column::ByStart, place.to_vec()),
        (Column::ByFacets, [facets.as_slice(), &place].concat()),
    ]);
    let mut list = |column, head: &[u8]| {
        for part in [Facets::ALL, facets] {
            rows.insert((column, [head, part.as_slice(), place.as_slice()].concat()));
        }
    };

    let slug = slug_key(slug);
    list(Column::ByService, &by_slug(Of::Own, &slug));
    let ends = slug.iter().enumerate().filter(|(_, byte)| **byte == 1);
    for above in ends.map(|(end, _)| end).chain([slug.len()]) {
        list(
            Column::ByService,
            &by_slug(Of::Wide, slug.get(..above).unwrap_or(&slug)),
        );
    }

    list(Column::ByOrganisation, &by_organisation(Of::Own, state.opener));
    let attested = |spoken: &&Spoken| spoken.words > 0;
    for spoken in state.ledger.all().iter().filter(attested) {
        list(
            Column::ByOrganisation,
            &by_organisation(Of::Wide, spoken.organisation),
        );
    }
    rows
}

/// What belongs to a service.
#[derive(Clone, Copy, Debug)]
pub enum Relative {
    /// The services that are components of one.
    ComponentsOf(ServiceId),
    /// The services that an organisation runs.
    RunBy(OrganisationId),
}

impl Relative {
    /// The head of the list.
    pub fn head(self) -> Vec<u8> {
        match self {
            Self::ComponentsOf(parent) => (0u8, parent.0.to_be_bytes()).encode(),
            Self::RunBy(provider) => (1u8, provider.0.to_be_bytes()).encode(),
        }
    }
}

/// The rows of a service.
pub fn of_service(id: ServiceId, service: &Service) -> BTreeSet<Row> {
    let parent = service.parent.map(Relative::ComponentsOf);
    let provider = service.provider.map(Relative::RunBy);
    parent
        .into_iter()
        .chain(provider)
        .map(|relative| {
            let key = [relative.head().as_slice(), &id.0.to_be_bytes()].concat();
            (Column::Relatives, key)
        })
        .collect()
}
