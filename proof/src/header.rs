//! Block headers, encoded as the chain hashes them, and the changes of authorities that they announce.

use alloc::vec::Vec;

use codec::{Decode, DecodeAll, Encode};
use faultline_primitives::{log::blake2_256, BlockNumber, Hash};

use crate::finality::Authority;

/// The engine in whose name GRANDPA's digest items stand.
pub const GRANDPA: [u8; 4] = *b"FRNK";

/// A block's header.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Header {
    /// Hash of the block before it.
    pub parent_hash: Hash,
    /// Its number.
    #[codec(compact)]
    pub number: BlockNumber,
    /// Root of the state after it.
    pub state_root: Hash,
    /// Root of its transactions.
    pub extrinsics_root: Hash,
    /// What was noted on it.
    pub digest: Vec<DigestItem>,
}

/// A note on a header. `engine` says whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum DigestItem {
    /// Of nobody in particular.
    #[codec(index = 0)]
    Other(Vec<u8>),
    /// What the runtime says to an engine.
    #[codec(index = 4)]
    Consensus([u8; 4], Vec<u8>),
    /// What an engine puts on a block that is made: its author's signature.
    #[codec(index = 5)]
    Seal([u8; 4], Vec<u8>),
    /// What an engine says to the runtime.
    #[codec(index = 6)]
    PreRuntime([u8; 4], Vec<u8>),
    /// The runtime's code, or how much of the heap it may take, is another from the next block on.
    #[codec(index = 8)]
    RuntimeEnvironmentUpdated,
}

/// What the runtime says to GRANDPA: the variants of `sp_consensus_grandpa::ConsensusLog`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum GrandpaLog {
    /// Other authorities, once this many blocks after this one are final.
    #[codec(index = 1)]
    ScheduledChange(Change),
    /// Other authorities without finality, counted from a block that is believed to be final.
    #[codec(index = 2)]
    ForcedChange(BlockNumber, Change),
    /// An authority is disabled.
    #[codec(index = 3)]
    OnDisabled(u64),
    /// Voting pauses, after a delay.
    #[codec(index = 4)]
    Pause(BlockNumber),
    /// Voting goes on, after a delay.
    #[codec(index = 5)]
    Resume(BlockNumber),
}

/// Other authorities.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Change {
    /// The authorities.
    pub next: Vec<Authority>,
    /// After how many blocks.
    pub delay: BlockNumber,
}

/// Why a header's notes to GRANDPA are not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadNote {
    /// One cannot be read.
    Malformed,
    /// Authorities are changed by force: whoever makes a block could do so, and no vote vouches for it.
    Forced,
    /// Authorities change with a delay, which the chain never asks for.
    Delayed,
    /// There are two changes.
    Several,
}

impl Header {
    /// The block's hash.
    pub fn hash(&self) -> Hash {
        blake2_256(&[&self.encode()])
    }

    /// The authorities that make blocks final after this one, where the header says that they change.
    ///
    /// # Errors
    ///
    /// See [`BadNote`].
    pub fn next_authorities(&self) -> Result<Option<Vec<Authority>>, BadNote> {
        let mut next = None;
        for item in &self.digest {
            let DigestItem::Consensus(GRANDPA, note) = item else {
                continue;
            };
            match GrandpaLog::decode_all(&mut note.as_slice()).map_err(|_| BadNote::Malformed)? {
                GrandpaLog::ForcedChange(..) => return Err(BadNote::Forced),
                GrandpaLog::ScheduledChange(change) if change.delay != 0 => return Err(BadNote::Delayed),
                GrandpaLog::ScheduledChange(change) => {
                    if next.replace(change.next).is_some() {
                        return Err(BadNote::Several);
                    }
                }
                GrandpaLog::OnDisabled(_) | GrandpaLog::Pause(_) | GrandpaLog::Resume(_) => {}
            }
        }
        Ok(next)
    }
}
