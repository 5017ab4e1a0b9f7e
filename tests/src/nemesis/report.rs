//! What a run amounts to, as a table and as JSON.

use std::{collections::BTreeMap, fmt, time::Duration};

use serde_json::{json, Value};

use super::{newcomer::Fetched, private::Ground};

/// What a run amounts to.
#[derive(Debug)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// How many validators.
    pub validators: usize,
    /// Where.
    pub ground: Ground,
    /// How many events of each kind took place.
    pub events: BTreeMap<&'static str, usize>,
    /// How many of each kind were left out.
    pub left_out: BTreeMap<&'static str, usize>,
    /// How long it took after each wave until all made something new final.
    pub heals: Vec<Duration>,
    /// How long the run took, from the first block to the last check.
    pub took: Duration,
    /// Blocks that all made final.
    pub blocks: u32,
    /// Transactions in them.
    pub transactions: usize,
    /// How many submissions were told what.
    pub submissions: BTreeMap<&'static str, usize>,
    /// Under which names something was refused.
    pub refusals: BTreeMap<String, usize>,
    /// How many logs were replayed, and their entries, by kind.
    pub replayed: BTreeMap<&'static str, (u64, u64)>,
    /// How long a new node took to fetch the chain afterwards.
    pub fetched: Vec<Fetched>,
    /// How many packets passed between hosts, and how many did not.
    pub packets: Option<(u64, u64)>,
    /// What happened that was not foreseen.
    pub notes: Vec<String>,
    /// What must never happen.
    pub violations: Vec<String>,
}

impl Report {
    /// How many events took place.
    pub fn event_count(&self) -> usize {
        self.events.values().sum()
    }

    /// How many entries were replayed.
    pub fn entry_count(&self) -> u64 {
        self.replayed.values().map(|(_, entries)| entries).sum()
    }

    /// Median and worst time to finality after a heal, in seconds.
    pub fn heal_seconds(&self) -> Option<(f64, f64)> {
        let mut heals = self.heals.clone();
        heals.sort_unstable();
        let median = heals.get(heals.len() / 2)?;
        Some((median.as_secs_f64(), heals.last()?.as_secs_f64()))
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let heals: Vec<_> = self.heals.iter().map(Duration::as_secs_f64).collect();
        let replayed: BTreeMap<_, _> = self
            .replayed
            .iter()
            .map(|(kind, (logs, entries))| (kind, json!({ "logs": logs, "entries": entries })))
            .collect();
        let fetched = self.fetched.iter().map(|fetched| {
            let Fetched { way, took, blocks } = fetched;
            (*way, json!({ "seconds": took.as_secs_f64(), "blocks": blocks }))
        });
        json!({
            "schemaVersion": 1,
            "seed": self.seed,
            "validators": self.validators,
            "ground": self.ground.name(),
            "events": self.events,
            "eventCount": self.event_count(),
            "leftOut": self.left_out,
            "secondsToFinality": heals,
            "seconds": self.took.as_secs(),
            "blocks": self.blocks,
            "transactions": self.transactions,
            "submissions": self.submissions,
            "refusals": self.refusals,
            "replayed": replayed,
            "entryCount": self.entry_count(),
            "newNode": fetched.collect::<BTreeMap<_, _>>(),
            "packets": self.packets.map(|(passed, dropped)| json!({ "passed": passed, "dropped": dropped })),
            "notes": self.notes,
            "violations": self.violations,
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = (self.took.as_secs() / 60, self.took.as_secs() % 60);
        writeln!(
            f,
            "seed {}, {} validators, {} events, {} min {} s",
            self.seed,
            self.validators,
            self.event_count(),
            minutes.0,
            minutes.1
        )?;
        table(f, "events", &self.events)?;
        if !self.left_out.is_empty() {
            table(
                f,
                "left out, as hosts on loopback share links and disk",
                &self.left_out,
            )?;
        }
        table(f, "submissions", &self.submissions)?;
        writeln!(f, "chain")?;
        line(f, "blocks that all made final", self.blocks)?;
        line(f, "transactions in them", self.transactions)?;
        for (kind, (logs, entries)) in &self.replayed {
            line(f, &format!("{kind}: {logs} logs replayed, entries"), entries)?;
        }
        if let Some((passed, dropped)) = self.packets {
            line(f, "packets between hosts", passed)?;
            line(f, "packets lost", dropped)?;
        }
        if let Some((median, worst)) = self.heal_seconds() {
            writeln!(f, "time until all made something new final after a heal")?;
            line(f, "heals", self.heals.len())?;
            line(f, "median, s", format!("{median:.1}"))?;
            line(f, "worst, s", format!("{worst:.1}"))?;
        }
        for Fetched { way, took, blocks } in &self.fetched {
            let name = format!("a new node has all {blocks} by {way} sync, s");
            line(f, &name, format!("{:.1}", took.as_secs_f64()))?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        for violation in &self.violations {
            writeln!(f, "VIOLATION: {violation}")?;
        }
        match self.violations.len() {
            0 => writeln!(f, "nothing is wrong"),
            count => writeln!(f, "{count} violations"),
        }
    }
}

fn table(f: &mut fmt::Formatter<'_>, name: &str, counts: &BTreeMap<&'static str, usize>) -> fmt::Result {
    writeln!(f, "{name}")?;
    counts.iter().try_for_each(|(kind, count)| line(f, kind, count))
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, value: impl fmt::Display) -> fmt::Result {
    writeln!(f, "  {name:<44}{value:>10}")
}
