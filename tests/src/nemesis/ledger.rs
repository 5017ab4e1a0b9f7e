//! What clients were told of each thing that they submitted.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use faultline_client::{council::MotionEvent, Event, Recorded};
use faultline_primitives::{Hash, IncidentId};

use super::speaker::Said;

/// How many incidents are remembered to be spoken of.
const RECENT: usize = 12;

/// A place in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// An entry of an incident's.
    Incident(u64, u32),
    /// Of an organisation's.
    Organisation(u32, u32),
    /// Of a service's.
    Service(u32, u32),
    /// Of the consortium's.
    Consortium(u32),
}

/// What a client was told at last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It is final.
    Final {
        /// The block.
        block: u32,
        /// The entries that it made.
        entries: Vec<Place>,
    },
    /// The pool refused it: it never was in a block.
    Refused(String),
    /// It failed in its block: the block holds it, and it made no entry.
    Failed(String),
    /// Its time is over, and no block holds it.
    Expired,
    /// Another of its key was recorded in its place.
    Superseded,
    /// Nothing: the run ended before.
    Nothing,
}

impl Told {
    /// In a word, as the report counts it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Final { .. } => "final",
            Self::Refused(_) => "refused by the pool",
            Self::Failed(_) => "failed in its block",
            Self::Expired => "expired",
            Self::Superseded => "superseded",
            Self::Nothing => "not told before the end",
        }
    }

    /// What a finalized block says.
    pub fn recorded(recorded: &Recorded) -> Self {
        let of_logs = recorded.events.iter().map(|event| match *event {
            Event::Incident { incident, entry, .. } => Place::Incident(incident.0, entry),
            Event::Organisation { organisation, entry } => Place::Organisation(organisation.0, entry),
            Event::Service { service, entry } => Place::Service(service.0, entry),
        });
        let of_council = recorded.motion.iter().filter_map(|event| match event {
            MotionEvent::Enacted { entry } => Some(Place::Consortium(*entry)),
            _ => None,
        });
        Self::Final {
            block: recorded.block.number,
            entries: of_logs.chain(of_council).collect(),
        }
    }
}

/// One thing that was submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Who signed it.
    pub by: &'static str,
    /// The transaction's hash.
    pub hash: Hash,
    /// What became of it.
    pub told: Told,
}

/// All of them.
#[derive(Default)]
pub struct Ledger {
    submissions: Mutex<Vec<Submission>>,
    recent: Mutex<Vec<IncidentId>>,
}

impl Ledger {
    /// Writes down what became of something.
    pub fn note(&self, submission: Submission) {
        if let Told::Final { entries, .. } = &submission.told {
            let mut recent = lock(&self.recent);
            for place in entries {
                if let Place::Incident(incident, 0) = place {
                    recent.push(IncidentId(*incident));
                }
            }
            let superfluous = recent.len().saturating_sub(RECENT);
            recent.drain(..superfluous);
        }
        lock(&self.submissions).push(submission);
    }

    /// Writes down what was said, if it was signed at all.
    pub fn note_said(&self, by: &'static str, said: &Said) {
        if let Some(hash) = said.hash {
            self.note(Submission {
                by,
                hash,
                told: said.told.clone(),
            });
        }
    }

    /// The incidents that were opened last.
    pub fn recent(&self) -> Vec<IncidentId> {
        lock(&self.recent).clone()
    }

    /// All that was submitted and of which something was told.
    pub fn all(&self) -> Vec<Submission> {
        lock(&self.submissions).clone()
    }

    /// How many of each kind.
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for submission in lock(&self.submissions).iter() {
            *counts.entry(submission.told.kind()).or_default() += 1;
        }
        counts
    }

    /// How often something was refused, by the pool or in a block, under each name.
    pub fn refusals(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for submission in lock(&self.submissions).iter() {
            if let Told::Refused(name) | Told::Failed(name) = &submission.told {
                *counts.entry(name.clone()).or_default() += 1;
            }
        }
        counts
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
