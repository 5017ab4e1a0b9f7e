//! Four validators.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::{wait_for, Rpc, TestNode, Validator};

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
        Self::of("local")
    }

    /// The same of a chain of a test's own, by the path of its specification, that has the validators of `local`.
    ///
    /// # Errors
    ///
    /// A node does not start, or nothing becomes final.
    pub fn of(chain: &str) -> Result<Self> {
        let first = TestNode::validator_of(chain, Validator::Alice, None)?;
        let address = first.address()?;
        let mut nodes = vec![first];
        for who in &Validator::ALL[1..] {
            nodes.push(TestNode::validator_of(chain, *who, Some(&address))?);
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

    /// Checks that all nodes that run have made the same blocks final, as far as all have.
    ///
    /// # Errors
    ///
    /// Two have not, or one does not answer.
    pub fn assert_one_history(&self) -> Result<()> {
        let running: Vec<_> = self.nodes.iter().filter(|node| node.runs()).collect();
        let asked = running
            .iter()
            .map(|node| Rpc::new(&node.endpoint()))
            .collect::<Result<Vec<_>>>()?;
        let mut lowest = u64::MAX;
        for node in &running {
            let status = node.cli().json(&["status"])?;
            lowest = lowest.min(status["at"]["number"].as_u64().unwrap_or(0));
        }
        for number in 0..=lowest {
            let mut hashes = asked
                .iter()
                .map(|rpc| rpc.ask("chain_getBlockHash", &[number.into()]));
            let first = hashes.next().context("no node runs")??;
            for hash in hashes {
                anyhow::ensure!(hash? == first, "two nodes have made another block {number} final");
            }
        }
        Ok(())
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
