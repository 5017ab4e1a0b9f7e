//! Whoever watches a transaction: the SDK's pool tells them what becomes of it, and we what it leaves out.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use futures::{
    channel::oneshot,
    future::{self, Either},
    stream, Stream, StreamExt,
};
use sc_transaction_pool_api::TransactionStatus;

use crate::service::parts::Hash;

/// What is told of a transaction.
type Status = TransactionStatus<Hash, Hash>;

/// Whoever watches a transaction.
#[derive(Default)]
pub struct Watchers(Mutex<HashMap<Hash, Vec<oneshot::Sender<()>>>>);

impl Watchers {
    /// The statuses of a transaction, and `invalid` at their end when [`Self::tell_invalid`] says so.
    pub fn watch(
        &self,
        transaction: Hash,
        statuses: impl Stream<Item = Status> + Send + Unpin + 'static,
    ) -> impl Stream<Item = Status> + Send + 'static {
        let (tell, told) = oneshot::channel();
        self.all().entry(transaction).or_default().push(tell);
        stream::unfold(Some((statuses, told)), |watched| async {
            let (mut statuses, told) = watched?;
            match future::select(statuses.next(), told).await {
                Either::Left((status, told)) => Some((status?, Some((statuses, told)))),
                Either::Right((Ok(()), _)) => Some((TransactionStatus::Invalid, None)),
                // Nobody is left who could say so.
                Either::Right((Err(_), next)) => next.await.map(|status| (status, None)),
            }
        })
    }

    /// Tells whoever watches this transaction that it is given up.
    pub fn tell_invalid(&self, transaction: &Hash) {
        for watcher in self.all().remove(transaction).unwrap_or_default() {
            // Whoever has gone need not hear it.
            let _ = watcher.send(());
        }
    }

    /// Forgets watchers that heard the end, or left.
    pub fn forget_gone(&self) {
        self.all().retain(|_, watchers| {
            watchers.retain(|watcher| !watcher.is_canceled());
            !watchers.is_empty()
        });
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<Hash, Vec<oneshot::Sender<()>>>> {
        // A thread that failed here left the map whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;
    use sp_core::H256;

    use super::*;

    const THIS: Hash = H256([1; 32]);

    #[test]
    fn a_watcher_hears_all_that_the_pool_says_and_then_that_it_is_given_up() {
        let watchers = Watchers::default();
        let said = stream::iter([Status::Ready, Status::Retracted(H256::zero())]).chain(stream::pending());
        let mut heard = Box::pin(watchers.watch(THIS, said));
        assert_eq!(block_on(heard.next()), Some(Status::Ready));
        assert_eq!(block_on(heard.next()), Some(Status::Retracted(H256::zero())));

        watchers.tell_invalid(&H256([2; 32]));
        watchers.forget_gone();
        watchers.tell_invalid(&THIS);
        assert_eq!(block_on(heard.next()), Some(Status::Invalid));
        assert_eq!(block_on(heard.next()), None);
    }

    #[test]
    fn what_the_pool_says_last_is_the_end_and_the_watcher_is_forgotten() {
        let watchers = Watchers::default();
        let end = Status::Finalized((H256::zero(), 1));
        let mut heard = Box::pin(watchers.watch(THIS, stream::iter([end.clone()])));
        assert_eq!(block_on(heard.next()), Some(end));
        assert_eq!(block_on(heard.next()), None);
        drop(heard);
        watchers.forget_gone();
        assert!(watchers.all().is_empty());
    }
}
