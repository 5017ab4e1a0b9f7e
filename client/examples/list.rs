//! Lists the incidents of a service and of its components that go on or were confirmed, newest first.
//!
//! Start a development chain with `faultline-node --dev` and report something (`--example report`), then run
//! `cargo run -p faultline-client --example list -- openai`. It prints a line an incident:
//!
//! ```text
//! 1 openai/chatgpt Ongoing Unconfirmed since 2026-11-28T15:09:39.842Z
//! 0 openai Ongoing Unconfirmed since 2026-11-28T15:09:17.934Z
//! ```

use std::{error::Error, pin::pin};

use faultline_client::{
    primitives::incident::{Status, Verdict},
    rpc::IncidentFilter,
    Client,
};
use futures::TryStreamExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::connect("ws://127.0.0.1:9944").await?;
    let filter = IncidentFilter {
        under: std::env::args().nth(1),
        status: vec![Status::Ongoing, Status::Recovered],
        verdict: vec![Verdict::Unconfirmed, Verdict::Confirmed],
        ..IncidentFilter::default()
    };
    // However many there are: a page at a time is asked for, as they are taken.
    let mut incidents = pin!(client.incidents(filter));
    while let Some(incident) = incidents.try_next().await? {
        let since = incident
            .started_at
            .map_or(incident.first_reported_at, |times| times.median);
        println!(
            "{} {} {} {} since {since}",
            incident.id, incident.slug, incident.status, incident.verdict
        );
    }
    Ok(())
}
