//! What it costs to tell many: how long after a block is final each subscriber has heard what it changed, and what the node
//! needs for them.

use std::time::{Duration, Instant};

use anyhow::{bail, Context, Result};
use faultline_client::{Call, Client, Key};
use faultline_primitives::{attestation::Claim, BlockNumber, ServiceId, Span, Text, UnixMillis};
use faultline_rpc::{
    view::{At, IncidentChange},
    FaultlineRpcClient,
};
use jsonrpsee::{
    core::client::Subscription,
    ws_client::{WsClient, WsClientBuilder},
};
use serde_json::{json, Value};
use tokio::{sync::mpsc, task::JoinSet};

use super::figures::{millis, Figures};
use crate::{load::heads::Heads, seen_by_hand, TestNode};

/// Subscriptions on one connection.
const A_CONNECTION: usize = 50;
/// How long all have to hear of one change.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the node is left alone before its memory is looked at.
const SETTLE: Duration = Duration::from_secs(15);

/// A change that was heard.
struct Heard {
    block: BlockNumber,
    at: Instant,
}

/// Measures, and gives a report for people and one for programs.
///
/// # Errors
///
/// The node does not start, refuses a subscription, or somebody does not hear of a change in a minute.
pub async fn subscribers(count: usize, rounds: u32) -> Result<(String, Value)> {
    let connections = count.div_ceil(A_CONNECTION);
    let node = TestNode::start(&[
        "--chain=dev",
        "--alice",
        "--validator",
        // And some for whoever submits and watches.
        &format!("--rpc-max-connections={}", connections + 20),
        &format!("--rpc-max-subscriptions-per-connection={A_CONNECTION}"),
    ])?;
    node.wait_for_first_block()?;
    let (client, key) = (Client::connect(&node.endpoint()).await?, Key::named("dev:alice")?);
    let heads = Heads::watch(&node.endpoint()).await?;
    // What the node takes once, whoever asks.
    report(&client, &key, 0).await?;
    tokio::time::sleep(SETTLE).await;
    let without = node.resident_kib()?;

    let (told, mut hears) = mpsc::unbounded_channel();
    let (mut listening, mut open) = (JoinSet::new(), Vec::new());
    for _ in 0..connections {
        let connection = WsClientBuilder::default().build(node.endpoint()).await?;
        for _ in 0..A_CONNECTION.min(count - listening.len()) {
            let subscription = connection.subscribe_incidents(None, None).await?;
            listening.spawn(listen(subscription, told.clone()));
        }
        open.push(connection);
    }
    tokio::time::sleep(SETTLE).await;
    let idle = node.resident_kib()?;

    let (mut after, mut spread) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        report(&client, &key, round).await?;
        let heard = all(&mut hears, count).await?;
        let first = heard
            .iter()
            .map(|heard| heard.at)
            .min()
            .context("somebody heard")?;
        for Heard { block, at } in heard {
            // It may have been told before whoever watches for finality.
            let finalized = heads.finalized_at(block).context("what was told is final")?;
            after.push(at.saturating_duration_since(finalized));
            spread.push(at.duration_since(first));
        }
    }
    let told_kib = node.resident_kib()?;
    drop::<Vec<WsClient>>(open);

    let (after, spread) = (Figures::of(after), Figures::of(spread));
    let each = |kib: u64| kib.saturating_sub(without) * 1024 / u64::try_from(count.max(1)).unwrap_or(1);
    let text = format!(
        "{count} subscriptions over {connections} connections, {rounds} changes, each told to all\n\
         from finality to hearing of it, ms:  p50 {:.1}, p95 {:.1}, p99 {:.1}, worst {:.1}\n\
         from the first that hears to each:   p50 {:.1}, p95 {:.1}, p99 {:.1}, worst {:.1}\n\
         node, resident: {} MiB without, {} MiB with all subscribed ({} bytes each), {} MiB after the changes ({} bytes each)\n",
        millis(after.p50),
        millis(after.p95),
        millis(after.p99),
        millis(after.worst),
        millis(spread.p50),
        millis(spread.p95),
        millis(spread.p99),
        millis(spread.worst),
        without / 1024,
        idle / 1024,
        each(idle),
        told_kib / 1024,
        each(told_kib),
    );
    let json = json!({
        "subscriptions": count,
        "connections": connections,
        "rounds": rounds,
        "afterFinality": after.to_json(),
        "afterTheFirst": spread.to_json(),
        "residentKibWithout": without,
        "residentKibSubscribed": idle,
        "residentKibAfter": told_kib,
    });
    Ok((text, json))
}

/// Says that something is down: another word than the last of the same voice, so that none is refused as a repetition.
async fn report(client: &Client, key: &Key, round: u32) -> Result<()> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let now = UnixMillis(u64::try_from(now.as_millis())?);
    let claim = match round.is_multiple_of(2) {
        true => Claim::Down,
        false => Claim::Degraded,
    };
    let seen = seen_by_hand(claim, Span { from: now, to: now });
    let call = Call::report(ServiceId(0), &seen, &Text::default());
    client.execute(&call, key, PATIENCE).await?;
    Ok(())
}

async fn listen(mut subscription: Subscription<At<IncidentChange>>, told: mpsc::UnboundedSender<Heard>) {
    while let Some(Ok(change)) = subscription.next().await {
        let heard = Heard {
            block: change.at.number.saturating_sub(change.data.behind),
            at: Instant::now(),
        };
        if told.send(heard).is_err() {
            return;
        }
    }
}

/// Waits until as many have heard as listen.
async fn all(hears: &mut mpsc::UnboundedReceiver<Heard>, count: usize) -> Result<Vec<Heard>> {
    let mut heard = Vec::with_capacity(count);
    let deadline = Instant::now() + PATIENCE;
    while heard.len() < count {
        let next = tokio::time::timeout_at(deadline.into(), hears.recv()).await;
        match next {
            Ok(Some(one)) => heard.push(one),
            Ok(None) | Err(_) => bail!("{} of {count} have heard of a change", heard.len()),
        }
    }
    Ok(heard)
}
