//! One node.

use std::{
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{bail, Result};
use nix::sys::signal::Signal;
use tempfile::TempDir;

use crate::{
    binary,
    cli::Cli,
    measure::throughput::process::Usage,
    process::{last_lines, Process, READY},
    wait_for,
};

/// The well-known validators of the chain `local`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validator {
    /// The first.
    Alice,
    /// The second.
    Bob,
    /// The third.
    Charlie,
    /// The fourth.
    Dave,
}

impl Validator {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Alice, Self::Bob, Self::Charlie, Self::Dave];

    pub(crate) fn flag(self) -> &'static str {
        match self {
            Self::Alice => "--alice",
            Self::Bob => "--bob",
            Self::Charlie => "--charlie",
            Self::Dave => "--dave",
        }
    }
}

/// A node of its own folder and ports. Killed when dropped; killing and starting again keeps folder and ports.
pub struct TestNode {
    folder: TempDir,
    arguments: Vec<String>,
    rpc_port: u16,
    starts: u32,
    patience: Duration,
    process: Process,
}

/// How long a node has until it answers, where nothing else is said.
const PATIENCE: Duration = Duration::from_secs(60);

impl TestNode {
    /// A running chain of one validator that keeps its data when it is killed.
    ///
    /// # Errors
    ///
    /// The node does not start.
    pub fn dev() -> Result<Self> {
        Self::start(&["--chain=dev", "--alice", "--validator"])
    }

    /// A running validator of the chain `local`.
    ///
    /// # Errors
    ///
    /// The node does not start.
    pub fn validator(who: Validator, bootnode: Option<&str>) -> Result<Self> {
        Self::validator_of("local", who, bootnode)
    }

    /// A running validator of a chain, by its name or its specification's path, that has the well-known validators.
    ///
    /// # Errors
    ///
    /// The node does not start.
    pub fn validator_of(chain: &str, who: Validator, bootnode: Option<&str>) -> Result<Self> {
        let (chain, bootnode) = (
            format!("--chain={chain}"),
            bootnode.map(|address| format!("--bootnodes={address}")),
        );
        let mut arguments = vec![chain.as_str(), who.flag(), "--validator"];
        arguments.extend(bootnode.as_deref());
        Self::start(&arguments)
    }

    /// Where its peers reach it, with the name that it has among them.
    ///
    /// # Errors
    ///
    /// It does not say so.
    pub fn address(&self) -> Result<String> {
        wait_for("listen address", Duration::from_secs(30), || {
            let said = self.said()?;
            let peer = said
                .lines()
                .find_map(|line| line.split("Local node identity is: ").nth(1));
            let listen = self
                .arguments
                .iter()
                .find_map(|argument| argument.strip_prefix("--listen-addr="));
            Ok(peer
                .zip(listen)
                .map(|(peer, listen)| format!("{listen}/p2p/{}", peer.trim())))
        })
    }

    /// A running node with these arguments, besides folder and ports.
    ///
    /// # Errors
    ///
    /// The node does not start.
    pub fn start(arguments: &[&str]) -> Result<Self> {
        Self::start_within(PATIENCE, arguments)
    }

    /// The same of a node that takes longer to begin with, as its chain begins with much.
    ///
    /// # Errors
    ///
    /// The node does not start.
    pub fn start_within(patience: Duration, arguments: &[&str]) -> Result<Self> {
        let folder = TempDir::with_prefix("faultline-test-")?;
        let (rpc_port, port) = (free_port()?, free_port()?);
        let mut arguments: Vec<_> = arguments.iter().map(ToString::to_string).collect();
        arguments.extend([
            format!("--base-path={}", folder.path().join("data").display()),
            format!("--rpc-port={rpc_port}"),
            format!("--listen-addr=/ip4/127.0.0.1/tcp/{port}"),
            "--no-mdns".into(),
            "--no-prometheus".into(),
            "--no-telemetry".into(),
        ]);
        let mut node = Self {
            folder,
            arguments,
            rpc_port,
            starts: 0,
            patience,
            process: Process::default(),
        };
        node.start_again()?;
        Ok(node)
    }

    /// Starts the node where it was killed: same folder, same ports.
    ///
    /// # Errors
    ///
    /// The node does not start.
    pub fn start_again(&mut self) -> Result<()> {
        self.starts += 1;
        let log = File::create(self.log())?;
        let mut command = Command::new(binary("faultline-node")?);
        command.args(&self.arguments);
        self.process.start(command, log)?;
        wait_for("JSON-RPC server", self.patience, || {
            if let Some(status) = self.process.ended()? {
                bail!("the node ended with {status}:\n{}", self.last_lines());
            }
            Ok(std::fs::read_to_string(self.log())?.contains(READY).then_some(()))
        })
    }

    /// Kills the node as `kill -9` does.
    ///
    /// # Errors
    ///
    /// It does not run.
    pub fn kill(&mut self) -> Result<()> {
        self.process.end(Signal::SIGKILL).map(|_| ())
    }

    /// Stops the process where it is: it takes connections, and answers nothing.
    ///
    /// # Errors
    ///
    /// It does not run.
    pub fn pause(&self) -> Result<()> {
        self.process.signal(Signal::SIGSTOP)
    }

    /// Lets a process that was stopped go on.
    ///
    /// # Errors
    ///
    /// It does not run.
    pub fn resume(&self) -> Result<()> {
        self.process.signal(Signal::SIGCONT)
    }

    /// Whether it has been started and not killed.
    pub fn runs(&self) -> bool {
        self.process.is_there()
    }

    /// Waits until the chain has a time: before its first block no claim can be judged.
    ///
    /// # Errors
    ///
    /// No block becomes final.
    pub fn wait_for_first_block(&self) -> Result<()> {
        wait_for("finalized block", Duration::from_secs(60), || {
            Ok((self.cli().json(&["status"])?["at"]["number"].as_u64() > Some(0)).then_some(()))
        })
    }

    /// Memory that the process holds, in KiB.
    ///
    /// # Errors
    ///
    /// It does not run.
    pub fn resident_kib(&self) -> Result<u64> {
        Ok(Usage::of(self.process.id()?)?.resident)
    }

    /// The number of its process.
    ///
    /// # Errors
    ///
    /// It does not run.
    pub fn process_id(&self) -> Result<u32> {
        self.process.id()
    }

    /// Where its JSON-RPC is.
    pub fn endpoint(&self) -> String {
        format!("ws://127.0.0.1:{}", self.rpc_port)
    }

    /// The program `faultline`, talking to this node.
    pub fn cli(&self) -> Cli {
        Cli::new(self.endpoint(), self.folder.path())
    }

    /// The folder that holds everything of this node.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The arguments that it was started with.
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// What it wrote since it was last started.
    ///
    /// # Errors
    ///
    /// The log cannot be read.
    pub fn said(&self) -> Result<String> {
        Ok(std::fs::read_to_string(self.log())?)
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join(format!("log-{}", self.starts))
    }

    fn last_lines(&self) -> String {
        last_lines(&self.said().unwrap_or_default())
    }
}

impl Drop for TestNode {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- last lines of {:?}:\n{}", self.arguments, self.last_lines());
        }
    }
}

/// A port that nobody listens on. Somebody may take it before its user does: there is no way to hand it over.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
