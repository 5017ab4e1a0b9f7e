//! A chain of one validator whose council acts: its seats are those of organisations 0, 1 and 5, whose admin keys are
//! those of alice, bob and ferdie.

use anyhow::Result;
use serde_json::Value;

use crate::{Cli, TestNode};

/// A node whose chain has a block, and the program with the keys of its organisations.
pub struct Chain {
    /// The node.
    pub node: TestNode,
}

impl Chain {
    /// A new one.
    ///
    /// # Errors
    ///
    /// The node does not start.
    pub fn new() -> Result<Self> {
        let node = TestNode::dev()?;
        node.wait_for_first_block()?;
        Ok(Self { node })
    }

    /// The program, signing with a development key: `alice`, `alice-admin`.
    pub fn by(&self, key: &str) -> Cli {
        self.node.cli().signing(&format!("dev:{key}"))
    }

    /// What a command answers.
    ///
    /// # Errors
    ///
    /// It fails.
    pub fn data(&self, arguments: &[&str]) -> Result<Value> {
        Ok(self.node.cli().json(arguments)?["data"].clone())
    }

    /// Proposes an act as one seat, and lets another vote for it; the motion's number.
    ///
    /// # Errors
    ///
    /// Either is refused.
    pub fn carried(&self, act: &[&str]) -> Result<String> {
        self.node.cli().carried(act)
    }

    /// The same, closed: the entry of the consortium's log.
    ///
    /// # Errors
    ///
    /// It is refused, or does not carry.
    pub fn enacted(&self, act: &[&str]) -> Result<Value> {
        self.node.cli().enacted(act)
    }
}
