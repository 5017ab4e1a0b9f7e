//! What the council and validators of the chains `dev` and `local` do, from the command line.

use std::{path::Path, process::Command};

use anyhow::{ensure, Context, Result};
use serde_json::Value;

use crate::{binary, Cli};

impl Cli {
    /// Proposes an act as one seat, and lets another vote for it; the motion's number.
    ///
    /// # Errors
    ///
    /// Either is refused.
    pub fn carried(&self, act: &[&str]) -> Result<String> {
        let by = |key: &str| self.clone().signing(key);
        let proposed = by("dev:alice-admin").json(&[&["council", "propose"], act].concat())?;
        let motion = proposed["data"]["motion"]
            .as_u64()
            .context("a motion's number")?
            .to_string();
        by("dev:bob-admin").json(&["council", "vote", &motion, "aye"])?;
        Ok(motion)
    }

    /// The same, closed: the entry of the consortium's log.
    ///
    /// # Errors
    ///
    /// It is refused, or does not carry.
    pub fn enacted(&self, act: &[&str]) -> Result<Value> {
        let motion = self.carried(act)?;
        let closed = self
            .clone()
            .signing("dev:ferdie-admin")
            .json(&["council", "close", &motion])?;
        ensure!(closed["data"]["carried"] == true, "{closed}");
        Ok(closed["data"]["entry"].clone())
    }

    /// What the chain says of the validator of an organisation; null where it says nothing.
    ///
    /// # Errors
    ///
    /// The node does not answer.
    pub fn validator(&self, organisation: u64) -> Result<Value> {
        let list = self.json(&["validator", "list"])?;
        let all = list["data"]["validators"].as_array().cloned().unwrap_or_default();
        let found = all
            .into_iter()
            .find(|validator| validator["organisation"] == organisation);
        Ok(found.unwrap_or_default())
    }
}

/// Makes keys of a validator in a keystore, for the organisation of this admin key: what the node prints of them.
///
/// # Errors
///
/// `faultline-node` fails.
pub fn session_keys(keystore: &Path, owner: &str) -> Result<Value> {
    let made = Command::new(binary("faultline-node")?)
        .args(["session-keys", "new", "--owner", owner, "--keystore"])
        .arg(keystore)
        .output()?;
    ensure!(made.status.success(), "{made:?}");
    Ok(serde_json::from_slice(&made.stdout)?)
}
