//! What can go wrong with the index.

use std::path::PathBuf;

/// Why the index cannot be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// RocksDB fails: the disk is full, a file cannot be read, another process has it open.
    #[error("the index's database fails: {0}")]
    Database(#[source] rocksdb::Error),
    /// What is stored is not what was written.
    #[error("the index is damaged: {0}")]
    Damaged(String),
    /// Its folder cannot be made or emptied.
    #[error("{}: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is being built, and cannot be asked before it is whole.
    #[error("the index is being built: it holds {done} of {of} incidents")]
    Building {
        /// Incidents that it holds.
        done: u64,
        /// Incidents that there are.
        of: u64,
    },
}

impl Error {
    /// Whether the index has to be built anew.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Damaged(_) => true,
            Self::Database(error) => error.kind() == rocksdb::ErrorKind::Corruption,
            Self::Folder { .. } | Self::Building { .. } => false,
        }
    }
}

impl From<rocksdb::Error> for Error {
    fn from(error: rocksdb::Error) -> Self {
        Self::Database(error)
    }
}

impl From<codec::Error> for Error {
    fn from(error: codec::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}
