//! What may be written on the command line.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ColorChoice, Parser};
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

/// The end of a command's help: one that can be copied. It goes on in another line where there is a line break.
pub fn example(words: &str) -> String {
    format!("Example:\n  faultline {}", words.replace('\n', " \\\n    "))
}

/// What every command takes.
#[derive(Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Options {
    /// The node to talk to, by WebSocket; several by naming it several times, or with commas between them. The first that
    /// answers is talked to, and another when that one is gone.
    #[arg(
        long,
        global = true,
        env = "FAULTLINE_NODE",
        value_name = "URL",
        value_delimiter = ',',
        default_value = "ws://127.0.0.1:9944"
    )]
    pub node: Vec<String>,
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
    /// The password of the key's file: a file of one line that nobody else can read. Else it is asked for.
    #[arg(
        long,
        global = true,
        env = "FAULTLINE_PASSWORD_FILE",
        value_name = "FILE",
        hide_env_values = true
    )]
    pub password_file: Option<PathBuf>,
    /// How long to wait until a transaction is final: 90s, 5min.
    #[arg(long, global = true, value_name = "TIME", default_value = "90s", value_parser = humantime::parse_duration)]
    pub timeout: Duration,
    /// Print JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// When to use colours: auto is on a terminal, unless NO_COLOR is set, or anywhere with CLICOLOR_FORCE.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true
    )]
    pub color: ColorChoice,
    /// Show long answers as they are; else on a terminal by $FAULTLINE_PAGER, $PAGER, or less.
    #[arg(long, global = true)]
    pub no_pager: bool,
}

impl Options {
    /// The nodes, each once, in the order in which they were named.
    pub fn nodes(&self) -> Vec<String> {
        let mut nodes: Vec<String> = Vec::new();
        for node in self.node.iter().map(|node| node.trim()) {
            if !node.is_empty() && !nodes.iter().any(|known| known == node) {
                nodes.push(node.into());
            }
        }
        nodes
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_command_is_read() {
        let key = format!("0x{}", "11".repeat(32));
        for line in [
            "status --json",
            "status --node ws://a:1,ws://b:2 --node ws://c:3",
            "validator list",
            "validator set-keys keys.json --key admin.key",
            &format!("validator set-keys --keys {key}{} --proof {key}{0}{0}{0}", "22".repeat(32)),
            "upgrade status",
            "upgrade hash next.wasm",
            "upgrade apply next.wasm --key admin.key",
            "council propose add-validator 4",
            "council propose remove-validator 4",
            "council propose authorize-upgrade next.wasm",
            &format!("council propose authorize-upgrade {key}"),
            "council propose cancel-upgrade",
            "council propose publish-checkpoint",
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
            "incident show 0 --color always --no-pager",
            "incident list",
            "incident list --service openai/api --organisation 3 --verdict confirmed,contested --verdict unconfirmed",
            "incident list --under openai --opener 0 --status ongoing --timeliness late --kind data-loss --all",
            "incident list --severity critical --from 2024-12-11 --until 2024-12-12T01:00:00Z --limit 200 --cursor 0a",
            "incident watch",
            "incident watch --under openai --verdict confirmed --from 0a --json",
            "incident watch 7 --from 0",
            "incident export 0 1 2 --format md --output incidents.md --force",
            "incident export --under openai --from 2024-12-11 --format csv --color never",
            "incident export",
            "service list --under openai --provider 4 --listed --retired --limit 5",
            "service list --unlisted --all",
            "service register a/b --name B --parent a",
            "service show a/b",
            "council list",
            "council acts",
            &format!("council propose admit Watch --role reporter --role arbiter --admin {key} --group 3 --burst 9 --per-block 1"),
            "council propose set-rules --quorum 4 --stale-after 2h",
            "council propose redact 3 0",
            "council propose pause Incidents.report",
            "council vote 0 aye --key dev:alice-admin",
            "council vote 0 nay",
            "council close 0",
            "org list",
            "org show 3",
            "reporter list",
            "reporter list 3",
            &format!("reporter add {key} --label probe-7 --key dev:alice-admin"),
            &format!("reporter revoke {key} --genesis {key}"),
            "key new my.key",
            "key new my.key --password-file my.password",
            "key show dev:alice",
            "audit",
            "audit --node ws://a:1,ws://b:2 --at 600 -o audit.md --force --resume audit.progress --compare all",
            &format!("audit --checkpoint 600:{key}:2:{key} --compare 9 --json"),
            "proof export 0",
            &format!("proof export 0 -o incident-0.json --force --genesis {key}"),
            "proof export openai/chatgpt --from 2024-12-11 --to now --output a.json",
            &format!("proof verify a.json --genesis {key} --evidence a.har b.log --json"),
            &format!("proof verify - --checkpoint 600:{key}:2:{key}"),
            &format!("proof compare a.json b.json --genesis {key}"),
            "proof show a.json --full",
            "incident show 0 --unverified",
            "service show a/b --unverified",
            "org show 3 --unverified",
            "replay examples/2024-12-11-openai.json --node ws://localhost:1",
            "report-many reports.json --skip 64 --json",
            &format!("org rotate-admin {key} --key old-admin.key"),
            "completions zsh",
            "man",
            "man share/man/man1",
            &format!("transaction show {key} --blocks 9"),
        ] {
            let words = ["faultline"].into_iter().chain(line.split(' '));
            if let Err(error) = Program::try_parse_from(words) {
                panic!("{line}: {error}");
            }
        }
    }

    #[test]
    fn what_makes_no_sense_together_is_refused() {
        for line in [
            "incident list --limit 0",
            "incident list --limit 5 --all",
            "incident list --verdict perhaps",
            "incident list --from yesterday",
            "incident watch 7 --under openai",
            "incident export 0 --under openai",
            "incident export 0 --until now",
            "incident export --format xml",
            "incident export --force",
            "service list --listed --unlisted",
            "proof verify",
            "proof verify a.json --checkpoint 600",
            "proof export 0 --force",
            "audit --force",
            "audit --compare some",
            "status --color sometimes",
        ] {
            let words = ["faultline"].into_iter().chain(line.split(' '));
            assert!(Program::try_parse_from(words).is_err(), "{line}");
        }
    }

    #[test]
    fn nodes_are_those_named_each_once() {
        let line = "faultline --node ws://a:1,ws://b:2, --node ws://a:1 --node ws://c:3 status";
        let program = Program::try_parse_from(line.split(' ')).unwrap();
        assert_eq!(program.options.nodes(), ["ws://a:1", "ws://b:2", "ws://c:3"]);
    }

    /// Every command that has none below it.
    fn leaves(command: clap::Command, path: &str) -> Vec<(String, clap::Command)> {
        let path = format!("{path} {}", command.get_name()).trim().to_owned();
        let mut below = command.get_subcommands().cloned().peekable();
        match below.peek() {
            None => vec![(path, command.clone())],
            Some(_) => below.flat_map(|command| leaves(command, &path)).collect(),
        }
    }

    /// Words as a shell reads them, of which some are quoted.
    fn words(line: &str) -> Vec<String> {
        let line = line.replace("\\\n", " ");
        let parts = line.split('\'').zip([false, true].into_iter().cycle());
        parts
            .flat_map(|(part, quoted)| match quoted {
                true => vec![part.to_owned()],
                false => part.split_whitespace().map(ToOwned::to_owned).collect(),
            })
            .collect()
    }

    #[test]
    fn every_commands_help_ends_with_an_example_that_is_read_and_fits_a_terminal() {
        let program = Program::command();
        program.clone().debug_assert();
        let leaves = leaves(program, "");
        assert!(leaves.len() > 20, "{}", leaves.len());
        for (path, command) in leaves {
            let short = command.get_after_help();
            for help in [short, command.get_after_long_help().or(short)] {
                let help = help.map(ToString::to_string).unwrap_or_default();
                let (_, example) = help
                    .rsplit_once("Example:\n  ")
                    .unwrap_or_else(|| panic!("`{path}` has no example"));
                assert!(
                    example.lines().all(|line| line.len() <= 80),
                    "too wide: break the line: {example}"
                );
                let command = example.strip_prefix(&path);
                assert!(
                    command.is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')),
                    "{path}: {example}"
                );
                if let Err(error) = Program::try_parse_from(words(example)) {
                    panic!("{example}: {error}");
                }
            }
        }
    }
}
