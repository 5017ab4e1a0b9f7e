//! Storage for logs: the one generic piece of code by which the pallets keep organisations, services and
//! incidents.
//!
//! A pallet names its two storage items in a [`Ledger`], makes an [`entry`] and appends it with [`open`] or
//! [`append`]. Nothing here, or anywhere else, changes or removes an entry. [`check`] is the invariant: replaying the
//! entries gives the record.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

use alloc::vec::Vec;

use codec::FullCodec;
use faultline_primitives::{
    attestation::Body,
    log::{Unfit, What},
    BlockNumber, Entry, Fold, Record, Roll, Sha256, UnixMillis,
};
use frame_support::{
    storage::{IterableStorageDoubleMap, IterableStorageMap, StorageDoubleMap, StorageMap, StorageValue},
    traits::Time,
};
use sp_runtime::SaturatedConversion;

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
    type Entries: StorageDoubleMap<IdOf<Self>, u32, Entry<ActionOf<Self>>, Query = Option<Entry<ActionOf<Self>>>>
        + IterableStorageDoubleMap<IdOf<Self>, u32, Entry<ActionOf<Self>>>;
}

/// Why an entry was not appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendError<R> {
    /// There is no log of this id.
    NoSuchLog,
    /// The entry cannot stand at the end of the log.
    Unfit(Unfit<R>),
}

/// The number of the block that is being made or was made last.
pub fn block<T: frame_system::Config>() -> BlockNumber {
    frame_system::Pallet::<T>::block_number().saturated_into()
}

/// The entry that an action comes to now.
pub fn entry<T: frame_system::Config, C: Time<Moment = u64>, A>(action: A) -> Entry<A> {
    Entry {
        block: block::<T>(),
        at: UnixMillis(C::now()),
        action,
    }
}

/// What an entry commits to of a text: nothing, where there is none.
pub fn commitment(text: &Body) -> Option<Sha256> {
    (!text.is_empty()).then(|| Sha256(sp_io::hashing::sha2_256(text.as_bytes())))
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
    extend::<L>(id, record, entry).map_err(AppendError::Unfit)
}

/// The same, for who has just read the record of that log.
pub fn extend<L: Ledger>(
    id: IdOf<L>,
    record: Record<L::Subject>,
    entry: &Entry<ActionOf<L>>,
) -> Result<Record<L::Subject>, Unfit<RefusalOf<L>>> {
    let number = record.entries;
    let record = record.append(entry)?;
    L::Entries::insert(id, number, entry);
    L::Records::insert(id, &record);
    Ok(record)
}

/// How many bytes the record of a log takes where it is stored, without reading it; none where there is no such log.
pub fn size<L: Ledger>(id: IdOf<L>) -> u32 {
    sp_io::storage::read(&L::Records::hashed_key_for(id), &mut [], 0).unwrap_or(0)
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

/// The roll that the logs of these ids make; none where one of them has no log.
pub fn roll<L: Ledger>(what: What, ids: impl Iterator<Item = IdOf<L>>) -> Option<Roll> {
    let mut roll = Roll::empty(what, ());
    for id in ids {
        let first = L::Entries::get(id, 0)?;
        roll = roll.with(id, first.block, first.at);
    }
    Some(roll)
}

/// Checks that replaying the entries of every log gives its record: same fold, same count, same head; and that no
/// entry is of no log.
///
/// Returns how many logs there are.
pub fn check<L: Ledger>() -> Result<u64, &'static str>
where
    L::Subject: PartialEq,
{
    let mut logs = 0;
    for (id, record) in <L::Records as IterableStorageMap<_, _>>::iter() {
        let entries: Vec<_> = entries::<L>(id, 0, u32::MAX).map(|(_, entry)| entry).collect();
        match Record::<L::Subject>::replay(id, &entries) {
            Some(Ok(replayed)) if replayed == record => logs += 1,
            Some(Ok(_)) => return Err("replaying a log does not give its record"),
            Some(Err(_)) => return Err("a log holds an entry that its fold refuses"),
            None => return Err("a record has no entries"),
        }
    }
    let is_stray =
        |(id, number)| L::Records::get(id).is_none_or(|log: Record<L::Subject>| number >= log.entries);
    if <L::Entries as IterableStorageDoubleMap<_, _, _>>::iter_keys().any(is_stray) {
        return Err("an entry is of no log");
    }
    Ok(logs)
}
