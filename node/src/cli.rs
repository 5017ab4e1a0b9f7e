//! What can be said on the command line: Faultline's own words around those of the SDK.

use std::time::Duration;

use clap::{CommandFactory, FromArgMatches};
use sc_cli::{
    ChainInfoCmd, CheckBlockCmd, ExportBlocksCmd, ImportBlocksCmd, KeySubcommand, PurgeChainCmd, RevertCmd,
    RunCmd, SubstrateCli, TransactionPoolType,
};
use sc_transaction_pool::Options;

use crate::{
    chain_spec, check_chain::CheckChain, check_index::CheckIndex, export::ExportChainSpec,
    new_chain::NewChain, pool, service, session_keys::SessionKeys, status_page::StatusPageArgs,
    voting::VotingArgs, watch::server::HealthArgs,
};

const DESCRIPTION: &str = "\
A node of Faultline, the chain on which independent organisations record the outages of the \
services that everyone depends on. Without a subcommand it runs: as a validator with \
--validator, otherwise as a node that follows the chain and answers readers by JSON-RPC.";

const EXAMPLES: &str = "\
Examples:
  faultline-node --dev
      a chain of one validator for trying things, forgotten at its end
  faultline-node --dev --base-path ./data
      the same, kept in ./data
  faultline-node --chain local --alice --base-path ./alice
      one of the validators of a local network
  faultline-node --chain ./consortium.json --state-pruning archive-canonical
      a reader's node of a consortium's chain, which keeps every finalized state
  faultline-node session-keys new --keystore ./keystore --password-file ./password
      keys for a validator
  faultline-node new-chain consortium.toml --output consortium.json
      a chain of one's own; `new-chain --example` prints a file to start from

A port that is taken is an error; port 0 takes any that is free, as in --rpc-port 0 --port 0.
Bugs: the project's issue tracker. Security: see SECURITY.md.";

const CHAIN_HELP: &str = "Which chain: `dev`, `local`, or the path of a chain specification, such \
                          as `export-chain-spec` writes [default: dev]";

/// The defaults of the transaction pool in which a Faultline node departs from the SDK.
///
/// They are set on the arguments themselves, before parsing: so `--help` tells the truth, and a
/// flag that the operator gives wins as any flag does.
mod pool_defaults {
    /// The only one that is used. The SDK's own choice, the fork-aware pool, silently lost nearly a fifth of the
    /// transactions that it had accepted in a burst.
    pub const TYPE: &str = "single-state";
    /// Transactions. Four times the SDK's: after a wide outage many reporters speak at once.
    pub const LIMIT: &str = "32768";
    /// KiB of transactions: 4 KiB for each of [`LIMIT`], as attestations carry evidence and text.
    pub const KBYTES: &str = "131072";
    /// Seconds. The SDK bans what it refused or recorded for half an hour, and so what is right a block later.
    pub const BAN: &str = "60";
}

/// Most calls in one batch. The SDK takes any number, and answers none before it has answered all.
const BATCH: &str = "100";

/// The command line.
#[derive(Debug, clap::Parser)]
pub struct Cli {
    /// What to do; nothing here means: run a node.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    /// How to run a node.
    #[command(flatten)]
    pub run: RunCmd,

    /// Where the node says whether it is well.
    #[command(flatten)]
    pub health: HealthArgs,

    /// Where status pages are served.
    #[command(flatten)]
    pub status_page: StatusPageArgs,

    /// How a validator votes.
    #[command(flatten)]
    pub voting: VotingArgs,

    /// Keep no index: lists and subscriptions of incidents are refused
    ///
    /// The index follows finalized blocks in a database of its own, in the folder `index` beside the chain's. A validator
    /// that nobody reads from can do without.
    #[arg(long)]
    pub no_index: bool,
}

/// What the program does other than run a node.
#[derive(Debug, clap::Subcommand)]
#[allow(clippy::large_enum_variant)] // One value a process.
pub enum Subcommand {
    /// Generate, inspect and insert keys
    #[command(subcommand)]
    Key(KeySubcommand),

    #[command(subcommand)]
    SessionKeys(SessionKeys),

    // Where a variant has no words of its own, those of what it holds are shown.
    NewChain(NewChain),

    CheckChain(CheckChain),

    CheckIndex(CheckIndex),

    /// Write a chain specification as JSON
    ExportChainSpec(ExportChainSpec),

    /// Check a block again that is in the database
    CheckBlock(CheckBlockCmd),

    /// Write blocks to a file
    ExportBlocks(ExportBlocksCmd),

    /// Read blocks from a file
    ImportBlocks(ImportBlocksCmd),

    /// Delete a chain's database; keys stay
    PurgeChain(PurgeChainCmd),

    /// Take back blocks that are not finalized
    Revert(RevertCmd),

    /// Print what the database holds: best and finalized block, genesis
    ChainInfo(ChainInfoCmd),
}

impl Cli {
    /// Parses this process's command line. Help, version and wrong usage end the process here.
    pub fn from_command_line() -> Self {
        let matches = Self::definition().get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    /// How much the transaction pool holds.
    ///
    /// # Errors
    ///
    /// The operator asks for another pool than ours.
    pub fn pool(&self) -> Result<Options, service::Error> {
        let asked = &self.run.pool_config;
        if !matches!(asked.pool_type, TransactionPoolType::SingleState) {
            return Err(service::Error::OtherPool);
        }
        let ban = Duration::from_secs(asked.tx_ban_seconds.unwrap_or_default());
        Ok(pool::options(
            asked.pool_limit,
            asked.pool_kbytes.saturating_mul(1024),
            ban,
        ))
    }

    fn definition() -> clap::Command {
        Self::setup_command(Self::command())
            .after_help(EXAMPLES)
            .mut_arg("chain", |chain| chain.help(CHAIN_HELP).long_help(CHAIN_HELP))
            .mut_arg("pool_type", |kind| {
                kind.default_value(pool_defaults::TYPE).hide(true)
            })
            .mut_arg("pool_best_blocks_only", |only| only.hide(true))
            .mut_arg("tx_ban_seconds", |ban| {
                ban.default_value(pool_defaults::BAN)
                    .help("For how long the pool does not look at a transaction again that it refused")
                    .long_help(None)
            })
            .mut_arg("rpc_max_batch_request_len", |len| len.default_value(BATCH))
            .mut_arg("pool_limit", |limit| limit.default_value(pool_defaults::LIMIT))
            .mut_arg("pool_kbytes", |size| size.default_value(pool_defaults::KBYTES))
            // There is one database and one network backend, and no offchain worker to enable.
            .mut_arg("database", |database| database.hide(true))
            .mut_arg("network_backend", |backend| backend.hide(true))
            .mut_arg("enabled", |offchain_worker| offchain_worker.hide(true))
            .mut_arg("indexing_enabled", |offchain_index| offchain_index.hide(true))
    }
}

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Faultline Node".into()
    }

    /// The crate's version, and the commit if whoever builds a release names it in
    /// `FAULTLINE_COMMIT`. A build script that asks git would build the node anew at every
    /// commit, or show a commit that is no longer the one it was built from.
    fn impl_version() -> String {
        let version = env!("CARGO_PKG_VERSION");
        match option_env!("FAULTLINE_COMMIT") {
            Some(commit) => format!("{version}-{commit}"),
            None => version.into(),
        }
    }

    fn description() -> String {
        DESCRIPTION.into()
    }

    fn author() -> String {
        "the Faultline contributors".into()
    }

    fn support_url() -> String {
        "the project's issue tracker; for a security problem see SECURITY.md".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
        match chain_spec::load(id) {
            Ok(spec) => Ok(Box::new(spec)),
            Err(error) => Err(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::{error::ErrorKind, ArgMatches};
    use faultline_rpc::limits;

    use super::*;
    use crate::voting::Voting;

    fn matched(arguments: &[&str]) -> Result<ArgMatches, clap::Error> {
        Cli::definition().try_get_matches_from(std::iter::once(&"faultline-node").chain(arguments))
    }

    fn parsed(arguments: &[&str]) -> Cli {
        let matches = matched(arguments).expect("the test's arguments are right");
        Cli::from_arg_matches(&matches).expect("the matches come from the same definition")
    }

    #[test]
    fn the_pool_is_large_and_forgets_a_refusal_within_a_minute() {
        let pool = parsed(&["--dev"]).pool().expect("the defaults are right");
        assert_eq!(
            (pool.ready.count, pool.ready.total_bytes),
            (32_768, 131_072 * 1_024)
        );
        assert_eq!(pool.ban_time, Duration::from_secs(60));
    }

    #[test]
    fn what_the_operator_says_of_the_pool_wins_and_another_pool_is_refused() {
        let flags = ["--pool-limit=8192", "--pool-kbytes=20480", "--tx-ban-seconds=1"];
        let pool = parsed(&flags).pool().expect("they are right");
        assert_eq!(
            (pool.ready.count, pool.ready.total_bytes),
            (8_192, 20_480 * 1_024)
        );
        assert_eq!((pool.future.count, pool.future.total_bytes), (819, 2_048 * 1_024));
        assert_eq!(pool.ban_time, Duration::from_secs(1));
        let other = parsed(&["--pool-type=fork-aware"]).pool();
        assert!(matches!(other, Err(service::Error::OtherPool)));
    }

    #[test]
    fn the_limits_of_json_rpc_are_those_that_are_documented() {
        let rpc = parsed(&["--dev"]).run.rpc_params;
        assert_eq!(rpc.rpc_max_batch_request_len, Some(limits::BATCH));
        assert_eq!(rpc.rpc_max_request_size, limits::REQUEST_MIB);
        assert_eq!(rpc.rpc_max_response_size, limits::ANSWER_MIB);
        assert_eq!(rpc.rpc_max_subscriptions_per_connection, limits::SUBSCRIPTIONS);
        assert_eq!(rpc.rpc_max_connections, limits::CONNECTIONS);
    }

    #[test]
    fn a_subcommand_takes_the_place_of_running() {
        assert!(parsed(&["--dev"]).subcommand.is_none());
        let cli = parsed(&["export-chain-spec", "--raw", "--without-code"]);
        assert!(matches!(cli.subcommand, Some(Subcommand::ExportChainSpec(_))));
    }
    #[test]
    fn votes_are_for_the_best_block_and_travel_a_fifth_of_a_second_unless_the_operator_says_otherwise() {
        let voting = |gossip, behind| Voting {
            gossip: Duration::from_millis(gossip),
            behind,
        };
        assert_eq!(parsed(&["--dev"]).voting.voting(), voting(200, 0));
        let flags = ["--gossip-duration=500", "--vote-behind=2"];
        assert_eq!(parsed(&flags).voting.voting(), voting(500, 2));
        for flag in [
            "--gossip-duration=0",
            "--gossip-duration=60000",
            "--vote-behind=1000",
        ] {
            let refused = matched(&[flag]).map_err(|error| error.kind());
            assert_eq!(refused.err(), Some(ErrorKind::ValueValidation), "{flag}");
        }
    }
}
