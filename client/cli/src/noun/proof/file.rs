//! Files of bundles, which may be anybody's.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use faultline_client::proof::{
    envelope::{BadEnvelope, MAX_JSON},
    Bundle, Envelope,
};

use crate::{
    output::plain,
    trouble::{Result, Trouble},
};

/// A file that holds a bundle, of which nothing was verified.
pub struct BundleFile {
    /// What it is called.
    pub name: String,
    /// How long it is, in bytes.
    pub bytes: usize,
    /// What it says of itself.
    pub envelope: Envelope,
    /// The bundle.
    pub bundle: Bundle,
}

impl BundleFile {
    /// Reads a file; `-` is stdin.
    pub fn read(path: &Path) -> Result<Self> {
        let name = match is_stdin(path) {
            true => "stdin".into(),
            false => plain(&path.display().to_string()),
        };
        let json = bytes(path).map_err(|error| unreadable(&error).at(&name))?;
        let opened = Envelope::from_json(&json).and_then(|envelope| Ok((envelope.open()?, envelope)));
        let (bundle, envelope) = opened.map_err(|why| no_bundle(&why).at(&name))?;
        Ok(Self {
            name,
            bytes: json.len(),
            envelope,
            bundle,
        })
    }
}

/// Whether stdin is meant.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// No more than one byte above what a bundle can have, so that it is seen that there are more.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let most = u64::try_from(MAX_JSON).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    match is_stdin(path) {
        true => io::stdin().lock().take(most).read_to_end(&mut bytes)?,
        false => File::open(path)?.take(most).read_to_end(&mut bytes)?,
    };
    Ok(bytes)
}

fn unreadable(error: &io::Error) -> Trouble {
    let advice = match error.kind() {
        io::ErrorKind::NotFound => "Is the name right? `faultline proof export` writes such a file.",
        io::ErrorKind::IsADirectory => "Name the file in it.",
        io::ErrorKind::PermissionDenied => "Make it readable for you, or read a copy that is.",
        _ => "Read a copy of it.",
    };
    Trouble::failed("file", format!("cannot be read: {error}")).with_advice(advice)
}

fn no_bundle(why: &BadEnvelope) -> Trouble {
    let advice = match why {
        BadEnvelope::Version(_) => "Use the program of the release that it was made by, or of a later one.",
        BadEnvelope::About => {
            "Somebody changed the file. Get it anew, or make one with `faultline proof export`."
        }
        _ => "It must be a whole file as `faultline proof export` writes it: get it anew, or make one.",
    };
    // The words of a hostile file are in it.
    Trouble::failed("bundle", plain(&why.to_string())).with_advice(advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a file of these bytes.
    fn trouble(bytes: &[u8]) -> Trouble {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        match BundleFile::read(file.path()) {
            Ok(_) => panic!("it is taken for a bundle"),
            Err(trouble) => trouble,
        }
    }

    fn good() -> Envelope {
        Envelope::of(&faultline_forge::incident_bundle(4, 1, 3).1)
    }

    #[test]
    fn a_file_that_is_no_bundle_says_what_to_do() {
        let whole = serde_json::to_vec_pretty(&good()).unwrap();
        let half = whole.get(..whole.len() / 2).unwrap();
        let mut huge = vec![b' '; MAX_JSON];
        huge.extend(&whole);
        let other_version = Envelope { version: 9, ..good() };
        let other_about = {
            let mut envelope = good();
            envelope.about.block += 1;
            envelope
        };
        let not_base64 = Envelope {
            bundle: "%".into(),
            ..good()
        };
        let json = |envelope: &Envelope| serde_json::to_vec(envelope).unwrap();
        for (bytes, word) in [
            (vec![], "no evidence bundle"),
            (half.to_vec(), "no evidence bundle"),
            (huge, "longer than"),
            (vec![0, 159, 146, 150], "no evidence bundle"),
            (b"{\"\x1b[31m\": 1}".to_vec(), "no evidence bundle"),
            (b"[".repeat(100_000), "no evidence bundle"),
            (json(&other_version), "version 9"),
            (json(&other_about), "is not what the bundle is of"),
            (json(&not_base64), "base64"),
        ] {
            let trouble = trouble(&bytes);
            assert_eq!(trouble.kind(), "bundle");
            assert!(trouble.what().contains(word), "{}", trouble.what());
            assert!(!trouble.what().contains('\x1b') && trouble.advice().is_some());
        }
    }

    #[test]
    fn what_cannot_be_read_says_so() {
        for (path, word) in [("/", "directory"), ("/nowhere/at/all", "No such file")] {
            let trouble = BundleFile::read(Path::new(path)).err().unwrap();
            assert_eq!(trouble.kind(), "file");
            assert!(trouble.what().contains(word), "{}", trouble.what());
        }
    }
}
