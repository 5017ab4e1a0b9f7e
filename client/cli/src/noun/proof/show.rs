//! `faultline proof show`

use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;
use faultline_client::proof::{
    bundle::{IncidentLog, Start},
    envelope::About,
    Bundle, Claim,
};
use faultline_primitives::IncidentId;
use faultline_rpc::view::{BlockView, EntryView, SpanView};
use serde::Serialize;

use super::{file::BundleFile, view};
use crate::{
    noun::incident_words,
    options::example,
    output::{self, for_stdout, paint, Paper, WARN},
    trouble::Result,
};

const UNCHECKED: &str =
    "NOTHING HERE WAS CHECKED: this is what the file says. `faultline proof verify` checks it.";

/// Show what an evidence bundle says, without checking any of it. Wants no node.
#[derive(Args)]
#[command(after_help = example("proof show incident-0.json --full"))]
pub struct Show {
    /// The file; - is stdin.
    file: PathBuf,
    /// Also show every entry, with all that it holds.
    #[arg(long)]
    full: bool,
}

/// What a bundle says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Said<'a> {
    /// Nothing of it was checked.
    checked: bool,
    file: &'a str,
    format: &'a str,
    version: u8,
    bytes: usize,
    about: &'a About,
    begins_with: String,
    changes: usize,
    block: BlockView,
    votes: usize,
    trie_nodes: usize,
    span: Option<SpanView>,
    incidents: Vec<SaidOf>,
}

/// What it says of an incident.
#[derive(Serialize)]
struct SaidOf {
    id: IncidentId,
    service: Option<String>,
    entries: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<Vec<EntryView>>,
}

impl Show {
    pub fn run(self, json: bool) -> Result<()> {
        let file = BundleFile::read(&self.file)?;
        let said = said(&file, self.full);
        if json {
            return output::done(true, None, &said, "");
        }
        let mut paper = Paper::plain();
        paper.say(&for_stdout(&words(&said))).map(|_| ())
    }
}

fn said(file: &BundleFile, full: bool) -> Said<'_> {
    let Bundle {
        start,
        changes,
        block,
        claim,
        nodes,
    } = &file.bundle;
    Said {
        checked: false,
        file: &file.name,
        format: &file.envelope.format,
        version: file.envelope.version,
        bytes: file.bytes,
        about: &file.envelope.about,
        begins_with: match start {
            Start::Genesis(genesis) => format!("the genesis block {}", genesis.header.hash()),
            Start::Set(set) => format!("set {} of {} validators", set.id, set.authorities.len()),
        },
        changes: changes.len(),
        block: BlockView {
            number: block.header.number,
            hash: block.header.hash(),
        },
        votes: block.justification.commit.votes.len(),
        trie_nodes: nodes.len(),
        span: match claim {
            Claim::Incident(_) => None,
            Claim::Service(service) => Some(service.span.into()),
        },
        incidents: claim.incidents().iter().map(|log| of(log, full)).collect(),
    }
}

fn of(log: &IncidentLog, full: bool) -> SaidOf {
    SaidOf {
        id: log.id,
        service: log.opening().map(|opening| opening.slug.to_string()),
        entries: log.entries.len(),
        log: full.then(|| view::entries(log, &BTreeMap::new())),
    }
}

fn words(said: &Said<'_>) -> String {
    let warning = paint(WARN, UNCHECKED);
    let mut rows = vec![
        (
            "file",
            format!(
                "{}, {} version {}, {} bytes",
                said.file, said.format, said.version, said.bytes
            ),
        ),
        ("begins with", said.begins_with.clone()),
        ("changes", format!("{} of validators", said.changes)),
        ("block", output::block(&said.block)),
        ("votes", said.votes.to_string()),
        ("trie nodes", said.trie_nodes.to_string()),
    ];
    if let (Some(service), Some(span)) = (said.about.service, said.span) {
        rows.push((
            "service",
            format!("number {service}, incidents opened {} to {}", span.from, span.to),
        ));
    }
    rows.extend(said.incidents.iter().map(|incident| {
        let of = format!(
            "{} on {}, {} entries",
            incident.id,
            output::or_dash(incident.service.as_ref()),
            incident.entries
        );
        ("incident", of)
    }));
    let mut text = format!("{warning}\n\n{}", output::fields(rows));
    for incident in &said.incidents {
        let log = incident.log.as_deref().map(incident_words::log);
        text += &log.unwrap_or_default();
    }
    if said.incidents.iter().any(|incident| incident.log.is_some()) {
        text += &format!("\n{warning}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;
    use faultline_client::proof::Envelope;

    use super::*;

    #[test]
    fn it_is_said_first_and_last_that_nothing_was_checked() {
        let (_, mut bundle) = faultline_forge::incident_bundle(4, 1, 3);
        bundle.block.justification.commit.votes.clear();
        let file = BundleFile {
            name: "incident-7.json".into(),
            bytes: 4_711,
            envelope: Envelope::of(&bundle),
            bundle,
        };
        let text = strip_str(&words(&said(&file, true))).to_string();
        assert!(text.starts_with("NOTHING HERE WAS CHECKED"), "{text}");
        assert!(text.trim_end().ends_with(UNCHECKED), "{text}");
        assert_eq!(text.matches("\nentry").count(), 3, "{text}");
        let json = serde_json::to_value(said(&file, false)).unwrap();
        assert_eq!((&json["checked"], &json["votes"]), (&false.into(), &0.into()));
        assert_eq!(json["incidents"][0].get("log"), None);
    }
}
