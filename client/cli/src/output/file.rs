//! A file that is there once it is whole, and not before.

use std::{
    fs::{self, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile};

use crate::trouble::{Result, Trouble};

/// A file that is being written, beside the place where it will be. Dropped unfinished, it leaves nothing.
pub struct NewFile {
    file: NamedTempFile,
    path: PathBuf,
    replace: bool,
}

impl NewFile {
    /// Begins a file. One that is there is put away only where that is wanted, and nothing but a file ever is.
    pub fn begin(path: &Path, replace: bool) -> Result<Self> {
        match fs::metadata(path) {
            Ok(there) if !there.is_file() => {
                return Err(wrong(path, "is no file, and stays as it is").with_advice("Name another."))
            }
            Ok(_) if !replace => return Err(is_there(path)),
            _ => {}
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let file = Builder::new()
            .prefix(".faultline-")
            // As any other file: what the user's mask leaves of it.
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder.unwrap_or(Path::new(".")))
            .map_err(|error| wrong(path, error))?;
        Ok(Self {
            file,
            path: path.into(),
            replace,
        })
    }

    /// Puts it in its place, whole and on the disk.
    pub fn finish(mut self) -> Result<()> {
        let path = self.path;
        let synced = self.file.flush().and_then(|()| self.file.as_file().sync_all());
        synced.map_err(|error| wrong(&path, error))?;
        let placed = if self.replace {
            self.file.persist(&path)
        } else {
            self.file.persist_noclobber(&path)
        };
        match placed {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(is_there(&path)),
            Err(error) => Err(wrong(&path, error.error)),
        }
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn wrong(path: &Path, why: impl std::fmt::Display) -> Trouble {
    Trouble::failed("output", format!("{}: {why}", path.display()))
}

fn is_there(path: &Path) -> Trouble {
    Trouble::failed("exists", format!("{} is there already", path.display()))
        .with_advice("Name another file, or replace this one with --force.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, replace: bool, text: &str) -> Result<()> {
        let mut file = NewFile::begin(path, replace)?;
        file.write_all(text.as_bytes()).unwrap();
        file.finish()
    }

    #[test]
    fn a_file_is_there_once_it_is_whole_and_takes_no_others_place_unasked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("export.json");
        let mut unfinished = NewFile::begin(&path, false).unwrap();
        unfinished.write_all(b"half").unwrap();
        assert!(!path.exists());
        drop(unfinished);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

        write(&path, false, "one").unwrap();
        let refused = write(&path, false, "two").unwrap_err();
        assert_eq!(refused.kind(), "exists");
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        write(&path, true, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn one_that_came_while_it_was_written_keeps_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("export.json");
        let file = NewFile::begin(&path, false).unwrap();
        fs::write(&path, "another's").unwrap();
        assert_eq!(file.finish().unwrap_err().kind(), "exists");
        assert_eq!(fs::read_to_string(&path).unwrap(), "another's");
    }

    #[test]
    fn nothing_but_a_file_is_ever_put_away() {
        for path in ["/dev/null", "/"] {
            assert_eq!(write(Path::new(path), true, "").unwrap_err().kind(), "output");
        }
    }
}
