//! Keys that are there and cannot be used, found out before the node misses its first slot.
//!
//! Left alone, a validator whose keystore is opened with a wrong password runs, and says at each of its slots that it
//! failed to sign.

use sc_service::config::KeystoreConfig;
use sp_core::crypto::key_types::{AURA, GRANDPA};
use sp_keystore::Keystore;

/// Keys that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "the keystore {folder} holds {count} of this validator's keys that cannot be used: the password is not the one that \
     they were made with, or the files are damaged.\nGive the right one with --password-filename (or \
     --password-interactive); none, if they were made without"
)]
pub struct KeysUnusable {
    folder: String,
    count: usize,
}

/// Signs with every key of the keystore that a validator signs with.
///
/// # Errors
///
/// Keys that cannot be used.
pub fn check(keystore: &dyn Keystore, config: &KeystoreConfig) -> Result<(), KeysUnusable> {
    let authors = keystore.sr25519_public_keys(AURA);
    let voters = keystore.ed25519_public_keys(GRANDPA);
    let authors = authors
        .iter()
        .filter(|key| !matches!(keystore.sr25519_sign(AURA, key, b"test"), Ok(Some(_))));
    let voters = voters
        .iter()
        .filter(|key| !matches!(keystore.ed25519_sign(GRANDPA, key, b"test"), Ok(Some(_))));
    match authors.count().saturating_add(voters.count()) {
        0 => Ok(()),
        count => Err(KeysUnusable {
            folder: config
                .path()
                .map_or_else(|| "in memory".into(), |folder| folder.display().to_string()),
            count,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sc_keystore::LocalKeystore;

    #[test]
    fn keys_that_do_not_fit_their_names_are_found_and_others_are_not() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let keystore = LocalKeystore::open(folder.path(), None).expect("the folder can be made");
        let config = KeystoreConfig::Path {
            path: folder.path().into(),
            password: None,
        };
        keystore.sr25519_generate_new(AURA, None).expect("a key is made");
        let fits = check(&keystore, &config);

        // The file of this name holds another key, as it does when the password is another.
        let stranger = [7; 32];
        keystore
            .insert(GRANDPA, "//Other", &stranger)
            .expect("it is taken as it is");
        let unfit = check(&keystore, &config);

        assert!(fits.is_ok(), "{fits:?}");
        let error = unfit.expect_err("one cannot be used").to_string();
        assert!(error.contains("holds 1 of"), "{error}");
    }
}
