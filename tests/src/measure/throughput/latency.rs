//! How long a single report takes at a part of the capacity.

use std::time::{Duration, Instant};

use anyhow::{ensure, Result};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{json, Value};

use super::stage::Stage;
use crate::{
    load::submit::Pace,
    measure::figures::{millis, Figures},
};

/// Before the first report is due.
const LEAD: Duration = Duration::from_millis(200);
/// For how long what is refused is tried again.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long reports took.
#[derive(Clone, Debug)]
pub struct Latency {
    /// Of the capacity.
    pub percent: u32,
    /// Reports a second.
    pub rate: f64,
    /// From when each was due until a best block held it.
    pub best: Figures,
    /// The same until the block was final.
    pub finalized: Figures,
    /// How late they were handed in.
    pub slip: Figures,
    /// Reports that a node took and that never became final.
    pub lost: usize,
}

impl Latency {
    /// For programs.
    pub fn to_json(&self) -> Value {
        json!({
            "percentOfCapacity": self.percent,
            "reportsPerSecond": self.rate,
            "toBest": self.best.to_json(),
            "toFinal": self.finalized.to_json(),
            "handedInLateBy": self.slip.to_json(),
            "lost": self.lost,
        })
    }

    /// A line for people.
    pub fn line(&self) -> String {
        format!(
            "  {:>3} % of capacity, {:>6.1}/s   in a block, s: {}   final, s: {}",
            self.percent,
            self.rate,
            seconds(&self.best),
            seconds(&self.finalized)
        )
    }
}

fn seconds(figures: &Figures) -> String {
    let of = |time| millis(time) / 1_000.0;
    format!(
        "p50 {:.2}, p95 {:.2}, p99 {:.2}, worst {:.2}",
        of(figures.p50),
        of(figures.p95),
        of(figures.p99),
        of(figures.worst)
    )
}

/// When each of so many speakers' reports are due: evenly spaced at a rate, each somewhere in its own part of the time, and
/// the speakers one after another.
pub fn due(began: Instant, rate: f64, lasting: Duration, speakers: usize, seed: u64) -> Vec<Vec<Instant>> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    // No more than fits into a time, of which a float has no doubt.
    let count = (rate * lasting.as_secs_f64()).floor() as usize;
    let mut times = vec![Vec::new(); speakers];
    for place in 0..count {
        let at = (place as f64 + chance.random_range(0.0..1.0)) / rate;
        if let Some(own) = times.get_mut(place % speakers.max(1)) {
            own.push(began + Duration::from_secs_f64(at));
        }
    }
    times
}

/// Measures at so many in a hundred of a capacity.
///
/// # Errors
///
/// A node does not answer, or nothing becomes final.
pub async fn latency(
    stage: &mut Stage,
    percent: u32,
    capacity: f64,
    lasting: Duration,
    seed: u64,
) -> Result<Latency> {
    let rate = capacity * f64::from(percent) / 100.0;
    let each = (rate * lasting.as_secs_f64()).ceil() as usize / stage.speakers.len().max(1) + 1;
    let script = stage.script(0).await?;
    let queues = stage.signed(&script, each)?;
    let first = stage.book.len();
    let times = due(Instant::now() + LEAD, rate, lasting, queues.len(), seed);
    stage.speak(0, queues, Pace::Open(times), PATIENCE).await?;
    let lost = stage.settled().await?;
    let fates = stage.book.since(first);
    let best = fates
        .iter()
        .filter_map(|fate| Some(fate.best?.saturating_duration_since(fate.due)));
    let last = fates
        .iter()
        .filter_map(|fate| Some(fate.finalized?.1.saturating_duration_since(fate.due)));
    let slip = fates
        .iter()
        .map(|fate| fate.asked.saturating_duration_since(fate.due));
    let latency = Latency {
        percent,
        rate,
        best: Figures::of(best.collect()),
        finalized: Figures::of(last.collect()),
        slip: Figures::of(slip.collect()),
        lost,
    };
    ensure!(latency.finalized.count > 0, "no report became final");
    Ok(latency)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_due_evenly_in_order_and_by_the_seed() {
        let began = Instant::now();
        let of = |seed| due(began, 10.0, Duration::from_secs(9), 4, seed);
        let times = of(1);
        assert_eq!(times.iter().map(Vec::len).sum::<usize>(), 90);
        for (speaker, own) in times.iter().enumerate() {
            for (round, at) in own.iter().enumerate() {
                let place = (round * 4 + speaker) as f64;
                let at = at.duration_since(began).as_secs_f64() * 10.0;
                assert!((place..place + 1.0).contains(&at), "{place} {at}");
            }
        }
        assert_eq!(times, of(1));
        assert_ne!(times, of(2));
    }
}
