//! Lists, as the index gives them.

use std::collections::{btree_map::Entry, BTreeMap};

use faultline_index::{
    ChangePosition, Head, Index, Position, Reading, ServiceEntry, ServiceFilter as ServicesOf, State,
};
use faultline_primitives::{
    incident::Incident, service::Slug, BlockNumber, Hash, IncidentId, OrganisationId, Record, ServiceId,
};

use super::{
    asked::{known, under, Asked},
    cursor::{Place, Sealer},
    finalized::{not_found, unavailable},
};
use crate::{
    error::Failure,
    limits::{RELATED, RELATIVES},
    view::{
        At, BlockView, BuildingView, IncidentView, IndexView, Listing, RelatedIncident, RelatedView,
        Relation, ServiceView,
    },
    Cursor, IncidentFilter, ServiceFilter,
};

/// Why a list is not given.
pub enum Trouble {
    /// What was asked cannot be answered.
    Failure(Failure),
    /// The index fails.
    Index(faultline_index::Error),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<faultline_index::Error> for Trouble {
    fn from(error: faultline_index::Error) -> Self {
        Self::Index(error)
    }
}

impl Trouble {
    /// What is answered; an index that is damaged takes note of it.
    pub fn failure(self, index: &Index) -> Failure {
        match self {
            Self::Failure(failure) => failure,
            Self::Index(faultline_index::Error::Building { done, of }) => Failure::IndexBuilding { done, of },
            Self::Index(error) => {
                index.note(&error);
                unavailable(error)
            }
        }
    }
}

/// A list, or why it is not given.
pub type Answer<T> = Result<T, Trouble>;

fn block(head: Head) -> BlockView {
    BlockView {
        number: head.number,
        hash: head.hash,
    }
}

/// How far the index is.
pub fn index_view(state: State, finalized: BlockNumber) -> IndexView {
    IndexView {
        at: state.head.map(block),
        lag: finalized.saturating_sub(state.head.map_or(0, |head| head.number)),
        building: state.building.map(|building| BuildingView {
            done: building.done,
            of: building.of,
        }),
    }
}

/// Reads lists at one block.
pub struct Lists<'a> {
    reading: &'a Reading<'a>,
    genesis: Hash,
    finalized: BlockNumber,
    slugs: BTreeMap<ServiceId, Slug>,
    names: BTreeMap<OrganisationId, String>,
}

impl<'a> Lists<'a> {
    /// Of this view of the index, where the chain is final up to this block.
    pub fn new(reading: &'a Reading<'a>, genesis: Hash, finalized: BlockNumber) -> Self {
        Self {
            reading,
            genesis,
            finalized,
            slugs: BTreeMap::new(),
            names: BTreeMap::new(),
        }
    }

    /// The block at which it is true.
    pub fn at(&self) -> BlockView {
        block(self.reading.head())
    }

    /// What a filter of incidents means.
    pub fn asked(&self, filter: IncidentFilter) -> Answer<Asked> {
        Asked::of(self.reading, self.genesis, filter)
    }

    /// The place after all that changed up to this block.
    pub fn end(&self) -> ChangePosition {
        ChangePosition::end_of(self.reading.head().number)
    }

    /// The incidents that changed after a place, in order: at most `limit`.
    pub fn changes(
        &self,
        after: ChangePosition,
        limit: usize,
    ) -> Answer<Vec<(ChangePosition, Record<Incident>)>> {
        Ok(self.reading.changes(after, limit)?)
    }

    /// How many entries the log of an incident holds.
    pub fn entries(&self, id: IncidentId) -> Answer<u32> {
        Ok(self.record(id)?.entries)
    }

    fn record(&self, id: IncidentId) -> Answer<Record<Incident>> {
        let record = self.reading.incident(id)?;
        Ok(record.ok_or_else(|| not_found("incident", id))?)
    }

    fn lag(&self) -> u32 {
        self.finalized.saturating_sub(self.reading.head().number)
    }

    fn answer<T>(&self, data: T) -> At<T> {
        At { at: self.at(), data }
    }

    /// Incidents by filter.
    pub fn incidents(
        &mut self,
        asked: IncidentFilter,
        cursor: Option<Cursor>,
        limit: usize,
    ) -> Answer<At<Listing<IncidentView>>> {
        let asked = self.asked(asked)?;
        let after = match cursor.map(|cursor| asked.sealer.place(&cursor)).transpose()? {
            None => None,
            Some(Place::Incident(bytes)) => Position::from_bytes(&bytes),
            Some(Place::Service(_) | Place::Change(..)) => {
                let why = "it is of changes; a list goes on from the `next` of its last page".into();
                return Err(Failure::BadCursor { why }.into());
            }
        };
        let found = self.reading.incidents(&asked.filter, after, limit)?;
        let items = found.items.into_iter().map(|record| self.view(record));
        let listing = Listing {
            items: items.collect::<Answer<_>>()?,
            next: found.last.map(|last| asked.sealer.cursor(last)),
            index_lag: self.lag(),
        };
        Ok(self.answer(listing))
    }

    /// The cursor from which a subscription misses nothing after this block.
    pub fn now(&self, asked: IncidentFilter) -> Answer<At<Cursor>> {
        let cursor = self.asked(asked)?.sealer.cursor(self.end());
        Ok(self.answer(cursor))
    }

    /// Services by filter.
    pub fn services(
        &mut self,
        asked: ServiceFilter,
        cursor: Option<Cursor>,
        limit: usize,
    ) -> Answer<At<Listing<ServiceView>>> {
        let sealer = Sealer::new(self.genesis, &asked);
        let after = match cursor.map(|cursor| sealer.place(&cursor)).transpose()? {
            None => None,
            Some(Place::Service(slug)) => Some(slug),
            Some(Place::Incident(_) | Place::Change(..)) => {
                let why = "it is of incidents; a list goes on from the `next` of its last page".into();
                return Err(Failure::BadCursor { why }.into());
            }
        };
        if let Some(id) = asked.provider {
            known(self.reading, id)?;
        }
        let filter = ServicesOf {
            under: asked
                .under
                .as_deref()
                .map(|text| under(self.reading, text))
                .transpose()?,
            provider: asked.provider,
            listed: asked.listed,
            retired: asked.retired,
        };
        let found = self.reading.services(&filter, after.as_ref(), limit)?;
        let items = found.items.into_iter().map(|entry| self.service_view(entry));
        let listing = Listing {
            items: items.collect::<Answer<_>>()?,
            next: found.last.map(|last| sealer.cursor(Place::Service(last))),
            index_lag: self.lag(),
        };
        Ok(self.answer(listing))
    }

    /// The event that an incident is part of.
    pub fn related(&mut self, id: IncidentId) -> Answer<At<RelatedView>> {
        let record = self.record(id)?;
        let span = self.reading.span(&record.state);
        let mut found = Vec::new();
        for (service, relations) in self.relatives(record.state.service)? {
            let slug = self.slug(service)?;
            for other in self
                .reading
                .overlapping(&slug, &span, RELATED.saturating_add(1))?
            {
                if other.state.id != id {
                    found.push((Position::of(&other.state), relations.clone(), other));
                }
            }
        }
        found.sort_unstable_by_key(|(position, ..)| *position);
        found.truncate(RELATED);
        let items = found.into_iter().map(|(_, relations, record)| {
            Ok(RelatedIncident {
                relations,
                incident: self.view(record)?,
            })
        });
        let related = RelatedView {
            items: items.collect::<Answer<_>>()?,
            index_lag: self.lag(),
        };
        Ok(self.answer(related))
    }

    /// The services that are related to one, itself among them, and in what.
    fn relatives(&self, id: ServiceId) -> Answer<BTreeMap<ServiceId, Vec<Relation>>> {
        let service = self.entry(id)?.record.state;
        let mut all = vec![(Relation::SameService, vec![id])];
        all.push((Relation::Component, self.reading.components(id)?));
        if let Some(parent) = service.parent {
            all.push((Relation::Parent, vec![parent]));
            all.push((Relation::Sibling, self.reading.components(parent)?));
        }
        if let Some(provider) = service.provider {
            all.push((Relation::SameProvider, self.reading.run_by(provider)?));
        }
        let mut relatives = BTreeMap::<_, Vec<_>>::new();
        for (relation, services) in all {
            for other in services {
                if other == id && relation != Relation::SameService {
                    continue;
                }
                let known = relatives.len() < RELATIVES || relatives.contains_key(&other);
                if known {
                    relatives.entry(other).or_default().push(relation);
                }
            }
        }
        Ok(relatives)
    }

    /// The view of a record.
    pub fn view(&mut self, record: Record<Incident>) -> Answer<IncidentView> {
        for voice in record.state.tally.voices() {
            if let Entry::Vacant(unseen) = self.names.entry(voice.organisation) {
                let name = self.reading.organisation(voice.organisation)?;
                unseen.insert(name.ok_or_else(|| not_found("organisation", voice.organisation))?);
            }
        }
        let (id, slug) = (record.state.id, self.slug(record.state.service)?.to_string());
        let now = self.reading.head().time;
        Ok(IncidentView::new(id, record, slug, &self.names, now))
    }

    /// The slug of a service.
    pub fn slug(&mut self, id: ServiceId) -> Answer<Slug> {
        if let Some(slug) = self.slugs.get(&id) {
            return Ok(slug.clone());
        }
        let slug = self.entry(id)?.record.state.slug;
        self.slugs.insert(id, slug.clone());
        Ok(slug)
    }

    fn service_view(&mut self, entry: ServiceEntry) -> Answer<ServiceView> {
        let parent = entry.record.state.parent;
        let parent = parent.map(|parent| self.slug(parent)).transpose()?;
        let parent = parent.map(|slug| slug.to_string());
        Ok(ServiceView::new(entry.id, entry.record, parent, entry.incidents))
    }

    fn entry(&self, id: ServiceId) -> Answer<ServiceEntry> {
        let entry = self.reading.service(id)?;
        Ok(entry.ok_or_else(|| not_found("service", id))?)
    }
}
