//! One node: the connection to it, and what it says.

use std::{future::Future, sync::Arc, time::Duration};

use faultline_primitives::Hash;
use jsonrpsee::{
    core::{
        client::{ClientT, Subscription, SubscriptionClientT},
        params::ArrayParams,
        ClientError,
    },
    ws_client::{WsClient, WsClientBuilder},
};
use serde::{de::DeserializeOwned, Deserialize};
use serde_json::Value;

use crate::{
    blocks::Header,
    choice::Standing,
    runtime::{Runtime, Runtimes, Version, METADATA_VERSION},
    ChainKind, Error, Result,
};

/// How long a node has to take a connection up, and to say of which chain it is.
const GREETING: Duration = Duration::from_secs(10);
/// How long a node has to answer. One that was stopped takes connections and requests, and never answers.
const ANSWER: Duration = Duration::from_secs(15);
/// How long a node of which nothing was heard has to say that it is there.
const ALIVE: Duration = Duration::from_secs(5);
/// Most bytes of an answer: as many as a node gives.
const LARGEST: u32 = faultline_rpc::limits::ANSWER_MIB * 1024 * 1024;
/// How many items of a subscription wait to be read; what comes after them is lost, and the subscription ends.
pub(crate) const BUFFER: usize = 1024;

/// A connection to one node.
pub(crate) struct Node {
    url: String,
    rpc: WsClient,
    genesis: Hash,
    runtimes: Arc<Runtimes>,
}

/// What a node says when it is met.
pub(crate) struct Met {
    /// The connection.
    pub node: Node,
    /// What the chain calls itself.
    pub name: String,
    /// What the chain is for.
    pub kind: ChainKind,
    /// How far the node is.
    pub standing: Standing,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Health {
    is_syncing: bool,
}

impl Node {
    /// Connects, and asks of which chain the node is and how far it is with it.
    pub(crate) async fn meet(url: String, runtimes: Arc<Runtimes>) -> Result<Met> {
        let meeting = tokio::time::timeout(GREETING, Self::introduced(url.clone(), runtimes));
        meeting.await.unwrap_or_else(|_| {
            Err(Error::Unreachable {
                url,
                source: Box::new(ClientError::RequestTimeout),
            })
        })
    }

    async fn introduced(url: String, runtimes: Arc<Runtimes>) -> Result<Met> {
        let rpc = WsClientBuilder::default()
            .request_timeout(ANSWER)
            .max_response_size(LARGEST)
            .max_buffer_capacity_per_subscription(BUFFER)
            .build(&url)
            .await
            .map_err(|error| Error::of_request(&url, error))?;
        let incompatible = || Error::Incompatible(format!("{url} is no node of a Faultline chain"));
        let mut node = Self {
            url: url.clone(),
            rpc,
            genesis: Hash([0; 32]),
            runtimes,
        };
        let genesis: Option<String> = node.ask("chain_getBlockHash", [0.into()]).await?;
        node.genesis = genesis
            .and_then(|hash| hash.parse().ok())
            .ok_or_else(incompatible)?;
        let name: Value = node.ask("system_chain", []).await?;
        let kind: Value = node.ask("system_chainType", []).await?;
        let health: Health = node.ask("system_health", []).await?;
        let standing = Standing {
            genesis: node.genesis,
            finalized: node.finalized_number().await?,
            syncing: health.is_syncing,
        };
        Ok(Met {
            name: name.as_str().ok_or_else(incompatible)?.into(),
            kind: match kind.as_str() {
                Some("Development") => ChainKind::Development,
                Some("Local") => ChainKind::Local,
                _ => ChainKind::Live,
            },
            standing,
            node,
        })
    }

    /// Its address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The connection.
    pub(crate) fn rpc(&self) -> &WsClient {
        &self.rpc
    }

    pub(crate) async fn answer<T>(
        &self,
        request: impl Future<Output = std::result::Result<T, ClientError>>,
    ) -> Result<T> {
        request.await.map_err(|error| Error::of_request(&self.url, error))
    }

    /// Asks one of the SDK's own methods.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        method: &'static str,
        arguments: impl IntoIterator<Item = Value>,
    ) -> Result<T> {
        self.answer(self.rpc.request(method, params(arguments))).await
    }

    /// Finalized headers as they come, from now on.
    pub(crate) async fn finalized_headers(&self) -> Result<Subscription<Value>> {
        let (subscribe, unsubscribe) = ("chain_subscribeFinalizedHeads", "chain_unsubscribeFinalizedHeads");
        self.answer(self.rpc.subscribe(subscribe, params([]), unsubscribe))
            .await
    }

    pub(crate) async fn finalized_head(&self) -> Result<Hash> {
        self.ask("chain_getFinalizedHead", []).await
    }

    pub(crate) async fn finalized_number(&self) -> Result<u32> {
        self.header(self.finalized_head().await?).await?.number()
    }

    /// How far it is, if it says so soon.
    pub(crate) async fn asked_soon(&self) -> Result<u32> {
        let asked = tokio::time::timeout(ALIVE, self.finalized_number());
        asked.await.unwrap_or_else(|_| {
            Err(Error::Unreachable {
                url: self.url.clone(),
                source: Box::new(ClientError::RequestTimeout),
            })
        })
    }

    pub(crate) async fn header(&self, block: Hash) -> Result<Header> {
        let header: Option<Header> = self.ask("chain_getHeader", [block.to_string().into()]).await?;
        header.ok_or_else(|| self.lacks(format!("does not know block {block}")))
    }

    /// The hash of a block by its number.
    pub(crate) async fn hash_of(&self, number: u32) -> Result<Hash> {
        let hash: Option<Hash> = self.ask("chain_getBlockHash", [number.into()]).await?;
        hash.ok_or_else(|| self.lacks(format!("does not know block {number}")))
    }

    /// This node cannot say what another may.
    pub(crate) fn lacks(&self, what: String) -> Error {
        Error::Lacking {
            url: self.url.clone(),
            what,
        }
    }

    /// Which runtime is in force after a block.
    pub(crate) async fn version_at(&self, block: Hash) -> Result<Version> {
        self.ask("state_getRuntimeVersion", [block.to_string().into()])
            .await
    }

    /// The runtime in force after a block, or after the best one: what was met before, unless the chain was upgraded since.
    pub(crate) async fn runtime_at(&self, block: Option<Hash>) -> Result<Arc<Runtime>> {
        // One block for both questions: the next may be of another runtime.
        let block = match block {
            Some(block) => block,
            None => self.ask("chain_getBlockHash", []).await?,
        };
        let version = self.version_at(block).await?;
        let read = async {
            let method = "Metadata_metadata_at_version";
            let at = block.to_string();
            let answer: String = self
                .ask("state_call", [method.into(), METADATA_VERSION.into(), at.into()])
                .await?;
            Runtime::of_answer(self.genesis, version, &answer)
        };
        self.runtimes.of(version, read).await
    }
}

fn params(values: impl IntoIterator<Item = Value>) -> ArrayParams {
    let mut params = ArrayParams::new();
    for value in values {
        // A JSON value always serializes.
        let _ = params.insert(value);
    }
    params
}
