//! The genesis of each chain, remembered from first contact: so a node that is of another chain is noticed.

use std::{collections::BTreeMap, fs, io, path::PathBuf};

use faultline_primitives::Hash;
use serde::{Deserialize, Serialize};

use crate::{ChainKind, Client, Error};

const FILE: &str = "known_chains.json";

/// What is remembered, in `known_chains.json` of a folder.
#[derive(Debug)]
pub struct KnownChains {
    path: PathBuf,
    chains: BTreeMap<String, KnownChain>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KnownChain {
    name: String,
    genesis: Hash,
}

/// How a chain is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acquaintance {
    /// The node at this address is of the chain that it was of before.
    Known,
    /// First contact.
    New,
    /// A development chain that began anew, as they do.
    BegunAnew,
}

/// Why what is remembered cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KnownError {
    /// The file cannot be read or written.
    #[error("{path}, which remembers chains: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not as this program writes it.
    #[error("{path}, which remembers chains, is damaged ({source}): mend it, or remove it and trust each chain anew")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
}

impl KnownChains {
    /// Reads what is remembered in a folder; nothing, where there is no file yet.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is damaged.
    pub fn read(folder: &std::path::Path) -> Result<Self, KnownError> {
        let path = folder.join(FILE);
        let chains = match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).map_err(|source| KnownError::Malformed {
                path: path.clone(),
                source,
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(source) => return Err(KnownError::File { path, source }),
        };
        Ok(Self { path, chains })
    }

    /// The chain that these addresses were of, where any is remembered; none where they were of several.
    pub fn genesis_of(&self, urls: &[String]) -> Option<Hash> {
        let mut all = urls.iter().filter_map(|url| self.chains.get(url));
        let first = all.next()?.genesis;
        all.all(|other| other.genesis == first).then_some(first)
    }

    /// Checks that a node is of the chain that it should be of: the one asked for, else the one remembered of its
    /// address. Remembers it.
    ///
    /// # Errors
    ///
    /// It is of another one, or what is remembered cannot be written.
    pub fn check(&mut self, client: &Client, asked_for: Option<Hash>) -> Result<Acquaintance, Error> {
        let found = client.genesis();
        let of_address = self.chains.get(&client.url()).map(|chain| chain.genesis);
        let remembered = of_address.or_else(|| self.genesis_of(client.urls()));
        let other = |expected| Error::OtherChain {
            url: client.url(),
            expected,
            found,
        };
        let acquaintance = match (asked_for, remembered) {
            (Some(expected), _) if expected != found => return Err(other(expected)),
            (_, Some(expected)) if expected == found && of_address.is_some() => {
                return Ok(Acquaintance::Known)
            }
            // Another of the addresses that were named is of the same chain.
            (_, Some(expected)) if expected == found => Acquaintance::Known,
            (Some(_), _) | (None, None) => Acquaintance::New,
            (None, Some(_)) if client.kind() == ChainKind::Development => Acquaintance::BegunAnew,
            (None, Some(expected)) => return Err(other(expected)),
        };
        let chain = KnownChain {
            name: client.name().into(),
            genesis: found,
        };
        self.chains.insert(client.url(), chain);
        self.write()?;
        Ok(acquaintance)
    }

    fn write(&self) -> Result<(), KnownError> {
        let failed = |source: io::Error| KnownError::File {
            path: self.path.clone(),
            source,
        };
        let text = serde_json::to_string_pretty(&self.chains).map_err(|error| failed(error.into()))?;
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        // Written beside and moved: two programs at once never leave half a file.
        let beside = self.path.with_extension(format!("{}.new", std::process::id()));
        fs::write(&beside, text + "\n")
            .and_then(|()| fs::rename(&beside, &self.path))
            .map_err(failed)
    }
}
