//! Whether others get in while one organisation hands in twice what a network takes: `scripts/bench fair`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::{
        atomic::{AtomicU32, AtomicU64, Ordering},
        Arc, Mutex, PoisonError,
    },
    time::{Duration, Instant},
};

use anyhow::{ensure, Context, Result};
use faultline_primitives::{log::blake2_256, quota::Quota};
use jsonrpsee::{core::client::ClientT, rpc_params, ws_client::WsClient};
use serde_json::{json, Value};
use sp_core::bytes::from_hex;
use tokio::task::JoinSet;

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
    sign::{Moment, Script, Speaker},
    submit::{submit, Answer, Lines, Pace},
    words::Topics,
};

/// The organisation that hands in too much, and with how many keys: as many as one may have.
const FLOODER: u32 = 0;
const KEYS: u32 = 16;
/// What it may do: what a consortium might grant to a large reporter.
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
const SERVICES: u32 = 2_000;
/// How much of a capacity is handed in by the one.
const SHARE: f64 = 2.0;
/// How many of each of its keys are on their way to the node at once.
const AT_ONCE: usize = 8;
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
    let crowd = Crowd {
        members,
        services: SERVICES,
    };
    let ground = Ground::start(plan.validators, &crowd, 0, plan.seed, &plan.settings).await?;
    let topics = Topics::drawn(1 + OTHERS, SERVICES, plan.seed)?;
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

/// One organisation that hands in more than there is room for.
struct Flood {
    keys: JoinSet<Result<()>>,
    told: Arc<Told>,
}

#[derive(Default)]
struct Told {
    handed_in: AtomicU64,
    taken: AtomicU64,
    refused: Mutex<BTreeMap<String, u64>>,
}

/// What it was told.
struct Said {
    handed_in: u64,
    taken: u64,
    refused: BTreeMap<String, u64>,
}

impl Said {
    fn rate(&self, seconds: u64) -> f64 {
        self.handed_in as f64 / seconds.max(1) as f64
    }
}

impl Flood {
    /// Begins, with all keys at once, each as often as the others.
    async fn start(stage: &Stage, rate: f64, lasting: Duration) -> Result<Self> {
        let (began, told, next) = (
            Instant::now(),
            Arc::<Told>::default(),
            Arc::<AtomicU32>::default(),
        );
        let lines = Lines::open(&stage.ground.endpoints()).await?;
        let moment = stage.script(0).await?.moment;
        let mut keys = JoinSet::new();
        for place in 0..KEYS {
            let (node, client) = lines.of(usize::try_from(place)?).context("no connection")?;
            let key = FloodingKey {
                speaker: Speaker::new(FLOODER, place)?,
                topics: stage.topics.clone(),
                first_service: stage.ground.first_service,
                moment,
                node,
                client,
                book: Arc::clone(&stage.book),
                told: Arc::clone(&told),
                next: Arc::clone(&next),
            };
            let every = Duration::from_secs_f64(f64::from(KEYS) / rate);
            keys.spawn(key.flood(began, every, lasting));
        }
        Ok(Self { keys, told })
    }

    async fn ended(mut self) -> Result<Said> {
        while let Some(key) = self.keys.join_next().await {
            key??;
        }
        let refused = self.told.refused.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Said {
            handed_in: self.told.handed_in.load(Ordering::Relaxed),
            taken: self.told.taken.load(Ordering::Relaxed),
            refused: refused.clone(),
        })
    }
}

/// One of its keys.
struct FloodingKey {
    speaker: Speaker,
    topics: Topics,
    first_service: u32,
    moment: Moment,
    node: usize,
    client: Arc<WsClient>,
    book: Arc<Book>,
    told: Arc<Told>,
    // The word that comes next, whichever key says it.
    next: Arc<AtomicU32>,
}

impl FloodingKey {
    /// Hands in at even times. What is refused is not tried again: another comes in its place.
    async fn flood(self, began: Instant, every: Duration, lasting: Duration) -> Result<()> {
        let script = Script {
            topics: &self.topics,
            first_service: self.first_service,
            words: 0,
            moment: self.moment,
        };
        let (mut nonce, mut due, mut waiting) = (0, began, JoinSet::new());
        while began.elapsed() < lasting {
            tokio::time::sleep_until(due.into()).await;
            due += every;
            let word = self.next.fetch_add(1, Ordering::Relaxed);
            let speech = self.speaker.sign(&script, nonce, word)?;
            nonce += 1;
            let place = self.book.ask(speech.signed.hash, speech.said, self.node, due);
            self.told.handed_in.fetch_add(1, Ordering::Relaxed);
            let client = Arc::clone(&self.client);
            waiting.spawn(
                async move { Ok::<_, anyhow::Error>((place, submit(&client, &speech.signed).await?)) },
            );
            let mut refused = false;
            while let Some(answer) = waiting.try_join_next() {
                refused |= !self.hears(answer??);
            }
            if waiting.len() >= AT_ONCE {
                let answer = waiting.join_next().await.context("some wait")?;
                refused |= !self.hears(answer??);
            }
            if refused {
                // Behind one that is missing no other would count: it begins anew where its key stands.
                while let Some(answer) = waiting.join_next().await {
                    self.hears(answer??);
                }
                nonce = self.number().await?;
            }
        }
        while let Some(answer) = waiting.join_next().await {
            self.hears(answer??);
        }
        Ok(())
    }

    /// Counts an answer: whether it was taken.
    fn hears(&self, (place, answer): (usize, Answer)) -> bool {
        match answer {
            Answer::Taken => {
                self.book.took(place);
                self.told.taken.fetch_add(1, Ordering::Relaxed);
                true
            }
            Answer::Refused(name) => {
                let mut refused = self.told.refused.lock().unwrap_or_else(PoisonError::into_inner);
                *refused.entry(name).or_default() += 1;
                false
            }
        }
    }

    /// The number of its next transaction, those that wait counted.
    async fn number(&self) -> Result<u32> {
        let account = serde_json::to_value(self.speaker.account())?;
        let method = "system_accountNextIndex";
        Ok(self.client.request(method, rpc_params![account]).await?)
    }
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
