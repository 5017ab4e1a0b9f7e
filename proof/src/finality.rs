//! Authority sets, and the votes by which one makes a block final.
//!
//! The encodings are those of the Polkadot SDK, so that a [`Finalized`] is what it calls a fragment of a warp sync. The
//! rules are its own, or stricter: whatever is taken here is taken there.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use codec::{Decode, Encode};
use ed25519_zebra::{Signature, VerificationKey};
use faultline_primitives::{log::blake2_256, BlockNumber, Hash};

use crate::header::Header;

/// What a vote is signed as: the variant of GRANDPA's messages that a precommit is.
const PRECOMMIT: u8 = 1;

/// An ed25519 public key.
pub type Key = [u8; 32];

/// One whose votes make blocks final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Authority {
    /// Its key.
    pub key: Key,
    /// How much its vote weighs.
    pub weight: u64,
}

/// The authorities of a stretch of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct AuthoritySet {
    /// Its number, counted from 0 at the genesis block.
    pub id: u64,
    /// Who is in it.
    pub authorities: Vec<Authority>,
}

/// A block and the votes that make it final.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Finalized {
    /// The block's header.
    pub header: Header,
    /// The votes.
    pub justification: Justification,
}

/// The votes that make a block final.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Justification {
    /// The round of voting.
    pub round: u64,
    /// The block and the votes.
    pub commit: Commit,
    /// The blocks that were voted for, and those between them and the one that is final.
    pub ancestries: Vec<Header>,
}

/// A block and votes for it or for blocks after it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Commit {
    /// Hash of the block.
    pub target_hash: Hash,
    /// Number of the block.
    pub target_number: BlockNumber,
    /// The votes.
    pub votes: Vec<SignedVote>,
}

/// A vote: for a block and all before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Vote {
    /// Hash of the block.
    pub hash: Hash,
    /// Number of the block.
    pub number: BlockNumber,
}

/// A vote and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SignedVote {
    /// The vote.
    pub vote: Vote,
    /// The signature: see [`payload`].
    pub signature: [u8; 64],
    /// Who voted.
    pub key: Key,
}

/// Why a list of authorities is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadSet {
    /// Nobody is in it.
    Empty,
    /// Somebody is in it twice.
    Twice(Key),
    /// Somebody's vote weighs nothing.
    Weightless(Key),
    /// The votes together weigh 2^64 or more.
    TooHeavy,
}

/// Why votes do not make a block final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFinal {
    /// The authorities are none.
    Set(BadSet),
    /// The votes are for another block than the header's.
    OtherBlock,
    /// Somebody votes who is no authority.
    Stranger(Key),
    /// Somebody votes twice.
    VotedTwice(Key),
    /// A vote is for a block that does not come after the one that is to be final, as far as the ancestries say.
    NoDescendant(Key),
    /// The ancestries hold a block that no vote needs, or one of them twice.
    Superfluous(Hash),
    /// The votes weigh less than two thirds and a bit.
    TooFew {
        /// What they weigh.
        weight: u64,
        /// What they would have to.
        threshold: u64,
    },
    /// The votes make a later block final than the one that they are said to be for.
    LaterBlock(Hash),
    /// A signature is not right: by another key, over another vote, or for another round or set.
    Signature(Key),
}

impl AuthoritySet {
    /// What checkpoints name a set by: `blake2_256(SCALE(authorities))`.
    pub fn hash(&self) -> Hash {
        blake2_256(&[&self.authorities.encode()])
    }

    /// What each authority weighs.
    ///
    /// # Errors
    ///
    /// See [`BadSet`].
    fn weights(&self) -> Result<Weights, BadSet> {
        let (mut of, mut total) = (BTreeMap::new(), 0u64);
        for authority in &self.authorities {
            if authority.weight == 0 {
                return Err(BadSet::Weightless(authority.key));
            }
            total = total.checked_add(authority.weight).ok_or(BadSet::TooHeavy)?;
            if of.insert(authority.key, authority.weight).is_some() {
                return Err(BadSet::Twice(authority.key));
            }
        }
        // What is left when the most that may be faulty, less than a third, is taken away.
        let faulty = total.checked_sub(1).ok_or(BadSet::Empty)? / 3;
        Ok(Weights {
            of,
            threshold: total.saturating_sub(faulty),
        })
    }

    /// Checks that it can vote at all.
    ///
    /// # Errors
    ///
    /// See [`BadSet`].
    pub fn check(&self) -> Result<(), BadSet> {
        self.weights().map(|_| ())
    }
}

struct Weights {
    of: BTreeMap<Key, u64>,
    threshold: u64,
}

/// What an authority signs: `SCALE(precommit) ‖ round ‖ set id`, both of 8 bytes, the lowest first.
pub fn payload(vote: &Vote, round: u64, set_id: u64) -> Vec<u8> {
    (PRECOMMIT, vote, round, set_id).encode()
}

impl Finalized {
    /// Checks that the votes of `set` make the block final.
    ///
    /// # Errors
    ///
    /// See [`NotFinal`].
    pub fn check(&self, set: &AuthoritySet) -> Result<(), NotFinal> {
        let target = Vote {
            hash: self.header.hash(),
            number: self.header.number,
        };
        if self.justification.commit.target() != target {
            return Err(NotFinal::OtherBlock);
        }
        self.justification.check(set)
    }
}

impl Commit {
    fn target(&self) -> Vote {
        Vote {
            hash: self.target_hash,
            number: self.target_number,
        }
    }
}

impl Justification {
    /// Checks that the votes of `set` make the block final that they are said to be for.
    ///
    /// # Errors
    ///
    /// See [`NotFinal`].
    pub fn check(&self, set: &AuthoritySet) -> Result<(), NotFinal> {
        let weights = set.weights().map_err(NotFinal::Set)?;
        self.check_weight(&weights)?;
        for signed in &self.commit.votes {
            let payload = payload(&signed.vote, self.round, set.id);
            let right = VerificationKey::try_from(signed.key)
                .and_then(|key| key.verify(&Signature::from(signed.signature), &payload));
            right.map_err(|_| NotFinal::Signature(signed.key))?;
        }
        Ok(())
    }

    /// All but the signatures, which take longest.
    fn check_weight(&self, weights: &Weights) -> Result<(), NotFinal> {
        let target = self.commit.target();
        let descent = Descent::new(&self.ancestries)?;
        let (mut voted, mut needed) = (BTreeSet::new(), BTreeSet::new());
        // What the votes for each block after the target, and for those after that one, weigh.
        let mut beyond: BTreeMap<Hash, u64> = BTreeMap::new();
        let mut weight = 0u64;
        for signed in &self.commit.votes {
            let own = *weights
                .of
                .get(&signed.key)
                .ok_or(NotFinal::Stranger(signed.key))?;
            if !voted.insert(signed.key) {
                return Err(NotFinal::VotedTwice(signed.key));
            }
            let route = descent.route(target, signed.vote);
            for hash in route.ok_or(NotFinal::NoDescendant(signed.key))? {
                needed.insert(hash);
                let heavier = beyond.entry(hash).or_default();
                *heavier = heavier.saturating_add(own);
            }
            weight = weight.saturating_add(own);
        }
        if let Some(extra) = self
            .ancestries
            .iter()
            .map(Header::hash)
            .find(|hash| !needed.contains(hash))
        {
            return Err(NotFinal::Superfluous(extra));
        }
        let threshold = weights.threshold;
        if weight < threshold {
            return Err(NotFinal::TooFew { weight, threshold });
        }
        // Votes are for the highest block that they make final: that is what is signed for, and what the SDK takes.
        match beyond.into_iter().find(|(_, weight)| *weight >= threshold) {
            Some((later, _)) => Err(NotFinal::LaterBlock(later)),
            // The SDK begins at the lowest vote. Where votes are for two blocks that fork from the target and for none
            // of it, it finds no beginning.
            None if self.commit.votes.iter().all(|signed| signed.vote != target) => Err(NotFinal::OtherBlock),
            None => Ok(()),
        }
    }

    /// The same with no more votes than it takes, each authority's at most once, and with the headers that those need:
    /// what [`check`](Self::check) takes of what a node keeps, which may hold two votes of one who votes twice. None where
    /// the votes are too few.
    pub fn trimmed(&self, set: &AuthoritySet) -> Option<Self> {
        let weights = set.weights().ok()?;
        let target = self.commit.target();
        let headers: BTreeMap<Hash, &Header> = self
            .ancestries
            .iter()
            .map(|header| (header.hash(), header))
            .collect();
        let descent = Descent { headers };
        let mut votes: Vec<(usize, SignedVote)> = self
            .commit
            .votes
            .iter()
            .filter_map(|signed| Some((descent.route(target, signed.vote)?.len(), *signed)))
            .filter(|(_, signed)| weights.of.contains_key(&signed.key))
            .collect();
        // The nearest first: those for the block itself need no header.
        votes.sort_by_key(|(distance, signed)| (*distance, signed.key));
        let (mut taken, mut weight, mut voted, mut needed) =
            (Vec::new(), 0u64, BTreeSet::new(), BTreeSet::new());
        for (_, signed) in votes {
            if weight >= weights.threshold {
                break;
            }
            if !voted.insert(signed.key) {
                continue;
            }
            weight = weight.saturating_add(*weights.of.get(&signed.key)?);
            needed.extend(descent.route(target, signed.vote)?);
            taken.push(signed);
        }
        let trimmed = Self {
            round: self.round,
            commit: Commit {
                votes: taken,
                ..self.commit.clone()
            },
            ancestries: needed
                .iter()
                .filter_map(|hash| descent.headers.get(hash).map(|header| (*header).clone()))
                .collect(),
        };
        trimmed.check_weight(&weights).is_ok().then_some(trimmed)
    }
}

/// Which block comes after which.
struct Descent<'a> {
    headers: BTreeMap<Hash, &'a Header>,
}

impl<'a> Descent<'a> {
    fn new(ancestries: &'a [Header]) -> Result<Self, NotFinal> {
        let mut headers = BTreeMap::new();
        for header in ancestries {
            let hash = header.hash();
            if headers.insert(hash, header).is_some() {
                return Err(NotFinal::Superfluous(hash));
            }
        }
        Ok(Self { headers })
    }

    /// The blocks from the one that is voted for down to the target, without the target; none where there is no way.
    fn route(&self, target: Vote, vote: Vote) -> Option<Vec<Hash>> {
        let (mut route, mut at) = (Vec::new(), vote);
        while at != target {
            let header = self.headers.get(&at.hash)?;
            if header.number != at.number || at.number <= target.number {
                return None;
            }
            route.push(at.hash);
            at = Vote {
                hash: header.parent_hash,
                number: header.number.checked_sub(1)?,
            };
        }
        Some(route)
    }
}
