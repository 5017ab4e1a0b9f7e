//! The committed chain specs.

use std::process::Command;

use anyhow::{Context, Result};
use faultline_tests::binary;
use serde_json::Value;

#[test]
fn the_committed_chain_specs_are_what_the_node_exports() -> Result<()> {
    for chain in ["dev", "local"] {
        for (suffix, raw) in [("", &[][..]), ("-raw", &["--raw"][..])] {
            let path = format!(
                "{}/../chain-spec/{chain}{suffix}.json",
                env!("CARGO_MANIFEST_DIR")
            );
            let committed = std::fs::read(&path).with_context(|| path.clone())?;
            let exported = Command::new(binary("faultline-node")?)
                .args(["export-chain-spec", "--without-code", "--chain", chain])
                .args(raw)
                .output()?;
            let committed: Value = serde_json::from_slice(&committed)?;
            let exported: Value = serde_json::from_slice(&exported.stdout)?;
            assert!(
                committed == exported,
                "{path} is stale: make it anew as chain-spec/README.md says"
            );
        }
    }
    Ok(())
}
