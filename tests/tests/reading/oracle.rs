//! What lists must hold: computed here from the records and logs themselves, one by one.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{ensure, Result};
use faultline_primitives::{
    attestation::{Kind, Severity},
    incident::{Status, Timeliness, Verdict},
    IncidentId, OrganisationId, UnixMillis,
};
use faultline_rpc::{
    view::{ActionView, EntryView, IncidentView, Utc},
    Cursor, FaultlineRpcClient, IncidentFilter,
};
use jsonrpsee::ws_client::WsClient;
use rand::{seq::IndexedRandom, Rng};
use rand_chacha::ChaCha8Rng;

use crate::chain::{caught_up, PREFIXES, SERVICES};

/// An incident with its log.
#[derive(Clone, Debug)]
pub struct Known {
    pub view: IncidentView,
    pub log: Vec<EntryView>,
}

impl Known {
    async fn read(client: &WsClient, id: u64) -> Result<Self> {
        // An entry may be appended between two answers: then once more.
        loop {
            let view = client.incident(id).await?.data;
            let mut log: Vec<EntryView> = Vec::new();
            let mut next = Some(0);
            while let Some(from) = next {
                let page = client.entries(id, Some(from), None).await?.data;
                log.extend(page.items);
                next = page.next;
            }
            if u32::try_from(log.len())? == view.entries {
                return Ok(Self { view, log });
            }
        }
    }

    /// By which lists are ordered.
    pub fn start(&self) -> Utc {
        start(&self.view)
    }

    /// The block of its last entry.
    pub fn changed_in(&self) -> u32 {
        self.log.last().map_or(0, |entry| entry.block)
    }

    /// Those who ever attested it: one of them opened it.
    fn attested(&self) -> BTreeSet<OrganisationId> {
        let attested = |entry: &&EntryView| {
            matches!(
                entry.action,
                ActionView::Opened { .. } | ActionView::Attested { .. }
            )
        };
        let entries = self.log.iter().filter(attested);
        entries.map(|entry| entry.by.organisation).collect()
    }

    /// Whether a filter takes it.
    pub fn is_taken_by(&self, filter: &IncidentFilter) -> bool {
        let opener = self.log.first().map(|entry| entry.by.organisation);
        takes(filter, &self.view)
            && filter.opener.is_none_or(|wanted| Some(wanted) == opener)
            && filter
                .organisation
                .is_none_or(|wanted| self.attested().contains(&wanted))
    }
}

/// Where an incident stands in a list.
pub fn start(view: &IncidentView) -> Utc {
    view.started_at
        .map_or(view.first_reported_at, |times| times.median)
}

/// Whether a filter takes it, as far as the record alone says: nothing there says who spoke.
pub fn takes(filter: &IncidentFilter, view: &IncidentView) -> bool {
    fn one_of<T: PartialEq>(wanted: &[T], is: Option<T>) -> bool {
        wanted.is_empty() || is.is_some_and(|is| wanted.contains(&is))
    }
    let under = |prefix: &String| {
        let rest = view.slug.strip_prefix(prefix.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    filter.service.as_ref().is_none_or(|slug| *slug == view.slug)
        && filter.under.as_ref().is_none_or(under)
        && one_of(&filter.verdict, Some(view.verdict))
        && one_of(&filter.status, Some(view.status))
        && one_of(&filter.timeliness, view.timeliness)
        && one_of(&filter.kind, view.kind)
        && one_of(&filter.severity, view.severity)
        && filter.from.is_none_or(|from| start(view) >= from)
        && filter.until.is_none_or(|until| start(view) < until)
}

/// All incidents of a chain at some time.
#[derive(Clone, Debug, Default)]
pub struct Model {
    pub incidents: Vec<Known>,
}

impl Model {
    /// Reads all, one by one.
    pub async fn read(client: &WsClient) -> Result<Self> {
        let count = client.status().await?.data.incidents;
        let mut incidents = Vec::new();
        for id in 0..count {
            incidents.push(Known::read(client, id).await?);
        }
        Ok(Self { incidents })
    }

    /// The same, once the index holds what is final. Right for lists while nobody speaks.
    pub async fn settled(client: &WsClient) -> Result<Self> {
        caught_up(client).await?;
        Self::read(client).await
    }

    /// The incident of this number.
    pub fn of(&self, id: IncidentId) -> Option<&Known> {
        self.incidents.get(usize::try_from(id.0).ok()?)
    }

    /// What a filter takes, in the order of a list.
    pub fn list(&self, filter: &IncidentFilter) -> Vec<&IncidentView> {
        let mut taken: Vec<_> = self
            .incidents
            .iter()
            .filter(|known| known.is_taken_by(filter))
            .map(|known| &known.view)
            .collect();
        taken.sort_by_key(|view| std::cmp::Reverse((start(view), view.id)));
        taken
    }

    /// A filter at random, of which each field is there as often as not at all.
    pub fn filter(&self, random: &mut ChaCha8Rng) -> IncidentFilter {
        let (from, until) = self.span(random);
        IncidentFilter {
            service: some(random, 6, |random| {
                SERVICES.choose(random).map(|(slug, _)| (*slug).into())
            }),
            under: some(random, 4, |random| {
                PREFIXES.choose(random).map(|slug| (*slug).into())
            }),
            organisation: some(random, 4, |random| {
                Some(OrganisationId(random.random_range(0..6)))
            }),
            opener: some(random, 6, |random| {
                Some(OrganisationId(random.random_range(0..6)))
            }),
            verdict: among(random, Verdict::ALL),
            status: among(random, Status::ALL),
            timeliness: among(random, Timeliness::ALL),
            kind: among(random, Kind::ALL),
            severity: among(random, Severity::ALL),
            from,
            until,
        }
    }

    /// Often the very start of an incident, where one too many or too few would show.
    fn span(&self, random: &mut ChaCha8Rng) -> (Option<Utc>, Option<Utc>) {
        let moment = |random: &mut ChaCha8Rng| {
            let start = self.incidents.choose(random)?.start().0 .0;
            Some(Utc(UnixMillis(start + random.random_range(0..2))))
        };
        let (from, until) = (some(random, 4, moment), some(random, 4, moment));
        match (from, until) {
            (Some(from), Some(until)) if from == until => (Some(from), None),
            (Some(from), Some(until)) if from > until => (Some(until), Some(from)),
            as_drawn => as_drawn,
        }
    }
}

fn some<T>(
    random: &mut ChaCha8Rng,
    one_in: u32,
    draw: impl FnOnce(&mut ChaCha8Rng) -> Option<T>,
) -> Option<T> {
    random.random_ratio(1, one_in).then(|| draw(random)).flatten()
}

/// Mostly none, else one or a few.
fn among<T: Copy>(random: &mut ChaCha8Rng, all: &[T]) -> Vec<T> {
    match random.random_range(0..8) {
        0 => all.choose_multiple(random, 1).copied().collect(),
        1 => all.choose_multiple(random, 2).copied().collect(),
        _ => Vec::new(),
    }
}

/// What a walk through all pages gave.
pub struct Walk {
    pub items: Vec<IncidentView>,
    /// The blocks at which the pages were true.
    pub at: BTreeSet<u32>,
}

/// Walks through all pages, each of a limit that is drawn for it.
pub async fn walk(
    client: &WsClient,
    filter: &IncidentFilter,
    mut limit: impl FnMut() -> u32,
) -> Result<Walk> {
    let mut all = Walk {
        items: Vec::new(),
        at: BTreeSet::new(),
    };
    let mut cursor: Option<Cursor> = None;
    loop {
        let limit = limit();
        let page = client
            .incidents(Some(filter.clone()), cursor.clone(), Some(limit))
            .await?;
        ensure!(
            page.data.items.len() <= usize::try_from(limit)?,
            "{} items where {limit} were asked for",
            page.data.items.len()
        );
        all.at.insert(page.at.number);
        all.items.extend(page.data.items);
        match page.data.next {
            None => return Ok(all),
            next => {
                ensure!(next != cursor, "the next page is this one: {next:?}");
                cursor = next;
            }
        }
    }
}

/// The whole list as of one block.
pub async fn snapshot(client: &WsClient, filter: &IncidentFilter) -> Result<(u32, Vec<IncidentView>)> {
    for _ in 0..20 {
        let walk = walk(client, filter, || faultline_rpc::MAX_PAGE).await?;
        if let (1, Some(at)) = (walk.at.len(), walk.at.first()) {
            return Ok((*at, walk.items));
        }
    }
    anyhow::bail!("blocks come faster than a list can be read")
}

/// Says where two lists part.
pub fn ensure_same(what: &str, found: &[IncidentView], expected: &[&IncidentView]) -> Result<()> {
    let ids = |views: &mut dyn Iterator<Item = IncidentId>| views.map(|id| id.0).collect::<Vec<_>>();
    let found_ids = ids(&mut found.iter().map(|view| view.id));
    let expected_ids = ids(&mut expected.iter().map(|view| view.id));
    ensure!(
        found_ids == expected_ids,
        "{what}: the list has {found_ids:?}, the records make {expected_ids:?}"
    );
    for (found, expected) in found.iter().zip(expected) {
        ensure!(
            found == *expected,
            "{what}: {found:#?} where the record is {expected:#?}"
        );
    }
    Ok(())
}

/// How often each incident is in a list.
pub fn counts(items: &[IncidentView]) -> BTreeMap<IncidentId, usize> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item.id).or_default() += 1;
    }
    counts
}
