//! A node that comes when all is over and fetches the chain from the others, in each of the ways that there are.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use anyhow::{ensure, Context, Result};

use super::{ask::Node, faults::lock, member::Member};

/// The ways in which a node can fetch a chain, as `--sync` names them.
const WAYS: [&str; 2] = ["full", "warp"];
/// How long it may take.
const MOST: Duration = Duration::from_secs(600);
const ANSWER: Duration = Duration::from_secs(10);

/// How long it took to fetch the chain in one way.
#[derive(Clone, Copy, Debug)]
pub struct Fetched {
    /// In which way.
    pub way: &'static str,
    /// From the start of its process until what was final with the others then was final with it.
    pub took: Duration,
    /// How many blocks were final then.
    pub blocks: u32,
}

/// Lets the newcomer fetch the chain from scratch, in one way after the other.
///
/// # Errors
///
/// It does not get it, or gets another than that of `other`.
pub async fn fetch(newcomer: &Arc<Mutex<Member>>, other: &mut Node) -> Result<Vec<Fetched>> {
    let mut fetched = Vec::new();
    for way in WAYS {
        fetched.push(
            by(newcomer, way, other)
                .await
                .with_context(|| format!("by {way} sync"))?,
        );
    }
    Ok(fetched)
}

async fn by(newcomer: &Arc<Mutex<Member>>, way: &'static str, other: &mut Node) -> Result<Fetched> {
    let until = other.finalized().await?;
    let began = Instant::now();
    let mut node = Node::new(lock(newcomer).host.endpoint(), ANSWER);
    let starting = newcomer.clone();
    tokio::task::spawn_blocking(move || {
        let mut member = lock(&starting);
        member.sync_by(way);
        member.start_well()
    })
    .await??;
    let reached = loop {
        let reached = node.finalized().await?;
        if reached.number >= until.number {
            break reached;
        }
        ensure!(
            began.elapsed() < MOST,
            "block {} is final after {MOST:?}, of {}",
            reached.number,
            until.number
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let took = began.elapsed();
    ensure!(
        other.hash(reached.number).await? == reached.hash,
        "block {} is another than with the validators",
        reached.number
    );
    let mut member = lock(newcomer);
    member.kill()?;
    member.wipe()?;
    Ok(Fetched {
        way,
        took,
        blocks: until.number,
    })
}
