//! `export-chain-spec`: a chain specification as a file.

use std::{fs, io::Write, path::PathBuf};

use serde_json::Value;

use crate::chain_spec;

/// Write a chain specification as JSON.
///
/// Without --raw the genesis is the configuration that the runtime makes a state from; with it,
/// that state, key by key. A network starts from one raw specification with code, the same file
/// at every node: a specification without code takes that of the node that reads it.
#[derive(Debug, Clone, clap::Args)]
pub struct ExportChainSpec {
    /// Which chain: `dev`, `local`, or the path of a chain specification
    #[arg(long, value_name = "CHAIN", default_value = "dev")]
    pub chain: String,

    /// Write the genesis as raw state
    #[arg(long)]
    pub raw: bool,

    /// Leave out the runtime's code: nodes that read the file supply their own
    #[arg(long)]
    pub without_code: bool,

    /// The file to write, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

impl ExportChainSpec {
    /// Writes `spec` as the options say.
    pub fn run(&self, spec: &dyn sc_service::ChainSpec) -> sc_cli::Result<()> {
        let mut spec: Value =
            serde_json::from_str(&spec.as_json(self.raw)?).map_err(|error| error.to_string())?;
        if self.without_code {
            chain_spec::remove_code(&mut spec);
        }
        let mut json = serde_json::to_string_pretty(&spec).map_err(|error| error.to_string())?;
        json.push('\n');

        match &self.output {
            Some(path) => {
                fs::write(path, json)
                    .map_err(|error| format!("cannot write `{}`: {error}", path.display()))?;
                eprintln!("Wrote {}", path.display());
            }
            None => std::io::stdout().write_all(json.as_bytes())?,
        }
        Ok(())
    }
}
