//! A chain that makes blocks final with keys that everybody has.

use ed25519_zebra::{SigningKey, VerificationKeyBytes};
use faultline_primitives::{consortium::Checkpoint, log::blake2_256, BlockNumber, Hash};
use faultline_proof::{
    bundle::{Claim, Genesis, Start},
    finality::{payload, Authority, AuthoritySet, Commit, Finalized, Justification, SignedVote, Vote},
    header::{Change, DigestItem, GrandpaLog, GRANDPA},
    keys, Bundle, Header,
};

use crate::State;

/// How many blocks lie between one change of authorities and the next.
const STRETCH: BlockNumber = 600;

/// A chain as far as its authorities go.
#[derive(Clone, Debug)]
pub struct Chain {
    genesis: Genesis,
    /// The authorities that make the next block final.
    pub set: AuthoritySet,
    changes: Vec<Finalized>,
    first: AuthoritySet,
    next_key: u32,
    last: Vote,
}

/// The key of this number.
pub fn signing_key(number: u32) -> SigningKey {
    SigningKey::from(blake2_256(&[b"forge", &number.to_le_bytes()]).0)
}

/// The authority of this number, of weight 1.
pub fn authority(number: u32) -> Authority {
    Authority {
        key: VerificationKeyBytes::from(&signing_key(number)).into(),
        weight: 1,
    }
}

/// A vote of the authority of this number.
pub fn vote(number: u32, vote: Vote, round: u64, set: u64) -> SignedVote {
    SignedVote {
        vote,
        signature: signing_key(number).sign(&payload(&vote, round, set)).into(),
        key: authority(number).key,
    }
}

fn authorities(numbers: impl Iterator<Item = u32>) -> Vec<Authority> {
    numbers.map(authority).collect()
}

impl Chain {
    /// A chain of so many validators: those of the numbers from 0 on.
    pub fn new(validators: usize) -> Self {
        let count = u32::try_from(validators).expect("few validators");
        let first = AuthoritySet {
            id: 0,
            authorities: authorities(0..count),
        };
        let mut state = State::default();
        state.put(keys::authorities(), &first.authorities);
        state.put(keys::now(), &0u64);
        // Others, so that the trie has branches.
        for other in ["Aura", "Members", "Services", "System"] {
            state.put(keys::item(other, "Other"), &[0u8; 40]);
        }
        let header = Header {
            parent_hash: Hash::default(),
            number: 0,
            state_root: state.root(),
            extrinsics_root: blake2_256(&[b"nothing"]),
            digest: vec![],
        };
        Self {
            last: Vote {
                hash: header.hash(),
                number: 0,
            },
            genesis: Genesis {
                header,
                nodes: state.proof([keys::authorities()]),
            },
            set: first.clone(),
            changes: vec![],
            first,
            next_key: count,
        }
    }

    /// The hash of the genesis block.
    pub fn genesis(&self) -> Hash {
        self.genesis.header.hash()
    }

    /// What bundles begin with who show all of the history.
    pub fn start(&self) -> Start {
        Start::Genesis(Box::new(self.genesis.clone()))
    }

    /// The changes of authorities so far.
    pub fn changes(&self) -> &[Finalized] {
        &self.changes
    }

    /// The block of the last change of authorities, or the genesis block, and who makes final what follows it.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            number: self.last.number,
            hash: self.last.hash,
            set_id: self.set.id,
            set: self.set.hash(),
        }
    }

    /// The authorities that the chain began with.
    pub fn first(&self) -> &AuthoritySet {
        &self.first
    }

    /// The number of the key of the authority at a place of the present set.
    pub fn key_of(&self, place: usize) -> u32 {
        let count = u32::try_from(self.set.authorities.len()).expect("few validators");
        self.next_key - count + u32::try_from(place).expect("few validators")
    }

    /// Hands over to so many other authorities with keys of their own.
    pub fn change(&mut self, validators: usize) {
        let count = u32::try_from(validators).expect("few validators");
        let next = authorities(self.next_key..self.next_key + count);
        let note = GrandpaLog::ScheduledChange(Change {
            next: next.clone(),
            delay: 0,
        });
        let digest = DigestItem::Consensus(GRANDPA, codec::Encode::encode(&note));
        let header = self.header(
            self.last.number + STRETCH,
            blake2_256(&[b"any state"]),
            vec![digest],
        );
        let change = self.finalize(header);
        self.last = Vote {
            hash: change.header.hash(),
            number: change.header.number,
        };
        self.changes.push(change);
        self.next_key += count;
        self.set = AuthoritySet {
            id: self.set.id + 1,
            authorities: next,
        };
    }

    /// A header with what a block of the chain has, and more notes.
    pub fn header(&self, number: BlockNumber, state_root: Hash, more: Vec<DigestItem>) -> Header {
        let mut digest = vec![DigestItem::PreRuntime(
            *b"aura",
            u64::from(number).to_le_bytes().into(),
        )];
        digest.extend(more);
        digest.push(DigestItem::Seal(*b"aura", vec![0x5e; 64]));
        Header {
            parent_hash: blake2_256(&[b"the block before", &number.to_le_bytes()]),
            number,
            state_root,
            extrinsics_root: blake2_256(&[b"transactions"]),
            digest,
        }
    }

    /// A header that comes after another.
    pub fn child(&self, parent: &Header, salt: u8) -> Header {
        Header {
            parent_hash: parent.hash(),
            extrinsics_root: blake2_256(&[&[salt]]),
            ..self.header(parent.number + 1, parent.state_root, vec![])
        }
    }

    /// The block with no more votes than it takes, all for itself.
    pub fn finalize(&self, header: Header) -> Finalized {
        let count = self.set.authorities.len();
        let threshold = count - (count - 1) / 3;
        let target = Vote {
            hash: header.hash(),
            number: header.number,
        };
        let votes: Vec<_> = (0..threshold).map(|place| (self.key_of(place), target)).collect();
        self.finalize_by(header, &votes, vec![])
    }

    /// The block with these votes: keys' numbers, and what they vote for.
    pub fn finalize_by(&self, header: Header, votes: &[(u32, Vote)], ancestries: Vec<Header>) -> Finalized {
        let round = u64::from(header.number);
        Finalized {
            justification: Justification {
                round,
                commit: Commit {
                    target_hash: header.hash(),
                    target_number: header.number,
                    votes: votes
                        .iter()
                        .map(|(number, target)| vote(*number, *target, round, self.set.id))
                        .collect(),
                },
                ancestries,
            },
            header,
        }
    }

    /// A bundle that claims this of a state, at a block after the last change.
    pub fn bundle(&self, state: &State, claim: Claim) -> Bundle {
        let header = self.header(self.last.number + STRETCH / 2, state.root(), vec![]);
        Bundle {
            start: self.start(),
            changes: self.changes.clone(),
            block: self.finalize(header),
            nodes: state.proof(claim.keys()),
            claim,
        }
    }
}
