//! Reports as files hold them.

use std::{fs, path::Path};

use faultline_client::Refusal;
use faultline_primitives::{
    attestation::{
        Body, Claim, Evidence, EvidenceKind, Kind, Method, Observation, Severity, TimeQuality, MAX_EVIDENCE,
        MAX_INTERVALS, MAX_VANTAGES,
    },
    rules::Rules,
    Sha256, Span, Text,
};
use faultline_rpc::view::Utc;
use serde::{de::DeserializeOwned, Deserialize};

use crate::{
    evidence,
    moment::Moment,
    observation::scope,
    trouble::{Result, Trouble},
};

type Checked<T> = std::result::Result<T, String>;

/// An attestation, with the key that signs it. What makes no sense is refused with the file.
#[derive(Deserialize)]
#[serde(try_from = "Written")]
pub struct Item {
    pub by: String,
    pub service: String,
    pub observation: Box<Observation>,
    pub text: Body,
}

/// An attestation that names no key, as all of its file are signed by one. The chain says whether it makes sense.
#[derive(Deserialize)]
#[serde(try_from = "Written")]
pub struct Report {
    pub service: String,
    pub observation: Box<Observation>,
    pub text: Body,
}

/// An attestation as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    /// A key: `dev:NAME`, or a file beside this one.
    by: Option<String>,
    /// A slug.
    service: String,
    /// Where its facts are from, if from elsewhere than the file's.
    #[serde(rename = "source")]
    _source: Option<String>,
    claim: Claim,
    kind: Kind,
    severity: Severity,
    scope: String,
    from: Utc,
    to: Utc,
    #[serde(default)]
    intervals: Vec<WrittenSpan>,
    time_quality: TimeQuality,
    method: Method,
    /// Each as `COUNTRY:ASN:SAMPLES:FAILED`.
    #[serde(default)]
    vantages: Vec<String>,
    #[serde(default)]
    evidence: Vec<WrittenEvidence>,
    #[serde(default)]
    text: Body,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSpan {
    from: Utc,
    to: Utc,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenEvidence {
    sha256: Sha256,
    kind: EvidenceKind,
    media_type: Text<64>,
    size: u64,
    uri: Option<Text<256>>,
    captured_at: Utc,
}

impl TryFrom<Written> for Item {
    type Error = String;

    fn try_from(mut written: Written) -> Checked<Self> {
        let by = written
            .by
            .take()
            .ok_or("missing field `by`: the key that signs it")?;
        let Report {
            service,
            observation,
            text,
        } = written.try_into()?;
        observation
            .check(Moment::now().0, Rules::standard().max_clock_skew)
            .map_err(|refusal| Refusal::of_observation(refusal).why)?;
        Ok(Self {
            by,
            service,
            observation,
            text,
        })
    }
}

impl TryFrom<Written> for Report {
    type Error = String;

    fn try_from(written: Written) -> Checked<Self> {
        fn bounded<T, B: TryFrom<Vec<T>>>(bound: u32, what: &str, items: Vec<T>) -> Checked<B> {
            let given = items.len();
            B::try_from(items).map_err(|_| format!("{given} {what}, and at most {bound} are taken"))
        }
        if written.by.is_some() {
            return Err(
                "`by` names a key, and all reports of this file are signed by --key; \
                 `faultline replay` signs each by its own"
                    .into(),
            );
        }
        let vantages = written.vantages.iter().map(|text| evidence::vantage(text));
        let intervals = written.intervals.iter().map(|span| Span {
            from: span.from.0,
            to: span.to.0,
        });
        let evidence = written.evidence.into_iter().map(|file| Evidence {
            sha256: file.sha256,
            kind: file.kind,
            media_type: file.media_type,
            size: file.size,
            uri: file.uri,
            captured_at: file.captured_at.0,
        });
        let observation = Observation {
            claim: written.claim,
            kind: written.kind,
            severity: written.severity,
            scope: scope(&written.scope)?,
            observed: Span {
                from: written.from.0,
                to: written.to.0,
            },
            intervals: bounded(MAX_INTERVALS, "intervals", intervals.collect())?,
            time_quality: written.time_quality,
            method: written.method,
            vantages: bounded(MAX_VANTAGES, "vantages", vantages.collect::<Checked<_>>()?)?,
            evidence: bounded(MAX_EVIDENCE, "pieces of evidence", evidence.collect())?,
        };
        Ok(Self {
            service: written.service,
            observation: Box::new(observation),
            text: written.text,
        })
    }
}

/// Reads a file. Whatever is wrong with it is said by line.
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let bytes = fs::read(path).map_err(|error| wrong(path, error))?;
    parse(&bytes).map_err(|why| wrong(path, why))
}

/// Why a file is not taken.
pub fn wrong(path: &Path, why: impl std::fmt::Display) -> Trouble {
    Trouble::failed("file", format!("{}: {why}", path.display()))
        .with_advice("Nothing was submitted. `faultline report-many --help` and examples/ show the format.")
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Checked<T> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes
            .iter()
            .take(error.valid_up_to())
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        format!("line {line}: not UTF-8")
    })?;
    serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        let what = message.split(" at line ").next().unwrap_or_default();
        format!("line {}, column {}: {what}", error.line(), error.column())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"{
  "service": "openai/chatgpt", "claim": "Recovered", "kind": "Outage", "severity": "Major", "scope": "Global",
  "from": "2024-12-11T23:16:00Z", "to": "2024-12-12T03:00:00Z",
  "timeQuality": "Estimate", "method": "Manual"
}"#;

    fn with(fields: &str) -> String {
        ENTRY.replacen('{', &format!("{{ {fields},"), 1)
    }

    fn refused<T: DeserializeOwned>(text: &str) -> String {
        match parse::<T>(text.as_bytes()) {
            Err(why) => why,
            Ok(_) => panic!("taken: {text}"),
        }
    }

    #[test]
    fn a_report_names_no_key_and_an_item_must() {
        let signed = with(r#""by": "dev:bob""#);
        let report: Report = parse(ENTRY.as_bytes()).unwrap();
        let item: Item = parse(signed.as_bytes()).unwrap();
        assert_eq!(
            (item.by.as_str(), item.observation),
            ("dev:bob", report.observation)
        );
        let why = refused::<Report>(&signed);
        assert!(why.starts_with("line ") && why.contains("--key"), "{why}");
        let why = refused::<Item>(ENTRY);
        assert!(
            why.starts_with("line ") && why.contains("missing field `by`"),
            "{why}"
        );
    }

    #[test]
    fn what_makes_no_sense_is_left_to_the_chain_in_a_report_and_refused_in_an_item() {
        let vantage = r#""by": "dev:bob", "vantages": ["DE:3320:3:4"]"#;
        let why = refused::<Item>(&with(vantage));
        assert!(why.contains("samples"), "{why}");
        let report: Report = parse(with(r#""vantages": ["DE:3320:3:4"]"#).as_bytes()).unwrap();
        assert_eq!(report.observation.vantages[0].failed, 4);
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_by_line() {
        for (bad, words) in [
            (ENTRY.replacen("Recovered", "Sideways", 1), "Sideways"),
            (ENTRY.replacen("Global", "country:de", 1), "country"),
            (with(r#""sevrity": "Major""#), "sevrity"),
            (with(r#""vantages": ["DE"]"#), "COUNTRY:ASN"),
            (ENTRY.replacen("\"Major\"", "\"Major", 1), "expected"),
        ] {
            let why = refused::<Report>(&bad);
            assert!(why.starts_with("line ") && why.contains(words), "{words}: {why}");
        }
        let why = parse::<Report>(b"{\n\xff").map(|_| ()).unwrap_err();
        assert_eq!(why, "line 2: not UTF-8");
    }
}
