//! The password of a keystore.
//!
//! The SDK takes a password file as it is, with the line break at its end: a password that is typed, or put into a file
//! without one, would then make other keys. Here it is no part of the password, wherever that comes from.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use sp_core::crypto::SecretString;

/// The folder in which systemd hands a service its secrets. They are that service's alone, by means that a file's mode
/// does not show.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// Why there is no password.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file, or the terminal, cannot be read.
    #[error("cannot read the password from {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },

    /// Others may read the file.
    #[error(
        "the password file {path} can be read by others (mode {mode:03o}): make it yours alone with \
         `chmod 600 {path}`"
    )]
    Open {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },

    /// The file holds something else.
    #[error("{0} is no password file: it holds the password in one line, and nothing else")]
    NotOneLine(PathBuf),

    /// It was typed in two ways.
    #[error("the two passwords are not the same; nothing was made: try again")]
    Differ,
}

/// The one line of a file that nobody else can read.
///
/// # Errors
///
/// See [`Error`].
pub fn from_file(path: &Path) -> Result<SecretString, Error> {
    let unreadable = |source| Error::Unreadable {
        path: path.into(),
        source,
    };
    let mode = fs::metadata(path).map_err(unreadable)?.permissions().mode() & 0o777;
    let from_systemd = std::env::var_os(CREDENTIALS).is_some_and(|folder| path.starts_with(folder));
    if mode & 0o077 != 0 && !from_systemd {
        return Err(Error::Open {
            path: path.into(),
            mode,
        });
    }
    let text = fs::read_to_string(path).map_err(unreadable)?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() || line.contains('\n') {
        return Err(Error::NotOneLine(path.into()));
    }
    Ok(SecretString::new(line.into()))
}

/// What is typed on the terminal, twice the same.
///
/// # Errors
///
/// See [`Error`].
pub fn typed_twice() -> Result<SecretString, Error> {
    let ask = |prompt| {
        rpassword::prompt_password(prompt).map_err(|source| Error::Unreadable {
            path: "the terminal".into(),
            source,
        })
    };
    let first = ask("Keystore password: ")?;
    if first != ask("The same again: ")? {
        return Err(Error::Differ);
    }
    Ok(SecretString::new(first))
}

#[cfg(test)]
mod tests {
    use sp_core::crypto::ExposeSecret;

    use super::*;
    use tempfile::TempDir;

    fn file(content: &str, mode: u32) -> (TempDir, PathBuf) {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("password");
        fs::write(&path, content).expect("the folder is ours");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("the file is ours");
        (folder, path)
    }

    #[test]
    fn the_line_break_at_the_end_of_a_password_file_is_no_part_of_the_password() {
        for content in ["correct horse", "correct horse\n", "correct horse\r\n"] {
            let (_folder, path) = file(content, 0o600);
            let password = from_file(&path).expect("a password");
            assert_eq!(password.expose_secret(), "correct horse");
        }
    }

    #[test]
    fn what_is_not_one_line_of_its_owners_alone_is_refused() {
        for content in ["", "\n", "one\ntwo\n"] {
            let (_folder, path) = file(content, 0o600);
            assert!(
                matches!(from_file(&path), Err(Error::NotOneLine(_))),
                "{content:?}"
            );
        }
        for mode in [0o640, 0o604] {
            let (_folder, path) = file("correct horse", mode);
            assert!(matches!(from_file(&path), Err(Error::Open { .. })), "{mode:o}");
        }
        assert!(matches!(
            from_file(Path::new("/no/such/file")),
            Err(Error::Unreadable { .. })
        ));
    }
}
