//! The transaction pool: the SDK's for one state, with a count of what it refuses, and with upkeep.
//!
//! Whoever watches a transaction hears of it until it is final, or hears that it is not: see [`upkeep`]. [`judge`] keeps
//! the SDK's pool from what it does amiss, [`gossip`] is what the network sees, and [`pace`] when. [`unrecorded`] is what
//! authors see, and [`behind`] keeps judging behind the making of blocks.

mod behind;
mod causes;
mod gossip;
mod judge;
mod pace;
mod unrecorded;
mod upkeep;
mod watchers;

use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};

use async_trait::async_trait;
use faultline_runtime::opaque::Block;
use futures::{channel::mpsc, executor::block_on, StreamExt};
use sc_service::{SpawnTaskHandle, TaskManager};
use sc_transaction_pool::{BasicPool, ChainApi, FullChainApi, Options, RevalidationType};
use sc_transaction_pool_api::{
    error::IntoPoolError, ChainEvent, ImportNotificationStream, LocalTransactionPool,
    MaintainedTransactionPool, PoolStatus, ReadyTransactions, TransactionPool, TransactionSource,
    TransactionStatusStreamFor, TxHash, TxInvalidityReportMap,
};
use sp_blockchain::HeaderBackend;
use sp_runtime::{traits::Block as BlockT, transaction_validity::TransactionValidityError};
use substrate_prometheus_endpoint::Registry;

use behind::Behind;
pub use causes::known as known_causes;
pub use gossip::Gossip;
use judge::Judge;
use unrecorded::{beyond_doubt, unrecorded};
use upkeep::Upkeep;
use watchers::Watchers;

use crate::{
    service::parts::{FullClient, Hash},
    watch::{Names, Refused, Stage},
};

type HashOf<Api> = <<Api as ChainApi>::Block as BlockT>::Hash;
type ExtrinsicOf<Api> = Arc<<<Api as ChainApi>::Block as BlockT>::Extrinsic>;
type Api = Judge<FullChainApi<FullClient, Block>>;
type Inner = BasicPool<Api, Block>;
type Extrinsic = <Block as BlockT>::Extrinsic;
type Error = <Api as ChainApi>::Error;
type InPool = <Inner as TransactionPool>::InPoolTransaction;
type Ready = Box<dyn ReadyTransactions<Item = Arc<InPool>> + Send>;

/// Notifications that wait for one who is slow to take them.
const NOTIFICATIONS: usize = 256;

/// How much the pool holds, of which futures, those that wait for another of the same key, are a tenth beside.
pub fn options(transactions: usize, bytes: usize, ban: Duration) -> Options {
    let mut options = Options::default();
    options.ready.count = transactions;
    options.ready.total_bytes = bytes;
    options.future.count = transactions / 10;
    options.future.total_bytes = bytes / 10;
    options.ban_time = ban;
    options
}

/// Transactions that wait for a block.
pub struct FullPool {
    inner: Arc<Inner>,
    upkeep: Upkeep<Api>,
    watchers: Watchers,
    refused: Refused,
    names: Names,
    spawner: SpawnTaskHandle,
}

impl FullPool {
    /// An empty pool of this chain, which counts here what it refuses.
    pub fn new(
        options: Options,
        is_authority: bool,
        client: &Arc<FullClient>,
        task_manager: &TaskManager,
        registry: Option<&Registry>,
        refused: Refused,
    ) -> Self {
        let info = client.info();
        let spawner = Behind(task_manager.spawn_essential_handle());
        let inner = Arc::new(BasicPool::with_revalidation_type(
            options,
            is_authority.into(),
            Arc::new(Judge(FullChainApi::new(client.clone(), registry, &spawner))),
            registry,
            // The rounds of `Full` run beside all else, where `judge` cannot tell them apart.
            RevalidationType::Light,
            spawner,
            info.best_number,
            info.best_hash,
            info.finalized_hash,
        ));
        Self {
            upkeep: Upkeep::new(inner.clone(), info.best_hash),
            inner,
            watchers: Watchers::default(),
            refused,
            names: Names::new(),
            spawner: task_manager.spawn_handle(),
        }
    }

    fn counted<T>(&self, answer: Result<T, Error>) -> Result<T, Error> {
        answer.map_err(|error| match error.into_pool_error() {
            Ok(error) => {
                if let Some(cause) = causes::of_error(&error, &self.names) {
                    self.refused.add(Stage::Pool, &cause, 1);
                }
                error.into()
            }
            // The node failed, not the transaction.
            Err(other) => other,
        })
    }
}

#[async_trait]
impl TransactionPool for FullPool {
    type Block = Block;
    type Hash = Hash;
    type InPoolTransaction = InPool;
    type Error = Error;

    async fn submit_at(
        &self,
        at: Hash,
        source: TransactionSource,
        transactions: Vec<Extrinsic>,
    ) -> Result<Vec<Result<Hash, Error>>, Error> {
        let answers = self.counted(self.inner.submit_at(at, source, transactions).await)?;
        Ok(answers.into_iter().map(|answer| self.counted(answer)).collect())
    }

    async fn submit_one(
        &self,
        at: Hash,
        source: TransactionSource,
        transaction: Extrinsic,
    ) -> Result<Hash, Error> {
        self.counted(self.inner.submit_one(at, source, transaction).await)
    }

    async fn submit_and_watch(
        &self,
        at: Hash,
        source: TransactionSource,
        transaction: Extrinsic,
    ) -> Result<Pin<Box<TransactionStatusStreamFor<Self>>>, Error> {
        let hash = self.hash_of(&transaction);
        let statuses = self.counted(self.inner.submit_and_watch(at, source, transaction).await)?;
        Ok(self.watchers.watch(hash, statuses).boxed())
    }

    async fn ready_at(&self, at: Hash) -> Ready {
        unrecorded(self.inner.ready_at(at).await, at, self.inner.api()).await
    }

    fn ready(&self) -> Ready {
        self.inner.ready()
    }

    async fn report_invalid(
        &self,
        at: Option<Hash>,
        errors: TxInvalidityReportMap<TxHash<Self>>,
    ) -> Vec<Arc<InPool>> {
        let errors = beyond_doubt(errors);
        let causes = errors.clone();
        let removed = self.inner.report_invalid(at, errors).await;
        for transaction in &removed {
            let cause = match causes.get(&transaction.hash) {
                Some(Some(TransactionValidityError::Invalid(why))) => causes::of_invalid(why, &self.names),
                Some(Some(TransactionValidityError::Unknown(why))) => causes::of_unknown(why),
                // Removed without an error, or with another: it was not refused.
                _ => continue,
            };
            self.refused.add(Stage::Pool, &cause, 1);
        }
        removed
    }

    fn futures(&self) -> Vec<InPool> {
        self.inner.futures()
    }

    fn status(&self) -> PoolStatus {
        self.inner.status()
    }

    /// For the network, which tells its peers of whatever this says.
    fn import_notification_stream(&self) -> ImportNotificationStream<Hash> {
        let (listener, listening) = mpsc::channel(NOTIFICATIONS);
        let imported = self.inner.import_notification_stream();
        let telling = pace::tell(self.inner.clone(), imported, listener);
        self.spawner
            .spawn("transactions-told", Some("transaction-pool"), telling);
        listening
    }

    fn on_broadcasted(&self, propagations: HashMap<Hash, Vec<String>>) {
        self.inner.on_broadcasted(propagations);
    }

    fn hash_of(&self, transaction: &Extrinsic) -> Hash {
        self.inner.hash_of(transaction)
    }

    fn ready_transaction(&self, hash: &Hash) -> Option<Arc<InPool>> {
        self.inner.ready_transaction(hash)
    }

    async fn ready_at_with_timeout(&self, at: Hash, timeout: Duration) -> Ready {
        let ready = self.inner.ready_at_with_timeout(at, timeout).await;
        unrecorded(ready, at, self.inner.api()).await
    }
}

#[async_trait]
impl MaintainedTransactionPool for FullPool {
    async fn maintain(&self, event: ChainEvent<Block>) {
        for lost in self.upkeep.maintain(event).await {
            self.watchers.tell_invalid(&lost);
        }
        self.watchers.forget_gone();
    }
}

impl LocalTransactionPool for FullPool {
    type Block = Block;
    type Hash = Hash;
    type Error = Error;

    fn submit_local(&self, at: Hash, transaction: Extrinsic) -> Result<Hash, Error> {
        // What a runtime reports while it is asked something, which is never on a thread that judges.
        let taken = self.inner.submit_one(at, TransactionSource::Local, transaction);
        self.counted(block_on(taken))
    }
}
