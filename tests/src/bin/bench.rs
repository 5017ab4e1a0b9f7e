//! Measurements, as `scripts/bench` runs them. Each prints what it measured, on what machine, and how.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{bail, Result};
use clap::{Parser, Subcommand};
use faultline_client::{Call, Client, Key};
use faultline_primitives::{
    attestation::{Claim, Observation},
    Millis, ServiceId, Span, Text, UnixMillis,
};
use faultline_tests::{measure, seen_by_hand, TestNetwork, TestNode};

/// Organisations of the chains `dev` and `local`, and their services.
const KEYS: [&str; 5] = ["dev:alice", "dev:bob", "dev:charlie", "dev:dave", "dev:eve"];
const SERVICES: u32 = 4;
const SLOT: Duration = Duration::from_secs(3);

#[derive(Parser)]
struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// How long it takes from handing in an attestation until it is final.
    Latency {
        /// One validator (chain dev) or four (chain local).
        #[arg(long, default_value_t = 1)]
        validators: usize,
        /// How many attestations, five at a time.
        #[arg(long, default_value_t = 100)]
        attestations: u32,
    },
    /// What a validator needs while nobody says anything: memory, and disk by the hour.
    Idle {
        /// How long to watch.
        #[arg(long, default_value_t = 60)]
        minutes: u64,
    },
    /// How long it takes to fold the log of an incident.
    Fold,
    /// How large what is stored is, and what one attestation adds.
    Sizes,
}

#[tokio::main]
async fn main() -> Result<()> {
    println!("machine: {}", measure::machine()?);
    match Bench::parse().what {
        What::Latency {
            validators,
            attestations,
        } => latency(validators, attestations).await,
        What::Idle { minutes } => idle(minutes).await,
        What::Fold => {
            print!("{}", measure::fold()?);
            Ok(())
        }
        What::Sizes => {
            print!("{}", measure::sizes()?);
            Ok(())
        }
    }
}

async fn latency(validators: usize, attestations: u32) -> Result<()> {
    let (_alone, network, endpoints) = match validators {
        1 => {
            let node = TestNode::dev()?;
            let endpoint = node.endpoint();
            (Some(node), None, vec![endpoint])
        }
        4 => {
            let network = TestNetwork::start()?;
            let endpoints = network.nodes.iter().map(TestNode::endpoint).collect();
            (None, Some(network), endpoints)
        }
        _ => bail!("one validator or four"),
    };
    if let Some(node) = _alone.as_ref().or_else(|| network.as_ref()?.nodes.first()) {
        node.wait_for_first_block()?;
    }
    let each = attestations.div_ceil(u32::try_from(KEYS.len())?);
    let mut tasks = tokio::task::JoinSet::new();
    for (number, key) in (0u32..).zip(KEYS) {
        let endpoint = endpoints[number as usize % endpoints.len()].clone();
        tasks.spawn(attest(endpoint, key, number, each));
    }
    let mut times = Vec::new();
    while let Some(done) = tasks.join_next().await {
        times.extend(done??);
    }
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64();
    println!(
        "submit to final, {} attestations on {validators} validator(s): p50 {:.2} s, p95 {:.2} s, worst {:.2} s",
        times.len(),
        at(50),
        at(95),
        at(100)
    );
    Ok(())
}

/// Attests one by one with pauses that cover the slot evenly, and says how long each took.
async fn attest(endpoint: String, key: &'static str, number: u32, count: u32) -> Result<Vec<Duration>> {
    let client = Client::connect(&endpoint).await?;
    let key = Key::named(key)?;
    let mut times = Vec::new();
    for round in 0..count {
        // The golden ratio's multiples leave no part of the slot out.
        let phase = (f64::from(round) * 0.618 + f64::from(number) * 0.2).fract();
        tokio::time::sleep(SLOT.mul_f64(phase)).await;
        // A word that differs from the last of the same voice: none is refused as a repetition.
        let claim = if (round / SERVICES).is_multiple_of(2) {
            Claim::Down
        } else {
            Claim::Degraded
        };
        let call = Call::report(ServiceId(round % SERVICES), &seen(claim), &Text::default());
        let began = Instant::now();
        client.execute(&call, &key, Duration::from_secs(120)).await?;
        times.push(began.elapsed());
    }
    Ok(times)
}

fn seen(claim: Claim) -> Observation {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    let now = UnixMillis(u64::try_from(now.as_millis()).unwrap_or_default());
    let observed = Span {
        from: UnixMillis(now.0.saturating_sub(Millis::minutes(1).0)),
        to: now,
    };
    seen_by_hand(claim, observed)
}

async fn idle(minutes: u64) -> Result<()> {
    let node = TestNode::dev()?;
    node.wait_for_first_block()?;
    let data = node.folder().join("data");
    let before = size(&data)?;
    tokio::time::sleep(Duration::from_secs(minutes * 60)).await;
    let (after, blocks) = (
        size(&data)?,
        node.cli().json(&["status"])?["at"]["number"].clone(),
    );
    println!(
        "idle validator: {} MiB resident; {} KiB on disk at first, {} KiB after {minutes} min and {blocks} blocks: {} KiB an hour",
        node.resident_kib()? / 1024,
        before / 1024,
        after / 1024,
        after.saturating_sub(before) * 60 / minutes.max(1) / 1024,
    );
    Ok(())
}

/// Bytes of all files in a folder. One that goes away meanwhile counts nothing.
fn size(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        sum += match entry.metadata() {
            Ok(about) if about.is_dir() => size(&entry.path())?,
            Ok(about) => about.len(),
            Err(_) => 0,
        };
    }
    Ok(sum)
}
