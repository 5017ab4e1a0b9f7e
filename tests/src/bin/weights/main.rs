//! Measures, on a chain in a RocksDB of its own and through the runtime's WASM, what the weights of calls are built on,
//! and that no block takes longer than it declares. `scripts/weights` runs it; it prints what it measured, and how.

extern crate alloc;

mod blocks;
mod database;
mod overhead;
mod scenarios;

// The incident on which the calls were weighed.
#[path = "../../../../pallets/incidents/src/benchmarking/crowd.rs"]
#[allow(dead_code)]
mod crowd;

use std::time::Duration;

use anyhow::Result;
use clap::{Parser, Subcommand};
use faultline_tests::measure;

/// As a node has it.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[derive(Parser)]
#[command(about = "Measures what the weights of calls are built on")]
struct Weights {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// An empty block, and a transaction without what its call and its gate are weighed for.
    Overhead {
        /// Executions of each block.
        #[arg(long, default_value_t = 20)]
        repeat: u32,
    },
    /// Reading and writing a key in a state of so many incidents.
    Database {
        /// How many incidents, of three entries each.
        #[arg(long, default_value_t = 100_000)]
        incidents: u32,
        /// How many keys are read; as many are written, in blocks of 500.
        #[arg(long, default_value_t = 25_000)]
        keys: usize,
    },
    /// Blocks full of each call, at its worst and as it comes mostly: what they declare, and what executing and importing
    /// them takes.
    Block {
        /// Executions of each block, and imports: of each the median counts.
        #[arg(long, default_value_t = 5)]
        repeat: u32,
        /// How many other incidents the state holds, of three entries each.
        #[arg(long, default_value_t = 0)]
        incidents: u32,
    },
}

fn main() -> Result<()> {
    println!("machine: {}", measure::machine()?);
    match Weights::parse().what {
        What::Overhead { repeat } => overhead::measure(repeat),
        What::Database { incidents, keys } => database::measure(incidents, keys),
        What::Block { repeat, incidents } => blocks::measure(repeat, incidents),
    }
}

/// Several measurements of the same.
struct Sample(Vec<Duration>);

impl Sample {
    fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    fn mean(&self) -> Duration {
        let count = u32::try_from(self.0.len()).unwrap_or(u32::MAX).max(1);
        self.0.iter().sum::<Duration>() / count
    }

    fn percentile(&self, percent: usize) -> Duration {
        let place = self.0.len().saturating_sub(1) * percent / 100;
        self.0.get(place).copied().unwrap_or_default()
    }

    /// Mean, median, 99th percentile and worst, in microseconds.
    fn words(&self) -> String {
        let micros = |time: Duration| time.as_secs_f64() * 1e6;
        format!(
            "mean {:.1} µs, median {:.1} µs, p99 {:.1} µs, worst {:.1} µs ({} measurements)",
            micros(self.mean()),
            micros(self.percentile(50)),
            micros(self.percentile(99)),
            micros(self.percentile(100)),
            self.0.len()
        )
    }
}
