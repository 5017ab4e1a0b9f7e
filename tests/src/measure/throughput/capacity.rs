//! How much becomes final while about three blocks' worth waits at any time.

use std::{
    collections::BTreeMap,
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use serde_json::{json, Value};

use super::{
    blocks::{middle, Filled},
    limits::Limits,
    process::Usage,
    stage::Stage,
};
use crate::{
    load::{room::Room, submit::Pace},
    measure::disk,
};

/// How many slots pass until the load is steady.
const RAMP: u32 = 5;
/// Blocks that are signed for besides those that the measured time holds: what waits at its end.
const SPARE: u32 = 4;
/// How many attestations wait at first. Where blocks hold more, this triples with each until the load is steady; where they
/// hold far less, what waits would take long to become final.
const WINDOW: usize = 600;
/// How many transactions wait at least.
const LEAST: usize = 16;
/// How many wait at most: the pool takes 32,768.
const MOST: usize = 24_000;
/// Threads that are named in the report: those that need most.
const THREADS: usize = 4;

/// What a process needed.
#[derive(Clone, Debug)]
pub struct Needs {
    /// Cores in the steady middle part.
    pub cpu: f64,
    /// The same by threads, those that need most first.
    pub threads: Vec<(String, f64)>,
    /// Most memory ever, in MiB.
    pub peak: u64,
    /// Bytes written to disk for an attestation.
    pub written: f64,
    /// Bytes that the node keeps on disk for an attestation.
    pub stored: f64,
}

impl Needs {
    fn to_json(&self) -> Value {
        let threads: Vec<_> = self
            .threads
            .iter()
            .map(|(name, cpu)| json!({ "name": name, "cores": cpu }))
            .collect();
        json!({
            "cores": self.cpu,
            "threads": threads,
            "peakMiB": self.peak,
            "bytesWrittenPerAttestation": self.written,
            "bytesStoredPerAttestation": self.stored,
        })
    }
}

/// What one shape of transactions comes to.
#[derive(Clone, Debug)]
pub struct Capacity {
    /// Seconds of the steady middle part, by the blocks' own times.
    pub seconds: f64,
    /// Transactions that became final in it, and attestations.
    pub counted: (u64, u64),
    /// Bytes of a transaction.
    pub bytes: usize,
    /// How many waited at a time, at the end.
    pub window: usize,
    /// The blocks of that part.
    pub filled: Filled,
    /// What each node needed.
    pub nodes: Vec<Needs>,
    /// Cores that this program needed.
    pub client: f64,
    /// What was refused, how often, by name.
    pub refused: BTreeMap<String, u64>,
    /// Transactions that a node took and that never became final.
    pub lost: usize,
    /// Seconds that signing took, and of how many.
    pub signing: (f64, usize),
}

impl Capacity {
    /// Transactions a second.
    pub fn transactions(&self) -> f64 {
        self.counted.0 as f64 / self.seconds
    }

    /// Attestations a second.
    pub fn attestations(&self) -> f64 {
        self.counted.1 as f64 / self.seconds
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        json!({
            "transactionsPerSecond": self.transactions(),
            "attestationsPerSecond": self.attestations(),
            "middleSeconds": self.seconds,
            "transactions": self.counted.0,
            "attestations": self.counted.1,
            "bytesPerTransaction": self.bytes,
            "window": self.window,
            "blocks": self.filled.to_json(),
            "nodes": self.nodes.iter().map(Needs::to_json).collect::<Vec<_>>(),
            "clientCores": self.client,
            "refused": self.refused,
            "lost": self.lost,
            "signedAhead": self.signing.1,
            "signingSeconds": self.signing.0,
        })
    }
}

/// Nothing became final: a block has no room for even one such transaction, or the nodes refuse them.
#[derive(Clone, Debug)]
pub struct Nothing {
    /// How many the nodes took.
    pub taken: usize,
    /// What they refused, how often, by name.
    pub refused: BTreeMap<String, u64>,
}

impl fmt::Display for Nothing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing became final, though {} were taken", self.taken)?;
        for (name, count) in &self.refused {
            write!(f, "; refused {count} times: {name}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Nothing {}

/// How many transactions each speaker needs, so that none runs out: as if every block were as long as it may be.
fn needed(limits: &Limits, bytes: usize, lasting: Duration, slot: Duration, speakers: usize) -> usize {
    let blocks = lasting.as_millis() / slot.as_millis().max(1);
    let blocks = usize::try_from(blocks).unwrap_or(usize::MAX) + SPARE as usize;
    let all = a_block(limits, bytes).saturating_mul(blocks);
    all.div_ceil(speakers.max(1))
}

/// How many transactions a block holds at most.
fn a_block(limits: &Limits, bytes: usize) -> usize {
    usize::try_from(limits.length).unwrap_or(usize::MAX) / bytes.max(1) + 1
}

/// Measures for so long; so many words a transaction, 0 for single reports.
///
/// # Errors
///
/// A node does not answer, or too little becomes final to count.
pub async fn capacity(stage: &mut Stage, words: u32, seconds: u64) -> Result<Capacity> {
    let limits = &{ stage.ground.limits };
    let slot = stage.ground.slot;
    let (ramp, measured) = (slot * RAMP, Duration::from_secs(seconds));
    let began = Instant::now();
    let script = stage.script(words).await?;
    let one = stage.signed(&script, 1)?;
    let bytes = one
        .iter()
        .flatten()
        .map(|speech| speech.signed.bytes.len() / 2)
        .max();
    let bytes = bytes.context("nobody speaks")?;
    let each = needed(limits, bytes, ramp + measured, slot, stage.speakers.len());
    let queues = stage.signed(&script, each);
    let queues = queues.with_context(|| format!("{each} transactions of {bytes} bytes by each"))?;
    let signing = (began.elapsed().as_secs_f64(), each * stage.speakers.len());

    let folders: Vec<_> = stage
        .ground
        .nodes
        .iter()
        .map(|node| node.folder().join("data"))
        .collect();
    let before = folders
        .iter()
        .map(|folder| disk::size(folder))
        .collect::<Result<Vec<_>>>()?;
    let at_first = stage.usage()?;
    let start = Instant::now();
    let (steady, end) = (start + ramp, start + ramp + measured);
    let window = WINDOW / usize::try_from(words.max(1))?;
    let room = Arc::new(Room::new(window.max(LEAST), MOST));
    let processes = ids(stage)?;
    let sampler = tokio::spawn(async move {
        tokio::time::sleep_until(steady.into()).await;
        let first = sample(&processes)?;
        tokio::time::sleep_until(end.into()).await;
        Ok::<_, anyhow::Error>((first, sample(&processes)?))
    });
    let place = stage.book.len();
    let pace = Pace::Closed(Arc::clone(&room), end);
    stage.speak(words, queues, pace, measured).await?;
    let (first, last) = sampler.await??;
    let window = room.window();
    let lost = stage.settled().await?;

    let all: u64 = stage
        .book
        .since(place)
        .iter()
        .filter(|fate| fate.finalized.is_some())
        .map(|fate| u64::from(fate.said.count))
        .sum();
    let mut nodes = Vec::new();
    let at_last = stage.usage()?;
    for (node, folder) in folders.iter().enumerate() {
        let of = |usage: &[Usage]| usage.get(node).cloned().context("a node's figures");
        let spent = of(&last)?.since(&of(&first)?);
        let (from, to) = (of(&at_first)?, of(&at_last)?);
        let grown = disk::size(folder)?.saturating_sub(before.get(node).copied().unwrap_or(0));
        let part = |bytes: u64| bytes as f64 / all.max(1) as f64;
        nodes.push(Needs {
            cpu: spent.cpu,
            threads: spent.threads.into_iter().take(THREADS).collect(),
            peak: to.peak / 1_024,
            written: part(to.written.saturating_sub(from.written)),
            stored: part(grown),
        });
    }
    let client = match (first.last(), last.last()) {
        (Some(first), Some(last)) => last.since(first).cpu,
        _ => 0.0,
    };
    if all == 0 {
        let refused = stage.book.refused();
        return Err(Nothing { taken: lost, refused }.into());
    }
    let blocks = stage.follower.finalized();
    let (begin, counted) = middle(&blocks, steady, end).context("no blocks in the middle part")?;
    let until = counted.last().map_or(begin.time, |block| block.time);
    let sum = |of: fn(&(u64, u64)) -> u64| counted.iter().map(|block| of(&block.counted)).sum();
    Ok(Capacity {
        seconds: Duration::from_millis(until.saturating_sub(begin.time))
            .as_secs_f64()
            .max(f64::MIN_POSITIVE),
        counted: (sum(|counted| counted.0), sum(|counted| counted.1)),
        bytes,
        window,
        filled: Filled::of(begin, counted, &stage.prepared()?, limits),
        nodes,
        client,
        refused: stage.book.refused(),
        lost,
        signing,
    })
}

/// The numbers of the processes, this program's at the end.
fn ids(stage: &Stage) -> Result<Vec<u32>> {
    let nodes = stage.ground.nodes.iter().map(|node| node.process_id());
    nodes.chain([Ok(std::process::id())]).collect()
}

fn sample(processes: &[u32]) -> Result<Vec<Usage>> {
    processes.iter().map(|process| Usage::of(*process)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enough_is_signed_for_blocks_as_long_as_they_may_be() {
        let limits = Limits {
            weight: 1,
            length: 3_000_000,
        };
        let slot = Duration::from_secs(3);
        let each = needed(&limits, 500, Duration::from_secs(75), slot, 200);
        assert!(each * 200 >= 6_000 * 29, "{each}");
        assert!(each * 200 < 6_000 * 30, "{each}");
    }
}
