//! Nodes of one chain: what one says the other says too, and whoever follows one goes on at the other.

use std::time::Duration;

use anyhow::{bail, ensure, Context, Result};
use faultline_rpc::{FaultlineRpcClient, IncidentFilter, MAX_PAGE};
use faultline_tests::{TestNode, Validator};
use jsonrpsee::ws_client::WsClient;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;

use crate::{
    chain::{connect, spec},
    oracle::Model,
    speech::Crowd,
    subscriber::{check, follow_incidents, Manner},
    subscriptions::filters,
};

/// Asks both until both answer as of the same block, and checks that they say the same.
async fn ensure_same(nodes: [&WsClient; 2], filter: &IncidentFilter) -> Result<()> {
    for _ in 0..100 {
        let (one, other) = tokio::join!(
            nodes[0].incidents(Some(filter.clone()), None, Some(MAX_PAGE)),
            nodes[1].incidents(Some(filter.clone()), None, Some(MAX_PAGE)),
        );
        let (one, other) = (one?, other?);
        if one.at != other.at {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        }
        ensure!(one.data.items == other.data.items, "{filter:?} at {:?}", one.at);
        ensure!(one.data.next == other.data.next, "{filter:?}: other cursors");
        return Ok(());
    }
    bail!("two nodes are never at the same block")
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_at_one_block_give_one_answer_and_a_cursor_of_one_is_good_on_the_other() -> Result<()> {
    let folder = TempDir::with_prefix("faultline-reading-")?;
    let chain = spec(2)?.write(folder.path())?.display().to_string();
    let first = TestNode::validator_of(&chain, Validator::Alice, None)?;
    let address = first.address()?;
    let second = TestNode::validator_of(&chain, Validator::Bob, Some(&address))?;
    first.wait_for_first_block()?;
    let (one, other) = (connect(&first).await?, connect(&second).await?);
    let mut crowd = Crowd::at(&first, 17).await?;
    crowd.fill(60).await?;
    let before = Model::settled(&one).await?;
    Model::settled(&other).await?;

    let mut following = Vec::new();
    for (filter, seed) in filters().into_iter().zip(1..) {
        let endpoints = vec![first.endpoint(), second.endpoint()];
        let follower = follow_incidents(endpoints, &filter, Manner::Restless(seed)).await?;
        following.push((filter, follower));
    }
    let load = crowd.keep_speaking();
    let mut random = ChaCha8Rng::seed_from_u64(19);
    for _ in 0..60 {
        ensure_same([&one, &other], &before.filter(&mut random)).await?;
    }

    // A walk that changes the node at every page.
    let pause = load.pause().await;
    let after = Model::settled(&one).await?;
    Model::settled(&other).await?;
    let (mut found, mut cursor, mut turn) = (Vec::new(), None, [&one, &other].into_iter().cycle());
    loop {
        let node = turn.next().context("two nodes")?;
        let page = node.incidents(None, cursor, Some(9)).await?;
        found.extend(page.data.items);
        cursor = page.data.next;
        if cursor.is_none() {
            break;
        }
    }
    crate::oracle::ensure_same("by turns", &found, &after.list(&IncidentFilter::default()))?;
    for (filter, follower) in &following {
        let given = check(follower, filter, &before, &after).await?;
        println!("{filter:?}: {given}");
    }
    drop(pause);

    // Who comes later and never saw it happen says the same.
    let bootnode = format!("--bootnodes={address}");
    let reader = TestNode::start(&[&format!("--chain={chain}"), &bootnode])?;
    reader.wait_for_first_block()?;
    let reader = connect(&reader).await?;
    for filter in filters() {
        ensure_same([&one, &reader], &filter).await?;
    }
    Ok(())
}
