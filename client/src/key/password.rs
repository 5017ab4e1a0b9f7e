//! Passwords of key files.

use std::{
    fmt, fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::KeyError;

/// The folder in which systemd hands a service its secrets. They are that service's alone, by means that a file's mode
/// does not show.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// What opens a key file. It is wiped from memory when it goes out of scope, and never shown.
pub struct Password(Zeroizing<String>);

impl Password {
    /// The shortest that a new key takes, in characters.
    pub const SHORTEST: usize = 8;

    /// The password as it was typed.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The one line of a file that nobody else can read. The line break at its end is no part of it.
    ///
    /// # Errors
    ///
    /// The file cannot be read, others may read it, or it holds no line or several.
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        let no_password = |why| KeyError::NoPassword {
            path: path.into(),
            why,
        };
        let bytes = Zeroizing::new(read_private(path)?);
        let text = std::str::from_utf8(&bytes).map_err(|_| no_password("it is not UTF-8"))?;
        let line = text.strip_suffix('\n').unwrap_or(text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.is_empty() {
            return Err(no_password("it is empty"));
        }
        if line.contains('\n') {
            return Err(no_password("it has more than one line"));
        }
        Ok(Self::new(line.into()))
    }

    /// Whether it is the same.
    pub fn is(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// What a file holds that only its owner may read.
pub(super) fn read_private(path: &Path) -> Result<Vec<u8>, KeyError> {
    let failed = |source: io::Error| KeyError::File {
        path: path.into(),
        source,
    };
    let mode = fs::metadata(path).map_err(failed)?.permissions().mode() & 0o777;
    let from_systemd =
        std::env::var_os(CREDENTIALS).is_some_and(|folder| path.starts_with(PathBuf::from(folder)));
    if mode & 0o077 != 0 && !from_systemd {
        return Err(KeyError::Open {
            path: path.into(),
            mode,
        });
    }
    fs::read(path).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(content: &[u8], mode: u32) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    #[test]
    fn a_password_file_holds_one_line_whose_break_is_no_part_of_it() {
        for content in ["correct horse", "correct horse\n", "correct horse\r\n"] {
            let (_folder, path) = file(content.as_bytes(), 0o600);
            assert_eq!(Password::from_file(&path).unwrap().as_str(), "correct horse");
        }
        for (content, word) in [
            (&b""[..], "empty"),
            (b"\n", "empty"),
            (b"one\ntwo\n", "more than one line"),
            (b"\xff\xfe", "UTF-8"),
        ] {
            let (_folder, path) = file(content, 0o600);
            match Password::from_file(&path) {
                Err(KeyError::NoPassword { why, .. }) => assert!(why.contains(word), "{why}"),
                other => panic!("{content:?}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_password_file_that_others_can_read_is_refused() {
        for mode in [0o640, 0o604, 0o644] {
            let (_folder, path) = file(b"correct horse", mode);
            assert!(
                matches!(Password::from_file(&path), Err(KeyError::Open { .. })),
                "{mode:o}"
            );
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let shown = format!("{:?}", Password::new("correct horse".into()));
        assert_eq!(shown, "Password");
    }
}
