//! Vantages and evidence as people write them.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
    str::FromStr,
};

use faultline_primitives::{
    attestation::{Evidence, EvidenceKind, Place, Vantage},
    Sha256, Text,
};
use sha2::Digest;

use crate::{
    moment::millis,
    trouble::{Result, Trouble},
};

/// `COUNTRY:ASN:SAMPLES:FAILED`.
pub fn vantage(text: &str) -> std::result::Result<Vantage, String> {
    let parts: Vec<_> = text.split(':').collect();
    let [country, asn, samples, failed] = parts.as_slice() else {
        return Err("it is COUNTRY:ASN:SAMPLES:FAILED, such as DE:3320:12:12".into());
    };
    let number = |what: &str, text: &str| {
        text.trim_start_matches("AS")
            .parse()
            .map_err(|_| format!("{what} `{text}` is no number below 2^32"))
    };
    Ok(Vantage {
        place: Place {
            country: country.parse()?,
            asn: number("the ASN", asn)?,
        },
        samples: number("the number of samples", samples)?,
        failed: number("the number of failed samples", failed)?,
    })
}

/// A file that supports an attestation: `FILE`, with `,kind=KIND` and `,uri=URI` where one likes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceFile {
    path: PathBuf,
    kind: Option<EvidenceKind>,
    uri: Option<Text<256>>,
}

impl FromStr for EvidenceFile {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let mut file = Self {
            path: PathBuf::new(),
            kind: None,
            uri: None,
        };
        let mut rest = text;
        loop {
            let kind = rest.rfind(",kind=").map(|at| (at, ",kind="));
            let uri = rest.rfind(",uri=").map(|at| (at, ",uri="));
            let Some((at, name)) = kind.max(uri) else { break };
            let (before, value) = rest.split_at(at);
            let value = value.trim_start_matches(name);
            match name {
                ",kind=" => file.kind = Some(value.parse()?),
                _ => file.uri = Some(value.parse()?),
            }
            rest = before;
        }
        file.path = rest.into();
        Ok(file)
    }
}

impl EvidenceFile {
    /// Reads the file: its digest, size, type and time.
    pub fn read(&self) -> Result<Evidence> {
        let failed = |error: io::Error| {
            Trouble::failed("evidence", format!("evidence {}: {error}", self.path.display()))
                .with_advice("Is the path right?")
        };
        let file = File::open(&self.path).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        let (sha256, size) = digest(BufReader::new(file)).map_err(failed)?;
        let media_type = mime_guess::from_path(&self.path).first_or_octet_stream();
        let media_type = media_type.essence_str();
        Ok(Evidence {
            sha256,
            kind: self.kind.unwrap_or_else(|| kind_of(&self.path)),
            media_type: media_type
                .parse()
                .map_err(|error| Trouble::usage(format!("media type: {error}")))?,
            size,
            uri: self.uri.clone(),
            captured_at: millis(about.modified().map_err(failed)?),
        })
    }
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
fn digest(mut from: impl Read) -> io::Result<(Sha256, u64)> {
    let mut hasher = sha2::Sha256::new();
    let size = io::copy(&mut from, &mut hasher)?;
    Ok((Sha256(hasher.finalize().into()), size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vantage_names_what_is_wrong_with_it() {
        assert_eq!(vantage("DE:3320:12:11").map(|vantage| vantage.failed), Ok(11));
        assert_eq!(
            vantage("DE:AS3320:12:11").map(|vantage| vantage.place.asn),
            Ok(3320)
        );
        for (wrong, word) in [
            ("DE:3320:12", "COUNTRY"),
            ("de:3320:1:1", "capital"),
            ("DE:x:1:1", "ASN"),
            ("DE:1:1:-1", "failed"),
        ] {
            assert!(vantage(wrong).is_err_and(|why| why.contains(word)), "{wrong}");
        }
    }

    #[test]
    fn evidence_may_say_its_kind_and_where_it_may_be_had() {
        let file: std::result::Result<EvidenceFile, _> =
            "a,b.log,kind=har,uri=https://example.org/a,b".parse();
        let file = file.unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(
            (file.path, file.kind),
            (PathBuf::from("a,b.log"), Some(EvidenceKind::Har))
        );
        assert_eq!(
            file.uri.map(|uri| uri.to_string()),
            Some("https://example.org/a,b".into())
        );
        assert!("a.log,kind=rumour".parse::<EvidenceFile>().is_err());
    }

    #[test]
    fn the_digest_is_that_of_sha256sum() {
        let (digest, size) = digest(&b"abc"[..]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(size, 3);
        assert_eq!(
            digest.to_string(),
            "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
