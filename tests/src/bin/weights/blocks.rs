//! That no block takes longer than it declares, and how much it declares in vain.

use std::time::Duration;

use anyhow::Result;
use faultline_primitives::UnixMillis;

use faultline_tests::engine::{genesis, typical, Chain, Scenario};

use crate::{database::fill, scenarios, Sample};

/// Fills a block with each call at its worst, and as it comes mostly, executes it, and imports it.
pub fn measure(repeat: u32, incidents: u32) -> Result<()> {
    let mut over = Vec::new();
    let groups = [
        ("mostly: a block full of", &typical::ALL[..], typical::NOW),
        ("at worst: a block full of", &scenarios::ALL[..], scenarios::NOW),
    ];
    for (title, all, now) in groups {
        println!(
            "{title:<32} {:>6} {:>10} {:>10} {:>10} {:>6} {:>10}",
            "calls", "declared", "executed", "imported", "used", "a call"
        );
        for (name, count, scenario) in all {
            if !fits(name, *count, *scenario, now, (repeat, incidents))? {
                over.push(*name);
            }
        }
    }
    anyhow::ensure!(over.is_empty(), "underweight: {}", over.join(", "));
    Ok(())
}

/// Whether importing takes no longer than declared.
fn fits(
    name: &str,
    count: u32,
    scenario: Scenario,
    now: UnixMillis,
    (repeat, incidents): (u32, u32),
) -> Result<bool> {
    let mut deeds = Vec::new();
    let mut storage = genesis(|| deeds = scenario(count))?;
    fill(&mut storage.top, incidents)?;
    let folder = tempfile::tempdir()?;
    let chain = Chain::open(folder.path(), storage.clone())?;
    let transactions = chain.signed(deeds)?;
    let offered = transactions.len();
    let made = chain.make(now.0, transactions)?;
    let calls = made.transactions;
    let declared = made.declared as f64 / 1e9;
    let executed = median((0..repeat).map(|_| chain.execute(&made)))?;
    // A chain takes a block once. Of each new one the state is as near as it is to a node that follows.
    drop(chain);
    let imported = median((0..repeat).map(|_| {
        let folder = tempfile::tempdir()?;
        let chain = Chain::open(folder.path(), storage.clone())?;
        chain.execute(&made)?;
        chain.import(made.clone())
    }))?;
    let note = if calls as usize == offered {
        " (not full)"
    } else {
        ""
    };
    println!(
        "{name:<32} {calls:>6} {declared:>7.0} ms {executed:>7.0} ms {imported:>7.0} ms {:>5.0}% {:>7.0} µs{note}",
        imported / declared * 100.0,
        imported * 1e3 / f64::from(calls.max(1)),
    );
    Ok(imported <= declared)
}

/// In milliseconds.
fn median(times: impl Iterator<Item = Result<Duration>>) -> Result<f64> {
    let times = Sample::new(times.collect::<Result<_>>()?);
    Ok(times.percentile(50).as_secs_f64() * 1e3)
}
