//! A node as its operator runs it: by signals, its log, its health and its metrics. All ports are the system's choice.

use std::{
    fs::{self, File},
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    time::{Duration, Instant},
};

use anyhow::{bail, Context, Result};
use faultline_tests::{
    binary,
    process::{last_lines, Process, READY},
    wait_for, Cli,
};
use nix::sys::signal::Signal;
use serde_json::Value;
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(90);

/// A node that runs, or ran.
pub struct Node {
    folder: TempDir,
    arguments: Vec<String>,
    starts: u32,
    process: Process,
}

impl Node {
    /// A chain of one validator that keeps its data.
    pub fn dev() -> Result<Self> {
        Self::start(&["--chain=dev", "--alice", "--validator"])
    }

    /// Runs with these arguments, in a folder of its own, and waits until it serves JSON-RPC.
    pub fn start(arguments: &[&str]) -> Result<Self> {
        let mut node = Self::new(arguments)?;
        node.start_again()?;
        Ok(node)
    }

    /// Has these arguments, and is not started.
    pub fn new(arguments: &[&str]) -> Result<Self> {
        let folder = TempDir::with_prefix("faultline-running-")?;
        let data = folder.path().join("data");
        Self::within(folder, &data, arguments)
    }

    /// Has these arguments and the data of another node, and is not started.
    pub fn with_data_of(other: &Self, arguments: &[&str]) -> Result<Self> {
        let folder = TempDir::with_prefix("faultline-running-")?;
        Self::within(folder, &other.folder().join("data"), arguments)
    }

    fn within(folder: TempDir, data: &Path, arguments: &[&str]) -> Result<Self> {
        let arguments = arguments
            .iter()
            .map(ToString::to_string)
            .chain([
                format!("--base-path={}", data.display()),
                "--rpc-port=0".into(),
                "--listen-addr=/ip4/127.0.0.1/tcp/0".into(),
                "--no-mdns".into(),
                "--no-telemetry".into(),
            ])
            .collect();
        Ok(Self {
            folder,
            arguments,
            starts: 0,
            process: Process::default(),
        })
    }

    /// Starts the node, or starts it again where it ended.
    pub fn start_again(&mut self) -> Result<()> {
        self.start_with(&[])
    }

    /// Starts the node with some arguments more.
    pub fn start_with(&mut self, more: &[&str]) -> Result<()> {
        self.spawn(&[&["--health-port=0", "--prometheus-port=0"], more].concat())?;
        wait_for("JSON-RPC server", PATIENCE, || {
            if let Some(status) = self.process.ended()? {
                bail!("the node ended with {status}:\n{}", self.last_lines());
            }
            Ok(self.after(READY)?.map(|_| ()))
        })
    }

    /// Starts the node with some arguments more, and waits until it has refused to run: gives what it said.
    pub fn refuses(&mut self, more: &[&str]) -> Result<String> {
        self.spawn(more)?;
        let status = wait_for("the end of the node", PATIENCE, || self.process.ended())?;
        self.process = Process::default();
        let said = self.said()?;
        if status.success() {
            bail!("it ended as if all were well:\n{said}");
        }
        Ok(said)
    }

    fn spawn(&mut self, more: &[&str]) -> Result<()> {
        self.starts += 1;
        let log = File::create(self.log())?;
        let mut command = Command::new(binary("faultline-node")?);
        command.args(&self.arguments).args(more);
        self.process.start(command, log)
    }

    /// Kills the node as `kill -9` does, without waiting for its end.
    pub fn kill(&self) -> Result<()> {
        self.process.signal(Signal::SIGKILL)
    }

    /// Sends a signal, and waits for the end: gives its status, and how long it took.
    pub fn end(&mut self, signal: Signal) -> Result<(ExitStatus, Duration)> {
        let sent = Instant::now();
        Ok((self.process.end(signal)?, sent.elapsed()))
    }

    /// What it wrote since it was last started.
    pub fn said(&self) -> Result<String> {
        Ok(fs::read_to_string(self.log())?)
    }

    /// Waits until it has said something: gives the line.
    pub fn wait_until_said(&self, text: &str, timeout: Duration) -> Result<String> {
        wait_for(text, timeout, || {
            let said = self.said()?;
            Ok(said.lines().find(|line| line.contains(text)).map(Into::into))
        })
        .with_context(|| format!("its last lines:\n{}", self.last_lines()))
    }

    /// Waits until it has said something more often than before.
    pub fn wait_until_said_again(&self, text: &str, before: usize, timeout: Duration) -> Result<()> {
        wait_for(text, timeout, || {
            Ok((self.times_said(text)? > before).then_some(()))
        })
        .with_context(|| format!("its last lines:\n{}", self.last_lines()))
    }

    /// How often it has said something since it was last started.
    pub fn times_said(&self, text: &str) -> Result<usize> {
        Ok(self.said()?.matches(text).count())
    }

    /// The first word that it wrote after a text.
    pub fn after(&self, text: &str) -> Result<Option<String>> {
        let said = self.said()?;
        let found = said.lines().find_map(|line| line.split(text).nth(1));
        Ok(found
            .and_then(|rest| rest.split([' ', ',', '/']).next())
            .map(Into::into))
    }

    /// Its address for peers.
    pub fn address(&self) -> Result<String> {
        wait_for("address", PATIENCE, || {
            let answer = self.call("system_localListenAddresses", &[])?;
            Ok(answer[0].as_str().map(Into::into))
        })
    }

    /// The program `faultline`, talking to this node.
    pub fn cli(&self) -> Result<Cli> {
        let address = self.after(READY)?.context("no JSON-RPC")?;
        Ok(Cli::new(format!("ws://{address}"), self.folder()))
    }

    /// The folder that holds everything of this node.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of its database.
    pub fn database(&self) -> Result<PathBuf> {
        let chains = self.folder().join("data/chains");
        let chain = fs::read_dir(chains)?.next().context("no chain")??;
        Ok(chain.path().join("db/full"))
    }

    /// Calls a method of its JSON-RPC.
    pub fn call(&self, method: &str, parameters: &[Value]) -> Result<Value> {
        let body = serde_json::json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters });
        let address = self.after(READY)?.context("no JSON-RPC")?;
        let (_, answer) = http(&address, "POST /", &body.to_string())?;
        let answer: Value = serde_json::from_str(&answer)?;
        match &answer["result"] {
            Value::Null => bail!("{method}: {answer}"),
            result => Ok(result.clone()),
        }
    }

    /// What its health endpoint answers on this path: the status, and the answer.
    pub fn health(&self, path: &str) -> Result<(u16, Value)> {
        let address = self.after("Health is served at http://")?.context("no health")?;
        let (status, answer) = http(&address, &format!("GET {path}"), "")?;
        Ok((status, serde_json::from_str(&answer).unwrap_or_default()))
    }

    /// Waits until it is ready.
    pub fn wait_until_ready(&self) -> Result<Value> {
        wait_for("readiness", PATIENCE, || {
            let (status, answer) = self.health("/ready")?;
            if status != 200 {
                bail!("{status}: {answer}");
            }
            Ok(Some(answer))
        })
    }

    /// All its metrics.
    pub fn metrics(&self) -> Result<String> {
        let address = self
            .after("Prometheus exporter started at ")?
            .context("no metrics")?;
        Ok(http(&address, "GET /metrics", "")?.1)
    }

    /// The value of a metric with labels that hold each of these texts.
    pub fn metric(&self, name: &str, labels: &[&str]) -> Result<f64> {
        let metrics = self.metrics()?;
        let line = metrics.lines().find(|line| {
            line.starts_with(&format!("{name}{{")) && labels.iter().all(|label| line.contains(label))
        });
        let value = line.and_then(|line| line.rsplit(' ').next());
        Ok(value
            .with_context(|| format!("no {name} with {labels:?}"))?
            .parse()?)
    }

    fn log(&self) -> PathBuf {
        self.folder().join(format!("log-{}", self.starts))
    }

    fn last_lines(&self) -> String {
        last_lines(&self.said().unwrap_or_default())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- last lines of {:?}:\n{}", self.arguments, self.last_lines());
        }
    }
}

/// Asks over HTTP: gives the status and the body. The answer says its length or ends with the connection.
fn http(address: &str, request: &str, body: &str) -> Result<(u16, String)> {
    let mut stream = TcpStream::connect(address).with_context(|| format!("connecting to {address}"))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(
        stream,
        "{request} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
    let status = head.split(' ').nth(1).context("no status")?.parse()?;
    Ok((status, body.into()))
}
