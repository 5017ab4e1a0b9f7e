//! A node that asks another, and changes what that one answers.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Result;
use jsonrpsee::{
    core::{client::ClientT, traits::ToRpcParams, ClientError},
    server::Server,
    types::{ErrorObjectOwned, Params},
    ws_client::{WsClient, WsClientBuilder},
    RpcModule,
};
use serde_json::{value::RawValue, Value};
use tokio::runtime::Runtime;

/// All that an audit asks.
const METHODS: &[&str] = &[
    "chain_getBlockHash",
    "chain_getFinalizedHead",
    "chain_getHeader",
    "faultline_entries",
    "faultline_incident",
    "faultline_warpProof",
    "state_getReadProof",
    "state_getRuntimeVersion",
    "state_queryStorageAt",
    "system_chain",
    "system_chainType",
    "system_health",
];

/// How an answer is changed, by the method.
pub type Lie = fn(&str, &mut Value);

/// A node that is none, until it is dropped.
pub struct Liar {
    address: SocketAddr,
    runtime: Option<Runtime>,
}

struct Asked {
    node: WsClient,
    lie: Lie,
}

/// Parameters as they came.
struct AsTheyCame(Option<Box<RawValue>>);

impl ToRpcParams for AsTheyCame {
    fn to_rpc_params(self) -> Result<Option<Box<RawValue>>, serde_json::Error> {
        Ok(self.0)
    }
}

impl Liar {
    /// One that asks the node at this endpoint.
    ///
    /// # Errors
    ///
    /// No node is there.
    pub fn start(endpoint: &str, lie: Lie) -> Result<Self> {
        let runtime = Runtime::new()?;
        let address = runtime.block_on(async {
            let node = WsClientBuilder::default().build(endpoint).await?;
            let mut module = RpcModule::from_arc(Arc::new(Asked { node, lie }));
            for method in METHODS {
                module.register_async_method(method, move |params, asked, _| {
                    let params = raw(&params);
                    async move { asked.answer(method, params?).await }
                })?;
            }
            let server = Server::builder().build("127.0.0.1:0").await?;
            let address = server.local_addr()?;
            tokio::spawn(server.start(module).stopped());
            anyhow::Ok(address)
        })?;
        Ok(Self {
            address,
            runtime: Some(runtime),
        })
    }

    /// Where it is asked.
    pub fn endpoint(&self) -> String {
        format!("ws://{}", self.address)
    }
}

fn raw(params: &Params<'_>) -> Result<Option<Box<RawValue>>, ErrorObjectOwned> {
    let written = params.as_str().map(|params| RawValue::from_string(params.into()));
    written.transpose().map_err(|error| failed(&error.to_string()))
}

fn failed(why: &str) -> ErrorObjectOwned {
    ErrorObjectOwned::owned(-32_000, why, None::<()>)
}

impl Asked {
    async fn answer(&self, method: &str, params: Option<Box<RawValue>>) -> Result<Value, ErrorObjectOwned> {
        let answer = self.node.request(method, AsTheyCame(params)).await;
        let mut answer: Value = answer.map_err(|error| match error {
            ClientError::Call(object) => object,
            error => failed(&error.to_string()),
        })?;
        (self.lie)(method, &mut answer);
        Ok(answer)
    }
}

impl Drop for Liar {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
