//! The parts of a node that need no network: enough for the subcommands that open the database.

use std::{error::Error as StdError, sync::Arc};

use faultline_proof::bundle::Genesis;
use faultline_runtime::{opaque::Block, RuntimeApi};
use sc_consensus::{DefaultImportQueue, LongestChain};
use sc_consensus_aura::{standalone::slot_duration_at, ImportQueueParams, SlotDuration};
use sc_consensus_grandpa::{GrandpaBlockImport, GrandpaPruningFilter, LinkHalf};
use sc_executor::WasmExecutor;
use sc_service::{Configuration, DatabaseSource, KeystoreContainer, TFullBackend, TFullClient, TaskManager};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sp_consensus_aura::sr25519::{AuthorityId, AuthorityPair};
use sp_runtime::traits::Block as BlockT;

use super::{
    consensus::JUSTIFICATION_PERIOD,
    database::{self, Unopened},
    genesis,
    signatures::HostFunctions,
    unwritten::EndsUnwritten,
    Error,
};

/// The hash of a block.
pub type Hash = <Block as BlockT>::Hash;
/// Runs the runtime's WASM, with the SDK's host functions.
pub type Executor = WasmExecutor<HostFunctions>;
/// The database, as the SDK sees it.
pub type FullBackend = TFullBackend<Block>;
/// The chain: its blocks, its state, and the runtime's API at each.
pub type FullClient = TFullClient<Block, RuntimeApi, Executor>;
/// Which of several branches is the best: the longest.
pub type FullSelectChain = LongestChain<FullBackend, Block>;
/// Blocks that wait to be checked and imported.
pub type ImportQueue = DefaultImportQueue<Block>;
/// Imports blocks, and with them finality and changes of its authorities.
type FinalityImport = GrandpaBlockImport<FullBackend, Block, FullClient, FullSelectChain>;
/// The same, which ends the node when a block cannot be written.
pub type FullBlockImport = EndsUnwritten<FinalityImport>;
/// What ties the import of blocks to the voter.
pub type GrandpaLink = LinkHalf<Block, FullClient, FullSelectChain>;

/// Messages that the telemetry worker holds for one that is slow to take them.
const TELEMETRY_BUFFER: usize = 16;

/// The parts of a node that need no network.
pub struct Parts {
    /// The chain.
    pub client: Arc<FullClient>,
    /// The database below it.
    pub backend: Arc<FullBackend>,
    /// Runs the node's tasks, and ends them when it is dropped.
    pub task_manager: TaskManager,
    /// The node's keys, for authoring and voting.
    pub keystore: KeystoreContainer,
    /// The choice between branches.
    pub select_chain: FullSelectChain,
    /// The way in for blocks of others.
    pub import_queue: ImportQueue,
    /// The way in for blocks, ours too.
    pub block_import: FullBlockImport,
    /// The voter's end of it.
    pub grandpa_link: GrandpaLink,
    /// The genesis block, with the proof of who makes the first blocks final.
    pub origin: Genesis,
    /// Telemetry, if the chain or the operator names an endpoint.
    pub telemetry: Option<Telemetry>,
}

/// Opens the database, or makes it, and builds on it what needs no network.
///
/// # Errors
///
/// See [`Error`].
pub fn build(config: &Configuration) -> Result<Parts, Error> {
    if !matches!(config.database, DatabaseSource::RocksDb { .. }) {
        return Err(Error::OtherDatabase);
    }

    let telemetry = start_telemetry(config)?;
    let telemetry_handle = telemetry.as_ref().map(|(_, telemetry)| telemetry.handle());

    let executor: Executor = sc_service::new_wasm_executor(&config.executor);
    let backend = open_database(config)?;
    let (genesis, origin) = genesis::builder(config, &backend, &executor)?;
    let (client, backend, keystore, task_manager) =
        sc_service::new_full_parts_with_genesis_builder::<Block, RuntimeApi, _, _>(
            config,
            telemetry_handle.clone(),
            executor,
            backend,
            genesis,
            false,
        )?;
    let client = Arc::new(client);

    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager.spawn_handle().spawn("telemetry", None, worker.run());
        telemetry
    });

    let select_chain: FullSelectChain = LongestChain::new(backend.clone());
    let (finality_import, grandpa_link): (FinalityImport, GrandpaLink) = sc_consensus_grandpa::block_import(
        client.clone(),
        JUSTIFICATION_PERIOD,
        &client,
        select_chain.clone(),
        telemetry_handle.clone(),
    )?;

    let block_import = EndsUnwritten::new(finality_import.clone(), &task_manager.spawn_essential_handle());
    let slots = client.clone();
    let import_queue = sc_consensus_aura::import_queue::<AuthorityPair, _, _, _, _, _>(ImportQueueParams {
        block_import: block_import.clone(),
        justification_import: Some(Box::new(finality_import)),
        client: client.clone(),
        create_inherent_data_providers: move |parent: Hash, ()| {
            // Of the parent, not of the best block: after a warp sync this node has the state
            // of few blocks, and its parent's is what a block is checked against.
            let slot_duration = slot_duration_at::<AuthorityId, Block, FullClient>(&slots, parent);
            async move { Ok::<_, Box<dyn StdError + Send + Sync>>(inherents(slot_duration?)) }
        },
        spawner: &task_manager.spawn_essential_handle(),
        registry: config.prometheus_registry(),
        check_for_equivocation: Default::default(),
        telemetry: telemetry_handle,
        compatibility_mode: Default::default(),
    })
    .map_err(sc_service::Error::from)?;

    Ok(Parts {
        client,
        backend,
        task_manager,
        keystore,
        select_chain,
        import_queue,
        block_import,
        grandpa_link,
        origin,
        telemetry,
    })
}

/// What a block says of its own accord, before any transaction: its slot and its time.
pub fn inherents(
    slot_duration: SlotDuration,
) -> (
    sc_consensus_aura::InherentDataProvider,
    sp_timestamp::InherentDataProvider,
) {
    let time = sp_timestamp::InherentDataProvider::from_system_time();
    let slot =
        sc_consensus_aura::InherentDataProvider::from_timestamp_and_slot_duration(*time, slot_duration);
    (slot, time)
}

fn open_database(config: &Configuration) -> Result<Arc<FullBackend>, Error> {
    let mut settings = config.db_config();
    // Blocks that are finalized by a justification stay whatever --blocks-pruning says: without
    // those at which the authorities changed, nothing later can be proven to anyone.
    settings.pruning_filters = vec![Arc::new(GrandpaPruningFilter)];
    sc_service::new_db_backend(settings).map_err(|error| {
        let folder = config.database.path().unwrap_or(&config.data_path);
        Unopened::new(folder, error.to_string(), database::format_in(folder)).into()
    })
}

fn start_telemetry(config: &Configuration) -> Result<Option<(TelemetryWorker, Telemetry)>, Error> {
    let Some(endpoints) = config
        .telemetry_endpoints
        .clone()
        .filter(|given| !given.is_empty())
    else {
        return Ok(None);
    };
    let worker = TelemetryWorker::new(TELEMETRY_BUFFER).map_err(sc_service::Error::from)?;
    let telemetry = worker.handle().new_telemetry(endpoints);
    Ok(Some((worker, telemetry)))
}
