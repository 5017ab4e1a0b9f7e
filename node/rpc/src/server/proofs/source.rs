//! What proofs are made of.

use std::{collections::BTreeSet, sync::Arc};

use faultline_primitives::{BlockNumber, Hash};
use faultline_proof::{bundle::Genesis, keys::StorageKey, Finalized};

use crate::error::Failure;

/// What proofs are made of, and only a node has.
pub trait Source: Send + Sync {
    /// The genesis block, with the first authorities.
    fn genesis(&self) -> &Genesis;

    /// The latest block that finality stopped at.
    fn latest(&self) -> Result<BlockNumber, Failure>;

    /// The blocks up to `until`, a final one, after which other authorities make blocks final: all of them, in order.
    fn changes(&self, until: BlockNumber) -> Result<Arc<[BlockNumber]>, Failure>;

    /// A final block and the votes for it, as they are kept; none where finality did not stop at it.
    fn finalized(&self, number: BlockNumber) -> Result<Option<Finalized>, Failure>;

    /// The state of a block.
    fn state(&self, block: Hash) -> Result<Box<dyn State + '_>, Failure>;
}

/// The state of a block. It stays as long as this is there.
pub trait State {
    /// What is under a key.
    fn value(&self, key: &StorageKey) -> Result<Option<Vec<u8>>, Failure>;

    /// The trie's nodes, and the values too long for one, that say what is under these keys and nothing else: in ascending
    /// order of their bytes.
    fn prove(&self, keys: &BTreeSet<StorageKey>) -> Result<Vec<Vec<u8>>, Failure>;
}
