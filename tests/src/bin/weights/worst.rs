//! That no block takes longer than it declares.

use std::collections::HashMap;

use anyhow::Result;
use sp_core::Pair;

use crate::{
    chain::{genesis, Chain},
    scenarios::{Scenario, ALL, NOW},
    Sample,
};

/// Fills a block with each call at its worst, executes it, and imports it.
pub fn measure(repeat: u32) -> Result<()> {
    println!(
        "{:<32} {:>6} {:>10} {:>10} {:>10} {:>6}",
        "a block full of", "calls", "declared", "executed", "imported", "used"
    );
    let mut over = Vec::new();
    for (name, count, scenario) in ALL {
        if !fits(name, count, scenario, repeat)? {
            over.push(name);
        }
    }
    anyhow::ensure!(over.is_empty(), "underweight: {}", over.join(", "));
    Ok(())
}

/// Whether importing takes no longer than declared.
fn fits(name: &str, count: u32, scenario: Scenario, repeat: u32) -> Result<bool> {
    let folder = tempfile::tempdir()?;
    let mut deeds = Vec::new();
    let storage = genesis(|| deeds = scenario(count))?;
    let chain = Chain::open(folder.path(), storage)?;
    let mut nonces = HashMap::new();
    let transactions = deeds
        .into_iter()
        .map(|deed| {
            let nonce = nonces.entry(deed.by.public()).or_insert(0);
            *nonce += 1;
            chain.sign(deed.call, &deed.by, *nonce - 1)
        })
        .collect::<Result<Vec<_>>>()?;
    let offered = transactions.len();
    let made = chain.make(NOW.0, transactions)?;
    let calls = made.transactions;
    let declared = made.declared as f64 / 1e9;
    let executed = Sample::new((0..repeat).map(|_| chain.execute(&made)).collect::<Result<_>>()?)
        .percentile(50)
        .as_secs_f64()
        * 1e3;
    let imported = chain.import(made)?.as_secs_f64() * 1e3;
    let note = if calls as usize == offered {
        " (not full)"
    } else {
        ""
    };
    println!(
        "{name:<32} {calls:>6} {declared:>7.0} ms {executed:>7.0} ms {imported:>7.0} ms {:>5.0}%{note}",
        imported / declared * 100.0
    );
    Ok(imported <= declared)
}
