//! What a validator needs while nobody says anything.

use std::time::Duration;

use anyhow::Result;
use serde_json::{json, Value};

use super::{disk, sync::sync};
use crate::{nemesis::ask::Node, TestNode};

const HOURS_OF_A_DAY: f64 = 24.0;
/// How long a new node has to begin with.
const PATIENCE: Duration = Duration::from_secs(60);

/// Watches a chain of one validator for so long, then has a new node take it in. Gives a report for people and one for
/// programs.
///
/// # Errors
///
/// A node does not start, or does not answer.
pub async fn idle(minutes: u64) -> Result<(String, Value)> {
    let node = TestNode::dev()?;
    node.wait_for_first_block()?;
    let data = node.folder().join("data");
    let mut asked = Node::new(node.endpoint(), PATIENCE);
    let (first, before) = (asked.number(None).await?, disk::size(&data)?);
    tokio::time::sleep(Duration::from_secs(minutes * 60)).await;
    let (after, last) = (disk::size(&data)?, asked.number(None).await?);
    let resident = node.resident_kib()?;
    let synced = sync(&node, PATIENCE).await?;

    let hours = (minutes as f64 / 60.0).max(f64::MIN_POSITIVE);
    let grown = after.saturating_sub(before) as f64;
    let mib = |bytes: f64| bytes / f64::from(1_024 * 1_024);
    let text = format!(
        "idle validator: {} MiB resident after {minutes} min and {} blocks\n\
         disk: {:.1} MiB at first, {:.1} MiB at the end; grows {:.1} MiB an hour, {:.0} MiB a day\n\
         {}\n",
        resident / 1_024,
        last - first,
        mib(before as f64),
        mib(after as f64),
        mib(grown / hours),
        mib(grown / hours * HOURS_OF_A_DAY),
        synced.line(),
    );
    let json = json!({
        "minutes": minutes,
        "blocks": last - first,
        "residentKiB": resident,
        "bytesBefore": before,
        "bytesAfter": after,
        "bytesADay": grown / hours * HOURS_OF_A_DAY,
        "sync": synced.to_json(),
    });
    Ok((text, json))
}
