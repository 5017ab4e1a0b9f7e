//! How what a network records depends on how much it has recorded: `scripts/bench growth`.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::{json, Value};

use super::{
    sync::{sync, Synced},
    throughput::{self, ground, Run},
};

/// At which part of the capacity the table says how long a report takes.
const PERCENT: u32 = 50;

/// What is measured.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Chains that begin with so many incidents.
    pub incidents: Vec<u64>,
    /// For how many seconds each is measured.
    pub seconds: u64,
    /// What decides by chance.
    pub seed: u64,
}

/// A chain that begins with so many incidents.
struct Grown {
    incidents: u64,
    run: Run,
    synced: Synced,
}

impl Grown {
    fn to_json(&self) -> Value {
        json!({
            "incidentsAtFirst": self.incidents,
            "run": self.run.to_json(),
            "sync": self.synced.to_json(),
            "attestationsSyncedPerSecond": self.synced.rate(self.run.checked.entries),
        })
    }

    /// A line of the table, beside the first one's throughput.
    fn line(&self, first: f64) -> Result<String> {
        let (run, capacity) = (&self.run, &self.run.capacity);
        let node = capacity.nodes.first().context("no nodes")?;
        let half = run.latencies.iter().find(|latency| latency.percent == PERCENT);
        let half = half.context("it was measured how long a report takes")?.finalized;
        let rate = capacity.attestations();
        Ok(format!(
            "{:>10} {rate:>9.1} {:>7.2} {:>9} {:>9.0} {:>8.2} {:>8.2} {:>7.2} {:>8} {:>9.0} {:>8.1} {:>9.1} {:>9.0}",
            self.incidents,
            rate / first,
            capacity.filled.transactions,
            capacity.filled.proposing.p50.as_secs_f64() * 1e3,
            half.p50.as_secs_f64(),
            half.p95.as_secs_f64(),
            node.cpu,
            node.peak,
            node.stored,
            self.synced.ready.as_secs_f64(),
            self.synced.rate(self.synced.blocks.into()),
            self.synced.rate(run.checked.entries),
        ))
    }
}

/// Measures, and gives a report for people and one for programs.
///
/// # Errors
///
/// A network does not start or stands still, what was counted cannot be read back, or a new node does not get there.
pub async fn growth(plan: &Plan) -> Result<(String, Value)> {
    let mut all = Vec::new();
    for incidents in &plan.incidents {
        eprintln!("{incidents} incidents: measuring");
        let each = throughput::Plan {
            validators: vec![1],
            seconds: plan.seconds,
            incidents: *incidents,
            seed: plan.seed,
            shapes: vec![0],
            settings: ground::Settings::default(),
            peers: false,
        };
        let (run, stage) = throughput::run(&each, 1, 0).await?;
        eprintln!("{}", throughput::line(&run));
        let node = stage.ground.nodes.first().context("no nodes")?;
        let synced = sync(node, ground::patience(*incidents)).await?;
        eprintln!("{}", synced.line());
        stage.follower.stop().await?;
        all.push(Grown {
            incidents: *incidents,
            run,
            synced,
        });
    }
    let first = all
        .first()
        .context("no incidents given")?
        .run
        .capacity
        .attestations();
    let mut text = format!(
        "one validator, single reports, {} s each, seed {}; a new node takes in what was recorded on top of the incidents\n\n",
        plan.seconds, plan.seed
    );
    writeln!(
        text,
        "{:>10} {:>9} {:>7} {:>9} {:>9} {:>17} {:>7} {:>8} {:>9} {:>28}",
        "",
        "",
        "times",
        "a block",
        "ms to",
        "final at half, s",
        "",
        "MiB",
        "bytes",
        "sync: ready s, blocks/s,"
    )?;
    writeln!(
        text,
        "{:>10} {:>9} {:>7} {:>9} {:>9} {:>8} {:>8} {:>7} {:>8} {:>9} {:>28}",
        "incidents",
        "reports/s",
        "first",
        "holds",
        "make one",
        "p50",
        "p95",
        "cores",
        "at most",
        "each",
        "reports/s"
    )?;
    for grown in &all {
        writeln!(text, "{}", grown.line(first)?)?;
    }
    let json = json!({
        "seed": plan.seed,
        "seconds": plan.seconds,
        "chains": all.iter().map(Grown::to_json).collect::<Vec<_>>(),
    });
    Ok((text, json))
}
