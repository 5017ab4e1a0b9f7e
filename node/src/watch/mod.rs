//! Watches the chain for the operator: counts what becomes final, says in the log what changes for this node, and knows
//! what its health is judged by.
//!
//! Nothing here can stop the node: what cannot be read is said once, and left out.

mod ask;
mod clock;
mod doubles;
mod finality;
mod health;
mod metrics;
mod outcome;
pub mod server;
mod standing;
mod turnover;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use faultline_runtime::{opaque::Block, Header};
use futures::StreamExt;
use sc_client_api::{BlockchainEvents, FinalityNotification};
use sc_consensus_aura::SyncOracle;
use sc_network_sync::SyncingService;
use sp_blockchain::HeaderBackend;
use sp_consensus::BlockOrigin;
use sp_consensus_aura::SlotDuration;
use sp_core::sr25519;
use sp_keystore::KeystorePtr;
use substrate_prometheus_endpoint::Registry;

pub use health::Health;
pub use metrics::{Refused, Stage};
pub use outcome::Names;

use crate::service::parts::{FullClient, Hash};
use ask::Validators;
use clock::Clock;
use doubles::{Double, Doubles, Made};
use finality::{Finality, News};
use metrics::Metrics;
use standing::{Held, Standing, Told};

/// The target of Faultline's own log lines.
pub const LOG_TARGET: &str = "faultline";

/// How often the age of the final block is looked at.
const TICK: Duration = Duration::from_secs(1);

/// What is watched.
pub struct Watched {
    /// The chain.
    pub client: Arc<FullClient>,
    /// How far the node is with the chain of its peers.
    pub sync: Arc<SyncingService<Block>>,
    /// The node's keys.
    pub keystore: KeystorePtr,
    /// Whether the node was started as a validator.
    pub authority: bool,
    /// How long a slot is.
    pub slot: SlotDuration,
    /// The counter of what is refused.
    pub refused: Refused,
}

/// Watches, as a task.
pub struct Watch {
    watched: Watched,
    clock: Clock,
    shared: Shared,
    metrics: Option<Metrics>,
    names: Names,
    finality: Finality,
    doubles: Doubles,
    validators: Option<Validators>,
    held: Held,
    faults: HashSet<&'static str>,
}

/// What the watch knows and health is judged by.
#[derive(Clone, Default)]
struct Known {
    /// Unknown until the validators have been read, as after a warp sync.
    standing: Option<Standing>,
    alone: bool,
}

/// What the watch shares with whoever serves health.
#[derive(Clone, Default)]
pub struct Shared(Arc<Mutex<Known>>);

impl Shared {
    fn read(&self) -> Known {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn write(&self, known: Known) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = known;
    }
}

impl Watch {
    /// Looks at the chain for the first time, and says what this node is to it.
    pub fn new(watched: Watched, registry: Option<&Registry>) -> Self {
        let clock = Clock::new(watched.slot);
        let info = watched.client.info();
        let metrics = registry.and_then(|registry| {
            Metrics::register(registry)
                .inspect_err(|error| log::warn!(target: LOG_TARGET, "Metrics are not kept: {error}"))
                .ok()
        });
        let mut watch = Self {
            clock,
            shared: Shared::default(),
            metrics,
            names: Names::new(),
            finality: Finality::new(Instant::now(), info.finalized_number, clock.slot()),
            doubles: Doubles::new(clock.now().saturating_add(1)),
            validators: None,
            held: Held::default(),
            faults: HashSet::new(),
            watched,
        };
        watch.read_state();
        watch.look_at_finality();
        watch
    }

    /// Where the node's health can be read.
    pub fn health(&self) -> Health {
        Health {
            client: self.watched.client.clone(),
            sync: self.watched.sync.clone(),
            shared: self.shared.clone(),
            clock: self.clock,
        }
    }

    /// Watches until the node stops.
    pub async fn run(mut self) {
        let mut finalized = self.watched.client.finality_notification_stream();
        let mut imported = self.watched.client.import_notification_stream();
        let mut tick = tokio::time::interval(TICK);
        loop {
            tokio::select! {
                Some(block) = finalized.next() => self.on_finalized(&block),
                Some(block) = imported.next() => {
                    let made_here = matches!(block.origin, BlockOrigin::Own);
                    self.on_imported(block.hash, &block.header, made_here);
                }
                _ = tick.tick() => self.look_at_finality(),
                else => return,
            }
        }
    }

    fn on_finalized(&mut self, block: &FinalityNotification<Block>) {
        for hash in block.tree_route.iter().chain([&block.hash]) {
            self.count(*hash);
        }
        self.read_state();
        self.look_at_finality();
    }

    /// Counts what the transactions of a final block came to.
    fn count(&mut self, hash: Hash) {
        let Some(metrics) = &self.metrics else { return };
        let version = ask::spec_version(&self.watched.client, hash);
        let events = ask::events(&self.watched.client, hash);
        let known = faultline_runtime::VERSION.spec_version;
        let (what, fault) = match (version, events) {
            (Ok(version), Ok(_)) if version != known => (
                "version",
                format!(
                    "the chain's runtime has version {version}, this program knows {known}: entries and refusals in \
                     blocks are not counted until you install a newer faultline-node"
                ),
            ),
            (Ok(_), Ok(events)) => match self.names.outcome(&events) {
                Ok(outcome) => {
                    metrics.add_entries(outcome.entries);
                    for (cause, times) in outcome.refused {
                        self.watched.refused.add(Stage::Block, &cause, times);
                    }
                    return;
                }
                Err(error) => ("events", format!("the events of a final block are not understood: {error}")),
            },
            (Err(error), _) | (_, Err(error)) => {
                ("block", format!("the events of a final block cannot be read: {error}"))
            }
        };
        self.fault(what, &fault);
    }

    /// Reads what the state of a final block says of incidents and validators.
    fn read_state(&mut self) {
        if let Some(metrics) = &self.metrics {
            match ask::incidents(&self.watched.client) {
                Ok(count) => metrics.set_incidents(count),
                Err(error) => self.fault("incidents", &format!("the incidents cannot be counted: {error}")),
            }
        }
        let validators = match ask::validators(&self.watched.client) {
            Ok(validators) => validators,
            Err(error) => {
                return self.fault("validators", &format!("the validators cannot be read: {error}"))
            }
        };
        if let Some(metrics) = &self.metrics {
            metrics.set_validators(&validators);
        }
        self.held = Held::in_keystore(&*self.watched.keystore);
        let standing = Standing::new(self.watched.authority, &validators, &self.held);
        let active = validators
            .list
            .iter()
            .filter(|validator| validator.active)
            .count();
        let alone = active == 1 && matches!(standing, Standing::Validator { .. });

        let before = self.shared.read().standing;
        if before.as_ref() != Some(&standing) {
            self.tell(&standing, before.as_ref());
        }
        let ours = standing.organisation();
        self.shared.write(Known {
            standing: Some(standing),
            alone,
        });
        if let Some(before) = &self.validators {
            let others = turnover::changes(before, &validators).into_iter();
            for (organisation, change) in others.filter(|(organisation, _)| Some(*organisation) != ours) {
                let name = ask::name(&self.watched.client, organisation);
                log::info!(target: LOG_TARGET, "`{name}` (organisation {organisation}) {change}");
            }
        }
        self.validators = Some(validators);
    }

    /// Says what this node is to the chain now.
    fn tell(&self, standing: &Standing, before: Option<&Standing>) {
        let name = |standing: &Standing| {
            standing
                .organisation()
                .map(|organisation| ask::name(&self.watched.client, organisation))
                .unwrap_or_default()
        };
        if let Some(left @ Standing::Validator { .. }) = before {
            if !matches!(standing, Standing::Validator { .. }) {
                log::warn!(target: LOG_TARGET, "This node is no longer validator `{}`", name(left));
            }
        }
        let told = Told {
            standing,
            name: &name(standing),
        };
        if standing.trouble().is_some() {
            log::warn!(target: LOG_TARGET, "⚠ {told}");
        } else {
            log::info!(target: LOG_TARGET, "{told}");
        }
    }

    /// Looks whether blocks become final.
    fn look_at_finality(&mut self) {
        let info = self.watched.client.info();
        if let Some(metrics) = &self.metrics {
            let lag = info.best_number.saturating_sub(info.finalized_number);
            metrics.set_lag(lag, self.clock.age(&self.watched.client, info.finalized_hash));
        }
        let catching_up = self.watched.sync.is_major_syncing();
        match self
            .finality
            .look(Instant::now(), info.finalized_number, catching_up)
        {
            Some(News::Stalled(waited)) => log::warn!(
                target: LOG_TARGET,
                "⚠ Finality is stalled: nothing has become final for {} s. The last final block is #{}, the best is #{}. \
                 More than two thirds of the validators must be up and connected: {} peers here",
                waited.as_secs(),
                info.finalized_number,
                info.best_number,
                self.watched.sync.num_connected_peers()
            ),
            Some(News::Back(waited)) => log::info!(
                target: LOG_TARGET,
                "Finality is back after {} s: block #{} is final",
                waited.as_secs(),
                info.finalized_number
            ),
            None => {}
        }
    }

    /// Looks whether two nodes sign with one key.
    fn on_imported(&mut self, hash: Hash, header: &Header, made_here: bool) {
        if self.watched.sync.is_major_syncing() {
            return;
        }
        let Some(slot) = clock::slot_of(header) else {
            return;
        };
        let Ok(authors) = ask::authors(&self.watched.client, header.parent_hash) else {
            return;
        };
        let place = u64::try_from(authors.len())
            .ok()
            .and_then(|count| slot.checked_rem(count));
        let place = place.and_then(|place| usize::try_from(place).ok());
        let Some(author) = place.and_then(|place| authors.get(place)) else {
            return;
        };
        let double = self.doubles.look(Made {
            slot,
            author: *author,
            hash,
            key_is_ours: self.held.makes_blocks_with(author),
            made_here,
        });
        match double {
            Some(Double::OfOurs) => log::error!(
                target: LOG_TARGET,
                "⚠ Another node signs with this validator's keys: block #{} ({hash}) was made with its key {author:?}, and \
                 not here. Stop one of the two now: a validator that votes twice is disabled, and the council is asked \
                 to remove it",
                header.number
            ),
            Some(Double::OfAnother) => log::warn!(
                target: LOG_TARGET,
                "⚠ {} made two blocks #{} in one slot: two nodes sign with its key {author:?}",
                self.name_of_author(author),
                header.number
            ),
            None => {}
        }
    }

    fn name_of_author(&self, author: &sr25519::Public) -> String {
        let mut known = self.validators.iter().flat_map(|validators| &validators.list);
        known
            .find(|validator| validator.aura.as_ref() == Some(author))
            .map(|found| {
                format!(
                    "Validator `{}`",
                    ask::name(&self.watched.client, found.organisation)
                )
            })
            .unwrap_or_else(|| "A validator".into())
    }

    fn fault(&mut self, what: &'static str, fault: &str) {
        if self.faults.insert(what) {
            log::warn!(target: LOG_TARGET, "⚠ {fault}. This is said once");
        }
    }
}
