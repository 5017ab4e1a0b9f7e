//! What a process needs, as the system counts it.

use std::{collections::BTreeMap, fs, time::Instant};

use anyhow::{Context, Result};

/// Ticks of a second: Linux counts time so for programs, whatever its clock does.
const TICKS: f64 = 100.0;

/// What a process has needed up to a time.
#[derive(Clone, Debug)]
pub struct Usage {
    /// That time.
    pub at: Instant,
    /// Seconds of a core.
    pub cpu: f64,
    /// The same by the name of threads, without the number at its end.
    pub threads: BTreeMap<String, f64>,
    /// KiB of memory that it holds.
    pub resident: u64,
    /// KiB that it held at most.
    pub peak: u64,
    /// Bytes that it had written to disk.
    pub written: u64,
}

/// What a process needed between two times.
#[derive(Clone, Debug, Default)]
pub struct Spent {
    /// Cores.
    pub cpu: f64,
    /// Cores by threads, those that need most first.
    pub threads: Vec<(String, f64)>,
}

impl Usage {
    /// Of a process, by its number.
    ///
    /// # Errors
    ///
    /// It does not run, or belongs to somebody else.
    pub fn of(process: u32) -> Result<Self> {
        let folder = format!("/proc/{process}");
        let status = fs::read_to_string(format!("{folder}/status"))?;
        let io = fs::read_to_string(format!("{folder}/io"))?;
        let mut threads = BTreeMap::new();
        for thread in fs::read_dir(format!("{folder}/task"))? {
            // A thread may end meanwhile.
            let Ok(stat) = fs::read_to_string(thread?.path().join("stat")) else {
                continue;
            };
            let (name, cpu) = times(&stat)?;
            *threads.entry(group(&name)).or_default() += cpu;
        }
        Ok(Self {
            at: Instant::now(),
            cpu: times(&fs::read_to_string(format!("{folder}/stat"))?)?.1,
            threads,
            resident: field(&status, "VmRSS:")?,
            peak: field(&status, "VmHWM:")?,
            written: field(&io, "write_bytes:")?,
        })
    }

    /// What it needed since then.
    pub fn since(&self, before: &Self) -> Spent {
        let seconds = self
            .at
            .duration_since(before.at)
            .as_secs_f64()
            .max(f64::MIN_POSITIVE);
        let spent = |name: &String, now: f64| {
            let then = before.threads.get(name).copied().unwrap_or_default();
            (name.clone(), (now - then) / seconds)
        };
        let mut threads: Vec<_> = self.threads.iter().map(|(name, now)| spent(name, *now)).collect();
        threads.sort_by(|one, other| other.1.total_cmp(&one.1));
        Spent {
            cpu: (self.cpu - before.cpu) / seconds,
            threads,
        }
    }
}

/// The first number behind a word.
fn field(text: &str, word: &str) -> Result<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(word));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.with_context(|| format!("no {word}"))?.parse()?)
}

/// Name and seconds of a core, of a line as in `/proc/PID/stat`. A name may hold blanks and parentheses.
fn times(stat: &str) -> Result<(String, f64)> {
    let (before, after) = stat.rsplit_once(')').context("no name")?;
    let (_, name) = before.split_once('(').context("no name")?;
    let ticks = |place: usize| -> Result<f64> {
        Ok(after.split_whitespace().nth(place).context("no times")?.parse()?)
    };
    // User and system time are the fourteenth and fifteenth of all, the first two of which came before.
    Ok((name.into(), (ticks(11)? + ticks(12)?) / TICKS))
}

/// Threads that do the same.
fn group(name: &str) -> String {
    let name = name.trim_end_matches(|last: char| last.is_ascii_digit() || "-_: #".contains(last));
    if name.is_empty() { "?" } else { name }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_behind_a_name_of_any_kind() {
        let stat = "12 (a (b) 3) S 1 12 12 0 -1 4194304 1 0 0 0 250 150 0 0 20 0 9 0 1 1 1";
        assert_eq!(times(stat).unwrap(), ("a (b) 3".into(), 4.0));
        assert_eq!(group("tokio-rt-worker"), "tokio-rt-worker");
        assert_eq!(
            (group("rocksdb:low12"), group("txpool-0")),
            ("rocksdb:low".into(), "txpool".into())
        );
    }

    #[test]
    fn this_process_is_read() {
        let usage = Usage::of(std::process::id()).unwrap();
        assert!(usage.peak >= usage.resident && usage.resident > 0);
        assert!(usage.since(&usage).cpu.abs() < f64::EPSILON);
    }
}
