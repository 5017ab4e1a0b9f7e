//! Says of a service that it is down, and waits until that is final.
//!
//! Start a development chain with `faultline-node --dev`, then run
//! `cargo run -p faultline-client --example report -- openai`. It prints, with another hash and other numbers:
//!
//! ```text
//! Submitted 0x11fd…b83b: waiting until it is final.
//! Final in block 3: entry 0 of incident 0.
//! ```

use std::{error::Error, time::Duration};

use faultline_client::{
    attestation::{now, AttestationBuilder, Document},
    primitives::{
        attestation::{Claim, EvidenceKind, Method},
        Millis, UnixMillis,
    },
    rpc::FaultlineRpcClient,
    Client, Event, Key,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let slug = std::env::args().nth(1).unwrap_or_else(|| "openai".into());
    let client = Client::connect("ws://127.0.0.1:9944").await?;
    let service = client.answer(client.rpc().service(slug)).await?.data.service;

    let (log, now) = (b"12 of 12 requests failed\n", now());
    let since = UnixMillis(now.0.saturating_sub(Millis::minutes(5).0));
    let seen = AttestationBuilder::new(Claim::Down)
        .span(since, now)
        .method(Method::ActiveProbe)
        .vantage("DE".parse()?, 3320, 12, 12)
        .evidence(Document::of_bytes(log, EvidenceKind::ProbeLog, "text/plain", now))
        .text("No request is answered.")
        .build(now)?;

    let key = Key::named("dev:alice")?;
    let call = seen.report(service.id);
    let signed = client.send(&call, &key).await?;
    println!("Submitted {}: waiting until it is final.", signed.hash());
    let recorded = client
        .see_through(&call, &key, signed, Duration::from_secs(90))
        .await?;
    for event in recorded.events {
        if let Event::Incident { incident, entry, .. } = event {
            let block = recorded.block.number;
            println!("Final in block {block}: entry {entry} of incident {incident}.");
        }
    }
    Ok(())
}
