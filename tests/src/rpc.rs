//! A node's JSON-RPC, for what no program of ours asks, from tests that wait for each answer.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::{bail, Context, Result};
use faultline_rpc::error::Failure;
use jsonrpsee::core::ClientError;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::nemesis::ask::Node;

/// How long a node has for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection to a node.
pub struct Rpc {
    runtime: Runtime,
    node: Mutex<Node>,
}

impl Rpc {
    /// Of the node at this endpoint. Connects when it first asks.
    ///
    /// # Errors
    ///
    /// The system has no threads left.
    pub fn new(endpoint: &str) -> Result<Self> {
        Ok(Self {
            runtime: Runtime::new()?,
            node: Mutex::new(Node::new(endpoint.into(), PATIENCE)),
        })
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    ///
    /// The node answers with an error, or not at all.
    pub fn ask(&self, method: &str, arguments: &[Value]) -> Result<Value> {
        let mut node = self.node.lock().unwrap_or_else(PoisonError::into_inner);
        self.runtime.block_on(node.ask(method, arguments.to_vec()))
    }

    /// When a block was made, as it says itself: milliseconds since 1970.
    ///
    /// # Errors
    ///
    /// The node has no such block, or its state no more.
    pub fn time_of(&self, number: u64) -> Result<u64> {
        /// Where the block's time is stored: the hashes of `Timestamp` and of `Now`.
        const NOW: &str = "0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb";
        let hash = self.ask("chain_getBlockHash", &[number.into()])?;
        let stored = self.ask("state_getStorage", &[NOW.into(), hash])?;
        let digits = stored.as_str().unwrap_or_default().trim_start_matches("0x");
        Ok(u64::from_str_radix(digits, 16)?.swap_bytes())
    }
}

/// The failure that an answer must be.
///
/// # Errors
///
/// It is an answer, or a failure that is none of ours.
pub fn failure<T: std::fmt::Debug>(answer: Result<T, ClientError>) -> Result<Failure> {
    match answer {
        Err(ClientError::Call(error)) => {
            let data = error.data().map(|data| data.get());
            Failure::of(error.code(), data).with_context(|| format!("no failure of ours: {error:?}"))
        }
        Err(other) => bail!("no answer: {other:?}"),
        Ok(answer) => bail!("answered, where it had to be refused: {answer:?}"),
    }
}
