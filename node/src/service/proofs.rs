//! What evidence bundles are made of: the genesis block, the authorities' history, the votes for final blocks, and states.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use codec::{Decode, DecodeAll, Encode};
use faultline_primitives::{BlockNumber, Hash};
use faultline_proof::{bundle::Genesis, keys::StorageKey, Finalized};
use faultline_rpc::{
    error::Failure,
    server::{Source, State},
};
use faultline_runtime::{opaque::Block, Header};
use sc_client_api::{Backend, ProofProvider, TrieCacheContext};
use sc_consensus_grandpa::{
    best_justification, find_scheduled_change, AuthoritySetChanges, SharedAuthoritySet,
};
use sp_blockchain::{Backend as _, HeaderBackend};
use sp_consensus_grandpa::GRANDPA_ENGINE_ID;
use sp_core::H256;
use sp_state_machine::Backend as _;

use super::parts::{FullBackend, FullClient};

/// Most headers that are read for one question.
const HEADERS: u32 = 100_000;

/// What a node keeps, as bundles need it.
pub struct Proofs {
    client: Arc<FullClient>,
    backend: Arc<FullBackend>,
    /// What the voter knows of authorities: all changes since the node began to follow the chain itself.
    authorities: SharedAuthoritySet<H256, BlockNumber>,
    genesis: Genesis,
    changes: Mutex<Changes>,
}

/// The blocks after which authorities changed, as far as they were looked for. They are final, so this only grows.
#[derive(Default)]
struct Changes {
    blocks: Vec<BlockNumber>,
    /// The last block that was looked at.
    read: BlockNumber,
}

fn unavailable(error: impl std::fmt::Display) -> Failure {
    Failure::Unavailable {
        why: error.to_string(),
    }
}

/// The same bytes as another type.
fn same<T: Decode>(value: &impl Encode) -> Result<T, Failure> {
    T::decode_all(&mut value.encode().as_slice()).map_err(unavailable)
}

impl Proofs {
    /// Of this client over this database.
    pub fn new(
        client: Arc<FullClient>,
        backend: Arc<FullBackend>,
        authorities: SharedAuthoritySet<H256, BlockNumber>,
        genesis: Genesis,
    ) -> Self {
        Self {
            client,
            backend,
            authorities,
            genesis,
            changes: Mutex::default(),
        }
    }

    /// The header of a final block; none where the node does not have it.
    fn header(&self, number: BlockNumber) -> Result<Option<(H256, Header)>, Failure> {
        let Some(hash) = self.client.hash(number).map_err(unavailable)? else {
            return Ok(None);
        };
        let header = self.client.header(hash).map_err(unavailable)?;
        Ok(header.map(|header| (hash, header)))
    }

    /// The next of the changes that the voter knows of; an error where it may have missed one.
    fn known(
        &self,
        known: &AuthoritySetChanges<BlockNumber>,
        changes: &Changes,
    ) -> Result<Option<BlockNumber>, Missed> {
        let set = u64::try_from(changes.blocks.len()).map_err(|_| Missed)?;
        let mut later = known.iter_from(changes.read).ok_or(Missed)?;
        match later.next() {
            Some((id, block)) if *id == set => Ok(Some(*block)),
            None if self.authorities.set_id() == set => Ok(None),
            _ => Err(Missed),
        }
    }

    /// The next change up to `until`, by the headers themselves.
    fn found(
        &self,
        changes: &mut Changes,
        until: BlockNumber,
        left: &mut u32,
    ) -> Result<Option<BlockNumber>, Failure> {
        while changes.read < until {
            *left = left.checked_sub(1).ok_or_else(|| {
                unavailable(format!(
                    "the node looks who made blocks final, and is at block {} of {until}: ask again",
                    changes.read
                ))
            })?;
            let number = changes.read.saturating_add(1);
            let (_, header) = self.header(number)?.ok_or(Failure::NoHistory { block: number })?;
            changes.read = number;
            if find_scheduled_change::<Block>(&header).is_some() {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }
}

/// Changes of authorities that the voter knows nothing of.
struct Missed;

impl Source for Proofs {
    fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    fn latest(&self) -> Result<BlockNumber, Failure> {
        let best = best_justification::<_, Block>(&*self.backend).map_err(unavailable)?;
        if let Some(best) = best {
            return Ok(best.target().0);
        }
        // After a warp sync the voter has seen no votes yet, and the block that was synced has its own.
        let finalized = self.client.info().finalized_number;
        match self.finalized(finalized)? {
            Some(_) => Ok(finalized),
            None => Err(unavailable("no votes that make a block final are known yet")),
        }
    }

    fn changes(&self, until: BlockNumber) -> Result<Arc<[BlockNumber]>, Failure> {
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, mut left) = (self.authorities.authority_set_changes(), HEADERS);
        while changes.read < until {
            let next = match self.known(&known, &changes) {
                Ok(next) => next.filter(|next| *next <= until),
                Err(Missed) => self.found(&mut changes, until, &mut left)?,
            };
            let Some(next) = next else { break };
            changes.read = next;
            changes.blocks.push(next);
        }
        let before = changes.blocks.partition_point(|block| *block <= until);
        Ok(changes.blocks.get(..before).unwrap_or_default().into())
    }

    fn finalized(&self, number: BlockNumber) -> Result<Option<Finalized>, Failure> {
        if number > self.client.info().finalized_number {
            return Ok(None);
        }
        let Some((hash, header)) = self.header(number)? else {
            return Ok(None);
        };
        let kept = self
            .backend
            .blockchain()
            .justifications(hash)
            .map_err(unavailable)?;
        let Some(votes) = kept.and_then(|kept| kept.into_justification(GRANDPA_ENGINE_ID)) else {
            return Ok(None);
        };
        Ok(Some(Finalized {
            header: same(&header)?,
            justification: DecodeAll::decode_all(&mut votes.as_slice()).map_err(unavailable)?,
        }))
    }

    fn state(&self, block: Hash) -> Result<Box<dyn State + '_>, Failure> {
        let block = H256(block.0);
        let state = self.backend.state_at(block, TrieCacheContext::Untrusted);
        Ok(Box::new(At {
            client: &self.client,
            block,
            state: state.map_err(unavailable)?,
        }))
    }
}

/// The state of a block, which is not pruned while this is there.
struct At<'a> {
    client: &'a FullClient,
    block: H256,
    state: <FullBackend as Backend<Block>>::State,
}

impl State for At<'_> {
    fn value(&self, key: &StorageKey) -> Result<Option<Vec<u8>>, Failure> {
        self.state.storage(key).map_err(unavailable)
    }

    fn prove(&self, keys: &BTreeSet<StorageKey>) -> Result<Vec<Vec<u8>>, Failure> {
        let mut keys = keys.iter().map(Vec::as_slice);
        let proof = self.client.read_proof(self.block, &mut keys);
        Ok(proof.map_err(unavailable)?.into_iter_nodes().collect())
    }
}
