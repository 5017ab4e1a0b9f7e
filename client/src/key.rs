//! Keys that sign.

mod error;
mod keystore;
mod password;

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use faultline_primitives::Account;
use subxt_signer::{sr25519::Keypair, SecretUri};
use zeroize::Zeroizing;

pub use error::KeyError;
pub use password::Password;

/// Organisations of the chains `dev` and `local` whose keys everybody knows.
pub const DEV_NAMES: [&str; 6] = ["alice", "bob", "charlie", "dave", "eve", "ferdie"];
const PREFIX: &str = "dev:";

/// A key pair (sr25519).
#[derive(Clone)]
pub struct Key {
    pair: Keypair,
    well_known: bool,
}

impl Key {
    /// The key that a name means: `dev:NAME`, `dev:NAME-admin`, or a file, whose password is not known.
    ///
    /// # Errors
    ///
    /// There is no such key, or it is in a file: [`Key::opened`] opens that.
    pub fn named(name: &str) -> Result<Self, KeyError> {
        Self::opened(name, |path| Err(KeyError::Locked { path: path.into() }))
    }

    /// The key that a name means: `dev:NAME`, `dev:NAME-admin`, or a file, with its password from `password`.
    ///
    /// # Errors
    ///
    /// There is no such key, others may read the file, it holds no key, or the password does not open it.
    pub fn opened(
        name: &str,
        password: impl FnOnce(&Path) -> Result<Password, KeyError>,
    ) -> Result<Self, KeyError> {
        match name.strip_prefix(PREFIX) {
            Some(name) => Self::well_known(name),
            None => Self::from_file(Path::new(name), password),
        }
    }

    /// The public key that a name means; of a file, as it says without its password.
    ///
    /// # Errors
    ///
    /// There is no such key, others may read the file, or it holds no key.
    pub fn public(name: &str) -> Result<Account, KeyError> {
        match name.strip_prefix(PREFIX) {
            Some(name) => Ok(Self::well_known(name)?.account()),
            None => {
                let path = Path::new(name);
                keystore::public(path, &read(path)?)
            }
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

    fn from_file(
        path: &Path,
        password: impl FnOnce(&Path) -> Result<Password, KeyError>,
    ) -> Result<Self, KeyError> {
        let text = read(path)?;
        // Before anybody is asked for the password of what is no key.
        keystore::public(path, &text)?;
        Ok(Self {
            pair: keystore::decrypt(path, &text, &password(path)?)?,
            well_known: false,
        })
    }

    /// Makes a key that is kept nowhere.
    ///
    /// # Errors
    ///
    /// The system gives no random numbers.
    pub fn generate() -> Result<Self, KeyError> {
        Ok(fresh()?.1)
    }

    /// Makes a key and writes it, encrypted by a password, to a new file that only its owner can read.
    ///
    /// # Errors
    ///
    /// The password is too short, the file is there already or cannot be written, or the system gives no random numbers.
    pub fn new_file(path: &Path, password: &Password) -> Result<Self, KeyError> {
        let failed = |source| KeyError::File {
            path: path.into(),
            source,
        };
        if password.as_str().chars().count() < Password::SHORTEST {
            return Err(KeyError::PasswordTooShort);
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let (seed, key) = fresh()?;
        let content = keystore::encrypt(&seed, &key.pair, &name, password)?;
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
        file.write_all(content.as_bytes())
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

/// A key that nobody had before, and its seed.
fn fresh() -> Result<(Zeroizing<[u8; 32]>, Key), KeyError> {
    let mut seed = Zeroizing::new([0u8; 32]);
    getrandom::fill(seed.as_mut_slice()).map_err(KeyError::NoRandomness)?;
    let pair = Keypair::from_secret_key(*seed).map_err(|error| KeyError::Malformed {
        path: "a new key".into(),
        why: error.to_string(),
    })?;
    let key = Key {
        pair,
        well_known: false,
    };
    Ok((seed, key))
}

fn read(path: &Path) -> Result<String, KeyError> {
    String::from_utf8(password::read_private(path)?).map_err(|_| KeyError::File {
        path: path.into(),
        source: io::ErrorKind::InvalidData.into(),
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn password() -> Password {
        Password::new("correct horse".into())
    }

    /// A folder with a key file.
    fn made() -> (tempfile::TempDir, String, Key) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my.key");
        let key = Key::new_file(&path, &password()).unwrap();
        (folder, path.display().to_string(), key)
    }

    #[test]
    fn a_key_file_is_opened_by_its_password_is_its_owners_alone_and_is_never_written_over() {
        let (_folder, path, made) = made();
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        let opened = Key::opened(&path, |_| Ok(password())).unwrap();
        assert_eq!(opened.account(), made.account());
        assert!(!opened.is_well_known());
        assert!(matches!(
            Key::new_file(Path::new(&path), &password()),
            Err(KeyError::File { .. })
        ));
    }

    #[test]
    fn a_wrong_password_is_an_error_that_says_what_to_do() {
        let (_folder, path, _) = made();
        let wrong = Key::opened(&path, |_| Ok(Password::new("correct horsf".into())))
            .err()
            .unwrap();
        assert!(matches!(wrong, KeyError::WrongPassword { .. }), "{wrong}");
        assert!(wrong.to_string().contains(&path), "{wrong}");
        assert!(wrong.advice().unwrap().contains("--password-file"));
    }

    #[test]
    fn a_key_files_public_key_is_known_without_its_password() {
        let (_folder, path, made) = made();
        assert_eq!(Key::public(&path).unwrap(), made.account());
        assert!(matches!(Key::named(&path), Err(KeyError::Locked { .. })));
        assert_eq!(
            Key::public("dev:alice").unwrap(),
            Key::named("dev:alice").unwrap().account()
        );
    }

    #[test]
    fn a_password_that_can_be_guessed_makes_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my.key");
        for short in ["", "1234567"] {
            let refused = Key::new_file(&path, &Password::new(short.into())).err().unwrap();
            assert!(matches!(refused, KeyError::PasswordTooShort), "{refused}");
        }
        assert!(!path.exists());
    }

    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        let (_folder, path, _) = made();
        for mode in [0o640, 0o604, 0o644] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let refused = Key::opened(&path, |_| Ok(password())).err().unwrap();
            assert!(matches!(refused, KeyError::Open { .. }), "{mode:o}: {refused}");
        }
    }

    #[test]
    fn nobody_is_asked_for_the_password_of_what_is_no_key() {
        let (_folder, path, _) = made();
        fs::write(&path, "{}").unwrap();
        let refused = Key::opened(&path, |_| panic!("asked for a password"))
            .err()
            .unwrap();
        assert!(matches!(refused, KeyError::Malformed { .. }), "{refused}");
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
