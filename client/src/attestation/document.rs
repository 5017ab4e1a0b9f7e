//! Documents that support an attestation.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use faultline_primitives::{
    attestation::{Evidence, EvidenceKind},
    Sha256, Text, UnixMillis,
};
use sha2::Digest;

use super::AttestationError;

/// A document that supports an attestation, by its digest: the chain never holds the document itself. Keep it: whoever
/// doubts the attestation will ask for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    sha256: Sha256,
    size: u64,
    kind: EvidenceKind,
    media_type: String,
    captured_at: UnixMillis,
    uri: Option<String>,
}

impl Document {
    /// One that is at hand as bytes. Its media type, such as `application/json`, has 64 bytes at most.
    pub fn of_bytes(
        bytes: &[u8],
        kind: EvidenceKind,
        media_type: impl Into<String>,
        captured_at: UnixMillis,
    ) -> Self {
        let sha256 = Sha256(sha2::Sha256::digest(bytes).into());
        // No slice is longer than 2^63 bytes.
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Self::of_digest(sha256, size, kind, media_type, captured_at)
    }

    /// One whose digest (SHA-256, what `sha256sum` prints) and size in bytes are known.
    pub fn of_digest(
        sha256: Sha256,
        size: u64,
        kind: EvidenceKind,
        media_type: impl Into<String>,
        captured_at: UnixMillis,
    ) -> Self {
        Self {
            sha256,
            size,
            kind,
            media_type: media_type.into(),
            captured_at,
            uri: None,
        }
    }

    /// A file: its digest and size, its kind and media type as the ending of its name says, and the time when it was
    /// last written. It is read to its end, and blocks as long as that takes.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn of_file(path: &Path) -> Result<Self, AttestationError> {
        let read = || -> io::Result<Self> {
            let mut file = File::open(path)?;
            let captured_at = millis(file.metadata()?.modified()?);
            let (sha256, size) = digest(&mut file)?;
            let media_type = mime_guess::from_path(path).first_or_octet_stream();
            Ok(Self::of_digest(
                sha256,
                size,
                kind_of(path),
                media_type.essence_str(),
                captured_at,
            ))
        };
        read().map_err(|source| AttestationError::Unreadable {
            path: path.into(),
            source,
        })
    }

    /// Its digest.
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    /// Of this kind.
    #[must_use]
    pub fn with_kind(self, kind: EvidenceKind) -> Self {
        Self { kind, ..self }
    }

    /// With where it may be had, in 256 bytes at most.
    #[must_use]
    pub fn with_uri(self, uri: impl Into<String>) -> Self {
        Self {
            uri: Some(uri.into()),
            ..self
        }
    }

    /// As an attestation cites it.
    pub(super) fn into_evidence(self) -> Result<Evidence, AttestationError> {
        let uri = self.uri.as_deref();
        Ok(Evidence {
            sha256: self.sha256,
            kind: self.kind,
            media_type: bounded("media type", &self.media_type, "give it without its parameters")?,
            size: self.size,
            uri: uri
                .map(|uri| bounded("address", uri, "give a shorter one, or none"))
                .transpose()?,
            captured_at: self.captured_at,
        })
    }
}

fn bounded<const N: u32>(
    what: &'static str,
    text: &str,
    advice: &'static str,
) -> Result<Text<N>, AttestationError> {
    text.parse().map_err(|_| AttestationError::EvidenceTooLong {
        what,
        bytes: text.len(),
        most: N,
        advice,
    })
}

/// A system time as the chain counts; what lies before 1970 as 1970.
pub(super) fn millis(time: SystemTime) -> UnixMillis {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

fn kind_of(path: &Path) -> EvidenceKind {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("log" | "txt" | "csv" | "jsonl") => EvidenceKind::ProbeLog,
        Some("har") => EvidenceKind::Har,
        Some("png" | "jpg" | "jpeg" | "webp") => EvidenceKind::Screenshot,
        Some("html" | "htm") => EvidenceKind::StatusPage,
        Some("pcap" | "pcapng") => EvidenceKind::Packet,
        Some("md" | "pdf") => EvidenceKind::Postmortem,
        _ => EvidenceKind::Other,
    }
}

/// The SHA-256 of what is read, and how many bytes it is.
fn digest(from: &mut impl Read) -> io::Result<(Sha256, u64)> {
    let mut hasher = sha2::Sha256::new();
    let size = io::copy(from, &mut hasher)?;
    Ok((Sha256(hasher.finalize().into()), size))
}
