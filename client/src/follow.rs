//! Waiting for a transaction: looking for it in every finalized block, whichever node they are read from.
//!
//! A node that takes another's place may have made fewer blocks final than that one. So what was looked into is counted
//! here and not there: no block is left out, and a time is over only once its last block was looked into.

use faultline_rpc::view::BlockView;

use crate::{
    blocks::Recorded,
    transaction::{Loss, Signed},
    Error, Refusal, Result,
};

/// Finalized blocks that pass without a transaction before it is submitted again.
const PATIENCE: u32 = 3;

/// A chain as it is seen through one node, and after [`Chain::next_node`] through another.
pub(crate) trait Chain {
    /// The newest block that the node has made final: the first time at once, then when it is another or a while has
    /// passed.
    async fn newest(&mut self) -> Result<u32>;

    /// Where a block that the node has made final holds the transaction.
    async fn place_in(&mut self, signed: &Signed, number: u32) -> Result<Option<(BlockView, u32)>>;

    /// What the transaction did there.
    async fn outcome(&mut self, signed: &Signed, block: BlockView, place: u32) -> Result<Recorded>;

    /// Hands it to the node's pool.
    async fn submit(&mut self, signed: &Signed) -> Result<()>;

    /// Why no block after this one can hold it; none where one can.
    async fn loss(&mut self, signed: &Signed, after: u32) -> Result<Option<Loss>>;

    /// Goes on with another node, or with the same where it answers again; not before a moment has passed.
    async fn next_node(&mut self, why: &Error) -> Result<()>;

    /// How many nodes there are.
    fn nodes(&self) -> usize;
}

/// Somebody who waits for a transaction.
pub(crate) struct Follow<'a, C> {
    chain: C,
    signed: &'a Signed,
    /// The next block to look into.
    next: u32,
    /// What this node had made final when the transaction was last submitted to it; none where it never was.
    tried: Option<u32>,
    /// How many nodes said one after the other that they cannot say.
    lacking: usize,
    /// What a pool said of it last, when it was submitted again.
    pub refusal: Option<Refusal>,
    /// Why no node can be reached, since when none can.
    pub cut_off: Option<Error>,
}

impl<'a, C: Chain> Follow<'a, C> {
    pub(crate) fn new(chain: C, signed: &'a Signed) -> Self {
        Self {
            chain,
            signed,
            next: signed.born().saturating_add(1),
            tried: Some(signed.born()),
            lacking: 0,
            refusal: None,
            cut_off: None,
        }
    }

    /// Waits until a finalized block holds it, or no longer can.
    pub(crate) async fn run(&mut self) -> Result<Recorded> {
        loop {
            let error = match self.look().await {
                Err(error @ Error::Unreachable { .. }) => error,
                Err(error @ Error::Lacking { .. }) => {
                    self.lacking = self.lacking.saturating_add(1);
                    // None of them can say.
                    if self.lacking >= self.chain.nodes() {
                        return Err(error);
                    }
                    error
                }
                outcome => return outcome,
            };
            // The next one's pool may never have had it.
            self.tried = None;
            match self.chain.next_node(&error).await {
                Ok(()) => {}
                Err(error @ Error::Unreachable { .. }) => self.cut_off = Some(error),
                Err(error) => return Err(error),
            }
        }
    }

    /// Looks into each block that the node makes final, until the node is gone.
    async fn look(&mut self) -> Result<Recorded> {
        let until = self.signed.until();
        loop {
            let newest = self.chain.newest().await?;
            self.cut_off = None;
            while self.next <= newest.min(until) {
                if let Some((block, place)) = self.chain.place_in(self.signed, self.next).await? {
                    return self.chain.outcome(self.signed, block, place).await;
                }
                self.next = self.next.saturating_add(1);
                self.lacking = 0;
            }
            if self.next > until {
                return Err(Error::Expired {
                    transaction: self.signed.hash(),
                    until,
                    refusal: self.refusal.take(),
                });
            }
            let waited = |tried: u32| newest >= tried.saturating_add(PATIENCE);
            if self.tried.is_none_or(waited) {
                self.submit_again().await?;
                self.tried = Some(newest);
                // What this node has made final is all that was looked into, and no more.
                if newest.saturating_add(1) == self.next {
                    if let Some(loss) = self.chain.loss(self.signed, newest).await? {
                        return Err(Error::Superseded {
                            transaction: self.signed.hash(),
                            loss,
                        });
                    }
                }
            }
        }
    }

    /// That the pool still has it, or a block has taken it, is what is hoped for.
    async fn submit_again(&mut self) -> Result<()> {
        match self.chain.submit(self.signed).await {
            Ok(()) => Ok(()),
            Err(Error::Refused(refusal)) => {
                if !refusal.is_of_repetition() {
                    self.refusal = Some(refusal);
                }
                Ok(())
            }
            Err(Error::Node { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests;
