//! A running node, put together from its parts.
//!
//! The order matters twice: the client must know the genesis before the network can name its
//! protocols after it, and the keystore must hold the development keys, which `spawn_tasks` puts
//! there, before the voter looks for its own.

mod consensus;
mod database;
mod error;
mod genesis;
mod hello;
pub mod index;
mod keystore;
mod network;
pub mod parts;
pub mod ports;
mod proofs;
mod signatures;
mod stop;
mod unwritten;

pub use error::Error;
pub use parts::FullClient;
pub use stop::Stopped;

use std::{net::SocketAddr, sync::Arc};

use faultline_rpc::server::Faultline;
use faultline_runtime::opaque::Block;
use sc_consensus_aura::slot_duration;
use sc_service::{Configuration, SpawnTasksParams, TaskManager};
use sc_transaction_pool::Options;
use sp_blockchain::HeaderBackend;

use crate::{
    pool::{known_causes, FullPool},
    rpc,
    status_page::{self, StatusPages},
    voting::Voting,
    watch::{server, Refused, Watch, Watched, LOG_TARGET},
};
use consensus::Consensus;
use index::Following;
use parts::Parts;
use proofs::Proofs;

/// What a node does beyond what the SDK's configuration says.
pub struct Settings {
    /// How much the transaction pool holds.
    pub pool: Options,
    /// Where health is served, if anywhere.
    pub health: Option<SocketAddr>,
    /// Where status pages are served, if anywhere.
    pub status_page: Option<status_page::Place>,
    /// Whether it keeps an index.
    pub index: bool,
    /// How it votes, if it is a validator.
    pub voting: Voting,
}

/// Starts a node. It runs until the task manager is dropped or an essential task fails; `stopped` tells afterwards whether
/// everything was closed.
///
/// # Errors
///
/// See [`Error`].
pub async fn start(
    config: Configuration,
    settings: Settings,
    stopped: &Stopped,
) -> Result<TaskManager, Error> {
    network::refuse_other_backends(&config)?;

    let Parts {
        client,
        backend,
        mut task_manager,
        keystore,
        select_chain,
        import_queue,
        block_import,
        grandpa_link,
        origin,
        mut telemetry,
    } = parts::build(&config)?;
    let refused = Refused::register(config.prometheus_registry(), &known_causes())?;
    let pool = Arc::new(FullPool::new(
        settings.pool,
        config.role.is_authority(),
        &client,
        &task_manager,
        config.prometheus_registry(),
        refused.clone(),
    ));
    if config.role.is_authority() {
        keystore::check(&*keystore.keystore(), &config.keystore)?;
    }
    let index = match settings.index {
        true => Some(index::open(&index::folder(&config), client.info().genesis_hash)?),
        false => None,
    };
    let health = match settings.health {
        Some(address) => {
            let listener = server::listen(address).await;
            Some(listener.map_err(|reason| Error::Health { address, reason })?)
        }
        None => None,
    };

    let status_pages = match &settings.status_page {
        Some(place) => {
            let listener = StatusPages::listen(place).await;
            let address = place.address;
            Some(listener.map_err(|reason| Error::StatusPage { address, reason })?)
        }
        None => None,
    };

    let (network_params, grandpa_protocol, hello) = network::parameters(
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
        voting: settings.voting,
    };
    let registry = config.prometheus_registry().cloned();
    let watched = Watched {
        client: client.clone(),
        sync: sync_service.clone(),
        keystore: keystore.keystore(),
        authority: is_authority,
        slot: slot_duration(&*client)?,
        refused,
    };
    let chain = config.chain_spec.name().to_owned();
    if let Some(index) = &index {
        let (index, client, backend) = (index.clone(), client.clone(), backend.clone());
        let following = Following::new(index, client, backend, sync_service.clone(), registry.as_ref())?;
        task_manager.spawn_handle().spawn("index", None, following.run());
    }
    let authorities = grandpa_link.shared_authority_set().clone();
    let proofs = Proofs::new(client.clone(), backend.clone(), authorities, origin);
    let faultline = Faultline::<Block, FullClient>::new(client.clone(), index, Arc::new(proofs));
    if let Some(pages) = status_pages {
        task_manager
            .spawn_handle()
            .spawn("status-pages", None, pages.serve(faultline.clone()));
    }
    stopped.watch(&backend);
    task_manager.keep_alive(stop::Stopping::new(client.clone()));

    sc_service::spawn_tasks(SpawnTasksParams {
        config,
        client: client.clone(),
        backend,
        task_manager: &mut task_manager,
        keystore: keystore.keystore(),
        transaction_pool: pool.clone(),
        rpc_builder: Box::new(move |_| {
            rpc::module(client.clone(), pool.clone(), faultline.clone())
                .map_err(sc_service::Error::Application)
        }),
        network,
        system_rpc_tx,
        tx_handler_controller,
        sync_service,
        telemetry: telemetry.as_mut(),
        // `state_traceBlock` executes a block as the runtime alone would.
        tracing_execute_block: None,
    })?;

    // Only now does the keystore hold the keys of `--alice` and the like.
    let info = watched.client.info();
    log::info!(
        target: LOG_TARGET,
        "Faultline {} on `{chain}`, genesis {:?}; best block #{}, final #{}",
        env!("CARGO_PKG_VERSION"),
        info.genesis_hash,
        info.best_number,
        info.finalized_number
    );
    let watch = Watch::new(watched, registry.as_ref());
    let tasks = task_manager.spawn_handle();
    if let Some(listener) = health {
        tasks.spawn("health", None, server::serve(listener, watch.health()));
    }
    // It executes the runtime for what it asks of the chain.
    tasks.spawn_blocking("watch", None, watch.run());
    tasks.spawn("hello", None, hello.run());

    if is_authority {
        consensus.start_authoring(&task_manager, &keystore, select_chain, block_import)?;
    }
    if votes {
        consensus.start_voting(&task_manager, &keystore, grandpa_link, grandpa_protocol)?;
    }

    Ok(task_manager)
}
