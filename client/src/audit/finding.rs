//! What does not hold, and where.

use std::fmt;

use codec::{Decode, Encode};
use faultline_primitives::{BlockNumber, IncidentId, OrganisationId, ServiceId};
use serde::Serialize;

/// Most findings that are listed; further ones are counted.
pub const MAX_FINDINGS: usize = 1_000;

/// What a finding is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Place {
    /// The chain as a whole.
    Chain,
    /// The consortium's log.
    Consortium,
    /// An organisation.
    Organisation(OrganisationId),
    /// A service.
    Service(ServiceId),
    /// An incident.
    Incident(IncidentId),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chain => f.write_str("the chain"),
            Self::Consortium => f.write_str("the consortium"),
            Self::Organisation(id) => write!(f, "organisation {id}"),
            Self::Service(id) => write!(f, "service {id}"),
            Self::Incident(id) => write!(f, "incident {id}"),
        }
    }
}

/// What kind of thing does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// No node proves what the state holds of it.
    Unproven,
    /// There is no record, or none that can be read.
    Record,
    /// An entry that the record counts is not there, or cannot be read.
    EntryMissing,
    /// An entry is there that no record counts.
    Stray,
    /// An entry was changed, left out, put in or moved: they do not chain to the record's head.
    Head,
    /// An entry cannot stand where it stands.
    Fold,
    /// The entries amount to another record.
    OtherRecord,
    /// A time or a block is not one that it can have.
    Time,
    /// A roll is not that of what stands on it.
    Roll,
    /// A text is another than its entry commits to, or none is there and none was redacted.
    Text,
    /// Somebody spoke who could not have.
    Speaker,
    /// A key is of two organisations, or came back after it was revoked.
    Key,
    /// An entry states of its time what was not so then.
    Statement,
    /// Something was done without the council, or the council's act came to nothing.
    Act,
    /// Who makes blocks final, or the code that runs, is not what the chain's logs say.
    Keeping,
    /// What two incidents say of each other does not agree.
    Link,
}

/// One thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Of what.
    pub of: Place,
    /// The entry of its log, where it is of one.
    pub entry: Option<u32>,
    /// The block that recorded it, where it is of one.
    pub block: Option<BlockNumber>,
    /// What kind of thing.
    pub kind: Kind,
    /// What, in words.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.of.fmt(f)?;
        if let Some(entry) = self.entry {
            write!(f, ", entry {entry}")?;
        }
        if let Some(block) = self.block {
            write!(f, " (block {block})")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// What does not hold, in the order in which it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Findings {
    /// The first of them.
    pub listed: Vec<Finding>,
    /// How many there are beyond these.
    pub unlisted: u64,
}

impl Findings {
    /// One more.
    pub fn add(
        &mut self,
        of: Place,
        at: (Option<u32>, Option<BlockNumber>),
        kind: Kind,
        what: impl Into<String>,
    ) {
        let (entry, block) = at;
        let what = what.into();
        let finding = Finding {
            of,
            entry,
            block,
            kind,
            what,
        };
        match self.listed.len() < MAX_FINDINGS {
            true => self.listed.push(finding),
            false => self.unlisted = self.unlisted.saturating_add(1),
        }
    }

    /// One more, of something as a whole.
    pub fn of(&mut self, of: Place, kind: Kind, what: impl Into<String>) {
        self.add(of, (None, None), kind, what);
    }

    /// One more, of an entry.
    pub fn at(&mut self, of: Place, number: u32, block: BlockNumber, kind: Kind, what: impl Into<String>) {
        self.add(of, (Some(number), Some(block)), kind, what);
    }

    /// Whether all holds.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }
}
