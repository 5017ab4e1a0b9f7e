//! Watching blocks come and become final, with the time at which each did.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Result;
use jsonrpsee::{
    core::{client::SubscriptionClientT, params::ArrayParams},
    ws_client::WsClientBuilder,
};
use serde_json::Value;

use crate::nemesis::ask::number;

/// When each new head came.
#[derive(Default)]
struct Times {
    best: Vec<(u32, Instant)>,
    finalized: Vec<(u32, Instant)>,
}

/// Who watches one node.
#[derive(Clone)]
pub struct Heads {
    times: Arc<Mutex<Times>>,
}

/// What was seen over some time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pace {
    /// New best blocks a second.
    pub blocks: f64,
    /// Newly final blocks a second.
    pub finalized: f64,
    /// The longest time without a new best block, in seconds.
    pub longest_gap: f64,
    /// The longest time without a newly final block.
    pub longest_final_gap: f64,
    /// By how many blocks the final one is behind the best, on average and at most.
    pub lag: f64,
    /// At most.
    pub worst_lag: u32,
}

impl Heads {
    /// Begins to watch a node, for as long as the runtime and the node last.
    ///
    /// # Errors
    ///
    /// The node cannot be reached.
    pub async fn watch(endpoint: &str) -> Result<Self> {
        let client = WsClientBuilder::default().build(endpoint).await?;
        let heads = Self {
            times: Arc::default(),
        };
        let (new, stop) = ("chain_subscribeNewHeads", "chain_unsubscribeNewHeads");
        let mut best = client
            .subscribe::<Value, _>(new, ArrayParams::new(), stop)
            .await?;
        let (new, stop) = ("chain_subscribeFinalizedHeads", "chain_unsubscribeFinalizedHeads");
        let mut finalized = client
            .subscribe::<Value, _>(new, ArrayParams::new(), stop)
            .await?;
        let watching = heads.clone();
        tokio::spawn(async move {
            // The connection lasts as long as somebody listens.
            let _client = client;
            loop {
                tokio::select! {
                    Some(Ok(head)) = best.next() => {
                        if let Ok(number) = number(&head) { watching.times().best.push((number, Instant::now())); }
                    }
                    Some(Ok(head)) = finalized.next() => {
                        if let Ok(number) = number(&head) { watching.times().finalized.push((number, Instant::now())); }
                    }
                    else => break,
                }
            }
        });
        Ok(heads)
    }

    fn times(&self) -> MutexGuard<'_, Times> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest final block.
    pub fn finalized(&self) -> u32 {
        self.times().finalized.last().map_or(0, |(number, _)| *number)
    }

    /// When a block became final, as far as that was seen: with the first at least as high.
    pub fn finalized_at(&self, block: u32) -> Option<Instant> {
        let times = self.times();
        let mut finalized = times.finalized.iter();
        finalized.find(|(number, _)| *number >= block).map(|(_, at)| *at)
    }

    /// What was seen since then, up to now.
    pub fn since(&self, began: Instant) -> Pace {
        let (times, now) = (self.times(), Instant::now());
        let seconds = now.duration_since(began).as_secs_f64().max(f64::MIN_POSITIVE);
        let lags = lags(&times, began);
        let worst_lag = lags.iter().copied().max().unwrap_or(0);
        let sum: f64 = lags.iter().map(|lag| f64::from(*lag)).sum();
        Pace {
            blocks: gained(&times.best, began) / seconds,
            finalized: gained(&times.finalized, began) / seconds,
            longest_gap: longest(&times.best, began, now).as_secs_f64(),
            longest_final_gap: longest(&times.finalized, began, now).as_secs_f64(),
            lag: sum / f64::from(u32::try_from(lags.len().max(1)).unwrap_or(u32::MAX)),
            worst_lag,
        }
    }
}

/// How far the numbers went.
fn gained(heads: &[(u32, Instant)], began: Instant) -> f64 {
    let before = heads
        .iter()
        .filter(|(_, at)| *at < began)
        .map(|(number, _)| *number)
        .max();
    let after = heads
        .iter()
        .filter(|(_, at)| *at >= began)
        .map(|(number, _)| *number);
    let first = after.clone().min().map(|first| first.saturating_sub(1));
    match (before.or(first), after.max()) {
        (Some(before), Some(after)) => f64::from(after.saturating_sub(before)),
        _ => 0.0,
    }
}

/// The longest time without a head of a higher number than all before.
fn longest(heads: &[(u32, Instant)], began: Instant, now: Instant) -> Duration {
    let (mut longest, mut last, mut highest) = (Duration::ZERO, began, 0);
    for (number, at) in heads {
        if *number <= highest {
            continue;
        }
        highest = *number;
        if *at >= began {
            longest = longest.max(at.duration_since(last));
            last = *at;
        }
    }
    longest.max(now.saturating_duration_since(last))
}

/// How far the final block was behind at each new best one.
fn lags(times: &Times, began: Instant) -> Vec<u32> {
    let of = |(number, at): &(u32, Instant)| {
        let mut until = times.finalized.iter().filter(|(_, seen)| seen <= at);
        let finalized = until.next_back().map_or(0, |(finalized, _)| *finalized);
        number.saturating_sub(finalized)
    };
    times.best.iter().filter(|(_, at)| *at >= began).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_gap_is_found_wherever_it_lies() {
        let began = Instant::now();
        let after = |seconds| began + Duration::from_secs(seconds);
        let heads = [(1, after(1)), (2, after(4)), (2, after(6)), (3, after(11))];
        assert_eq!(longest(&heads, began, after(12)), Duration::from_secs(7));
        assert_eq!(longest(&heads, began, after(30)), Duration::from_secs(19));
        assert_eq!(longest(&[], began, after(5)), Duration::from_secs(5));
        assert_eq!(gained(&heads, began), 3.0);
        assert_eq!(gained(&heads, after(4)), 2.0);
    }
}
