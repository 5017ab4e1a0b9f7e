//! What is proven.

use faultline_forge::{incident_bundle, service_bundle, state, Chain, Story, START};
use faultline_primitives::{Millis, Span};
use faultline_proof::{
    bundle::{Claim, Start},
    finality::Vote,
    Anchor, Bundle, Header,
};

use super::{genesis, good, Vector};

pub fn vectors() -> Vec<Vector> {
    let mut vectors = vec![];
    for (name, why, validators, changes, entries) in [
        ("one-validator", "one validator makes blocks final alone", 1, 0, 1),
        ("four-validators", "no change of validators, 10 entries", 4, 0, 10),
        ("one-change", "one change of validators", 4, 1, 10),
        ("five-changes", "five changes of validators", 4, 5, 3),
        (
            "hundred-validators",
            "67 of 100 votes, before and after a change",
            100,
            1,
            3,
        ),
        (
            "many-entries",
            "as many entries as take more than three speakers",
            4,
            0,
            200,
        ),
    ] {
        let (chain, bundle) = incident_bundle(validators, changes, entries);
        vectors.push(good(name, why, genesis(&chain), &bundle));
    }

    let mut chain = Chain::new(4);
    let first = chain.checkpoint();
    chain.change(4);
    let second = chain.checkpoint();
    chain.change(4);
    let claim = |story: &Story| Claim::Incident(story.log().clone());
    let story = Story::told(7, 4);
    let mut bundle = chain.bundle(&state(std::slice::from_ref(&story)), claim(&story));
    let middle = Anchor::Checkpoint(second);
    vectors.push(good(
        "checkpoint",
        "from the validators after the first change of two",
        middle,
        &bundle,
    ));
    let last = Anchor::Checkpoint(chain.checkpoint());
    vectors.push(good(
        "checkpoint-last",
        "from the validators after the last change",
        last,
        &bundle,
    ));
    let at_genesis = Anchor::Checkpoint(first);
    vectors.push(good(
        "checkpoint-genesis",
        "from a checkpoint of the genesis block",
        at_genesis,
        &bundle,
    ));
    bundle.start = Start::Set(chain.set.clone());
    bundle.changes.clear();
    vectors.push(good(
        "start-set",
        "the history begins with the checkpoint's validators",
        last,
        &bundle,
    ));

    let redacted = Story::told(7, 4).redacted();
    let bundle = chain.bundle(&state(std::slice::from_ref(&redacted)), claim(&redacted));
    vectors.push(good(
        "redacted",
        "the council redacted a text, as the state says",
        genesis(&chain),
        &bundle,
    ));

    vectors.extend(services(&chain));
    vectors.extend(votes(&chain, &story));
    vectors
}

fn services(chain: &Chain) -> Vec<Vector> {
    let at = |hours| START.after(Millis::hours(hours));
    let stories = [
        Story::told_from(7, 1, at(0)),
        Story::told_from(8, 3, at(1)).redacted(),
        Story::told_from(9, 2, at(2)),
    ];
    let of = |from, to| {
        service_bundle(
            chain,
            &stories,
            Span {
                from: at(from),
                to: at(to),
            },
        )
    };
    let good = |name, why, bundle: &Bundle| good(name, why, genesis(chain), bundle);
    vec![
        good("service", "all incidents of a service", &of(0, 9)),
        good(
            "service-span",
            "of three incidents the one that was opened in the span: its ends count",
            &of(1, 1),
        ),
        good("service-quiet", "no incident was opened in the span", &of(5, 6)),
    ]
}

fn votes(chain: &Chain, story: &Story) -> Vec<Vector> {
    let state = state(std::slice::from_ref(story));
    let mut bundle = chain.bundle(&state, Claim::Incident(story.log().clone()));
    let header = bundle.block.header.clone();
    let of = |header: &Header| Vote {
        hash: header.hash(),
        number: header.number,
    };
    let key = |place| chain.key_of(place);
    let mut vectors = vec![];

    let all: Vec<_> = (0..4).map(|place| (key(place), of(&header))).collect();
    bundle.block = chain.finalize_by(header.clone(), &all, vec![]);
    vectors.push(good(
        "all-votes",
        "more votes than it takes",
        genesis(chain),
        &bundle,
    ));

    let child = chain.child(&header, 1);
    let grandchild = chain.child(&child, 1);
    let sibling = chain.child(&header, 2);
    let votes = [
        (key(0), of(&header)),
        (key(1), of(&grandchild)),
        (key(2), of(&sibling)),
    ];
    bundle.block = chain.finalize_by(header.clone(), &votes, vec![child, grandchild, sibling]);
    vectors.push(good(
        "ancestries",
        "votes for blocks that come after it, on two branches, with the headers that show it",
        genesis(chain),
        &bundle,
    ));

    let mut weighed = chain.clone();
    weighed.set.authorities[0].weight = 9;
    bundle.start = Start::Set(weighed.set.clone());
    bundle.changes.clear();
    bundle.block = weighed.finalize_by(header.clone(), &[(key(0), of(&header))], vec![]);
    let anchor = Anchor::Checkpoint(weighed.checkpoint());
    vectors.push(good("weights", "one vote that weighs 9 of 12", anchor, &bundle));
    vectors
}
