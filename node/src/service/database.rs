//! A database that cannot be opened, and what to do about it.

use std::{fmt, fs, path::Path};

/// The format of databases that this program's SDK writes and reads, which it does not tell otherwise.
const FORMAT: u32 = 4;

/// The database cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot open the database {folder}: {reason}.\n{remedy}")]
pub struct Unopened {
    folder: String,
    reason: String,
    remedy: Remedy,
}

/// The format that a database says it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// This one.
    Known(u32),
    /// It says something, and no number.
    Garbled,
    /// It says nothing, as one that is not there yet.
    Unsaid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Remedy {
    /// Another process has it open.
    StopTheOther,
    /// The disk is full.
    MakeRoom,
    /// The file system does not let this user.
    Permit,
    /// A newer program wrote it.
    UseTheNewer(u32),
    /// Its format is too old.
    SyncAnew(u32),
    /// It is damaged.
    Restore,
}

impl Unopened {
    /// The database in `folder`, which says that it has this format, was not opened for this reason.
    pub fn new(folder: &Path, reason: String, format: Format) -> Self {
        let remedy = match format {
            _ if reason.contains("lock file") => Remedy::StopTheOther,
            _ if reason.contains("No space left") => Remedy::MakeRoom,
            _ if reason.contains("ermission denied") => Remedy::Permit,
            Format::Known(format) if format > FORMAT => Remedy::UseTheNewer(format),
            Format::Known(format) if format < FORMAT => Remedy::SyncAnew(format),
            Format::Known(_) | Format::Garbled | Format::Unsaid => Remedy::Restore,
        };
        Self {
            folder: folder.display().to_string(),
            reason,
            remedy,
        }
    }
}

/// The format that the database in a folder says it has.
pub fn format_in(folder: &Path) -> Format {
    match fs::read_to_string(folder.join("db_version")) {
        Ok(text) => text.trim().parse().map_or(Format::Garbled, Format::Known),
        Err(_) => Format::Unsaid,
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StopTheOther => f.write_str(
                "Another process has it open: stop that node first, or give this one another --base-path",
            ),
            Self::MakeRoom => f.write_str("The disk is full: make room on it and start again; nothing else is needed"),
            Self::Permit => f.write_str(
                "This user may not read and write it: give it the folder (chown), or run the node as the user whose \
                 it is",
            ),
            Self::UseTheNewer(format) => write!(
                f,
                "It has format {format}, and this program reads {FORMAT}: a newer faultline-node wrote it. Run that one \
                 again, or delete the database with `purge-chain` and let the node sync anew; its keys lie elsewhere \
                 and stay"
            ),
            Self::SyncAnew(format) => write!(
                f,
                "It has format {format}, and this program reads {FORMAT}: delete the database with `purge-chain` and let \
                 the node sync anew; its keys lie elsewhere and stay"
            ),
            Self::Restore => f.write_str(
                "It is damaged, as a failing or full disk or a copy made of a running node leaves it. Restore a copy \
                 made of a stopped node, or delete the database with `purge-chain` and let the node sync anew; its \
                 keys lie elsewhere and stay. Let no other node run with this validator's keys meanwhile",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(reason: &str, format: Format) -> String {
        Unopened::new(Path::new("/data/db"), reason.into(), format).to_string()
    }

    #[test]
    fn every_reason_comes_with_what_to_do() {
        for (reason, format, remedy) in [
            (
                "While lock file: /data/db/LOCK",
                Format::Known(4),
                "stop that node",
            ),
            ("IO error: No space left on device", Format::Known(4), "make room"),
            ("IO error: Permission denied", Format::Known(4), "chown"),
            (
                "comes from future version",
                Format::Known(5),
                "newer faultline-node",
            ),
            ("Column families not opened", Format::Known(3), "sync anew"),
            ("cannot be read", Format::Garbled, "Restore"),
            ("Corruption: CURRENT file", Format::Known(4), "Restore"),
        ] {
            let told = told(reason, format);
            assert!(told.contains(remedy), "{told}");
            assert!(told.contains(reason) && told.contains("/data/db"), "{told}");
        }
    }
}
