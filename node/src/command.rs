//! Does what the command line asks for.

use faultline_runtime::opaque::Block;
use sc_cli::{KeySubcommand, SubstrateCli};

use crate::{
    cli::{Cli, Subcommand},
    service::{self, parts, ports, Settings, Stopped},
    startup,
};

/// Two lines of the SDK on each block that this node makes, which say less than the two that stay.
const QUIET: &str = "sc_basic_authorship=warn";

/// Runs a node, or the subcommand, to its end.
pub fn run(mut cli: Cli) -> sc_cli::Result<()> {
    if let Some(Subcommand::Key(KeySubcommand::Insert(insert))) = &mut cli.subcommand {
        startup::read_password(&mut insert.keystore_params)?;
    }
    match &cli.subcommand {
        None => run_node(cli),
        Some(Subcommand::Key(command)) => command.run(&cli),
        Some(Subcommand::SessionKeys(command)) => command.run(),
        Some(Subcommand::NewChain(command)) => command.run(),
        Some(Subcommand::CheckChain(command)) => command.run(cli.load_spec(&command.chain)?.as_ref()),
        Some(Subcommand::CheckIndex(command)) => cli
            .create_runner(command)?
            .sync_run(|config| command.run(&config, &parts::build(&config)?)),
        Some(Subcommand::ExportChainSpec(command)) => command.run(cli.load_spec(&command.chain)?.as_ref()),
        Some(Subcommand::CheckBlock(command)) => cli.create_runner(command)?.async_run(|config| {
            let parts = parts::build(&config)?;
            Ok((command.run(parts.client, parts.import_queue), parts.task_manager))
        }),
        Some(Subcommand::ExportBlocks(command)) => cli.create_runner(command)?.async_run(|config| {
            let parts = parts::build(&config)?;
            Ok((command.run(parts.client, config.database), parts.task_manager))
        }),
        Some(Subcommand::ImportBlocks(command)) => cli.create_runner(command)?.async_run(|config| {
            let parts = parts::build(&config)?;
            Ok((command.run(parts.client, parts.import_queue), parts.task_manager))
        }),
        Some(Subcommand::Revert(command)) => cli.create_runner(command)?.async_run(|config| {
            let parts = parts::build(&config)?;
            Ok((
                command.run::<Block, _, _>(
                    parts.client,
                    parts.backend,
                    // The voter's own records must not name blocks that are gone.
                    Some(Box::new(|client, _backend, blocks| {
                        sc_consensus_grandpa::revert::<Block, _>(client, blocks)?;
                        Ok(())
                    })),
                ),
                parts.task_manager,
            ))
        }),
        Some(Subcommand::PurgeChain(command)) => cli
            .create_runner(command)?
            .sync_run(|config| command.run(config.database)),
        Some(Subcommand::ChainInfo(command)) => cli
            .create_runner(command)?
            .sync_run(|config| command.run::<Block>(&config)),
    }
}

fn run_node(mut cli: Cli) -> sc_cli::Result<()> {
    // The SDK refuses to start a validator that has no network key yet, as its peers may know it
    // by the key. A validator that signs with a published key (`--alice`) has no such name.
    if cli.run.get_keyring().is_some() {
        cli.run
            .network_params
            .node_key_params
            .unsafe_force_node_key_generation = true;
    }

    // First, so that whatever the operator says of the same lines wins.
    cli.run.shared_params.log.insert(0, QUIET.into());

    startup::read_password(&mut cli.run.keystore_params)?;
    let mut runner = cli.create_runner(&cli.run)?;
    startup::check_validator(runner.config())?;
    // Endpoints that are spelled out one by one say themselves what to do about a taken port.
    if cli.run.rpc_params.experimental_rpc_endpoint.is_empty() {
        ports::insist_on_rpc_port(runner.config_mut());
    }
    let settings = Settings {
        pool: cli.pool()?,
        health: cli.health.address(),
        status_page: cli.status_page.place(),
        index: !cli.no_index,
        voting: cli.voting.voting(),
    };
    ports::check(runner.config(), &settings).map_err(service::Error::from)?;

    let stopped = Stopped::default();
    let end = stopped.clone();
    let result = runner.run_node_until_exit(|config| async move {
        service::start(config, settings, &stopped)
            .await
            .map_err(sc_cli::Error::from)
    });
    end.tell();
    result
}
