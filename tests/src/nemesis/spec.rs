//! The chain of a run: `local`, with as many validators as there are hosts and windows of seconds, so that incidents
//! open, settle and lapse while the run lasts.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{bail, ensure, Context, Result};
use serde_json::{json, Value};
use sp_core::{crypto::Ss58Codec, ed25519, sr25519, Pair};

use crate::binary;

/// The well-known names whose keys the validators have, in the order of their organisations.
const NAMES: [&str; 7] = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie", "One"];

/// A chain, ready to be started.
pub struct Chain {
    /// The raw specification.
    pub spec: PathBuf,
    /// What names the chain's folder within a node's.
    pub id: String,
}

impl Chain {
    /// Writes the specification of a chain of so many validators into a folder.
    ///
    /// # Errors
    ///
    /// There are too few well-known names, or `faultline-node` fails.
    pub fn write(folder: &Path, validators: usize) -> Result<Self> {
        ensure!(
            (4..=NAMES.len()).contains(&validators),
            "a run has between 4 and {} validators",
            NAMES.len()
        );
        let node = binary("faultline-node")?;
        let exported = output(Command::new(&node).args(["export-chain-spec", "--chain=local"]))?;
        let mut spec: Value = serde_json::from_str(&exported)?;
        let genesis = &mut spec["genesis"]["runtimeGenesis"]["patch"];
        ensure!(
            genesis.is_object(),
            "the specification has no genesis of this form"
        );
        genesis["incidents"]["rules"] = rules();
        keep_by(genesis, validators)?;

        let (plain, raw) = (folder.join("plain.json"), folder.join("raw.json"));
        std::fs::write(&plain, serde_json::to_vec(&spec)?)?;
        let mut export = Command::new(&node);
        export
            .args(["export-chain-spec", "--raw"])
            .arg(format!("--chain={}", plain.display()))
            .arg(format!("--output={}", raw.display()));
        output(&mut export)?;
        let id = spec["id"].as_str().context("the specification has no id")?.into();
        Ok(Self { spec: raw, id })
    }

    /// Puts the keys of a validator into the keystore of its node.
    ///
    /// # Errors
    ///
    /// `faultline-node` fails.
    pub fn insert_keys(&self, folder: &Path, validator: usize) -> Result<()> {
        let name = NAMES.get(validator).context("no such validator")?;
        for (kind, scheme) in [("aura", "sr25519"), ("gran", "ed25519")] {
            let mut insert = Command::new(binary("faultline-node")?);
            insert
                .args(["key", "insert"])
                .arg(format!("--base-path={}", folder.display()))
                .arg(format!("--chain={}", self.spec.display()))
                .arg(format!("--key-type={kind}"))
                .arg(format!("--scheme={scheme}"))
                .arg(format!("--suri=//{name}"));
            output(&mut insert)?;
        }
        Ok(())
    }

    /// Makes the key by which a node is known to others, and gives its name.
    ///
    /// # Errors
    ///
    /// `faultline-node` fails.
    pub fn node_key(&self, file: &Path) -> Result<String> {
        let mut generate = Command::new(binary("faultline-node")?);
        generate
            .args(["key", "generate-node-key"])
            .arg(format!("--file={}", file.display()));
        let output = generate.output()?;
        let said = String::from_utf8(output.stderr)?;
        let name = said
            .lines()
            .map(str::trim)
            .find(|line| line.starts_with("12D3"))
            .with_context(|| format!("no name of a node in `{said}`"))?;
        Ok(name.into())
    }

    /// Where a node keeps its database.
    pub fn database(&self, folder: &Path) -> PathBuf {
        folder.join("chains").join(&self.id).join("db/full")
    }
}

/// Windows of seconds, and the quorums of the chain `local`.
fn rules() -> Value {
    json!({
        "quorum": 3, "minMeasured": 2, "lateAfter": 30_000, "joinWithin": 10_000, "renewAfter": 1_000,
        "staleAfter": 20_000, "disputeWindow": 30_000, "disputeWindowMax": 60_000, "ruleWithin": 30_000,
        "lapseAfter": 60_000, "maxClockSkew": 60_000,
    })
}

/// Makes the first organisations keep the chain, each with a validator; adds those that are missing.
fn keep_by(genesis: &mut Value, validators: usize) -> Result<()> {
    let organisations = genesis["members"]["organisations"]
        .as_array_mut()
        .context("no organisations")?;
    while organisations.len() < validators {
        let name = NAMES[organisations.len()];
        let mut new = organisations.first().context("no organisations")?.clone();
        new["name"] = format!("Validator {name}").into();
        new["url"] = format!("https://{}.example", name.to_lowercase()).into();
        new["admin"] = account(&format!("//{name}//stash"))?.into();
        new["reporters"] = json!([{ "key": account(&format!("//{name}"))?, "label": "first" }]);
        organisations.push(new);
    }
    let keys = NAMES[..validators]
        .iter()
        .zip(0u32..)
        .map(|(name, number)| {
            let admin = sr25519::Pair::from_string(&format!("//{name}//stash"), None)?;
            let aura = sr25519::Pair::from_string(&format!("//{name}"), None)?;
            let grandpa = ed25519::Pair::from_string(&format!("//{name}"), None)?;
            let keys = json!({
                "aura": aura.public().to_ss58check(),
                "grandpa": grandpa.public().to_ss58check(),
            });
            Ok(json!([admin.public().to_ss58check(), number, keys]))
        })
        .collect::<Result<Vec<_>>>()?;
    genesis["consortium"]["validators"] = (0..keys.len()).collect();
    genesis["session"] = json!({ "keys": keys });
    Ok(())
}

/// The public key of a well-known name, in hexadecimal.
fn account(name: &str) -> Result<String> {
    let pair = sr25519::Pair::from_string(name, None)?;
    Ok(format!(
        "0x{}",
        sp_core::hexdisplay::HexDisplay::from(&pair.public().0)
    ))
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("running {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8(output.stdout)?)
}
