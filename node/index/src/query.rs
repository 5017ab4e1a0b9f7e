//! What is asked of the index, and how it is answered.

use faultline_primitives::{
    incident::Incident, service::Slug, IncidentId, OrganisationId, Record, UnixMillis,
};

use crate::{
    column::Column,
    facets::{FacetFilter, Facets},
    postings::{AllOf, AnyOf, Met, Postings},
    row::{by_organisation, by_slug, slug_key, start, Of},
    Error, Reading,
};

/// Most steps that are made for one page where several lists have to agree: it bounds what a question costs that matches
/// little.
pub const MAX_STEPS: u32 = 10_000;

/// A place in the order of lists: newest start first, and of one start the incident opened last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(u128);

impl Position {
    /// Before everything.
    pub const FIRST: Self = Self(0);
    /// Bytes of a position.
    pub const LENGTH: usize = 16;

    /// Where an incident of this start stands.
    pub fn new(start: UnixMillis, id: IncidentId) -> Self {
        Self(!(u128::from(start.0) << 64 | u128::from(id.0)))
    }

    /// Where an incident stands.
    pub fn of(incident: &Incident) -> Self {
        Self::new(start(incident), incident.id)
    }

    /// Before everything that started earlier than `until`; none where nothing can have.
    fn before(until: UnixMillis) -> Option<Self> {
        let last = until.0.checked_sub(1)?;
        Some(Self::new(UnixMillis(last), IncidentId(u64::MAX)))
    }

    /// The next place.
    fn after(self) -> Option<Self> {
        self.0.checked_add(1).map(Self)
    }

    /// The incident.
    pub fn incident(self) -> IncidentId {
        let [_, _, _, _, _, _, _, _, id @ ..] = (!self.0).to_be_bytes();
        IncidentId(u64::from_be_bytes(id))
    }

    /// The bytes, in order of the place.
    pub const fn to_bytes(self) -> [u8; Self::LENGTH] {
        self.0.to_be_bytes()
    }

    /// The place of these bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(u128::from_be_bytes(bytes.try_into().ok()?)))
    }
}

/// Whose incidents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those of one service.
    Service(Slug),
    /// Those of the services of this slug and under it.
    Under(Slug),
    /// Those that an organisation opened or ever attested.
    Organisation(OrganisationId),
    /// Those that an organisation opened.
    Opener(OrganisationId),
}

impl Scope {
    fn takes(&self, incident: &Incident, slug: &Slug) -> bool {
        match self {
            Self::Service(own) => own == slug,
            Self::Under(above) => {
                let rest = slug.as_bytes().strip_prefix(above.as_bytes());
                rest.is_some_and(|rest| rest.is_empty() || rest.first() == Some(&b'/'))
            }
            Self::Organisation(id) => incident.ledger.of(*id).is_some_and(|spoken| spoken.words > 0),
            Self::Opener(id) => incident.opener == *id,
        }
    }

    /// The head of its lists.
    fn head(&self) -> (Column, Vec<u8>) {
        match self {
            Self::Service(slug) => (Column::ByService, by_slug(Of::Own, &slug_key(slug))),
            Self::Under(slug) => (Column::ByService, by_slug(Of::Wide, &slug_key(slug))),
            Self::Opener(id) => (Column::ByOrganisation, by_organisation(Of::Own, *id)),
            Self::Organisation(id) => (Column::ByOrganisation, by_organisation(Of::Wide, *id)),
        }
    }
}

/// Which incidents: all that is named must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Whose.
    pub scopes: Vec<Scope>,
    /// What they are.
    pub facets: FacetFilter,
    /// Started at this time or after it.
    pub from: Option<UnixMillis>,
    /// Started before this time.
    pub until: Option<UnixMillis>,
}

impl Filter {
    /// Whether an incident of the service of a slug fits: what lists are walked for, of one.
    pub fn fits(&self, incident: &Incident, slug: &Slug) -> bool {
        let start = start(incident);
        self.scopes.iter().all(|scope| scope.takes(incident, slug))
            && self.facets.fits(incident)
            && self.from.is_none_or(|from| start >= from)
            && self.until.is_none_or(|until| start < until)
    }
}

/// Which services.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceFilter {
    /// Those of this slug and under it.
    pub under: Option<Slug>,
    /// Those that this organisation runs.
    pub provider: Option<OrganisationId>,
    /// Those that the council lists, or does not.
    pub listed: Option<bool>,
    /// Those that are retired, or are not.
    pub retired: Option<bool>,
}

/// A page of what was found.
#[derive(Clone, Debug)]
pub struct Found<T, P> {
    /// The items.
    pub items: Vec<T>,
    /// What was looked at last; none where there is nothing after it.
    pub last: Option<P>,
}

impl Reading<'_> {
    /// Incidents that a filter matches, after a position where one is given: at most `limit`, and fewer where
    /// [`MAX_STEPS`] do not find as many.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub fn incidents(
        &self,
        filter: &Filter,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Found<Record<Incident>, Position>, Error> {
        let mut items = Vec::new();
        let mut from = match filter.until.map(Position::before) {
            None => Position::FIRST,
            Some(Some(from)) => from,
            // Nothing starts before the first moment.
            Some(None) => return Ok(Found { items, last: None }),
        };
        if let Some(after) = after {
            match after.after() {
                Some(next) => from = from.max(next),
                None => return Ok(Found { items, last: None }),
            }
        }
        let end = filter.from.and_then(Position::before);
        let mut all = AllOf::new(self.lists(filter, from, end)?, MAX_STEPS);
        let mut last = None;
        loop {
            match all.seek(from)? {
                Met::At(position) => {
                    // One more than asked for tells whether there is a next page.
                    if items.len() == limit {
                        return Ok(Found { items, last });
                    }
                    items.push(self.record_at(position)?);
                    last = Some(position);
                    match position.after() {
                        Some(next) => from = next,
                        None => break,
                    }
                }
                // What was looked at is all that lies before.
                Met::Tired(next) => {
                    let last = Position(next.0.saturating_sub(1));
                    return Ok(Found {
                        items,
                        last: Some(last),
                    });
                }
                Met::End => break,
            }
        }
        Ok(Found { items, last: None })
    }

    /// The lists whose agreement answers a filter.
    fn lists(&self, filter: &Filter, from: Position, end: Option<Position>) -> Result<Vec<AnyOf<'_>>, Error> {
        let any = filter.facets.is_any();
        let mut scopes: Vec<_> = filter.scopes.iter().map(Scope::head).collect();
        let mut lists = Vec::new();
        // Where the incidents of somebody are asked for, what they are is asked of the first such list alone.
        let (column, head) = match (scopes.is_empty(), any) {
            (true, true) => {
                let list = self.list(Column::ByStart, Vec::new(), end)?;
                return Ok(vec![AnyOf::new(vec![list], from)?]);
            }
            (true, false) => (Column::ByFacets, Vec::new()),
            (false, _) => scopes.remove(0),
        };
        let heads = if any {
            vec![[head.as_slice(), &Facets::ALL].concat()]
        } else {
            self.heads(column, &head, &filter.facets)?
        };
        let parts = heads.into_iter().map(|head| self.list(column, head, end));
        lists.push(AnyOf::new(parts.collect::<Result<_, _>>()?, from)?);
        for (column, head) in scopes {
            let list = self.list(column, [head.as_slice(), &Facets::ALL].concat(), end)?;
            lists.push(AnyOf::new(vec![list], from)?);
        }
        Ok(lists)
    }

    fn list(&self, column: Column, head: Vec<u8>, end: Option<Position>) -> Result<Postings<'_>, Error> {
        Ok(Postings::open(self.snapshot(), self.column(column)?, head, end))
    }

    /// The heads of the lists that there are, of those whose facets fit.
    fn heads(&self, column: Column, head: &[u8], filter: &FacetFilter) -> Result<Vec<Vec<u8>>, Error> {
        let mut heads = Vec::new();
        let mut rows = self.snapshot().raw_iterator_cf(self.column(column)?);
        let fitting = filter.combinations();
        let mut left = fitting.as_slice();
        while let Some(next) = left.first() {
            rows.seek([head, &next.to_bytes()].concat());
            let Some(key) = rows.key() else {
                rows.status()?;
                break;
            };
            let Some(found) = key.strip_prefix(head).and_then(|rest| rest.first_chunk::<2>()) else {
                break;
            };
            if next.to_bytes() == *found {
                heads.push([head, found].concat());
                left = left.get(1..).unwrap_or_default();
            } else {
                // Those up to what was found are not there.
                let gone = left.partition_point(|facets| facets.to_bytes() < *found);
                left = left.get(gone..).unwrap_or_default();
            }
        }
        Ok(heads)
    }
}
