//! Two nodes that sign with the keys of one validator, seen from the blocks that come in.

use std::collections::VecDeque;

use sp_core::sr25519;

use crate::service::parts::Hash;

/// Slots that are remembered: a second block for a slot comes within seconds.
const REMEMBERED: usize = 64;
/// Slots for which nothing more is said about a validator of which it was said.
const QUIET_SLOTS: u64 = 200;

/// A block that came in.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    /// The slot that it was made in.
    pub slot: u64,
    /// The key that it was made with.
    pub author: sr25519::Public,
    /// Its hash.
    pub hash: Hash,
    /// Whether this node has the key.
    pub key_is_ours: bool,
    /// Whether this node made it.
    pub made_here: bool,
}

/// A sign of two nodes with one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Double {
    /// Another node made a block with a key of this one.
    OfOurs,
    /// Two blocks were made in one slot with one key.
    OfAnother,
}

/// Sees when two nodes sign with one key.
pub struct Doubles {
    /// Blocks that this node made before it was started anew come from its peers.
    from: u64,
    seen: VecDeque<(u64, sr25519::Public, Hash)>,
    told: VecDeque<(u64, sr25519::Public)>,
}

impl Doubles {
    /// Watches from this slot on: the first that begins after the node was started.
    pub fn new(from: u64) -> Self {
        Self {
            from,
            seen: VecDeque::new(),
            told: VecDeque::new(),
        }
    }

    /// Looks at a block.
    pub fn look(&mut self, block: Made) -> Option<Double> {
        if block.slot < self.from {
            return None;
        }
        let twice = self.seen.iter().any(|(slot, author, hash)| {
            *slot == block.slot && *author == block.author && *hash != block.hash
        });
        remember(&mut self.seen, (block.slot, block.author, block.hash));

        let double = match (block.key_is_ours, block.made_here, twice) {
            (true, false, _) => Double::OfOurs,
            (false, _, true) => Double::OfAnother,
            _ => return None,
        };
        let quiet = self
            .told
            .iter()
            .any(|(slot, author)| *author == block.author && block.slot < slot.saturating_add(QUIET_SLOTS));
        if quiet {
            return None;
        }
        remember(&mut self.told, (block.slot, block.author));
        Some(double)
    }
}

fn remember<T>(list: &mut VecDeque<T>, item: T) {
    if list.len() >= REMEMBERED {
        list.pop_front();
    }
    list.push_back(item);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(slot: u64, author: u8, hash: u8) -> Made {
        Made {
            slot,
            author: sr25519::Public::from_raw([author; 32]),
            hash: Hash::repeat_byte(hash),
            key_is_ours: false,
            made_here: false,
        }
    }

    fn ours(slot: u64, hash: u8, made_here: bool) -> Made {
        Made {
            key_is_ours: true,
            made_here,
            ..made(slot, 9, hash)
        }
    }

    #[test]
    fn a_block_of_our_key_that_another_node_made_is_told() {
        let mut doubles = Doubles::new(100);
        assert_eq!(doubles.look(ours(100, 1, true)), None);
        assert_eq!(doubles.look(ours(104, 2, false)), Some(Double::OfOurs));
    }

    #[test]
    fn a_block_that_this_node_made_before_it_was_started_anew_is_its_own() {
        let mut doubles = Doubles::new(100);
        assert_eq!(doubles.look(ours(96, 1, false)), None);
    }

    #[test]
    fn two_blocks_of_another_in_one_slot_are_told_and_one_seen_twice_is_not() {
        let mut doubles = Doubles::new(100);
        assert_eq!(doubles.look(made(100, 1, 1)), None);
        assert_eq!(doubles.look(made(100, 1, 1)), None);
        assert_eq!(doubles.look(made(100, 2, 2)), None);
        assert_eq!(doubles.look(made(100, 1, 3)), Some(Double::OfAnother));
    }

    #[test]
    fn the_same_validator_is_not_told_of_again_for_a_while() {
        let mut doubles = Doubles::new(100);
        assert!(doubles.look(ours(100, 1, false)).is_some());
        assert_eq!(doubles.look(ours(104, 2, false)), None);
        assert!(doubles.look(ours(300, 3, false)).is_some());
    }
}
