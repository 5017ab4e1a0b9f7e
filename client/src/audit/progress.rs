//! How far an audit is, kept in a file so that it goes on after it was stopped.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use codec::{Decode, DecodeAll, Encode};
use faultline_primitives::{log::blake2_256, BlockNumber, Hash};
use faultline_proof::Anchor;

use super::{finding::Findings, incidents::Course, Note};

/// What such a file begins with.
const MAGIC: [u8; 16] = *b"faultline-audit\x01";

/// Why a file of an audit's progress cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProgressError {
    /// It cannot be read or written.
    #[error("{}, which keeps how far the audit is: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not as this program writes it.
    #[error("{}, which is to keep how far the audit is, is damaged or something else", .0.display())]
    Damaged(PathBuf),
    /// It is of another audit.
    #[error("{} is of an audit of another block, or from another anchor", .0.display())]
    Other(PathBuf),
}

/// How far an audit is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Progress {
    /// From what it is made: see [`of`].
    pub anchor: Hash,
    /// The block.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: Hash,
    /// The incidents that were checked.
    pub course: Course,
    /// What was found in them.
    pub findings: Findings,
    /// What was noted of nodes.
    pub notes: Vec<Note>,
}

/// What tells one anchor from another.
pub(super) fn of(anchor: Anchor) -> Hash {
    let bytes = match anchor {
        Anchor::Genesis(hash) => (0u8, hash).encode(),
        Anchor::Checkpoint(checkpoint) => (1u8, checkpoint).encode(),
    };
    blake2_256(&[&bytes])
}

impl Progress {
    /// What a file keeps; none where there is no such file.
    pub fn read(path: &Path) -> Result<Option<Self>, ProgressError> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(file(path, source)),
        };
        let read = || {
            let (digest, body) = bytes.strip_prefix(&MAGIC)?.split_at_checked(32)?;
            let body = Some(body).filter(|body| blake2_256(&[body]).0 == digest)?;
            Self::decode_all(&mut &*body).ok()
        };
        read()
            .map(Some)
            .ok_or_else(|| ProgressError::Damaged(path.into()))
    }

    /// Puts it in the file's place, whole or not at all.
    pub fn write(&self, path: &Path) -> Result<(), ProgressError> {
        let body = self.encode();
        let written = || {
            let beside = beside(path);
            let mut new = fs::File::create(&beside)?;
            new.write_all(&MAGIC)?;
            new.write_all(&blake2_256(&[&body]).0)?;
            new.write_all(&body)?;
            new.sync_all()?;
            fs::rename(&beside, path)
        };
        written().map_err(|source| file(path, source))
    }
}

/// Removes the file once the audit is whole.
pub(super) fn forget(path: &Path) -> Result<(), ProgressError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(file(path, source)),
        _ => Ok(()),
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    path.with_file_name(name)
}

fn file(path: &Path, source: io::Error) -> ProgressError {
    ProgressError::File {
        path: path.into(),
        source,
    }
}
