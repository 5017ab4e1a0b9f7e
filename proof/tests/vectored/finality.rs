//! Votes that do not make the block final.

use faultline_forge::{incident_bundle, state, vote, Chain, Story};
use faultline_primitives::Hash;
use faultline_proof::{
    bundle::Claim,
    finality::{Justification, Vote},
    Anchor, Bundle, Header,
};

use super::{bad, genesis, history::bad_notes, sound, Vector};

pub fn vectors() -> Vec<Vector> {
    let mut vectors = votes();
    vectors.extend(signatures());
    vectors.extend(ancestries());
    vectors.extend(blocks());
    vectors
}

fn of(header: &Header) -> Vote {
    Vote {
        hash: header.hash(),
        number: header.number,
    }
}

/// Spoils the votes of a good bundle.
fn spoiled(
    fault: &str,
    variant: &str,
    why: &str,
    spoil: impl FnOnce(&Chain, &Header, &mut Justification),
) -> Vector {
    let (chain, mut bundle) = sound();
    let block = &mut bundle.block;
    spoil(&chain, &block.header, &mut block.justification);
    bad(
        &format!("finality.notFinal.{fault}"),
        variant,
        why,
        genesis(&chain),
        &bundle,
    )
}

fn votes() -> Vec<Vector> {
    let (chain, mut of_hundred) = incident_bundle(100, 0, 3);
    of_hundred.block.justification.commit.votes.pop();
    let set = chain.set.id;
    vec![
        spoiled("tooFew", "", "two of four vote for it", |_, _, justification| {
            justification.commit.votes.pop();
        }),
        spoiled("tooFew", "none", "nobody votes for it", |_, _, justification| {
            justification.commit.votes.clear();
        }),
        bad(
            "finality.notFinal.tooFew",
            "hundred",
            "66 of 100 vote for it, where it takes 67",
            genesis(&chain),
            &of_hundred,
        ),
        spoiled(
            "votedTwice",
            "",
            "a vote is there twice, and one is missing",
            |_, _, justification| {
                let votes = &mut justification.commit.votes;
                votes[2] = votes[0];
            },
        ),
        spoiled(
            "votedTwice",
            "more",
            "a vote is there twice, beside enough others",
            |_, _, justification| {
                let votes = &mut justification.commit.votes;
                votes.push(votes[0]);
            },
        ),
        spoiled(
            "stranger",
            "",
            "one votes who is no authority, and one who is does not",
            |_, header, justification| {
                justification.commit.votes[2] = vote(1_000, of(header), justification.round, 1);
            },
        ),
        spoiled(
            "stranger",
            "more",
            "one votes who is no authority, beside enough others",
            |_, header, justification| {
                justification
                    .commit
                    .votes
                    .push(vote(1_000, of(header), justification.round, 1));
            },
        ),
        spoiled(
            "stranger",
            "before",
            "those vote who were authorities before the last change",
            move |_, header, justification| {
                let round = justification.round;
                justification.commit.votes = (0..3)
                    .map(|number| vote(number, of(header), round, set))
                    .collect();
            },
        ),
        spoiled(
            "otherBlock",
            "",
            "the votes are for another block",
            |_, header, justification| {
                let other = Hash([7; 32]);
                let votes = (0..3).map(|place| {
                    let target = Vote {
                        hash: other,
                        number: header.number,
                    };
                    vote(4 + place, target, justification.round, 1)
                });
                justification.commit.votes = votes.collect();
                justification.commit.target_hash = other;
            },
        ),
        spoiled(
            "otherBlock",
            "number",
            "the votes are said to be for a block of another number",
            |_, _, justification| {
                justification.commit.target_number += 1;
            },
        ),
    ]
}

fn signatures() -> Vec<Vector> {
    let signed = |variant: &str, why: &str, key: u32, round: u64, set: u64| {
        spoiled("signature", variant, why, move |_, header, justification| {
            let first = &mut justification.commit.votes[0];
            first.signature = vote(key, of(header), justification.round + round, set).signature;
        })
    };
    vec![
        spoiled(
            "signature",
            "bit",
            "a bit of a signature is another",
            |_, _, justification| {
                justification.commit.votes[1].signature[9] ^= 1;
            },
        ),
        signed("key", "a signature is by another key", 5, 0, 1),
        signed("round", "a signature is for another round", 4, 1, 1),
        signed("set", "a signature is for another set", 4, 0, 0),
        spoiled(
            "signature",
            "vote",
            "a signature is over a vote for another block",
            |chain, header, justification| {
                let other = of(&chain.child(header, 1));
                justification.commit.votes[0].signature = vote(4, other, justification.round, 1).signature;
            },
        ),
        spoiled(
            "signature",
            "said-round",
            "the round is said to be another than the votes are signed for",
            |_, _, justification| {
                justification.round += 1;
            },
        ),
        spoiled(
            "signature",
            "more",
            "a signature is wrong, beside enough others",
            |_, header, justification| {
                let mut more = vote(7, of(header), justification.round, 1);
                more.signature = [0; 64];
                justification.commit.votes.push(more);
            },
        ),
    ]
}

/// Votes: how many blocks after the block that is to be final, of a chain of three, and which headers are shown.
fn after(fault: &str, variant: &str, why: &str, votes: [usize; 3], shown: &[usize]) -> Vector {
    spoiled(fault, variant, why, |chain, header, justification| {
        let mut blocks = vec![header.clone()];
        for parent in 0..3 {
            blocks.push(chain.child(&blocks[parent], 1));
        }
        let votes = (4..)
            .zip(votes)
            .map(|(key, block)| vote(key, of(&blocks[block]), justification.round, 1));
        justification.commit.votes = votes.collect();
        justification.ancestries = shown.iter().map(|block| blocks[*block].clone()).collect();
    })
}

fn ancestries() -> Vec<Vector> {
    vec![
        after(
            "noDescendant",
            "",
            "a vote is for a block whose header is not shown",
            [0, 0, 1],
            &[],
        ),
        after(
            "noDescendant",
            "gap",
            "between the block and one that is voted for a header is missing",
            [0, 0, 2],
            &[2],
        ),
        after(
            "superfluous",
            "",
            "a header is shown that no vote needs",
            [0, 0, 1],
            &[1, 2],
        ),
        after(
            "superfluous",
            "twice",
            "a header is shown twice",
            [0, 0, 1],
            &[1, 1],
        ),
        after(
            "superfluous",
            "target",
            "the block's own header is shown among those after it",
            [0, 0, 1],
            &[0, 1],
        ),
        after(
            "laterBlock",
            "",
            "the votes make a later block final",
            [1, 1, 2],
            &[1, 2],
        ),
        spoiled(
            "noDescendant",
            "before",
            "a vote is for the block before",
            |_, header, justification| {
                let before = Vote {
                    hash: header.parent_hash,
                    number: header.number - 1,
                };
                justification.commit.votes[2] = vote(6, before, justification.round, 1);
            },
        ),
        spoiled(
            "noDescendant",
            "number",
            "a vote is for the block by another number",
            |_, header, justification| {
                let other = Vote {
                    number: header.number + 1,
                    ..of(header)
                };
                justification.commit.votes[2] = vote(6, other, justification.round, 1);
            },
        ),
        spoiled(
            "noDescendant",
            "leap",
            "a header says that it comes after the block, and counts on by two",
            |chain, header, justification| {
                let mut child = chain.child(header, 1);
                child.number += 1;
                justification.commit.votes[2] = vote(6, of(&child), justification.round, 1);
                justification.ancestries = vec![child];
            },
        ),
        spoiled(
            "otherBlock",
            "forks",
            "no vote is for the block itself, and those after it fork",
            |chain, header, justification| {
                let (one, other) = (chain.child(header, 1), chain.child(header, 2));
                let votes = [(4, &one), (5, &other), (6, &one), (7, &other)];
                let signed = votes.map(|(key, block)| vote(key, of(block), justification.round, 1));
                justification.commit.votes = signed.into();
                justification.ancestries = vec![one, other];
            },
        ),
    ]
}

fn blocks() -> Vec<Vector> {
    let (chain, bundle) = sound();
    let story = Story::told(7, 3);
    let root = state(std::slice::from_ref(&story)).root();
    let at = |number, notes| Bundle {
        block: chain.finalize(chain.header(number, root, notes)),
        claim: Claim::Incident(story.log().clone()),
        ..bundle.clone()
    };
    let (last, number) = (chain.checkpoint(), bundle.block.header.number);
    let mut vectors = vec![
        bad(
            "finality.notAfter",
            "",
            "the block comes before the last change, and is by those after it",
            genesis(&chain),
            &at(last.number - 1, vec![]),
        ),
        bad(
            "finality.notAfter",
            "same",
            "the block has the number of the last change, and is another",
            genesis(&chain),
            &at(last.number, vec![]),
        ),
        bad(
            "finality.notAfter",
            "checkpoint",
            "the block comes before the checkpoint",
            Anchor::Checkpoint(last),
            &at(last.number - 1, vec![]),
        ),
    ];
    for (name, why, notes) in bad_notes() {
        let fault = format!("finality.note.{name}");
        vectors.push(bad(&fault, "", why, genesis(&chain), &at(number, notes)));
    }
    vectors
}
