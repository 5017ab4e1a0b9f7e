//! The node's history index: where it lies, how it keeps step with the chain, and what is said of it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use faultline_index::{
    Chain, ChainError, Counts, FollowError, Follower, Head, Index, ServiceEntry, Step, Touched, MAX_WALK,
};
use faultline_primitives::{
    incident::Incident, BlockNumber, Hash, IncidentId, OrganisationId, Record, ServiceId, Text, UnixMillis,
};
use faultline_runtime::{opaque::Block, Header};
use faultline_runtime_api::FaultlineApi;
use futures::StreamExt;
use sc_client_api::{Backend, BlockchainEvents};
use sc_network_sync::SyncingService;
use sc_service::Configuration;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_consensus::SyncOracle;
use sp_core::H256;
use sp_runtime::{generic::DigestItem, traits::Header as _};
use substrate_prometheus_endpoint::{register, Gauge, PrometheusError, Registry, U64};

use super::parts::{FullBackend, FullClient};
use crate::watch::LOG_TARGET;

/// How often it is said how far building is.
const TELL: Duration = Duration::from_secs(10);
/// How long is waited after a step that failed, and while the chain is far behind its peers'.
const PAUSE: Duration = Duration::from_secs(3);
/// How often the size on disk is looked at.
const WEIGH: Duration = Duration::from_secs(60);

/// Where the index of a node lies: beside its chain's database.
pub fn folder(config: &Configuration) -> PathBuf {
    config.base_path.config_dir(config.chain_spec.id()).join("index")
}

/// Opens it, and says so where one was thrown away.
///
/// # Errors
///
/// See [`faultline_index::Error`].
pub fn open(path: &Path, genesis: H256) -> Result<Arc<Index>, faultline_index::Error> {
    let (index, anew) = Index::open(path, Hash(genesis.0))?;
    if anew {
        log::warn!(
            target: LOG_TARGET,
            "The index in {} is damaged, or of another chain or format: it is built anew from the finalized state",
            path.display()
        );
    }
    Ok(Arc::new(index))
}

/// The chain, as the index asks it.
pub struct Finalized {
    client: Arc<FullClient>,
    backend: Arc<FullBackend>,
}

impl Finalized {
    /// Of this client, over this database.
    pub fn new(client: Arc<FullClient>, backend: Arc<FullBackend>) -> Self {
        Self { client, backend }
    }

    fn header(&self, block: Hash) -> Result<Header, ChainError> {
        let header = self.client.header(H256(block.0)).map_err(failed)?;
        header.ok_or(ChainError::Gone(block))
    }

    /// The block, where its state is there.
    fn state(&self, block: Hash) -> Result<H256, ChainError> {
        let hash = H256(block.0);
        let number = *self.header(block)?.number();
        if self.backend.have_state_at(hash, number) {
            Ok(hash)
        } else {
            Err(ChainError::Gone(block))
        }
    }
}

fn failed(error: impl std::fmt::Display) -> ChainError {
    ChainError::Failed(error.to_string())
}

impl Chain for Finalized {
    fn finalized(&self) -> (BlockNumber, Hash) {
        let info = self.client.info();
        (info.finalized_number, Hash(info.finalized_hash.0))
    }

    fn hash(&self, number: BlockNumber) -> Result<Option<Hash>, ChainError> {
        let hash = self.client.hash(number).map_err(failed)?;
        Ok(hash.map(|hash| Hash(hash.0)))
    }

    fn time(&self, block: Hash) -> Result<UnixMillis, ChainError> {
        let block = self.state(block)?;
        self.client.runtime_api().now(block).map_err(failed)
    }

    fn touched(&self, block: Hash) -> Result<Option<Touched>, ChainError> {
        let is_upgrade = |log: &DigestItem| matches!(log, DigestItem::RuntimeEnvironmentUpdated);
        if self.header(block)?.digest().logs().iter().any(is_upgrade) {
            // The block's events are of the runtime before, and are read by the one after.
            return Ok(None);
        }
        let block = self.state(block)?;
        let touched = self.client.runtime_api().touched(block).map_err(failed)?;
        Ok(Some(Touched {
            incidents: touched.incidents,
            services: touched.services,
            organisations: touched.organisations,
        }))
    }

    fn counts(&self, block: Hash) -> Result<Counts, ChainError> {
        let (api, block) = (self.client.runtime_api(), self.state(block)?);
        Ok(Counts {
            incidents: api.incident_count(block).map_err(failed)?,
            services: api.service_count(block).map_err(failed)?,
            organisations: api.organisation_count(block).map_err(failed)?,
        })
    }

    fn incidents(
        &self,
        block: Hash,
        ids: &[IncidentId],
    ) -> Result<Vec<(IncidentId, Record<Incident>)>, ChainError> {
        let block = self.state(block)?;
        self.client
            .runtime_api()
            .incidents(block, ids.to_vec())
            .map_err(failed)
    }

    fn services(&self, block: Hash, ids: &[ServiceId]) -> Result<Vec<ServiceEntry>, ChainError> {
        let block = self.state(block)?;
        let answers = self
            .client
            .runtime_api()
            .services(block, ids.to_vec())
            .map_err(failed)?;
        let entry = |answer: faultline_runtime_api::ServiceAnswer| ServiceEntry {
            id: answer.id,
            record: answer.record,
            incidents: answer.incidents,
        };
        Ok(answers.into_iter().map(entry).collect())
    }

    fn organisations(
        &self,
        block: Hash,
        ids: &[OrganisationId],
    ) -> Result<Vec<(OrganisationId, Text<64>)>, ChainError> {
        let block = self.state(block)?;
        let answers = self
            .client
            .runtime_api()
            .organisations(block, ids.to_vec())
            .map_err(failed)?;
        Ok(answers
            .into_iter()
            .map(|(id, record)| (id, record.state.name))
            .collect())
    }
}

/// What is counted of the index. Nothing is done where nobody asked for metrics.
struct Metrics {
    block: Gauge<U64>,
    lag: Gauge<U64>,
    built: Gauge<U64>,
    bytes: Gauge<U64>,
}

impl Metrics {
    fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let gauge = |name: &str, help: &str| register(Gauge::new(name, help)?, registry);
        Ok(Self {
            block: gauge(
                "faultline_index_block",
                "Finalized block that the index stands at",
            )?,
            lag: gauge(
                "faultline_index_lag_blocks",
                "Finalized blocks that the index does not hold yet",
            )?,
            built: gauge(
                "faultline_index_built_incidents",
                "Incidents that the index took over since it began to be built; 0 where it is whole",
            )?,
            bytes: gauge(
                "faultline_index_bytes",
                "Bytes of the index on disk and on the way there",
            )?,
        })
    }
}

/// Keeps the index in step, as a task.
pub struct Following {
    follower: Arc<Follower<Finalized>>,
    client: Arc<FullClient>,
    sync: Arc<SyncingService<Block>>,
    metrics: Option<Metrics>,
    told: Instant,
    weighed: Option<Instant>,
    begun: Option<Instant>,
    fault: Option<String>,
}

impl Following {
    /// Of this index and this chain.
    ///
    /// # Errors
    ///
    /// Another metric of one of the names.
    pub fn new(
        index: Arc<Index>,
        client: Arc<FullClient>,
        backend: Arc<FullBackend>,
        sync: Arc<SyncingService<Block>>,
        registry: Option<&Registry>,
    ) -> Result<Self, PrometheusError> {
        let chain = Finalized::new(client.clone(), backend);
        Ok(Self {
            follower: Arc::new(Follower::new(index, chain)),
            client,
            sync,
            metrics: registry.map(Metrics::register).transpose()?,
            told: Instant::now(),
            weighed: None,
            begun: None,
            fault: None,
        })
    }

    /// Runs until the node stops. What fails here stops nothing but the index.
    pub async fn run(mut self) {
        let mut finality = self.client.finality_notification_stream();
        loop {
            if self.lag() > MAX_WALK && self.sync.is_major_syncing() {
                // It would be built again and again while the chain runs ahead.
                self.count();
                tokio::time::sleep(PAUSE).await;
                while futures::FutureExt::now_or_never(finality.next())
                    .flatten()
                    .is_some()
                {}
                continue;
            }
            let follower = self.follower.clone();
            let mut step = tokio::task::spawn_blocking(move || follower.step());
            let outcome = loop {
                tokio::select! {
                    outcome = &mut step => break outcome,
                    // Each holds the state of its block: it is let go at once.
                    Some(_) = finality.next() => {}
                }
            };
            let Ok(outcome) = outcome else {
                log::error!(target: LOG_TARGET, "The index is no longer kept: a step of it broke off");
                return;
            };
            let pause = self.tell(outcome);
            self.count();
            if let Some(pause) = pause {
                tokio::select! {
                    next = finality.next() => if next.is_none() { return },
                    () = tokio::time::sleep(pause) => {}
                }
            }
        }
    }

    /// How many finalized blocks the index does not hold.
    fn lag(&self) -> u32 {
        let head = self.follower.index().state().head.map_or(0, |head| head.number);
        self.client.info().finalized_number.saturating_sub(head)
    }

    /// Says what came of a step, and how long to wait at most before the next.
    fn tell(&mut self, outcome: Result<Step, FollowError>) -> Option<Duration> {
        let step = match outcome {
            Ok(step) => step,
            Err(error) => {
                let error = error.to_string();
                if self.fault.as_ref() != Some(&error) {
                    log::error!(target: LOG_TARGET, "The index stands still: {error}");
                    self.fault = Some(error);
                }
                return Some(PAUSE);
            }
        };
        if self.fault.take().is_some() {
            log::info!(target: LOG_TARGET, "The index goes on");
        }
        match step {
            Step::Done => return Some(PAUSE),
            Step::Advanced(_) => {}
            Step::Begun(why) => {
                self.begun = Some(Instant::now());
                log::info!(target: LOG_TARGET, "The index is built from the finalized state: {why}");
            }
            Step::Built(building) => {
                if self.told.elapsed() >= TELL {
                    self.told = Instant::now();
                    log::info!(
                        target: LOG_TARGET,
                        "The index is built: {} of {} incidents",
                        building.done,
                        building.of
                    );
                }
            }
            Step::Whole(Head { number, .. }) => {
                let took = self.begun.take().map_or_else(String::new, |begun| {
                    format!(", after {:.1} s", begun.elapsed().as_secs_f64())
                });
                log::info!(target: LOG_TARGET, "The index is whole at block #{number}{took}");
            }
        }
        None
    }

    fn count(&mut self) {
        let (lag, index) = (self.lag(), self.follower.index());
        let Some(metrics) = &self.metrics else { return };
        let state = index.state();
        metrics.block.set(state.head.map_or(0, |head| head.number).into());
        metrics.lag.set(lag.into());
        metrics
            .built
            .set(state.building.map_or(0, |building| building.done));
        if self.weighed.is_none_or(|weighed| weighed.elapsed() >= WEIGH) {
            if let Ok(bytes) = index.size() {
                metrics.bytes.set(bytes);
            }
            self.weighed = Some(Instant::now());
        }
    }
}
