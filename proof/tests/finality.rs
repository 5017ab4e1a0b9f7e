//! Votes make a block final when more than two thirds of the weight are for it, each once, and not otherwise.

use faultline_forge::{authority, vote, Chain};
use faultline_primitives::Hash;
use faultline_proof::{
    finality::{AuthoritySet, BadSet, Finalized, NotFinal, Vote},
    header::{BadNote, Change, DigestItem, GrandpaLog, GRANDPA},
    Header,
};
use proptest::prelude::*;

fn header(chain: &Chain) -> Header {
    chain.header(42, Hash([9; 32]), vec![])
}

fn of(header: &Header) -> Vote {
    Vote {
        hash: header.hash(),
        number: header.number,
    }
}

/// Four validators, and a block that the first so many votes of them are for.
fn voted(votes: u32) -> (Chain, Finalized) {
    let chain = Chain::new(4);
    let header = header(&chain);
    let votes: Vec<_> = (0..votes).map(|number| (number, of(&header))).collect();
    let finalized = chain.finalize_by(header, &votes, vec![]);
    (chain, finalized)
}

fn outcome(chain: &Chain, finalized: &Finalized) -> Result<(), NotFinal> {
    finalized.check(&chain.set)
}

#[test]
fn three_of_four_are_enough_and_two_are_not() {
    for (votes, expected) in [
        (4, Ok(())),
        (3, Ok(())),
        (
            2,
            Err(NotFinal::TooFew {
                weight: 2,
                threshold: 3,
            }),
        ),
        (
            0,
            Err(NotFinal::TooFew {
                weight: 0,
                threshold: 3,
            }),
        ),
    ] {
        let (chain, finalized) = voted(votes);
        assert_eq!(outcome(&chain, &finalized), expected, "{votes} votes");
    }
}

#[test]
fn it_takes_all_but_less_than_a_third_of_the_weight() {
    for validators in 1..=32usize {
        let chain = Chain::new(validators);
        let enough = validators - (validators - 1) / 3;
        for votes in 0..=validators {
            let header = header(&chain);
            let target = of(&header);
            let votes: Vec<_> = (0..votes).map(|place| (chain.key_of(place), target)).collect();
            let finalized = chain.finalize_by(header, &votes, vec![]);
            assert_eq!(
                outcome(&chain, &finalized).is_ok(),
                votes.len() >= enough,
                "{votes:?}"
            );
        }
    }
}

#[test]
fn a_vote_that_is_there_twice_is_refused() {
    let (chain, mut finalized) = voted(3);
    let first = finalized.justification.commit.votes[0];
    finalized.justification.commit.votes.push(first);
    assert_eq!(outcome(&chain, &finalized), Err(NotFinal::VotedTwice(first.key)));
    // In place of a third one's, too.
    finalized.justification.commit.votes.remove(2);
    assert_eq!(outcome(&chain, &finalized), Err(NotFinal::VotedTwice(first.key)));
}

#[test]
fn a_stranger_does_not_vote() {
    let (chain, mut finalized) = voted(3);
    let stranger = vote(77, of(&finalized.header), finalized.justification.round, 0);
    finalized.justification.commit.votes.push(stranger);
    assert_eq!(outcome(&chain, &finalized), Err(NotFinal::Stranger(stranger.key)));
}

#[test]
fn a_signature_holds_for_its_vote_its_round_and_its_set() {
    let (chain, finalized) = voted(3);
    let first = finalized.justification.commit.votes[0].key;
    let wrong = Err(NotFinal::Signature(first));

    let mut other = finalized.clone();
    other.justification.round += 1;
    assert_eq!(outcome(&chain, &other), wrong);

    let later = AuthoritySet {
        id: 1,
        ..chain.set.clone()
    };
    assert_eq!(finalized.check(&later), wrong);

    for byte in 0..64 {
        let mut other = finalized.clone();
        other.justification.commit.votes[0].signature[byte] ^= 1;
        assert_eq!(outcome(&chain, &other), wrong, "byte {byte}");
    }
}

#[test]
fn votes_are_for_the_block_of_the_header() {
    let (chain, mut finalized) = voted(3);
    finalized.header.extrinsics_root = Hash([1; 32]);
    assert_eq!(outcome(&chain, &finalized), Err(NotFinal::OtherBlock));
}

#[test]
fn votes_for_blocks_after_it_count_with_the_headers_between_and_no_others() {
    let chain = Chain::new(4);
    let target = header(&chain);
    let child = chain.child(&target, 0);
    let grandchild = chain.child(&child, 0);
    let elsewhere = chain.child(&target, 1);
    let votes = [(0, of(&target)), (1, of(&child)), (2, of(&grandchild))];
    let check = |votes: &[(u32, Vote)], ancestries: &[&Header]| {
        let ancestries = ancestries.iter().map(|header| (*header).clone()).collect();
        outcome(&chain, &chain.finalize_by(target.clone(), votes, ancestries))
    };
    assert_eq!(check(&votes, &[&child, &grandchild]), Ok(()));
    assert_eq!(check(&votes, &[&grandchild, &child]), Ok(()));
    let key = |number| authority(number).key;
    assert_eq!(check(&votes, &[&grandchild]), Err(NotFinal::NoDescendant(key(1))));
    assert_eq!(check(&votes, &[&child]), Err(NotFinal::NoDescendant(key(2))));
    assert_eq!(check(&votes, &[]), Err(NotFinal::NoDescendant(key(1))));
    assert_eq!(
        check(&votes, &[&child, &grandchild, &elsewhere]),
        Err(NotFinal::Superfluous(elsewhere.hash()))
    );
    assert_eq!(
        check(&votes, &[&child, &grandchild, &child]),
        Err(NotFinal::Superfluous(child.hash()))
    );
    // One that is for the block before, and one that is for a block of another number than its header has.
    let before = Vote {
        hash: target.parent_hash,
        number: target.number - 1,
    };
    let stray = [(0, of(&target)), (1, of(&target)), (2, before)];
    assert_eq!(check(&stray, &[]), Err(NotFinal::NoDescendant(key(2))));
    let renumbered = Vote {
        number: grandchild.number,
        ..of(&child)
    };
    let stray = [(0, of(&target)), (1, of(&target)), (2, renumbered)];
    assert_eq!(check(&stray, &[&child]), Err(NotFinal::NoDescendant(key(2))));
}

#[test]
fn votes_that_make_a_later_block_final_are_not_taken_for_an_earlier_one() {
    let chain = Chain::new(4);
    let target = header(&chain);
    let child = chain.child(&target, 0);
    let other = chain.child(&target, 1);
    let check = |votes: &[(u32, Vote)], ancestries: &[&Header]| {
        let ancestries = ancestries.iter().map(|header| (*header).clone()).collect();
        outcome(&chain, &chain.finalize_by(target.clone(), votes, ancestries))
    };
    let later = [
        (0, of(&target)),
        (1, of(&child)),
        (2, of(&child)),
        (3, of(&child)),
    ];
    assert_eq!(check(&later, &[&child]), Err(NotFinal::LaterBlock(child.hash())));
    // Nobody votes for the block itself: the SDK finds no beginning there.
    let forked = [(0, of(&child)), (1, of(&child)), (2, of(&other))];
    assert_eq!(check(&forked, &[&child, &other]), Err(NotFinal::OtherBlock));
}

#[test]
fn a_set_is_of_distinct_authorities_that_weigh_something() {
    let (chain, finalized) = voted(3);
    let with = |change: &dyn Fn(&mut AuthoritySet)| {
        let mut set = chain.set.clone();
        change(&mut set);
        finalized.check(&set)
    };
    let key = chain.set.authorities[3].key;
    let bad = |why| Err(NotFinal::Set(why));
    assert_eq!(with(&|set| set.authorities.clear()), bad(BadSet::Empty));
    assert_eq!(
        with(&|set| set.authorities.push(authority(3))),
        bad(BadSet::Twice(key))
    );
    assert_eq!(
        with(&|set| set.authorities[3].weight = 0),
        bad(BadSet::Weightless(key))
    );
    assert_eq!(
        with(&|set| set.authorities[3].weight = u64::MAX),
        bad(BadSet::TooHeavy)
    );
    let heavy = with(&|set| set.authorities[3].weight = u64::MAX - 3);
    assert!(
        matches!(heavy, Err(NotFinal::TooFew { weight: 3, .. })),
        "{heavy:?}"
    );
}

#[test]
fn a_header_hands_over_once_at_once_and_never_by_force() {
    let chain = Chain::new(4);
    let scheduled = |delay| {
        GrandpaLog::ScheduledChange(Change {
            next: vec![authority(5)],
            delay,
        })
    };
    let noting = |notes: &[Vec<u8>]| {
        let items = notes
            .iter()
            .map(|note| DigestItem::Consensus(GRANDPA, note.clone()));
        chain
            .header(42, Hash([9; 32]), items.collect())
            .next_authorities()
    };
    let encoded = |note: &GrandpaLog| codec::Encode::encode(note);
    let once = encoded(&scheduled(0));
    assert_eq!(noting(&[]), Ok(None));
    assert_eq!(noting(std::slice::from_ref(&once)), Ok(Some(vec![authority(5)])));
    assert_eq!(noting(&[encoded(&GrandpaLog::OnDisabled(1))]), Ok(None));
    assert_eq!(noting(&[once.clone(), once.clone()]), Err(BadNote::Several));
    assert_eq!(noting(&[encoded(&scheduled(1))]), Err(BadNote::Delayed));
    let forced = GrandpaLog::ForcedChange(
        7,
        Change {
            next: vec![authority(5)],
            delay: 0,
        },
    );
    assert_eq!(noting(&[encoded(&forced)]), Err(BadNote::Forced));
    assert_eq!(noting(&[once.clone(), encoded(&forced)]), Err(BadNote::Forced));
    let longer = [once.as_slice(), &[0]].concat();
    assert_eq!(noting(&[longer]), Err(BadNote::Malformed));
    assert_eq!(noting(&[once[..9].to_vec()]), Err(BadNote::Malformed));
    assert_eq!(noting(&[vec![0]]), Err(BadNote::Malformed));
}

proptest! {
    /// Votes at random for blocks of a small tree, some authorities twice, strangers among them: as a node may keep them.
    #[test]
    fn what_is_trimmed_is_taken_and_nothing_is_trimmed_away_that_was_needed(
        validators in 1usize..12,
        places in prop::collection::vec((0u32..14, 0usize..5), 0..30),
    ) {
        let chain = Chain::new(validators);
        let target = header(&chain);
        let child = chain.child(&target, 0);
        let blocks = [
            target.clone(),
            child.clone(),
            chain.child(&child, 0),
            chain.child(&target, 1),
            // Not a descendant.
            chain.header(41, Hash([9; 32]), vec![]),
        ];
        let votes: Vec<_> = places.iter().map(|(number, block)| (*number, of(&blocks[*block]))).collect();
        let kept = chain.finalize_by(target.clone(), &votes, blocks[1..].to_vec());
        let trimmed = kept.justification.trimmed(&chain.set);
        // Enough distinct authorities vote for the target or after it, one of them at least for itself when the nearest are
        // taken first, and not enough for a later block.
        if let Some(trimmed) = &trimmed {
            let finalized = Finalized { header: target, justification: trimmed.clone() };
            prop_assert_eq!(finalized.check(&chain.set), Ok(()));
            prop_assert!(trimmed.commit.votes.len() <= validators - (validators - 1) / 3);
        } else {
            let is_member = |number: u32| (number as usize) < validators;
            let mut direct: Vec<_> = places.iter().filter(|(number, block)| *block == 0 && is_member(*number)).collect();
            direct.sort_unstable();
            direct.dedup();
            prop_assert!(direct.len() < validators - (validators - 1) / 3, "they are enough by themselves");
        }
        // Whatever is taken whole is still taken when it is trimmed.
        if kept.check(&chain.set).is_ok() {
            prop_assert!(trimmed.is_some());
        }
    }
}
