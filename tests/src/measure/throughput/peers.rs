//! What ours is measured against, on the same machine and in the same run: what signatures, execution and the trie take by
//! themselves on one core, and a network with the SDK's own settings.

use std::{
    fmt::Write as _,
    hint::black_box,
    io::Write as _,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use serde_json::{json, Value};
use sp_core::{ed25519, sr25519, Pair};
use tempfile::NamedTempFile;

use super::{ground::Settings, report::shape, Run};
use crate::{
    engine::{genesis, typical, Chain, Scenario},
    measure::figures::rate,
};

/// How many signatures are verified.
const SIGNATURES: u64 = 4_000;
/// Bytes of what is signed: as many as a report has.
const SIGNED: usize = 600;
/// How often a block is executed, of which the median counts.
const EXECUTIONS: usize = 7;
/// By which of what is said mostly a single report and a transaction of so many are measured.
const BLOCKS: [(u32, usize); 4] = [(0, 0), (8, 3), (32, 4), (64, 5)];

/// A full block of one shape, without network and pool.
pub struct Floor {
    /// Reports of a transaction; 0 for a single one.
    pub words: u32,
    /// How many it holds.
    pub attestations: u64,
    /// How long executing it takes, with its trie, by the runtime's WASM.
    pub executed: Duration,
    /// The same until it is in the database.
    pub imported: Duration,
    /// How long the trie of its changes takes alone.
    pub rooted: Duration,
    /// Keys that it changes.
    pub keys: u64,
}

/// What a core of this machine does.
pub struct Floors {
    /// Signatures verified a second, sr25519 and ed25519.
    pub signatures: (f64, f64),
    /// By shape.
    pub blocks: Vec<Floor>,
}

impl Floors {
    /// Measures, on this thread.
    ///
    /// # Errors
    ///
    /// A block cannot be made.
    pub fn measure(shapes: &[u32]) -> Result<Self> {
        let wanted = BLOCKS.iter().filter(|(words, _)| shapes.contains(words));
        Ok(Self {
            signatures: signatures(),
            blocks: wanted
                .map(|(words, place)| {
                    let (_, count, scenario) = typical::ALL[*place];
                    floor(*words, count, scenario)
                })
                .collect::<Result<_>>()?,
        })
    }

    /// Attestations a second that a core executes of this shape.
    fn executed(&self, words: u32) -> Option<f64> {
        let floor = self.blocks.iter().find(|floor| floor.words == words)?;
        Some(rate(floor.attestations, floor.executed))
    }

    /// What part a run is of what one core could execute in the time that blocks may take.
    pub fn part(&self, run: &Run) -> Option<f64> {
        // A picosecond of weight is one of execution.
        let share =
            Duration::from_micros(run.limits.weight / 1_000_000).as_secs_f64() / run.slot.as_secs_f64();
        Some(run.capacity.attestations() / (self.executed(run.words)? * share))
    }

    /// For people.
    ///
    /// # Errors
    ///
    /// Never.
    pub fn report(&self) -> Result<String> {
        let mut text = format!(
            "\nOne core by itself:\n  signatures verified a second: sr25519 {:.0}, ed25519 {:.0}\n",
            self.signatures.0, self.signatures.1
        );
        writeln!(
            text,
            "  {:<18} {:>12} {:>12} {:>14} {:>14} {:>12}",
            "a full block of", "attestations", "executed/s", "imported/s", "trie: keys/s", "keys each"
        )?;
        for floor in &self.blocks {
            writeln!(
                text,
                "  {:<18} {:>12} {:>12.0} {:>14.0} {:>14.0} {:>12.1}",
                shape(floor.words),
                floor.attestations,
                rate(floor.attestations, floor.executed),
                rate(floor.attestations, floor.imported),
                rate(floor.keys, floor.rooted),
                floor.keys as f64 / floor.attestations as f64,
            )?;
        }
        Ok(text)
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        let blocks = self.blocks.iter().map(|floor| {
            json!({
                "shape": shape(floor.words),
                "attestations": floor.attestations,
                "executedPerSecond": rate(floor.attestations, floor.executed),
                "importedPerSecond": rate(floor.attestations, floor.imported),
                "keysPerAttestation": floor.keys as f64 / floor.attestations as f64,
                "trieKeysPerSecond": rate(floor.keys, floor.rooted),
            })
        });
        json!({
            "sr25519PerSecond": self.signatures.0,
            "ed25519PerSecond": self.signatures.1,
            "blocks": blocks.collect::<Vec<_>>(),
        })
    }
}

/// How many signatures of either kind are verified a second, each another.
fn signatures() -> (f64, f64) {
    let messages: Vec<_> = (0..SIGNATURES)
        .map(|number| {
            let mut message = vec![7; SIGNED];
            message.splice(..8, number.to_le_bytes());
            message
        })
        .collect();
    (
        verified(&sr25519::Pair::from_seed(&[1; 32]), &messages),
        verified(&ed25519::Pair::from_seed(&[1; 32]), &messages),
    )
}

fn verified<P: Pair>(pair: &P, messages: &[Vec<u8>]) -> f64 {
    let signatures: Vec<_> = messages.iter().map(|message| pair.sign(message)).collect();
    let began = Instant::now();
    for (signature, message) in signatures.iter().zip(messages) {
        black_box(P::verify(black_box(signature), message, &pair.public()));
    }
    rate(SIGNATURES, began.elapsed())
}

fn floor(words: u32, count: u32, scenario: Scenario) -> Result<Floor> {
    let folder = tempfile::tempdir()?;
    let mut deeds = Vec::new();
    let storage = genesis(|| deeds = scenario(count))?;
    let chain = Chain::open(folder.path(), storage)?;
    let made = chain.make(typical::NOW.0, chain.signed(deeds)?)?;
    let median = |mut times: Vec<Duration>| {
        times.sort_unstable();
        times.get(times.len() / 2).copied().context("it was measured")
    };
    let executed = (0..EXECUTIONS).map(|_| chain.execute(&made));
    let executed = median(executed.collect::<Result<_>>()?)?;
    let rooted = (0..EXECUTIONS).map(|_| chain.root(&made));
    let rooted = median(rooted.collect::<Result<_>>()?)?;
    Ok(Floor {
        words,
        attestations: u64::from(made.transactions * words.max(1)),
        executed,
        rooted,
        keys: u64::try_from(made.changes.len())?,
        imported: chain.import(made)?,
    })
}

/// A network with the SDK's settings: its runtime's weights and blocks, how its nodes vote, and how much its pool holds. The
/// program that keeps it lasts as long as the file.
///
/// # Errors
///
/// The runtime was built without its WASM, or cannot be written down.
pub fn stock() -> Result<(Settings, NamedTempFile)> {
    let code =
        faultline_stock_runtime::WASM_BINARY.context("the stock runtime was built without its WASM")?;
    let mut file = tempfile::Builder::new().suffix(".wasm").tempfile()?;
    file.write_all(code)?;
    let arguments = [
        "--vote-behind=2",
        "--gossip-duration=333",
        "--pool-limit=8192",
        "--pool-kbytes=20480",
        "--tx-ban-seconds=1800",
    ];
    let settings = Settings {
        label: "the SDK's settings".into(),
        code: Some(file.path().to_path_buf()),
        arguments: arguments.map(String::from).to_vec(),
        ..Settings::default()
    };
    Ok((settings, file))
}
