//! What the history begins with, and changes of authorities.

use codec::Encode;
use faultline_forge::{authority, vote, Chain, State};
use faultline_primitives::{consortium::Checkpoint, Hash};
use faultline_proof::{
    bundle::{Genesis, Start},
    finality::{Authority, Vote},
    header::{Change, DigestItem, GrandpaLog, Header, GRANDPA},
    keys, Anchor, Bundle,
};

use super::{bad, genesis, sound, Vector};

pub fn vectors() -> Vec<Vector> {
    let mut vectors = origins();
    vectors.extend(checkpoints());
    vectors.extend(changes());
    vectors
}

/// A list of authorities that is none, why, and what the fault is called.
pub fn no_sets() -> [(&'static str, &'static str, Vec<Authority>); 4] {
    let weighing = |weights: [u64; 2]| {
        let one = |(number, weight)| Authority {
            weight,
            ..authority(number)
        };
        (90..).zip(weights).map(one).collect()
    };
    [
        ("empty", "there are no authorities", vec![]),
        (
            "twice",
            "an authority is there twice",
            vec![authority(90), authority(91), authority(90)],
        ),
        ("weightless", "an authority weighs nothing", weighing([1, 0])),
        ("tooHeavy", "the authorities weigh 2^64", weighing([1, u64::MAX])),
    ]
}

fn origins() -> Vec<Vector> {
    let (chain, bundle) = sound();
    let mut vectors = vec![bad(
        "origin.otherGenesis",
        "",
        "the genesis hash of another chain is trusted",
        genesis(&Chain::new(5)),
        &bundle,
    )];
    // Whoever made the file says which genesis hash to trust; what follows from it must hold even so.
    let mut push = |fault: &str, why: &str, change: &dyn Fn(&mut Genesis)| {
        let mut bundle = bundle.clone();
        let Start::Genesis(begun) = &mut bundle.start else {
            panic!("it begins with the genesis block");
        };
        change(begun);
        let anchor = Anchor::Genesis(begun.header.hash());
        vectors.push(bad(&format!("origin.{fault}"), "", why, anchor, &bundle));
    };
    push("numbered", "the first block is number 1", &|begun| {
        begun.header.number = 1
    });
    push(
        "proof.missing",
        "a node of the first authorities' proof is missing",
        &|begun| {
            begun.nodes.pop();
        },
    );
    push(
        "proof.superfluous",
        "the first authorities' proof has a node that it does not need",
        &|begun| {
            begun.nodes.push(vec![0xff; 40]);
        },
    );
    push(
        "proof.outOfOrder",
        "the nodes of the first authorities' proof are in another order",
        &|begun| {
            begun.nodes.reverse();
        },
    );
    let says = |begun: &mut Genesis, value: Option<Vec<u8>>| {
        let mut state = State::default();
        state.put(keys::now(), &0u64);
        if let Some(value) = value {
            state.0.insert(keys::authorities(), value);
        }
        begun.header.state_root = state.root();
        begun.nodes = state.proof([keys::authorities()]);
    };
    push(
        "noAuthorities",
        "the genesis block has no authorities",
        &|begun| says(begun, None),
    );
    for (name, why, authorities) in no_sets() {
        push(&format!("set.{name}"), why, &|begun| {
            says(begun, Some(authorities.encode()))
        });
    }
    let mut longer = chain.first().authorities.encode();
    longer.push(0);
    let mut late = bundle.clone();
    let Start::Genesis(begun) = &mut late.start else {
        panic!("it begins with the genesis block");
    };
    says(begun, Some(longer));
    let anchor = Anchor::Genesis(begun.header.hash());
    vectors.push(bad(
        "origin.noAuthorities",
        "longer",
        "a byte follows the first authorities",
        anchor,
        &late,
    ));
    vectors
}

fn checkpoints() -> Vec<Vector> {
    let (chain, bundle) = sound();
    let checkpoint = chain.checkpoint();
    let mut late = bundle.clone();
    late.start = Start::Set(chain.set.clone());
    late.changes.clear();
    let other = Checkpoint {
        set: Hash([7; 32]),
        ..checkpoint
    };
    let later = Checkpoint {
        set_id: 9,
        ..checkpoint
    };
    let earlier = Checkpoint {
        set_id: 0,
        ..checkpoint
    };
    vec![
        bad(
            "origin.beginsLate",
            "",
            "only the genesis hash is trusted, and the bundle begins later",
            genesis(&chain),
            &late,
        ),
        bad(
            "origin.otherSet",
            "",
            "the checkpoint names another set",
            Anchor::Checkpoint(other),
            &bundle,
        ),
        bad(
            "origin.setNotShown",
            "later",
            "the checkpoint's set comes after all that are shown",
            Anchor::Checkpoint(later),
            &bundle,
        ),
        bad(
            "origin.setNotShown",
            "earlier",
            "the checkpoint's set comes before all that are shown",
            Anchor::Checkpoint(earlier),
            &late,
        ),
    ]
}

fn note(log: &GrandpaLog) -> DigestItem {
    DigestItem::Consensus(GRANDPA, log.encode())
}

/// The note by which a block hands over at once.
fn hand_over(next: Vec<Authority>) -> DigestItem {
    note(&GrandpaLog::ScheduledChange(Change { next, delay: 0 }))
}

/// Digests that no block of the chain has.
pub fn bad_notes() -> [(&'static str, &'static str, Vec<DigestItem>); 4] {
    let next = vec![authority(90)];
    let change = |delay| Change {
        next: next.clone(),
        delay,
    };
    [
        (
            "malformed",
            "a note to GRANDPA cannot be read",
            vec![DigestItem::Consensus(GRANDPA, vec![0xff])],
        ),
        (
            "forced",
            "authorities are changed by force",
            vec![note(&GrandpaLog::ForcedChange(0, change(0)))],
        ),
        (
            "delayed",
            "authorities change with a delay",
            vec![note(&GrandpaLog::ScheduledChange(change(3)))],
        ),
        (
            "several",
            "authorities change twice",
            vec![hand_over(next.clone()), hand_over(next.clone())],
        ),
    ]
}

fn changes() -> Vec<Vector> {
    let (chain, bundle) = sound();
    let first = Chain::new(4);
    let with = |changes| Bundle {
        changes,
        ..bundle.clone()
    };
    let bad = |fault: &str, variant: &str, why: &str, bundle: &Bundle| {
        bad(
            &format!("authorities.{fault}"),
            variant,
            why,
            genesis(&chain),
            bundle,
        )
    };
    let good = bundle.changes[0].clone();
    let mut vectors = vec![bad(
        "backwards",
        "",
        "a change is there twice",
        &with(vec![good.clone(), good.clone()]),
    )];
    let header = |notes| first.header(good.header.number, good.header.state_root, notes);
    let noted = |notes| with(vec![first.finalize(header(notes))]);
    vectors.push(bad(
        "none",
        "",
        "a block that changes no authorities stands among the changes",
        &noted(vec![]),
    ));
    for (name, why, notes) in bad_notes() {
        vectors.push(bad(&format!("note.{name}"), "", why, &noted(notes)));
    }
    for (name, why, authorities) in no_sets() {
        vectors.push(bad(
            &format!("set.{name}"),
            "",
            why,
            &noted(vec![hand_over(authorities)]),
        ));
    }
    let forged = Header {
        digest: vec![hand_over((90..94).map(authority).collect())],
        ..good.header.clone()
    };
    let mut other = good.clone();
    other.header = forged.clone();
    vectors.push(bad(
        "notFinal.otherBlock",
        "",
        "the header's authorities are others than the votes are for",
        &with(vec![other]),
    ));
    let target = Vote {
        hash: forged.hash(),
        number: forged.number,
    };
    let votes: Vec<_> = (90..93).map(|number| (number, target)).collect();
    let by_themselves = first.finalize_by(forged.clone(), &votes, vec![]);
    vectors.push(bad(
        "notFinal.stranger",
        "",
        "authorities are made by their own votes",
        &with(vec![by_themselves]),
    ));
    let by_two = first.finalize_by(forged, &[(0, target), (1, target)], vec![]);
    vectors.push(bad(
        "notFinal.tooFew",
        "",
        "two of four vote for a change",
        &with(vec![by_two]),
    ));
    let mut wrong = good.clone();
    let signed = &mut wrong.justification.commit.votes[0];
    *signed = vote(0, signed.vote, wrong.justification.round, 1);
    vectors.push(bad(
        "notFinal.signature",
        "",
        "a vote for a change is signed for another set",
        &with(vec![wrong]),
    ));
    vectors.push(bad(
        "notFinal.stranger",
        "skipped",
        "the first of two changes is left out",
        &skipping(),
    ));

    let mut ancient = first.clone();
    ancient.set.id = u64::MAX;
    let last = ancient.finalize(header(vec![hand_over(vec![authority(90)])]));
    let bundle = Bundle {
        start: Start::Set(ancient.set.clone()),
        changes: vec![last],
        ..bundle
    };
    let anchor = Anchor::Checkpoint(ancient.checkpoint());
    vectors.push(super::bad(
        "authorities.tooMany",
        "",
        "there were 2^64 sets before",
        anchor,
        &bundle,
    ));
    vectors
}

/// The same history with two changes and without the first of them.
fn skipping() -> Bundle {
    let (_, mut bundle) = faultline_forge::incident_bundle(4, 2, 3);
    bundle.changes.remove(0);
    bundle
}
