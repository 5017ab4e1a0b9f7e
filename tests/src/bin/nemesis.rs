//! Real faults against real validators, by a seeded schedule: see `scripts/nemesis`.

use std::{path::PathBuf, time::Duration};

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use faultline_tests::nemesis::{self, Options, Task};

/// Real faults against real validators while clients submit, by a seeded schedule.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    task: Option<Other>,
    #[command(flatten)]
    run: Run,
}

#[derive(Args)]
struct Run {
    /// How many faults.
    #[arg(long, default_value_t = 60)]
    events: usize,
    /// Decides which faults come when. Drawn and printed, if it is not given.
    #[arg(long)]
    seed: Option<u64>,
    /// How many validators: 4 to 7.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(4..=7))]
    validators: u8,
    /// No new faults after so many minutes.
    #[arg(long, default_value_t = 120)]
    minutes: u64,
    /// How long clients wait at the end for what they submitted last: by default until its time is over.
    #[arg(long, default_value_t = 420, value_name = "SECONDS")]
    patience: u64,
    /// Copy the nodes' logs to this folder.
    #[arg(long, value_name = "FOLDER")]
    logs: Option<PathBuf>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum Other {
    /// How many blocks become final with validators down, phase by phase.
    Steady {
        /// How many validators: 4 to 7.
        #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(4..=7))]
        validators: u8,
        /// How long each phase is measured.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// Print the report as JSON.
        #[arg(long)]
        json: bool,
    },
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    match arguments.task {
        Some(Other::Steady {
            validators,
            seconds,
            json,
        }) => {
            let task = Task::Steady {
                validators: validators.into(),
                phase: Duration::from_secs(seconds),
            };
            nemesis::main(&task, json)
        }
        None => {
            let run = arguments.run;
            let options = Options {
                seed: run.seed.unwrap_or_else(rand::random),
                validators: run.validators.into(),
                events: run.events,
                most: Duration::from_secs(run.minutes.saturating_mul(60)),
                patience: Duration::from_secs(run.patience),
                logs: run.logs,
            };
            nemesis::main(&Task::Run(options), run.json)
        }
    }
}
