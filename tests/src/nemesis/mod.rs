//! A nemesis: a seeded schedule of real faults against real validators, while clients submit.
//!
//! Each validator is a host of its own: a network namespace, a disk in memory, a process. A switch of our own moves the
//! packets between them and cuts, delays, loses and slows down as the schedule says; processes are killed, paused and
//! restarted, disks filled, databases cut off. Meanwhile clients say things and write down what they are told. After
//! each wave of faults all is healed, and everybody must make blocks final again. At the end what all nodes have made
//! final is compared with one another and with what the clients were told, and every log is replayed.
//!
//! | module | holds |
//! | --- | --- |
//! | [`fault`], [`schedule`] | what can go wrong, and what does when, as a pure function of a seed |
//! | [`private`], [`hosts`] | namespaces, disks and hosts |
//! | [`switch`], [`fates`] | the network between hosts |
//! | [`spec`], [`member`] | the chain, and the node of a validator |
//! | [`faults`] | bringing faults about and healing them |
//! | [`watch`], [`ask`] | what each node has made final |
//! | [`clients`], [`speaker`], [`speech`], [`ledger`] | who says what, and what they were told |
//! | [`check`], [`state`] | what must be true afterwards |
//! | [`newcomer`] | a node that comes afterwards |
//! | [`report`] | what a run amounts to |
//! | [`steady`] | what a network does with validators down |

pub mod ask;
pub mod check;
pub mod clients;
pub mod fates;
pub mod fault;
pub mod faults;
pub mod hosts;
pub mod ledger;
pub mod member;
pub mod newcomer;
pub mod private;
pub mod report;
pub mod schedule;
pub mod speaker;
pub mod spec;
pub mod speech;
pub mod state;
pub mod steady;
pub mod switch;
pub mod watch;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use anyhow::{bail, Context, Result};
use tokio::{
    signal::unix::{signal, SignalKind},
    task::JoinSet,
};

use ask::Node;
use clients::Clients;
use faults::{lock, Done, World};
use hosts::Hosts;
use member::Member;
use private::Ground;
use report::Report;
use schedule::Event;
use spec::Chain;
use watch::Watch;

/// How long the nodes have until they make a first block final.
const BEGINNING: Duration = Duration::from_secs(120);
/// How long they have after a heal, and how long before a damaged database is given up.
const HEAL: Duration = Duration::from_secs(240);
const DAMAGED: Duration = Duration::from_secs(30);
/// How long a node has for an answer after everything is healed.
const ANSWER: Duration = Duration::from_secs(30);

/// What kind of run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Decides the schedule.
    pub seed: u64,
    /// How many validators.
    pub validators: usize,
    /// How many events.
    pub events: usize,
    /// No new wave begins after this time.
    pub most: Duration,
    /// How long clients may wait at the end for what they submitted last.
    pub patience: Duration,
    /// Where the nodes' logs are copied to, at the end.
    pub logs: Option<PathBuf>,
}

/// Runs a nemesis, and says what came of it.
///
/// # Errors
///
/// The machine refuses, or the network does not come back: then there is nothing to check.
pub async fn run(options: &Options, ground: Ground) -> Result<Report> {
    eprintln!("seed {}", options.seed);
    let plan = schedule::schedule(options.seed, options.validators, options.events);
    for event in &plan {
        eprintln!("{event}");
    }
    let (world, endpoints) = world(&ground, options.validators, options.seed).await?;
    world.clients.speak(options.seed).await;
    let outcome = drive(options, ground, &world, plan, &endpoints).await;
    if let Some(logs) = &options.logs {
        keep_logs(&world, logs).context("copying logs")?;
    }
    if outcome.is_err() {
        last_lines(&world.members);
    }
    outcome
}

/// A network that makes blocks final, on which nobody speaks yet.
async fn world(ground: &Ground, validators: usize, seed: u64) -> Result<(Arc<World>, Vec<String>)> {
    // One more than there are validators, for the newcomer.
    let hosts = Hosts::make(ground, validators + 1, seed)?;
    let switch = hosts.switch.clone();
    let (mut members, hosts) = members(hosts)?;
    let newcomer = members.pop().context("there is a newcomer")?;
    let endpoints: Vec<_> = members
        .iter()
        .map(|member| lock(member).host.endpoint())
        .collect();
    let watch = Watch::start(&endpoints);
    let begun = async {
        start(&members).await?;
        watch.all_finalize_anew(BEGINNING).await
    };
    if let Err(error) = begun.await {
        last_lines(&members);
        return Err(error.context("at the beginning"));
    }
    let world = World {
        clients: Clients::new(endpoints.clone()),
        members,
        newcomer,
        switch,
        watch,
        notes: Mutex::default(),
        violations: Mutex::default(),
        _hosts: hosts,
    };
    Ok((Arc::new(world), endpoints))
}

/// Keys in place, but nothing started. The last is no validator.
fn members(mut hosts: Hosts) -> Result<(Vec<Arc<Mutex<Member>>>, Hosts)> {
    std::fs::create_dir_all(&hosts.folder)?;
    let validators = hosts.all.len().saturating_sub(1);
    let chain = Chain::write(&hosts.folder, validators)?;
    let mut addresses = Vec::new();
    let mut keys = Vec::new();
    for host in &hosts.all {
        let key = hosts.folder.join(format!("{}.node-key", host.number));
        addresses.push(format!("{}/p2p/{}", host.listen, chain.node_key(&key)?));
        keys.push(key);
    }
    let folder = hosts.folder.clone();
    let members = std::mem::take(&mut hosts.all)
        .into_iter()
        .zip(&keys)
        .map(|(host, key)| {
            let others: Vec<_> = addresses
                .iter()
                .enumerate()
                .filter(|(number, _)| *number != host.number && *number < validators)
                .map(|(_, address)| address.clone())
                .collect();
            let log = folder.join(format!("{}.log", host.number));
            let member = match host.number < validators {
                true => Member::validator(host, &chain, key, &others, log)?,
                false => Member::follower(host, &chain, key, &others, log),
            };
            Ok(Arc::new(Mutex::new(member)))
        })
        .collect::<Result<_>>()?;
    Ok((members, hosts))
}

async fn start(members: &[Arc<Mutex<Member>>]) -> Result<()> {
    let mut starting = JoinSet::new();
    for member in members {
        let member = member.clone();
        starting.spawn_blocking(move || lock(&member).start_well());
    }
    while let Some(started) = starting.join_next().await {
        started??;
    }
    Ok(())
}

async fn drive(
    options: &Options,
    ground: Ground,
    world: &Arc<World>,
    plan: Vec<Event>,
    endpoints: &[String],
) -> Result<Report> {
    let began = Instant::now();
    let mut report = Report {
        seed: options.seed,
        validators: options.validators,
        ground,
        events: BTreeMap::new(),
        left_out: BTreeMap::new(),
        heals: Vec::new(),
        took: Duration::ZERO,
        blocks: 0,
        transactions: 0,
        submissions: BTreeMap::new(),
        refusals: BTreeMap::new(),
        replayed: BTreeMap::new(),
        fetched: Vec::new(),
        packets: None,
        notes: Vec::new(),
        violations: Vec::new(),
    };
    let mut waves: BTreeMap<u32, Vec<Event>> = BTreeMap::new();
    for event in plan {
        waves.entry(event.wave).or_default().push(event);
    }
    for (number, wave) in waves {
        if began.elapsed() > options.most {
            eprintln!("time is over before wave {number}");
            break;
        }
        eprintln!("wave {number}: {} events", wave.len());
        take_wave(world, wave, &mut report).await?;
        let took = heal(world)
            .await
            .with_context(|| format!("after wave {number}"))?;
        eprintln!(
            "wave {number} healed: all finalize again after {:.1} s; final: {}; {:?}",
            took.as_secs_f64(),
            world.watch.finalized(),
            world.clients.ledger.counts()
        );
        report.heals.push(took);
    }
    world.clients.end(options.patience).await?;
    report.submissions = world.clients.ledger.counts();
    report.refusals = world.clients.ledger.refusals();
    let mut nodes: Vec<_> = endpoints
        .iter()
        .map(|endpoint| Node::new(endpoint.clone(), ANSWER))
        .collect();
    let checked = check::check(&mut nodes, &world.clients.ledger.all()).await?;
    report.blocks = checked.finalized;
    report.transactions = checked.transactions;
    report.replayed = checked.logs.replayed;
    report.packets = world.switch.as_ref().map(|switch| switch.counts());
    report.notes.clone_from(&lock(&world.notes));
    report.violations.clone_from(&lock(&world.violations));
    report.violations.extend(checked.violations);
    report.violations.extend(world.watch.conflicts());
    report.violations.extend(panics(world)?);
    report.took = began.elapsed();
    match newcomer::fetch(&world.newcomer, &mut nodes[0]).await {
        Ok(fetched) => report.fetched = fetched,
        Err(error) => report
            .violations
            .push(format!("a new node does not get the chain: {error:#}")),
    }
    Ok(report)
}

async fn take_wave(world: &Arc<World>, wave: Vec<Event>, report: &mut Report) -> Result<()> {
    let mut taking_place = JoinSet::new();
    for event in wave {
        let (world, kind) = (world.clone(), event.fault.kind());
        taking_place.spawn(async move { (kind, world.take_place(event).await) });
    }
    while let Some(taken) = taking_place.join_next().await {
        let (kind, done) = taken?;
        let counts = match done? {
            Done::Yes => &mut report.events,
            Done::LeftOut => &mut report.left_out,
        };
        *counts.entry(kind).or_default() += 1;
    }
    Ok(())
}

/// Waits until all make something new final. A node on a damaged database that does not get there is wiped, as its
/// operator would.
async fn heal(world: &Arc<World>) -> Result<Duration> {
    let began = Instant::now();
    world.raise_the_dead().await?;
    if world.watch.all_finalize_anew(DAMAGED).await.is_err() {
        world.give_up_on_damaged().await?;
        world.raise_the_dead().await?;
        world.watch.all_finalize_anew(HEAL).await?;
    }
    world.trust_damaged().await?;
    Ok(began.elapsed())
}

fn panics(world: &World) -> Result<Vec<String>> {
    let mut panics = Vec::new();
    for member in &world.members {
        let member = lock(member);
        for line in member.log()?.lines().filter(|line| line.contains("panicked")) {
            panics.push(format!("validator {}: {line}", member.host.number));
        }
    }
    Ok(panics)
}

fn keep_logs(world: &World, folder: &std::path::Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for member in &world.members {
        let member = lock(member);
        let name = member.log_file().file_name().context("a log has a name")?;
        std::fs::copy(member.log_file(), folder.join(name))?;
    }
    Ok(())
}

/// For whoever has to find out what went wrong.
fn last_lines(members: &[Arc<Mutex<Member>>]) {
    for member in members {
        let member = lock(member);
        let log = member.log().unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        let last = lines.get(lines.len().saturating_sub(20)..).unwrap_or_default();
        eprintln!(
            "--- last lines of validator {}:\n{}",
            member.host.number,
            last.join("\n")
        );
    }
}

/// What a program can be asked to do here.
#[derive(Clone, Debug)]
pub enum Task {
    /// A run.
    Run(Options),
    /// How a network of so many fares with validators down, each phase for so long.
    Steady {
        /// How many validators.
        validators: usize,
        /// How long each phase is measured.
        phase: Duration,
    },
}

/// Does it where the system lets it, and prints what came of it: for programs where `json`.
///
/// # Errors
///
/// It cannot be done, or something is wrong afterwards.
pub fn main(task: &Task, json: bool) -> Result<()> {
    let ground = private::enter()?;
    if let Ground::Loopback { why } = &ground {
        eprintln!(
            "Faults of links and disks are left out: this system gives no namespaces or TUN devices ({why})."
        );
    }
    tokio::runtime::Runtime::new()?.block_on(async {
        let mut terminated = signal(SignalKind::terminate())?;
        tokio::select! {
            done = perform(task, ground, json) => done,
            _ = tokio::signal::ctrl_c() => bail!("interrupted"),
            _ = terminated.recv() => bail!("terminated"),
        }
    })
}

async fn perform(task: &Task, ground: Ground, json: bool) -> Result<()> {
    let print = |as_json: serde_json::Value, as_text: String| match json {
        true => println!("{as_json:#}"),
        false => print!("{as_text}"),
    };
    match task {
        Task::Run(options) => {
            let report = run(options, ground).await?;
            print(report.json(), report.to_string());
            match report.violations.len() {
                0 => Ok(()),
                count => bail!("{count} violations"),
            }
        }
        Task::Steady { validators, phase } => {
            let (world, endpoints) = world(&ground, *validators, 0).await?;
            let steady = steady::measure(&world, &endpoints, ground, *phase).await?;
            print(steady.json(), steady.to_string());
            Ok(())
        }
    }
}
