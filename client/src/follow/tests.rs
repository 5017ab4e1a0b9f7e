//! Nodes that come and go, some behind others, in a simulation: what is looked for is found once, and nothing is left out.

use std::collections::BTreeMap;

use faultline_primitives::Hash;
use jsonrpsee::core::ClientError;

use super::*;
use crate::transaction::LIFETIME;

const BORN: u32 = 100;

/// What a node does the next time that it is asked how far it is.
#[derive(Clone, Copy, Debug)]
enum Turn {
    /// It has made this block final.
    At(u32),
    /// It does not answer.
    Gone,
}

/// The chain: nodes that take each other's place in turn, and what was asked of them.
#[derive(Default)]
struct World {
    /// What each node does, in order of the nodes that are talked to; after that, there is none.
    nodes: Vec<Vec<Turn>>,
    /// Which of them it is, and how many turns it has had.
    node: usize,
    turn: usize,
    /// How far it said that it is.
    at: u32,
    /// The block that holds the transaction.
    holds: Option<u32>,
    /// From which block on it can never be recorded.
    lost_from: Option<u32>,
    /// The nodes that no longer have block 103.
    lacking: Vec<usize>,
    looked_into: Vec<u32>,
    submitted: BTreeMap<usize, u32>,
}

fn gone() -> Error {
    Error::Unreachable {
        url: "ws://gone".into(),
        source: Box::new(ClientError::RequestTimeout),
    }
}

impl Chain for &mut World {
    async fn newest(&mut self) -> Result<u32> {
        let turns = self.nodes.get(self.node).cloned().unwrap_or_default();
        let turn = turns.get(self.turn).copied();
        self.turn += 1;
        match turn {
            Some(Turn::At(number)) => {
                self.at = number;
                Ok(number)
            }
            // A node that has nothing more to say is gone as well.
            Some(Turn::Gone) | None => Err(gone()),
        }
    }

    async fn place_in(&mut self, _: &Signed, number: u32) -> Result<Option<(BlockView, u32)>> {
        assert!(number <= self.at, "block {number} is not final yet");
        if number == 103 && self.lacking.contains(&self.node) {
            return Err(Error::Lacking {
                url: "ws://pruned".into(),
                what: format!("no longer has block {number}"),
            });
        }
        self.looked_into.push(number);
        let block = BlockView {
            number,
            hash: Hash([1; 32]),
        };
        Ok((self.holds == Some(number)).then_some((block, 0)))
    }

    async fn outcome(&mut self, signed: &Signed, block: BlockView, _: u32) -> Result<Recorded> {
        Ok(Recorded {
            block,
            transaction: signed.hash(),
            events: Vec::new(),
            refused: Vec::new(),
            motion: Vec::new(),
        })
    }

    async fn submit(&mut self, _: &Signed) -> Result<()> {
        *self.submitted.entry(self.node).or_default() += 1;
        Ok(())
    }

    async fn loss(&mut self, _: &Signed, after: u32) -> Result<Option<Loss>> {
        assert_eq!(after, self.at, "only what the node has made final is asked about");
        let looked = self.looked_into.last().copied().unwrap_or(BORN);
        assert_eq!(looked, after, "all up to it was looked into");
        let lost = self.lost_from.is_some_and(|from| after >= from);
        Ok(lost.then_some(Loss::NonceTaken))
    }

    async fn next_node(&mut self, _: &Error) -> Result<()> {
        (self.node, self.turn) = (self.node + 1, 0);
        match self.node < self.nodes.len() {
            true => Ok(()),
            // There is none left: the one that would wait for ever is told so at last.
            false => Err(Error::Incompatible("no node is left".into())),
        }
    }

    fn nodes(&self) -> usize {
        self.nodes.len()
    }
}

/// What waiting comes to: the block that holds it, or the error.
fn waited(world: &mut World) -> std::result::Result<u32, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let signed = Signed::example(BORN);
    runtime
        .block_on(Follow::new(world, &signed).run())
        .map(|recorded| recorded.block.number)
}

fn world(nodes: &[&[Turn]], holds: Option<u32>) -> World {
    World {
        nodes: nodes.iter().map(|turns| turns.to_vec()).collect(),
        holds,
        ..World::default()
    }
}

fn until() -> u32 {
    BORN + LIFETIME - 1
}

#[test]
fn a_node_that_is_behind_takes_over_and_no_block_is_left_out_or_looked_into_twice() {
    use Turn::{At, Gone};
    let mut world = world(
        &[
            &[At(104), At(110), Gone],
            &[At(106), At(106), At(109), Gone],
            &[At(111), At(113)],
        ],
        Some(112),
    );
    assert_eq!(waited(&mut world).ok(), Some(112));
    assert_eq!(world.looked_into, (101..=112).collect::<Vec<_>>());
}

#[test]
fn its_time_is_not_over_while_the_node_that_took_over_has_yet_to_get_there() {
    use Turn::{At, Gone};
    let last = until();
    let mut recorded_last = world(
        &[&[At(last - 1), Gone], &[At(BORN), At(last - 2), At(last)]],
        Some(last),
    );
    assert_eq!(waited(&mut recorded_last).ok(), Some(last));
    // A node far past the end is no reason to look less closely, or further than can be.
    let mut jumped = world(&[&[At(BORN), At(last + 40)]], Some(last));
    assert_eq!(waited(&mut jumped).ok(), Some(last));
    let mut too_late = world(&[&[At(BORN), At(last + 40)]], Some(last + 1));
    assert!(matches!(waited(&mut too_late), Err(Error::Expired { .. })));
    assert_eq!(too_late.looked_into, (BORN + 1..=last).collect::<Vec<_>>());
}

#[test]
fn it_is_submitted_at_once_to_a_node_that_takes_over_and_again_after_some_blocks() {
    use Turn::{At, Gone};
    let mut world = world(
        &[
            &[At(101), At(102), Gone],
            &[At(101), At(102), Gone],
            &[At(102), At(103), At(104), At(105), At(106)],
        ],
        Some(106),
    );
    assert_eq!(waited(&mut world).ok(), Some(106));
    assert_eq!(world.submitted, BTreeMap::from([(1, 1), (2, 2)]));
}

#[test]
fn that_it_never_can_be_recorded_is_said_only_of_blocks_that_were_looked_into() {
    use Turn::{At, Gone};
    let mut taken = world(&[&[At(102), Gone], &[At(101), At(102), At(104)]], None);
    taken.lost_from = Some(102);
    assert!(matches!(
        waited(&mut taken),
        Err(Error::Superseded {
            loss: Loss::NonceTaken,
            ..
        })
    ));
    // It took the nonce itself: it is found before anybody is asked.
    let mut own = world(&[&[At(110)]], Some(105));
    own.lost_from = Some(105);
    assert_eq!(waited(&mut own).ok(), Some(105));
}

#[test]
fn a_block_that_one_node_no_longer_has_is_looked_into_at_the_next() {
    use Turn::At;
    let nodes: &[&[Turn]] = &[&[At(104)], &[At(104), At(106)]];
    let mut pruned = world(nodes, Some(105));
    pruned.lacking = vec![0];
    assert_eq!(waited(&mut pruned).ok(), Some(105));
    assert_eq!(pruned.looked_into, (101..=105).collect::<Vec<_>>());
    // Where none has it, that is what is said.
    let mut nowhere = world(nodes, Some(105));
    nowhere.lacking = vec![0, 1];
    assert!(matches!(waited(&mut nowhere), Err(Error::Lacking { .. })));
}

/// Numbers that look random, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.0 >> 33).unwrap() % sides
    }
}

#[test]
fn however_nodes_come_and_go_it_is_found_where_it_is_and_expires_only_where_it_is_not() {
    for seed in 0..2_000 {
        let mut dice = Dice(seed);
        let mut nodes = Vec::new();
        let mut reached = BORN;
        while reached <= until() {
            let mut at = reached.saturating_sub(dice.below(8)).max(BORN);
            let mut turns = Vec::new();
            for _ in 0..=dice.below(12) {
                turns.push(Turn::At(at));
                reached = reached.max(at);
                at += dice.below(4);
            }
            turns.push(Turn::Gone);
            nodes.push(turns);
        }
        let holds = (dice.below(3) > 0).then(|| BORN + 1 + dice.below(LIFETIME + 8));
        let mut world = World {
            nodes,
            holds,
            ..World::default()
        };
        let outcome = waited(&mut world);
        let expected = holds.filter(|block| *block <= until());
        match (expected, outcome) {
            (Some(block), Ok(found)) => assert_eq!(found, block, "seed {seed}"),
            (None, Err(Error::Expired { .. })) => {}
            (expected, outcome) => panic!("seed {seed}: {expected:?}, and it was {outcome:?}"),
        }
        let last = expected.unwrap_or(until());
        assert_eq!(
            world.looked_into,
            (BORN + 1..=last).collect::<Vec<_>>(),
            "seed {seed}"
        );
    }
}
