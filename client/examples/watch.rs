//! Follows what happens to incidents, through restarts of the node.
//!
//! Start a development chain that keeps its data with `faultline-node --dev --base-path dev-chain`, then run
//! `cargo run -p faultline-client --example watch`, and report something (`--example report`). Stop the node, start it
//! again, report once more: each change comes, and comes once. It prints changes to stdout and what it does by itself
//! to stderr:
//!
//! ```text
//! There are 0 incidents at block 2.
//! Block 3: incident 0 of openai is Ongoing and Unconfirmed.
//! Waiting for ws://127.0.0.1:9944: it cannot be reached (connection closed).
//! Heard of again from ws://127.0.0.1:9944, from where it was left.
//! Block 7: incident 1 of openai/chatgpt is Ongoing and Unconfirmed.
//! ```
//!
//! Several nodes may be named, as arguments: when one is gone, another goes on.

use std::{error::Error, pin::pin};

use faultline_client::{rpc::IncidentFilter, Client};
use futures::{StreamExt, TryStreamExt};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut nodes: Vec<_> = std::env::args().skip(1).collect();
    if nodes.is_empty() {
        nodes.push("ws://127.0.0.1:9944".into());
    }
    let client = Client::connect_any(&nodes, None, |notice| eprintln!("{notice}")).await?;

    // The cursor of now before the list: what happens in between comes in both, and nothing in neither.
    let filter = IncidentFilter::default();
    let now = client.incidents_now(&filter).await?;
    let there = client.incidents(filter.clone()).count().await;
    println!("There are {there} incidents at block {}.", now.at.number);

    let mut changes = pin!(client.watch_incidents(filter, Some(now.data)));
    while let Some(change) = changes.try_next().await? {
        let incident = change.data.incident;
        println!(
            "Block {}: incident {} of {} is {} and {}.",
            change.at.number, incident.id, incident.slug, incident.status, incident.verdict
        );
    }
    Ok(())
}
