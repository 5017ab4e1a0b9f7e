//! Documents that entries cite by their SHA-256.

use std::path::PathBuf;

use faultline_client::{attestation::Document, proof::bundle::IncidentLog};
use faultline_primitives::{incident::Action, IncidentId, OrganisationId, Sha256};
use serde::Serialize;

use crate::{
    output::plain,
    trouble::{Result, Trouble},
};

/// A file, and which entries cite it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CitedFile {
    /// The file.
    pub file: String,
    /// Its digest.
    pub sha256: Sha256,
    /// The entries that cite it.
    pub cited: Vec<Citation>,
}

/// An entry that cites a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Citation {
    /// The incident.
    pub incident: IncidentId,
    /// The entry.
    pub entry: u32,
    /// Whose it is.
    pub organisation: OrganisationId,
}

/// The digest of each file. They are read before anything is verified: a file that is not there is named at once.
pub fn digests(files: &[PathBuf]) -> Result<Vec<(String, Sha256)>> {
    let digest = |path: &PathBuf| {
        let document = Document::of_file(path).map_err(|error| {
            Trouble::failed("file", plain(&error.to_string()))
                .with_advice("Name files that you can read, each as it was when an entry cited it.")
        })?;
        Ok((plain(&path.display().to_string()), document.sha256()))
    };
    files.iter().map(digest).collect()
}

/// Which entries cite each file.
pub fn cited(digests: Vec<(String, Sha256)>, logs: &[&IncidentLog]) -> Vec<CitedFile> {
    let cited = |(file, sha256)| CitedFile {
        cited: logs.iter().flat_map(|log| citations(log, sha256)).collect(),
        file,
        sha256,
    };
    digests.into_iter().map(cited).collect()
}

fn citations(log: &IncidentLog, document: Sha256) -> impl Iterator<Item = Citation> + '_ {
    let cites = move |action: &Action| match action {
        Action::Opened { attestation, .. } | Action::Attested { attestation, .. } => {
            let mut evidence = attestation.observation.evidence.iter();
            evidence.any(|evidence| evidence.sha256 == document)
        }
        Action::Replied { reply, .. } => reply.statement.document == Some(document),
        _ => false,
    };
    let entries = (0..).zip(&log.entries);
    entries
        .filter(move |(_, said)| cites(&said.entry.action))
        .map(|(entry, said)| Citation {
            incident: log.id,
            entry,
            organisation: said.entry.action.by().organisation,
        })
}

/// That every file is cited; else which is not.
pub fn ensure_cited(files: &[CitedFile]) -> Result<()> {
    let alone: Vec<_> = files.iter().filter(|file| file.cited.is_empty()).collect();
    if alone.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = alone.iter().map(|file| file.file.as_str()).collect();
    Err(Trouble::failed(
        "notCited",
        format!("no entry cites {}", names.join(", nor ")),
    )
    .with_advice(
        "Is it the very file, to the byte? `faultline proof show FILE --full` lists the digests that entries cite.",
    ))
}

impl CitedFile {
    /// In words.
    pub fn words(&self) -> String {
        let Self { file, sha256, cited } = self;
        let by: Vec<_> = cited
            .iter()
            .map(|citation| {
                format!(
                    "entry {} of incident {}, of organisation {}",
                    citation.entry, citation.incident, citation.organisation
                )
            })
            .collect();
        match by.as_slice() {
            [] => format!("{file}: cited by no entry ({sha256})"),
            by => format!("{file}: cited by {} ({sha256})", by.join("; ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_found_in_whatever_entry_cites_it_and_one_that_none_cites_is_named() {
        let (_, bundle) = faultline_forge::incident_bundle(4, 0, 3);
        let logs: Vec<_> = bundle.claim.incidents().iter().collect();
        let files = [("probe.json", Sha256([0xe5; 32])), ("other.har", Sha256([1; 32]))];
        let files = cited(files.map(|(name, digest)| (name.into(), digest)).into(), &logs);
        let entries: Vec<_> = files.iter().map(|file| file.cited.len()).collect();
        assert_eq!(entries, [3, 0]);
        let trouble = ensure_cited(&files).unwrap_err();
        assert_eq!(trouble.kind(), "notCited");
        assert!(trouble.what().contains("other.har") && !trouble.what().contains("probe.json"));
    }
}
