//! The one generic piece by which organisations, services and incidents are all kept: an append-only log,
//! the head that seals it, and the record that a fold makes of it.

use blake2::{digest::consts::U32, Blake2b, Digest};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{BlockNumber, Hash, UnixMillis};

/// What a log is about: the first byte that goes into its head, so that no head of one kind is ever one of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
pub enum What {
    /// The log of one organisation.
    #[codec(index = 0)]
    Organisation,
    /// The log of one service.
    #[codec(index = 1)]
    Service,
    /// The log of one incident.
    #[codec(index = 2)]
    Incident,
    /// The log of the consortium, of which there is one.
    #[codec(index = 3)]
    Consortium,
    /// The roll of all organisations.
    #[codec(index = 16)]
    Organisations,
    /// The roll of all services.
    #[codec(index = 17)]
    Services,
    /// The roll of all incidents.
    #[codec(index = 18)]
    Incidents,
    /// The roll of the incidents opened on one service.
    #[codec(index = 19)]
    IncidentsOnService,
}

/// One entry of a log: what was said or done, with the block that recorded it. Its number is its place in the log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Entry<A> {
    /// The block that recorded it.
    pub block: BlockNumber,
    /// That block's time. Zero in the genesis block, which has none.
    pub at: UnixMillis,
    /// What was said or done.
    pub action: A,
}

/// A pure, total function from a log to what it amounts to.
///
/// Neither function may look at anything but its arguments, and neither may panic, whatever the entry holds.
pub trait Fold: Sized {
    /// The kind of log.
    const WHAT: What;
    /// What names one log of this kind.
    type Id: Encode + Copy;
    /// What an entry says.
    type Action: Encode;
    /// Why an entry is not taken.
    type Refusal;

    /// What the first entry of a log makes.
    fn open(id: Self::Id, entry: &Entry<Self::Action>) -> Result<Self, Self::Refusal>;

    /// What the next entry, of the number given, makes of what was there.
    fn apply(self, number: u32, entry: &Entry<Self::Action>) -> Result<Self, Self::Refusal>;
}

/// Why an entry cannot stand at the end of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit<R> {
    /// The fold refuses it.
    Refused(R),
    /// Its block or its time lies before that of the entry before it.
    Backwards,
    /// The log holds 2^32 - 1 entries already.
    Full,
}

/// What a log amounts to, with the count and the head that prove a list of entries whole.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Record<F> {
    /// How many entries the log holds.
    pub entries: u32,
    /// The head over them: see [`chain`].
    pub head: Hash,
    /// Block of the last entry.
    pub block: BlockNumber,
    /// Time of the last entry.
    pub at: UnixMillis,
    /// What the entries amount to.
    pub state: F,
}

impl<F: Fold> Record<F> {
    /// The record of a log of one entry.
    pub fn open(id: F::Id, entry: &Entry<F::Action>) -> Result<Self, F::Refusal> {
        Ok(Self {
            entries: 1,
            head: chain(empty(F::WHAT, id), entry),
            block: entry.block,
            at: entry.at,
            state: F::open(id, entry)?,
        })
    }

    /// The record with one more entry at the end of its log.
    pub fn append(self, entry: &Entry<F::Action>) -> Result<Self, Unfit<F::Refusal>> {
        if entry.block < self.block || entry.at < self.at {
            return Err(Unfit::Backwards);
        }
        Ok(Self {
            entries: self.entries.checked_add(1).ok_or(Unfit::Full)?,
            head: chain(self.head, entry),
            block: entry.block,
            at: entry.at,
            state: self.state.apply(self.entries, entry).map_err(Unfit::Refused)?,
        })
    }

    /// What an auditor does: the record of a whole log, from its entries alone. `None` of no entries.
    pub fn replay<'a>(
        id: F::Id,
        entries: impl IntoIterator<Item = &'a Entry<F::Action>>,
    ) -> Option<Result<Self, Unfit<F::Refusal>>>
    where
        F::Action: 'a,
    {
        let mut entries = entries.into_iter();
        let first = Self::open(id, entries.next()?).map_err(Unfit::Refused);
        Some(entries.fold(first, |record, entry| record?.append(entry)))
    }
}

/// A list of ids in the order in which they came to be, sealed like a log: how many, and the head over them.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Roll {
    /// How many there are.
    pub count: u64,
    /// The head over `(id, block, block time)` of each.
    pub head: Hash,
}

impl Roll {
    /// The roll on which nothing stands yet. `of` tells rolls of one kind apart; `()` where there is only one.
    pub fn empty(what: What, of: impl Encode) -> Self {
        Self {
            count: 0,
            head: empty(what, of),
        }
    }

    /// The roll with one more id on it.
    #[must_use]
    pub fn with(self, id: impl Encode, block: BlockNumber, at: UnixMillis) -> Self {
        Self {
            count: self.count.saturating_add(1),
            head: chain(self.head, &(id, block, at)),
        }
    }
}

/// The head before the first entry: `blake2_256(SCALE(what, id))`.
pub fn empty(what: What, id: impl Encode) -> Hash {
    blake2_256(&[&(what, id).encode()])
}

/// The head after one more entry: `blake2_256(head ‖ SCALE(entry))`.
pub fn chain(head: Hash, entry: &impl Encode) -> Hash {
    blake2_256(&[&head.0, &entry.encode()])
}

/// The BLAKE2b-256 digest of the parts, one after another: what the SDK names transactions and blocks by as well.
pub fn blake2_256(parts: &[&[u8]]) -> Hash {
    let mut hasher = Blake2b::<U32>::new();
    parts.iter().for_each(|part| hasher.update(part));
    Hash(hasher.finalize().into())
}
