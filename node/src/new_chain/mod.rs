//! `new-chain`: a chain of one's own, from a small file.

mod check;
mod faults;
mod file;
mod genesis;
mod length;
#[cfg(test)]
mod tests;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use sc_service::ChainType;

use crate::{
    beginning::{self, Beginning},
    chain_spec::{self, ChainSpec},
    output,
    well_known::{Found, WellKnown},
};
use faults::Faults;
use file::File;

/// A file to start from.
const EXAMPLE: &str = include_str!("example.toml");

/// Make the specification of a chain of one's own from a small file.
///
/// The result is raw and holds this node's runtime: every validator and every reader starts from the same file. It is
/// always the same for the same file and the same node, so that each organisation can make it by itself and compare the
/// genesis hash. No key that everybody has is taken.
#[derive(Debug, Clone, clap::Args)]
pub struct NewChain {
    /// The file (TOML): organisations, council, validators, services, rules
    #[arg(value_name = "FILE", required_unless_present = "example")]
    pub file: Option<PathBuf>,

    /// The chain specification to write, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Print a file to start from
    #[arg(long, conflicts_with_all = ["file", "output"])]
    pub example: bool,
}

/// Why no chain is made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error(
        "cannot {what} {path}: {source}; `faultline-node new-chain --example` prints a file to start from"
    )]
    File {
        /// Read or write.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },

    /// The file is not TOML, or has other fields.
    #[error("{path} cannot be understood: {source}`faultline-node new-chain --example` prints a file to start from")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where, and what is wrong.
        source: toml::de::Error,
    },

    /// The file makes no sense.
    #[error(transparent)]
    Faults(#[from] Faults),

    /// The node has no runtime.
    #[error(transparent)]
    Spec(#[from] chain_spec::Error),

    /// The runtime refuses.
    #[error(transparent)]
    Beginning(#[from] beginning::Error),

    /// There is a key in it that everybody has.
    #[error(transparent)]
    WellKnown(#[from] Found),

    /// The specification cannot be written as JSON.
    #[error("the specification cannot be written as JSON: {0}")]
    NoJson(String),
}

impl NewChain {
    /// Does what the options say.
    pub fn run(&self) -> sc_cli::Result<()> {
        match &self.file {
            Some(file) if !self.example => self.make(file).map_err(output::failed)?,
            _ => output::print(EXAMPLE)?,
        }
        Ok(())
    }

    fn make(&self, path: &Path) -> Result<(), Error> {
        let failed = |what, path: &Path, source| Error::File {
            what,
            path: path.into(),
            source,
        };
        let text = fs::read_to_string(path).map_err(|source| failed("read", path, source))?;
        let made = make(path, &text)?;
        for warning in &made.warnings {
            eprintln!("warning: {warning}");
        }
        match &self.output {
            Some(to) => {
                fs::write(to, &made.json).map_err(|source| failed("write", to, source))?;
                eprintln!("Wrote {}", to.display());
            }
            None => output::print(&made.json).map_err(|error| Error::NoJson(error.to_string()))?,
        }
        let Beginning { hash, runtime, .. } = &made.beginning;
        eprintln!("{}", made.summary);
        eprintln!(
            "genesis {hash:?}, runtime {} {}",
            runtime.spec_name, runtime.spec_version
        );
        Ok(())
    }
}

/// A chain that was made.
pub struct Made {
    /// Its raw specification.
    pub json: String,
    /// Its first block.
    pub beginning: Beginning,
    /// What it holds, in words.
    pub summary: String,
    /// What is to be thought about.
    pub warnings: Vec<String>,
}

/// Makes a chain from a file's text.
///
/// # Errors
///
/// See [`Error`].
pub fn make(path: &Path, text: &str) -> Result<Made, Error> {
    let file: File = toml::from_str(text).map_err(|source| Error::Malformed {
        path: path.into(),
        source,
    })?;
    let checked = check::check(text, &file).map_err(|all| Faults {
        path: path.into(),
        all,
    })?;
    let (name, id) = (file.name.get_ref(), file.id.get_ref());
    let mut spec = ChainSpec::builder(chain_spec::own_code()?, None)
        .with_name(name)
        .with_id(id)
        .with_protocol_id(
            file.protocol_id
                .as_ref()
                .map_or(id, |protocol| protocol.get_ref()),
        )
        .with_chain_type(ChainType::Live)
        .with_properties(chain_spec::properties())
        .with_boot_nodes(checked.boot_nodes.clone())
        .with_genesis_config_patch(genesis::patch(&file, &checked))
        .build();
    let beginning = Beginning::of(&spec)?;
    WellKnown::all().refuse_in(&beginning.storage)?;

    sc_service::ChainSpec::set_storage(&mut spec, beginning.storage.clone());
    let json = spec.as_json(true).map_err(Error::NoJson)? + "\n";
    let summary = format!(
        "{name} (id {id}): {} organisations, a council of {}, {} validators, {} services",
        file.organisations.len(),
        checked.seats.len(),
        checked.validators.len(),
        file.services.len(),
    );
    Ok(Made {
        json,
        beginning,
        summary,
        warnings: checked.warnings,
    })
}
