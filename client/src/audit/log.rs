//! Logs: read by proof of their records, and replayed.

use std::fmt::Debug;

use codec::{Decode, Encode};
use faultline_primitives::{
    consortium::Consortium,
    incident::Incident,
    log::{chain, empty, Unfit},
    organisation::Organisation,
    service::Service,
    BlockNumber, Entry, Fold, IncidentId, OrganisationId, Record, ServiceId, UnixMillis,
};
use faultline_proof::{
    keys::{self, StorageKey},
    verify::canonical,
};

use super::finding::{Findings, Kind, Place};
use crate::trust::Head;

/// A kind of log, and where the chain keeps those of it.
pub(super) trait Logged:
    Fold<Id: Ord + Send + Sync, Action: Decode + Send + Sync, Refusal: Debug>
    + Decode
    + Encode
    + Clone
    + Send
    + Sync
{
    /// Where a record is.
    fn record(id: Self::Id) -> StorageKey;
    /// Where an entry is.
    fn entry(id: Self::Id, number: u32) -> StorageKey;
    /// What a finding is said to be of.
    fn place(id: Self::Id) -> Place;
}

impl Logged for Organisation {
    fn record(id: OrganisationId) -> StorageKey {
        keys::organisation(id)
    }

    fn entry(id: OrganisationId, number: u32) -> StorageKey {
        keys::organisation_entry(id, number)
    }

    fn place(id: OrganisationId) -> Place {
        Place::Organisation(id)
    }
}

impl Logged for Service {
    fn record(id: ServiceId) -> StorageKey {
        keys::service(id)
    }

    fn entry(id: ServiceId, number: u32) -> StorageKey {
        keys::service_entry(id, number)
    }

    fn place(id: ServiceId) -> Place {
        Place::Service(id)
    }
}

impl Logged for Incident {
    fn record(id: IncidentId) -> StorageKey {
        keys::incident(id)
    }

    fn entry(id: IncidentId, number: u32) -> StorageKey {
        keys::incident_entry(id, number)
    }

    fn place(id: IncidentId) -> Place {
        Place::Incident(id)
    }
}

impl Logged for Consortium {
    fn record((): ()) -> StorageKey {
        keys::consortium()
    }

    fn entry((): (), number: u32) -> StorageKey {
        keys::consortium_entry(number)
    }

    fn place((): ()) -> Place {
        Place::Consortium
    }
}

/// A log as it was read: nothing of it but the record's bytes is proven yet.
#[derive(Clone, Debug)]
pub(super) struct Raw<L: Logged> {
    /// What it is of.
    pub id: L::Id,
    /// The record; none where none was proven that can be read.
    pub record: Option<Record<L>>,
    /// The entries that the record counts, up to the first that is not there or cannot be read.
    pub entries: Vec<Entry<L::Action>>,
    /// Whether there is an entry beyond those that the record counts.
    pub stray: bool,
}

/// What a log holds, as of some number of its entries.
#[derive(Clone, Debug)]
pub(super) struct Moment<L> {
    /// The block of the last of them.
    pub block: BlockNumber,
    /// What they amount to.
    pub state: L,
}

/// Why entries are not those of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    /// The entry, where it is one's fault.
    pub entry: Option<(u32, Option<BlockNumber>)>,
    /// What kind of fault.
    pub kind: Kind,
    /// What, in words.
    pub what: String,
}

impl Broken {
    fn of(kind: Kind, what: impl Into<String>) -> Self {
        let what = what.into();
        Self {
            entry: None,
            kind,
            what,
        }
    }

    /// Notes it.
    pub fn found(self, of: Place, findings: &mut Findings) {
        let at = match self.entry {
            Some((number, block)) => (Some(number), block),
            None => (None, None),
        };
        findings.add(of, at, self.kind, self.what);
    }
}

impl<L: Logged> Raw<L> {
    /// Whether the entries are those of the record: as many, chained to its head, and amounting to it to the byte. Shows
    /// each entry with what was before it, and then what it made of that.
    ///
    /// # Errors
    ///
    /// Every reason why they are not.
    pub fn replay(
        &self,
        head: &Head,
        mut before: impl FnMut(u32, Option<&L>, &Entry<L::Action>),
        mut after: impl FnMut(&Entry<L::Action>, &L),
    ) -> Result<(), Vec<Broken>> {
        let Some(record) = &self.record else {
            return Err(vec![Broken::of(
                Kind::Record,
                "there is no record of it, or none that can be read",
            )]);
        };
        let mut broken = Vec::new();
        let found = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        if found < record.entries {
            broken.push(Broken {
                entry: Some((found, None)),
                kind: Kind::EntryMissing,
                what: format!(
                    "the record counts {} entries, and this one is not there or cannot be read",
                    record.entries
                ),
            });
        }
        if record.entries == 0 {
            broken.push(Broken::of(Kind::Record, "the record counts no entries"));
        }
        if self.stray {
            broken.push(Broken {
                entry: Some((record.entries, None)),
                kind: Kind::Stray,
                what: format!(
                    "there is an entry beyond the {} that the record counts",
                    record.entries
                ),
            });
        }
        let chained = self.entries.iter().fold(empty(L::WHAT, self.id), chain);
        if found >= record.entries && chained != record.head {
            let what =
                "its entries do not chain to the record's head: one was changed, left out, put in or moved";
            broken.push(Broken::of(Kind::Head, what));
        }
        let mut made: Option<Record<L>> = None;
        for (number, entry) in (0u32..).zip(&self.entries) {
            if entry.block > head.block.number || entry.at > head.now {
                broken.push(Broken {
                    entry: Some((number, Some(entry.block))),
                    kind: Kind::Time,
                    what: format!(
                        "it is of block {} at {}, after the block of the audit",
                        entry.block, entry.at.0
                    ),
                });
            }
            before(number, made.as_ref().map(|record| &record.state), entry);
            let next = match made.take() {
                None => Record::open(self.id, entry).map_err(Unfit::Refused),
                Some(record) => record.append(entry),
            };
            match next {
                Ok(next) => {
                    after(entry, &next.state);
                    made = Some(next);
                }
                Err(why) => {
                    broken.push(unfit(number, entry.block, &why));
                    return Err(broken);
                }
            }
        }
        match made {
            Some(made) if broken.is_empty() && made.encode() != record.encode() => {
                broken.push(Broken::of(
                    Kind::OtherRecord,
                    "its entries amount to another record than the state holds",
                ));
            }
            _ => {}
        }
        match broken.is_empty() {
            true => Ok(()),
            false => Err(broken),
        }
    }
}

fn unfit<R: Debug>(number: u32, block: BlockNumber, why: &Unfit<R>) -> Broken {
    let (kind, what) = match why {
        Unfit::Refused(why) => (Kind::Fold, format!("the entry cannot stand here: {why:?}")),
        Unfit::Backwards => (
            Kind::Time,
            "its block or its time lies before that of the entry before it".into(),
        ),
        Unfit::Full => (Kind::Fold, "the log is full".into()),
    };
    Broken {
        entry: Some((number, Some(block))),
        kind,
        what,
    }
}

/// What a log was at each block.
#[derive(Clone, Debug)]
pub(super) struct Lifetime<L>(Vec<Moment<L>>);

impl<L> Default for Lifetime<L> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<L> Lifetime<L> {
    /// One more entry.
    pub fn add(&mut self, block: BlockNumber, state: L) {
        self.0.push(Moment { block, state });
    }

    /// What it may have been to something else in a block: what it was before it, and what each entry in it made of that.
    /// In which order things of one block happened no log says.
    pub fn during(&self, block: BlockNumber) -> impl Iterator<Item = &L> + Clone {
        let before = self.0.partition_point(|moment| moment.block < block);
        let until = self.0.partition_point(|moment| moment.block <= block);
        let moments = self.0.get(before.saturating_sub(1)..until).unwrap_or_default();
        moments.iter().map(|moment| &moment.state)
    }
}

/// A record in proven bytes.
pub(super) fn record<L: Logged>(bytes: Option<&Vec<u8>>) -> Option<Record<L>> {
    bytes.and_then(|bytes| canonical(bytes))
}

/// When a block was, as all entries of it must agree.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock(std::collections::BTreeMap<BlockNumber, UnixMillis>);

impl Clock {
    /// Takes in what an entry says of its block's time; false where another says otherwise.
    pub fn agrees(&mut self, block: BlockNumber, at: UnixMillis) -> bool {
        *self.0.entry(block).or_insert(at) == at
    }

    /// Whether what an entry says of its block's time is what others say, or fits between what they say of other blocks.
    pub fn fits(&self, block: BlockNumber, at: UnixMillis) -> bool {
        let before = self.0.range(..block).next_back();
        let after = self.0.range(block..).next();
        let not_before = before.is_none_or(|(_, earlier)| *earlier <= at);
        not_before
            && after.is_none_or(|(number, later)| match *number == block {
                true => *later == at,
                false => at <= *later,
            })
    }
}
