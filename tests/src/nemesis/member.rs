//! A node, mostly a validator's, as a process that can be killed, paused, stopped, damaged and wiped.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{bail, Context, Result};
use nix::sys::signal::Signal;

use super::{hosts::Host, spec::Chain};
use crate::{
    binary,
    process::{Process, READY},
    wait_for,
};

/// How long a node has to stop by itself when it is asked to.
const STOP: Duration = Duration::from_secs(30);
/// How long a node has to start.
const START: Duration = Duration::from_secs(90);

/// How a node went about starting.
#[derive(Debug)]
pub enum Started {
    /// It serves.
    Ready,
    /// It ended, with these last words.
    Ended(String),
}

/// A validator, or a node that follows.
pub struct Member {
    /// Where it runs.
    pub host: Host,
    arguments: Vec<String>,
    sync: &'static str,
    chain: String,
    database: PathBuf,
    log: PathBuf,
    /// How long the log was when the node was last started.
    begun: u64,
    process: Process,
    paused: bool,
    /// Whether its database was damaged and not yet wiped.
    pub damaged: bool,
}

impl Member {
    /// A validator on a host, that knows those at these addresses. Does not start it.
    ///
    /// # Errors
    ///
    /// Its keys cannot be put in place.
    pub fn validator(
        host: Host,
        chain: &Chain,
        node_key: &Path,
        others: &[String],
        log: PathBuf,
    ) -> Result<Self> {
        chain.insert_keys(&host.folder, host.number)?;
        let mut member = Self::follower(host, chain, node_key, others, log);
        member.arguments.push("--validator".into());
        Ok(member)
    }

    /// A node that follows the chain. Does not start it.
    pub fn follower(host: Host, chain: &Chain, node_key: &Path, others: &[String], log: PathBuf) -> Self {
        let mut arguments = vec![
            format!("--chain={}", chain.spec.display()),
            format!("--base-path={}", host.folder.display()),
            format!("--name=node-{}", host.number),
            format!("--node-key-file={}", node_key.display()),
            format!("--listen-addr={}", host.listen),
            format!("--rpc-port={}", host.rpc.1),
            "--rpc-max-connections=1000".into(),
            "--no-mdns".into(),
            "--no-prometheus".into(),
            "--no-telemetry".into(),
            "--health-port=0".into(),
        ];
        if host.disk.is_some() {
            // Only this run is at the other end of where it listens.
            arguments
                .extend(["--unsafe-rpc-external", "--rpc-methods=safe", "--rpc-cors=all"].map(String::from));
        }
        arguments.extend(others.iter().map(|address| format!("--bootnodes={address}")));
        Self {
            arguments,
            sync: "full",
            chain: chain.spec.display().to_string(),
            database: chain.database(&host.folder),
            log,
            begun: 0,
            process: Process::default(),
            paused: false,
            damaged: false,
            host,
        }
    }

    /// In which way it fetches the chain when it is started from scratch.
    pub fn sync_by(&mut self, way: &'static str) {
        self.sync = way;
    }

    /// Starts it, and waits until it serves or has ended.
    ///
    /// # Errors
    ///
    /// It cannot be started, or does neither in time.
    pub fn start(&mut self) -> Result<Started> {
        let log = OpenOptions::new().create(true).append(true).open(&self.log)?;
        self.begun = log.metadata()?.len();
        let mut command = self.host.command(&binary("faultline-node")?);
        command.args(&self.arguments).arg(format!("--sync={}", self.sync));
        self.process.start(command, log)?;
        let number = self.host.number;
        wait_for(&format!("start of validator {number}"), START, || {
            if self.ended()?.is_some() {
                return Ok(Some(Started::Ended(self.last_words()?)));
            }
            Ok(self.said()?.contains(READY).then_some(Started::Ready))
        })
    }

    /// Starts it; that it ends at once is an error.
    ///
    /// # Errors
    ///
    /// It does not serve.
    pub fn start_well(&mut self) -> Result<()> {
        match self.start()? {
            Started::Ready => Ok(()),
            Started::Ended(words) => bail!("validator {} does not start: {words}", self.host.number),
        }
    }

    /// Whether it has ended, and how.
    ///
    /// # Errors
    ///
    /// The system does not say.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.process.ended()
    }

    /// Whether a process of it is there.
    ///
    /// # Errors
    ///
    /// The system does not say.
    pub fn runs(&mut self) -> Result<bool> {
        Ok(self.process.is_there() && self.ended()?.is_none())
    }

    /// `kill -9`. It may have ended by itself.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub fn kill(&mut self) -> Result<()> {
        self.paused = false;
        self.process.kill()
    }

    /// Stops it as an operator does, and says how it ended.
    ///
    /// # Errors
    ///
    /// It does not end in time: then it was killed.
    pub fn stop(&mut self) -> Result<ExitStatus> {
        self.process.signal(Signal::SIGTERM)?;
        let number = self.host.number;
        let ended = wait_for(&format!("end of validator {number}"), STOP, || self.ended());
        self.kill()?;
        ended
    }

    /// SIGSTOP.
    ///
    /// # Errors
    ///
    /// It does not run.
    pub fn pause(&mut self) -> Result<()> {
        self.paused = true;
        self.process.signal(Signal::SIGSTOP)
    }

    /// SIGCONT.
    ///
    /// # Errors
    ///
    /// It does not run.
    pub fn go_on(&mut self) -> Result<()> {
        self.paused = false;
        self.process.signal(Signal::SIGCONT)
    }

    /// Cuts a file of its database off, and names it. The node must not run.
    ///
    /// # Errors
    ///
    /// The database cannot be read or written.
    pub fn cut_off(&mut self, file: usize, keep: u64) -> Result<String> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.database)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let length = entry.metadata()?.len();
            // The database's own log for humans, and its lock, hold nothing.
            if length > 0 && !name.starts_with("LOG") && name != "LOCK" {
                files.push((name, length));
            }
        }
        files.sort();
        let (name, length) = files
            .get(file % files.len().max(1))
            .context("the database has no files")?;
        let file = File::options().write(true).open(self.database.join(name))?;
        file.set_len(length * keep / 100)?;
        self.damaged = true;
        Ok(name.clone())
    }

    /// Deletes its database and keeps its keys, as an operator does who starts anew. The node must not run.
    ///
    /// # Errors
    ///
    /// `faultline-node` fails.
    pub fn wipe(&mut self) -> Result<()> {
        let output = Command::new(binary("faultline-node")?)
            .args(["purge-chain", "-y"])
            .arg(format!("--chain={}", self.chain))
            .arg(format!("--base-path={}", self.host.folder.display()))
            .stdin(Stdio::null())
            .output()?;
        if !output.status.success() {
            bail!("purge-chain: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        self.damaged = false;
        Ok(())
    }

    /// What it wrote since it was last started.
    ///
    /// # Errors
    ///
    /// The log cannot be read.
    pub fn said(&self) -> Result<String> {
        let mut log = File::open(&self.log)?;
        log.seek(SeekFrom::Start(self.begun))?;
        let mut bytes = Vec::new();
        log.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Everything that it ever wrote.
    ///
    /// # Errors
    ///
    /// The log cannot be read.
    pub fn log(&self) -> Result<String> {
        Ok(String::from_utf8_lossy(&std::fs::read(&self.log)?).into_owned())
    }

    /// The file of everything that it ever wrote.
    pub fn log_file(&self) -> &Path {
        &self.log
    }

    /// The last line that tells of an error, and else the last of all.
    ///
    /// # Errors
    ///
    /// The log cannot be read.
    pub fn last_words(&self) -> Result<String> {
        let said = self.said()?;
        // That a part of it ended is what comes of an error, not the error.
        let tells = |line: &&str| line.contains("rror") && !line.contains("ssential task");
        let error = said.lines().rev().find(tells);
        let last = said.lines().rev().find(|line| !line.trim().is_empty());
        Ok(error.or(last).unwrap_or("nothing").trim().into())
    }

    /// Waits until it has ended by itself, at most until `deadline`.
    ///
    /// # Errors
    ///
    /// The system does not say.
    pub fn wait_for_end(&mut self, deadline: Instant) -> Result<bool> {
        while self.runs()? {
            if Instant::now() > deadline {
                return Ok(false);
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(true)
    }
}
