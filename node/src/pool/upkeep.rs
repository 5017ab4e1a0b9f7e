//! Keeps the pool true to the chain, where the SDK's pool for one state does not by itself.
//!
//! - That pool judges a transaction by the state after one block, and files it after another: in a crowd seconds lie
//!   between. A transaction that was judged while its predecessor waited is then filed among the futures, to wait for
//!   what is long recorded; and so do all that follow it of the same key, for nobody judges a future anew. Here
//!   the first of each such line is judged again after each block.
//! - A future that another author records meanwhile is said to be dropped. Here it is taken out before.
//! - After a gap of more than twenty blocks it does not look at what is recorded in them. Here it is taken out after.
//! - Of the transactions of a block that was taken back, those which fail on the better branch are let go
//!   without a word, though they may be right a block later. Here they are tried again until they are, or never will be,
//!   and then whoever watches hears it.
//! - A transaction that is filed only after the block that records it stays ready, and is stale. Here it is taken out as
//!   recorded, and what stands on it stays.
//! - What is ready is judged anew all at once, with what comes of that ([`super::judge`]). Here what comes next of each
//!   key is judged after each block, and dropped if it would fail. In a crowd of keys, those at its front.

use std::{
    borrow::Borrow,
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
};

use futures::{future, lock::Mutex, FutureExt};
use sc_transaction_pool::{BasicPool, ChainApi, TimedTransactionSource, ValidateTransactionPriority};
use sc_transaction_pool_api::{
    error::{Error as PoolError, IntoPoolError},
    ChainEvent, MaintainedTransactionPool, TransactionPool, TransactionSource,
};
use sp_blockchain::{HashAndNumber, TreeRoute};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError, ValidTransaction};

use super::{judge::without_rounds, ExtrinsicOf, HashOf};

/// The target of this module's log lines.
const LOG: &str = "faultline::pool";
/// So many blocks at once are looked at; beyond, the node is catching up.
const TURN: usize = 256;
/// So many keys' next transactions are judged after a block: some tenths of a second. Those behind come later, as blocks take
/// what is before them, or fail in a block.
const FRONT: usize = 512;
/// Of so many blocks it is remembered what they hold: judging takes no longer.
const REMEMBERED: usize = 16;
/// At so many blocks a transaction that was taken back is tried: as long as those of `faultline` live.
const TRIES: u32 = 64;

/// A pool, and what it does not do by itself.
pub struct Upkeep<Api: ChainApi + 'static> {
    pool: Arc<BasicPool<Api, Api::Block>>,
    state: Mutex<State<Api>>,
}

struct State<Api: ChainApi> {
    /// The block that the pool stands at.
    best: HashOf<Api>,
    /// What blocks that were taken back held, and neither the chain nor the pool holds now.
    taken_back: TakenBack<Api>,
    /// The last blocks of the best branch.
    last: VecDeque<Recorded<Api>>,
}

/// A transaction as the pool holds it.
type InPool<Api> = <BasicPool<Api, <Api as ChainApi>::Block> as TransactionPool>::InPoolTransaction;
/// Transactions by their hashes, and how often each is tried yet.
type TakenBack<Api> = HashMap<HashOf<Api>, (ExtrinsicOf<Api>, u32)>;
/// A block, and the transactions in it.
type Recorded<Api> = (HashAndNumber<<Api as ChainApi>::Block>, Vec<HashOf<Api>>);

/// What is to be said of a transaction after a block.
enum Judgement {
    /// It is right, maybe behind others of its key.
    Right(ValidTransaction),
    /// It fails now: after another block it may not.
    Refused,
    /// It fails, and always will.
    Over,
    /// Nothing: it could not be tried.
    Unknown,
}

impl<Api: ChainApi + 'static> Upkeep<Api> {
    /// Of a pool that stands at `best`.
    pub fn new(pool: Arc<BasicPool<Api, Api::Block>>, best: HashOf<Api>) -> Self {
        let state = State {
            best,
            taken_back: HashMap::new(),
            last: VecDeque::new(),
        };
        Self {
            pool,
            state: Mutex::new(state),
        }
    }

    /// Lets the pool learn of a block. Returns the transactions that are given up without the pool having said so.
    pub async fn maintain(&self, event: ChainEvent<Api::Block>) -> Vec<HashOf<Api>> {
        let mut state = self.state.lock().await;
        let recorded = self.look_at(&event, &mut state).await;
        without_rounds(self.pool.maintain(event)).await;
        let Some((at, _)) = recorded.last() else {
            return Vec::new();
        };
        self.take_out(recorded.iter().map(|(block, hashes)| (block, hashes.as_slice())));
        let mut lost = self.take_in_again(at, &mut state.taken_back).await;
        lost.extend(self.promote(at).await);
        let at = at.clone();
        state.last.extend(recorded);
        let forgotten = state.last.len().saturating_sub(REMEMBERED);
        state.last.drain(..forgotten);
        self.drop_doomed(&at, &state.last).await;
        lost
    }

    /// Takes what is recorded now out of the futures, and notes what is recorded no longer. Returns the blocks by which the
    /// chain has grown, with what is in them; none, if it has not, or by too many.
    async fn look_at(&self, event: &ChainEvent<Api::Block>, state: &mut State<Api>) -> Vec<Recorded<Api>> {
        let route = self.pool.api().tree_route(state.best, event.hash());
        let near = |route: &TreeRoute<_>| route.enacted().len() <= TURN && route.retracted().len() <= TURN;
        let route = match route.ok().filter(near) {
            Some(route) if route.enacted().is_empty() => return Vec::new(),
            Some(route) => route,
            // Final, far below the best block.
            None if event.is_finalized() => return Vec::new(),
            None => {
                state.best = event.hash();
                return Vec::new();
            }
        };
        state.best = event.hash();

        for block in route.retracted() {
            state.last.retain(|(last, _)| last.hash != block.hash);
            let taken_back = self.body(block.hash).await.into_iter();
            let tried = taken_back.map(|(hash, transaction)| (hash, (transaction, TRIES)));
            state.taken_back.extend(tried);
        }
        let mut recorded = Vec::new();
        for block in route.enacted() {
            let hashes = self.body(block.hash).await.into_iter().map(|(hash, _)| hash);
            recorded.push((block.clone(), hashes.collect()));
        }
        let all: HashSet<_> = recorded
            .iter()
            .flat_map(|(_, hashes): &Recorded<Api>| hashes)
            .collect();
        state.taken_back.retain(|hash, _| !all.contains(hash));
        let waiting = self.pool.futures().into_iter().map(|future| future.hash);
        let waiting: Vec<_> = waiting.filter(|hash| all.contains(hash)).collect();
        if !waiting.is_empty() {
            log::debug!(target: LOG, "{} futures are recorded", waiting.len());
            self.remove(&waiting);
        }
        recorded
    }

    /// Takes out what is recorded and was left in by the pool itself. Watchers hear it.
    fn take_out<'a>(
        &self,
        recorded: impl Iterator<Item = (&'a HashAndNumber<Api::Block>, &'a [HashOf<Api>])>,
    ) {
        let pool = self.pool.pool();
        for (block, hashes) in recorded {
            let tags = pool.validated_pool().extrinsics_tags(hashes);
            let left = hashes.iter().zip(tags).filter(|(_, tags)| tags.is_some());
            let left: Vec<_> = left.map(|(hash, _)| *hash).collect();
            if !left.is_empty() {
                pool.prune_known(block, &left);
            }
        }
    }

    /// Takes in again what is in no block any more and was not taken in by the pool itself. Returns what is lost.
    async fn take_in_again(
        &self,
        at: &HashAndNumber<Api::Block>,
        taken_back: &mut TakenBack<Api>,
    ) -> Vec<HashOf<Api>> {
        let mut lost = Vec::new();
        for (hash, (transaction, tries)) in std::mem::take(taken_back) {
            let in_pool = self.pool.pool().validated_pool().extrinsics_tags(&[hash]);
            if in_pool.iter().any(Option::is_some) {
                continue;
            }
            let source = TimedTransactionSource::new_external(false);
            match self.judge(at, source.clone(), transaction.clone()).await {
                Judgement::Right(_) => lost.extend(self.file(at, hash, source, transaction).await),
                Judgement::Refused | Judgement::Unknown if tries > 0 => {
                    taken_back.insert(hash, (transaction, tries - 1));
                }
                Judgement::Refused | Judgement::Unknown | Judgement::Over => lost.push(hash),
            }
        }
        if !(lost.is_empty() && taken_back.is_empty()) {
            let later = taken_back.len();
            log::debug!(target: LOG, "of blocks taken back: {} lost, {later} later", lost.len());
        }
        lost
    }

    /// Files anew the futures that wait for nothing any more; those behind them follow. Returns what is lost. One of each
    /// key is looked at: the gate lets members' keys in only, and the pool bounds the number of futures.
    async fn promote(&self, at: &HashAndNumber<Api::Block>) -> Vec<HashOf<Api>> {
        let futures = self.pool.futures();
        let mut lost = Vec::new();
        let (mut promoted, mut over) = (0, Vec::new());
        for (future, judgement) in self.judge_next(at, &futures, futures.len()).await {
            match judgement {
                Judgement::Right(validity) if validity.requires.is_empty() => {
                    // One, or with it those behind it, if it has been promoted meanwhile.
                    for (hash, source, transaction) in self.remove(&[future.hash]) {
                        lost.extend(self.file(at, hash, source, transaction).await);
                    }
                    promoted += 1;
                }
                Judgement::Right(_) | Judgement::Refused | Judgement::Unknown => {}
                Judgement::Over => over.push(future.hash),
            }
        }
        self.pool.pool().validated_pool().remove_invalid(&over);
        if promoted > 0 || !over.is_empty() {
            let (waiting, over) = (futures.len(), over.len());
            log::debug!(target: LOG, "of {waiting} futures {promoted} waited for nothing, {over} for too long");
        }
        lost
    }

    /// Drops what comes next of a key and would fail in a block now, with what stands on it. Watchers hear it. What fails as
    /// one of the last blocks holds it is taken out alone.
    async fn drop_doomed(&self, at: &HashAndNumber<Api::Block>, last: &VecDeque<Recorded<Api>>) {
        let ready: Vec<_> = self.pool.ready().collect();
        let doomed: Vec<_> = self
            .judge_next(at, &ready, FRONT)
            .await
            .into_iter()
            .filter(|(_, judgement)| matches!(judgement, Judgement::Refused | Judgement::Over))
            .map(|(ready, _)| ready.hash)
            .collect();
        let block_of = |hash: &HashOf<Api>| last.iter().find(|(_, hashes)| hashes.contains(hash));
        let (mut late, mut never) = (Vec::new(), Vec::new());
        for hash in &doomed {
            match block_of(hash) {
                Some((block, _)) => late.push((block, std::slice::from_ref(hash))),
                None => never.push(*hash),
            }
        }
        self.take_out(late.into_iter());
        self.pool.pool().validated_pool().remove_invalid(&never);
    }

    /// Takes them out of the pool, and what in it stands on them; watchers hear nothing.
    fn remove(&self, hashes: &[HashOf<Api>]) -> Vec<(HashOf<Api>, TimedTransactionSource, ExtrinsicOf<Api>)> {
        let pool = self.pool.pool().validated_pool();
        let removed = pool.remove_subtree(hashes, false, |_, _| {});
        removed
            .into_iter()
            .map(|removed| (removed.hash, removed.source.clone(), removed.data.clone()))
            .collect()
    }

    /// Puts it into the pool. Returns it, if it is lost and nobody was told.
    async fn file(
        &self,
        at: &HashAndNumber<Api::Block>,
        hash: HashOf<Api>,
        source: TimedTransactionSource,
        transaction: ExtrinsicOf<Api>,
    ) -> Option<HashOf<Api>> {
        let priority = ValidateTransactionPriority::Maintained;
        let filed = self
            .pool
            .pool()
            .resubmit_at(at, [(source, transaction)], priority)
            .await;
        let error = filed.into_iter().find_map(Result::err)?;
        let why = match error.into_pool_error() {
            // It is there, or the pool has said that there was no room.
            Ok(PoolError::AlreadyImported(_) | PoolError::ImmediatelyDropped) => return None,
            Ok(error) => error.to_string(),
            Err(error) => error.to_string(),
        };
        log::debug!(target: LOG, "{hash:?} is given up: {why}");
        Some(hash)
    }

    /// Judges what of these waits for none of the others: what comes next of each key. Of these, so many at most.
    async fn judge_next<'a, T: Borrow<InPool<Api>>>(
        &self,
        at: &HashAndNumber<Api::Block>,
        transactions: &'a [T],
        most: usize,
    ) -> Vec<(&'a InPool<Api>, Judgement)> {
        let transactions = transactions.iter().map(Borrow::borrow);
        let provided: HashSet<_> = transactions
            .clone()
            .flat_map(|one: &InPool<Api>| &one.provides)
            .collect();
        let next = transactions.filter(|one| !one.requires.iter().any(|tag| provided.contains(tag)));
        let judged = next.take(most).map(|one| {
            let judged = self.judge(at, one.source.clone(), one.data.clone());
            judged.map(move |judgement| (one, judgement))
        });
        future::join_all(judged).await
    }

    async fn judge(
        &self,
        at: &HashAndNumber<Api::Block>,
        source: TimedTransactionSource,
        transaction: ExtrinsicOf<Api>,
    ) -> Judgement {
        let source = match source.into() {
            // A peer's, which was taken in without trying its call: see `gossip`.
            TransactionSource::InBlock => TransactionSource::External,
            other => other,
        };
        let priority = ValidateTransactionPriority::Maintained;
        let api = self.pool.api();
        let judged = api.validate_transaction(at.hash, source, transaction, priority);
        match judged.await {
            Ok(Ok(validity)) => Judgement::Right(validity),
            // The gate's word, or the call's error: it hangs on the state, and with it on the block.
            Ok(Err(TransactionValidityError::Invalid(InvalidTransaction::Custom(_)))) => Judgement::Refused,
            Ok(Err(TransactionValidityError::Invalid(_))) => Judgement::Over,
            Ok(Err(TransactionValidityError::Unknown(_))) | Err(_) => Judgement::Unknown,
        }
    }

    /// A block's transactions. None, if it is not there any more: nothing can be said of them then.
    async fn body(&self, block: HashOf<Api>) -> Vec<(HashOf<Api>, ExtrinsicOf<Api>)> {
        let api = self.pool.api();
        let body = api.block_body(block).await.ok().flatten().unwrap_or_default();
        let hashed = body.into_iter().map(|transaction| {
            let (hash, _) = api.hash_and_length(&transaction);
            (hash, Arc::new(transaction))
        });
        hashed.collect()
    }
}

#[cfg(test)]
mod tests;
