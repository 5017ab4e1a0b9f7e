//! Whether others get in while one organisation hands in twice what a network takes: `scripts/bench fair`.

mod flood;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    time::{Duration, Instant},
};

use anyhow::{ensure, Context, Result};
use faultline_primitives::{log::blake2_256, quota::Quota};
use serde_json::{json, Value};
use sp_core::bytes::from_hex;

use super::{
    figures::Figures,
    throughput::{
        self,
        blocks::{middle, Filled},
        capacity::capacity,
        check::compared,
        ground::{Ground, Settings},
        latency::due,
        process::Usage,
        stage::Stage,
    },
};
use crate::load::{
    book::{Book, Fate},
    crowd::{Crowd, Member},
    sign::Speaker,
    submit::Pace,
    words::{Topics, ROUNDS},
};
use flood::{Flood, FLOODER, KEYS};

/// What the one that hands in too much may do: what a consortium might grant to a large reporter.
const GRANTED: Quota = Quota {
    burst: 20_000,
    per_block: 600,
};
/// How many others report.
const OTHERS: u32 = 20;
/// What each of them may do.
const MODEST: Quota = Quota {
    burst: 60,
    per_block: 6,
};
/// How often each of them reports.
const EVERY: Duration = Duration::from_secs(4);
/// Services that are reported at least. The one watches about half of them.
const SERVICES: u32 = 2_000;
/// How much more the one has to say than it gets to, as chance gives it its services.
const SPARE: f64 = 1.2;
/// How much of a capacity is handed in by the one.
const SHARE: f64 = 2.0;
/// How long the others' reports have to become final.
const PATIENCE: Duration = Duration::from_secs(240);

/// What is measured.
#[derive(Clone, Debug)]
pub struct Plan {
    /// A network of so many validators.
    pub validators: usize,
    /// For how many seconds one hands in too much; and for how many nobody does, before.
    pub seconds: u64,
    /// What decides by chance.
    pub seed: u64,
    /// How the network differs from one of ours.
    pub settings: Settings,
}

/// How others fared for some time.
struct Fared {
    handed_in: usize,
    best: Figures,
    finalized: Figures,
    // Never taken, whatever was tried; and taken, but not recorded.
    refused: usize,
    lost: usize,
    filled: Filled,
}

impl Fared {
    fn line(&self, when: &str) -> String {
        let seconds = |time: Duration| time.as_secs_f64();
        format!(
            "{when:<16} {:>8} {:>8} {:>6} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>8.2}",
            self.handed_in,
            self.refused,
            self.lost,
            seconds(self.best.p50),
            seconds(self.finalized.p50),
            seconds(self.finalized.p95),
            seconds(self.finalized.worst),
            seconds(self.filled.interval.p50),
            seconds(self.filled.interval.worst),
            seconds(self.filled.lag.p50),
            seconds(self.filled.lag.worst),
        )
    }

    fn to_json(&self) -> Value {
        json!({
            "handedIn": self.handed_in,
            "neverTaken": self.refused,
            "lost": self.lost,
            "toBest": self.best.to_json(),
            "toFinal": self.finalized.to_json(),
            "blocks": self.filled.to_json(),
        })
    }
}

/// Measures, and gives a report for people and one for programs.
///
/// # Errors
///
/// A network does not start, or something that was counted cannot be read back.
pub async fn fair(plan: &Plan) -> Result<(String, Value)> {
    let capacity = measured(plan).await.context("measuring the capacity")?;
    eprintln!("capacity: {capacity:.0} reports/s; one organisation hands in twice as much");
    let mut members = vec![Member {
        keys: KEYS,
        quota: GRANTED,
    }];
    members.extend((0..OTHERS).map(|_| Member {
        keys: 1,
        quota: MODEST,
    }));
    let services = enough(capacity * SHARE, plan.seconds);
    let crowd = Crowd { members, services };
    let ground = Ground::start(plan.validators, &crowd, 0, plan.seed, &plan.settings).await?;
    let topics = Topics::drawn(1 + OTHERS, services, plan.seed)?;
    let others = (1..=OTHERS).map(|organisation| Speaker::new(organisation, 0));
    let mut stage = Stage::new(ground, topics, others.collect::<Result<_>>()?).await?;

    let quiet = report_for(&mut stage, plan).await?;
    let memory = Memory::watch(&stage)?;
    let flood = Flood::start(&stage, capacity * SHARE, Duration::from_secs(plan.seconds)).await?;
    let flooded = report_for(&mut stage, plan).await?;
    let said = flood.ended().await?;
    let memory = memory.ended().await?;

    let refused = stage.book.refused();
    let quiet = fared(&stage, &quiet)?;
    let flooded = fared(&stage, &flooded)?;
    let fates: Vec<_> = stage.book.since(0).into_iter().filter(is_others).collect();
    let read = compared(&stage.ground, &stage.topics, &fates, plan.seed).await;
    let read = read.context("reading back")?;

    let mut text = format!(
        "{}, {} validator(s), seed {}: {OTHERS} organisations report every {} s, and for {} s one hands in {:.0} reports/s, of \
         which the network takes {capacity:.0}; it may do {} at once and {} a block, each other {} and {}\n\n",
        plan.settings.label,
        plan.validators,
        plan.seed,
        EVERY.as_secs(),
        plan.seconds,
        capacity * SHARE,
        GRANTED.burst,
        GRANTED.per_block,
        MODEST.burst,
        MODEST.per_block,
    );
    writeln!(
        text,
        "{:<16} {:>8} {:>8} {:>6} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "seconds",
        "reports",
        "refused",
        "lost",
        "block 50",
        "final 50",
        "95",
        "worst",
        "slot 50",
        "worst",
        "lag 50",
        "worst"
    )?;
    writeln!(text, "{}\n{}", quiet.line("without it"), flooded.line("with it"))?;
    writeln!(
        text,
        "the one: {:.0}/s handed in, {} taken",
        said.rate(plan.seconds),
        said.taken
    )?;
    for (name, count) in &said.refused {
        writeln!(text, "  refused {count} times: {name}")?;
    }
    for (name, count) in &refused {
        writeln!(text, "others: refused {count} times, and tried again: {name}")?;
    }
    for (node, memory) in memory.iter().enumerate() {
        let [first, most, last] = memory.map(|kib| kib / 1_024);
        writeln!(
            text,
            "node {node}: {first} MiB before, {most} at most, {last} at the end"
        )?;
    }
    writeln!(
        text,
        "read back: {read} of the others' reports, as they were said"
    )?;
    let json = json!({
        "settings": plan.settings.to_json(),
        "validators": plan.validators,
        "seconds": plan.seconds,
        "seed": plan.seed,
        "capacity": capacity,
        "without": quiet.to_json(),
        "with": flooded.to_json(),
        "flood": { "perSecond": said.rate(plan.seconds), "taken": said.taken, "refused": said.refused },
        "othersRefused": refused,
        "memoryKiB": memory.iter().map(|[first, most, last]| json!({
            "before": first, "most": most, "end": last,
        })).collect::<Vec<_>>(),
        "readBack": read,
    });
    let missing = [&quiet, &flooded].map(|fared| fared.refused + fared.lost);
    ensure!(
        missing == [0; 2],
        "reports of others are not on record: {} without a flood, {} with it, of which {} are ready in a pool\n{text}",
        missing[0],
        missing[1],
        ready(&stage, &fates).await?
    );
    stage.follower.stop().await?;
    Ok((text, json))
}

/// Of how many services the one can go on speaking at a rate for so long: of each it may say only so much.
fn enough(rate: f64, seconds: u64) -> u32 {
    let words = rate * seconds as f64 * SPARE;
    SERVICES.max((words * 2.0 / f64::from(ROUNDS)).ceil() as u32)
}

/// How many of those that were taken and are not final still wait in the first node's pool, ready for a block.
async fn ready(stage: &Stage, fates: &[Fate]) -> Result<usize> {
    let answer = stage.ground.ask(0)?.ask("author_pendingExtrinsics", []).await?;
    let pending = answer.as_array().into_iter().flatten().filter_map(Value::as_str);
    let pending: BTreeSet<_> = pending
        .filter_map(|bytes| Some(blake2_256(&[&from_hex(bytes).ok()?])))
        .collect();
    let open = |fate: &&Fate| fate.finalized.is_none() && pending.contains(&fate.hash);
    Ok(fates.iter().filter(open).count())
}

/// What the network takes of single reports, of a network of its own.
async fn measured(plan: &Plan) -> Result<f64> {
    let mut stage = throughput::stage(&plan.settings, plan.validators, 0, plan.seed).await?;
    let seconds = (plan.seconds / 2).max(15);
    let capacity = capacity(&mut stage, 0, seconds).await?;
    Ok(capacity.transactions())
}

/// A time in which others report.
struct Part {
    first: usize,
    from: Instant,
    to: Instant,
}

/// Has the others report for some time, and waits until what they said is final.
async fn report_for(stage: &mut Stage, plan: &Plan) -> Result<Part> {
    let lasting = Duration::from_secs(plan.seconds);
    let rate = f64::from(OTHERS) / EVERY.as_secs_f64();
    let each = usize::try_from(plan.seconds / EVERY.as_secs().max(1))? + 1;
    let script = stage.script(0).await?;
    let queues = stage.signed(&script, each)?;
    let (first, from) = (stage.book.len(), Instant::now());
    let times = due(from, rate, lasting, queues.len(), plan.seed);
    stage.speak(0, queues, Pace::Open(times), PATIENCE).await?;
    let to = Instant::now();
    while to.elapsed() < PATIENCE && open(&stage.book, first) > 0 {
        tokio::time::sleep(Duration::from_millis(250)).await;
        stage.follower.check()?;
    }
    Ok(Part { first, from, to })
}

fn is_others(fate: &Fate) -> bool {
    fate.said.organisation != FLOODER
}

fn open(book: &Book, first: usize) -> usize {
    let fates = book.since(first);
    let open = |fate: &&Fate| is_others(fate) && fate.finalized.is_none();
    fates.iter().filter(open).count()
}

fn fared(stage: &Stage, part: &Part) -> Result<Fared> {
    // Of a later part nothing was handed in before this one's end.
    let within = |fate: &Fate| is_others(fate) && fate.asked <= part.to;
    let fates: Vec<_> = stage.book.since(part.first).into_iter().filter(within).collect();
    let took = |at: Option<Instant>, fate: &Fate| Some(at?.saturating_duration_since(fate.due));
    let blocks = stage.follower.finalized();
    let (begin, counted) = middle(&blocks, part.from, part.to).context("no blocks")?;
    let last = |fate: &Fate| fate.finalized.map(|(_, at)| at);
    Ok(Fared {
        handed_in: fates.len(),
        best: Figures::of(fates.iter().filter_map(|fate| took(fate.best, fate)).collect()),
        finalized: Figures::of(fates.iter().filter_map(|fate| took(last(fate), fate)).collect()),
        refused: fates.iter().filter(|fate| fate.taken.is_none()).count(),
        lost: fates
            .iter()
            .filter(|fate| fate.taken.is_some() && fate.finalized.is_none())
            .count(),
        filled: Filled::of(begin, counted, &stage.prepared()?, &stage.ground.limits),
    })
}

/// The memory of the nodes over time.
struct Memory {
    over: tokio::sync::watch::Sender<bool>,
    task: tokio::task::JoinHandle<Result<Vec<[u64; 3]>>>,
}

impl Memory {
    fn watch(stage: &Stage) -> Result<Self> {
        let processes = stage.ground.nodes.iter().map(|node| node.process_id());
        let processes = processes.collect::<Result<Vec<_>>>()?;
        let held = |process: &u32| Ok(Usage::of(*process)?.resident);
        let first = processes.iter().map(held).collect::<Result<Vec<_>>>()?;
        let (over, is_over) = tokio::sync::watch::channel(false);
        let task = tokio::spawn(async move {
            let mut memory: Vec<_> = first.iter().map(|kib| [*kib; 3]).collect();
            while !*is_over.borrow() {
                for (process, [_, most, last]) in processes.iter().zip(&mut memory) {
                    *last = Usage::of(*process)?.resident;
                    *most = (*most).max(*last);
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Ok(memory)
        });
        Ok(Self { over, task })
    }

    /// Of each node: before, at most, at the end; in KiB.
    async fn ended(self) -> Result<Vec<[u64; 3]>> {
        self.over.send_replace(true);
        self.task.await?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_has_enough_to_say_whatever_chance_gives_it() {
        for seed in 0..20 {
            let topics = Topics::drawn(1 + OTHERS, enough(2_000.0, 60), seed).unwrap();
            assert!(topics.word(FLOODER, 2_000 * 60).is_some(), "{seed}");
        }
    }
}
