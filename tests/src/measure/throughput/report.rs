//! The tables.

use std::fmt::Write as _;

use anyhow::Result;

use super::{peers::Floors, Plan, Run, ORGANISATIONS, SERVICES};
use crate::measure::figures::millis;

/// What a shape is called.
pub fn shape(words: u32) -> String {
    match words {
        0 => "report".into(),
        words => format!("report_many({words})"),
    }
}

/// A run in a line.
pub fn line(run: &Run) -> String {
    let capacity = &run.capacity;
    format!(
        "{:>10}  {:<16} {:>9.1} {:>9.1}   {:<26} {:>6.0} % {:>6.0} % {:>9} {:>9.0}",
        run.validators,
        shape(run.words),
        capacity.transactions(),
        capacity.attestations(),
        capacity.filled.bound(),
        capacity.filled.weight * 100.0,
        capacity.filled.length * 100.0,
        capacity.filled.transactions,
        millis(capacity.filled.proposing.p50),
    )
}

/// All of it.
pub fn report(plan: &Plan, runs: &[Run], without: &[String]) -> Result<String> {
    let mut text = format!(
        "{}, version {}, seed {}; {} s of each shape; {ORGANISATIONS} organisations, {SERVICES} services; the chain begins \
         with {} incidents\n\nFinal in the steady middle part:\n",
        plan.settings.label,
        env!("CARGO_PKG_VERSION"),
        plan.seed,
        plan.seconds,
        plan.incidents,
    );
    writeln!(
        text,
        "{:>10}  {:<16} {:>9} {:>9}   {:<26} {:>8} {:>8} {:>9} {:>9}",
        "validators",
        "transaction",
        "tx/s",
        "att./s",
        "blocks bound by",
        "weight",
        "length",
        "tx/block",
        "ms/block"
    )?;
    for run in runs {
        writeln!(text, "{}", line(run))?;
    }
    for nothing in without {
        writeln!(text, "{nothing}")?;
    }
    for run in runs {
        details(&mut text, run)?;
    }
    Ok(text)
}

/// Ours beside what it is measured against.
pub fn compared(runs: &[Run], floors: &Floors, stock: &[Run]) -> Result<String> {
    let mut text = String::from("\nOurs beside these:\n");
    writeln!(
        text,
        "{:>10}  {:<16} {:>9} {:>22} {:>22} {:>24}",
        "validators",
        "transaction",
        "att./s",
        "of what a core allows",
        "by the SDK's settings",
        "times what single gives"
    )?;
    for run in runs {
        let rate = run.capacity.attestations();
        let part = floors.part(run).map(|part| format!("{:.0} %", part * 100.0));
        let same = |other: &&Run| (other.validators, other.words) == (run.validators, run.words);
        let theirs = stock
            .iter()
            .find(same)
            .map(|theirs| theirs.capacity.attestations());
        let single = runs
            .iter()
            .find(|other| other.validators == run.validators && other.words == 0)
            .map(|single| format!("{:.2}", rate / single.capacity.attestations()));
        writeln!(
            text,
            "{:>10}  {:<16} {:>9.1} {:>22} {:>22} {:>24}",
            run.validators,
            shape(run.words),
            rate,
            part.unwrap_or_default(),
            theirs.map_or_else(String::new, |theirs| format!(
                "{theirs:.1}: x {:.2}",
                rate / theirs
            )),
            single.unwrap_or_default(),
        )?;
    }
    Ok(text)
}

fn details(text: &mut String, run: &Run) -> Result<()> {
    let capacity = &run.capacity;
    let filled = &capacity.filled;
    writeln!(text, "\n{} validator(s), {}:", run.validators, shape(run.words))?;
    writeln!(
        text,
        "  {} transactions of at most {} bytes, {} attestations in {:.0} s, {} blocks; about {} waiting",
        capacity.counted.0,
        capacity.bytes,
        capacity.counted.1,
        capacity.seconds,
        filled.blocks,
        capacity.window,
    )?;
    writeln!(
        text,
        "  block to block, s: p50 {:.2}, worst {:.2}; block to final: p50 {:.2}, p95 {:.2}, worst {:.2}; proposing, ms: p50 \
         {:.0}, p95 {:.0}",
        filled.interval.p50.as_secs_f64(),
        filled.interval.worst.as_secs_f64(),
        filled.lag.p50.as_secs_f64(),
        filled.lag.p95.as_secs_f64(),
        filled.lag.worst.as_secs_f64(),
        millis(filled.proposing.p50),
        millis(filled.proposing.p95),
    )?;
    for (number, node) in capacity.nodes.iter().enumerate() {
        let threads: Vec<_> = node
            .threads
            .iter()
            .map(|(name, cpu)| format!("{name} {cpu:.2}"))
            .collect();
        writeln!(
            text,
            "  node {number}: {:.2} cores ({}), {} MiB at most; written {:.0}, stored {:.0} bytes an attestation",
            node.cpu,
            threads.join(", "),
            node.peak,
            node.written,
            node.stored,
        )?;
    }
    writeln!(
        text,
        "  this program: {:.2} cores; signed {} ahead in {:.1} s",
        capacity.client, capacity.signing.1, capacity.signing.0
    )?;
    for (name, count) in &capacity.refused {
        writeln!(text, "  refused {count} times, and tried again: {name}")?;
    }
    if capacity.lost > 0 {
        writeln!(
            text,
            "  {} transactions were taken and never became final",
            capacity.lost
        )?;
    }
    for latency in &run.latencies {
        writeln!(text, "{}", latency.line())?;
        if latency.lost > 0 {
            writeln!(text, "    {} were taken and never became final", latency.lost)?;
        }
    }
    writeln!(
        text,
        "  read back: {} entries of {} incidents, {} of them compared with what was said",
        run.checked.entries, run.checked.incidents, run.checked.compared
    )?;
    Ok(())
}
