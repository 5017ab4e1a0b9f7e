//! A later bundle continues an earlier one, or it is shown where the record was rewritten.

use faultline_forge::{service_bundle, state, Chain, Story};
use faultline_primitives::{Hash, IncidentId, Millis, Span, UnixMillis};
use faultline_proof::{
    compare,
    compare::{Discontinuity, Grown},
    verify, Anchor, Bundle, Claim, Proven,
};

fn bundle(chain: &Chain, story: &Story) -> Bundle {
    chain.bundle(
        &state(std::slice::from_ref(story)),
        Claim::Incident(story.log().clone()),
    )
}

fn proven(chain: &Chain, bundle: &Bundle) -> Proven {
    verify(bundle, Anchor::Genesis(chain.genesis())).expect("a good bundle")
}

#[test]
fn a_longer_log_continues_a_shorter_one_that_begins_it() {
    let mut chain = Chain::new(4);
    let old = proven(&chain, &bundle(&chain, &Story::told(7, 5)));
    chain.change(4);
    let new = proven(&chain, &bundle(&chain, &Story::told(7, 9)));
    let extension = compare(&old, &new).expect("it continues");
    let grown = Grown {
        incident: IncidentId(7),
        before: 5,
        after: 9,
    };
    assert_eq!(extension.incidents, [grown]);
    assert_eq!(compare(&old, &old).expect("the same").incidents[0].after, 5);
    assert_eq!(compare(&new, &old), Err(Discontinuity::Reversed));
}

#[test]
fn the_first_entry_that_was_rewritten_or_lost_is_named() {
    let mut chain = Chain::new(4);
    let old = proven(&chain, &bundle(&chain, &Story::told(7, 5)));
    chain.change(4);
    let incident = IncidentId(7);
    let shorter = proven(&chain, &bundle(&chain, &Story::told(7, 3)));
    assert_eq!(
        compare(&old, &shorter),
        Err(Discontinuity::Rewritten { incident, entry: 3 })
    );
    let later = Story::told_from(7, 5, UnixMillis(1_733_958_000_000).after(Millis::minutes(1)));
    let rewritten = proven(&chain, &bundle(&chain, &later));
    assert_eq!(
        compare(&old, &rewritten),
        Err(Discontinuity::Rewritten { incident, entry: 0 })
    );
}

#[test]
fn two_final_blocks_of_one_number_are_a_fork() {
    let chain = Chain::new(4);
    let old = proven(&chain, &bundle(&chain, &Story::told(7, 5)));
    let new = proven(&chain, &bundle(&chain, &Story::told(7, 6)));
    let fork = Discontinuity::Fork {
        number: old.block.number,
        old: old.block.hash,
        new: new.block.hash,
    };
    assert_eq!(compare(&old, &new), Err(fork));
}

#[test]
fn bundles_of_two_chains_or_of_two_things_are_not_compared() {
    let chain = Chain::new(4);
    let mut other = Chain::new(5);
    other.change(5);
    let old = proven(&chain, &bundle(&chain, &Story::told(7, 5)));
    let new = proven(&other, &bundle(&other, &Story::told(7, 5)));
    assert_eq!(compare(&old, &new), Err(Discontinuity::OtherChain));
    let mut later = chain;
    later.change(4);
    let new = proven(&later, &bundle(&later, &Story::told(8, 5)));
    assert_eq!(compare(&old, &new), Err(Discontinuity::NothingShared));
}

#[test]
fn a_service_loses_no_incident() {
    let opened = |day: u64| UnixMillis(1_733_958_000_000).after(Millis::days(day));
    let stories: Vec<_> = (0..4)
        .map(|day| Story::told_from(10 + day, 3, opened(day)))
        .collect();
    let span = Span {
        from: opened(1),
        to: opened(2),
    };
    let mut chain = Chain::new(4);
    let old = proven(&chain, &service_bundle(&chain, &stories[..3], span));
    chain.change(4);
    let new = proven(&chain, &service_bundle(&chain, &stories, span));
    let extension = compare(&old, &new).expect("it continues");
    assert_eq!(extension.roll, Some((3, 4)));
    assert_eq!(extension.incidents.len(), 2);

    let lost = [stories[0].clone(), stories[2].clone(), stories[3].clone()];
    let new = proven(&chain, &service_bundle(&chain, &lost, span));
    assert_eq!(
        compare(&old, &new),
        Err(Discontinuity::RollRewritten { place: 1 })
    );
    assert_ne!(new.block.hash, Hash::default());
}
