//! Keys that sign.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use faultline_primitives::Account;
use serde::{Deserialize, Serialize};
use subxt_signer::{sr25519::Keypair, SecretUri};

/// Organisations of the chains `dev` and `local` whose keys everybody knows.
pub const DEV_NAMES: [&str; 6] = ["alice", "bob", "charlie", "dave", "eve", "ferdie"];
const PREFIX: &str = "dev:";

/// A key pair (sr25519).
pub struct Key {
    pair: Keypair,
    well_known: bool,
}

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No key was named.
    #[error("this signs a transaction and wants a key")]
    None,
    /// There is no well-known key of this name.
    #[error("there is no development key `{0}`")]
    NoSuchName(String),
    /// A well-known key is no key for this chain.
    #[error("development keys are known to everyone and work on development and local chains only; this one is neither")]
    WellKnown,
    /// The file cannot be read or written.
    #[error("key file {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others may read the file.
    #[error("key file {path} can be read by others (mode {mode:03o})")]
    Open {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The file holds no key.
    #[error("{path} is no key file: {why}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(getrandom::Error),
}

impl KeyError {
    pub(crate) fn advice(&self) -> Option<String> {
        Some(match self {
            Self::None => {
                "Name it with --key or FAULTLINE_KEY: a file that `faultline key new FILE` made, or dev:alice on a development chain.".into()
            }
            Self::NoSuchName(_) => format!(
                "There are {PREFIX}{} and, of each organisation's admin, {PREFIX}{}-admin and so on.",
                DEV_NAMES.join(&format!(", {PREFIX}")),
                DEV_NAMES[0]
            ),
            Self::WellKnown => "Make one with `faultline key new FILE` and have your organisation's admin add it.".into(),
            Self::File { source, .. } if source.kind() == io::ErrorKind::AlreadyExists => {
                "A key is never written over: name another file.".into()
            }
            Self::File { .. } => "Is the path right? `faultline key new FILE` makes a key.".into(),
            Self::Open { path, .. } => format!("Make it yours alone: chmod 600 {}", path.display()),
            Self::Malformed { .. } => "`faultline key new FILE` makes a key file.".into(),
            Self::NoRandomness(_) => return None,
        })
    }
}

/// What a key file holds.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KeyFile {
    scheme: String,
    public_key: Account,
    secret_seed: String,
}

impl Key {
    /// The key that a name means: `dev:NAME`, `dev:NAME-admin`, or a file.
    ///
    /// # Errors
    ///
    /// There is no such key, others may read the file, or it holds no key.
    pub fn named(name: &str) -> Result<Self, KeyError> {
        match name.strip_prefix(PREFIX) {
            Some(name) => Self::well_known(name),
            None => Self::from_file(Path::new(name)),
        }
    }

    fn well_known(name: &str) -> Result<Self, KeyError> {
        let unknown = || KeyError::NoSuchName(format!("{PREFIX}{name}"));
        let (who, path) = match name.strip_suffix("-admin") {
            Some(who) => (who, "//stash"),
            None => (name, ""),
        };
        if !DEV_NAMES.contains(&who) {
            return Err(unknown());
        }
        let (first, rest) = who.split_at(1);
        let uri: SecretUri = format!("//{}{rest}{path}", first.to_uppercase())
            .parse()
            .map_err(|_| unknown())?;
        let pair = Keypair::from_uri(&uri).map_err(|_| unknown())?;
        Ok(Self {
            pair,
            well_known: true,
        })
    }

    fn from_file(path: &Path) -> Result<Self, KeyError> {
        let failed = |source| KeyError::File {
            path: path.into(),
            source,
        };
        let malformed = |why: String| KeyError::Malformed {
            path: path.into(),
            why,
        };
        let mode = fs::metadata(path).map_err(failed)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyError::Open {
                path: path.into(),
                mode,
            });
        }
        let text = fs::read_to_string(path).map_err(failed)?;
        let file: KeyFile = serde_json::from_str(&text).map_err(|error| malformed(error.to_string()))?;
        if file.scheme != "sr25519" {
            return Err(malformed(format!("its scheme is {}, not sr25519", file.scheme)));
        }
        let digits = file.secret_seed.trim_start_matches("0x");
        let seed = hex::decode(digits)
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .ok_or_else(|| malformed("its secretSeed is not 0x and 64 hexadecimal digits".into()))?;
        let pair = Keypair::from_secret_key(seed).map_err(|error| malformed(error.to_string()))?;
        let key = Self {
            pair,
            well_known: false,
        };
        if key.account() != file.public_key {
            return Err(malformed(format!(
                "its publicKey is not that of its secretSeed, which is {}",
                key.account()
            )));
        }
        Ok(key)
    }

    /// Makes a key and writes it to a new file that only its owner can read.
    ///
    /// # Errors
    ///
    /// The file is there already or cannot be written, or the system gives no random numbers.
    pub fn new_file(path: &Path) -> Result<Self, KeyError> {
        let failed = |source| KeyError::File {
            path: path.into(),
            source,
        };
        let mut seed = [0u8; 32];
        getrandom::fill(&mut seed).map_err(KeyError::NoRandomness)?;
        let pair = Keypair::from_secret_key(seed).map_err(|error| KeyError::Malformed {
            path: path.into(),
            why: error.to_string(),
        })?;
        let key = Self {
            pair,
            well_known: false,
        };
        let content = KeyFile {
            scheme: "sr25519".into(),
            public_key: key.account(),
            secret_seed: format!("0x{}", hex::encode(seed)),
        };
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
        serde_json::to_writer_pretty(&mut file, &content).map_err(|error| failed(error.into()))?;
        file.write_all(b"\n")
            .and_then(|()| file.sync_all())
            .map_err(failed)?;
        Ok(key)
    }

    /// The public key, by which the chain knows who speaks.
    pub fn account(&self) -> Account {
        Account(self.pair.public_key().0)
    }

    /// Whether everybody knows it.
    pub fn is_well_known(&self) -> bool {
        self.well_known
    }

    pub(crate) fn pair(&self) -> &Keypair {
        &self.pair
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn a_key_file_is_read_back_is_its_owners_alone_and_is_never_written_over() {
        let folder = folder();
        let path = folder.path().join("my.key");
        let made = Key::new_file(&path).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        assert_eq!(
            Key::named(&path.to_string_lossy()).unwrap().account(),
            made.account()
        );
        assert!(matches!(Key::new_file(&path), Err(KeyError::File { .. })));
    }

    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        let folder = folder();
        let path = folder.path().join("my.key");
        Key::new_file(&path).unwrap();
        for mode in [0o640, 0o604, 0o644] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(
                matches!(Key::from_file(&path), Err(KeyError::Open { .. })),
                "{mode:o}"
            );
        }
    }

    #[test]
    fn a_file_that_holds_no_key_says_why() {
        let folder = folder();
        let path = folder.path().join("my.key");
        Key::new_file(&path).unwrap();
        let good = fs::read_to_string(&path).unwrap();
        let public = good.find("0x").unwrap() + 2;
        let mut other = good.clone();
        other.replace_range(public..public + 64, &"1".repeat(64));
        for (text, word) in [
            ("", "EOF"),
            ("{}", "missing field"),
            (&good.replace("sr25519", "ed25519"), "scheme"),
            (&good.replace("0x", ""), "hexadecimal"),
            (&other, "publicKey"),
        ] {
            fs::write(&path, text).unwrap();
            match Key::from_file(&path) {
                Err(KeyError::Malformed { why, .. }) if why.contains(word) => {}
                Err(other) => panic!("{word}: {other}"),
                // Hexadecimal digits may go without 0x.
                Ok(_) => assert_eq!(word, "hexadecimal"),
            }
        }
    }

    #[test]
    fn development_keys_have_the_names_of_their_organisations() {
        for name in DEV_NAMES {
            let (reporter, admin) = (format!("dev:{name}"), format!("dev:{name}-admin"));
            let keys = [Key::named(&reporter).unwrap(), Key::named(&admin).unwrap()];
            assert!(keys.iter().all(Key::is_well_known) && keys[0].account() != keys[1].account());
        }
        for wrong in ["dev:mallory", "dev:", "dev:alice-stash", "dev:Alice"] {
            assert!(
                matches!(Key::named(wrong), Err(KeyError::NoSuchName(_))),
                "{wrong}"
            );
        }
    }
}
