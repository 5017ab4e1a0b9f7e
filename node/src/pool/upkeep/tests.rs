//! A chain that is made block by block, below the SDK's own pool.

use std::{
    collections::BTreeMap,
    pin::Pin,
    sync::{
        atomic::{AtomicBool, Ordering},
        Mutex as Lock,
    },
};

use async_trait::async_trait;
use codec::Encode;
use faultline_primitives::log::blake2_256;
use faultline_runtime::opaque::{Block, Header, UncheckedExtrinsic};
use futures::{channel::oneshot, executor::block_on, future::BoxFuture, FutureExt, StreamExt};
use sc_transaction_pool::{Options, RevalidationType};
use sc_transaction_pool_api::{TransactionSource, TransactionStatus, TransactionStatusStreamFor};
use sp_blockchain::{tree_route, CachedHeaderMetadata, HeaderMetadata, TreeRoute};
use sp_core::{traits::SpawnEssentialNamed, H256};
use sp_runtime::{generic::BlockId, traits::Header as _, transaction_validity::TransactionValidity};

use super::{super::judge::Judge, *};

/// A transaction: whose, and its place among that key's.
type Tx = (u16, u8);
type TestPool = BasicPool<Judge<Chain>, Block>;
type Statuses = Pin<Box<TransactionStatusStreamFor<TestPool>>>;

fn extrinsic((key, nonce): Tx) -> UncheckedExtrinsic {
    let [high, low] = key.to_be_bytes();
    UncheckedExtrinsic::from_blob(vec![high, low, nonce])
}

fn hash(bytes: &[u8]) -> H256 {
    H256(blake2_256(&[bytes]).0)
}

fn tx(extrinsic: &UncheckedExtrinsic) -> Tx {
    let bytes = extrinsic.inner();
    (u16::from_be_bytes([bytes[0], bytes[1]]), bytes[2])
}

struct Made {
    header: Header,
    body: Vec<Tx>,
    /// How many transactions of each key the chain holds up to here.
    nonces: BTreeMap<u16, u8>,
    /// What the gate refuses here.
    refused: Vec<Tx>,
}

/// The blocks, by their hashes.
#[derive(Clone, Default)]
struct Chain {
    blocks: Arc<Lock<BTreeMap<H256, Made>>>,
    /// Whether the states of blocks are gone for whoever asks without haste.
    gone: Arc<AtomicBool>,
    /// What the next verdict waits for.
    slow: Arc<Lock<Option<oneshot::Receiver<()>>>>,
}

impl Chain {
    fn new() -> (Self, H256) {
        let chain = Self::default();
        let genesis = chain.add(0, H256::zero(), &[], &[]);
        (chain, genesis)
    }

    fn make(&self, parent: H256, body: &[Tx], refused: &[Tx]) -> H256 {
        let number = self.look(parent, |made| made.header.number).expect("it was made");
        self.add(number + 1, parent, body, refused)
    }

    fn add(&self, number: u32, parent: H256, body: &[Tx], refused: &[Tx]) -> H256 {
        let mut nonces = self.look(parent, |made| made.nonces.clone()).unwrap_or_default();
        for (key, nonce) in body {
            assert_eq!(
                nonces.insert(*key, nonce + 1).unwrap_or_default(),
                *nonce,
                "a block in order"
            );
        }
        // Two blocks on one parent differ in what they hold.
        let root = hash(format!("{body:?}{refused:?}").as_bytes());
        let header = Header::new(number, root, H256::zero(), parent, Default::default());
        let hash = header.hash();
        let made = Made {
            header,
            body: body.to_vec(),
            nonces,
            refused: refused.to_vec(),
        };
        self.blocks.lock().expect("no test failed").insert(hash, made);
        hash
    }

    fn look<T>(&self, block: H256, what: impl FnOnce(&Made) -> T) -> Option<T> {
        self.blocks.lock().expect("no test failed").get(&block).map(what)
    }
}

#[async_trait]
impl ChainApi for Chain {
    type Block = Block;
    type Error = PoolError;

    async fn validate_transaction(
        &self,
        at: H256,
        source: TransactionSource,
        transaction: Arc<UncheckedExtrinsic>,
        priority: ValidateTransactionPriority,
    ) -> Result<TransactionValidity, PoolError> {
        if priority == ValidateTransactionPriority::Submitted && self.gone.load(Ordering::Relaxed) {
            return Err(PoolError::InvalidBlockId(format!("{at:?}")));
        }
        let verdict = self.validate_transaction_blocking(at, source, transaction);
        let slow = self.slow.lock().expect("no test failed").take();
        if let Some(slow) = slow {
            slow.await.expect("it is let go");
        }
        verdict
    }

    fn validate_transaction_blocking(
        &self,
        at: H256,
        _: TransactionSource,
        transaction: Arc<UncheckedExtrinsic>,
    ) -> Result<TransactionValidity, PoolError> {
        let (key, nonce) = tx(&transaction);
        let judged = self.look(at, |made| {
            let next = made.nonces.get(&key).copied().unwrap_or_default();
            if made.refused.contains(&(key, nonce)) {
                return Err(InvalidTransaction::Custom(1).into());
            }
            if nonce < next {
                return Err(InvalidTransaction::Stale.into());
            }
            let tag = |nonce| (key, nonce).encode();
            Ok(ValidTransaction {
                requires: (nonce > next).then(|| tag(nonce - 1)).into_iter().collect(),
                provides: vec![tag(nonce)],
                ..Default::default()
            })
        });
        judged.ok_or_else(|| PoolError::InvalidBlockId(format!("{at:?}")))
    }

    fn block_id_to_number(&self, at: &BlockId<Block>) -> Result<Option<u32>, PoolError> {
        match at {
            BlockId::Hash(hash) => Ok(self.look(*hash, |made| made.header.number)),
            BlockId::Number(number) => Ok(Some(*number)),
        }
    }

    fn block_id_to_hash(&self, _: &BlockId<Block>) -> Result<Option<H256>, PoolError> {
        unimplemented!("a number stands for several blocks here")
    }

    fn hash_and_length(&self, transaction: &UncheckedExtrinsic) -> (H256, usize) {
        let bytes = transaction.inner();
        (hash(bytes), bytes.len())
    }

    async fn block_body(&self, at: H256) -> Result<Option<Vec<UncheckedExtrinsic>>, PoolError> {
        Ok(self.look(at, |made| made.body.iter().map(|tx| extrinsic(*tx)).collect()))
    }

    fn block_header(&self, at: H256) -> Result<Option<Header>, PoolError> {
        Ok(self.look(at, |made| made.header.clone()))
    }

    fn tree_route(&self, from: H256, to: H256) -> Result<TreeRoute<Block>, PoolError> {
        tree_route(self, from, to)
    }
}

impl HeaderMetadata<Block> for Chain {
    type Error = PoolError;

    fn header_metadata(&self, hash: H256) -> Result<CachedHeaderMetadata<Block>, PoolError> {
        self.look(hash, |made| (&made.header).into())
            .ok_or_else(|| PoolError::InvalidBlockId(format!("{hash:?}")))
    }

    fn insert_header_metadata(&self, _: H256, _: CachedHeaderMetadata<Block>) {}

    fn remove_header_metadata(&self, _: H256) {}
}

/// For a pool that needs no tasks.
#[derive(Clone)]
struct NoTasks;

impl SpawnEssentialNamed for NoTasks {
    fn spawn_essential_blocking(&self, _: &'static str, _: Option<&'static str>, _: BoxFuture<'static, ()>) {}

    fn spawn_essential(&self, _: &'static str, _: Option<&'static str>, _: BoxFuture<'static, ()>) {}
}

fn pool(chain: &Chain, genesis: H256) -> Arc<TestPool> {
    Arc::new(BasicPool::with_revalidation_type(
        Options::default(),
        true.into(),
        Arc::new(Judge(chain.clone())),
        None,
        RevalidationType::Light,
        NoTasks,
        0,
        genesis,
        genesis,
    ))
}

fn best(hash: H256) -> ChainEvent<Block> {
    ChainEvent::NewBestBlock {
        hash,
        tree_route: None,
    }
}

/// An empty chain, its genesis, and an empty pool with its upkeep.
fn begin() -> (Chain, H256, Arc<TestPool>, Upkeep<Judge<Chain>>) {
    let (chain, genesis) = Chain::new();
    let pool = pool(&chain, genesis);
    let upkeep = Upkeep::new(pool.clone(), genesis);
    (chain, genesis, pool, upkeep)
}

/// Lets the pool learn of a block, with upkeep, which loses nothing, or bare.
fn maintain(pool: &TestPool, upkeep: Option<&Upkeep<Judge<Chain>>>, block: H256) {
    match upkeep {
        Some(upkeep) => assert!(block_on(upkeep.maintain(best(block))).is_empty()),
        None => block_on(pool.maintain(best(block))),
    }
}

fn watch(pool: &TestPool, at: H256, what: Tx) -> Statuses {
    let watched = pool.submit_and_watch(at, TransactionSource::External, extrinsic(what));
    block_on(watched).expect("it is taken")
}

/// What a watcher was told since it was last asked, in words.
fn heard(statuses: &mut Statuses) -> Vec<&'static str> {
    let mut heard = Vec::new();
    while let Some(Some(status)) = statuses.next().now_or_never() {
        heard.push(match status {
            TransactionStatus::Future => "future",
            TransactionStatus::Ready => "ready",
            TransactionStatus::InBlock(_) => "in block",
            TransactionStatus::Retracted(_) => "retracted",
            TransactionStatus::Finalized(_) => "finalized",
            TransactionStatus::Dropped => "dropped",
            TransactionStatus::Invalid => "invalid",
            _ => "other",
        });
    }
    heard
}

/// Makes a chain that has recorded a key's first two transactions for some blocks, and a pool that takes two more of
/// that key as they were judged at the genesis block: this is how slow judging looks to it.
fn judged_long_ago(look_after: bool) -> (usize, usize) {
    let (chain, genesis, pool, upkeep) = begin();
    let maintain = |block| maintain(&pool, look_after.then_some(&upkeep), block);
    // The pool looks at a block's transactions only while it holds any of its own.
    let _other = watch(&pool, genesis, (2, 0));
    let mut last = genesis;
    for body in [&[(1, 0)][..], &[(1, 1)], &[], &[]] {
        last = chain.make(last, body, &[]);
        maintain(last);
    }
    for nonce in [2, 3] {
        let _ = watch(&pool, genesis, (1, nonce));
    }
    assert_eq!(pool.status().future, 2);
    maintain(chain.make(last, &[], &[]));
    (pool.status().ready, pool.status().future)
}

#[test]
fn a_future_that_was_judged_long_ago_waits_for_ever_but_for_the_upkeep() {
    assert_eq!(judged_long_ago(true), (3, 0));
    // When the SDK's pool does so by itself, this module can go.
    assert_eq!(judged_long_ago(false), (1, 2));
}

#[test]
fn a_future_that_waits_for_what_is_not_there_stays_and_its_watcher_hears_nothing_new() {
    let (chain, genesis, pool, upkeep) = begin();
    let mut statuses = watch(&pool, genesis, (1, 1));
    assert_eq!(heard(&mut statuses), ["future"]);
    let block = chain.make(genesis, &[], &[]);
    maintain(&pool, Some(&upkeep), block);
    assert_eq!((pool.status().future, heard(&mut statuses)), (1, vec![]));
}

#[test]
fn a_future_that_another_author_records_is_not_said_to_be_dropped() {
    let told = |look_after: bool| {
        let (chain, genesis, pool, upkeep) = begin();
        let mut statuses = watch(&pool, genesis, (1, 1));
        let block = chain.make(genesis, &[(1, 0), (1, 1)], &[]);
        maintain(&pool, look_after.then_some(&upkeep), block);
        heard(&mut statuses)
    };
    assert_eq!(told(true), ["future", "in block"]);
    assert_eq!(told(false), ["future", "dropped"]);
}

/// A block that holds a transaction is taken back for two that do not, on which the gate refuses it.
fn taken_back() -> (Chain, Arc<TestPool>, Upkeep<Judge<Chain>>, Statuses, H256) {
    let (chain, genesis, pool, upkeep) = begin();
    let mut statuses = watch(&pool, genesis, (1, 0));
    let block = chain.make(genesis, &[(1, 0)], &[]);
    maintain(&pool, Some(&upkeep), block);
    let better = chain.make(chain.make(genesis, &[], &[(1, 0)]), &[], &[(1, 0)]);
    maintain(&pool, Some(&upkeep), better);
    assert_eq!(heard(&mut statuses), ["ready", "in block", "retracted"]);
    (chain, pool, upkeep, statuses, better)
}

#[test]
fn what_was_taken_back_and_is_refused_at_first_is_taken_in_once_it_is_right() {
    let (chain, pool, upkeep, mut statuses, better) = taken_back();
    let block = chain.make(better, &[], &[]);
    maintain(&pool, Some(&upkeep), block);
    assert_eq!((pool.status().ready, heard(&mut statuses)), (1, vec!["ready"]));
}

#[test]
fn what_was_taken_back_and_can_never_be_right_is_given_up() {
    let (chain, pool, upkeep, _statuses, better) = taken_back();
    let other = chain.add(3, better, &[(3, 0)], &[]);
    // Another transaction of the key has its place.
    if let Some(made) = chain.blocks.lock().expect("no test failed").get_mut(&other) {
        made.nonces.insert(1, 1);
    }
    let (hash, _) = chain.hash_and_length(&extrinsic((1, 0)));
    assert_eq!(block_on(upkeep.maintain(best(other))), [hash]);
    assert_eq!(pool.status().ready, 0);
}

#[test]
fn the_pools_own_rounds_drop_nothing_when_a_block_is_gone_but_the_next_in_line_that_would_fail_is_dropped() {
    let told = |look_after: bool| {
        let (chain, genesis, pool, upkeep) = begin();
        let mut statuses = watch(&pool, genesis, (1, 0));
        let mut next = watch(&pool, genesis, (1, 1));
        chain.gone.store(true, Ordering::Relaxed);
        let mut last = genesis;
        // The pool has a round every twenty blocks.
        for _ in 0..45 {
            last = chain.make(last, &[], &[]);
            maintain(&pool, look_after.then_some(&upkeep), last);
        }
        let before = heard(&mut statuses);
        block_on(upkeep.maintain(best(chain.make(last, &[], &[(1, 0)]))));
        (before, heard(&mut statuses), heard(&mut next))
    };
    assert_eq!(
        told(true),
        (vec!["ready"], vec!["invalid"], vec!["ready", "invalid"])
    );
    assert_eq!(told(false).0, ["ready", "invalid"]);
}

#[test]
fn what_is_filed_after_its_block_is_taken_out_as_recorded_and_what_stands_on_it_stays() {
    let (chain, genesis, pool, upkeep) = begin();
    // The pool looks at a block's transactions only while it holds any of its own.
    let _other = watch(&pool, genesis, (2, 0));
    let (let_go, slow) = oneshot::channel();
    *chain.slow.lock().unwrap() = Some(slow);
    let mut filing = pool.submit_and_watch(genesis, TransactionSource::External, extrinsic((1, 0)));
    assert!((&mut filing).now_or_never().is_none());
    let block = chain.make(genesis, &[(1, 0)], &[]);
    maintain(&pool, Some(&upkeep), block);
    let_go.send(()).unwrap();
    let mut recorded = block_on(filing).unwrap();
    let mut next = watch(&pool, genesis, (1, 1));
    maintain(&pool, Some(&upkeep), chain.make(block, &[], &[]));
    assert_eq!(heard(&mut recorded), ["ready", "in block"]);
    assert_eq!((heard(&mut next), pool.status().ready), (vec!["ready"], 2));
}

#[test]
fn in_a_crowd_those_at_the_front_are_judged_and_those_behind_a_block_later() {
    let (chain, genesis, pool, upkeep) = begin();
    let crowd: Vec<Tx> = (0..).map(|key| (key, 0)).take(FRONT + 100).collect();
    for one in &crowd {
        let taken = pool.submit_one(genesis, TransactionSource::External, extrinsic(*one));
        block_on(taken).expect("it is taken");
    }
    let mut last = genesis;
    for left in [100, 0] {
        last = chain.make(last, &[], &crowd);
        maintain(&pool, Some(&upkeep), last);
        assert_eq!(pool.status().ready, left);
    }
}

#[test]
fn what_is_recorded_in_a_gap_is_taken_out_and_its_watcher_hears_it() {
    let told = |look_after: bool| {
        let (chain, genesis, pool, upkeep) = begin();
        let mut statuses = watch(&pool, genesis, (1, 0));
        let mut last = chain.make(genesis, &[(1, 0)], &[]);
        for _ in 0..30 {
            last = chain.make(last, &[], &[]);
        }
        maintain(&pool, look_after.then_some(&upkeep), last);
        (heard(&mut statuses), pool.status().ready)
    };
    assert_eq!(told(true), (vec!["ready", "in block"], 0));
    assert_eq!(told(false), (vec!["ready"], 1));
}

#[test]
fn what_was_taken_back_and_is_refused_for_long_is_given_up() {
    let (chain, _pool, upkeep, _statuses, mut last) = taken_back();
    let (hash, _) = chain.hash_and_length(&extrinsic((1, 0)));
    let mut blocks = 1;
    let lost = loop {
        last = chain.make(last, &[], &[(1, 0)]);
        let lost = block_on(upkeep.maintain(best(last)));
        if !lost.is_empty() {
            break lost;
        }
        blocks += 1;
        assert!(blocks < 100);
    };
    assert_eq!((lost, blocks), (vec![hash], TRIES));
}
