//! What became of each transaction that was handed in, and what was refused by name.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use faultline_primitives::Hash;

use super::sign::Said;

/// What became of one.
#[derive(Clone, Copy, Debug)]
pub struct Fate {
    /// By which it is known.
    pub hash: Hash,
    /// What it says.
    pub said: Said,
    /// At which node it was handed in.
    pub node: usize,
    /// When it was to be handed in.
    pub due: Instant,
    /// When it was.
    pub asked: Instant,
    /// When the node had taken it; none where it did not.
    pub taken: Option<Instant>,
    /// When a best block was first seen that holds it.
    pub best: Option<Instant>,
    /// The final block that holds it, and when that was seen to be final.
    pub finalized: Option<(u32, Instant)>,
}

#[derive(Default)]
struct Pages {
    places: HashMap<Hash, usize>,
    fates: Vec<Fate>,
    refused: BTreeMap<String, u64>,
}

/// All of them, in the order in which they were handed in.
#[derive(Default)]
pub struct Book(Mutex<Pages>);

impl Book {
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It is about to be handed in; where it stands from now on.
    pub fn ask(&self, hash: Hash, said: Said, node: usize, due: Instant) -> usize {
        let mut pages = self.pages();
        let place = pages.fates.len();
        pages.fates.push(Fate {
            hash,
            said,
            node,
            due,
            asked: Instant::now(),
            taken: None,
            best: None,
            finalized: None,
        });
        pages.places.insert(hash, place);
        place
    }

    /// The node took it.
    pub fn took(&self, place: usize) {
        if let Some(fate) = self.pages().fates.get_mut(place) {
            fate.taken = Some(Instant::now());
        }
    }

    /// The node refused to take something, by this name.
    pub fn refuse(&self, name: String) {
        *self.pages().refused.entry(name).or_default() += 1;
    }

    /// A best block was seen that holds these: how many of them are here, and in no earlier one.
    pub fn see(&self, hashes: &[Hash], at: Instant) -> usize {
        let mut pages = self.pages();
        let mut new = 0;
        for hash in hashes {
            let place = pages.places.get(hash).copied();
            if let Some(fate) = place.and_then(|place| pages.fates.get_mut(place)) {
                if fate.best.is_none() {
                    fate.best = Some(at);
                    new += 1;
                }
            }
        }
        new
    }

    /// A block became final that holds these: how many of them are here, and how many words they say.
    pub fn settle(&self, hashes: &[Hash], block: u32, at: Instant) -> (u64, u64) {
        let mut pages = self.pages();
        let (mut transactions, mut words) = (0, 0);
        for hash in hashes {
            let place = pages.places.get(hash).copied();
            if let Some(fate) = place.and_then(|place| pages.fates.get_mut(place)) {
                fate.finalized = Some((block, at));
                fate.best.get_or_insert(at);
                transactions += 1;
                words += u64::from(fate.said.count);
            }
        }
        (transactions, words)
    }

    /// How many were handed in so far.
    pub fn len(&self) -> usize {
        self.pages().fates.len()
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many of those that a node took are not final.
    pub fn open(&self) -> usize {
        let pages = self.pages();
        let open = |fate: &&Fate| fate.taken.is_some() && fate.finalized.is_none();
        pages.fates.iter().filter(open).count()
    }

    /// What became of those that were handed in from a place on.
    pub fn since(&self, place: usize) -> Vec<Fate> {
        self.pages().fates.get(place..).unwrap_or_default().to_vec()
    }

    /// What was refused, how often, by name.
    pub fn refused(&self) -> BTreeMap<String, u64> {
        self.pages().refused.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_counted_once_however_often_its_blocks_change() {
        let book = Book::default();
        let now = Instant::now();
        let said = Said {
            organisation: 1,
            first: 0,
            count: 8,
        };
        let hashes = [Hash([1; 32]), Hash([2; 32]), Hash([3; 32])];
        let first = book.ask(hashes[0], said, 0, now);
        let second = book.ask(hashes[1], said, 0, now);
        book.took(first);
        book.took(second);
        assert_eq!(book.see(&hashes, now), 2);
        assert_eq!(book.see(&hashes[..1], now), 0);
        assert_eq!(book.open(), 2);
        assert_eq!(book.settle(&hashes[1..], 7, now), (1, 8));
        assert_eq!(book.open(), 1);
        assert_eq!(book.since(1)[0].finalized.map(|(block, _)| block), Some(7));
    }
}
