//! Storage for logs: the one generic piece of code by which the pallets keep organisations, services and
//! incidents.
//!
//! A pallet names its two storage items in a [`Ledger`] and appends with [`open`] and [`append`]. Nothing here,
//! or anywhere else, changes or removes an entry. [`check`] is the invariant: replaying the entries gives the
//! record.

#![cfg_attr(not(feature = "std"), no_std)]

use codec::FullCodec;
use faultline_primitives::{
    log::{Unfit, What},
    BlockNumber, Entry, Fold, Record, Roll, UnixMillis,
};
use frame_support::storage::{IterableStorageMap, StorageDoubleMap, StorageMap, StorageValue};

/// The action of a ledger's entries.
pub type ActionOf<L> = <<L as Ledger>::Subject as Fold>::Action;
/// The id of a ledger's logs.
pub type IdOf<L> = <<L as Ledger>::Subject as Fold>::Id;
/// Why a ledger's fold refuses.
pub type RefusalOf<L> = <<L as Ledger>::Subject as Fold>::Refusal;

/// Where the logs of one kind of subject are kept.
pub trait Ledger {
    /// What the logs are folded to.
    type Subject: Fold<Id: FullCodec, Action: FullCodec> + FullCodec;
    /// The records, by id.
    type Records: StorageMap<IdOf<Self>, Record<Self::Subject>, Query = Option<Record<Self::Subject>>>
        + IterableStorageMap<IdOf<Self>, Record<Self::Subject>>;
    /// The entries, by id and number.
    type Entries: StorageDoubleMap<
        IdOf<Self>,
        u32,
        Entry<ActionOf<Self>>,
        Query = Option<Entry<ActionOf<Self>>>,
    >;
}

/// Why an entry was not appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendError<R> {
    /// There is no log of this id.
    NoSuchLog,
    /// The entry cannot stand at the end of the log.
    Unfit(Unfit<R>),
}

/// Begins a log. Nothing is written where the fold refuses the entry.
pub fn open<L: Ledger>(id: IdOf<L>, entry: &Entry<ActionOf<L>>) -> Result<Record<L::Subject>, RefusalOf<L>> {
    let record = Record::open(id, entry)?;
    L::Entries::insert(id, 0, entry);
    L::Records::insert(id, &record);
    Ok(record)
}

/// Adds an entry at the end of a log. Nothing is written where it does not fit.
pub fn append<L: Ledger>(
    id: IdOf<L>,
    entry: &Entry<ActionOf<L>>,
) -> Result<Record<L::Subject>, AppendError<RefusalOf<L>>> {
    let record = L::Records::get(id).ok_or(AppendError::NoSuchLog)?;
    let number = record.entries;
    let record = record.append(entry).map_err(AppendError::Unfit)?;
    L::Entries::insert(id, number, entry);
    L::Records::insert(id, &record);
    Ok(record)
}

/// The entries of a log from a number on, at most `limit` of them.
pub fn entries<L: Ledger>(
    id: IdOf<L>,
    from: u32,
    limit: u32,
) -> impl Iterator<Item = (u32, Entry<ActionOf<L>>)> {
    (from..from.saturating_add(limit)).map_while(move |number| Some((number, L::Entries::get(id, number)?)))
}

/// Puts an id on a roll kept in one storage value.
pub fn enrol<V: StorageValue<Roll, Query = Option<Roll>>>(
    what: What,
    id: impl codec::Encode,
    block: BlockNumber,
    at: UnixMillis,
) {
    let roll = V::get().unwrap_or_else(|| Roll::empty(what, ()));
    V::put(roll.with(id, block, at));
}

/// Checks that replaying the entries of every log gives its record: same fold, same count, same head.
///
/// Returns how many logs there are.
pub fn check<L: Ledger>() -> Result<u64, &'static str>
where
    L::Subject: PartialEq,
{
    let mut logs = 0;
    for (id, record) in <L::Records as IterableStorageMap<_, _>>::iter() {
        let entries = entries::<L>(id, 0, u32::MAX)
            .map(|(_, entry)| entry)
            .collect::<alloc::vec::Vec<_>>();
        match Record::<L::Subject>::replay(id, &entries) {
            Some(Ok(replayed)) if replayed == record => logs += 1,
            Some(Ok(_)) => return Err("replaying a log does not give its record"),
            Some(Err(_)) => return Err("a log holds an entry that its fold refuses"),
            None => return Err("a record has no entries"),
        }
    }
    Ok(logs)
}

extern crate alloc;
