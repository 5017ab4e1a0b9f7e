//! Keeping step, whatever happens on the way.

use std::{
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
};

use anyhow::{ensure, Result};
use faultline_index::{Error, Filter, Step, MAX_WALK};
use faultline_primitives::IncidentId;
use rand::Rng;

use crate::{
    chain::{FakeChain, Kept, Past, BLOCKS},
    oracle::Truth,
    random::for_seeds,
};

#[test]
fn whatever_the_order_of_steps_prunings_failures_and_openings_it_is_what_is_built_at_once() {
    for_seeds(0..16, |seed, chance| {
        let past = Past::of(seed)?;
        let upgrades: Vec<_> = (0..3).map(|_| chance.random_range(1..BLOCKS)).collect();
        let chain = FakeChain::upgraded(&past, chance.random_range(0..BLOCKS / 2), upgrades);
        let mut kept = Kept::new(&chain)?;
        for _ in 0..60 {
            match chance.random_range(0..12) {
                0..4 => chain.grow(chance.random_range(1..=40)),
                4 => chain.grow(chance.random_range(1..=2 * MAX_WALK)),
                5 => chain.prune(chance.random_range(1..=300)),
                6 => ensure!(!kept.reopen(&chain)?, "it was thrown away"),
                7 => {
                    let before = kept.index().state();
                    chain.fail_after(chance.random_range(0..6));
                    if kept.follower().step().is_err() {
                        ensure!(
                            kept.index().state() == before,
                            "it moved, and says that it did not"
                        );
                    }
                    chain.fail_never();
                }
                8 => kept.finish()?,
                _ => {
                    for _ in 0..chance.random_range(1..6) {
                        kept.follower().step()?;
                    }
                }
            }
        }
        kept.finish()?;
        kept.assert_as_rebuilt()?;
        chain.reset(BLOCKS);
        kept.finish()?;
        kept.assert_as_rebuilt()
    });
}

#[test]
fn a_few_blocks_are_walked_and_many_are_compared() -> Result<()> {
    let chain = FakeChain::new(&Past::of(1)?, 1_000);
    let kept = Kept::built(&chain)?;
    chain.grow(MAX_WALK);
    assert!(matches!(kept.follower().step()?, Step::Advanced(head) if head.number > 1_000));
    kept.finish()?;
    kept.assert_as_rebuilt()?;
    chain.grow(MAX_WALK + 1);
    assert!(matches!(kept.follower().step()?, Step::Begun(_)));
    kept.finish()?;
    kept.assert_as_rebuilt()
}

#[test]
fn at_a_change_of_the_runtime_everything_is_compared() -> Result<()> {
    let chain = FakeChain::upgraded(&Past::of(2)?, 1_000, [1_010]);
    let kept = Kept::built(&chain)?;
    chain.grow(20);
    assert_eq!(kept.follower().step()?, Step::Begun("the runtime changed"));
    kept.finish()?;
    assert_eq!(kept.index().state().head.map(|head| head.number), Some(1_020));
    kept.assert_as_rebuilt()
}

#[test]
fn one_that_is_built_is_no_answer_and_says_how_far_it_is() -> Result<()> {
    let chain = FakeChain::new(&Past::of(3)?, BLOCKS);
    let kept = Kept::new(&chain)?;
    let read = || kept.index().read(|reading| Ok::<_, Error>(reading.head()));
    assert!(matches!(read(), Err(Error::Building { done: 0, of: 0 })));
    kept.follower().step()?;
    assert!(matches!(read(), Err(Error::Building { done: 0, of: 1_500 })));
    kept.follower().step()?;
    assert!(matches!(read(), Err(Error::Building { done: 512, of: 1_500 })));
    kept.finish()?;
    assert_eq!(read()?.number, BLOCKS);

    // So too where it was whole before, and everything is compared again.
    let other = FakeChain::new(&Past::of(3)?, 100);
    let kept = Kept::built(&other)?;
    other.grow(2 * MAX_WALK);
    kept.follower().step()?;
    let read = kept.index().read(|reading| Ok::<_, Error>(reading.head()));
    assert!(matches!(read, Err(Error::Building { done: 0, .. })));
    Ok(())
}

#[test]
fn one_whose_state_is_pruned_while_it_is_built_begins_again() -> Result<()> {
    let chain = FakeChain::new(&Past::of(4)?, BLOCKS / 2);
    let mut kept = Kept::new(&chain)?;
    kept.follower().step()?;
    assert!(matches!(kept.follower().step()?, Step::Built(_)));
    chain.grow(500);
    chain.prune(10);
    kept.reopen(&chain)?;
    let step = kept.follower().step()?;
    assert_eq!(step, Step::Begun("the state that it was built from is gone"));
    kept.finish()?;
    kept.assert_as_rebuilt()
}

#[test]
fn one_that_is_ahead_of_a_restored_chain_is_emptied_and_built_again() -> Result<()> {
    let chain = FakeChain::new(&Past::of(5)?, 3_000);
    let kept = Kept::built(&chain)?;
    chain.reset(1_000);
    assert!(matches!(kept.follower().step()?, Step::Begun(_)));
    assert!(kept
        .index()
        .read(|reading| Ok::<_, Error>(reading.head()))
        .is_err());
    kept.finish()?;
    assert_eq!(kept.index().state().head.map(|head| head.number), Some(1_000));
    kept.assert_as_rebuilt()?;
    // And on the way back up.
    while chain.number() < 3_000 {
        chain.grow(100);
        kept.finish()?;
    }
    kept.assert_as_rebuilt()
}

#[test]
fn one_of_a_branch_that_never_became_final_is_emptied_and_built_again() -> Result<()> {
    let chain = FakeChain::new(&Past::of(6)?, 2_000);
    let kept = Kept::built(&chain)?;
    chain.fork_after(1_900);
    chain.grow(10);
    assert!(matches!(kept.follower().step()?, Step::Begun(_)));
    kept.finish()?;
    kept.assert_as_rebuilt()
}

/// A restored chain, where an index was being built of what came after: the state of that block may still be there.
fn restored_while_it_is_built(restore: fn(&FakeChain)) -> Result<()> {
    let chain = FakeChain::new(&Past::of(7)?, BLOCKS);
    let mut kept = Kept::new(&chain)?;
    for _ in 0..3 {
        kept.follower().step()?;
    }
    assert_eq!(
        kept.index().state().building.map(|building| building.done),
        Some(1_024)
    );
    restore(&chain);
    kept.reopen(&chain)?;
    let head = |kept: &Kept| kept.index().state().head.map(|head| head.number);
    while kept.follower().step()? != Step::Done {
        ensure!(
            head(&kept).is_none_or(|head| head <= 500),
            "it stands at what is not final"
        );
    }
    assert_eq!(head(&kept), Some(500));
    kept.assert_as_rebuilt()
}

#[test]
fn nothing_stays_of_a_future_that_was_being_built_when_the_chain_was_restored() -> Result<()> {
    restored_while_it_is_built(|chain| chain.reset(500))
}

#[test]
fn a_block_that_is_final_no_more_is_built_no_further() -> Result<()> {
    restored_while_it_is_built(|chain| chain.unfinalize(500))
}

#[test]
fn a_reader_sees_one_block_and_never_half_a_step() -> Result<()> {
    let past = Past::of(8)?;
    let chain = FakeChain::new(&past, 400);
    let kept = Kept::built(&chain)?;
    let (index, over) = (kept.index().clone(), AtomicBool::new(false));
    thread::scope(|scope| {
        let reader = scope.spawn(|| -> Result<usize> {
            let mut blocks = std::collections::BTreeSet::new();
            while !over.load(Relaxed) {
                index.read(|reading| -> Result<()> {
                    let number = reading.head().number;
                    let found = reading.incidents(&Filter::default(), None, 40)?;
                    let ids: Vec<_> = found.items.iter().map(|record| record.state.id).collect();
                    let truth = Truth::at(&past, number);
                    let right: Vec<IncidentId> = truth.matching(&Filter::default());
                    ensure!(right.starts_with(&ids), "at block {number}: {ids:?}");
                    for record in &found.items {
                        let id = record.state.id;
                        ensure!(
                            past.incident(id, number) == Some(record),
                            "{id} at block {number}"
                        );
                    }
                    blocks.insert(number);
                    Ok(())
                })?;
            }
            Ok(blocks.len())
        });
        let walk = || -> Result<()> {
            while chain.number() < BLOCKS {
                chain.grow(7);
                kept.finish()?;
            }
            Ok(())
        };
        let walked = walk();
        over.store(true, Relaxed);
        walked?;
        let blocks = reader.join().expect("the reader does not panic")?;
        println!("read at {blocks} blocks");
        ensure!(blocks > 5, "it was read at {blocks} blocks only");
        Ok(())
    })
}
