//! How much a network records, and how long that takes: `scripts/bench throughput`.
//!
//! A crowd of organisations reports some thousand services. Everything is signed before the clock starts, and handed in over
//! several connections, each key's transactions in order and over one of them. What is counted is final, lies in a steady
//! middle part, and was read back: a run whose reading back fails gives no figures.
//!
//! | file | holds |
//! | --- | --- |
//! | `limits.rs` | what bounds a block of it |
//! | `ground.rs` | the network and its chain, also one that begins with a history |
//! | `stage.rs` | the network with whoever speaks and whoever watches |
//! | `capacity.rs` | as much as it takes |
//! | `latency.rs` | how long a report takes at a part of that |
//! | `blocks.rs` | how full blocks are, and what ended them |
//! | `process.rs` | what processes need |
//! | `check.rs` | reading back |
//! | `peers.rs` | what it is measured against |
//! | `report.rs` | the tables |

pub mod blocks;
pub mod capacity;
pub mod check;
pub mod ground;
pub mod latency;
pub mod limits;
pub mod peers;
pub mod process;
mod report;
pub mod stage;

pub use report::line;

use std::time::Duration;

use anyhow::{Context, Result};
use faultline_primitives::quota::Quota;
use serde_json::{json, Value};

use crate::load::{crowd::Crowd, sign::Speaker, words::Topics};
use capacity::{Capacity, Nothing};
use check::Checked;
use ground::{Ground, Settings};
use latency::Latency;
use limits::Limits;
use peers::Floors;
use stage::Stage;

/// Organisations that report.
pub const ORGANISATIONS: u32 = 200;
/// Services that they report.
pub const SERVICES: u32 = 4_000;
/// What each may do: more than anybody hands in here.
const QUOTA: Quota = Quota {
    burst: 1_000_000,
    per_block: 10_000,
};
/// At which parts of the capacity it is measured how long a report takes.
const PERCENTS: [u32; 3] = [10, 50, 90];

/// What is measured.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Networks of so many validators.
    pub validators: Vec<usize>,
    /// For how many seconds each shape is measured.
    pub seconds: u64,
    /// How many incidents the chain begins with.
    pub incidents: u64,
    /// What decides by chance.
    pub seed: u64,
    /// How many words a transaction holds; 0 is a single report.
    pub shapes: Vec<u32>,
    /// How the network differs from one of ours.
    pub settings: Settings,
    /// Whether it is also measured what a core does by itself, and a network with the SDK's settings.
    pub peers: bool,
}

/// What a network of so many validators came to with one shape of transactions.
pub struct Run {
    /// Validators.
    pub validators: usize,
    /// Words of a transaction; 0 is a single report.
    pub words: u32,
    /// As much as it took.
    pub capacity: Capacity,
    /// How long a report took, where single reports were measured.
    pub latencies: Vec<Latency>,
    /// What was read back.
    pub checked: Checked,
    /// How long a slot is.
    pub slot: Duration,
    /// What bounds a block.
    pub limits: Limits,
}

impl Run {
    /// For programs.
    pub fn to_json(&self) -> Value {
        json!({
            "validators": self.validators,
            "shape": report::shape(self.words),
            "slotSeconds": self.slot.as_secs_f64(),
            "limits": { "weight": self.limits.weight, "length": self.limits.length },
            "capacity": self.capacity.to_json(),
            "latencies": self.latencies.iter().map(Latency::to_json).collect::<Vec<_>>(),
            "readBack": {
                "incidents": self.checked.incidents,
                "entries": self.checked.entries,
                "compared": self.checked.compared,
            },
        })
    }
}

/// Measures, and gives a report for people and one for programs.
///
/// # Errors
///
/// A network does not start or stands still, or what was counted cannot be read back.
pub async fn throughput(plan: &Plan) -> Result<(String, Value)> {
    let (mut runs, mut without) = (Vec::new(), Vec::new());
    let floors = match plan.peers {
        true => Some(Floors::measure(&plan.shapes)?),
        false => None,
    };
    for validators in &plan.validators {
        for words in &plan.shapes {
            let shape = report::shape(*words);
            eprintln!("{validators} validator(s), {shape}: measuring");
            match run(plan, *validators, *words).await {
                Ok((run, stage)) => {
                    stage.follower.stop().await?;
                    eprintln!("{}", report::line(&run));
                    runs.push(run);
                }
                // That a network takes nothing of a shape is a figure too.
                Err(error) if error.is::<Nothing>() => {
                    eprintln!("{validators} validator(s), {shape}: {error}");
                    without.push(format!("{validators} validator(s), {shape}: {error}"));
                }
                Err(error) => {
                    return Err(error.context(format!("{validators} validator(s), {shape}: no figures")))
                }
            }
        }
    }
    let mut text = report::report(plan, &runs, &without)?;
    let mut stock = Vec::new();
    if let Some(floors) = &floors {
        let (settings, _code) = peers::stock()?;
        let plan = Plan {
            settings,
            ..plan.clone()
        };
        for ours in runs.iter().filter(|run| run.validators == 1) {
            eprintln!(
                "1 validator, {}, {}: measuring",
                report::shape(ours.words),
                plan.settings.label
            );
            let (theirs, stage) = run(&plan, 1, ours.words).await?;
            stage.follower.stop().await?;
            eprintln!("{}", report::line(&theirs));
            stock.push(theirs);
        }
        text.push_str(&floors.report()?);
        text.push_str(&report::compared(&runs, floors, &stock)?);
    }
    let figures = json!({
        "floors": floors.as_ref().map(Floors::to_json),
        "stock": stock.iter().map(Run::to_json).collect::<Vec<_>>(),
        "settings": plan.settings.to_json(),
        "runtime": {
            "specVersion": faultline_runtime::VERSION.spec_version,
            "version": env!("CARGO_PKG_VERSION"),
        },
        "seed": plan.seed,
        "seconds": plan.seconds,
        "incidentsAtFirst": plan.incidents,
        "organisations": ORGANISATIONS,
        "services": SERVICES,
        "nothing": without,
        "runs": runs.iter().map(Run::to_json).collect::<Vec<_>>(),
    });
    Ok((text, figures))
}

/// A network with a crowd of two hundred organisations, each with one key.
///
/// # Errors
///
/// It does not start.
pub async fn stage(settings: &Settings, validators: usize, incidents: u64, seed: u64) -> Result<Stage> {
    let crowd = Crowd::of(ORGANISATIONS, SERVICES, QUOTA);
    let ground = Ground::start(validators, &crowd, incidents, seed, settings).await?;
    let topics = Topics::drawn(ORGANISATIONS, SERVICES, seed)?;
    let speakers = (0..ORGANISATIONS).map(|organisation| Speaker::new(organisation, 0));
    Stage::new(ground, topics, speakers.collect::<Result<_>>()?).await
}

/// A network of its own for each shape, so that each begins with the same record. It still runs.
///
/// # Errors
///
/// As of [`throughput`]; [`Nothing`] where nothing became final.
pub async fn run(plan: &Plan, validators: usize, words: u32) -> Result<(Run, Stage)> {
    let mut stage = stage(&plan.settings, validators, plan.incidents, plan.seed).await?;
    let capacity = capacity::capacity(&mut stage, words, plan.seconds).await?;
    let mut latencies = Vec::new();
    if words == 0 {
        let lasting = Duration::from_secs(plan.seconds) * 3 / 4;
        for percent in PERCENTS {
            let rate = capacity.transactions();
            latencies.push(latency::latency(&mut stage, percent, rate, lasting, plan.seed).await?);
        }
    }
    let fates = stage.book.since(0);
    let checked = check::read_back(&stage.ground, &stage.topics, &fates, plan.seed).await;
    let checked = checked.context("reading back")?;
    let run = Run {
        validators,
        words,
        capacity,
        latencies,
        checked,
        slot: stage.ground.slot,
        limits: stage.ground.limits,
    };
    Ok((run, stage))
}
