//! What an audit says of a chain: facts of the chain at one block and nothing else, so that whoever audits it from the same
//! anchor at the same block arrives at the same bytes.

use faultline_primitives::{organisation, BlockNumber, Hash, IncidentId, OrganisationId, Roll};
use faultline_proof::Anchor;
use faultline_rpc::view::{ActEntryView, CheckpointView, Utc};
use serde::Serialize;

use super::{
    finding::{Finding, Findings},
    incidents::{Counted, Course},
    keeping::{ChangeView, Keeping, SetView},
    society::Society,
};
use crate::trust::Head;

/// What every report says that it is.
pub const FORMAT: &str = "faultline-audit";

/// What an audit says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// `faultline-audit`.
    pub format: &'static str,
    /// The version of this report.
    pub version: u8,
    /// What was trusted.
    pub trusted: Trusted,
    /// The block.
    pub block: BlockReport,
    /// Whether all that was checked holds.
    pub holds: bool,
    /// How many organisations there are.
    pub organisations: u64,
    /// How many services.
    pub services: u64,
    /// How many incidents, and what was counted of them.
    pub incidents: Counted,
    /// Entries of all logs.
    pub entries: u64,
    /// What all of it is sealed by.
    pub heads: Heads,
    /// The authorities that are trusted.
    pub authorities: SetView,
    /// Each change of authorities since, in order.
    pub changes: Vec<ChangeView>,
    /// What runs, and who makes blocks.
    pub keeping: Keeping,
    /// The runtime that is authorized and not in place yet.
    pub upgrade: Option<UpgradeReport>,
    /// The consortium's log: what the council did, the runtimes that were put in place, the validators that voted twice.
    pub acts: Vec<ActEntryView>,
    /// Suspensions, and where they were taken back.
    pub suspensions: Vec<Standing>,
    /// The texts that were redacted.
    pub redactions: Vec<Redaction>,
    /// What does not hold.
    pub findings: Vec<Finding>,
    /// How many findings there are beyond these.
    pub unlisted: u64,
}

/// What was trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Trusted {
    /// The hash of the genesis block.
    Genesis(Hash),
    /// A checkpoint.
    Checkpoint(CheckpointView),
}

/// The block that all of it is so at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BlockReport {
    /// Its number.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: Hash,
    /// The root of its state.
    pub state_root: Hash,
    /// Its time.
    pub at: Utc,
}

/// What the logs are sealed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Heads {
    /// The roll of organisations.
    pub organisations: RollHead,
    /// The roll of services.
    pub services: RollHead,
    /// The roll of incidents.
    pub incidents: RollHead,
    /// The consortium's log.
    pub consortium: Option<LogHead>,
}

/// How many stand on a roll, and its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RollHead {
    /// How many.
    pub count: u64,
    /// The head.
    pub head: Hash,
}

/// How many entries a log holds, and its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LogHead {
    /// How many.
    pub entries: u32,
    /// The head.
    pub head: Hash,
}

/// A runtime that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct UpgradeReport {
    /// The hash of its code.
    pub code: Hash,
    /// When it may be put in place.
    pub due: Utc,
}

/// That an organisation was suspended, or no longer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// Which.
    pub organisation: OrganisationId,
    /// Whether it was suspended, or that was taken back.
    pub suspended: bool,
    /// The block.
    pub block: BlockNumber,
    /// Its time.
    pub at: Utc,
}

/// A text that was redacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Redaction {
    /// The incident.
    pub incident: IncidentId,
    /// The entry that commits to it.
    pub entry: u32,
    /// When.
    pub at: Utc,
}

impl From<Roll> for RollHead {
    fn from(Roll { count, head }: Roll) -> Self {
        Self { count, head }
    }
}

impl Report {
    pub(super) fn new(
        anchor: Anchor,
        head: &Head,
        society: &Society,
        keeping: Keeping,
        course: &Course,
        findings: Findings,
    ) -> Self {
        let Findings { mut listed, unlisted } = findings;
        listed.sort();
        let changes = head.history.changes.iter().map(|change| ChangeView {
            block: change.block,
            hash: change.hash,
            set: (&change.set).into(),
        });
        let acts = (0u32..).zip(&society.consortium);
        let redactions = society.redacted.iter().map(|((incident, entry), at)| Redaction {
            incident: *incident,
            entry: *entry,
            at: Utc(*at),
        });
        let state = society.now.as_ref().map(|record| &record.state);
        Self {
            format: FORMAT,
            version: 1,
            trusted: match anchor {
                Anchor::Genesis(hash) => Trusted::Genesis(hash),
                Anchor::Checkpoint(checkpoint) => Trusted::Checkpoint(checkpoint.into()),
            },
            block: BlockReport {
                number: head.block.number,
                hash: head.block.hash,
                state_root: head.block.state_root,
                at: Utc(head.now),
            },
            holds: listed.is_empty(),
            organisations: society.rolls.organisations.count,
            services: society.rolls.services.count,
            incidents: course.counted,
            entries: society.entries().saturating_add(course.counted.entries),
            heads: Heads {
                organisations: society.rolls.organisations.into(),
                services: society.rolls.services.into(),
                incidents: society.rolls.incidents.into(),
                consortium: society.now.as_ref().map(|record| LogHead {
                    entries: record.entries,
                    head: record.head,
                }),
            },
            authorities: (&head.history.trusted).into(),
            changes: changes.collect(),
            keeping,
            upgrade: state
                .and_then(|state| state.upgrade)
                .map(|upgrade| UpgradeReport {
                    code: upgrade.code,
                    due: Utc(upgrade.due),
                }),
            acts: acts
                .map(|(number, entry)| ActEntryView::new(number, entry.clone()))
                .collect(),
            suspensions: suspensions(society),
            redactions: redactions.collect(),
            findings: listed,
            unlisted,
        }
    }
}

/// In the order of their blocks.
fn suspensions(society: &Society) -> Vec<Standing> {
    let entries = (0u32..).map(OrganisationId).zip(&society.organisations);
    let mut all: Vec<_> = entries
        .flat_map(|(id, entries)| entries.iter().map(move |entry| (id, entry)))
        .filter_map(|(organisation, entry)| {
            let suspended = match entry.action {
                organisation::Action::Suspended => true,
                organisation::Action::Reinstated => false,
                _ => return None,
            };
            Some(Standing {
                organisation,
                suspended,
                block: entry.block,
                at: Utc(entry.at),
            })
        })
        .collect();
    all.sort_by_key(|standing| (standing.block, standing.organisation));
    all
}
