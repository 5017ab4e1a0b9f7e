//! A node's JSON-RPC, for what no program of ours asks.

use anyhow::Result;
use jsonrpsee::{
    core::client::ClientT,
    core::params::ArrayParams,
    ws_client::{WsClient, WsClientBuilder},
};
use serde_json::Value;
use tokio::runtime::Runtime;

/// A connection to a node.
pub struct Rpc {
    runtime: Runtime,
    client: WsClient,
}

impl Rpc {
    /// Connects to this endpoint.
    ///
    /// # Errors
    ///
    /// Nobody answers there.
    pub fn connect(endpoint: &str) -> Result<Self> {
        let runtime = Runtime::new()?;
        let client = runtime.block_on(WsClientBuilder::default().build(endpoint))?;
        Ok(Self { runtime, client })
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    ///
    /// The node answers with an error, or not at all.
    pub fn ask(&self, method: &str, arguments: &[Value]) -> Result<Value> {
        let mut params = ArrayParams::new();
        for argument in arguments {
            params.insert(argument)?;
        }
        Ok(self.runtime.block_on(self.client.request(method, params))?)
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
