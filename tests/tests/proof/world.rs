//! Four validators on a chain of short sessions, and what is said on it.

use std::path::PathBuf;

use anyhow::{Context, Result};
use faultline_primitives::Hash;
use faultline_tests::{session_keys, Cli, Spec, TestNetwork, TestNode};
use tempfile::TempDir;

/// Who reports, in turn.
const REPORTERS: [&str; 5] = ["dev:alice", "dev:bob", "dev:charlie", "dev:dave", "dev:eve"];

/// A network, and where its chain is described.
pub struct World {
    pub network: TestNetwork,
    pub genesis: Hash,
    chain: PathBuf,
    _folder: TempDir,
}

impl World {
    /// Starts the validators.
    pub fn start() -> Result<Self> {
        let folder = TempDir::with_prefix("faultline-proof-")?;
        let chain = Spec::local()?
            .sessions_of(5)?
            // Whoever has spoken may say it again at once.
            .with("/incidents/rules/renewAfter", 0)?
            .write(folder.path())?;
        let network = TestNetwork::of(&chain.display().to_string())?;
        let genesis = network.nodes[0].cli().json(&["status"])?["data"]["genesis"].clone();
        Ok(Self {
            network,
            genesis: serde_json::from_value(genesis)?,
            chain,
            _folder: folder,
        })
    }

    /// The program, talking to the first validator.
    pub fn cli(&self) -> Cli {
        self.network.nodes[0].cli()
    }

    /// Another node of the chain, that makes no blocks.
    pub fn join(&self, more: &[&str]) -> Result<TestNode> {
        let chain = format!("--chain={}", self.chain.display());
        let peers = format!("--bootnodes={}", self.network.nodes[0].address()?);
        TestNode::start(&[&[chain.as_str(), peers.as_str()], more].concat())
    }

    /// Incident 0 of ten entries, the first with a text, and one on another service.
    pub fn say_ten_entries(&self) -> Result<()> {
        let report = |key: &str, slug: &str, more: &[&str]| {
            let said = [&["report", slug, "--claim", "down"], more].concat();
            self.cli().signing(key).json(&said)
        };
        report(REPORTERS[0], "openai/api", &["--text", "Ask Jane Doe."])?;
        for place in 1..10 {
            report(REPORTERS[place % REPORTERS.len()], "openai/api", &[])?;
        }
        report(REPORTERS[1], "openai/sora", &[])?;
        Ok(())
    }

    /// Gives the first validator other keys, which it finds in its keystore.
    pub fn change_keys(&self) -> Result<()> {
        let node = &self.network.nodes[0];
        let organisation = self.cli().json(&["org", "show", "0"])?;
        let owner = organisation["data"]["admin"].as_str().context("an admin key")?;
        let mut chains = std::fs::read_dir(node.folder().join("data/chains"))?;
        let keystore = chains.next().context("a chain")??.path().join("keystore");
        let keys = session_keys(&keystore, owner)?;
        let field = |name: &str| keys[name].as_str().with_context(|| format!("{name} in {keys}"));
        let set = [
            "validator",
            "set-keys",
            "--keys",
            field("keys")?,
            "--proof",
            field("proof")?,
        ];
        self.cli().signing("dev:alice-admin").json(&set)?;
        Ok(())
    }
}
