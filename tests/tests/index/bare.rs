//! Records of one entry, put into an index without a chain.

use std::path::Path;

use anyhow::{anyhow, Result};
use faultline_index::{Changes, Head, Index, ServiceEntry, State};
use faultline_primitives::{
    attestation::{Attestation, Claim},
    incident::{Action, Actor, Incident, Opening, FOLD_VERSION},
    rules::Rules,
    service::{self, Registration, Service},
    Account, Entry, GroupId, Hash, IncidentId, OrganisationId, Record, ServiceId, Span, Text, UnixMillis,
};
use faultline_tests::seen_by_hand;

/// A text of the domain.
pub fn text<const N: u32>(text: &str) -> Result<Text<N>> {
    text.try_into().map_err(|why: String| anyhow!(why))
}

/// A service.
pub fn registered(id: ServiceId, slug: &str, listed: bool) -> Result<ServiceEntry> {
    let entry = Entry {
        block: 0,
        at: UnixMillis(0),
        action: service::Action::Registered(Registration {
            slug: text(slug)?,
            name: text(slug)?,
            url: Text::default(),
            parent: None,
            provider: None,
            listed,
            by: None,
        }),
    };
    Ok(ServiceEntry {
        id,
        record: Record::<Service>::open(id, &entry).map_err(|why| anyhow!("{why:?}"))?,
        incidents: None,
    })
}

/// An incident that was seen by one, in a moment.
pub fn incident(
    id: u64,
    service: ServiceId,
    opener: OrganisationId,
    at: UnixMillis,
) -> Result<Record<Incident>> {
    let id = IncidentId(id);
    let by = Actor {
        organisation: opener,
        group: GroupId(opener.0),
        affiliated: false,
        key: Account([1; 32]),
    };
    let action = Action::Opened {
        by,
        opening: Opening {
            fold: FOLD_VERSION,
            service,
            slug: text("a")?,
            name: text("A")?,
            rules: Rules::standard(),
        },
        attestation: Box::new(Attestation {
            observation: seen_by_hand(Claim::Down, Span { from: at, to: at }),
            text: None,
        }),
    };
    let entry = Entry { block: 1, at, action };
    Record::open(id, &entry).map_err(|why| anyhow!("{why:?}"))
}

/// An index that holds this.
pub fn filled(path: &Path, changes: &Changes) -> Result<Index> {
    let (index, _) = Index::open(path, Hash([7; 32]))?;
    let head = Head {
        number: 1,
        hash: Hash([8; 32]),
        time: UnixMillis(1_800_000_000_000),
    };
    let state = State {
        head: Some(head),
        building: None,
    };
    index.apply(changes, state)?;
    Ok(index)
}
