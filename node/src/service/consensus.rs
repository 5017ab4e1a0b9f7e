//! Authoring blocks (Aura) and finalizing them (GRANDPA).

use std::sync::Arc;

use faultline_runtime::opaque::Block;
use sc_basic_authorship::ProposerFactory;
use sc_consensus_aura::{SlotProportion, StartAuraParams};
use sc_consensus_grandpa::{
    BeforeBestBlockBy, GrandpaParams, SharedVoterState, ThreeQuartersOfTheUnfinalizedChain,
    VotingRulesBuilder,
};
use sc_network::service::traits::NetworkService;
use sc_network_sync::SyncingService;
use sc_service::{config::PrometheusConfig, KeystoreContainer, Role, TaskManager};
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_aura::sr25519::{AuthorityId, AuthorityPair};
use sp_runtime::Percent;

use super::{
    network::GrandpaProtocol,
    parts::{inherents, FullBlockImport, FullClient, FullSelectChain, GrandpaLink, Hash},
    Error,
};
use crate::{pool::FullPool, voting::Voting};

/// A justification for every block that finality stops at: evidence bundles are proven from them.
/// The voter makes them at this period and the block import keeps those of others at the same.
pub const JUSTIFICATION_PERIOD: u32 = 1;

/// The part of a slot in which a block is proposed; the rest is for the others to import it.
const PROPOSAL_PORTION: f32 = 2.0 / 3.0;

/// The part of that time after which a full block is done. Before it the proposer goes on trying whether one more
/// transaction fits, each by a call of the runtime that checks its signature first, and the block waits. The SDK's half
/// is meant for blocks that large transactions in front could leave empty; here each that is passed over is larger than
/// the room that is left.
const PATIENCE: Percent = Percent::from_percent(10);

/// What authoring and voting share.
pub struct Consensus {
    /// Whether the node is an authority.
    pub role: Role,
    /// The node's name, for its log.
    pub name: String,
    /// Where metrics are kept, if they are.
    pub prometheus: Option<PrometheusConfig>,
    /// Telemetry, if there is an endpoint.
    pub telemetry: Option<TelemetryHandle>,
    /// The chain.
    pub client: Arc<FullClient>,
    /// Transactions that wait.
    pub pool: Arc<FullPool>,
    /// The peers.
    pub network: Arc<dyn NetworkService>,
    /// How far the node is with the chain of its peers.
    pub sync: Arc<SyncingService<Block>>,
    /// How it votes, if it does.
    pub voting: Voting,
}

impl Consensus {
    /// Starts to author blocks, in the slots of whichever authority's key the keystore holds.
    ///
    /// # Errors
    ///
    /// A runtime that does not tell how long a slot is.
    pub fn start_authoring(
        &self,
        task_manager: &TaskManager,
        keystore: &KeystoreContainer,
        select_chain: FullSelectChain,
        block_import: FullBlockImport,
    ) -> Result<(), Error> {
        let slot_duration = sc_consensus_aura::slot_duration::<AuthorityId, Block, FullClient>(&self.client)?;
        let mut proposer_factory = ProposerFactory::new(
            task_manager.spawn_handle(),
            self.client.clone(),
            self.pool.clone(),
            self.prometheus.as_ref().map(|prometheus| &prometheus.registry),
            self.telemetry.clone(),
        );
        proposer_factory.set_soft_deadline(PATIENCE);

        let aura =
            sc_consensus_aura::start_aura::<AuthorityPair, _, _, _, _, _, _, _, _, _, _>(StartAuraParams {
                slot_duration,
                client: self.client.clone(),
                select_chain,
                block_import,
                proposer_factory,
                sync_oracle: self.sync.clone(),
                justification_sync_link: self.sync.clone(),
                create_inherent_data_providers: move |_parent: Hash, ()| async move {
                    Ok(inherents(slot_duration))
                },
                // Also without a peer in sight. Aura would else wait for one, and a burst of
                // transactions can make every node drop every peer at once: the chain would stop
                // when the most is said on it. Blocks that come of it on a node that really is
                // alone are never finalized.
                force_authoring: true,
                // A chain that does not finalize goes on taking reports.
                backoff_authoring_blocks: None::<()>,
                keystore: keystore.keystore(),
                block_proposal_slot_portion: SlotProportion::new(PROPOSAL_PORTION),
                max_block_proposal_slot_portion: None,
                telemetry: self.telemetry.clone(),
                compatibility_mode: Default::default(),
            })
            .map_err(sc_service::Error::from)?;

        task_manager
            .spawn_essential_handle()
            .spawn_blocking("aura", Some("block-authoring"), aura);
        Ok(())
    }

    /// Starts to vote, as the authority whose key the keystore holds; a node that is none only
    /// follows what the authorities finalize.
    ///
    /// # Errors
    ///
    /// A voter that cannot take up where it left off.
    pub fn start_voting(
        self,
        task_manager: &TaskManager,
        keystore: &KeystoreContainer,
        link: GrandpaLink,
        protocol: GrandpaProtocol,
    ) -> Result<(), Error> {
        let config = sc_consensus_grandpa::Config {
            gossip_duration: self.voting.gossip,
            justification_generation_period: JUSTIFICATION_PERIOD,
            observer_enabled: false,
            local_role: self.role,
            name: Some(self.name),
            keystore: self.role.is_authority().then(|| keystore.keystore()),
            telemetry: self.telemetry.clone(),
            protocol_name: protocol.name,
        };

        let voter = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
            config,
            link,
            network: self.network,
            sync: self.sync,
            notification_service: protocol.notifications,
            voting_rule: VotingRulesBuilder::new()
                .add(BeforeBestBlockBy(self.voting.behind))
                .add(ThreeQuartersOfTheUnfinalizedChain)
                .build(),
            prometheus_registry: self.prometheus.map(|prometheus| prometheus.registry),
            shared_voter_state: SharedVoterState::empty(),
            telemetry: self.telemetry,
            offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(self.pool),
        })?;

        task_manager
            .spawn_essential_handle()
            .spawn_blocking("grandpa-voter", None, voter);
        Ok(())
    }
}
