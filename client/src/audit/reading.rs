//! Reading from several nodes: what one does not prove another may.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use codec::DecodeAll;
use faultline_primitives::{attestation::Body, incident::Incident, Entry, Fold, IncidentId};
use faultline_proof::keys::{self, StorageKey};

use super::{
    log::{record, Logged, Raw},
    Asked, AuditError, Note,
};
use crate::{
    trust::{proven, Doubt, Head, Source, BATCH},
    Error,
};

/// Keys that are read at once without proof.
const MANY: usize = 2_000;

/// What a state is proven to hold under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// This, or nothing.
    Proven(Option<Vec<u8>>),
    /// No node proves anything of it.
    Unproven,
}

impl Found {
    /// What it is proven to be; none where it is nothing, or nothing is proven.
    pub fn value(&self) -> Option<&Vec<u8>> {
        match self {
            Self::Proven(value) => value.as_ref(),
            Self::Unproven => None,
        }
    }
}

/// Reads at one block from any of several nodes.
pub(super) struct Reading<'a, S> {
    /// The block.
    pub head: &'a Head,
    /// The nodes; the first is asked first.
    pub nodes: &'a [Asked<S>],
    notes: Mutex<Vec<Note>>,
    checking: Mutex<Duration>,
}

/// An incident's log with the bodies of its texts, as a node told them.
#[derive(Clone, Debug)]
pub(super) struct RawIncident {
    /// The log.
    pub log: Raw<Incident>,
    /// The bodies, by entry.
    pub texts: BTreeMap<u32, Body>,
}

impl<'a, S: Source> Reading<'a, S> {
    pub fn new(head: &'a Head, nodes: &'a [Asked<S>]) -> Self {
        Self {
            head,
            nodes,
            notes: Mutex::default(),
            checking: Mutex::default(),
        }
    }

    /// Does what takes no waiting for a node, and counts how long it takes.
    pub fn timed<T>(&self, work: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let done = work();
        *self.checking.lock().unwrap_or_else(PoisonError::into_inner) += begun.elapsed();
        done
    }

    /// How long all of that took.
    pub fn checking(&self) -> Duration {
        *self.checking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes something of a node, once.
    pub fn note(&self, node: &str, what: impl Into<String>) {
        let note = Note {
            node: node.into(),
            what: what.into(),
        };
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if !notes.contains(&note) && notes.len() < super::finding::MAX_FINDINGS {
            notes.push(note);
        }
    }

    /// Notes something of the node that tells what is not proven: the first.
    pub fn note_told(&self, what: impl Into<String>) {
        if let Some(node) = self.nodes.first() {
            self.note(&node.name, what);
        }
    }

    /// What was noted.
    pub fn notes(&self) -> Vec<Note> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the state is proven to hold under these keys.
    ///
    /// # Errors
    ///
    /// No node can be reached, or none has the block's state any more.
    pub async fn proven(&self, keys: &[StorageKey]) -> Result<BTreeMap<StorageKey, Found>, AuditError> {
        let mut all = BTreeMap::new();
        for keys in keys.chunks(BATCH) {
            match self.proven_by_any(keys).await? {
                Some(found) => all.extend(found),
                // One by one, to learn which it is that is not proven.
                None => {
                    for key in keys {
                        let key = std::slice::from_ref(key);
                        let found = match key.len() == keys.len() {
                            true => None,
                            false => self.proven_by_any(key).await?,
                        };
                        let unproven = || key.iter().map(|key| (key.clone(), Found::Unproven)).collect();
                        all.extend(found.unwrap_or_else(unproven));
                    }
                }
            }
        }
        Ok(all)
    }

    /// What the first node that proves it proves; none where no node does.
    async fn proven_by_any(
        &self,
        keys: &[StorageKey],
    ) -> Result<Option<BTreeMap<StorageKey, Found>>, AuditError> {
        let mut doubts = Vec::new();
        for node in self.nodes {
            let block = &self.head.block;
            let nodes = node.source.prove(block.hash, keys).await.map_err(Doubt::from);
            match nodes.and_then(|nodes| self.timed(|| proven(block.state_root, nodes, keys))) {
                Ok(values) => {
                    for (node, why) in doubts {
                        self.note_unproven(node, keys, &why).await;
                    }
                    let found = values.into_iter().map(|(key, value)| (key, Found::Proven(value)));
                    return Ok(Some(found.collect()));
                }
                Err(why) => doubts.push((node, why)),
            }
        }
        let is_away = |(_, why): &(&Asked<S>, Doubt)| matches!(why, Doubt::Node(Error::Unreachable { .. }));
        if doubts.iter().all(is_away) {
            return Err(doubts
                .pop()
                .map_or(AuditError::NoNode, |(_, why)| AuditError::Doubt(why)));
        }
        // Of a state that is gone nothing is proven at all.
        let probe = [keys::now()];
        if keys != probe.as_slice() {
            let mut is_there = false;
            for node in self.nodes {
                is_there |= self.head.read(&node.source, probe.clone()).await.is_ok();
            }
            if !is_there {
                let why = doubts.pop().map(|(_, why)| why.to_string()).unwrap_or_default();
                return Err(AuditError::StateGone {
                    block: self.head.block.number,
                    why,
                });
            }
        }
        for (node, why) in doubts {
            self.note_unproven(node, keys, &why).await;
        }
        Ok(None)
    }

    /// Notes that a node does not prove a key, where it has the state at all.
    async fn note_unproven(&self, node: &Asked<S>, keys: &[StorageKey], why: &Doubt) {
        let [key] = keys else { return };
        let has_state = match why {
            Doubt::Node(Error::Unreachable { .. }) => false,
            Doubt::Node(_) => self.head.read(&node.source, [keys::now()]).await.is_ok(),
            _ => true,
        };
        if has_state {
            let key = hex::encode(key);
            self.note(
                &node.name,
                format!("does not prove what the state holds under 0x{key}: {why}"),
            );
        }
    }

    /// What a node says is under these keys. What none says is not there.
    ///
    /// # Errors
    ///
    /// No node can be reached.
    pub async fn told(
        &self,
        keys: &[StorageKey],
    ) -> Result<BTreeMap<StorageKey, Option<Vec<u8>>>, AuditError> {
        let mut all = BTreeMap::new();
        for keys in keys.chunks(MANY) {
            let mut away = None;
            let mut answered = false;
            for node in self.nodes {
                match node.source.values(self.head.block.hash, keys).await {
                    Ok(values) => {
                        all.extend(values);
                        answered = true;
                        break;
                    }
                    Err(why @ Error::Unreachable { .. }) => away = Some(why),
                    // What it does not tell it is asked to prove.
                    Err(_) => answered = true,
                }
            }
            if let Some(why) = away.filter(|_| !answered) {
                return Err(AuditError::Doubt(Doubt::Node(why)));
            }
        }
        Ok(all)
    }

    /// Logs, by proof of their records; the entries as a node tells them.
    pub async fn logs<L: Logged>(&self, ids: &[L::Id]) -> Result<Vec<Raw<L>>, AuditError> {
        let keys: Vec<_> = ids.iter().map(|id| L::record(*id)).collect();
        let records = self.proven(&keys).await?;
        let raw = |(id, key): (&L::Id, &StorageKey)| Raw {
            id: *id,
            record: record(records.get(key).and_then(Found::value)),
            entries: Vec::new(),
            stray: false,
        };
        let mut logs: Vec<_> = self.timed(|| ids.iter().zip(&keys).map(raw).collect());
        // One beyond the last, which is not to be there; no more at once of one log than a state that counts too many is
        // worth.
        let wanted = |log: &Raw<L>| log.record.as_ref().map_or(0, |record| record.entries);
        let keys: Vec<_> = logs
            .iter()
            .flat_map(|log| (0..=wanted(log).min(MANY_OF_ONE)).map(|number| L::entry(log.id, number)))
            .collect();
        let told = self.told(&keys).await?;
        for log in &mut logs {
            let count = wanted(log);
            self.timed(|| take_entries(log, 0..count.min(MANY_OF_ONE), &told));
            let mut number = MANY_OF_ONE;
            while number < count && u32::try_from(log.entries.len()) == Ok(number) {
                let until = number.saturating_add(MANY_OF_ONE).min(count);
                let keys: Vec<_> = (number..=until).map(|number| L::entry(log.id, number)).collect();
                let more = self.told(&keys).await?;
                self.timed(|| take_entries(log, number..until, &more));
                log.stray = matches!(more.get(&L::entry(log.id, count)), Some(Some(_)));
                number = until;
            }
            log.stray |= matches!(told.get(&L::entry(log.id, count)), Some(Some(_)));
        }
        Ok(logs)
    }

    /// The same log, with its entries by proof; and whether all of them are proven.
    pub async fn log_proven<L: Logged>(&self, id: L::Id) -> Result<(Raw<L>, bool), AuditError> {
        let key = L::record(id);
        let found = self.proven(std::slice::from_ref(&key)).await?;
        let mut whole = found.get(&key) != Some(&Found::Unproven);
        let mut log = Raw {
            id,
            record: record(found.get(&key).and_then(Found::value)),
            entries: Vec::new(),
            stray: false,
        };
        let count = log
            .record
            .as_ref()
            .map_or(0, |record: &faultline_primitives::Record<L>| record.entries);
        let mut number = 0;
        while number <= count && u32::try_from(log.entries.len()) == Ok(number) {
            let until = number.saturating_add(MANY_OF_ONE).min(count);
            let keys: Vec<_> = (number..=until).map(|number| L::entry(id, number)).collect();
            let found = self.proven(&keys).await?;
            whole &= !found.values().any(|found| *found == Found::Unproven);
            let values = found
                .iter()
                .map(|(key, found)| (key.clone(), found.value().cloned()))
                .collect();
            take_entries(&mut log, number..until, &values);
            log.stray = found.get(&L::entry(id, count)).and_then(Found::value).is_some();
            if until == count {
                break;
            }
            number = until;
        }
        Ok((log, whole))
    }

    /// Incidents' logs, with the bodies of their texts as a node tells them.
    pub async fn incidents(&self, ids: &[IncidentId]) -> Result<Vec<RawIncident>, AuditError> {
        let logs = self.logs::<Incident>(ids).await?;
        let mut texts = self.texts(&logs).await?.into_iter();
        let with_texts = logs.into_iter().map(|log| {
            let texts = texts.next().unwrap_or_default();
            RawIncident { log, texts }
        });
        Ok(with_texts.collect())
    }

    /// The bodies of the texts of each log, as a node tells them.
    pub async fn texts(&self, logs: &[Raw<Incident>]) -> Result<Vec<BTreeMap<u32, Body>>, AuditError> {
        let keys: Vec<_> = logs
            .iter()
            .flat_map(|log| commitments(&log.entries).map(|number| keys::text(log.id, number)))
            .collect();
        let told = self.told(&keys).await?;
        let of_log = |log: &Raw<Incident>| {
            let body = |number| {
                let bytes = told.get(&keys::text(log.id, number))?.as_ref()?;
                Some((number, Body::decode_all(&mut bytes.as_slice()).ok()?))
            };
            commitments(&log.entries).filter_map(body).collect()
        };
        Ok(self.timed(|| logs.iter().map(of_log).collect()))
    }
}

/// Entries of one log that are read at once.
const MANY_OF_ONE: u32 = 1_000;

/// The numbers of the entries that commit to a text.
pub(super) fn commitments(entries: &[Entry<<Incident as Fold>::Action>]) -> impl Iterator<Item = u32> + '_ {
    let commits = |(_, entry): &(u32, &Entry<_>)| -> bool { has_text(entry) };
    (0u32..).zip(entries).filter(commits).map(|(number, _)| number)
}

fn has_text(entry: &Entry<<Incident as Fold>::Action>) -> bool {
    entry.action.text().is_some()
}

/// Takes entries in, up to the first that is not there or cannot be read.
fn take_entries<L: Logged>(
    log: &mut Raw<L>,
    numbers: std::ops::Range<u32>,
    values: &BTreeMap<StorageKey, Option<Vec<u8>>>,
) {
    for number in numbers {
        let value = values.get(&L::entry(log.id, number)).and_then(Option::as_ref);
        match value.and_then(|bytes| faultline_proof::verify::canonical(bytes)) {
            Some(entry) => log.entries.push(entry),
            None => return,
        }
    }
}
