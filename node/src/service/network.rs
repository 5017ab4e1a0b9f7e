//! What the network needs to know before it starts: its protocols, and who answers on them.

use std::sync::Arc;

use faultline_runtime::opaque::Block;
use sc_consensus_grandpa::warp_proof::NetworkProvider;
use sc_network::{
    config::{FullNetworkConfiguration, NetworkBackendType},
    Litep2pNetworkBackend, NetworkBackend, NotificationService, ProtocolName,
};
use sc_service::{BuildNetworkParams, Configuration, TaskManager, WarpSyncConfig};
use sp_blockchain::HeaderBackend;

use super::{
    hello::{self, Hello},
    parts::{FullBackend, FullClient, GrandpaLink, Hash, ImportQueue},
    Error,
};
use crate::pool::{FullPool, Gossip};

/// The protocol by which authorities exchange their votes.
pub struct GrandpaProtocol {
    /// Its name, made from the genesis hash, so that no vote strays onto another chain.
    pub name: ProtocolName,
    /// This node's end of it.
    pub notifications: Box<dyn NotificationService>,
}

/// What `sc_service::build_network` takes. Only one backend is named, so only one is compiled.
pub type Parameters<'a> =
    BuildNetworkParams<'a, Block, Litep2pNetworkBackend, Gossip, ImportQueue, FullClient>;

/// Refuses what the command line offers and Faultline does not have.
///
/// # Errors
///
/// [`Error::OtherNetworkBackend`].
pub fn refuse_other_backends(config: &Configuration) -> Result<(), Error> {
    match config.network.network_backend {
        NetworkBackendType::Litep2p => Ok(()),
        NetworkBackendType::Libp2p => Err(Error::OtherNetworkBackend),
    }
}

/// The SDK's protocols, with GRANDPA's, warp sync, and that by which nodes of other chains are told apart.
pub fn parameters<'a>(
    config: &'a Configuration,
    client: &Arc<FullClient>,
    backend: &Arc<FullBackend>,
    pool: &Arc<FullPool>,
    import_queue: ImportQueue,
    grandpa_link: &GrandpaLink,
    task_manager: &TaskManager,
) -> (Parameters<'a>, GrandpaProtocol, Hello) {
    let mut net_config = FullNetworkConfiguration::<Block, Hash, Litep2pNetworkBackend>::new(
        &config.network,
        config.prometheus_registry().cloned(),
    );
    let metrics = <Litep2pNetworkBackend as NetworkBackend<Block, Hash>>::register_notification_metrics(
        config.prometheus_registry(),
    );

    let name = sc_consensus_grandpa::protocol_standard_name(&client.info().genesis_hash, &config.chain_spec);
    let (protocol, notifications) = sc_consensus_grandpa::grandpa_peers_set_config::<
        Block,
        Litep2pNetworkBackend,
    >(name.clone(), metrics.clone(), net_config.peer_store_handle());
    net_config.add_notification_protocol(protocol);
    let hello = hello::add(&mut net_config, client.info().genesis_hash, metrics.clone());

    let warp_sync = NetworkProvider::<Block, FullBackend>::new(
        backend.clone(),
        grandpa_link.shared_authority_set().clone(),
        // Authority sets that were imposed from outside the chain: none, and none shall be.
        Vec::new(),
    );

    let parameters = BuildNetworkParams {
        config,
        net_config,
        client: client.clone(),
        transaction_pool: Arc::new(Gossip(pool.clone())),
        spawn_handle: task_manager.spawn_handle(),
        spawn_essential_handle: task_manager.spawn_essential_handle(),
        import_queue,
        block_announce_validator_builder: None,
        warp_sync_config: Some(WarpSyncConfig::WithProvider(Arc::new(warp_sync))),
        block_relay: None,
        metrics,
        gap_sync_body_policy: None,
    };
    (parameters, GrandpaProtocol { name, notifications }, hello)
}
