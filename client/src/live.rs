//! The chain as whoever waits for a transaction sees it, by real nodes.

use std::{sync::Arc, time::Duration};

use codec::{Decode, Encode};
use faultline_rpc::view::BlockView;
use jsonrpsee::core::client::Subscription;
use serde_json::Value;

use crate::{
    blocks::{Header, Recorded},
    follow::Chain,
    node::Node,
    runtime::bytes,
    transaction::{Loss, Signed},
    Client, Error, Result,
};

/// How long nothing is heard of a node, two slots of blocks, before it is asked whether it is there at all.
pub(crate) const QUIET: Duration = Duration::from_secs(6);
/// How long to wait before another node is asked, or the same again.
const AGAIN: Duration = Duration::from_millis(500);

/// The chain, seen by the node that its client talks to.
pub(crate) struct Live<'a> {
    client: &'a Client,
    node: Arc<Node>,
    headers: Option<Subscription<Value>>,
    newest: u32,
}

impl<'a> Live<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self {
            client,
            node: client.node(),
            headers: None,
            newest: 0,
        }
    }

    /// The next that becomes final, or what is so after a while.
    async fn next(&mut self, headers: &mut Subscription<Value>) -> Result<u32> {
        match tokio::time::timeout(QUIET, headers.next()).await {
            Ok(Some(Ok(header))) => serde_json::from_value::<Header>(header)
                .map_err(|error| Error::Incompatible(error.to_string()))?
                .number(),
            // The subscription ended: the node, or the way to it, may be gone.
            Ok(_) => {
                let number = self.node.asked_soon().await?;
                *headers = self.node.finalized_headers().await?;
                Ok(number)
            }
            Err(_) => self.client.ask_after(&self.node, self.newest).await,
        }
    }
}

impl Chain for Live<'_> {
    async fn newest(&mut self) -> Result<u32> {
        let number = match self.headers.take() {
            None => {
                let headers = self.node.finalized_headers().await?;
                self.headers = Some(headers);
                self.node.asked_soon().await?
            }
            Some(mut headers) => {
                let number = self.next(&mut headers).await?;
                self.headers = Some(headers);
                number
            }
        };
        self.newest = number.max(self.newest);
        self.client.has_seen(self.newest);
        Ok(self.newest)
    }

    async fn place_in(&mut self, signed: &Signed, number: u32) -> Result<Option<(BlockView, u32)>> {
        self.node
            .place_in(number, |extrinsic| extrinsic == signed.bytes())
            .await
    }

    async fn outcome(&mut self, signed: &Signed, block: BlockView, place: u32) -> Result<Recorded> {
        self.node.outcome(signed.hash(), block, place).await
    }

    async fn submit(&mut self, signed: &Signed) -> Result<()> {
        self.node.submit(signed).await
    }

    async fn loss(&mut self, signed: &Signed, after: u32) -> Result<Option<Loss>> {
        match self.node.loss(signed, after).await {
            // A node without the state of that block cannot say: it is as if it had not been asked.
            Err(Error::Node { .. }) => Ok(None),
            answer => answer,
        }
    }

    async fn next_node(&mut self, why: &Error) -> Result<()> {
        tokio::time::sleep(AGAIN).await;
        self.node = self.client.next_node(&self.node, why).await?;
        (self.headers, self.newest) = (None, 0);
        Ok(())
    }

    fn nodes(&self) -> usize {
        self.client.urls().len()
    }
}

impl Node {
    /// Why no block after this one, which it has made final, can hold a transaction that none up to it holds.
    async fn loss(&self, signed: &Signed, after: u32) -> Result<Option<Loss>> {
        let block = self.hash_of(after).await?;
        let method = "AccountNonceApi_account_nonce";
        let account = format!("0x{}", hex::encode(signed.account().encode()));
        let answer: String = self
            .ask(
                "state_call",
                [method.into(), account.into(), block.to_string().into()],
            )
            .await?;
        let nonce = bytes(&answer).and_then(|bytes| u32::decode(&mut bytes.as_slice()).ok());
        if nonce.is_some_and(|nonce| u64::from(nonce) > signed.nonce()) {
            return Ok(Some(Loss::NonceTaken));
        }
        // It may have been signed for a runtime that is in force at the best block and not yet at a final one.
        let (now, then) = (self.version_at(block).await?, signed.version());
        Ok((now.spec_version > then.spec_version).then_some(Loss::Upgraded(now.spec_version)))
    }
}
