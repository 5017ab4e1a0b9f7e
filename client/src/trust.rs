//! What a node cannot lie about: a block that is proven to be final, and what its state is proven to hold.
//!
//! A [`Head`] begins at what is trusted, the genesis hash or a checkpoint, and leads through every change of authorities
//! to a block whose votes were checked. What is read by it was checked against that block's state root.

use std::{collections::BTreeMap, future::Future};

use base64::{prelude::BASE64_STANDARD, Engine};
use codec::{Decode, DecodeAll, Encode};
use faultline_primitives::{BlockNumber, Hash, UnixMillis};
use faultline_proof::{
    keys::{self, StorageKey},
    trie::{BadProof, Proof},
    verify::{canonical, Block},
    Anchor, AuthoritySet, Fault, Finalized, Header, History, Start,
};
use faultline_rpc::view::WarpView;
use serde::Deserialize;
use serde_json::{json, Value};

use crate::{runtime::bytes, Client, Error, Result};

/// Keys that are proven at once: few enough that the largest records there can be fit an answer.
pub const BATCH: usize = 64;

/// Why something is not proven.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Doubt {
    /// The node could not be asked, or does not say.
    #[error(transparent)]
    Node(#[from] Error),
    /// What the node gives as proof of its finalized block proves nothing.
    #[error("the node's proof of its finalized block does not hold: {0}")]
    Finality(Fault),
    /// What the node gives as proof of its state proves nothing.
    #[error("the node's proof of its state does not hold: {0}")]
    State(BadProof),
    /// The node's answer cannot be read.
    #[error("the node's proof cannot be read: {0}")]
    Unreadable(&'static str),
    /// The state holds something that is not written as the chain writes it.
    #[error("the state holds something under {} that is not written as the chain writes it", hex::encode(.0))]
    Malformed(StorageKey),
}

/// What proofs are asked of: a node.
pub trait Source: Sync {
    /// A part of the history of those who make blocks final, as [`FaultlineRpcClient::warp_proof`] has it.
    fn warp(
        &self,
        since: Option<BlockNumber>,
        until: Option<BlockNumber>,
    ) -> impl Future<Output = Result<WarpView>> + Send;

    /// Trie nodes that prove these keys under a block's state root.
    fn prove(&self, block: Hash, keys: &[StorageKey]) -> impl Future<Output = Result<Vec<Vec<u8>>>> + Send;

    /// What is under these keys, as the node says: nothing proves it.
    fn values(
        &self,
        block: Hash,
        keys: &[StorageKey],
    ) -> impl Future<Output = Result<BTreeMap<StorageKey, Option<Vec<u8>>>>> + Send;
}

/// A block that is proven to be final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Who made blocks final, from what is trusted on.
    pub history: History,
    /// The block.
    pub block: Block,
    /// Its header.
    pub header: Header,
    /// Its time.
    pub now: UnixMillis,
}

impl Head {
    /// The latest block that finality stopped at, or the one of the number given, which must be such a block.
    ///
    /// # Errors
    ///
    /// The node does not say, or what it says proves nothing from what is trusted on.
    pub async fn prove(
        source: &impl Source,
        anchor: Anchor,
        until: Option<BlockNumber>,
    ) -> std::result::Result<Self, Doubt> {
        let (history, finalized) = walk(source, anchor, until).await?;
        let block = history.finalized(&finalized).map_err(Doubt::Finality)?;
        if until.is_some_and(|until| until != block.number) {
            return Err(Doubt::Unreadable("it is of another block than was asked for"));
        }
        let mut head = Self {
            history,
            block,
            header: finalized.header,
            now: UnixMillis(0),
        };
        // The genesis block alone has no time.
        head.now = head.record(source, &keys::now()).await?.unwrap_or_default();
        Ok(head)
    }

    /// What the block's state is proven to hold under these keys; none where it holds nothing.
    ///
    /// # Errors
    ///
    /// The node does not say, or what it says proves nothing.
    pub async fn read(
        &self,
        source: &impl Source,
        keys: impl IntoIterator<Item = StorageKey>,
    ) -> std::result::Result<BTreeMap<StorageKey, Option<Vec<u8>>>, Doubt> {
        let keys: Vec<_> = keys.into_iter().collect();
        let mut values = BTreeMap::new();
        for keys in keys.chunks(BATCH) {
            let nodes = source.prove(self.block.hash, keys).await?;
            values.extend(proven(self.block.state_root, nodes, keys)?);
        }
        Ok(values)
    }

    /// What is proven to be under a key, as the chain writes it; none where nothing is.
    ///
    /// # Errors
    ///
    /// As [`Self::read`], or it is not written so.
    pub async fn record<T: Decode + Encode>(
        &self,
        source: &impl Source,
        key: &StorageKey,
    ) -> std::result::Result<Option<T>, Doubt> {
        let values = self.read(source, [key.clone()]).await?;
        match values.get(key) {
            Some(Some(value)) => canonical(value)
                .map(Some)
                .ok_or_else(|| Doubt::Malformed(key.clone())),
            _ => Ok(None),
        }
    }
}

/// What nodes of a trie prove of these keys, and of nothing else.
///
/// # Errors
///
/// They prove nothing.
pub fn proven(
    root: Hash,
    mut nodes: Vec<Vec<u8>>,
    keys: &[StorageKey],
) -> std::result::Result<BTreeMap<StorageKey, Option<Vec<u8>>>, Doubt> {
    nodes.sort_unstable();
    let proof = Proof::new(root, &nodes).map_err(Doubt::State)?;
    let mut values = BTreeMap::new();
    for key in keys {
        values.insert(key.clone(), proof.read(key).map_err(Doubt::State)?);
    }
    proof.ensure_exact().map_err(Doubt::State)?;
    Ok(values)
}

/// Goes through the changes of authorities, and gives the block that they lead to.
async fn walk(
    source: &impl Source,
    anchor: Anchor,
    until: Option<BlockNumber>,
) -> std::result::Result<(History, Finalized), Doubt> {
    let (mut begun, mut start, mut since) = (None, None, None);
    // Changes before a checkpoint's set, which nobody needs to trust.
    let mut skipped = 0u64;
    loop {
        let part = source.warp(since, until).await?;
        if let Some(bytes) = &part.start {
            start = Some(scale::<Start>(bytes)?);
        }
        let changes: Vec<Finalized> = scale(&part.changes)?;
        for change in &changes {
            if begun.is_none() {
                begun = begin(start.as_ref(), anchor, skipped)?;
            }
            match &mut begun {
                Some(history) => History::change(history, change).map_err(Doubt::Finality)?,
                None => {
                    skipped = skipped.saturating_add(1);
                    start = later(start.as_ref(), change);
                }
            }
        }
        if begun.is_none() {
            begun = begin(start.as_ref(), anchor, skipped)?;
        }
        if let Some(block) = &part.block {
            let block = scale(block)?;
            let history = begun.ok_or(Doubt::Unreadable(
                "it does not show the authorities of the checkpoint",
            ))?;
            return Ok((history, block));
        }
        match (part.next, changes.last()) {
            (Some(next), Some(last)) if next == last.header.number && since < Some(next) => {
                since = Some(next)
            }
            _ => return Err(Doubt::Unreadable("one of its parts leads nowhere")),
        }
    }
}

/// The history, once the set that it begins with is shown.
fn begin(start: Option<&Start>, anchor: Anchor, skipped: u64) -> std::result::Result<Option<History>, Doubt> {
    let start = start.ok_or(Doubt::Unreadable("it does not show what the history begins with"))?;
    if let (Anchor::Checkpoint(checkpoint), Start::Genesis(_)) = (anchor, start) {
        if skipped < checkpoint.set_id {
            return Ok(None);
        }
    }
    if let (Anchor::Checkpoint(checkpoint), Start::Set(set)) = (anchor, start) {
        if set.id < checkpoint.set_id {
            return Ok(None);
        }
    }
    let (history, _) = History::begin(start, &[], anchor).map_err(Doubt::Finality)?;
    Ok(Some(history))
}

/// The set that a change leads to, which nothing vouches for yet.
fn later(start: Option<&Start>, change: &Finalized) -> Option<Start> {
    let id = match start? {
        Start::Genesis(_) => 0u64,
        Start::Set(set) => set.id,
    };
    let authorities = change.header.next_authorities().ok().flatten()?;
    Some(Start::Set(AuthoritySet {
        id: id.checked_add(1)?,
        authorities,
    }))
}

/// What is written as SCALE in base64.
fn scale<T: Decode>(text: &str) -> std::result::Result<T, Doubt> {
    let bytes = BASE64_STANDARD
        .decode(text)
        .map_err(|_| Doubt::Unreadable("it is not base64"))?;
    T::decode_all(&mut bytes.as_slice())
        .map_err(|_| Doubt::Unreadable("it is not SCALE of what it should be"))
}

/// The SDK's answer to `state_getReadProof`.
#[derive(Deserialize)]
struct ReadProof {
    proof: Vec<String>,
}

/// The SDK's answer to `state_queryStorageAt`, of one block.
#[derive(Deserialize)]
struct Changes {
    changes: Vec<(String, Option<String>)>,
}

impl Source for Client {
    async fn warp(&self, since: Option<BlockNumber>, until: Option<BlockNumber>) -> Result<WarpView> {
        Ok(self.warp_proof(since, until).await?.data)
    }

    async fn prove(&self, block: Hash, keys: &[StorageKey]) -> Result<Vec<Vec<u8>>> {
        let arguments = &[hexed(keys), json!(block)];
        let answer: ReadProof = self
            .with_node(|node| async move { node.ask("state_getReadProof", arguments.clone()).await })
            .await?;
        let nodes = answer.proof.iter().map(|node| unhexed(node));
        nodes.collect()
    }

    async fn values(
        &self,
        block: Hash,
        keys: &[StorageKey],
    ) -> Result<BTreeMap<StorageKey, Option<Vec<u8>>>> {
        let arguments = &[hexed(keys), json!(block)];
        let answer: Vec<Changes> = self
            .with_node(|node| async move { node.ask("state_queryStorageAt", arguments.clone()).await })
            .await?;
        let pairs = answer.into_iter().flat_map(|block| block.changes);
        let pairs =
            pairs.map(|(key, value)| Ok((unhexed(&key)?, value.as_deref().map(unhexed).transpose()?)));
        pairs.collect()
    }
}

fn hexed(keys: &[StorageKey]) -> Value {
    keys.iter().map(|key| format!("0x{}", hex::encode(key))).collect()
}

fn unhexed(text: &str) -> Result<Vec<u8>> {
    bytes(text).ok_or_else(|| Error::Incompatible("its answer is not 0x-hex".into()))
}
