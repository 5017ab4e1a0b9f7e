//! The chain that is read: services whose names begin alike, and windows of seconds where something must go by.

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use anyhow::{bail, Context, Result};
use faultline_rpc::FaultlineRpcClient;
use faultline_tests::{Spec, TestNode};
use jsonrpsee::ws_client::{WsClient, WsClientBuilder};
use serde_json::{json, Value};
use tempfile::TempDir;

use crate::{oracle::Model, speech::Crowd};

/// Slugs, each with what it is a component of. Some begin with the letters of another and are not under it, and under
/// some names there are services though there is none of that name.
pub const SERVICES: [(&str, Option<&str>); 18] = [
    ("openai", None),
    ("openai/chatgpt", Some("openai")),
    ("openai/api", Some("openai")),
    ("openai/api/batch", Some("openai/api")),
    ("openai/sora", Some("openai")),
    ("openai-status", None),
    ("openai2", None),
    ("openai2/chatgpt", Some("openai2")),
    ("delta/shop", None),
    ("delta/shop/cart", Some("delta/shop")),
    ("delta/shop-2", None),
    ("delta2", None),
    ("isp/one", None),
    ("isp/two", None),
    ("isp/three", None),
    ("z", None),
    ("z/z", Some("z")),
    ("z/z/z", Some("z/z")),
];
/// Prefixes by which services are found.
pub const PREFIXES: [&str; 12] = [
    "openai",
    "openai/api",
    "openai/api/batch",
    "openai2",
    "openai-status",
    "delta",
    "delta/shop",
    "isp",
    "z",
    "z/z",
    "z/z/z",
    "delta2",
];
/// The organisation that runs what is called `openai`.
const PROVIDER: u32 = 4;

/// The specification of such a chain, of the first so many of the validators of `local`.
pub fn spec(validators: usize) -> Result<Spec> {
    let services: Vec<_> = SERVICES
        .iter()
        .map(|(slug, parent)| {
            let provider = slug.split('/').next() == Some("openai");
            json!({
                "slug": slug, "name": slug, "url": "https://service.example", "parent": parent,
                "provider": provider.then_some(PROVIDER),
            })
        })
        .collect();
    let rules = json!({
        "quorum": 2, "minMeasured": 1, "lateAfter": 3_600_000, "joinWithin": 60_000, "renewAfter": 1_000,
        "staleAfter": 2_000, "disputeWindow": 3_600_000, "disputeWindowMax": 7_200_000, "ruleWithin": 3_600_000,
        "lapseAfter": 3_600_000, "maxClockSkew": 60_000,
    });
    let spec = Spec::local()?;
    let keys = spec.at("/session/keys").and_then(Value::as_array);
    let keys = keys.and_then(|keys| keys.get(..validators));
    let keys = keys.context("fewer validators than that")?.to_vec();
    spec.with("/services/services", services)?
        .with("/incidents/rules", rules)?
        .with("/consortium/validators", (0..validators).collect::<Vec<_>>())?
        .with("/session/keys", keys)
}

/// A node of a chain of one validator, and the folder of its specification.
pub struct Alone {
    pub node: TestNode,
    folder: TempDir,
}

impl Alone {
    /// Runs with some arguments more, and has a block.
    pub fn start(more: &[&str]) -> Result<Self> {
        let folder = TempDir::with_prefix("faultline-reading-")?;
        let chain = format!("--chain={}", spec(1)?.write(folder.path())?.display());
        let node = TestNode::start(&[&[chain.as_str(), "--alice", "--validator"], more].concat())?;
        node.wait_for_first_block()?;
        Ok(Self { node, folder })
    }

    /// The file of its specification.
    pub fn spec(&self) -> String {
        self.folder.path().join("chain.json").display().to_string()
    }
}

/// A node with a few hundred incidents of all sorts, and what is known of them. Nobody speaks any more.
pub struct Filled {
    pub alone: Alone,
    pub model: Model,
}

impl Filled {
    /// The one that other tests of this process read at this time, else a new one.
    pub async fn shared() -> Result<Arc<Self>> {
        static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        static KEPT: Mutex<Weak<Filled>> = Mutex::new(Weak::new());
        let kept = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        let _turn = TURN.lock().await;
        if let Some(there) = kept().upgrade() {
            return Ok(there);
        }
        let new = Arc::new(Self::new().await?);
        *kept() = Arc::downgrade(&new);
        Ok(new)
    }

    async fn new() -> Result<Self> {
        let alone = Alone::start(&[])?;
        let mut crowd = Crowd::at(&alone.node, 20_241_211).await?;
        crowd.fill(220).await.context("filling the chain")?;
        let client = connect(&alone.node).await?;
        let model = Model::settled(&client).await?;
        crowd.go_on(&model).await.context("going on")?;
        let model = Model::settled(&client).await?;
        Ok(Self { alone, model })
    }
}

/// A connection to a node, for questions to its trait.
pub async fn connect(node: &TestNode) -> Result<WsClient> {
    connect_to(&node.endpoint()).await
}

/// A connection to this address.
pub async fn connect_to(endpoint: &str) -> Result<WsClient> {
    let builder = WsClientBuilder::default()
        .connection_timeout(Duration::from_secs(10))
        .request_timeout(Duration::from_secs(30))
        .max_response_size(64 * 1_024 * 1_024);
    Ok(builder.build(endpoint).await?)
}

/// Waits until the index holds what is final, and gives the block.
pub async fn caught_up(client: &WsClient) -> Result<u32> {
    let mut last = None;
    for _ in 0..300 {
        let status = client.status().await?;
        let index = status.data.index.context("the node keeps an index")?;
        if index.building.is_none() && index.lag == 0 {
            return Ok(status.at.number);
        }
        last = Some(index);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("after 30 s the index is still behind: {last:?}")
}
