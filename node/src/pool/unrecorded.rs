//! The pool as whoever makes a block sees it.
//!
//! An author waits a moment until its pool has learned of the block that it builds on, then takes what is there. In a crowd
//! that is what was ready before: part of it is in that block. The SDK's author passes over such a one with all of its
//! key that stands on it, so its own block stays all but empty, and then has the pool drop them all. Here they are left out
//! beforehand, and what stands on them is not.

use std::{collections::HashSet, sync::Arc};

use sc_transaction_pool::ChainApi;
use sc_transaction_pool_api::{ReadyTransactions, TxInvalidityReportMap};
use sp_runtime::{
    traits::Header,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};

use super::{Api, InPool, Ready};
use crate::service::parts::Hash;

/// So many blocks a pool may be behind its chain.
const BEHIND: usize = 2;

/// What is ready, without what the chain holds.
struct Unrecorded {
    ready: Ready,
    recorded: HashSet<Hash>,
}

impl Iterator for Unrecorded {
    type Item = Arc<InPool>;

    fn next(&mut self) -> Option<Self::Item> {
        self.ready.find(|one| !self.recorded.contains(&one.hash))
    }
}

impl ReadyTransactions for Unrecorded {
    fn report_invalid(&mut self, transaction: &Self::Item) {
        self.ready.report_invalid(transaction);
    }
}

/// What of these the last blocks up to this one do not hold.
pub async fn unrecorded(ready: Ready, at: Hash, api: &Api) -> Ready {
    let (mut recorded, mut block) = (HashSet::new(), at);
    for _ in 0..BEHIND {
        let body = api.block_body(block).await.ok().flatten().unwrap_or_default();
        recorded.extend(body.iter().map(|one| api.hash_and_length(one).0));
        match api.block_header(block) {
            Ok(Some(header)) => block = *header.parent_hash(),
            _ => break,
        }
    }
    Box::new(Unrecorded { ready, recorded })
}

/// Of what an author found invalid, that which will not be right whatever is recorded. What is stale or too early it is by
/// what the pool has yet to learn: [`super::upkeep`] judges it after the next block.
pub fn beyond_doubt(mut errors: TxInvalidityReportMap<Hash>) -> TxInvalidityReportMap<Hash> {
    errors.retain(|_, error| {
        let by_its_number = [InvalidTransaction::Stale, InvalidTransaction::Future];
        !matches!(error, Some(TransactionValidityError::Invalid(why)) if by_its_number.contains(why))
    });
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stale_or_too_early_is_not_dropped_at_once() {
        let errors = [
            Some(InvalidTransaction::Stale.into()),
            Some(InvalidTransaction::Future.into()),
            Some(InvalidTransaction::Custom(7).into()),
            None,
        ];
        let errors = (0..).map(Hash::from_low_u64_be).zip(errors).collect();
        let left: Vec<_> = beyond_doubt(errors).into_keys().collect();
        assert_eq!(left, [2, 3].map(Hash::from_low_u64_be));
    }
}
