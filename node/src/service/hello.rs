//! Nodes of other chains, told apart when they meet.
//!
//! The SDK's protocols are named after the genesis block: nodes of two chains connect, find that they have nothing to
//! say to each other, and neither log says so. This protocol is named the same on every chain. A node opens it to the
//! peers that its operator names (--bootnodes, --reserved-nodes), and each side sends the hash of its genesis block,
//! once.

use std::collections::HashSet;

use faultline_runtime::opaque::Block;
use sc_network::{
    config::{FullNetworkConfiguration, NonReservedPeerMode, SetConfig},
    service::traits::{NotificationEvent, ValidationResult},
    Litep2pNetworkBackend, NetworkBackend, NotificationMetrics, NotificationService, PeerId,
};

use super::parts::Hash;
use crate::watch::LOG_TARGET;

const NAME: &str = "/faultline/chain/1";
const MAX_MESSAGE: u64 = 32;
/// Nodes that may ask this one at a time.
const MAX_ASKING: u32 = 64;
/// Peers of other chains of which it is said.
const MAX_TOLD: usize = 256;

/// This node's end of the protocol.
pub struct Hello {
    genesis: Hash,
    notifications: Box<dyn NotificationService>,
    told: HashSet<PeerId>,
}

/// Adds the protocol to the network's.
pub fn add(
    net_config: &mut FullNetworkConfiguration<Block, Hash, Litep2pNetworkBackend>,
    genesis: Hash,
    metrics: NotificationMetrics,
) -> Hello {
    let named = &net_config.network_config;
    let peers = named
        .boot_nodes
        .iter()
        .chain(&named.default_peers_set.reserved_nodes)
        .cloned()
        .collect();
    let (protocol, notifications) =
        <Litep2pNetworkBackend as NetworkBackend<Block, Hash>>::notification_config(
            NAME.into(),
            Vec::new(),
            MAX_MESSAGE,
            // The SDK puts the node's role in place of whatever is said here.
            None,
            SetConfig {
                in_peers: MAX_ASKING,
                out_peers: 0,
                reserved_nodes: peers,
                non_reserved_mode: NonReservedPeerMode::Accept,
            },
            metrics,
            net_config.peer_store_handle(),
        );
    net_config.add_notification_protocol(protocol);
    Hello {
        genesis,
        notifications,
        told: HashSet::new(),
    }
}

impl Hello {
    /// Says so when a peer is of another chain, until the node stops.
    pub async fn run(mut self) {
        while let Some(event) = self.notifications.next_event().await {
            match event {
                // Accepted whatever its chain is, which it has not said yet.
                NotificationEvent::ValidateInboundSubstream { result_tx, .. } => {
                    // Whoever asked may be gone.
                    let _ = result_tx.send(ValidationResult::Accept);
                }
                NotificationEvent::NotificationStreamOpened { peer, .. } => {
                    self.notifications
                        .send_sync_notification(&peer, self.genesis.0.to_vec());
                }
                NotificationEvent::NotificationReceived { peer, notification } => {
                    self.meet(peer, &notification)
                }
                NotificationEvent::NotificationStreamClosed { .. } => {}
            }
        }
    }

    fn meet(&mut self, peer: PeerId, genesis: &[u8]) {
        let Ok(theirs) = <[u8; 32]>::try_from(genesis).map(Hash::from) else {
            return;
        };
        if theirs != self.genesis && self.told.len() < MAX_TOLD && self.told.insert(peer) {
            log::warn!(
                target: LOG_TARGET,
                "⚠ Peer {peer} is of another chain: its genesis is {theirs:?}, that of this node {:?}. Nothing is exchanged \
                 with it. Compare --chain of the two: all nodes of a chain start from the same file",
                self.genesis
            );
        }
    }
}
