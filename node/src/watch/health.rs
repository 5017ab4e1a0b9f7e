//! Whether a node is ready to serve, and why not.

use std::{sync::Arc, time::Duration};

use faultline_runtime::opaque::Block;
use sc_network_sync::{SyncState, SyncingService};
use serde::Serialize;
use sp_blockchain::HeaderBackend;

use super::{clock::Clock, finality::PATIENCE, standing::Standing, Shared};
use crate::service::parts::FullClient;

/// How long the part that downloads blocks may take to say how far it is.
const SYNC_PATIENCE: Duration = Duration::from_secs(2);

/// Where the health of a node is read.
pub struct Health {
    /// The chain.
    pub client: Arc<FullClient>,
    /// How far the node is with the chain of its peers.
    pub sync: Arc<SyncingService<Block>>,
    /// What the watch knows.
    pub shared: Shared,
    /// What time it is on the chain.
    pub clock: Clock,
}

/// What readiness is judged by.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Number of the best block.
    pub best: u32,
    /// For how long it has been made; unknown while there is none but the genesis.
    pub best_age: Option<Duration>,
    /// Number of the final block.
    pub finalized: u32,
    /// For how long it has been made; unknown while there is none but the genesis.
    pub finalized_age: Option<Duration>,
    /// Peers that the node exchanges blocks with.
    pub peers: usize,
    /// Whether the node is behind its peers.
    pub sync: Sync,
    /// Whether the node is the only validator: then it needs no peers.
    pub alone: bool,
    /// What the node is to the chain; unknown until the chain's validators could be read.
    pub standing: Option<Standing>,
    /// How long a slot is.
    pub slot: Duration,
}

/// Whether a node is behind its peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    /// It is not.
    Done,
    /// It is on its way to this block.
    Towards(u32),
    /// It does not say.
    Unknown,
}

/// The answer to who asks whether a node is ready.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Whether it is.
    pub ready: bool,
    /// Why not; nothing where it is.
    pub reasons: Vec<String>,
    /// `validator`, `queued`, `waiting`, `keyless`, `follower` or `unknown`.
    pub role: &'static str,
    /// The organisation whose keys the node holds.
    pub organisation: Option<u32>,
    /// Number of the best block.
    pub best: u32,
    /// Number of the final block.
    pub finalized: u32,
    /// For how many seconds the final block has been made.
    pub finalized_age_seconds: Option<u64>,
    /// Peers that the node exchanges blocks with.
    pub peers: usize,
}

impl Health {
    /// How the node is now.
    pub async fn report(&self) -> Report {
        let sync = match tokio::time::timeout(SYNC_PATIENCE, self.sync.status()).await {
            Ok(Ok(status)) => match status.state {
                SyncState::Idle => Sync::Done,
                SyncState::Downloading { target } | SyncState::Importing { target } => Sync::Towards(target),
            },
            _ => Sync::Unknown,
        };
        let info = self.client.info();
        let known = self.shared.read();
        let facts = Facts {
            best: info.best_number,
            best_age: self.clock.age(&self.client, info.best_hash),
            finalized: info.finalized_number,
            finalized_age: self.clock.age(&self.client, info.finalized_hash),
            peers: self.sync.num_connected_peers(),
            sync,
            alone: known.alone,
            standing: known.standing,
            slot: self.clock.slot(),
        };
        facts.into()
    }
}

impl Facts {
    /// Why the node is not ready; nothing where it is.
    pub fn reasons(&self) -> Vec<String> {
        let bound = self.slot.saturating_mul(PATIENCE);
        let mut reasons = Vec::new();
        match self.sync {
            Sync::Done => {}
            Sync::Towards(target) => reasons.push(format!("syncing: block {} of {target}", self.best)),
            Sync::Unknown => reasons.push("the part that downloads blocks does not answer".into()),
        }
        if self.peers == 0 && !self.alone {
            reasons.push(
                "no peers: check the network, --bootnodes, and that --chain is the other nodes' chain".into(),
            );
        }
        match self.finalized_age {
            None => reasons.push("nothing has become final yet".into()),
            Some(age) if age > bound => reasons.push(format!(
                "finality is stalled: the last final block, {}, was made {} s ago",
                self.finalized,
                age.as_secs()
            )),
            Some(_) => {}
        }
        match self.best_age {
            Some(age) if age > bound => reasons.push(format!(
                "no new blocks: the best, {}, was made {} s ago",
                self.best,
                age.as_secs()
            )),
            // Without any block nothing is final either, and that is said.
            _ => {}
        }
        match self.standing.as_ref().map(Standing::trouble) {
            None => reasons.push("who the validators are could not be read yet".into()),
            Some(Some(trouble)) => reasons.push(format!("no use as a validator: {trouble}")),
            Some(None) => {}
        }
        reasons
    }
}

impl From<Facts> for Report {
    fn from(facts: Facts) -> Self {
        let reasons = facts.reasons();
        Self {
            ready: reasons.is_empty(),
            reasons,
            role: facts.standing.as_ref().map_or("unknown", Standing::role),
            organisation: facts.standing.as_ref().and_then(Standing::organisation),
            best: facts.best,
            finalized: facts.finalized,
            finalized_age_seconds: facts.finalized_age.map(|age| age.as_secs()),
            peers: facts.peers,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn well() -> Facts {
        Facts {
            best: 101,
            best_age: Some(Duration::from_secs(2)),
            finalized: 100,
            finalized_age: Some(Duration::from_secs(5)),
            peers: 3,
            sync: Sync::Done,
            alone: false,
            standing: Some(Standing::Follower),
            slot: Duration::from_secs(3),
        }
    }

    /// The one reason that is given.
    fn reason(facts: Facts) -> String {
        let reasons = facts.reasons();
        assert_eq!(reasons.len(), 1, "{reasons:?}");
        reasons.concat()
    }

    #[test]
    fn a_node_with_peers_and_fresh_final_blocks_is_ready() {
        let report = Report::from(well());
        assert!(report.ready, "{report:?}");
        assert_eq!(report.reasons, Vec::<String>::new());
    }

    #[test]
    fn a_node_that_catches_up_says_how_far_it_is() {
        let facts = Facts {
            sync: Sync::Towards(900),
            ..well()
        };
        assert_eq!(reason(facts), "syncing: block 101 of 900");
    }

    #[test]
    fn a_node_without_peers_is_not_ready_unless_it_is_the_only_validator() {
        assert!(reason(Facts { peers: 0, ..well() }).starts_with("no peers"));
        assert!(
            Report::from(Facts {
                peers: 0,
                alone: true,
                ..well()
            })
            .ready
        );
    }

    #[test]
    fn more_than_ten_slots_without_finality_or_without_blocks_are_too_many() {
        let age = |seconds| Some(Duration::from_secs(seconds));
        assert!(
            Report::from(Facts {
                finalized_age: age(30),
                ..well()
            })
            .ready
        );
        let stalled = reason(Facts {
            finalized_age: age(31),
            ..well()
        });
        assert_eq!(
            stalled,
            "finality is stalled: the last final block, 100, was made 31 s ago"
        );
        let stopped = Facts {
            finalized_age: age(34),
            best_age: age(31),
            ..well()
        };
        assert_eq!(stopped.reasons().len(), 2);
    }

    #[test]
    fn a_chain_that_has_not_begun_is_not_ready() {
        let facts = Facts {
            best: 0,
            best_age: None,
            finalized: 0,
            finalized_age: None,
            ..well()
        };
        assert_eq!(reason(facts), "nothing has become final yet");
    }

    #[test]
    fn a_validator_without_keys_is_not_ready() {
        assert!(reason(Facts {
            standing: Some(Standing::Keyless),
            ..well()
        })
        .contains("keystore"));
    }
}
