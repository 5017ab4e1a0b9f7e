//! The first thing in a bundle that does not hold: a fault of one of the steps.

use core::fmt;

use faultline_primitives::{
    incident::Refusal, log::Unfit, BlockNumber, Hash, IncidentId, OrganisationId, ServiceId,
};

use crate::{
    finality::{BadSet, NotFinal},
    header::BadNote,
    trie::BadProof,
    verify::Step,
};

/// The first thing that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What the history begins with is not what is trusted.
    Origin(BadOrigin),
    /// Authorities were not made by those before them.
    Authorities {
        /// The block after which they would change.
        block: BlockNumber,
        /// What is wrong.
        why: BadChange,
    },
    /// The block is not final.
    Finality {
        /// The block.
        block: BlockNumber,
        /// What is wrong.
        why: BadBlock,
    },
    /// Its state does not hold what is claimed.
    State(BadState),
    /// The entries are not those of a record, or a service's incidents not those of its roll.
    Entries(BadEntries),
    /// The entries do not amount to the record.
    Fold {
        /// The incident.
        incident: IncidentId,
        /// What is wrong.
        why: BadFold,
    },
}

/// Why what the history begins with is not what is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadOrigin {
    /// The genesis block is another.
    OtherGenesis {
        /// Its hash.
        found: Hash,
        /// The one that is trusted.
        trusted: Hash,
    },
    /// The first block has a number, so it is no genesis block.
    Numbered(BlockNumber),
    /// The proof of the first authorities proves nothing.
    Proof(BadProof),
    /// The genesis block has no authorities, or none that can be read.
    NoAuthorities,
    /// The first authorities are none.
    Set(BadSet),
    /// The bundle begins with a later set of authorities, and only a genesis block is trusted.
    BeginsLate(u64),
    /// None of the sets that the bundle shows has the number of the checkpoint's.
    SetNotShown(u64),
    /// The set of the checkpoint's number is another.
    OtherSet {
        /// Its number.
        set: u64,
        /// What it hashes to.
        found: Hash,
    },
}

/// Why authorities were not made by those before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadChange {
    /// The block comes before the one shown before it, or is the same.
    Backwards,
    /// What the block notes for those who make blocks final is not taken.
    Note(BadNote),
    /// The block says nothing of other authorities.
    None,
    /// The authorities that it names are none.
    Set(BadSet),
    /// The block is not final.
    NotFinal(NotFinal),
    /// There were 2^64 sets before.
    TooMany,
}

/// Why a block is not final, or not one to prove anything at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadBlock {
    /// It comes before a block that is known to be final: the one that is trusted, or the last after which authorities
    /// changed. Or it has that one's number, and is another.
    NotAfter {
        /// That block's number.
        number: BlockNumber,
        /// Its hash.
        hash: Hash,
    },
    /// What it notes for those who make blocks final is not taken.
    Note(BadNote),
    /// The votes do not make it final.
    NotFinal(NotFinal),
}

/// Why a state does not hold what is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadState {
    /// The storage proof proves nothing.
    Proof(BadProof),
    /// There is nothing of this in the state.
    Absent(Subject),
    /// What is in the state cannot be read.
    Malformed(Subject),
}

/// What is looked up in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The block's time.
    Now,
    /// An incident's record.
    Incident(IncidentId),
    /// A service's record.
    Service(ServiceId),
    /// An organisation's record.
    Organisation(OrganisationId),
    /// The roll of a service's incidents.
    Roll(ServiceId),
    /// When an entry's text was redacted.
    Redaction(IncidentId, u32),
}

/// Why entries are not those of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadEntries {
    /// There are more or fewer than the record counts.
    Count {
        /// The incident.
        incident: IncidentId,
        /// How many there are.
        found: u64,
        /// How many the record counts.
        counted: u64,
    },
    /// One was changed, left out, put in or moved.
    Head {
        /// The incident.
        incident: IncidentId,
    },
    /// A text is another than its entry commits to.
    OtherText {
        /// The incident.
        incident: IncidentId,
        /// The entry.
        entry: u32,
    },
    /// There are more incidents of the service or fewer than its roll counts.
    RollCount {
        /// How many there are.
        found: u64,
        /// How many the roll counts.
        counted: u64,
    },
    /// An incident of the service was left out, put in, moved, or said to be opened at another time.
    RollHead,
    /// The logs are not those of the incidents that were opened in the span, in their order.
    Span,
    /// A log begins with another block, time or service than the roll says.
    OtherOpening {
        /// The incident.
        incident: IncidentId,
    },
}

/// Why entries do not amount to the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadFold {
    /// An entry cannot stand where it stands.
    Unfit(Unfit<Refusal>),
    /// They amount to another record.
    OtherRecord,
}

impl Fault {
    /// The step that fails.
    pub const fn step(&self) -> Step {
        match self {
            Self::Origin(_) => Step::Origin,
            Self::Authorities { .. } => Step::Authorities,
            Self::Finality { .. } => Step::Finality,
            Self::State(_) => Step::State,
            Self::Entries(_) => Step::Entries,
            Self::Fold { .. } => Step::Fold,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Origin(why) => why.fmt(f),
            Self::Authorities { block, why } => {
                write!(f, "at block {block}, after which authorities would change: {why}")
            }
            Self::Finality { block, why } => write!(f, "block {block}: {why}"),
            Self::State(why) => why.fmt(f),
            Self::Entries(why) => why.fmt(f),
            Self::Fold { incident, why } => write!(f, "incident {incident}: {why}"),
        }
    }
}

impl core::error::Error for Fault {}

impl fmt::Display for BadOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherGenesis { found, trusted } => write!(
                f,
                "the bundle is of another chain: its genesis block is {found}, the trusted one {trusted}"
            ),
            Self::Numbered(number) => write!(f, "its first block is number {number}, not the genesis block"),
            Self::Proof(why) => write!(f, "the first authorities: {why}"),
            Self::NoAuthorities => f.write_str("the genesis block names no authorities that can be read"),
            Self::Set(why) => write!(f, "the first authorities: {why}"),
            Self::BeginsLate(set) => write!(
                f,
                "the bundle begins with authority set {set}: it can be checked from a checkpoint of that set or a \
                 later one, not from the genesis hash"
            ),
            Self::SetNotShown(set) => write!(
                f,
                "the bundle does not show authority set {set}, which the checkpoint names"
            ),
            Self::OtherSet { set, found } => write!(
                f,
                "authority set {set} is another than the checkpoint's: it hashes to {found}"
            ),
        }
    }
}

impl fmt::Display for BadChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Backwards => f.write_str("it does not come after the block shown before it"),
            Self::Note(why) => why.fmt(f),
            Self::None => f.write_str("its header names no other authorities"),
            Self::Set(why) => write!(f, "the authorities that its header names: {why}"),
            Self::NotFinal(why) => why.fmt(f),
            Self::TooMany => f.write_str("it follows more sets than can be counted"),
        }
    }
}

impl fmt::Display for BadBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAfter { number, hash } => write!(
                f,
                "it does not come after block {number} ({hash}), which is known to be final"
            ),
            Self::Note(why) => why.fmt(f),
            Self::NotFinal(why) => why.fmt(f),
        }
    }
}

impl fmt::Display for BadState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Proof(why) => write!(f, "the storage proof: {why}"),
            Self::Absent(what) => write!(f, "the state does not hold {what}"),
            Self::Malformed(what) => write!(f, "the state holds {what} in a form that is not known here"),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now => f.write_str("the block's time"),
            Self::Incident(id) => write!(f, "incident {id}"),
            Self::Service(id) => write!(f, "service {id}"),
            Self::Organisation(id) => write!(f, "organisation {id}"),
            Self::Roll(id) => write!(f, "the roll of service {id}"),
            Self::Redaction(id, entry) => write!(
                f,
                "a redaction of the text of entry {entry} of incident {id}, which the bundle lacks"
            ),
        }
    }
}

impl fmt::Display for BadEntries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count {
                incident,
                found,
                counted,
            } => write!(
                f,
                "incident {incident}: the bundle has {found} entries where the record counts {counted}"
            ),
            Self::Head { incident } => write!(
                f,
                "incident {incident}: the entries are not the recorded ones; one was changed, left out, put in or moved"
            ),
            Self::OtherText { incident, entry } => write!(
                f,
                "incident {incident}: the text of entry {entry} is not the one that the entry commits to"
            ),
            Self::RollCount { found, counted } => write!(
                f,
                "the bundle has {found} incidents of the service where its roll counts {counted}"
            ),
            Self::RollHead => f.write_str(
                "the incidents are not those of the service's roll; one was changed, left out, put in or moved",
            ),
            Self::Span => f.write_str("the logs are not those of the incidents that were opened in the span"),
            Self::OtherOpening { incident } => write!(
                f,
                "incident {incident}: it begins otherwise than the service's roll says"
            ),
        }
    }
}

impl fmt::Display for BadFold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unfit(Unfit::Refused(why)) => write!(f, "an entry is none that could be recorded: {why:?}"),
            Self::Unfit(Unfit::Backwards) => f.write_str("an entry lies before the one before it"),
            Self::Unfit(Unfit::Full) => f.write_str("there are more entries than a log holds"),
            Self::OtherRecord => f.write_str("the entries amount to another record than the state holds"),
        }
    }
}

impl fmt::Display for BadNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "its header holds a note on authorities that cannot be read",
            Self::Forced => "its header changes authorities by force, which no vote vouches for",
            Self::Delayed => "its header changes authorities with a delay, which this chain never does",
            Self::Several => "its header changes authorities twice",
        })
    }
}

impl fmt::Display for BadSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there are none"),
            Self::Twice(key) => write!(f, "{} is there twice", Hash(*key)),
            Self::Weightless(key) => write!(f, "{} weighs nothing", Hash(*key)),
            Self::TooHeavy => f.write_str("they weigh 2^64 or more"),
        }
    }
}

impl fmt::Display for NotFinal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set(why) => write!(f, "the authorities: {why}"),
            Self::OtherBlock => f.write_str("no vote is for it"),
            Self::Stranger(key) => write!(f, "{} votes for it and is no authority of its set", Hash(*key)),
            Self::VotedTwice(key) => write!(f, "a vote of {} is there twice", Hash(*key)),
            Self::NoDescendant(key) => write!(
                f,
                "{} votes for a block that does not come after it, as far as the headers shown say",
                Hash(*key)
            ),
            Self::Superfluous(hash) => write!(f, "header {hash} is needed by no vote"),
            Self::TooFew { weight, threshold } => {
                write!(
                    f,
                    "votes of weight {weight} are for it where it takes {threshold}"
                )
            }
            Self::LaterBlock(hash) => write!(f, "the votes are enough for a later block, {hash}"),
            Self::Signature(key) => write!(
                f,
                "the signature of {} is not right, or is for another round or set",
                Hash(*key)
            ),
        }
    }
}

impl fmt::Display for BadProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfOrder => f.write_str("its nodes are out of order, or one is there twice"),
            Self::Missing(hash) => write!(f, "node {hash} is missing"),
            Self::Superfluous(hash) => write!(f, "node {hash} is needed by nothing that is claimed"),
            Self::Malformed(hash) => write!(f, "node {hash} cannot be read"),
            Self::NotCanonical(hash) => write!(f, "node {hash} is not written as the chain writes it"),
        }
    }
}
