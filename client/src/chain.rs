//! The connection to a node, and what the node says of its chain.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use faultline_primitives::Hash;
use jsonrpsee::{
    core::{
        client::{ClientT, Subscription, SubscriptionClientT},
        params::ArrayParams,
        ClientError,
    },
    ws_client::{WsClient, WsClientBuilder},
};
use serde::de::DeserializeOwned;

use crate::{runtime::Runtime, Error, Result};

/// What a chain is for, as its spec says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainKind {
    /// For trying things: it begins anew whenever its node is started.
    Development,
    /// A test network on one machine.
    Local,
    /// Any other.
    Live,
}

/// A connection to a node of a Faultline chain.
pub struct Client {
    url: String,
    rpc: Mutex<Arc<WsClient>>,
    genesis: Hash,
    name: String,
    kind: ChainKind,
    pub(crate) runtime: tokio::sync::Mutex<Option<Arc<Runtime>>>,
}

impl Client {
    /// Connects to a node and asks of which chain it is.
    ///
    /// # Errors
    ///
    /// No node answers at this address, or it answers as none of Faultline's would.
    pub async fn connect(url: &str) -> Result<Self> {
        let rpc = open(url).await?;
        let ask = |method: &'static str, params| {
            let rpc = rpc.clone();
            async move { rpc.request::<serde_json::Value, _>(method, params).await }
        };
        let text = |value: serde_json::Value| value.as_str().map(str::to_owned);
        let incompatible = || Error::Incompatible(format!("{url} is no node of a Faultline chain"));
        let failed = |error| Error::of_request(url, error);

        let genesis = ask("chain_getBlockHash", params([0.into()]))
            .await
            .map_err(failed)?;
        let genesis = text(genesis)
            .and_then(|hash| hash.parse().ok())
            .ok_or_else(incompatible)?;
        let name = ask("system_chain", params([])).await.map_err(failed)?;
        let kind = ask("system_chainType", params([])).await.map_err(failed)?;
        let kind = match kind.as_str() {
            Some("Development") => ChainKind::Development,
            Some("Local") => ChainKind::Local,
            _ => ChainKind::Live,
        };
        Ok(Self {
            url: url.into(),
            rpc: Mutex::new(rpc),
            genesis,
            name: text(name).ok_or_else(incompatible)?,
            kind,
            runtime: tokio::sync::Mutex::new(None),
        })
    }

    /// The node's address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The hash of the genesis block: what names the chain.
    pub fn genesis(&self) -> Hash {
        self.genesis
    }

    /// What the chain calls itself.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the chain is for.
    pub fn kind(&self) -> ChainKind {
        self.kind
    }

    /// The connection, for the methods of [`faultline_rpc::FaultlineRpcClient`].
    pub fn rpc(&self) -> Arc<WsClient> {
        self.rpc.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for an answer of the node and says what went wrong in terms of [`Error`].
    ///
    /// # Errors
    ///
    /// What the node answers, or that it does not.
    pub async fn answer<T>(
        &self,
        request: impl Future<Output = std::result::Result<T, ClientError>>,
    ) -> Result<T> {
        request.await.map_err(|error| Error::of_request(&self.url, error))
    }

    /// Connects again if the connection is broken.
    ///
    /// # Errors
    ///
    /// No node answers, or one of another chain.
    pub async fn reconnect(&self) -> Result<()> {
        if self.rpc().is_connected() {
            return Ok(());
        }
        let again = Self::connect(&self.url).await?;
        if again.genesis != self.genesis {
            return Err(Error::OtherChain {
                url: self.url.clone(),
                expected: self.genesis,
                found: again.genesis,
            });
        }
        let rpc = again.rpc();
        *self.rpc.lock().unwrap_or_else(PoisonError::into_inner) = rpc;
        Ok(())
    }

    /// Asks one of the SDK's own methods.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        method: &'static str,
        arguments: impl IntoIterator<Item = serde_json::Value>,
    ) -> Result<T> {
        self.answer(self.rpc().request(method, params(arguments))).await
    }

    /// Finalized headers as they come, from now on.
    pub(crate) async fn finalized_headers(&self) -> Result<Subscription<serde_json::Value>> {
        let (subscribe, unsubscribe) = ("chain_subscribeFinalizedHeads", "chain_unsubscribeFinalizedHeads");
        self.answer(self.rpc().subscribe(subscribe, params([]), unsubscribe))
            .await
    }
}

async fn open(url: &str) -> Result<Arc<WsClient>> {
    let client = WsClientBuilder::default().build(url).await;
    client
        .map(Arc::new)
        .map_err(|error| Error::of_request(url, error))
}

fn params(values: impl IntoIterator<Item = serde_json::Value>) -> ArrayParams {
    let mut params = ArrayParams::new();
    for value in values {
        // A JSON value always serializes.
        let _ = params.insert(value);
    }
    params
}
