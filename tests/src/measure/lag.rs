//! How far the index is behind finality while a crowd speaks.

use std::time::{Duration, Instant};

use anyhow::{ensure, Context, Result};
use faultline_primitives::BlockNumber;
use faultline_rpc::FaultlineRpcClient;
use jsonrpsee::ws_client::WsClientBuilder;
use serde_json::{json, Value};
use tokio::{sync::watch, task::JoinHandle};

use super::figures::{millis, Figures};
use crate::{
    load::{self, flood, heads::Heads},
    nemesis::ask::Node,
    TestNode,
};

/// How often the node is asked where its index stands: what is measured is no finer.
const EVERY: Duration = Duration::from_millis(10);

/// Measures, and gives a report for people and one for programs: one validator is handed so many reports at once, by a
/// hundred organisations, of two hundred services.
///
/// # Errors
///
/// The node does not start, or does not record them all.
pub async fn lag(reports: usize) -> Result<(String, Value)> {
    let folder = tempfile::tempdir()?;
    let spec = load::crowded()?.with("/consortium/validators", json!([0]))?;
    let chain = format!("--chain={}", spec.write(folder.path())?.display());
    let node = TestNode::start(&[
        &chain,
        "--alice",
        "--validator",
        "--rpc-max-subscriptions-per-connection=4096",
    ])?;
    node.wait_for_first_block()?;
    let mut asked = Node::new(node.endpoint(), Duration::from_secs(60));
    let mut words = load::words(load::moment(&mut asked).await?)?;
    ensure!(reports <= words.len(), "at most {} reports", words.len());
    words.truncate(reports);

    let heads = Heads::watch(&node.endpoint()).await?;
    let (over, is_over) = watch::channel(false);
    let standing = stand(&node, is_over).await?;
    let flood = flood::flood(&node.endpoint(), words).await?;
    let last = heads.finalized();
    over.send_replace(true);
    let standing = standing.await??;
    let recorded = flood
        .told
        .values()
        .filter(|told| **told == flood::Told::Final)
        .count();
    ensure!(recorded == reports, "{recorded} of {reports} reports are final");

    let first = standing.first().map_or(0, |seen| seen.indexed);
    let behind = (first.saturating_add(1)..=last).filter_map(|block| {
        let indexed = standing.iter().find(|seen| seen.indexed >= block)?;
        Some(indexed.at.saturating_duration_since(heads.finalized_at(block)?))
    });
    let figures = Figures::of(behind.collect());
    let most = standing.iter().map(|seen| seen.lag).max().unwrap_or(0);
    let text = format!(
        "{reports} reports final within {:.1} s, {} blocks\n\
         from finality to the index, ms: p50 {:.0}, p95 {:.0}, worst {:.0} (looked at every {} ms); {most} blocks at most\n",
        flood.decided_in.as_secs_f64(),
        figures.count,
        millis(figures.p50),
        millis(figures.p95),
        millis(figures.worst),
        EVERY.as_millis(),
    );
    let json = json!({
        "reports": reports,
        "seconds": flood.decided_in.as_secs_f64(),
        "blocks": figures.count,
        "behindFinality": figures.to_json(),
        "mostBlocksBehind": most,
    });
    Ok((text, json))
}

/// Where the index stood at a time.
struct Seen {
    at: Instant,
    indexed: BlockNumber,
    lag: u32,
}

/// Asks over and over where the index stands, until it is over.
async fn stand(node: &TestNode, is_over: watch::Receiver<bool>) -> Result<JoinHandle<Result<Vec<Seen>>>> {
    let connection = WsClientBuilder::default().build(node.endpoint()).await?;
    Ok(tokio::spawn(async move {
        let mut standing = Vec::new();
        while !*is_over.borrow() {
            let index = connection.status().await?.data.index;
            let index = index.context("the node keeps an index")?;
            standing.push(Seen {
                at: Instant::now(),
                indexed: index.at.map_or(0, |block| block.number),
                lag: index.lag,
            });
            tokio::time::sleep(EVERY).await;
        }
        Ok(standing)
    }))
}
