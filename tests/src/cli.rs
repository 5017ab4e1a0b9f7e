//! The program `faultline`, as a person runs it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{anyhow, bail, Context, Result};
use serde_json::Value;

use crate::binary;

/// The password of every key that a test makes.
const PASSWORD: &str = "the tests' own password";

/// The program, talking to one node, with a home folder of its own.
#[derive(Clone)]
pub struct Cli {
    endpoint: String,
    home: PathBuf,
    folder: PathBuf,
    key: Option<String>,
}

/// What a run of the program ended with.
#[derive(Debug)]
pub struct Outcome {
    /// Exit code.
    pub code: i32,
    /// What it printed.
    pub out: String,
    /// What it said beside.
    pub err: String,
}

impl Cli {
    /// Talks to this endpoint and keeps what it remembers in `home`.
    pub fn new(endpoint: String, home: &Path) -> Self {
        Self {
            endpoint,
            home: home.join("home"),
            folder: PathBuf::from("."),
            key: None,
        }
    }

    /// Signs with this key.
    #[must_use]
    pub fn signing(mut self, key: &str) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Runs in this folder.
    #[must_use]
    pub fn inside(mut self, folder: &Path) -> Self {
        self.folder = folder.into();
        self
    }

    /// A file that holds the password of keys, for a program that nobody sits before.
    fn password_file(&self) -> Result<PathBuf> {
        fs::create_dir_all(&self.home)?;
        let path = self.home.join("password");
        if !path.is_file() {
            // Moved in whole: several programs of one home may run at once.
            let mut file = tempfile::Builder::new().tempfile_in(&self.home)?;
            file.write_all(PASSWORD.as_bytes())?;
            file.persist(&path)?;
        }
        Ok(path)
    }

    /// The process that would run.
    ///
    /// # Errors
    ///
    /// The program was not built.
    pub fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(binary("faultline")?);
        command
            .env("FAULTLINE_NODE", &self.endpoint)
            .env("FAULTLINE_HOME", &self.home)
            .env("FAULTLINE_PASSWORD_FILE", self.password_file()?)
            .env("NO_COLOR", "1")
            .env_remove("FAULTLINE_KEY")
            .envs(self.key.as_ref().map(|key| ("FAULTLINE_KEY", key)))
            .current_dir(&self.folder)
            .args(arguments);
        Ok(command)
    }

    /// Runs it to its end.
    ///
    /// # Errors
    ///
    /// It cannot be run at all; a refusal is an [`Outcome`].
    pub fn run(&self, arguments: &[&str]) -> Result<Outcome> {
        let output = self.command(arguments)?.output().context("running faultline")?;
        Ok(Outcome {
            code: output
                .status
                .code()
                .ok_or_else(|| anyhow!("faultline was killed"))?,
            out: String::from_utf8(output.stdout)?,
            err: String::from_utf8(output.stderr)?,
        })
    }

    /// Runs it and takes what it printed as JSON.
    ///
    /// # Errors
    ///
    /// It ends with anything but 0, or prints anything but JSON.
    pub fn json(&self, arguments: &[&str]) -> Result<Value> {
        let outcome = self.run(&[arguments, &["--json"]].concat())?;
        if outcome.code != 0 {
            bail!(
                "faultline {arguments:?} ended with {}: {}{}",
                outcome.code,
                outcome.err,
                outcome.out
            );
        }
        serde_json::from_str(&outcome.out).with_context(|| format!("not JSON: {}", outcome.out))
    }
}
