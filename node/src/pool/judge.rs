//! Who judges transactions for the pool: the runtime, but not in the rounds that the pool makes by itself.
//!
//! In those it judges all that is ready, in one go, and files it anew. In a crowd that takes seconds: by then the verdict
//! is about a block that lies behind, and what was ready is filed among the futures. Where the block is not even there
//! any more, as another branch became final, everything is dropped as invalid. [`super::upkeep`] judges instead what
//! comes next of each key.

use std::future::Future;

use async_trait::async_trait;
use sc_transaction_pool::{ChainApi, ValidateTransactionPriority};
use sc_transaction_pool_api::TransactionSource;
use sp_blockchain::TreeRoute;
use sp_runtime::{
    generic::BlockId,
    traits::{Block as BlockT, NumberFor},
    transaction_validity::{TransactionValidity, UnknownTransaction},
};

use super::{ExtrinsicOf, HashOf};

tokio::task_local! {
    /// Set while the pool does what it does by itself.
    static BY_ITSELF: ();
}

/// Lets the pool do what it does by itself, without judging all that is ready.
pub async fn without_rounds<T>(work: impl Future<Output = T>) -> T {
    BY_ITSELF.scope((), work).await
}

/// The runtime as a judge of transactions.
pub struct Judge<Api>(pub Api);

#[async_trait]
impl<Api: ChainApi> ChainApi for Judge<Api> {
    type Block = Api::Block;
    type Error = Api::Error;

    async fn validate_transaction(
        &self,
        at: HashOf<Self>,
        source: TransactionSource,
        transaction: ExtrinsicOf<Self>,
        priority: ValidateTransactionPriority,
    ) -> Result<TransactionValidity, Self::Error> {
        let in_a_round = BY_ITSELF.try_with(|()| ()).is_ok();
        if in_a_round && priority == ValidateTransactionPriority::Submitted {
            // The one verdict after which a transaction stays as it is.
            return Ok(Err(UnknownTransaction::CannotLookup.into()));
        }
        self.0
            .validate_transaction(at, source, transaction, priority)
            .await
    }

    fn validate_transaction_blocking(
        &self,
        at: HashOf<Self>,
        source: TransactionSource,
        transaction: ExtrinsicOf<Self>,
    ) -> Result<TransactionValidity, Self::Error> {
        self.0.validate_transaction_blocking(at, source, transaction)
    }

    fn block_id_to_number(
        &self,
        at: &BlockId<Self::Block>,
    ) -> Result<Option<NumberFor<Self::Block>>, Self::Error> {
        self.0.block_id_to_number(at)
    }

    fn block_id_to_hash(&self, at: &BlockId<Self::Block>) -> Result<Option<HashOf<Self>>, Self::Error> {
        self.0.block_id_to_hash(at)
    }

    fn hash_and_length(&self, transaction: &<Self::Block as BlockT>::Extrinsic) -> (HashOf<Self>, usize) {
        self.0.hash_and_length(transaction)
    }

    async fn block_body(
        &self,
        at: HashOf<Self>,
    ) -> Result<Option<Vec<<Self::Block as BlockT>::Extrinsic>>, Self::Error> {
        self.0.block_body(at).await
    }

    fn block_header(&self, at: HashOf<Self>) -> Result<Option<<Self::Block as BlockT>::Header>, Self::Error> {
        self.0.block_header(at)
    }

    fn tree_route(
        &self,
        from: HashOf<Self>,
        to: HashOf<Self>,
    ) -> Result<TreeRoute<Self::Block>, Self::Error> {
        self.0.tree_route(from, to)
    }
}
