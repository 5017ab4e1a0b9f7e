//! A running node, put together from its parts.
//!
//! The order matters twice: the client must know the genesis before the network can name its
//! protocols after it, and the keystore must hold the development keys, which `spawn_tasks` puts
//! there, before the voter looks for its own.

mod consensus;
mod error;
mod genesis;
mod network;
pub mod parts;
pub mod ports;

pub use error::Error;
pub use parts::{FullClient, FullPool};

use sc_service::{Configuration, SpawnTasksParams, TaskManager};

use crate::rpc;
use consensus::Consensus;
use parts::Parts;

/// Starts a node. It runs until the task manager is dropped or an essential task fails.
///
/// # Errors
///
/// See [`Error`].
pub fn start(config: Configuration) -> Result<TaskManager, Error> {
    network::refuse_other_backends(&config)?;

    let Parts {
        client,
        backend,
        mut task_manager,
        keystore,
        select_chain,
        import_queue,
        pool,
        block_import,
        grandpa_link,
        mut telemetry,
    } = parts::build(&config)?;

    let (network_params, grandpa_protocol) = network::parameters(
        &config,
        &client,
        &backend,
        &pool,
        import_queue,
        &grandpa_link,
        &task_manager,
    );
    let (network, system_rpc_tx, tx_handler_controller, sync_service, _no_bitswap) =
        sc_service::build_network(network_params)?;

    // What is still needed of the configuration, which `spawn_tasks` takes whole.
    let is_authority = config.role.is_authority();
    let votes = !config.disable_grandpa;
    let consensus = Consensus {
        role: config.role,
        name: config.network.node_name.clone(),
        prometheus: config.prometheus_config.clone(),
        telemetry: telemetry.as_ref().map(|telemetry| telemetry.handle()),
        client: client.clone(),
        pool: pool.clone(),
        network: network.clone(),
        sync: sync_service.clone(),
    };

    sc_service::spawn_tasks(SpawnTasksParams {
        config,
        client: client.clone(),
        backend,
        task_manager: &mut task_manager,
        keystore: keystore.keystore(),
        transaction_pool: pool.clone(),
        rpc_builder: Box::new(move |_| {
            rpc::module(client.clone(), pool.clone()).map_err(sc_service::Error::Application)
        }),
        network,
        system_rpc_tx,
        tx_handler_controller,
        sync_service,
        telemetry: telemetry.as_mut(),
        // `state_traceBlock` executes a block as the runtime alone would.
        tracing_execute_block: None,
    })?;

    if is_authority {
        consensus.start_authoring(&task_manager, &keystore, select_chain, block_import)?;
    }
    if votes {
        consensus.start_voting(&task_manager, &keystore, grandpa_link, grandpa_protocol)?;
    }

    Ok(task_manager)
}
