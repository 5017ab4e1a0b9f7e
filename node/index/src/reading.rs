//! A view of everything at one block.

use codec::Decode;
use faultline_primitives::{
    incident::Incident,
    service::{Service, Slug},
    BlockNumber, IncidentId, OrganisationId, Record, ServiceId, Span, UnixMillis,
};
use rocksdb::{ColumnFamily, Direction, IteratorMode, SnapshotWithThreadMode, DB};

use crate::{
    column::Column,
    query::{Filter, Found, Scope},
    row::{self, Relative},
    store::stored_state,
    Error, Head, Position, ServiceEntry, ServiceFilter, MAX_STEPS,
};

/// How long before a span an incident may have started that is looked at for overlapping it, in milliseconds: 31 days.
const BEFORE: u64 = 31 * DAY;
/// How long after a span: the place of an incident is its median start, or its first report, and its earliest may lie in
/// the span all the same.
const AFTER: u64 = DAY;
const DAY: u64 = 24 * 60 * 60 * 1000;
/// Most incidents of one service that are looked at for that, the newest.
pub const MOST_LOOKED_AT: usize = 200;

/// Where in the order of changes an incident stands: by the block of its last entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangePosition {
    /// The block of its last entry.
    pub block: BlockNumber,
    /// The incident.
    pub incident: IncidentId,
}

impl ChangePosition {
    /// After all that changed up to a block and in it.
    pub const fn end_of(block: BlockNumber) -> Self {
        Self {
            block,
            incident: IncidentId(u64::MAX),
        }
    }

    fn to_bytes(self) -> Vec<u8> {
        [
            self.block.to_be_bytes().as_slice(),
            &self.incident.0.to_be_bytes(),
        ]
        .concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (block, incident) = bytes.split_first_chunk()?;
        Some(Self {
            block: BlockNumber::from_be_bytes(*block),
            incident: IncidentId(u64::from_be_bytes(incident.try_into().ok()?)),
        })
    }
}

/// Everything at one finalized block, whatever is written meanwhile.
pub struct Reading<'a> {
    db: &'a DB,
    snapshot: SnapshotWithThreadMode<'a, DB>,
    head: Head,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(db: &'a DB) -> Result<Self, Error> {
        let snapshot = db.snapshot();
        let meta = Column::Meta.of(db)?;
        let state = stored_state(snapshot.get_cf(meta, crate::store::STATE)?)?;
        match (state.head, state.building) {
            (Some(head), None) => Ok(Self { db, snapshot, head }),
            (_, Some(building)) => Err(Error::Building {
                done: building.done,
                of: building.of,
            }),
            (None, None) => Err(Error::Building { done: 0, of: 0 }),
        }
    }

    /// The block that all of it is true at.
    pub fn head(&self) -> Head {
        self.head
    }

    pub(crate) fn snapshot(&self) -> &SnapshotWithThreadMode<'a, DB> {
        &self.snapshot
    }

    pub(crate) fn column(&self, column: Column) -> Result<&'a ColumnFamily, Error> {
        column.of(self.db)
    }

    /// The record of an incident.
    ///
    /// # Errors
    ///
    /// See [`Error`]. So with everything here.
    pub fn incident(&self, id: IncidentId) -> Result<Option<Record<Incident>>, Error> {
        self.value(Column::Incidents, &row::incident_key(id))
    }

    /// A service.
    pub fn service(&self, id: ServiceId) -> Result<Option<ServiceEntry>, Error> {
        self.value(Column::Services, &id.0.to_be_bytes())
    }

    /// The number of the service of a slug.
    pub fn by_slug(&self, slug: &Slug) -> Result<Option<ServiceId>, Error> {
        let found = self.bytes(Column::Slugs, &row::slug_key(slug))?;
        found.map(|bytes| service_id(&bytes)).transpose()
    }

    /// The name of an organisation.
    pub fn organisation(&self, id: OrganisationId) -> Result<Option<String>, Error> {
        let name = self.bytes(Column::Organisations, &id.0.to_be_bytes())?;
        Ok(name.map(|name| String::from_utf8_lossy(&name).into_owned()))
    }

    /// Whether there is a service of this slug or under it.
    pub fn is_anything_under(&self, slug: &Slug) -> Result<bool, Error> {
        let all = ServiceFilter {
            under: Some(slug.clone()),
            ..ServiceFilter::default()
        };
        Ok(!self.services(&all, None, 1)?.items.is_empty())
    }

    /// Services that a filter matches, in order of slug, after one of them where it is given: at most `limit`, and fewer
    /// where [`MAX_STEPS`] do not find as many.
    pub fn services(
        &self,
        filter: &ServiceFilter,
        after: Option<&Slug>,
        limit: usize,
    ) -> Result<Found<ServiceEntry, Slug>, Error> {
        let fits = |service: &Service| {
            filter.provider.is_none_or(|id| service.provider == Some(id))
                && filter.listed.is_none_or(|listed| service.listed == listed)
                && filter.retired.is_none_or(|retired| service.retired == retired)
        };
        let (mut items, mut last) = (Vec::new(), None);
        for (step, id) in self.candidates(filter, after)?.enumerate() {
            if items.len() == limit || step as u64 > u64::from(MAX_STEPS) {
                return Ok(Found { items, last });
            }
            let entry = self.service(id?)?;
            let entry = entry.ok_or_else(|| Error::Damaged("a slug is of no service".into()))?;
            last = Some(entry.record.state.slug.clone());
            if fits(&entry.record.state) {
                items.push(entry);
            }
        }
        Ok(Found { items, last: None })
    }

    /// The services that may fit a filter, in order of slug, after one of them where it is given.
    fn candidates<'s>(
        &'s self,
        filter: &ServiceFilter,
        after: Option<&Slug>,
    ) -> Result<Box<dyn Iterator<Item = Result<ServiceId, Error>> + 's>, Error> {
        let under = filter.under.as_ref().map(row::slug_key).unwrap_or_default();
        let is_under = {
            let under = under.clone();
            move |key: &[u8]| match key.strip_prefix(under.as_slice()) {
                Some([]) | Some([1, ..]) => true,
                Some(_) => under.is_empty(),
                None => false,
            }
        };
        let after = after.map(row::slug_key);
        if let Some(provider) = filter.provider {
            // Few: what one organisation runs.
            let mut own = Vec::new();
            for id in self.run_by(provider)? {
                let entry = self.service(id)?;
                let slug = entry.map(|entry| row::slug_key(&entry.record.state.slug));
                own.extend(slug.map(|slug| (slug, id)));
            }
            own.retain(|(slug, _)| is_under(slug) && after.as_ref().is_none_or(|after| slug > after));
            own.sort_unstable();
            return Ok(Box::new(own.into_iter().map(|(_, id)| Ok(id))));
        }
        let from = after.clone().unwrap_or_default().max(under);
        let column = self.column(Column::Slugs)?;
        let rows = self
            .snapshot
            .iterator_cf(column, IteratorMode::From(&from, Direction::Forward));
        // What lies under a slug follows it at once.
        let rows = rows
            .take_while(move |row| row.as_ref().map_or(true, |(key, _)| is_under(key)))
            .filter(move |row| {
                row.as_ref()
                    .map_or(true, |(key, _)| after.as_deref() != Some(key))
            });
        Ok(Box::new(rows.map(|row| service_id(&row?.1))))
    }

    /// The services that are components of one.
    pub fn components(&self, of: ServiceId) -> Result<Vec<ServiceId>, Error> {
        self.relatives(Relative::ComponentsOf(of))
    }

    /// The services that an organisation runs.
    pub fn run_by(&self, organisation: OrganisationId) -> Result<Vec<ServiceId>, Error> {
        self.relatives(Relative::RunBy(organisation))
    }

    fn relatives(&self, relative: Relative) -> Result<Vec<ServiceId>, Error> {
        let head = relative.head();
        let column = self.column(Column::Relatives)?;
        let rows = self
            .snapshot
            .iterator_cf(column, IteratorMode::From(&head, Direction::Forward));
        let mut found = Vec::new();
        for row in rows {
            let (key, _) = row?;
            match key.strip_prefix(head.as_slice()) {
                Some(id) => found.push(service_id(id)?),
                None => break,
            }
        }
        Ok(found)
    }

    /// Incidents of a service that overlap a span, newest start first, at most `limit`, of the [`MOST_LOOKED_AT`] newest
    /// whose place in lists lies in it, up to 31 days before it or up to a day after it.
    pub fn overlapping(
        &self,
        service: &Slug,
        span: &Span,
        limit: usize,
    ) -> Result<Vec<Record<Incident>>, Error> {
        let filter = Filter {
            scopes: vec![Scope::Service(service.clone())],
            from: Some(UnixMillis(span.from.0.saturating_sub(BEFORE))),
            until: Some(UnixMillis(span.to.0.saturating_add(AFTER))),
            ..Filter::default()
        };
        let mut near = self.incidents(&filter, None, MOST_LOOKED_AT)?.items;
        near.retain(|record| self.span(&record.state).overlaps(span));
        near.truncate(limit);
        Ok(near)
    }

    /// From when to when an incident was, as far as is known at this block.
    pub fn span(&self, incident: &Incident) -> Span {
        let known = incident.candidate().span_at(self.head.time);
        match incident.finding.as_ref().and_then(|finding| finding.ended_at()) {
            Some(ended) => Span {
                from: known.from,
                to: ended.max(known.from),
            },
            None => known,
        }
    }

    /// The incidents that changed after a position, in order of the block of their last entry: at most `limit`.
    pub fn changes(
        &self,
        after: ChangePosition,
        limit: usize,
    ) -> Result<Vec<(ChangePosition, Record<Incident>)>, Error> {
        let column = self.column(Column::ByBlock)?;
        let from = after.to_bytes();
        let rows = self
            .snapshot
            .iterator_cf(column, IteratorMode::From(&from, Direction::Forward));
        let mut changes = Vec::new();
        for row in rows {
            let (key, _) = row?;
            let position = ChangePosition::from_bytes(&key)
                .ok_or_else(|| Error::Damaged("a change has no place".into()))?;
            if position == after {
                continue;
            }
            if changes.len() == limit {
                break;
            }
            changes.push((position, self.known(position.incident)?));
        }
        Ok(changes)
    }

    pub(crate) fn record_at(&self, position: Position) -> Result<Record<Incident>, Error> {
        self.known(position.incident())
    }

    fn known(&self, id: IncidentId) -> Result<Record<Incident>, Error> {
        let record = self.incident(id)?;
        record.ok_or_else(|| Error::Damaged(format!("a list holds incident {id}, and there is none")))
    }

    fn bytes(&self, column: Column, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.snapshot.get_cf(self.column(column)?, key)?)
    }

    fn value<T: Decode>(&self, column: Column, key: &[u8]) -> Result<Option<T>, Error> {
        let bytes = self.snapshot.get_pinned_cf(self.column(column)?, key)?;
        Ok(bytes.map(|bytes| T::decode(&mut bytes.as_ref())).transpose()?)
    }
}

fn service_id(bytes: &[u8]) -> Result<ServiceId, Error> {
    let bytes = bytes
        .try_into()
        .map_err(|_| Error::Damaged("a service has no number".into()))?;
    Ok(ServiceId(u32::from_be_bytes(bytes)))
}
