//! What may be written on the command line.

use std::time::Duration;

use clap::{Args, Parser};
use faultline_primitives::Hash;

use crate::noun::Noun;

/// Records the outages of services that everyone depends on, and shows what is recorded.
///
/// Data goes to stdout, talk to stderr. The exit code is 0 for done, 1 for refused or failed, 2 for misuse, 3 when
/// no node can be reached.
#[derive(Parser)]
#[command(name = "faultline", version, max_term_width = 100)]
pub struct Program {
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    pub noun: Noun,
}

/// What every command takes.
#[derive(Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Options {
    /// The node to talk to, by WebSocket.
    #[arg(
        long,
        global = true,
        env = "FAULTLINE_NODE",
        value_name = "URL",
        default_value = "ws://127.0.0.1:9944"
    )]
    pub node: String,
    /// The hash of the chain's genesis block; else that of the first contact with this node is remembered and kept to.
    #[arg(long, global = true, value_name = "HASH")]
    pub genesis: Option<Hash>,
    /// The key that signs: a file, or dev:NAME on development and local chains.
    #[arg(
        long,
        global = true,
        env = "FAULTLINE_KEY",
        value_name = "KEY",
        hide_env_values = true
    )]
    pub key: Option<String>,
    /// How long to wait until a transaction is final: 90s, 5min.
    #[arg(long, global = true, value_name = "TIME", default_value = "90s", value_parser = humantime::parse_duration)]
    pub timeout: Duration,
    /// Print JSON.
    #[arg(long, global = true)]
    pub json: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_read() {
        let key = format!("0x{}", "11".repeat(32));
        for line in [
            "status --json",
            "report openai/api --claim down --from 2024-12-11T23:16:00Z --to now --vantage DE:3320:12:12 --key dev:alice",
            "report openai/api --claim recovered --evidence probe.log,kind=har --method active-probe",
            "incident attest 0 --claim degraded --scope country:DE --severity critical --timeout 5min",
            "incident attest 1 --claim down --moves-from 0",
            "incident withdraw 0",
            "incident close 0",
            "incident reply 0 --status resolved --start 2024-12-11T23:16:00Z --end now --cause human-error --text Done.",
            "incident dispute 0 --text No.",
            "incident vote 0 uphold --text Yes.",
            "incident vote 0 reject",
            "incident link 1 --to 0",
            "incident unlink 1",
            "service describe a/b --name B",
            "service maintenance a/b --from now --until 2030-01-01T00:00:00Z",
            "incident show 0 --entries",
            "service register a/b --name B --parent a",
            "service show a/b",
            "org list",
            "org show 3",
            "reporter list",
            "reporter list 3",
            &format!("reporter add {key} --label probe-7 --key dev:alice-admin"),
            &format!("reporter revoke {key} --genesis {key}"),
            "key new my.key",
            "key show dev:alice",
            "replay examples/2024-12-11-openai.json --node ws://localhost:1",
            &format!("transaction show {key} --blocks 9"),
        ] {
            let words = ["faultline"].into_iter().chain(line.split(' '));
            if let Err(error) = Program::try_parse_from(words) {
                panic!("{line}: {error}");
            }
        }
    }
}
