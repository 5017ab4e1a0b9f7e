//! Auditing a whole chain: every log replayed, every record proven, and what could have bent the rules listed.
//!
//! [`audit`] trusts a genesis hash or a checkpoint and nothing else. It proves a block final, reads by proof of that
//! block's state all records and rolls, and replays each log: what a node tells of entries is checked against the record's
//! count and head. Where that does not hold, the entries are asked for by proof, of each node in turn: so what is wrong with
//! a node ([`Note`]) is told from what is wrong with the chain ([`Finding`]).
//!
//! | file | holds |
//! | --- | --- |
//! | `mod.rs` | the steps of an audit |
//! | `reading.rs` | reading from several nodes, by proof and without |
//! | `log.rs` | a log and its replay |
//! | `society.rs`, `deeds.rs` | organisations, services, the consortium: their logs, and that acts and deeds agree |
//! | `past.rs` | what was so at each block: whether whoever spoke could |
//! | `walk.rs`, `incidents.rs` | incidents, one by one and all together |
//! | `keeping.rs` | authorities, the runtime's code, the session |
//! | `nodes.rs` | whether several nodes agree, and say what is proven |
//! | `progress.rs` | how far it is, in a file |
//! | `finding.rs`, `report.rs` | what does not hold, and the report |

mod deeds;
mod finding;
mod incidents;
mod keeping;
mod log;
mod nodes;
mod past;
mod progress;
mod reading;
mod report;
mod society;
mod walk;

#[cfg(test)]
mod tests;

pub use finding::{Finding, Findings, Kind, Place, MAX_FINDINGS};
pub use incidents::Counted;
pub use keeping::{AuthorityView, ChangeView, Keeping, SetView};
pub use nodes::{Compare, Told};
pub use progress::ProgressError;
pub use report::{
    BlockReport, Heads, LogHead, Redaction, Report, RollHead, Standing, Trusted, UpgradeReport, FORMAT,
};

use std::{path::PathBuf, time::Duration};

use codec::{Decode, Encode};
use faultline_primitives::BlockNumber;
use faultline_proof::Anchor;

use self::{incidents::Course, progress::Progress, reading::Reading, society::Society, walk::Walk};
use crate::trust::{Doubt, Head};

/// A node and its name.
pub struct Asked<S> {
    /// What notes call it: its address.
    pub name: String,
    /// What it is asked by.
    pub source: S,
}

/// What is to be audited.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is trusted.
    pub anchor: Anchor,
    /// The block; where not given, the latest that finality stopped at.
    pub at: Option<BlockNumber>,
    /// The file that keeps how far it is. Where there is one, the audit goes on from there.
    pub progress: Option<PathBuf>,
    /// How many incidents the nodes' own answers are compared of.
    pub compare: Compare,
}

/// Something about a node: that it told what it does not prove, or does not agree with others. It is no part of the report,
/// which is of the chain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, serde::Serialize)]
pub struct Note {
    /// Which.
    pub node: String,
    /// What, in words.
    pub what: String,
}

/// Where an audit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It reads who may speak, what is watched and who keeps the chain, at this block.
    Society(BlockNumber),
    /// It goes on where it was stopped: so many incidents are checked.
    Resumed(u64),
    /// It checks incidents.
    Incidents {
        /// How many are checked.
        done: u64,
        /// Of how many.
        of: u64,
        /// Entries that are checked.
        entries: u64,
    },
    /// It compares the nodes.
    Nodes,
}

/// What an audit gives.
#[derive(Clone, Debug)]
pub struct Audited {
    /// What is so of the chain at that block: the same of every audit from the same anchor.
    pub report: Report,
    /// What is to be said of the nodes.
    pub notes: Vec<Note>,
    /// What is to be said of them that speaks against none: that one is behind, or was not compared.
    pub remarks: Vec<Note>,
    /// Time spent in checking incidents, proofs included, without waiting for nodes.
    pub checking: Duration,
    /// Entries that were checked in that time.
    pub checked: u64,
}

impl Audited {
    /// Whether all holds.
    pub fn holds(&self) -> bool {
        self.report.findings.is_empty() && self.notes.is_empty()
    }
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// No node is named.
    #[error("no node is named")]
    NoNode,
    /// Nothing is proven.
    #[error(transparent)]
    Doubt(#[from] Doubt),
    /// The block's state is gone.
    #[error("no node has the state of block {block} any more: {why}")]
    StateGone {
        /// The block.
        block: BlockNumber,
        /// What a node says.
        why: String,
    },
    /// The file of its progress cannot be used.
    #[error(transparent)]
    Progress(#[from] ProgressError),
}

/// Audits a chain at one block.
///
/// # Errors
///
/// No node can be reached or proves the block, its state is gone, or the file of the progress cannot be used. How far it
/// was is kept.
pub async fn audit<S: Told>(
    nodes: &[Asked<S>],
    options: &Options,
    mut watch: impl FnMut(Stage),
) -> Result<Audited, AuditError> {
    let before = match &options.progress {
        Some(path) => Progress::read(path)?,
        None => None,
    };
    let begun = before.as_ref().map(|before| before.number);
    let at = begun.or(options.at);
    if let (Some(path), true) = (&options.progress, options.at.is_some() && at != options.at) {
        return Err(ProgressError::Other(path.clone()).into());
    }
    let (head, doubts) = prove(nodes, options.anchor, at).await?;
    let reading = Reading::new(&head, nodes);
    doubts
        .into_iter()
        .for_each(|note| reading.note(&note.node, note.what));
    let anchor = progress::of(options.anchor);
    if let (Some(before), Some(path)) = (&before, &options.progress) {
        if before.anchor != anchor || before.hash != head.block.hash {
            return Err(ProgressError::Other(path.clone()).into());
        }
    }

    watch(Stage::Society(head.block.number));
    let mut findings = Findings::default();
    let mut society = Society::read(&reading, &mut findings).await?;
    let keeping = Keeping::read(&reading, &society, &mut findings).await?;
    let past = std::mem::take(&mut society.past);

    let progress = before.unwrap_or_else(|| Progress {
        anchor,
        number: head.block.number,
        hash: head.block.hash,
        course: Course::default(),
        findings: Findings::default(),
        notes: Vec::new(),
    });
    if progress.course.counted.incidents > 0 {
        watch(Stage::Resumed(progress.course.counted.incidents));
    }
    let mut walk = Walk::new(&reading, &society, past, progress, options.progress.clone());
    let begun = reading.checking();
    let walked = walk.incidents(&mut watch).await;
    let checking = reading.checking().saturating_sub(begun);
    if walked.is_err() {
        walk.save()?;
    }
    walked?;
    walk.conclude().await?;

    watch(Stage::Nodes);
    let (remarks, course) = (
        nodes::compare(&reading, options, &society).await?,
        &mut walk.progress.course,
    );
    let mut of_incidents = std::mem::take(&mut walk.progress.findings);
    findings.unlisted = findings.unlisted.saturating_add(of_incidents.unlisted);
    findings.listed.append(&mut of_incidents.listed);
    let report = Report::new(options.anchor, &head, &society, keeping, course, findings);
    if let Some(path) = &options.progress {
        progress::forget(path)?;
    }
    Ok(Audited {
        report,
        notes: reading.notes(),
        remarks,
        checking,
        checked: walk.checked,
    })
}

/// The block, by the first node that proves it; and what is to be said of those that do not.
async fn prove<S: Told>(
    nodes: &[Asked<S>],
    anchor: Anchor,
    at: Option<BlockNumber>,
) -> Result<(Head, Vec<Note>), AuditError> {
    let (mut notes, mut doubt) = (Vec::new(), None);
    for node in nodes {
        match Head::prove(&node.source, anchor, at).await {
            Ok(head) => return Ok((head, notes)),
            Err(why) => {
                if !matches!(why, Doubt::Node(_)) {
                    notes.push(Note {
                        node: node.name.clone(),
                        what: why.to_string(),
                    });
                }
                // What proves nothing says more than what cannot be reached.
                doubt = match doubt {
                    Some(before @ (Doubt::Finality(_) | Doubt::State(_))) => Some(before),
                    _ => Some(why),
                };
            }
        }
    }
    Err(doubt.map_or(AuditError::NoNode, AuditError::Doubt))
}
