//! What changed, in order, for whoever follows.

use std::collections::BTreeMap;

use anyhow::{ensure, Context, Result};
use faultline_index::ChangePosition;
use faultline_primitives::{incident::Incident, BlockNumber, IncidentId, Record};
use rand::Rng;

use crate::{
    chain::{FakeChain, Kept, Past, BLOCKS},
    oracle::Truth,
    random::for_seeds,
};

type Change = (ChangePosition, Record<Incident>);

fn changes(kept: &Kept, after: ChangePosition, limit: usize) -> Result<Vec<Change>> {
    Ok(kept.index().read(|reading| reading.changes(after, limit))?)
}

#[test]
fn from_any_position_each_incident_comes_once_as_its_last_entry_made_it_and_in_order() {
    for_seeds(50..54, |seed, chance| {
        let past = Past::of(seed)?;
        let chain = FakeChain::new(&past, chance.random_range(BLOCKS / 4..=BLOCKS));
        let kept = Kept::built(&chain)?;
        let truth = Truth::at(&past, chain.number());
        for _ in 0..60 {
            let mut after = ChangePosition {
                block: chance.random_range(0..=chain.number() + 2),
                incident: IncidentId(chance.random_range(0..1_600)),
            };
            let place = |record: &&Record<Incident>| (record.block, record.state.id);
            let mut right = truth.records();
            right.retain(|record| place(record) > (after.block, after.incident));
            right.sort_by_key(place);
            let limit = chance.random_range(1..400);
            let mut given = Vec::new();
            loop {
                let part = changes(&kept, after, limit)?;
                ensure!(part.len() <= limit, "a part holds more than it may");
                let Some((last, _)) = part.last() else { break };
                after = *last;
                given.extend(part);
            }
            let is_right = |((position, record), right): (&Change, &&Record<Incident>)| {
                record == *right && (position.block, position.incident) == place(right)
            };
            ensure!(
                given.len() == right.len() && given.iter().zip(&right).all(is_right),
                "other changes than there were"
            );
        }
        Ok(())
    });
}

#[test]
fn whoever_follows_while_it_grows_is_given_the_last_word_on_everything_and_nothing_twice() {
    for_seeds(60..68, |seed, chance| {
        let past = Past::of(seed)?;
        let begun = chance.random_range(500..1_500);
        let chain = FakeChain::new(&past, begun);
        let mut kept = Kept::built(&chain)?;
        let mut after = ChangePosition::end_of(begun);
        let mut last = BTreeMap::<IncidentId, Record<Incident>>::new();
        let read =
            |kept: &Kept, after: &mut ChangePosition, last: &mut BTreeMap<_, _>, limit| -> Result<usize> {
                let part = changes(kept, *after, limit)?;
                for (position, record) in &part {
                    ensure!(*after < *position, "it goes back from {after:?} to {position:?}");
                    *after = *position;
                    let before = last.insert(record.state.id, record.clone());
                    let before = before.map_or(0, |before: Record<Incident>| before.entries);
                    ensure!(before < record.entries, "{} is given twice", record.state.id);
                }
                Ok(part.len())
            };
        while chain.number() < BLOCKS {
            // At times so far that everything is compared, as on a node that was off.
            chain.grow(
                *[1, 5, 30, 300]
                    .get(chance.random_range(0..4))
                    .context("of four")?,
            );
            for _ in 0..chance.random_range(0..3) {
                kept.follower().step()?;
                if kept.index().state().building.is_none() {
                    read(&kept, &mut after, &mut last, chance.random_range(1..50))?;
                }
            }
            if chance.random_bool(0.02) {
                kept.reopen(&chain)?;
            }
        }
        kept.finish()?;
        while read(&kept, &mut after, &mut last, 64)? > 0 {}
        for record in past.incidents_at(BLOCKS) {
            let id = record.state.id;
            let changed = record.block > begun;
            ensure!(
                last.get(&id) == Some(record).filter(|_| changed),
                "{id} was given otherwise"
            );
        }
        Ok(())
    });
}

#[test]
fn the_end_of_a_block_lies_after_all_that_changed_in_it() -> Result<()> {
    let past = Past::of(70)?;
    let kept = Kept::built(&FakeChain::new(&past, BLOCKS))?;
    for block in (0..=BLOCKS).step_by(97) {
        let first = changes(&kept, ChangePosition::end_of(block), 1)?;
        let later = |record: &&Record<Incident>| record.block > block;
        let right = past
            .incidents_at(BLOCKS)
            .filter(later)
            .map(|record| record.block)
            .min();
        assert_eq!(
            first.first().map(|(position, _)| position.block),
            right,
            "after {block}"
        );
    }
    let end: BlockNumber = BLOCKS;
    let nothing = kept.index().read(|reading| {
        assert_eq!(reading.head().number, end);
        reading.changes(ChangePosition::end_of(end), 10)
    })?;
    assert!(nothing.is_empty());
    Ok(())
}
