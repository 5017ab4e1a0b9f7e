//! What is asked, with values drawn from the history: what is common in it is asked for often.

use anyhow::{Context, Result};
use faultline_index::{FacetFilter, Filter, Scope};
use faultline_primitives::{
    incident::{Incident, Status, Timeliness, Verdict},
    service::Slug,
    IncidentId, Millis, OrganisationId, Record, UnixMillis,
};
use faultline_rpc::{view::Utc, IncidentFilter, ServiceFilter};
use rand::{seq::IndexedRandom, Rng};
use rand_chacha::ChaCha8Rng;

use super::history::History;

/// A question.
pub enum Question {
    /// A page of incidents.
    Incidents(Filter),
    /// A page of services.
    Services(ServiceFilter),
    /// What an incident is part of.
    Related(IncidentId),
    /// An incident, from the index.
    Incident(IncidentId),
}

/// A kind of question.
pub struct Kind {
    /// What it is called.
    pub name: &'static str,
    /// One of it.
    pub draw: fn(&History, &mut ChaCha8Rng) -> Result<Question>,
}

/// All kinds.
pub const KINDS: &[Kind] = &[
    kind("no filter", |_, _| incidents(Vec::new(), FacetFilter::default())),
    kind("service", |history, chance| {
        Drawn::new(history, chance)?.of([Whose::Service])
    }),
    kind("under a slug", |history, chance| {
        Drawn::new(history, chance)?.of([Whose::Under])
    }),
    kind("organisation", |history, chance| {
        Drawn::new(history, chance)?.of([Whose::Organisation])
    }),
    kind("opener", |history, chance| {
        Drawn::new(history, chance)?.of([Whose::Opener])
    }),
    kind("verdict Confirmed", |_, _| {
        incidents(Vec::new(), verdict(Verdict::Confirmed))
    }),
    kind("verdict Contested", |_, _| {
        incidents(Vec::new(), verdict(Verdict::Contested))
    }),
    kind("status Ongoing", |_, _| {
        incidents(Vec::new(), status(Status::Ongoing))
    }),
    kind("status EndUnknown", |_, _| {
        incidents(Vec::new(), status(Status::EndUnknown))
    }),
    kind("timeliness Late", |_, _| {
        incidents(
            Vec::new(),
            FacetFilter {
                timeliness: vec![Timeliness::Late],
                ..FacetFilter::default()
            },
        )
    }),
    kind("kind", |history, chance| {
        let kind = Drawn::new(history, chance)?.facets().kind;
        incidents(
            Vec::new(),
            FacetFilter {
                kind,
                ..FacetFilter::default()
            },
        )
    }),
    kind("severity", |history, chance| {
        let severity = Drawn::new(history, chance)?.facets().severity;
        incidents(
            Vec::new(),
            FacetFilter {
                severity,
                ..FacetFilter::default()
            },
        )
    }),
    kind("every facet of one incident", |history, chance| {
        let facets = Drawn::new(history, chance)?.facets();
        incidents(Vec::new(), facets)
    }),
    kind("a week", |history, chance| {
        week(history, chance, Filter::default())
    }),
    kind("a week, verdict Confirmed", |history, chance| {
        let facets = verdict(Verdict::Confirmed);
        week(
            history,
            chance,
            Filter {
                facets,
                ..Filter::default()
            },
        )
    }),
    kind("service, verdict Confirmed", |history, chance| {
        let scopes = Drawn::new(history, chance)?.scopes([Whose::Service])?;
        incidents(scopes, verdict(Verdict::Confirmed))
    }),
    kind("under a slug, status Ongoing, severity", |history, chance| {
        let mut drawn = Drawn::new(history, chance)?;
        let severity = drawn.facets().severity;
        let facets = FacetFilter {
            severity,
            ..status(Status::Ongoing)
        };
        incidents(drawn.scopes([Whose::Under])?, facets)
    }),
    kind("organisation, verdict Contested", |history, chance| {
        let scopes = Drawn::new(history, chance)?.scopes([Whose::Organisation])?;
        incidents(scopes, verdict(Verdict::Contested))
    }),
    kind("service and organisation of one incident", |history, chance| {
        Drawn::new(history, chance)?.of([Whose::Service, Whose::Organisation])
    }),
    kind("service and organisation, each by chance", |history, chance| {
        let mut scopes = Drawn::new(history, chance)?.scopes([Whose::Service])?;
        scopes.extend(Drawn::new(history, chance)?.scopes([Whose::Organisation])?);
        incidents(scopes, FacetFilter::default())
    }),
    kind("under, opener, kind, a week", |history, chance| {
        let mut drawn = Drawn::new(history, chance)?;
        let kind = drawn.facets().kind;
        let filter = Filter {
            scopes: drawn.scopes([Whose::Under, Whose::Opener])?,
            facets: FacetFilter {
                kind,
                ..FacetFilter::default()
            },
            ..Filter::default()
        };
        week(history, chance, filter)
    }),
    kind("services, no filter", |_, _| {
        Ok(Question::Services(ServiceFilter::default()))
    }),
    kind("services under a slug", |history, chance| {
        let under = Some(Drawn::new(history, chance)?.above().to_string());
        Ok(Question::Services(ServiceFilter {
            under,
            ..ServiceFilter::default()
        }))
    }),
    kind("services of a provider", |history, chance| {
        let service = history.services().choose(chance);
        let provider = service.and_then(|service| service.record.state.provider);
        Ok(Question::Services(ServiceFilter {
            provider,
            ..ServiceFilter::default()
        }))
    }),
    kind("related", |history, chance| {
        Ok(Question::Related(Drawn::new(history, chance)?.record.state.id))
    }),
    kind("incident, from the index", |history, chance| {
        Ok(Question::Incident(Drawn::new(history, chance)?.record.state.id))
    }),
];

const fn kind(name: &'static str, draw: fn(&History, &mut ChaCha8Rng) -> Result<Question>) -> Kind {
    Kind { name, draw }
}

/// What a filter says of whose incidents.
enum Whose {
    Service,
    Under,
    Organisation,
    Opener,
}

/// An incident of which the values are.
struct Drawn<'a> {
    chance: &'a mut ChaCha8Rng,
    record: Record<Incident>,
    slug: Slug,
}

impl<'a> Drawn<'a> {
    fn new(history: &History, chance: &'a mut ChaCha8Rng) -> Result<Self> {
        let id = IncidentId(chance.random_range(0..history.len()));
        let record = history.record(id)?.context("a record is there")?;
        let slug = history.slug(record.state.service)?.clone();
        Ok(Self { chance, record, slug })
    }

    fn of(mut self, whose: impl IntoIterator<Item = Whose>) -> Result<Question> {
        incidents(self.scopes(whose)?, FacetFilter::default())
    }

    fn scopes(&mut self, whose: impl IntoIterator<Item = Whose>) -> Result<Vec<Scope>> {
        whose.into_iter().map(|whose| self.scope(&whose)).collect()
    }

    fn scope(&mut self, whose: &Whose) -> Result<Scope> {
        Ok(match whose {
            Whose::Service => Scope::Service(self.slug.clone()),
            Whose::Under => Scope::Under(self.above()),
            Whose::Opener => Scope::Opener(self.record.state.opener),
            Whose::Organisation => Scope::Organisation(self.speaker()?),
        })
    }

    /// Somebody who attested.
    fn speaker(&mut self) -> Result<OrganisationId> {
        let ledger = self.record.state.ledger.all();
        let attested: Vec<_> = ledger.iter().filter(|spoken| spoken.words > 0).collect();
        let one = attested.choose(self.chance).context("somebody attested")?;
        Ok(one.organisation)
    }

    /// The slug of the service, or what lies above it.
    fn above(&mut self) -> Slug {
        let text = self.slug.to_string();
        let parts: Vec<_> = text.split('/').collect();
        let some = self.chance.random_range(1..=parts.len());
        parts[..some].join("/").as_str().try_into().unwrap_or_default()
    }

    /// All that it is.
    fn facets(&self) -> FacetFilter {
        let state = &self.record.state;
        let finding = state.finding.as_ref();
        FacetFilter {
            verdict: vec![state.verdict],
            status: vec![state.status],
            timeliness: state.timeliness.into_iter().collect(),
            kind: finding.map(|finding| finding.kind).into_iter().collect(),
            severity: finding.map(|finding| finding.severity).into_iter().collect(),
        }
    }
}

fn incidents(scopes: Vec<Scope>, facets: FacetFilter) -> Result<Question> {
    Ok(Question::Incidents(Filter {
        scopes,
        facets,
        ..Filter::default()
    }))
}

fn verdict(verdict: Verdict) -> FacetFilter {
    FacetFilter {
        verdict: vec![verdict],
        ..FacetFilter::default()
    }
}

fn status(status: Status) -> FacetFilter {
    FacetFilter {
        status: vec![status],
        ..FacetFilter::default()
    }
}

/// The same within a week in which something was reported.
fn week(history: &History, chance: &mut ChaCha8Rng, filter: Filter) -> Result<Question> {
    let from = Drawn::new(history, chance)?.record.state.first_reported_at;
    let from = UnixMillis(from.0.saturating_sub(Millis::days(3).0));
    Ok(Question::Incidents(Filter {
        from: Some(from),
        until: Some(from.after(Millis::days(7))),
        ..filter
    }))
}

/// The same as it is asked over JSON-RPC.
pub fn as_asked(filter: &Filter) -> IncidentFilter {
    let facets = filter.facets.clone();
    let mut asked = IncidentFilter {
        verdict: facets.verdict,
        status: facets.status,
        timeliness: facets.timeliness,
        kind: facets.kind,
        severity: facets.severity,
        from: filter.from.map(Utc),
        until: filter.until.map(Utc),
        ..IncidentFilter::default()
    };
    for scope in &filter.scopes {
        match scope {
            Scope::Service(slug) => asked.service = Some(slug.to_string()),
            Scope::Under(slug) => asked.under = Some(slug.to_string()),
            Scope::Organisation(id) => asked.organisation = Some(*id),
            Scope::Opener(id) => asked.opener = Some(*id),
        }
    }
    asked
}
