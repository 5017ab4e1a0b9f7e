//! How fast the record is read: an index is filled from a made-up history, and every kind of question is asked of it, cold
//! and warm, as the node's JSON-RPC answers it.
//!
//! | file | holds |
//! | --- | --- |
//! | `history.rs` | the history in memory, and the chain that an index is filled from |
//! | `question.rs` | the kinds of questions, with values drawn from the history |
//! | `backfill.rs` | the same of a real node, whose chain begins with a history |
//! | `scan.rs` | the same by walking all records, as one does who has no index |

pub mod backfill;
mod history;
mod question;
mod scan;

use std::{
    fmt::Write as _,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{anyhow, ensure, Context, Result};
use faultline_index::{Follower, Index, Step};
use faultline_primitives::Hash;
use faultline_rpc::server::{Lists, Trouble};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{json, to_vec, Value};

use super::{
    disk,
    figures::{millis, rate, Figures},
};
use crate::dataset::{Dataset, Shape};
use history::History;
use question::{Question, KINDS};

/// Items of a page.
const PAGE: usize = 50;
/// How long one kind of question is asked at most, warm, and by walking all records.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is measured, and how thoroughly.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Incidents of the history.
    pub incidents: u64,
    /// What chance makes of it.
    pub seed: u64,
    /// How often each kind of question is asked of an index that has answered before.
    pub warm: usize,
    /// How often of one that was just opened, of which the system holds nothing in memory.
    pub cold: usize,
    /// How often by walking all records.
    pub scans: usize,
}

/// Measures, and gives a report for people and one for programs.
///
/// # Errors
///
/// The folder is not empty or not usable.
pub fn reading(plan: &Plan, folder: &Path) -> Result<(String, Value)> {
    let began = Instant::now();
    let data = Dataset::new(Shape::of_years(plan.incidents, plan.seed))?;
    let history = History::told(&data)?;
    let told = began.elapsed();
    let path = folder.join("index");
    let filled = fill(&history, &path)?;
    // What it still holds in memory goes to disk when it is opened.
    let mut index = Some(Index::open(&path, data.genesis())?.0);
    let bytes = disk::settled(&path)?;

    let mut report = String::new();
    let count = plan.incidents;
    writeln!(
        report,
        "history: {count} incidents, {} entries, {} services, {} organisations, three years, seed {}; made up in {:.1} s",
        history.entries(),
        data.services().len(),
        data.organisations().len(),
        plan.seed,
        told.as_secs_f64()
    )?;
    writeln!(
        report,
        "index: built in {:.1} s, {:.0} incidents/s, {:.0} entries/s; {:.1} MiB on disk, {} bytes an incident (a record: {})",
        filled.as_secs_f64(),
        rate(count, filled),
        rate(history.entries(), filled),
        bytes as f64 / f64::from(1 << 20),
        bytes / count.max(1),
        history.size() / count.max(1),
    )?;
    writeln!(
        report,
        "a page of {PAGE} in ms, by {} questions of a kind warm and {} cold; walking all records, by {}",
        plan.warm, plan.cold, plan.scans
    )?;
    writeln!(
        report,
        "{:<44} {:>5} {:>7} | {:>8} {:>8} {:>8} | {:>8} {:>8} {:>8} | {:>9} {:>10}",
        "question", "found", "KiB", "p50", "p95", "p99", "cold p50", "p95", "p99", "walking", "looked at"
    )?;

    let mut rows = Vec::new();
    for kind in KINDS {
        let mut chance = ChaCha8Rng::seed_from_u64(plan.seed);
        let mut draw = || (kind.draw)(&history, &mut chance);
        let warm = warm(index.as_ref().context("it is open")?, plan, &mut draw)?;
        let cold = cold(&mut index, data.genesis(), &path, plan, &mut draw)?;
        let scan = scan::scan(&history, plan.scans, PATIENCE, &mut draw)?;
        let walked = scan.as_ref().map_or_else(
            || format!("{:>9} {:>10}", "", ""),
            |scan| format!("{:>9.1} {:>10}", millis(scan.times.p50), scan.looked_at),
        );
        writeln!(
            report,
            "{:<44} {:>5.1} {:>7.1} | {} | {} | {walked}",
            kind.name,
            warm.found,
            warm.bytes / 1024.0,
            warm.times,
            cold,
        )?;
        rows.push(json!({
            "question": kind.name,
            "found": warm.found,
            "bytes": warm.bytes,
            "warm": warm.times.to_json(),
            "cold": cold.to_json(),
            "walking": scan.as_ref().map(|scan| scan.times.to_json()),
            "lookedAt": scan.map(|scan| scan.looked_at),
        }));
    }
    let json = json!({
        "incidents": count,
        "entries": history.entries(),
        "services": data.services().len(),
        "organisations": data.organisations().len(),
        "seed": plan.seed,
        "page": PAGE,
        "buildSeconds": filled.as_secs_f64(),
        "entriesPerSecond": rate(history.entries(), filled),
        "incidentsPerSecond": rate(count, filled),
        "bytesOnDisk": bytes,
        "bytesPerIncident": bytes / count.max(1),
        "recordBytesPerIncident": history.size() / count.max(1),
        "questions": rows,
    });
    Ok((report, json))
}

/// Builds the index as a node does from its finalized state, and says how long it took.
fn fill(history: &History, path: &Path) -> Result<Duration> {
    let (index, _) = Index::open(path, history.genesis())?;
    ensure!(index.state().head.is_none(), "there is an index already");
    let follower = Follower::new(Arc::new(index), history);
    let began = Instant::now();
    while follower.step()? != Step::Done {}
    Ok(began.elapsed())
}

/// An answer: how many items it holds, and its JSON.
struct Answer {
    items: usize,
    json: serde_json::Result<Vec<u8>>,
}

impl Answer {
    fn of(items: usize, json: serde_json::Result<Vec<u8>>) -> Self {
        Self { items, json }
    }
}

/// Asks, as the node's server does.
fn ask(index: &Index, question: &Question) -> Result<Answer> {
    let answer = index.read(|reading| {
        let mut lists = Lists::new(reading, index.genesis(), reading.head().number);
        Ok(match question {
            Question::Incidents(filter) => {
                let page = lists.incidents(question::as_asked(filter), None, PAGE)?;
                Answer::of(page.data.items.len(), to_vec(&page))
            }
            Question::Services(filter) => {
                let page = lists.services(filter.clone(), None, PAGE)?;
                Answer::of(page.data.items.len(), to_vec(&page))
            }
            Question::Related(id) => {
                let event = lists.related(*id)?;
                Answer::of(event.data.items.len(), to_vec(&event))
            }
            Question::Incident(id) => match reading.incident(*id)? {
                Some(record) => Answer::of(1, to_vec(&lists.view(record)?)),
                None => Answer::of(0, to_vec(&())),
            },
        })
    });
    answer.map_err(|trouble: Trouble| anyhow!("{}", trouble.failure(index)))
}

struct Warm {
    times: Figures,
    /// Items of an answer, and its size in bytes, on average.
    found: f64,
    bytes: f64,
}

/// Asks over and over, after a few questions that are not counted.
fn warm(index: &Index, plan: &Plan, draw: &mut impl FnMut() -> Result<Question>) -> Result<Warm> {
    for _ in 0..plan.warm / 4 {
        ask(index, &draw()?)?;
    }
    let (began, mut times, mut found, mut bytes) = (Instant::now(), Vec::new(), 0, 0);
    while times.len() < plan.warm && began.elapsed() < PATIENCE {
        let question = draw()?;
        let asked = Instant::now();
        let answer = ask(index, &question)?;
        times.push(asked.elapsed());
        found += answer.items;
        bytes += answer.json?.len();
    }
    let mean = |sum: usize| (sum as f64 / times.len().max(1) as f64 * 10.0).round() / 10.0;
    Ok(Warm {
        found: mean(found),
        bytes: mean(bytes),
        times: Figures::of(times),
    })
}

/// Asks once each time after the index was opened anew, and nothing of it was in memory. Opening it is not counted.
fn cold(
    index: &mut Option<Index>,
    genesis: Hash,
    path: &Path,
    plan: &Plan,
    draw: &mut impl FnMut() -> Result<Question>,
) -> Result<Figures> {
    let mut times = Vec::new();
    for _ in 0..plan.cold {
        let question = draw()?;
        // It lets go of its folder only when it is closed.
        *index = None;
        disk::forget(path)?;
        let index = index.insert(Index::open(path, genesis)?.0);
        let asked = Instant::now();
        ask(index, &question)?.json?;
        times.push(asked.elapsed());
    }
    Ok(Figures::of(times))
}
