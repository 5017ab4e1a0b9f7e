//! Whether several nodes agree, and whether what each answers is what is proven.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
};

use faultline_primitives::{
    incident::Action, log::blake2_256, organisation, BlockNumber, Entry, Hash, IncidentId, OrganisationId,
};
use faultline_proof::{Anchor, History};
use faultline_rpc::{
    error::Failure,
    view::{At, EntryView, IncidentView, Page},
    FaultlineRpcClient,
};

use super::{
    log::Raw,
    reading::{RawIncident, Reading},
    society::Society,
    Asked, AuditError, Note, Options,
};
use crate::{
    trust::{Doubt, Head, Source, BATCH},
    Client, Error, Result,
};

/// How many entries of each incident's log the nodes' own answers are compared of.
const ENTRIES: u32 = 100;

/// How many incidents the nodes' own answers are compared of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// So many, drawn by the block's hash: every auditor draws the same.
    Some(u64),
    /// All.
    All,
}

/// What a node answers of itself, and does not prove.
pub trait Told: Source {
    /// The hash of the block of this number in the chain that the node holds to be final; none where it has none.
    fn hash_of(&self, number: BlockNumber) -> impl Future<Output = Result<Option<Hash>>> + Send;

    /// As [`FaultlineRpcClient::incident`].
    fn incident(&self, id: IncidentId) -> impl Future<Output = Result<At<IncidentView>>> + Send;

    /// The first entries of an incident's log: as [`FaultlineRpcClient::entries`].
    fn entries(&self, id: IncidentId) -> impl Future<Output = Result<At<Page<EntryView>>>> + Send;
}

impl Told for Client {
    async fn hash_of(&self, number: BlockNumber) -> Result<Option<Hash>> {
        self.with_node(|node| async move { node.ask("chain_getBlockHash", [number.into()]).await })
            .await
    }

    async fn incident(&self, id: IncidentId) -> Result<At<IncidentView>> {
        self.answer(self.rpc().incident(id.0)).await
    }

    async fn entries(&self, id: IncidentId) -> Result<At<Page<EntryView>>> {
        self.answer(FaultlineRpcClient::entries(
            &self.rpc(),
            id.0,
            None,
            Some(ENTRIES),
        ))
        .await
    }
}

/// Compares all nodes with what is proven. What speaks against one is noted; what does not is returned.
pub(super) async fn compare<S: Told>(
    reading: &Reading<'_, S>,
    options: &Options,
    society: &Society,
) -> std::result::Result<Vec<Note>, AuditError> {
    let mut remarks = Vec::new();
    let mut present = Vec::new();
    for node in reading.nodes {
        let remark = |what: String| Note {
            node: node.name.clone(),
            what,
        };
        match agrees(reading, node, options.anchor).await {
            Ok(None) => present.push(node),
            Ok(Some(what)) => {
                remarks.push(remark(what));
                present.push(node);
            }
            Err(Error::Unreachable { source, .. }) => {
                remarks.push(remark(format!("did not answer: {source}")))
            }
            Err(why) => remarks.push(remark(format!("could not be compared: {why}"))),
        }
    }
    let drawn = drawn(
        reading.head.block.hash,
        society.rolls.incidents.count,
        options.compare,
    );
    let names = names(society);
    for ids in drawn.chunks(BATCH) {
        for proven in reading.incidents(ids).await? {
            for node in &present {
                if let Some(what) = answers(reading, node, &proven, &names).await {
                    remarks.push(Note {
                        node: node.name.clone(),
                        what,
                    });
                }
            }
        }
    }
    remarks.dedup();
    Ok(remarks)
}

/// Whether a node has the block, and leads to it by the same authorities. Gives what is to be remarked.
async fn agrees<S: Told>(
    reading: &Reading<'_, S>,
    node: &Asked<S>,
    anchor: Anchor,
) -> Result<Option<String>> {
    let head = reading.head;
    let (number, ours) = (head.block.number, head.block.hash);
    match node.source.hash_of(number).await? {
        None => return Ok(Some(format!("is behind: it does not have block {number} yet"))),
        Some(theirs) if theirs != ours => {
            reading.note(
                &node.name,
                format!("has another block {number}: {theirs}, not {ours}"),
            );
        }
        Some(_) => {}
    }
    let remark = match Head::prove(&node.source, anchor, Some(number)).await {
        Ok(theirs) if theirs.block.hash != ours => {
            let hash = theirs.block.hash;
            let what = format!(
                "proves another block {number} final: {hash}, not {ours}. Two blocks of one number are final: the chain \
                 forked, and a third of the authorities' weight or more voted for both"
            );
            reading.note(&node.name, what);
            None
        }
        Ok(theirs) => {
            note_histories(reading, node, &theirs.history);
            None
        }
        // It may not keep the votes for just this block: then by those that it has.
        Err(Doubt::Node(Error::Failure(
            failure @ (Failure::BadParameter { .. } | Failure::Unavailable { .. }),
        ))) => match Head::prove(&node.source, anchor, None).await {
            Ok(theirs) => {
                note_histories(reading, node, &theirs.history);
                Some(format!(
                    "does not prove block {number} itself, but block {}: {failure}",
                    theirs.block.number
                ))
            }
            Err(Doubt::Node(why)) => return Err(why),
            Err(why) => {
                reading.note(&node.name, why.to_string());
                None
            }
        },
        Err(Doubt::Node(why)) => return Err(why),
        Err(why) => {
            reading.note(&node.name, why.to_string());
            None
        }
    };
    Ok(remark)
}

/// Two histories from one anchor are one, as far as both go.
fn note_histories<S: Told>(reading: &Reading<'_, S>, node: &Asked<S>, theirs: &History) {
    let ours = &reading.head.history;
    let differ = ours
        .changes
        .iter()
        .zip(&theirs.changes)
        .find(|(ours, theirs)| ours != theirs);
    if let Some((ours, theirs)) = differ {
        let what = format!(
            "proves that authorities changed at block {} ({}), where they are proven to have changed at block {} ({}): the \
             chain forked",
            theirs.block, theirs.hash, ours.block, ours.hash
        );
        reading.note(&node.name, what);
    }
}

/// The incidents that are drawn, in order.
fn drawn(seed: Hash, count: u64, compare: Compare) -> Vec<IncidentId> {
    match compare {
        Compare::Some(wanted) if wanted < count => {
            let mut drawn = BTreeSet::new();
            let mut place = 0u64;
            while u64::try_from(drawn.len()).unwrap_or(u64::MAX) < wanted {
                let Hash(digest) = blake2_256(&[&seed.0, &place.to_le_bytes()]);
                let word = digest.first_chunk::<8>().copied().unwrap_or_default();
                drawn.insert(IncidentId(
                    u64::from_le_bytes(word).checked_rem(count).unwrap_or_default(),
                ));
                place = place.saturating_add(1);
            }
            drawn.into_iter().collect()
        }
        _ => (0..count).map(IncidentId).collect(),
    }
}

fn names(society: &Society) -> BTreeMap<OrganisationId, String> {
    let name = |(id, entries): (u32, &Vec<Entry<organisation::Action>>)| {
        let admitted = entries.first()?;
        match &admitted.action {
            organisation::Action::Admitted(admission) => {
                Some((OrganisationId(id), admission.name.to_string()))
            }
            _ => None,
        }
    };
    (0u32..).zip(&society.organisations).filter_map(name).collect()
}

/// Whether a node answers of an incident what is proven. Gives what is to be remarked.
async fn answers<S: Told>(
    reading: &Reading<'_, S>,
    node: &Asked<S>,
    RawIncident { log, .. }: &RawIncident,
    names: &BTreeMap<OrganisationId, String>,
) -> Option<String> {
    let Raw {
        id, record, entries, ..
    } = log;
    let record = record.as_ref()?;
    let answer = match node.source.incident(*id).await {
        Ok(answer) => answer,
        Err(Error::Unreachable { source, .. }) => return Some(format!("did not answer: {source}")),
        Err(Error::Failure(Failure::NotFound { .. })) => {
            reading.note(&node.name, format!("says that there is no incident {id}"));
            return None;
        }
        Err(why) => return Some(format!("does not answer of incident {id}: {why}")),
    };
    let head = reading.head;
    if answer.at.number < head.block.number {
        return Some(format!("is behind: it answers as of block {}", answer.at.number));
    }
    let slug = opening_slug(entries);
    let expected = IncidentView::new(*id, record.clone(), slug, names, head.now);
    if answer.data.entries == record.entries {
        // What time alone changes is another later on; all else is as the log makes it.
        let is_now = answer.at.number == head.block.number;
        if without_time(answer.data, &expected, is_now) != expected {
            reading.note(
                &node.name,
                format!("answers of incident {id} what its log does not amount to"),
            );
        }
    } else if answer.data.entries < record.entries {
        let (told, proven) = (answer.data.entries, record.entries);
        reading.note(
            &node.name,
            format!("answers that incident {id} has {told} entries; {proven} are proven"),
        );
    }
    if let Ok(page) = node.source.entries(*id).await {
        compare_entries(reading, node, *id, entries, &page.data.items);
    }
    None
}

/// The slug that an incident was opened with, which is its service's for ever.
fn opening_slug(entries: &[Entry<Action>]) -> String {
    match entries.first().map(|entry| &entry.action) {
        Some(Action::Opened { opening, .. }) => opening.slug.to_string(),
        _ => String::new(),
    }
}

/// An answer, with what time alone changes taken from another where the two are of different blocks.
fn without_time(answer: IncidentView, expected: &IncidentView, is_now: bool) -> IncidentView {
    match is_now {
        true => answer,
        false => IncidentView {
            settled: expected.settled,
            lapsed: expected.lapsed,
            dispute: expected.dispute,
            ..answer
        },
    }
}

/// Entries never change: what was, a node answers for ever.
fn compare_entries<S: Told>(
    reading: &Reading<'_, S>,
    node: &Asked<S>,
    id: IncidentId,
    proven: &[Entry<Action>],
    told: &[EntryView],
) {
    let most = usize::try_from(ENTRIES).unwrap_or(usize::MAX);
    for (number, entry) in (0u32..).zip(proven.iter().take(most)) {
        let told = usize::try_from(number).ok().and_then(|place| told.get(place));
        let bare = |view: &EntryView| EntryView {
            text: None,
            redacted_at: None,
            ..view.clone()
        };
        if told.map(bare) != Some(EntryView::new(number, entry.clone(), None, None)) {
            reading.note(
                &node.name,
                format!("answers another entry {number} of incident {id} than is proven"),
            );
            return;
        }
    }
}
