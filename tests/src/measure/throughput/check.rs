//! Reading back: whether all that was counted is on record, as a reader finds it.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::{bail, ensure, Context, Result};
use faultline_primitives::{attestation::Claim, IncidentId, ServiceId};
use faultline_rpc::{
    view::{ActionView, EntryView},
    FaultlineRpcClient,
};
use jsonrpsee::ws_client::{WsClient, WsClientBuilder};
use rand::{seq::IndexedRandom, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::ground::Ground;
use crate::load::{
    book::Fate,
    words::{claim, Topics, Word},
};

/// How many entries are looked at one by one.
const LOOKED_AT: usize = 200;
/// Most of a page.
const PAGE: u32 = 100;
/// How long the index of a node has until it holds what is final.
const PATIENCE: Duration = Duration::from_secs(120);

/// What was read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Incidents of the crowd's.
    pub incidents: usize,
    /// Entries of them: as many as attestations were counted.
    pub entries: u64,
    /// Entries that were compared with what was said.
    pub compared: usize,
}

/// Reads back what became of all that was handed in: each attestation that was counted as final is an entry, and nothing
/// else is. Where there are several nodes, entries are read from another than they were handed in at.
///
/// # Errors
///
/// Something counted is not on record, or otherwise than it was said; or a node does not answer.
pub async fn read_back(ground: &Ground, topics: &Topics, fates: &[Fate], seed: u64) -> Result<Checked> {
    let book = Record::of(ground, fates).await?;
    let entries = book
        .incidents
        .values()
        .flatten()
        .map(|(_, entries)| u64::from(*entries))
        .sum();
    let counted = fates.iter().filter(|fate| fate.finalized.is_some());
    let words: u64 = counted.map(|fate| u64::from(fate.said.count)).sum();
    ensure!(
        entries == words,
        "{words} attestations were counted as final, and the incidents hold {entries} entries"
    );
    Ok(Checked {
        incidents: book.incidents.values().map(Vec::len).sum(),
        entries,
        compared: book.compared(topics, fates, seed).await?,
    })
}

/// Reads back some of these that are final, while others may go on speaking: how many.
///
/// # Errors
///
/// One is not on record, or otherwise than it was said; or a node does not answer.
pub async fn compared(ground: &Ground, topics: &Topics, fates: &[Fate], seed: u64) -> Result<usize> {
    Record::of(ground, fates)
        .await?
        .compared(topics, fates, seed)
        .await
}

/// The record, as the nodes give it.
struct Record<'a> {
    ground: &'a Ground,
    readers: Vec<WsClient>,
    incidents: BTreeMap<ServiceId, Vec<(IncidentId, u32)>>,
}

impl<'a> Record<'a> {
    /// Once every node has what is final of these.
    async fn of(ground: &'a Ground, fates: &[Fate]) -> Result<Self> {
        let mut readers = Vec::new();
        for node in &ground.nodes {
            let builder = WsClientBuilder::default()
                .max_response_size(64 * 1_024 * 1_024)
                .request_timeout(Duration::from_secs(120));
            readers.push(builder.build(node.endpoint()).await?);
        }
        let blocks = fates.iter().filter_map(|fate| fate.finalized);
        let last = blocks.map(|(block, _)| block).max().unwrap_or(0);
        for reader in &readers {
            caught_up(reader, last).await?;
        }
        let incidents = incidents(readers.last().context("no nodes")?, ground).await?;
        Ok(Self {
            ground,
            readers,
            incidents,
        })
    }

    async fn compared(&self, topics: &Topics, fates: &[Fate], seed: u64) -> Result<usize> {
        let counted: Vec<_> = fates.iter().filter(|fate| fate.finalized.is_some()).collect();
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut compared = 0;
        for fate in counted.choose_multiple(&mut chance, LOOKED_AT) {
            let words: Vec<_> = fate.said.words(topics).collect();
            let word = *words
                .choose(&mut chance)
                .context("a transaction says something")?;
            // Of several nodes another than the one that was told.
            let place = (fate.node + 1)
                .checked_rem(self.readers.len())
                .context("no nodes")?;
            let reader = self.readers.get(place).context("no nodes")?;
            let service = ServiceId(self.ground.first_service + word.service);
            let of = self.incidents.get(&service);
            let of = of.with_context(|| format!("no incident on service {}", service.0))?;
            let entry = entry(reader, of, &topics.text(word)).await?;
            let entry = entry.with_context(|| format!("no entry says `{}`", topics.text(word)))?;
            compare(&entry, word, fate, self.ground)?;
            compared += 1;
        }
        Ok(compared)
    }
}

/// Waits until a node's index holds what is final in this block.
async fn caught_up(reader: &WsClient, block: u32) -> Result<()> {
    let began = Instant::now();
    loop {
        let status = reader.status().await?.data;
        let indexed = status.index.and_then(|index| index.at).map_or(0, |at| at.number);
        if indexed >= block {
            return Ok(());
        }
        ensure!(
            began.elapsed() < PATIENCE,
            "the index stands at block {indexed}, not at {block}"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The incidents that the crowd reported, by service, each with how many entries it has.
async fn incidents(
    reader: &WsClient,
    ground: &Ground,
) -> Result<BTreeMap<ServiceId, Vec<(IncidentId, u32)>>> {
    let mut found = BTreeMap::<_, Vec<_>>::new();
    let mut next = None;
    loop {
        let page = reader.incidents(None, next, Some(PAGE)).await?.data;
        let mut new = 0;
        for incident in page.items {
            // Those that the chain began with are older, and come last.
            if incident.id.0 >= ground.first_incident {
                found
                    .entry(incident.service)
                    .or_default()
                    .push((incident.id, incident.entries));
                new += 1;
            }
        }
        next = page.next;
        if next.is_none() || new == 0 {
            return Ok(found);
        }
    }
}

/// The entry with this text, of one of several incidents.
async fn entry(reader: &WsClient, of: &[(IncidentId, u32)], text: &str) -> Result<Option<EntryView>> {
    for (incident, _) in of {
        let mut from = Some(0);
        while from.is_some() {
            let page = reader.entries(incident.0, from, Some(PAGE)).await?.data;
            let mut entries = page.items.into_iter();
            if let Some(entry) = entries.find(|entry| entry.text.as_deref() == Some(text)) {
                return Ok(Some(entry));
            }
            from = page.next;
        }
    }
    Ok(None)
}

fn compare(entry: &EntryView, word: Word, fate: &Fate, ground: &Ground) -> Result<()> {
    let claimed: Claim = match &entry.action {
        ActionView::Opened { attestation, .. } | ActionView::Attested { attestation, .. } => {
            attestation.claim
        }
        other => bail!("an attestation is recorded as {other:?}"),
    };
    let organisation = ground.first_organisation + word.organisation;
    ensure!(
        entry.by.organisation.0 == organisation && claimed == claim(word),
        "organisation {organisation} said {}, and it is recorded that {} said {claimed}",
        claim(word),
        entry.by.organisation,
    );
    let block = fate.finalized.map(|(block, _)| block);
    ensure!(
        Some(entry.block) == block,
        "an entry of block {} was counted in {block:?}",
        entry.block
    );
    Ok(())
}
