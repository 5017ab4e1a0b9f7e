//! `session-keys`: the keys by which a validator makes blocks and makes them final, without a running node.
//!
//! The SDK lets a running node make them, by an RPC that must be open to nobody; here they are made in the keystore's
//! folder itself, for genesis and for rotation alike.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    time::SystemTime,
};

use faultline_runtime::opaque::SessionKeys as Keys;
use sc_keystore::LocalKeystore;
use sp_core::{
    bytes::to_hex,
    crypto::{key_types, SecretString},
    ed25519,
    proof_of_possession::statement_of_ownership,
    sr25519, Encode,
};
use sp_keystore::Keystore;

use crate::{output, password, public_key};

/// Make and list the keys by which a validator makes blocks (aura) and makes them final (grandpa)
#[derive(Debug, Clone, clap::Subcommand)]
pub enum SessionKeys {
    /// Make a new pair of keys in a keystore's folder, beside those that are there, and print them as JSON
    New(New),
    /// List the public keys in a keystore's folder, as lines of a file for `new-chain`, the newest last
    Show(Show),
}

/// Make a new pair of keys.
///
/// With the organisation's admin key as --owner it also prints the proof that whoever sets these keys has them: what
/// `faultline validator set-keys` wants. For a chain that is still to be made none is needed.
#[derive(Debug, Clone, clap::Args)]
pub struct New {
    /// The folder, which the node gets as --keystore-path; made where it is not there
    #[arg(long, value_name = "DIR")]
    pub keystore: PathBuf,

    /// A file of one line that nobody else can read, with the password that the node gets as --password-filename
    #[arg(long, alias = "password-filename", value_name = "FILE")]
    pub password_file: Option<PathBuf>,

    /// Ask for the password on the terminal
    #[arg(long, conflicts_with = "password_file")]
    pub password_interactive: bool,

    /// The organisation's admin key, which will sign that these keys are its own: 0x and hexadecimal digits, or SS58
    #[arg(long, value_name = "PUBLIC_KEY", value_parser = public_key::parse)]
    pub owner: Option<[u8; 32]>,
}

/// List public keys.
#[derive(Debug, Clone, clap::Args)]
pub struct Show {
    /// The keystore's folder
    #[arg(long, value_name = "DIR")]
    pub keystore: PathBuf,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder is not there or cannot be used.
    #[error("the keystore's folder {folder}: {source}; name one that is yours with --keystore")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },

    /// The keystore fails.
    #[error("the keystore in {folder}: {reason}; is there room on the disk, and is the folder yours?")]
    Keystore {
        /// The folder.
        folder: PathBuf,
        /// What it says.
        reason: String,
    },
}

impl SessionKeys {
    /// Does it.
    pub fn run(&self) -> sc_cli::Result<()> {
        match self {
            Self::New(new) => new.run(),
            Self::Show(show) => show.run(),
        }
    }
}

impl New {
    fn run(&self) -> sc_cli::Result<()> {
        let password = match (&self.password_file, self.password_interactive) {
            (Some(file), _) => Some(password::from_file(file).map_err(output::failed)?),
            (None, true) => Some(password::typed_twice().map_err(output::failed)?),
            (None, false) => None,
        };
        if password.is_none() {
            eprintln!(
                "warning: without --password-file whoever reads a file in {} has the key",
                self.keystore.display()
            );
        }
        let made = make(&self.keystore, password, self.owner.as_ref()).map_err(output::failed)?;
        output::print_json(&made.json())
    }
}

/// Keys that were made.
pub struct Made {
    keys: Keys,
    proof: Option<(sr25519::Signature, ed25519::Signature)>,
}

impl Made {
    fn json(&self) -> serde_json::Value {
        let hex = |bytes: &[u8]| to_hex(bytes, false);
        let mut json = serde_json::json!({
            "aura": hex(self.keys.aura.as_ref()),
            "grandpa": hex(self.keys.grandpa.as_ref()),
            "keys": hex(&self.keys.encode()),
        });
        if let Some(proof) = &self.proof {
            json["proof"] = hex(&proof.encode()).into();
        }
        json
    }
}

/// Makes a pair of keys in `folder`, and the proof that its holder has them for `owner`: what the runtime's
/// `ownership_proof_is_valid` checks of the SCALE-encoded account.
///
/// # Errors
///
/// See [`Error`].
pub fn make(folder: &Path, password: Option<SecretString>, owner: Option<&[u8; 32]>) -> Result<Made, Error> {
    let failed = |source| Error::Folder {
        folder: folder.into(),
        source,
    };
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .and_then(|()| fs::set_permissions(folder, fs::Permissions::from_mode(0o700)))
        .map_err(failed)?;

    let reason = |reason: String| Error::Keystore {
        folder: folder.into(),
        reason,
    };
    let keystore = LocalKeystore::open(folder, password).map_err(|error| reason(error.to_string()))?;
    let failed = |error: sp_keystore::Error| reason(error.to_string());
    let aura = keystore
        .sr25519_generate_new(key_types::AURA, None)
        .map_err(failed)?;
    let grandpa = keystore
        .ed25519_generate_new(key_types::GRANDPA, None)
        .map_err(failed)?;

    // Signed in any case: so it is known that the files can be read again.
    let statement = statement_of_ownership(owner.map(|owner| &owner[..]).unwrap_or_default());
    let by_aura = keystore
        .sr25519_sign(key_types::AURA, &aura, &statement)
        .map_err(failed)?;
    let by_grandpa = keystore
        .ed25519_sign(key_types::GRANDPA, &grandpa, &statement)
        .map_err(failed)?;
    let proof = by_aura
        .zip(by_grandpa)
        .ok_or_else(|| reason("a key that was just made is not there".into()))?;

    Ok(Made {
        keys: Keys {
            aura: aura.into(),
            grandpa: grandpa.into(),
        },
        proof: owner.map(|_| proof),
    })
}

impl Show {
    fn run(&self) -> sc_cli::Result<()> {
        let (aura, grandpa) = list(&self.keystore).map_err(output::failed)?;
        if self.json {
            return output::print_json(&serde_json::json!({ "aura": aura, "grandpa": grandpa }));
        }
        if aura.is_empty() && grandpa.is_empty() {
            eprintln!("There are no session keys in {}.", self.keystore.display());
        }
        for (name, keys) in [("aura", aura), ("grandpa", grandpa)] {
            for key in keys {
                output::print(&format!("{name} = \"{key}\"\n"))?;
            }
        }
        Ok(())
    }
}

/// The public keys in a keystore's folder, aura and grandpa, each the newest last.
fn list(folder: &Path) -> Result<(Vec<String>, Vec<String>), Error> {
    let failed = |source| Error::Folder {
        folder: folder.into(),
        source,
    };
    let mut all: [Vec<(SystemTime, String)>; 2] = Default::default();
    let prefixes = [key_types::AURA, key_types::GRANDPA].map(|kind| to_hex(&kind.0, false));
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = format!("0x{}", entry.file_name().to_string_lossy());
        for (prefix, keys) in prefixes.iter().zip(&mut all) {
            if let Some(public) = name.strip_prefix(prefix.as_str()).filter(|rest| rest.len() == 64) {
                let made = entry
                    .metadata()
                    .and_then(|file| file.modified())
                    .map_err(failed)?;
                keys.push((made, format!("0x{public}")));
            }
        }
    }
    let [aura, grandpa] = all.map(|mut keys| {
        keys.sort();
        keys.into_iter().map(|(_, key)| key).collect()
    });
    Ok((aura, grandpa))
}

#[cfg(test)]
mod tests {
    use sp_runtime::traits::OpaqueKeys;

    use super::*;
    use tempfile::TempDir;

    const OWNER: [u8; 32] = [9; 32];

    fn password() -> Option<SecretString> {
        Some(SecretString::new("correct horse".into()))
    }

    #[test]
    fn the_runtime_takes_the_proof_for_its_owner_and_for_nobody_else() {
        let folder = TempDir::new().expect("a folder");
        let made = make(folder.path(), password(), Some(&OWNER)).expect("keys");
        let proof = made.proof.as_ref().expect("an owner was named").encode();
        assert!(made.keys.ownership_proof_is_valid(&OWNER.encode(), &proof));
        assert!(!made.keys.ownership_proof_is_valid(&[8; 32].encode(), &proof));
        let other = make(folder.path(), password(), Some(&OWNER)).expect("keys");
        assert!(!other.keys.ownership_proof_is_valid(&OWNER.encode(), &proof));
    }

    #[test]
    fn each_run_makes_new_keys_beside_the_old_ones_and_they_are_listed_in_order() {
        let folder = TempDir::new().expect("a folder");
        let keys: Vec<_> = (0..3)
            .map(|_| make(folder.path(), None, None).expect("keys").json())
            .collect();
        let (aura, grandpa) = list(folder.path()).expect("the folder is there");
        assert_eq!((aura.len(), grandpa.len()), (3, 3));
        assert!(keys.iter().all(|made| {
            aura.iter().any(|key| made["aura"] == *key) && grandpa.iter().any(|key| made["grandpa"] == *key)
        }));
        assert!(keys.iter().all(|made| made.get("proof").is_none()));
        assert_eq!(keys[0]["keys"].as_str().map(str::len), Some(2 + 2 * 64));
    }

    #[test]
    fn a_keystore_is_its_owners_alone() {
        let folder = TempDir::new().expect("a folder");
        let keystore = folder.path().join("deep/keystore");
        make(&keystore, password(), None).expect("keys");
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(&keystore), 0o700);
        for file in fs::read_dir(&keystore).expect("it is there") {
            assert_eq!(mode(&file.expect("it is there").path()), 0o600);
        }
    }

    #[test]
    fn the_phrase_in_a_file_is_not_the_key_where_there_is_a_password() {
        let folder = TempDir::new().expect("a folder");
        let made = make(folder.path(), password(), None).expect("keys");
        let name = to_hex(&key_types::AURA.0, false) + &to_hex(made.keys.aura.as_ref(), false)[2..];
        let text = fs::read_to_string(folder.path().join(&name[2..])).expect("its file");
        let phrase: String = serde_json::from_str(&text).expect("it holds a phrase");
        let of = |password| {
            <sr25519::Pair as sp_core::Pair>::from_string(&phrase, password)
                .map(|pair| sp_core::Pair::public(&pair))
                .expect("it is a phrase")
        };
        let aura: &[u8] = made.keys.aura.as_ref();
        assert_eq!(of(Some("correct horse")).as_ref() as &[u8], aura);
        assert_ne!(of(None).as_ref() as &[u8], aura);
    }
}
