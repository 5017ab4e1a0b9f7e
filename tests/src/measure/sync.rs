//! How fast a new node takes in a chain that another has made.

use std::time::{Duration, Instant};

use anyhow::{ensure, Context, Result};
use serde_json::{json, Value};

use super::figures::rate;
use crate::{nemesis::ask::Node, TestNode};

/// How often the new node is asked how far it is: what is measured is no finer.
const EVERY: Duration = Duration::from_millis(20);
/// How long it has for what has taken others up to an hour to make.
const PATIENCE: Duration = Duration::from_secs(1_800);

/// What a new node took.
#[derive(Clone, Copy, Debug)]
pub struct Synced {
    /// Until it answered: the state that the chain begins with is in its database by then.
    pub ready: Duration,
    /// From then until it had executed all blocks that were final when it started.
    pub took: Duration,
    /// How many.
    pub blocks: u32,
}

impl Synced {
    /// How many of what those blocks hold it took in a second.
    pub fn rate(&self, count: u64) -> f64 {
        rate(count, self.took)
    }

    /// A line for people.
    pub fn line(&self) -> String {
        format!(
            "a new node: ready after {:.1} s, executed {} blocks in {:.1} s: {:.1} blocks/s",
            self.ready.as_secs_f64(),
            self.blocks,
            self.took.as_secs_f64(),
            self.rate(self.blocks.into()),
        )
    }

    /// For programs.
    pub fn to_json(self) -> Value {
        json!({
            "readySeconds": self.ready.as_secs_f64(),
            "seconds": self.took.as_secs_f64(),
            "blocks": self.blocks,
            "blocksPerSecond": self.rate(self.blocks.into()),
        })
    }
}

/// Starts a node that has nothing of the chain of this one, and waits until it has executed all that is final now. Both share
/// the machine, and the other goes on making blocks.
///
/// # Errors
///
/// It does not start, or does not get there.
pub async fn sync(of: &TestNode, patience: Duration) -> Result<Synced> {
    let goal = Node::new(of.endpoint(), PATIENCE).finalized().await?.number;
    let chain = of
        .arguments()
        .iter()
        .find(|argument| argument.starts_with("--chain="));
    let chain = chain.context("a node is told its chain")?;
    let bootnode = format!("--bootnodes={}", of.address()?);
    let began = Instant::now();
    let new = TestNode::start_within(patience, &[chain, &bootnode])?;
    let ready = began.elapsed();
    let mut asked = Node::new(new.endpoint(), PATIENCE);
    while asked.number(None).await? < goal {
        ensure!(
            began.elapsed() < PATIENCE,
            "a new node has not taken in {goal} blocks within {} s",
            PATIENCE.as_secs()
        );
        tokio::time::sleep(EVERY).await;
    }
    Ok(Synced {
        ready,
        took: began.elapsed() - ready,
        blocks: goal,
    })
}
