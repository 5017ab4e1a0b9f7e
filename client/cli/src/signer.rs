//! The key that signs, and where its password comes from: a file, or whoever sits at the terminal.

use std::{
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use faultline_client::key::{Key, KeyError, Password};

use crate::{
    options::Options,
    trouble::{Result, Trouble},
};

/// Where the passwords of key files come from.
#[derive(Clone, Debug)]
pub struct Passwords {
    file: Option<PathBuf>,
}

impl Passwords {
    /// As the options say.
    pub fn new(options: &Options) -> Self {
        Self {
            file: options.password_file.clone(),
        }
    }

    /// The key of a name, opened.
    pub fn open(&self, name: &str) -> std::result::Result<Key, KeyError> {
        Key::opened(name, |path| self.of(path))
    }

    /// The password of a key that is made: typed twice, where it is typed.
    pub fn of_new(&self, path: &Path) -> std::result::Result<Password, KeyError> {
        let first = self.of(path)?;
        if self.file.is_none() {
            let again = asked("The same again: ", path)?;
            if !again.is(&first) {
                return Err(KeyError::PasswordsDiffer);
            }
        }
        Ok(first)
    }

    fn of(&self, path: &Path) -> std::result::Result<Password, KeyError> {
        match &self.file {
            Some(file) => Password::from_file(file),
            None => asked(&format!("Password of {}: ", path.display()), path),
        }
    }
}

/// Asks where somebody sits. A program that runs by itself is never left waiting.
fn asked(prompt: &str, path: &Path) -> std::result::Result<Password, KeyError> {
    if !io::stdin().is_terminal() {
        return Err(KeyError::Locked { path: path.into() });
    }
    rpassword::prompt_password(prompt)
        .map(Password::new)
        .map_err(|source| KeyError::File {
            path: "the terminal".into(),
            source,
        })
}

/// The key that signs, opened once it is needed, and only once.
pub struct Signer {
    name: Option<String>,
    passwords: Passwords,
    opened: OnceLock<Key>,
}

impl Signer {
    /// As the options say.
    pub fn new(options: &Options) -> Self {
        Self {
            name: options.key.clone(),
            passwords: Passwords::new(options),
            opened: OnceLock::new(),
        }
    }

    /// The key.
    pub fn key(&self) -> Result<Key> {
        if let Some(key) = self.opened.get() {
            return Ok(key.clone());
        }
        let name = self.name.as_deref().ok_or(KeyError::None)?;
        let key = self.passwords.open(name).map_err(Trouble::from)?;
        Ok(self.opened.get_or_init(|| key).clone())
    }
}
