//! Asking a node that may be down, paused or starting.

use std::time::Duration;

use anyhow::{Context, Result};
use faultline_primitives::Hash;
use jsonrpsee::{
    core::client::ClientT,
    core::params::ArrayParams,
    ws_client::{WsClient, WsClientBuilder},
};
use serde_json::Value;

/// A connection to a node, opened when it is needed and again when it broke.
pub struct Node {
    endpoint: String,
    patience: Duration,
    connection: Option<WsClient>,
}

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its number.
    pub number: u32,
    /// Its hash.
    pub hash: Hash,
}

impl Node {
    /// The node at this address, which is given so much time for each answer.
    pub fn new(endpoint: String, patience: Duration) -> Self {
        Self {
            endpoint,
            patience,
            connection: None,
        }
    }

    /// What it answers.
    ///
    /// # Errors
    ///
    /// It does not answer in time, or with an error.
    pub async fn ask(&mut self, method: &str, arguments: impl IntoIterator<Item = Value>) -> Result<Value> {
        let mut params = ArrayParams::new();
        for argument in arguments {
            params.insert(argument)?;
        }
        let patience = self.patience;
        let answer = tokio::time::timeout(patience, async {
            if self
                .connection
                .as_ref()
                .is_none_or(|connection| !connection.is_connected())
            {
                let builder = WsClientBuilder::default()
                    .connection_timeout(patience)
                    .max_response_size(64 * 1_024 * 1_024);
                self.connection = Some(builder.build(&self.endpoint).await?);
            }
            let connection = self.connection.as_ref().context("connected just now")?;
            Ok(connection.request::<Value, _>(method, params).await?)
        });
        match answer.await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => {
                // A node that answers with an error is there all the same; the next question shows.
                Err::<Value, anyhow::Error>(error).with_context(|| format!("{method} at {}", self.endpoint))
            }
            Err(_) => {
                self.connection = None;
                anyhow::bail!("{method} at {}: no answer in {patience:?}", self.endpoint)
            }
        }
    }

    /// The block that is final.
    ///
    /// # Errors
    ///
    /// As of [`Node::ask`].
    pub async fn finalized(&mut self) -> Result<Block> {
        let hash: Hash = serde_json::from_value(self.ask("chain_getFinalizedHead", []).await?)?;
        let number = self.number(Some(hash)).await?;
        Ok(Block { number, hash })
    }

    /// The number of a block, or of the best one.
    ///
    /// # Errors
    ///
    /// As of [`Node::ask`].
    pub async fn number(&mut self, of: Option<Hash>) -> Result<u32> {
        let of = serde_json::to_value(of)?;
        let header = self.ask("chain_getHeader", [of]).await?;
        number(&header)
    }

    /// The hash of the block of this number.
    ///
    /// # Errors
    ///
    /// As of [`Node::ask`].
    pub async fn hash(&mut self, number: u32) -> Result<Hash> {
        Ok(serde_json::from_value(
            self.ask("chain_getBlockHash", [number.into()]).await?,
        )?)
    }
}

/// The number in a header.
///
/// # Errors
///
/// It is no header.
pub fn number(header: &Value) -> Result<u32> {
    let digits = header["number"].as_str().context("a header has a number")?;
    Ok(u32::from_str_radix(digits.trim_start_matches("0x"), 16)?)
}
