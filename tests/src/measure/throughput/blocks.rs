//! Blocks: how full they are, and what ended each.

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use faultline_primitives::Hash;
use serde_json::{json, Value};

use super::limits::Limits;
use crate::{load::follow::Block, measure::figures::Figures};

/// What ended a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// It may weigh no more.
    Weight,
    /// It may be no longer.
    Length,
    /// Its time was up.
    Time,
    /// There were no more transactions.
    Pool,
    /// It took none.
    Other,
}

impl Bound {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Weight => "weight",
            Self::Length => "length",
            Self::Time => "time",
            Self::Pool => "pool",
            Self::Other => "other",
        }
    }

    fn of(end: &str) -> Self {
        match end {
            "HitBlockWeightLimit" => Self::Weight,
            "HitBlockSizeLimit" => Self::Length,
            "HitDeadline" => Self::Time,
            "NoMoreTransactions" => Self::Pool,
            _ => Self::Other,
        }
    }
}

/// What its author says of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// How long making it took.
    pub took: Duration,
    /// What ended it.
    pub bound: Bound,
}

/// What a node's log says of the blocks that it made. It names a block before it is sealed, and then says by which hash it
/// is known from then on.
pub fn prepared(log: &str) -> HashMap<Hash, Prepared> {
    let said: HashMap<_, _> = log.lines().filter_map(proposed).collect();
    let sealed = log.lines().filter_map(sealed);
    sealed
        .filter_map(|(now, before)| Some((now, *said.get(&before)?)))
        .collect()
}

/// Reads `Prepared block for proposing at 7 (12 ms) hash: 0x…; parent_hash: 0x…; end: HitDeadline; extrinsics_count: 9`.
fn proposed(line: &str) -> Option<(Hash, Prepared)> {
    let (_, rest) = line.split_once("Prepared block for proposing at ")?;
    let (_, rest) = rest.split_once('(')?;
    let (took, rest) = rest.split_once(" ms)")?;
    let (_, rest) = rest.split_once("hash: ")?;
    let (block, rest) = rest.split_once(';')?;
    let (_, rest) = rest.split_once("end: ")?;
    let prepared = Prepared {
        took: Duration::from_millis(took.parse().ok()?),
        bound: Bound::of(rest.split(';').next()?.trim()),
    };
    Some((hash(block)?, prepared))
}

/// Reads `Pre-sealed block for proposal at 7. Hash now 0x…, previously 0x….`
fn sealed(line: &str) -> Option<(Hash, Hash)> {
    let (_, rest) = line.split_once("Hash now ")?;
    let (now, before) = rest.split_once(", previously ")?;
    Some((hash(now)?, hash(before.trim().trim_end_matches('.'))?))
}

fn hash(text: &str) -> Option<Hash> {
    serde_json::from_value(text.into()).ok()
}

/// The blocks of the steady middle part: those after the first that came in it. That first one is where counting begins.
pub fn middle(blocks: &[Block], from: Instant, to: Instant) -> Option<(&Block, &[Block])> {
    let within = |block: &Block| block.seen >= from && block.seen <= to;
    let first = blocks.iter().position(within)?;
    let last = blocks.iter().rposition(within)?;
    let (begin, counted) = blocks.get(first..=last)?.split_first()?;
    (!counted.is_empty()).then_some((begin, counted))
}

/// What blocks come to.
#[derive(Clone, Debug)]
pub struct Filled {
    /// How many.
    pub blocks: usize,
    /// How many of them were ended by what.
    pub bounds: BTreeMap<Bound, usize>,
    /// Transactions of a block: the median.
    pub transactions: u64,
    /// Part of what members' transactions may weigh in one that they say they do: the median.
    pub weight: f64,
    /// Part of what they may be long: the median.
    pub length: f64,
    /// How long making one took.
    pub proposing: Figures,
    /// From one to the next, by their own times.
    pub interval: Figures,
    /// From seeing one to seeing that it is final.
    pub lag: Figures,
}

impl Filled {
    /// Of blocks in order, the first of which was made after `begin`.
    pub fn of(begin: &Block, blocks: &[Block], said: &HashMap<Hash, Prepared>, limits: &Limits) -> Self {
        let mut bounds = BTreeMap::new();
        let mut proposing = Vec::new();
        for block in blocks {
            let prepared = said.get(&block.hash);
            let bound = prepared.map_or(Bound::Other, |prepared| prepared.bound);
            *bounds.entry(bound).or_default() += 1;
            proposing.extend(prepared.map(|prepared| prepared.took));
        }
        let part = |of: u64, limit: u64| of as f64 / limit.max(1) as f64;
        let normal = |block: &Block| {
            block
                .weight
                .get(frame_support::dispatch::DispatchClass::Normal)
                .ref_time()
        };
        let mut before = begin.time;
        let intervals = blocks.iter().map(|block| {
            let interval = Duration::from_millis(block.time.saturating_sub(before));
            before = block.time;
            interval
        });
        let count = |block: &Block| u64::try_from(block.transactions.len()).unwrap_or(u64::MAX);
        let lag = |block: &Block| Some(block.finalized?.saturating_duration_since(block.seen));
        Self {
            blocks: blocks.len(),
            bounds,
            transactions: median(blocks.iter().map(count).collect()).unwrap_or_default(),
            weight: median_of(
                blocks
                    .iter()
                    .map(|block| part(normal(block), limits.weight))
                    .collect(),
            ),
            length: median_of(
                blocks
                    .iter()
                    .map(|block| part(block.length, limits.length))
                    .collect(),
            ),
            proposing: Figures::of(proposing),
            interval: Figures::of(intervals.collect()),
            lag: Figures::of(blocks.iter().filter_map(lag).collect()),
        }
    }

    /// Which part of the blocks was ended by what, most first: `weight 90 %, pool 10 %`.
    pub fn bound(&self) -> String {
        let mut bounds: Vec<_> = self.bounds.iter().collect();
        bounds.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let share = |(bound, count): (&Bound, &usize)| {
            let share = count * 100 / self.blocks.max(1);
            format!("{} {share} %", bound.name())
        };
        bounds.into_iter().map(share).collect::<Vec<_>>().join(", ")
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        let bounds: BTreeMap<_, _> = self
            .bounds
            .iter()
            .map(|(bound, count)| (bound.name(), count))
            .collect();
        json!({
            "blocks": self.blocks,
            "boundBy": bounds,
            "transactionsMedian": self.transactions,
            "weightOfLimitMedian": self.weight,
            "lengthOfLimitMedian": self.length,
            "proposing": self.proposing.to_json(),
            "interval": self.interval.to_json(),
            "finalityLag": self.lag.to_json(),
        })
    }
}

fn median(mut of: Vec<u64>) -> Option<u64> {
    of.sort_unstable();
    of.get(of.len() / 2).copied()
}

fn median_of(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_author_says_of_a_block_is_read_and_known_by_the_hash_that_it_has_at_last() {
        let hash = |last: &str| format!("0x{}{last}", "0".repeat(62));
        let log = format!(
            "2026-11-28 22:00:00 🎁 Prepared block for proposing at 7 (812 ms) hash: {}; parent_hash: 0x10f6…e90e; end: \
             HitBlockWeightLimit; extrinsics_count: 901    \n🔖 Pre-sealed block for proposal at 7. Hash now {}, \
             previously {}.    \nanother line\n",
            hash("aa"),
            hash("bb"),
            hash("aa")
        );
        let said = prepared(&log);
        assert_eq!(said.len(), 1);
        let (hash, prepared) = said.into_iter().next().unwrap();
        assert_eq!(hash.0[31], 0xbb);
        assert_eq!((prepared.took.as_millis(), prepared.bound), (812, Bound::Weight));
    }

    fn block(number: u32, seen: Instant) -> Block {
        Block {
            hash: Hash([u8::try_from(number).unwrap(); 32]),
            parent: Hash([0; 32]),
            number,
            seen,
            finalized: Some(seen + Duration::from_millis(number.into())),
            transactions: vec![Hash([9; 32]); number as usize],
            length: 50,
            weight: Default::default(),
            time: u64::from(number) * 3_000,
            counted: (0, 0),
        }
    }

    #[test]
    fn the_middle_leaves_out_what_came_before_and_after_and_the_block_it_counts_from() {
        let began = Instant::now();
        let at = |seconds| began + Duration::from_secs(seconds);
        let blocks: Vec<_> = (1..8)
            .map(|number| block(number, at(u64::from(number))))
            .collect();
        let (begin, counted) = middle(&blocks, at(2), at(6)).unwrap();
        assert_eq!(begin.number, 2);
        let numbers: Vec<_> = counted.iter().map(|block| block.number).collect();
        assert_eq!(numbers, [3, 4, 5, 6]);
        assert!(middle(&blocks, at(2), at(2)).is_none());
        assert!(middle(&blocks, at(20), at(30)).is_none());

        let limits = Limits {
            weight: 1,
            length: 100,
        };
        let filled = Filled::of(begin, counted, &HashMap::new(), &limits);
        assert_eq!((filled.blocks, filled.transactions), (4, 5));
        assert_eq!(filled.interval.worst, Duration::from_secs(3));
        assert_eq!((filled.lag.p50.as_millis(), filled.lag.worst.as_millis()), (4, 6));
        assert!((filled.length - 0.5).abs() < f64::EPSILON);
        assert_eq!(filled.bound(), "other 100 %");
    }
}
