//! Chains of a test's own: the chain `local`, with what the test wants otherwise.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

/// The specification of a chain, as `local.json` of the repository with changes.
pub struct Spec(Value);

impl Spec {
    /// The chain `local`: four validators.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn local() -> Result<Self> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../chain-spec/local.json");
        let text = std::fs::read_to_string(path).context(path)?;
        Ok(Self(serde_json::from_str(&text)?))
    }

    /// With another value in a place of the genesis configuration: a pointer as in `/consortium/sessionLength`.
    ///
    /// # Errors
    ///
    /// There is no such place.
    pub fn with(mut self, place: &str, value: impl Into<Value>) -> Result<Self> {
        let pointer = format!("/genesis/runtimeGenesis/patch{place}");
        let field = self.0.pointer_mut(&pointer).context(pointer)?;
        *field = value.into();
        Ok(self)
    }

    /// With another runtime, as WebAssembly.
    ///
    /// # Errors
    ///
    /// The specification is none of ours.
    pub fn with_code(mut self, code: &[u8]) -> Result<Self> {
        let genesis = self
            .0
            .pointer_mut("/genesis/runtimeGenesis")
            .context("no genesis")?;
        genesis["code"] = sp_core::bytes::to_hex(code, false).into();
        Ok(self)
    }

    /// Sessions of so many blocks.
    ///
    /// # Errors
    ///
    /// The specification is none of ours.
    pub fn sessions_of(self, blocks: u32) -> Result<Self> {
        self.with("/consortium/sessionLength", blocks)
    }

    /// What the genesis configuration holds in a place.
    pub fn at(&self, place: &str) -> Option<&Value> {
        self.0.pointer(&format!("/genesis/runtimeGenesis/patch{place}"))
    }

    /// Writes it into a folder.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<PathBuf> {
        let path = folder.join("chain.json");
        std::fs::write(&path, serde_json::to_vec_pretty(&self.0)?)?;
        Ok(path)
    }
}
