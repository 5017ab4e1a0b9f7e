//! Measurements, as `scripts/bench` runs them. Each prints what it measured, on what machine, and how.

use std::path::PathBuf;

use anyhow::{bail, Result};
use clap::{Parser, Subcommand};
use faultline_tests::measure::{
    self, fair, growth,
    reading::Plan,
    throughput::{self, ground::Settings},
};
use serde_json::{json, Value};
use tokio::signal::unix::{signal, SignalKind};

#[derive(Parser)]
struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// What a validator needs while nobody says anything: memory, and disk by the hour; and how fast a new node takes that in.
    Idle {
        /// How long to watch.
        #[arg(long, default_value_t = 60)]
        minutes: u64,
        /// Where the figures go, for programs.
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// How long it takes to fold the log of an incident.
    Fold,
    /// How large what is stored is, and what one attestation adds.
    Sizes,
    /// How fast the index is built from a made-up history and answers each kind of question, beside walking all records.
    Reading {
        /// How many incidents; several times to see how what it takes grows.
        #[arg(long, default_values_t = [10_000])]
        incidents: Vec<u64>,
        /// What chance makes of the history.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How often each kind of question is asked of an index that has answered before.
        #[arg(long, default_value_t = 300)]
        warm: usize,
        /// How often of one that was just opened, and of which the system holds nothing in memory.
        #[arg(long, default_value_t = 20)]
        cold: usize,
        /// How often by walking all records.
        #[arg(long, default_value_t = 10)]
        scans: usize,
        /// Where the figures go, for programs.
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// How fast a real node builds its index of a chain that begins with a history, and answers over JSON-RPC.
    Backfill {
        /// How many incidents.
        #[arg(long, default_value_t = 20_000)]
        incidents: u64,
        /// What chance makes of the history.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Where the figures go, for programs.
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// How long after finality each of many subscribers hears of a change, and what the node needs for them.
    Subscribers {
        /// How many subscriptions.
        #[arg(long, default_value_t = 1_000)]
        count: usize,
        /// How many changes.
        #[arg(long, default_value_t = 20)]
        changes: u32,
        /// Where the figures go, for programs.
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// How far the index is behind finality while a crowd reports all at once.
    Lag {
        /// How many reports, 20,000 at most.
        #[arg(long, default_value_t = 5_000)]
        reports: usize,
        /// Where the figures go, for programs.
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Whether others get in while one organisation hands in twice what the network takes.
    Fair {
        /// A network of one validator or of four.
        #[arg(long, default_value_t = 1)]
        validators: usize,
        /// For how long it does.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// What decides by chance.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Where the figures go, for programs.
        #[arg(long)]
        json: Option<PathBuf>,
        #[command(flatten)]
        network: Network,
    },
    /// How what a network records depends on how much it has recorded, and how fast a new node takes that in.
    Growth {
        /// How many incidents the chain begins with; several times to compare.
        #[arg(long, default_values_t = [1_000, 100_000])]
        incidents: Vec<u64>,
        /// How long each chain is measured.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// What decides by chance.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Where the figures go, for programs.
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// How much a network records, and how long that takes.
    Throughput {
        /// Networks of one validator or of four.
        #[arg(long, default_values_t = [1, 4])]
        validators: Vec<usize>,
        /// How long each shape of transactions is measured.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// How many incidents the chain begins with.
        #[arg(long, default_value_t = 0)]
        incidents: u64,
        /// What decides by chance.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Without what it is measured against: what a core does by itself, and a network with the SDK's settings.
        #[arg(long)]
        alone: bool,
        /// `single`, or how many reports a transaction holds.
        #[arg(long, default_values_t = [Shape(0), Shape(8), Shape(32), Shape(64)])]
        shape: Vec<Shape>,
        /// Where the figures go, for programs.
        #[arg(long)]
        json: Option<PathBuf>,
        #[command(flatten)]
        network: Network,
    },
}

/// How the network that is measured differs from ours.
#[derive(clap::Args)]
struct Network {
    /// What it is called in the report.
    #[arg(long, default_value = "Faultline")]
    label: String,
    /// Another runtime for its chain, as WebAssembly: it must take the same transactions.
    #[arg(long, value_name = "FILE")]
    code: Option<PathBuf>,
    /// An argument more of each node, as in `--node-argument=--pool-limit=8192`.
    #[arg(long, value_name = "ARGUMENT")]
    node_argument: Vec<String>,
}

impl From<Network> for Settings {
    fn from(network: Network) -> Self {
        Self {
            label: network.label,
            code: network.code,
            arguments: network.node_argument,
            ..Self::default()
        }
    }
}

/// How many reports a transaction holds; 0 for a single one without a list.
#[derive(Clone, Copy, Debug)]
struct Shape(u32);

impl std::str::FromStr for Shape {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text.parse() {
            _ if text == "single" => Ok(Self(0)),
            Ok(count @ 1..=64) => Ok(Self(count)),
            _ => Err("`single`, or a number from 1 to 64".into()),
        }
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            0 => f.write_str("single"),
            count => count.fmt(f),
        }
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let what = Bench::parse().what;
    println!("machine: {}", measure::machine()?);
    let mut told = signal(SignalKind::terminate())?;
    // Its nodes end with what is measured, also where that is given up.
    tokio::select! {
        done = measured(what) => done,
        _ = tokio::signal::ctrl_c() => bail!("interrupted"),
        _ = told.recv() => bail!("told to end"),
    }
}

async fn measured(what: What) -> Result<()> {
    match what {
        What::Idle { minutes, json } => said(json, measure::idle::idle(minutes).await?),
        What::Fold => {
            print!("{}", measure::fold()?);
            Ok(())
        }
        What::Sizes => {
            print!("{}", measure::sizes()?);
            Ok(())
        }
        What::Reading {
            incidents,
            seed,
            warm,
            cold,
            scans,
            json,
        } => {
            let mut all = Vec::new();
            for incidents in incidents {
                let folder = tempfile::tempdir()?;
                let plan = Plan {
                    incidents,
                    seed,
                    warm,
                    cold,
                    scans,
                };
                let (text, figures) = measure::reading::reading(&plan, folder.path())?;
                println!("{text}");
                all.push(figures);
            }
            written(json, all.into())
        }
        What::Backfill {
            incidents,
            seed,
            json,
        } => said(json, measure::reading::backfill::backfill(incidents, seed).await?),
        What::Subscribers { count, changes, json } => {
            said(json, measure::subscribers::subscribers(count, changes).await?)
        }
        What::Lag { reports, json } => said(json, measure::lag::lag(reports).await?),
        What::Fair {
            validators,
            seconds,
            seed,
            json,
            network,
        } => {
            let plan = fair::Plan {
                validators,
                seconds,
                seed,
                settings: network.into(),
            };
            said(json, fair::fair(&plan).await?)
        }
        What::Growth {
            incidents,
            seconds,
            seed,
            json,
        } => {
            let plan = growth::Plan {
                incidents,
                seconds,
                seed,
            };
            said(json, growth::growth(&plan).await?)
        }
        What::Throughput {
            validators,
            seconds,
            incidents,
            seed,
            alone,
            shape,
            json,
            network,
        } => {
            let plan = throughput::Plan {
                peers: !alone,
                validators,
                seconds,
                incidents,
                seed,
                shapes: shape.into_iter().map(|shape| shape.0).collect(),
                settings: network.into(),
            };
            said(json, throughput::throughput(&plan).await?)
        }
    }
}

/// Prints what was measured, and writes it down for programs where that is asked for.
fn said(path: Option<PathBuf>, (text, figures): (String, Value)) -> Result<()> {
    print!("{text}");
    written(path, figures)
}

fn written(path: Option<PathBuf>, figures: Value) -> Result<()> {
    if let Some(path) = path {
        let document = json!({ "machine": measure::machine()?, "figures": figures });
        std::fs::write(path, serde_json::to_vec_pretty(&document)?)?;
    }
    Ok(())
}
