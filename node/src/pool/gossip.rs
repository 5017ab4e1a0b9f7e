//! The pool as the network sees it, which hands transactions from node to node.
//!
//! Of what comes in the network is told by [`super::pace`]. Besides, the SDK looks at all that is ready every three
//! seconds, and sends each peer what it does not know, all at once: a peer that has just come knows nothing. After a
//! burst that is more than a connection takes: it is closed, opened, and sent the same again, while no block gets
//! through. So the network sees the front of the queue only, and in a crowd of it what came in here: what peers told of they
//! told the others. Nor is a peer to blame for a transaction that is merely late.

use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};

use async_trait::async_trait;
use faultline_runtime::opaque::Block;
use sc_transaction_pool_api::{
    error::{Error as PoolError, IntoPoolError},
    ImportNotificationStream, PoolStatus, ReadyTransactions, TransactionPool, TransactionSource,
    TransactionStatusStreamFor, TxHash, TxInvalidityReportMap,
};
use sp_runtime::transaction_validity::InvalidTransaction;

use super::{pace::CROWD, Error, Extrinsic, FullPool, InPool, Ready};
use crate::service::parts::Hash;

/// How many transactions a new peer is sent: half of what a connection takes at once.
const FRONT: usize = 1_024;

/// The pool as the network sees it.
pub struct Gossip(pub Arc<FullPool>);

/// The first of those that are ready.
struct Front {
    ready: Ready,
    left: usize,
    /// Whether what peers told of is left out.
    crowded: bool,
}

impl Iterator for Front {
    type Item = Arc<InPool>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let crowded = self.crowded;
        self.ready.find(|one| !(crowded && is_a_peers(one)))
    }
}

impl ReadyTransactions for Front {
    fn report_invalid(&mut self, transaction: &Self::Item) {
        self.ready.report_invalid(transaction);
    }
}

/// Whether a peer told of it.
pub fn is_a_peers(transaction: &InPool) -> bool {
    TransactionSource::from(transaction.source.clone()) == TransactionSource::InBlock
}

/// Whether a peer may have sent it in good faith: it was right a while ago, or will be.
fn is_in_good_faith(error: &PoolError) -> bool {
    matches!(
        error,
        PoolError::AlreadyImported(_)
            | PoolError::TemporarilyBanned
            | PoolError::ImmediatelyDropped
            | PoolError::TooLowPriority { .. }
            | PoolError::UnknownTransaction(_)
            | PoolError::InvalidTransaction(
                InvalidTransaction::Stale
                    | InvalidTransaction::Future
                    | InvalidTransaction::AncientBirthBlock
                    | InvalidTransaction::Custom(_)
            )
    )
}

/// As what a peer's transaction is judged: as one in a block, whose call is not tried. The node that it came to has tried
/// it, and [`super::upkeep`] does so again. What nobody has signed stays what it is: the runtime takes reports of double
/// votes from this node itself, and in blocks.
fn source_of(transaction: &Extrinsic, source: TransactionSource) -> TransactionSource {
    /// Set in the first byte of a transaction that is signed.
    const SIGNED: u8 = 0b1000_0000;
    match transaction.inner().first() {
        Some(first) if first & SIGNED != 0 => TransactionSource::InBlock,
        _ => source,
    }
}

impl Gossip {
    fn front(&self, ready: Ready) -> Ready {
        Box::new(Front {
            ready,
            left: FRONT,
            crowded: self.0.status().ready > CROWD,
        })
    }
}

#[async_trait]
impl TransactionPool for Gossip {
    type Block = Block;
    type Hash = Hash;
    type InPoolTransaction = InPool;
    type Error = Error;

    async fn submit_one(
        &self,
        at: Hash,
        source: TransactionSource,
        transaction: Extrinsic,
    ) -> Result<Hash, Error> {
        let hash = self.hash_of(&transaction);
        let source = source_of(&transaction, source);
        let taken = self.0.submit_one(at, source, transaction).await;
        taken.map_err(|error| match error.into_pool_error() {
            // What the network takes for: known, and good.
            Ok(error) if is_in_good_faith(&error) => PoolError::AlreadyImported(Box::new(hash)).into(),
            Ok(error) => error.into(),
            Err(error) => error,
        })
    }

    fn ready(&self) -> Ready {
        self.front(self.0.ready())
    }

    fn ready_transaction(&self, hash: &Hash) -> Option<Arc<InPool>> {
        self.0.ready_transaction(hash)
    }

    async fn submit_at(
        &self,
        at: Hash,
        source: TransactionSource,
        transactions: Vec<Extrinsic>,
    ) -> Result<Vec<Result<Hash, Error>>, Error> {
        self.0.submit_at(at, source, transactions).await
    }

    async fn submit_and_watch(
        &self,
        at: Hash,
        source: TransactionSource,
        transaction: Extrinsic,
    ) -> Result<Pin<Box<TransactionStatusStreamFor<Self>>>, Error> {
        self.0.submit_and_watch(at, source, transaction).await
    }

    async fn ready_at(&self, at: Hash) -> Ready {
        self.front(self.0.ready_at(at).await)
    }

    async fn ready_at_with_timeout(&self, at: Hash, timeout: Duration) -> Ready {
        self.front(self.0.ready_at_with_timeout(at, timeout).await)
    }

    async fn report_invalid(
        &self,
        at: Option<Hash>,
        errors: TxInvalidityReportMap<TxHash<Self>>,
    ) -> Vec<Arc<InPool>> {
        self.0.report_invalid(at, errors).await
    }

    fn futures(&self) -> Vec<InPool> {
        self.0.futures()
    }

    fn status(&self) -> PoolStatus {
        self.0.status()
    }

    fn import_notification_stream(&self) -> ImportNotificationStream<Hash> {
        self.0.import_notification_stream()
    }

    fn on_broadcasted(&self, propagations: HashMap<Hash, Vec<String>>) {
        self.0.on_broadcasted(propagations);
    }

    fn hash_of(&self, transaction: &Extrinsic) -> Hash {
        self.0.hash_of(transaction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_is_to_blame_for_what_could_never_be_right_and_for_nothing_that_is_late() {
        let invalid = |why| is_in_good_faith(&PoolError::InvalidTransaction(why));
        assert!(invalid(InvalidTransaction::Stale));
        assert!(invalid(InvalidTransaction::Custom(7)));
        assert!(is_in_good_faith(&PoolError::TemporarilyBanned));
        assert!(!invalid(InvalidTransaction::BadProof));
        assert!(!invalid(InvalidTransaction::BadSigner));
        assert!(!is_in_good_faith(&PoolError::NoTagsProvided));
    }

    #[test]
    fn the_call_of_what_a_peer_sends_is_not_tried_again_unless_nobody_signed_it() {
        let source = |bytes: &[u8]| {
            let transaction = Extrinsic::from_blob(bytes.to_vec());
            source_of(&transaction, TransactionSource::External)
        };
        assert_eq!(source(&[0x84, 0]), TransactionSource::InBlock);
        for bytes in [&[0x04, 0][..], &[0x05], &[0x45], &[]] {
            assert_eq!(source(bytes), TransactionSource::External);
        }
    }
}
