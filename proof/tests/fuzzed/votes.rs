//! Votes: a block, others after it, and votes for them that are good or bad in all ways that somebody thought of.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use arbitrary::Unstructured;
use ed25519_zebra::{Signature, SigningKey, VerificationKey};
use faultline_forge::{authority, signing_key};
use faultline_primitives::Hash;
use faultline_proof::{
    finality::{payload, Authority, AuthoritySet, Commit, Finalized, Justification, Key, SignedVote, Vote},
    Header,
};

use super::{below, one_in};

/// How many keys there are that can sign. The last ones are in no set.
const KEYS: usize = 9;
/// The number of the block that is to be final.
const NUMBER: u32 = 70;

/// A block said to be final, and the authorities that are to have made it so.
#[derive(Debug)]
pub struct Case {
    /// The authorities.
    pub set: AuthoritySet,
    /// The block and the votes.
    pub finalized: Finalized,
}

/// Checks that what is taken is final, and that what is final is taken.
pub fn run(bytes: &[u8]) {
    let case = Case::of(bytes);
    let taken = case.finalized.check(&case.set);
    assert_eq!(taken.is_ok(), case.is_final(), "{taken:?} of {case:#?}");
    if let Some(trimmed) = case.finalized.justification.trimmed(&case.set) {
        let votes = &trimmed.commit.votes;
        assert!(votes
            .iter()
            .all(|vote| case.finalized.justification.commit.votes.contains(vote)));
        if taken.is_ok() {
            let trimmed = Finalized {
                header: case.finalized.header.clone(),
                justification: trimmed,
            };
            assert_eq!(trimmed.check(&case.set), Ok(()), "trimmed from {case:#?}");
        }
    }
}

impl Case {
    /// What the bytes say.
    pub fn of(bytes: &[u8]) -> Self {
        let bytes = &mut Unstructured::new(bytes);
        let set = set(bytes);
        let blocks = blocks(bytes);
        let header = blocks[0].clone();
        let round = below(bytes, 3) as u64;
        let target = match one_in(bytes, 16) {
            true => aim(bytes, &blocks),
            false => of(&header),
        };
        let votes = (0..below(bytes, 9))
            .map(|place| signed(bytes, place, &blocks, round, set.id))
            .collect();
        let commit = Commit {
            target_hash: target.hash,
            target_number: target.number,
            votes,
        };
        let ancestries = match one_in(bytes, 3) {
            true => some(bytes, &blocks),
            false => needed(&commit, &blocks),
        };
        let justification = Justification {
            round,
            commit,
            ancestries,
        };
        Self {
            set,
            finalized: Finalized {
                header,
                justification,
            },
        }
    }

    /// Whether the block is final, told as plainly as can be.
    pub fn is_final(&self) -> bool {
        let Finalized {
            header,
            justification,
        } = &self.finalized;
        let (target, votes) = (of(header), &justification.commit.votes);
        let weights: BTreeMap<Key, u128> = self
            .set
            .authorities
            .iter()
            .map(|one| (one.key, u128::from(one.weight)))
            .collect();
        let total: u128 = weights.values().sum();
        let is_set = !weights.is_empty()
            && weights.len() == self.set.authorities.len()
            && weights.values().all(|weight| *weight > 0)
            && total <= u128::from(u64::MAX);
        let is_distinct = votes.iter().map(|vote| vote.key).collect::<BTreeSet<_>>().len() == votes.len();
        let is_enough = |weight: u128| weight * 3 > total * 2;
        let weight = |key: &Key| weights.get(key).copied().unwrap_or_default();
        let by_hash: BTreeMap<Hash, &Header> = justification
            .ancestries
            .iter()
            .map(|header| (header.hash(), header))
            .collect();
        let routes: Option<Vec<BTreeSet<Hash>>> = votes
            .iter()
            .map(|vote| route(vote.vote, target, &by_hash))
            .collect();
        let Some(routes) = routes else {
            return false;
        };
        let all: BTreeSet<Hash> = routes.iter().flatten().copied().collect();
        let for_block = |block: &Hash| {
            let through = routes
                .iter()
                .zip(votes)
                .filter(|(route, _)| route.contains(block));
            through.map(|(_, vote)| weight(&vote.key)).sum::<u128>()
        };
        is_set
            && is_distinct
            && (
                justification.commit.target_hash,
                justification.commit.target_number,
            ) == (target.hash, target.number)
            && votes.iter().all(|vote| weights.contains_key(&vote.key))
            && is_enough(votes.iter().map(|vote| weight(&vote.key)).sum())
            && !all.iter().any(|block| is_enough(for_block(block)))
            && votes.iter().any(|vote| vote.vote == target)
            && by_hash.len() == justification.ancestries.len()
            && by_hash.keys().all(|hash| all.contains(hash))
            && votes
                .iter()
                .all(|vote| is_signed(vote, justification.round, self.set.id))
    }
}

/// The blocks on the way from a vote to the target, the target left out.
fn route(vote: Vote, target: Vote, by_hash: &BTreeMap<Hash, &Header>) -> Option<BTreeSet<Hash>> {
    let (mut route, mut at) = (BTreeSet::new(), vote);
    while at != target {
        let header = by_hash.get(&at.hash)?;
        if header.number != at.number || at.number <= target.number {
            return None;
        }
        route.insert(at.hash);
        at = Vote {
            hash: header.parent_hash,
            number: at.number - 1,
        };
    }
    Some(route)
}

fn is_signed(signed: &SignedVote, round: u64, set: u64) -> bool {
    let mut message = vec![1];
    message.extend(signed.vote.hash.0);
    message.extend(signed.vote.number.to_le_bytes());
    message.extend(round.to_le_bytes());
    message.extend(set.to_le_bytes());
    let key = VerificationKey::try_from(signed.key);
    key.is_ok_and(|key| key.verify(&Signature::from(signed.signature), &message).is_ok())
}

fn of(header: &Header) -> Vote {
    Vote {
        hash: header.hash(),
        number: header.number,
    }
}

fn set(bytes: &mut Unstructured) -> AuthoritySet {
    let mut authorities: Vec<Authority> =
        with_keys(|keys| keys[..1 + below(bytes, 7)].iter().map(|(_, one)| *one).collect());
    if one_in(bytes, 4) {
        for one in &mut authorities {
            one.weight = match below(bytes, 8) {
                0 => 0,
                1 => u64::MAX,
                2 => u64::MAX / 4,
                weight => weight as u64,
            };
        }
    }
    if one_in(bytes, 16) {
        let again = authorities[below(bytes, authorities.len())];
        authorities.push(again);
    }
    if one_in(bytes, 32) {
        authorities.clear();
    }
    AuthoritySet {
        id: below(bytes, 3) as u64,
        authorities,
    }
}

/// The block, and others that come after it or after each other, or say so.
fn blocks(bytes: &mut Unstructured) -> Vec<Header> {
    let mut blocks = vec![Header {
        parent_hash: Hash([9; 32]),
        number: NUMBER,
        state_root: Hash([8; 32]),
        extrinsics_root: Hash([7; 32]),
        digest: vec![],
    }];
    for salt in 0..below(bytes, 6) {
        let parent = &blocks[below(bytes, blocks.len())];
        let mut header = Header {
            parent_hash: parent.hash(),
            number: parent.number + 1,
            extrinsics_root: Hash([salt as u8; 32]),
            ..blocks[0].clone()
        };
        match below(bytes, 16) {
            13 => header.number = NUMBER - 1 + below(bytes, 5) as u32,
            14 => header.parent_hash = Hash([6; 32]),
            15 => header.number = 0,
            _ => {}
        }
        blocks.push(header);
    }
    blocks
}

/// One of the blocks, or something that is none.
fn aim(bytes: &mut Unstructured, blocks: &[Header]) -> Vote {
    let mut vote = of(&blocks[below(bytes, blocks.len())]);
    match below(bytes, 32) {
        29 => vote.number = NUMBER - 1 + below(bytes, 5) as u32,
        30 => vote.hash = Hash([5; 32]),
        31 => {
            vote = Vote {
                hash: blocks[0].parent_hash,
                number: NUMBER - 1,
            }
        }
        _ => {}
    }
    vote
}

fn signed(bytes: &mut Unstructured, place: usize, blocks: &[Header], round: u64, set: u64) -> SignedVote {
    let voter = match one_in(bytes, 8) {
        true => below(bytes, KEYS),
        false => place.min(KEYS - 1),
    };
    let vote = match one_in(bytes, 2) {
        true => aim(bytes, blocks),
        false => of(&blocks[0]),
    };
    let mut signer = voter;
    let (mut signed, mut signed_round, mut signed_set) = (vote, round, set);
    match below(bytes, 32) {
        27 => signed_round += 1,
        28 => signed_set += 1,
        29 => signed = aim(bytes, blocks),
        30 => signer = below(bytes, KEYS),
        _ => {}
    }
    let mut signature = sign(signer, &payload(&signed, signed_round, signed_set));
    if one_in(bytes, 32) {
        signature[below(bytes, 64)] ^= 1 << below(bytes, 8);
    }
    SignedVote {
        vote,
        signature,
        key: with_keys(|keys| keys[voter].1.key),
    }
}

/// What a good justification would hold.
fn needed(commit: &Commit, blocks: &[Header]) -> Vec<Header> {
    let by_hash: BTreeMap<Hash, &Header> = blocks.iter().map(|header| (header.hash(), header)).collect();
    let (target, mut needed) = (of(&blocks[0]), BTreeSet::new());
    for vote in &commit.votes {
        needed.extend(route(vote.vote, target, &by_hash).unwrap_or_default());
    }
    needed.iter().map(|hash| by_hash[hash].clone()).collect()
}

/// Some of the blocks, perhaps one twice.
fn some(bytes: &mut Unstructured, blocks: &[Header]) -> Vec<Header> {
    let mut some: Vec<Header> = blocks.iter().filter(|_| !one_in(bytes, 3)).cloned().collect();
    if one_in(bytes, 4) {
        some.push(blocks[below(bytes, blocks.len())].clone());
    }
    if one_in(bytes, 2) {
        some.retain(|header| header.number != NUMBER);
    }
    some
}

fn with_keys<T>(use_them: impl FnOnce(&[(SigningKey, Authority)]) -> T) -> T {
    thread_local! {
        static KEYS_AND_AUTHORITIES: Vec<(SigningKey, Authority)> =
            (0..KEYS as u32).map(|number| (signing_key(number), authority(number))).collect();
    }
    KEYS_AND_AUTHORITIES.with(|keys| use_them(keys))
}

/// By key and message.
type Signatures = HashMap<(usize, Vec<u8>), [u8; 64]>;

/// A signature, from memory where there was the same before: signing takes longest.
fn sign(key: usize, message: &[u8]) -> [u8; 64] {
    thread_local! {
        static MADE: RefCell<Signatures> = RefCell::default();
    }
    MADE.with_borrow_mut(|made| {
        if made.len() > 1 << 16 {
            made.clear();
        }
        let signature = made.entry((key, message.to_vec()));
        *signature.or_insert_with(|| with_keys(|keys| keys[key].0.sign(message)).into())
    })
}
