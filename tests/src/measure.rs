//! What is measured, as `scripts/bench` asks for it.
//!
//! [`reading`] is how fast the record is read, [`subscribers`] what it costs to tell many, [`lag`] how far the index is behind,
//! [`throughput`] how much a network records, [`growth`] how that depends on how much it has recorded, [`fair`] whether others
//! get in while one hands in too much, and [`idle`] what a validator needs while nobody does.
//!
//! What the fold costs and how large what is stored is, is measured on the pure crate, without a node:
//! [`fold`] times replaying the log of an incident, as an auditor does. [`sizes`] gives the encoded size of each
//! stored type, as it is mostly and as it may be at most, and what one attestation adds.

pub mod disk;
pub mod fair;
pub mod figures;
pub mod growth;
pub mod idle;
pub mod lag;
mod outage;
pub mod reading;
pub mod subscribers;
mod sync;
pub mod throughput;

use std::{
    fmt::Write as _,
    hint::black_box,
    time::{Duration, Instant},
};

use anyhow::{anyhow, Context, Result};
use codec::{Encode, MaxEncodedLen};
use faultline_primitives::{
    attestation::{Body, Claim},
    incident::{Action, Incident},
    log::{chain, empty, What},
    organisation::{self, Admission, Organisation, Roles},
    quota::{Quota, Spent},
    service::{self, Registration, Service},
    Account, Entry, GroupId, IncidentId, Millis, OrganisationId, Record, Roll, ServiceId, Sha256, UnixMillis,
};

use crate::text;
use outage::{actor, attested, examples, log, ROUND};

/// How often each log is folded.
const RUNS: usize = 11;
/// 11 December 2024, 23:00 UTC.
const START: UnixMillis = UnixMillis(1_733_958_000_000);
/// Bytes of the key of a map from one id and one number: two hashes of names, two of keys, and the keys.
const KEY: usize = 32 + 8 + 8 + 8 + 4;

/// The machine on which something is measured: cores and memory.
///
/// # Errors
///
/// It is no Linux.
pub fn machine() -> Result<String> {
    let memory = std::fs::read_to_string("/proc/meminfo")?;
    let kilobytes: u64 = memory
        .lines()
        .find_map(|line| {
            line.strip_prefix("MemTotal:")?
                .trim()
                .strip_suffix(" kB")?
                .parse()
                .ok()
        })
        .context("no MemTotal in /proc/meminfo")?;
    let cores = std::thread::available_parallelism()?;
    Ok(format!("{cores} cores, {} GiB", kilobytes / 1024 / 1024))
}

/// Times folding logs of an incident, and says what was folded, how, and how long it took.
///
/// # Errors
///
/// The rules refuse what is to be folded.
pub fn fold() -> Result<String> {
    let mut report = String::new();
    for (count, organisations) in [(1_000, 200), (10_000, 200), (10_000, 512)] {
        let log = log(count, organisations)?;
        let record = replay(&log)?;
        let whole = median(|| black_box(replay(black_box(&log))).map(|_| ()))?;
        let heads = median(|| {
            let head = log.iter().fold(empty(What::Incident, IncidentId(7)), chain);
            black_box(head);
            Ok(())
        })?;
        let per_entry = whole / u32::try_from(count)?;
        let state = &record.state;
        writeln!(
            report,
            "{count} entries by {organisations} organisations ({} counting groups, {} voices at the end; {}, {}): \
             {whole:.1?} in all, of which {heads:.1?} hashing; {per_entry:.1?} an entry (median of {RUNS} runs)",
            state.tally.counting().len(),
            state.tally.voices().len(),
            state.verdict,
            state.status,
        )?;
    }
    Ok(report)
}

/// Lists the encoded size of each stored type, in bytes, and what one attestation adds to the state.
///
/// # Errors
///
/// The rules refuse the examples.
pub fn sizes() -> Result<String> {
    let mut report = String::from("bytes encoded: an example, and the most that there may be\n");
    for (name, action) in examples()? {
        line(&mut report, &format!("incident entry: {name}"), &entry(0, action))?;
    }
    for (count, organisations) in [(1, 1), (5, 5), (100, 30), (1_000, 200), (10_000, 512)] {
        let name = format!("incident record: {count} entries, {organisations} organisations");
        line(&mut report, &name, &replay(&log(count, organisations)?)?)?;
    }
    line(&mut report, "candidate", &replay(&log(5, 5)?)?.state.candidate())?;
    organisations(&mut report)?;
    services(&mut report)?;
    line(&mut report, "roll", &Roll::empty(What::Incidents, ()))?;
    line(&mut report, "text of 120 bytes", &body()?)?;
    line(&mut report, "quota spent", &Spent::default())?;
    added(&mut report)?;
    Ok(report)
}

fn line<T: Encode + MaxEncodedLen>(report: &mut String, name: &str, example: &T) -> std::fmt::Result {
    let (size, most) = (example.encoded_size(), T::max_encoded_len());
    writeln!(report, "  {name:<61}{size:>6}{most:>7}")
}

fn organisations(report: &mut String) -> Result<()> {
    let roles = Roles {
        reporter: true,
        ..Roles::default()
    };
    let quota = Quota {
        burst: 60,
        per_block: 6,
    };
    let admitted = organisation::Action::Admitted(Admission {
        name: text("Example Monitoring")?,
        url: text("https://monitoring.example.org")?,
        roles,
        group: GroupId(5),
        admin: Account([0xaa; 32]),
        quota,
    });
    let added = |n: u8| -> Result<_> {
        let (key, label) = (Account([n; 32]), text("probe-frankfurt")?);
        Ok(organisation::Action::ReporterAdded { key, label })
    };
    let log = [entry(0, admitted), entry(1, added(1)?), entry(2, added(2)?)];
    line(report, "organisation entry: admission", &log[0])?;
    line(report, "organisation entry: reporter key", &log[1])?;
    let record = Record::<Organisation>::replay(OrganisationId(5), &log);
    let record = taken(record.context("no entries")?)?;
    Ok(line(report, "organisation record: 2 reporter keys", &record)?)
}

fn services(report: &mut String) -> Result<()> {
    let registered = service::Action::Registered(Registration {
        slug: text("openai/chatgpt")?,
        name: text("ChatGPT")?,
        url: text("https://chatgpt.com")?,
        parent: Some(ServiceId(0)),
        provider: Some(OrganisationId(4)),
        listed: true,
        by: Some(OrganisationId(1)),
    });
    let announced = service::Action::MaintenanceAnnounced {
        from: START.after(Millis::hours(24)),
        until: START.after(Millis::hours(26)),
        text: Some(Sha256([0x11; 32])),
    };
    let log = [entry(0, registered), entry(1, announced)];
    line(report, "service entry: registration", &log[0])?;
    line(report, "service entry: maintenance", &log[1])?;
    let record = Record::<Service>::replay(ServiceId(3), &log);
    let record = taken(record.context("no entries")?)?;
    Ok(line(report, "service record: 1 maintenance", &record)?)
}

/// What one attestation adds to the state.
fn added(report: &mut String) -> Result<()> {
    let log = log(30, 30)?;
    let before = replay(&log)?;
    let text = body()?.encoded_size();
    let last = log.last().context("no entries")?;
    let again = last.at.after(ROUND);
    writeln!(
        report,
        "bytes that an attestation with a text of 120 bytes adds, keys of storage aside"
    )?;
    for (who, number) in [("a new organisation", 31), ("one that stands already", 1)] {
        let next = Entry {
            block: last.block + 1,
            at: again,
            action: attested(actor(number), again, Claim::Down)?,
        };
        let after = taken(before.clone().append(&next))?;
        let (entry, growth) = (next.encoded_size(), after.encoded_size() - before.encoded_size());
        writeln!(
            report,
            "  of {who}: {entry} entry + {growth} record + {text} text = {}; the keys of entry and text: {}",
            entry + growth + text,
            2 * KEY
        )?;
    }
    Ok(())
}

fn entry<A>(number: u32, action: A) -> Entry<A> {
    Entry {
        block: 1 + number,
        at: START.after(Millis::minutes(u64::from(number))),
        action,
    }
}

fn body() -> Result<Body> {
    text(&"t".repeat(120))
}

fn taken<T, R: std::fmt::Debug>(folded: Result<T, R>) -> Result<T> {
    folded.map_err(|why| anyhow!("refused: {why:?}"))
}

fn replay(log: &[Entry<Action>]) -> Result<Record<Incident>> {
    taken(Record::replay(IncidentId(7), log).context("no entries")?)
}

/// The time in the middle of several runs.
fn median(mut run: impl FnMut() -> Result<()>) -> Result<Duration> {
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let began = Instant::now();
        run()?;
        times.push(began.elapsed());
    }
    times.sort_unstable();
    times.get(RUNS / 2).copied().context("no runs")
}
