//! Why a key cannot be used, and what to do about it.

use std::{io, path::PathBuf};

use super::{Password, DEV_NAMES, PREFIX};

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
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
    /// A file of a key or of a password cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others may read the file.
    #[error("{path} can be read by others (mode {mode:03o})")]
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
    /// The key wants its password, and nobody can be asked for it.
    #[error("the key in {path} wants its password, and nobody is there to be asked for it")]
    Locked {
        /// The key's file.
        path: PathBuf,
    },
    /// The password is another one.
    #[error("the password does not open the key in {path}")]
    WrongPassword {
        /// The key's file.
        path: PathBuf,
    },
    /// The password can be guessed.
    #[error("this password is too short: {} characters at least", Password::SHORTEST)]
    PasswordTooShort,
    /// The password was typed in two ways.
    #[error("the two passwords are not the same")]
    PasswordsDiffer,
    /// The file holds something else than a password.
    #[error("{path} is no password file: {why}")]
    NoPassword {
        /// The file.
        path: PathBuf,
        /// Why.
        why: &'static str,
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
            Self::File { .. } => {
                "Is the path right? `faultline key new FILE` makes a key; its password is what you type, or in a file \
                 that --password-file or FAULTLINE_PASSWORD_FILE names."
                    .into()
            }
            Self::Open { path, .. } => format!("Make it yours alone: chmod 600 {}", path.display()),
            Self::Malformed { .. } => "`faultline key new FILE` makes a key file.".into(),
            Self::Locked { .. } => {
                "Put the password into a file that only you can read, and name that with --password-file or \
                 FAULTLINE_PASSWORD_FILE."
                    .into()
            }
            Self::WrongPassword { .. } => {
                "Is it that of another key? See --password-file and FAULTLINE_PASSWORD_FILE. Without its password \
                 nobody can open a key: make another, and have your organisation's admin add it, or the council reset \
                 the admin key."
                    .into()
            }
            Self::PasswordTooShort => {
                "A good one is made by chance: (umask 077; head -c 24 /dev/urandom | base64 > FILE), then \
                 --password-file FILE."
                    .into()
            }
            Self::PasswordsDiffer => "Nothing was written: try again.".into(),
            Self::NoPassword { .. } => "It holds the password in one line, and nothing else.".into(),
            Self::NoRandomness(_) => return None,
        })
    }
}
