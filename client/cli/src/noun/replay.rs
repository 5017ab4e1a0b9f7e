//! `faultline replay`

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use faultline_client::{Call, Key, Refusal};
use faultline_primitives::{
    attestation::{
        Body, Claim, Evidence, EvidenceKind, Kind, Method, Observation, Severity, TimeQuality, MAX_EVIDENCE,
        MAX_INTERVALS, MAX_VANTAGES,
    },
    rules::Rules,
    Sha256, Span, Text,
};
use faultline_rpc::view::{BlockView, Utc};
use serde::Deserialize;

use super::record::{self, Outcome};
use crate::{
    evidence,
    moment::Moment,
    observation::scope,
    options::Options,
    output,
    session::Session,
    trouble::{Result, Trouble},
};

/// Record attestations from a file, in order, each signed by the key that it names.
///
/// All of the file is checked before anything is submitted. Attestations of one key that follow each other go
/// together; the next key's go once these are final, so that the order is the file's.
#[derive(Args)]
pub struct Replay {
    /// The file, such as examples/2024-12-11-openai.json.
    file: PathBuf,
}

/// A replay file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    /// The version of the format: 1.
    schema_version: u32,
    /// What it is about.
    about: String,
    /// Where its facts are from.
    #[serde(rename = "source")]
    _source: Option<String>,
    attestations: Vec<Item>,
}

/// An attestation, checked.
#[derive(Deserialize)]
#[serde(try_from = "Written")]
struct Item {
    by: String,
    service: String,
    observation: Box<Observation>,
    text: Body,
}

/// An attestation as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    /// A key: `dev:NAME`, or a file beside this one.
    by: String,
    /// A slug.
    service: String,
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
    text: String,
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

    fn try_from(written: Written) -> std::result::Result<Self, String> {
        fn bounded<T, B: TryFrom<Vec<T>>>(
            bound: u32,
            what: &str,
            items: Vec<T>,
        ) -> std::result::Result<B, String> {
            let given = items.len();
            B::try_from(items).map_err(|_| format!("{given} {what}, and at most {bound} are taken"))
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
            vantages: bounded(
                MAX_VANTAGES,
                "vantages",
                vantages.collect::<std::result::Result<_, _>>()?,
            )?,
            evidence: bounded(MAX_EVIDENCE, "pieces of evidence", evidence.collect())?,
        };
        let skew = Rules::standard().max_clock_skew;
        observation
            .check(Moment::now().0, skew)
            .map_err(|refusal| Refusal::of_observation(refusal).why)?;
        let text = written.text.parse().map_err(|why| format!("text: {why}"))?;
        Ok(Self {
            by: written.by,
            service: written.service,
            observation: Box::new(observation),
            text,
        })
    }
}

impl Replay {
    pub async fn run(self, options: &Options) -> Result<()> {
        let file = read(&self.file)?;
        let keys = keys(&self.file, &file.attestations)?;
        let session = Session::open(options).await?;
        let calls = calls(&session, &file.attestations).await?;

        if !session.json {
            eprintln!("{}", file.about);
        }
        let mut done: Vec<Outcome> = Vec::new();
        let mut last: Option<BlockView> = None;
        let items: Vec<_> = file.attestations.iter().zip(calls).collect();
        for run in items.chunk_by(|(one, _), (other, _)| one.by == other.by) {
            let mut sent = Vec::new();
            for (item, call) in run {
                let place = || format!("attestation {} of {}", done.len() + sent.len() + 1, items.len());
                let key = keys
                    .get(&item.by)
                    .ok_or_else(|| Trouble::failed("key", "lost a key"))?;
                let signed = session.client.send(call, key).await;
                sent.push(
                    signed.map_err(|error| broken_off(error.into(), place(), done.len() + sent.len()))?,
                );
            }
            for ((item, _), signed) in run.iter().zip(&sent) {
                let place = || format!("attestation {} of {}", done.len() + 1, items.len());
                let recorded = session
                    .wait(signed)
                    .await
                    .map_err(|why| broken_off(why, place(), done.len()))?;
                if !session.json {
                    println!("{:14} {:20} {}", item.by, item.service, record::words(&recorded));
                }
                done.push(Outcome::of(&recorded));
                last = Some(recorded.block);
            }
        }
        if session.json {
            output::done(true, last, &done, "")?;
        } else {
            eprintln!("All {} attestations are recorded and final.", done.len());
        }
        Ok(())
    }
}

fn broken_off(why: Trouble, place: String, before: usize) -> Trouble {
    let before = match before {
        0 => "nothing was recorded before it".into(),
        1 => "the one before it was submitted and stands if it became final".into(),
        n => format!("the {n} before it were submitted and stand as far as they became final"),
    };
    why.at(format!("{place} ({before})"))
}

fn read(path: &Path) -> Result<File> {
    let wrong = |why: String| {
        Trouble::failed("replayFile", format!("{}: {why}", path.display()))
            .with_advice("Nothing was submitted. examples/ shows the format.")
    };
    let bytes = fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let line = bytes
            .iter()
            .take(error.valid_up_to())
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        wrong(format!("line {line}: not UTF-8"))
    })?;
    let file: File = serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        let what = message.split(" at line ").next().unwrap_or_default();
        wrong(format!(
            "line {}, column {}: {what}",
            error.line(),
            error.column()
        ))
    })?;
    if file.schema_version != output::SCHEMA_VERSION {
        return Err(wrong(format!(
            "its schemaVersion is {}, and this program reads 1",
            file.schema_version
        )));
    }
    if file.attestations.is_empty() {
        return Err(wrong("it holds no attestations".into()));
    }
    Ok(file)
}

/// Every key that the file names, by that name.
fn keys(file: &Path, items: &[Item]) -> Result<BTreeMap<String, Key>> {
    let beside = file.parent().unwrap_or(Path::new(""));
    let mut keys = BTreeMap::new();
    for (number, item) in items.iter().enumerate() {
        if keys.contains_key(&item.by) {
            continue;
        }
        let key = match item.by.strip_prefix("dev:") {
            Some(_) => Key::named(&item.by),
            None => Key::named(&beside.join(&item.by).to_string_lossy()),
        };
        let key = key.map_err(|error| Trouble::from(error).at(format!("attestation {}", number + 1)))?;
        keys.insert(item.by.clone(), key);
    }
    Ok(keys)
}

/// The calls, with the services looked up.
async fn calls(session: &Session, items: &[Item]) -> Result<Vec<Call>> {
    let mut services = BTreeMap::new();
    let mut calls = Vec::new();
    for (number, item) in items.iter().enumerate() {
        let service = match services.get(&item.service) {
            Some(service) => *service,
            None => {
                let found = session.service_id(&item.service).await;
                let found = found.map_err(|why| why.at(format!("attestation {}", number + 1)))?;
                services.insert(item.service.clone(), found);
                found
            }
        };
        calls.push(Call::report(service, &item.observation, &item.text));
    }
    Ok(calls)
}
