//! Folders on disk.

use std::{
    fs::{self, File},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;
use nix::fcntl::{posix_fadvise, PosixFadviseAdvice};

/// How long a folder must stay as large as it is, and how long that is waited for.
const QUIET: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(180);

/// Bytes of all files in a folder. One that goes away meanwhile counts nothing.
pub fn size(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        sum += match entry.metadata() {
            Ok(about) if about.is_dir() => size(&entry.path())?,
            Ok(about) => about.len(),
            Err(_) => 0,
        };
    }
    Ok(sum)
}

/// The same, once what is being written there is written.
pub fn settled(folder: &Path) -> Result<u64> {
    let began = Instant::now();
    let mut last = (size(folder)?, Instant::now());
    while last.1.elapsed() < QUIET && began.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(200));
        let now = size(folder)?;
        if now != last.0 {
            last = (now, Instant::now());
        }
    }
    Ok(last.0)
}

/// Has the system hold nothing of a folder's files in memory.
pub fn forget(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            let file = File::open(path)?;
            // What is not on disk yet stays in memory whatever is advised.
            file.sync_all()?;
            posix_fadvise(&file, 0, 0, PosixFadviseAdvice::POSIX_FADV_DONTNEED)?;
        }
    }
    Ok(())
}
