//! Follows a node's blocks: what each holds, when it was the best and when it became final.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use codec::Decode;
use faultline_primitives::{log::blake2_256, Hash};
use frame_support::{dispatch::PerDispatchClass, storage::storage_prefix, weights::Weight};
use jsonrpsee::{
    core::{
        client::{ClientT, Subscription, SubscriptionClientT},
        params::ArrayParams,
    },
    ws_client::{WsClient, WsClientBuilder},
};
use serde_json::Value;
use sp_core::bytes::{from_hex, to_hex};
use tokio::{sync::watch, task::JoinHandle};

use super::{book::Book, room::Room};
use crate::nemesis::ask::number;

/// A block.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its hash.
    pub hash: Hash,
    /// The hash of the one before it.
    pub parent: Hash,
    /// Its number.
    pub number: u32,
    /// When it was first seen as the best, or as part of the best chain.
    pub seen: Instant,
    /// When it was seen to be final.
    pub finalized: Option<Instant>,
    /// Its transactions, the inherents left out.
    pub transactions: Vec<Hash>,
    /// Bytes of all that it holds.
    pub length: u64,
    /// What it weighs by its own account.
    pub weight: PerDispatchClass<Weight>,
    /// Its own time, in milliseconds since 1970.
    pub time: u64,
    /// Of the crowd's, once final: transactions and words.
    pub counted: (u64, u64),
}

#[derive(Default)]
struct Seen {
    blocks: HashMap<Hash, Block>,
    finalized: Vec<Hash>,
    failure: Option<String>,
}

/// Who follows a node.
pub struct Follower {
    seen: Arc<Mutex<Seen>>,
    over: watch::Sender<bool>,
    task: Option<JoinHandle<Result<()>>>,
}

impl Follower {
    /// Begins to follow: writes down in a book what becomes of transactions, and tells who keeps the room.
    ///
    /// # Errors
    ///
    /// The node cannot be reached.
    pub async fn start(endpoint: &str, book: Arc<Book>) -> Result<(Self, Arc<Mutex<Option<Arc<Room>>>>)> {
        let client = WsClientBuilder::default()
            .max_response_size(64 * 1_024 * 1_024)
            .max_buffer_capacity_per_subscription(1_024)
            .request_timeout(Duration::from_secs(120))
            .build(endpoint)
            .await?;
        let best = heads(&client, "chain_subscribeNewHeads", "chain_unsubscribeNewHeads").await?;
        let (new, stop) = ("chain_subscribeFinalizedHeads", "chain_unsubscribeFinalizedHeads");
        let finalized = heads(&client, new, stop).await?;
        let (over, is_over) = watch::channel(false);
        let (seen, room) = (Arc::default(), Arc::default());
        let watcher = Watcher {
            client,
            book,
            seen: Arc::clone(&seen),
            room: Arc::clone(&room),
        };
        let failed = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            let done = watcher.watch(best, finalized, is_over).await;
            if let Err(error) = &done {
                lock(&failed).failure = Some(format!("{error:#}"));
            }
            done
        });
        let follower = Self {
            seen,
            over,
            task: Some(task),
        };
        Ok((follower, room))
    }

    /// The final blocks, in order.
    pub fn finalized(&self) -> Vec<Block> {
        let seen = lock(&self.seen);
        let of = |hash: &Hash| seen.blocks.get(hash).cloned();
        seen.finalized.iter().filter_map(of).collect()
    }

    /// The number of the last final block.
    pub fn last(&self) -> u32 {
        let seen = lock(&self.seen);
        let last = seen.finalized.last().and_then(|hash| seen.blocks.get(hash));
        last.map_or(0, |block| block.number)
    }

    /// Whether it still follows.
    ///
    /// # Errors
    ///
    /// It does not; why.
    pub fn check(&self) -> Result<()> {
        match &lock(&self.seen).failure {
            Some(why) => anyhow::bail!("no longer following the blocks: {why}"),
            None => Ok(()),
        }
    }

    /// Ends it.
    ///
    /// # Errors
    ///
    /// It had ended before, as the node did not answer.
    pub async fn stop(mut self) -> Result<()> {
        self.over.send_replace(true);
        match self.task.take() {
            Some(task) => task.await?,
            None => Ok(()),
        }
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn heads(client: &WsClient, new: &str, stop: &str) -> Result<Subscription<Value>> {
    Ok(client.subscribe(new, ArrayParams::new(), stop).await?)
}

struct Watcher {
    client: WsClient,
    book: Arc<Book>,
    seen: Arc<Mutex<Seen>>,
    room: Arc<Mutex<Option<Arc<Room>>>>,
}

impl Watcher {
    async fn watch(
        self,
        mut best: Subscription<Value>,
        mut finalized: Subscription<Value>,
        mut is_over: watch::Receiver<bool>,
    ) -> Result<()> {
        loop {
            tokio::select! {
                () = ended(&mut is_over) => return Ok(()),
                head = best.next() => {
                    let at = Instant::now();
                    self.best(number(&head.context("no more heads")??)?, at).await?;
                }
                head = finalized.next() => {
                    let at = Instant::now();
                    self.finalized(number(&head.context("no more final heads")??)?, at).await?;
                }
            }
        }
    }

    /// There is a new best block of this number.
    async fn best(&self, number: u32, at: Instant) -> Result<()> {
        match self.hash(number).await? {
            Some(hash) => self.note(hash, at).await,
            None => Ok(()),
        }
    }

    /// Reads what is new of the chain up to a block, and tells of it.
    async fn note(&self, hash: Hash, at: Instant) -> Result<()> {
        for hash in self.unknown(hash).await? {
            let hashes = match lock(&self.seen).blocks.get_mut(&hash) {
                Some(block) => {
                    block.seen = at;
                    block.transactions.clone()
                }
                None => continue,
            };
            let new = self.book.see(&hashes, at);
            let room = self.room.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some(room) = room {
                room.block(new);
            }
        }
        Ok(())
    }

    /// Blocks up to this number are final.
    async fn finalized(&self, number: u32, at: Instant) -> Result<()> {
        let hash = self.hash(number).await?.context("a final block has a hash")?;
        self.note(hash, at).await?;
        let mut seen = lock(&self.seen);
        let mut new = Vec::new();
        let last = seen.finalized.last().copied();
        let mut next = Some(hash);
        while let Some(hash) = next.filter(|hash| Some(*hash) != last) {
            let Some(block) = seen.blocks.get(&hash) else {
                break;
            };
            new.push(hash);
            next = Some(block.parent);
        }
        for hash in new.into_iter().rev() {
            let Some(block) = seen.blocks.get_mut(&hash) else {
                continue;
            };
            block.finalized = Some(at);
            block.counted = self.book.settle(&block.transactions, block.number, at);
            seen.finalized.push(hash);
        }
        Ok(())
    }

    /// Reads a block and those before it that were never read, down to the first that was: the oldest first.
    async fn unknown(&self, hash: Hash) -> Result<Vec<Hash>> {
        let mut new = Vec::new();
        let mut next = hash;
        loop {
            let (known, is_first) = {
                let seen = lock(&self.seen);
                (seen.blocks.contains_key(&next), seen.blocks.is_empty())
            };
            if known {
                break;
            }
            let block = self.read(next).await?;
            new.push(next);
            let (parent, number) = (block.parent, block.number);
            lock(&self.seen).blocks.insert(next, block);
            // What came before it was followed is left where it is.
            if is_first || number <= 1 {
                break;
            }
            next = parent;
        }
        new.reverse();
        Ok(new)
    }

    async fn read(&self, hash: Hash) -> Result<Block> {
        let asked = serde_json::to_value(hash)?;
        let block = self.ask("chain_getBlock", std::slice::from_ref(&asked)).await?;
        let (block, header) = (&block["block"], &block["block"]["header"]);
        let extrinsics = block["extrinsics"].as_array().context("a block has extrinsics")?;
        let mut length = 0;
        let mut transactions = Vec::with_capacity(extrinsics.len());
        for extrinsic in extrinsics {
            let bytes = from_hex(extrinsic.as_str().unwrap_or_default());
            let bytes = bytes.map_err(|error| anyhow::anyhow!("{error:?}"))?;
            length += u64::try_from(bytes.len())?;
            transactions.push(blake2_256(&[&bytes]));
        }
        // The first sets the time.
        transactions.drain(..transactions.len().min(1));
        let weight = self.stored(b"System", b"BlockWeight", &asked).await?;
        let time = self.stored(b"Timestamp", b"Now", &asked).await?;
        Ok(Block {
            hash,
            parent: serde_json::from_value(header["parentHash"].clone())?,
            number: number(header)?,
            seen: Instant::now(),
            finalized: None,
            transactions,
            length,
            weight,
            time,
            counted: (0, 0),
        })
    }

    async fn stored<T: Decode + Default>(&self, pallet: &[u8], name: &[u8], at: &Value) -> Result<T> {
        let key = to_hex(&storage_prefix(pallet, name), false);
        let value = self.ask("state_getStorage", &[key.into(), at.clone()]).await?;
        let Some(value) = value.as_str() else {
            return Ok(T::default());
        };
        let bytes = from_hex(value).map_err(|error| anyhow::anyhow!("{error:?}"))?;
        Ok(T::decode(&mut bytes.as_slice())?)
    }

    async fn hash(&self, number: u32) -> Result<Option<Hash>> {
        let hash = self.ask("chain_getBlockHash", &[number.into()]).await?;
        Ok(serde_json::from_value(hash)?)
    }

    async fn ask(&self, method: &str, arguments: &[Value]) -> Result<Value> {
        let mut params = ArrayParams::new();
        for argument in arguments {
            params.insert(argument)?;
        }
        let answer = self.client.request(method, params).await;
        answer.context(method.to_owned())
    }
}

/// Waits for the end.
async fn ended(is_over: &mut watch::Receiver<bool>) {
    // Nobody is left who could say so: then too it is over.
    let _ = is_over.wait_for(|over| *over).await;
}
