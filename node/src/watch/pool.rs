//! The transaction pool, which counts what it refuses.
//!
//! Everything is handed on to the SDK's pool, and its futures as they are.

use std::{collections::HashMap, future::Future, pin::Pin, sync::Arc, time::Duration};

use faultline_primitives::refusal::{Code, Gate};
use faultline_runtime::opaque::Block;
use sc_transaction_pool::{ChainApi, FullChainApi, TransactionPoolHandle};
use sc_transaction_pool_api::{
    error::{Error as PoolError, IntoPoolError},
    ChainEvent, ImportNotificationStream, LocalTransactionPool, MaintainedTransactionPool, PoolStatus,
    ReadyTransactions, TransactionPool, TransactionSource, TransactionStatusStreamFor, TxHash,
    TxInvalidityReportMap,
};
use sp_runtime::{
    traits::Block as BlockT,
    transaction_validity::{InvalidTransaction, TransactionValidityError, UnknownTransaction},
};

use super::{
    metrics::{Refused, Stage},
    outcome::Names,
};
use crate::service::parts::{FullClient, Hash};

type Inner = TransactionPoolHandle<Block, FullClient>;
type Extrinsic = <Block as BlockT>::Extrinsic;
type Error = <FullChainApi<FullClient, Block> as ChainApi>::Error;
type InPool = <Inner as TransactionPool>::InPoolTransaction;
type Ready = Box<dyn ReadyTransactions<Item = Arc<InPool>> + Send>;
type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Causes that are known beforehand, by the names that they are counted under.
pub fn known_causes() -> Vec<&'static str> {
    let gates = Gate::ALL.iter().map(Gate::name);
    gates
        .chain(["AncientBirthBlock", "BadProof", "Future", "PoolFull", "Stale"])
        .collect()
}

/// The SDK's transaction pool, and a counter of what it refuses.
pub struct CountedPool {
    inner: Inner,
    refused: Refused,
    names: Names,
}

impl CountedPool {
    /// Counts what `inner` refuses.
    pub fn new(inner: Inner, refused: Refused) -> Self {
        Self {
            inner,
            refused,
            names: Names::new(),
        }
    }

    fn counted<T>(&self, answer: Result<T, Error>) -> Result<T, Error> {
        answer.map_err(|error| match error.into_pool_error() {
            Ok(error) => {
                if let Some(cause) = cause(&error, &self.names) {
                    self.refused.add(Stage::Pool, &cause, 1);
                }
                error.into()
            }
            // The node failed, not the transaction.
            Err(other) => other,
        })
    }
}

/// Under which name a refusal is counted. What the pool holds already is not refused: it comes from every peer.
fn cause(error: &PoolError, names: &Names) -> Option<String> {
    let cause = match error {
        PoolError::AlreadyImported(_) => return None,
        PoolError::InvalidTransaction(why) => cause_of_invalid(why, names),
        PoolError::UnknownTransaction(why) => cause_of_unknown(why),
        PoolError::NoTagsProvided => "NoTags".into(),
        PoolError::TemporarilyBanned => "Banned".into(),
        PoolError::TooLowPriority { .. } => "PriorityTooLow".into(),
        PoolError::CycleDetected => "Cycle".into(),
        PoolError::ImmediatelyDropped => "PoolFull".into(),
        PoolError::Unactionable => "Unactionable".into(),
        PoolError::InvalidBlockId(_) => "NoSuchBlock".into(),
        PoolError::RejectedFutureTransaction => "Future".into(),
    };
    Some(cause)
}

fn cause_of_invalid(why: &InvalidTransaction, names: &Names) -> String {
    match why {
        InvalidTransaction::Custom(code) => cause_of_code(*code, names),
        other => format!("{other:?}"),
    }
}

fn cause_of_code(code: u8, names: &Names) -> String {
    match Code::of(code) {
        Some(Code::Gate(gate)) => gate.name().into(),
        Some(Code::Pallet { pallet, error }) => {
            let name = names.error(pallet, error);
            name.map_or_else(|| format!("{pallet}.{error}"), Into::into)
        }
        None => format!("code-{code}"),
    }
}

fn cause_of_unknown(why: &UnknownTransaction) -> String {
    match why {
        UnknownTransaction::Custom(code) => format!("unknown-{code}"),
        other => format!("{other:?}"),
    }
}

impl TransactionPool for CountedPool {
    type Block = Block;
    type Hash = Hash;
    type InPoolTransaction = InPool;
    type Error = Error;

    fn submit_at<'life0, 'async_trait>(
        &'life0 self,
        at: Hash,
        source: TransactionSource,
        transactions: Vec<Extrinsic>,
    ) -> Answer<'async_trait, Result<Vec<Result<Hash, Error>>, Error>>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(async move {
            let answers = self.counted(self.inner.submit_at(at, source, transactions).await)?;
            Ok(answers.into_iter().map(|answer| self.counted(answer)).collect())
        })
    }

    fn submit_one<'life0, 'async_trait>(
        &'life0 self,
        at: Hash,
        source: TransactionSource,
        transaction: Extrinsic,
    ) -> Answer<'async_trait, Result<Hash, Error>>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(async move { self.counted(self.inner.submit_one(at, source, transaction).await) })
    }

    fn submit_and_watch<'life0, 'async_trait>(
        &'life0 self,
        at: Hash,
        source: TransactionSource,
        transaction: Extrinsic,
    ) -> Answer<'async_trait, Result<Pin<Box<TransactionStatusStreamFor<Self>>>, Error>>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(async move { self.counted(self.inner.submit_and_watch(at, source, transaction).await) })
    }

    fn ready_at<'life0, 'async_trait>(&'life0 self, at: Hash) -> Answer<'async_trait, Ready>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        self.inner.ready_at(at)
    }

    fn ready(&self) -> Ready {
        self.inner.ready()
    }

    fn report_invalid<'life0, 'async_trait>(
        &'life0 self,
        at: Option<Hash>,
        errors: TxInvalidityReportMap<TxHash<Self>>,
    ) -> Answer<'async_trait, Vec<Arc<InPool>>>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(async move {
            let causes = errors.clone();
            let removed = self.inner.report_invalid(at, errors).await;
            for transaction in &removed {
                let cause = match causes.get(&transaction.hash) {
                    Some(Some(TransactionValidityError::Invalid(why))) => cause_of_invalid(why, &self.names),
                    Some(Some(TransactionValidityError::Unknown(why))) => cause_of_unknown(why),
                    // Removed without an error, or with another: it was not refused.
                    _ => continue,
                };
                self.refused.add(Stage::Pool, &cause, 1);
            }
            removed
        })
    }

    fn futures(&self) -> Vec<InPool> {
        self.inner.futures()
    }

    fn status(&self) -> PoolStatus {
        self.inner.status()
    }

    fn import_notification_stream(&self) -> ImportNotificationStream<Hash> {
        self.inner.import_notification_stream()
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

    fn ready_at_with_timeout<'life0, 'async_trait>(
        &'life0 self,
        at: Hash,
        timeout: Duration,
    ) -> Answer<'async_trait, Ready>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        self.inner.ready_at_with_timeout(at, timeout)
    }
}

impl MaintainedTransactionPool for CountedPool {
    fn maintain<'life0, 'async_trait>(&'life0 self, event: ChainEvent<Block>) -> Answer<'async_trait, ()>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        self.inner.maintain(event)
    }
}

impl LocalTransactionPool for CountedPool {
    type Block = Block;
    type Hash = Hash;
    type Error = Error;

    fn submit_local(&self, at: Hash, transaction: Extrinsic) -> Result<Hash, Error> {
        self.counted(self.inner.submit_local(at, transaction))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_that_is_there_already_is_not_refused_and_every_other_error_has_a_name() {
        let names = Names::new();
        let cause = |error| cause(&error, &names);
        let invalid = |why| cause(PoolError::InvalidTransaction(why));
        assert_eq!(cause(PoolError::AlreadyImported(Box::new(()))), None);
        assert_eq!(invalid(InvalidTransaction::Stale).as_deref(), Some("Stale"));
        assert_eq!(cause(PoolError::ImmediatelyDropped).as_deref(), Some("PoolFull"));

        let gate = InvalidTransaction::Custom(Gate::QuotaSpent.code());
        assert_eq!(invalid(gate).as_deref(), Some("QuotaSpent"));
        // An error of every pallet that has codes has a name.
        for (pallet, _) in faultline_primitives::refusal::PALLETS {
            let code = Code::for_error(pallet, 0).expect("each has codes");
            let named = invalid(InvalidTransaction::Custom(code)).expect("it is refused");
            let (_, name) = named.split_once('.').expect("pallet and error");
            assert!(name.chars().all(|letter| letter.is_ascii_alphabetic()), "{named}");
        }
    }
}
