//! Walking all records, as one walks the logs of a chain that has no index.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use faultline_primitives::IncidentId;

use super::{history::History, question::Question, PAGE};
use crate::measure::figures::Figures;

/// What walking came to.
pub struct Scan {
    /// How long it took.
    pub times: Figures,
    /// Records that were looked at for a page, on average.
    pub looked_at: u64,
}

/// Answers questions about incidents by looking at one record after another, the last opened first, until a page is full;
/// nothing of other questions.
///
/// The records lie in memory, and the page is in order of opening and not put into JSON: whoever walks a chain over its
/// JSON-RPC takes longer.
pub fn scan(
    history: &History,
    count: usize,
    patience: Duration,
    draw: &mut impl FnMut() -> Result<Question>,
) -> Result<Option<Scan>> {
    let (began, mut times, mut looked_at) = (Instant::now(), Vec::new(), 0u64);
    while times.len() < count && began.elapsed() < patience {
        let Question::Incidents(filter) = draw()? else {
            return Ok(None);
        };
        let asked = Instant::now();
        let mut found = 0;
        for id in (0..history.len()).rev().map(IncidentId) {
            let record = history.record(id)?.context("a record is there")?;
            looked_at += 1;
            found += usize::from(filter.fits(&record.state, history.slug(record.state.service)?));
            if found == PAGE {
                break;
            }
        }
        times.push(asked.elapsed());
    }
    let asked = u64::try_from(times.len().max(1))?;
    Ok(Some(Scan {
        times: Figures::of(times),
        looked_at: looked_at / asked,
    }))
}
