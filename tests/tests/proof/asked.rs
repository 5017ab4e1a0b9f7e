//! Asking nodes for proofs.

use std::time::Duration;

use anyhow::Result;
use base64::{prelude::BASE64_STANDARD, Engine};
use codec::DecodeAll;
use faultline_proof::{Bundle, Finalized, Start};
use faultline_rpc::FaultlineRpcClient;
use faultline_tests::TestNode;
use jsonrpsee::ws_client::{WsClient, WsClientBuilder};

/// A connection to a node.
pub async fn connect(node: &TestNode) -> Result<WsClient> {
    let builder = WsClientBuilder::default()
        .connection_timeout(Duration::from_secs(10))
        .request_timeout(Duration::from_secs(30))
        .max_response_size(16 * 1_024 * 1_024);
    Ok(builder.build(node.endpoint()).await?)
}

/// The bundle of an incident.
pub async fn incident(client: &WsClient, id: u64, since: Option<u32>) -> Result<Bundle> {
    let answer = client.proof(id, since).await?;
    let bundle = answer.data.open()?;
    assert_eq!(answer.at.number, bundle.block.header.number);
    assert_eq!(answer.at.hash, bundle.block.header.hash());
    Ok(bundle)
}

/// A warp proof, read.
pub struct Warp {
    pub start: Option<Start>,
    pub changes: Vec<Finalized>,
    pub block: Option<Finalized>,
}

fn read<T: DecodeAll>(text: &str) -> Result<T> {
    let bytes = BASE64_STANDARD.decode(text)?;
    Ok(T::decode_all(&mut bytes.as_slice())?)
}

/// A warp proof, and the block that it leads to.
pub async fn warp_proof(client: &WsClient, since: Option<u32>, until: Option<u32>) -> Result<(u32, Warp)> {
    let answer = client.warp_proof(since, until).await?;
    let warp = Warp {
        start: answer.data.start.as_deref().map(read).transpose()?,
        changes: read(&answer.data.changes)?,
        block: answer.data.block.as_deref().map(read).transpose()?,
    };
    Ok((answer.at.number, warp))
}
