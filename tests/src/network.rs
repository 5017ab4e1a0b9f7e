//! Four validators.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::{wait_for, TestNode, Validator};

/// The chain `local`: four validators that know each other.
pub struct TestNetwork {
    /// In the order of [`Validator::ALL`].
    pub nodes: Vec<TestNode>,
}

impl TestNetwork {
    /// Starts the four and waits until they have made a block final.
    ///
    /// # Errors
    ///
    /// A node does not start, or nothing becomes final.
    pub fn start() -> Result<Self> {
        let first = TestNode::validator(Validator::Alice, None)?;
        let address = wait_for("listen address", Duration::from_secs(30), || {
            let said = first.said()?;
            let peer = said
                .lines()
                .find_map(|line| line.split("Local node identity is: ").nth(1));
            let listen = first
                .arguments()
                .iter()
                .find_map(|argument| argument.strip_prefix("--listen-addr="));
            Ok(peer
                .zip(listen)
                .map(|(peer, listen)| format!("{listen}/p2p/{}", peer.trim())))
        })?;
        let mut nodes = vec![first];
        for who in &Validator::ALL[1..] {
            nodes.push(TestNode::validator(*who, Some(&address))?);
        }
        let network = Self { nodes };
        wait_for("finalized block", Duration::from_secs(90), || {
            Ok((network.finalized(0)? > 0).then_some(()))
        })?;
        Ok(network)
    }

    /// Number of the finalized block, as a node sees it.
    ///
    /// # Errors
    ///
    /// The node does not answer.
    pub fn finalized(&self, node: usize) -> Result<u64> {
        let status = self.nodes[node].cli().json(&["status"])?;
        status["at"]["number"]
            .as_u64()
            .context("no number of the finalized block")
    }

    /// Waits until a node has made final what another has.
    ///
    /// # Errors
    ///
    /// It does not get there in time.
    pub fn wait_until_caught_up(&self, node: usize, with: usize) -> Result<()> {
        let goal = self.finalized(with)?;
        wait_for("catching up", Duration::from_secs(90), || {
            Ok((self.finalized(node)? >= goal).then_some(()))
        })
    }
}
