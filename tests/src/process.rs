//! A process of `faultline-node`.

use std::{
    fs::File,
    process::{Child, Command, ExitStatus, Stdio},
};

use anyhow::{Context, Result};
use nix::{
    sys::signal::{kill, Signal},
    unistd::Pid,
};

/// What a node writes when it serves JSON-RPC, before the address.
pub const READY: &str = "Running JSON-RPC server: addr=";
/// How many lines of a log are shown of a node that failed.
const SHOWN: usize = 30;

/// A process that runs, or ran. Killed when dropped.
#[derive(Default)]
pub struct Process(Option<Child>);

impl Process {
    /// Starts it: what it says goes into a log.
    ///
    /// # Errors
    ///
    /// It cannot be started.
    pub fn start(&mut self, mut command: Command, log: File) -> Result<()> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .context("starting faultline-node")?;
        self.0 = Some(child);
        Ok(())
    }

    /// Whether it was started, and not killed or ended from here.
    pub fn is_there(&self) -> bool {
        self.0.is_some()
    }

    /// Its number.
    ///
    /// # Errors
    ///
    /// It does not run.
    pub fn id(&self) -> Result<u32> {
        Ok(self.0.as_ref().context("the node does not run")?.id())
    }

    /// Whether it has ended by itself, and how; no where it is not there at all.
    ///
    /// # Errors
    ///
    /// The system does not say.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        match &mut self.0 {
            None => Ok(None),
            Some(child) => Ok(child.try_wait()?),
        }
    }

    /// Sends it a signal.
    ///
    /// # Errors
    ///
    /// It does not run.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        Ok(kill(Pid::from_raw(i32::try_from(self.id()?)?), signal)?)
    }

    /// Sends it a signal, and waits for its end.
    ///
    /// # Errors
    ///
    /// It does not run.
    pub fn end(&mut self, signal: Signal) -> Result<ExitStatus> {
        self.signal(signal)?;
        let mut child = self.0.take().context("the node does not run")?;
        Ok(child.wait()?)
    }

    /// `kill -9`, and nothing where it is not there.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.0.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing to do for a process that ended by itself.
        let _ = self.kill();
    }
}

/// The end of a log, to be shown.
pub fn last_lines(log: &str) -> String {
    let lines: Vec<_> = log.lines().collect();
    lines[lines.len().saturating_sub(SHOWN)..].join("\n")
}
