//! Vantages and evidence as people write them.

use std::{path::PathBuf, str::FromStr};

use faultline_client::attestation::{AttestationError, Document};
use faultline_primitives::{
    attestation::{EvidenceKind, Place, Vantage},
    Text,
};

/// `COUNTRY:ASN:SAMPLES:FAILED`.
pub fn vantage(text: &str) -> Result<Vantage, String> {
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

    fn from_str(text: &str) -> Result<Self, String> {
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
    pub fn read(&self) -> Result<Document, AttestationError> {
        let mut document = Document::of_file(&self.path)?;
        if let Some(kind) = self.kind {
            document = document.with_kind(kind);
        }
        if let Some(uri) = &self.uri {
            document = document.with_uri(uri.to_string());
        }
        Ok(document)
    }
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
        let file: Result<EvidenceFile, _> = "a,b.log,kind=har,uri=https://example.org/a,b".parse();
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
}
