//! What somebody finds who looks at every record: slow, and too simple to be wrong.

use std::{cmp::Reverse, sync::Arc};

use faultline_index::{FacetFilter, Filter, Scope, ServiceEntry, ServiceFilter, MOST_LOOKED_AT};
use faultline_primitives::{
    incident::{Action, Incident},
    service::Slug,
    BlockNumber, Entry, IncidentId, OrganisationId, Record, ServiceId, Span, UnixMillis,
};

use crate::chain::Past;

/// Everything at a block.
pub struct Truth {
    past: Arc<Past>,
    block: BlockNumber,
}

impl Truth {
    pub fn at(past: &Arc<Past>, block: BlockNumber) -> Self {
        Self {
            past: past.clone(),
            block,
        }
    }

    /// All records.
    pub fn records(&self) -> Vec<&Record<Incident>> {
        self.past.incidents_at(self.block).collect()
    }

    /// The time of the block.
    pub fn now(&self) -> UnixMillis {
        self.past.data.time(self.block)
    }

    /// The slug of a service.
    pub fn slug(&self, id: ServiceId) -> &Slug {
        &self.past.data.services()[id.0 as usize].record.state.slug
    }

    /// The entries of an incident.
    fn entries(&self, id: IncidentId) -> impl Iterator<Item = &Entry<Action>> {
        let story = &self.past.stories[usize::try_from(id.0).expect("a story that there is")];
        story.entries.iter().filter(|entry| entry.block <= self.block)
    }

    /// The incidents that a filter matches, in order.
    pub fn matching(&self, filter: &Filter) -> Vec<IncidentId> {
        let mut found: Vec<_> = self
            .records()
            .into_iter()
            .filter(|record| self.fits(filter, &record.state))
            .map(|record| (start(&record.state), record.state.id))
            .collect();
        found.sort_by_key(|place| Reverse(*place));
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// Whether an incident is one that a filter asks for.
    pub fn fits(&self, filter: &Filter, incident: &Incident) -> bool {
        let start = start(incident);
        filter.scopes.iter().all(|scope| self.is_of(scope, incident))
            && has(&filter.facets, incident)
            && filter.from.is_none_or(|from| from <= start)
            && filter.until.is_none_or(|until| start < until)
    }

    fn is_of(&self, scope: &Scope, incident: &Incident) -> bool {
        let slug = self.slug(incident.service).to_string();
        let attested = |by: OrganisationId| {
            self.entries(incident.id).any(|entry| match &entry.action {
                Action::Opened { by: who, .. } | Action::Attested { by: who, .. } => who.organisation == by,
                _ => false,
            })
        };
        match scope {
            Scope::Service(own) => own.to_string() == slug,
            Scope::Under(above) => slug == above.to_string() || slug.starts_with(&format!("{above}/")),
            Scope::Organisation(by) => attested(*by),
            Scope::Opener(by) => {
                let mut entries = self.entries(incident.id);
                entries
                    .next()
                    .is_some_and(|entry| entry.action.by().organisation == *by)
            }
        }
    }

    /// The services that a filter matches, in order of slug, part by part.
    pub fn services(&self, filter: &ServiceFilter) -> Vec<ServiceId> {
        let is_under =
            |slug: &str, above: &Slug| slug == above.to_string() || slug.starts_with(&format!("{above}/"));
        let mut found: Vec<_> = self
            .all_services()
            .filter(|entry| {
                let service = &entry.record.state;
                let slug = service.slug.to_string();
                filter.under.as_ref().is_none_or(|above| is_under(&slug, above))
                    && filter.provider.is_none_or(|by| service.provider == Some(by))
                    && filter.listed.is_none_or(|listed| service.listed == listed)
                    && filter.retired.is_none_or(|retired| service.retired == retired)
            })
            .map(|entry| (entry.record.state.slug.to_string(), entry.id))
            .collect();
        found.sort_by(|(one, _), (other, _)| one.split('/').cmp(other.split('/')));
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// All services, by number.
    pub fn all_services(&self) -> impl Iterator<Item = &ServiceEntry> {
        self.past.services_at(self.block)
    }

    /// Incidents of a service that overlap a span, in order: of the newest that began up to 31 days before it or a day after
    /// it, as many as are looked at.
    pub fn overlapping(&self, service: ServiceId, span: &Span) -> Vec<IncidentId> {
        const DAY: u64 = 24 * 60 * 60 * 1_000;
        let near = Filter {
            scopes: vec![Scope::Service(self.slug(service).clone())],
            from: Some(UnixMillis(span.from.0.saturating_sub(31 * DAY))),
            until: Some(UnixMillis(span.to.0 + DAY)),
            ..Filter::default()
        };
        let mut found = self.matching(&near);
        found.truncate(MOST_LOOKED_AT);
        found.retain(|id| {
            let record = self.past.incident(*id, self.block).expect("it was found");
            let other = self.span(&record.state);
            other.from <= span.to && span.from <= other.to
        });
        found
    }

    /// From when to when an incident was, as far as is known.
    pub fn span(&self, incident: &Incident) -> Span {
        let candidate = incident.candidate();
        let from = candidate.span.from;
        let ended = incident.finding.as_ref().and_then(|finding| finding.ended_at());
        let goes_on = candidate.current_until.is_some_and(|until| self.now() <= until);
        let to = match (ended, goes_on) {
            (Some(ended), _) => ended,
            (None, true) => candidate.span.to.max(self.now()),
            (None, false) => candidate.span.to,
        };
        Span {
            from,
            to: to.max(from),
        }
    }
}

/// When an incident started, as far as lists go.
pub fn start(incident: &Incident) -> UnixMillis {
    match &incident.finding {
        Some(finding) => finding.started.median,
        None => incident.first_reported_at,
    }
}

fn has(facets: &FacetFilter, incident: &Incident) -> bool {
    fn fits<T: PartialEq>(asked: &[T], value: &Option<T>) -> bool {
        asked.is_empty() || asked.iter().any(|one| Some(one) == value.as_ref())
    }
    let finding = incident.finding.as_ref();
    fits(&facets.verdict, &Some(incident.verdict))
        && fits(&facets.status, &Some(incident.status))
        && fits(&facets.timeliness, &incident.timeliness)
        && fits(&facets.kind, &finding.map(|finding| finding.kind))
        && fits(&facets.severity, &finding.map(|finding| finding.severity))
}
