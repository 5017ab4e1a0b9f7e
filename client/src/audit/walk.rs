//! The way through all incidents.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    time::{Duration, Instant},
};

use faultline_primitives::{incident::Incident, log::What, IncidentId, Roll, ServiceId};
use faultline_proof::{keys, verify::canonical};
use futures::{stream, StreamExt};

use super::{
    finding::{Kind, Place},
    incidents::{check, doubtful_texts, sha256, Checked},
    log::{Logged, Raw},
    past::Past,
    progress::Progress,
    reading::{commitments, Found, RawIncident, Reading},
    society::Society,
    AuditError, Stage, Told,
};
use crate::trust::BATCH;

/// How many batches of incidents are asked for at once.
const IN_FLIGHT: usize = 6;
/// How often how far it is is written down.
const SAVE_EVERY: Duration = Duration::from_secs(2);
/// Places of rolls that are read at once.
const PLACES: usize = 2_000;

/// The way through all incidents.
pub(super) struct Walk<'a, S> {
    reading: &'a Reading<'a, S>,
    society: &'a Society,
    past: Past,
    /// How far it is.
    pub progress: Progress,
    /// Entries that were checked on this way.
    pub checked: u64,
    file: Option<PathBuf>,
    saved: Instant,
    saving: Duration,
}

impl<'a, S: Told> Walk<'a, S> {
    /// On from where it was stopped, by what was so at each block.
    pub fn new(
        reading: &'a Reading<'a, S>,
        society: &'a Society,
        mut past: Past,
        progress: Progress,
        file: Option<PathBuf>,
    ) -> Self {
        past.first_rules = past.first_rules.or(progress.course.first_rules);
        for note in &progress.notes {
            reading.note(&note.node, note.what.clone());
        }
        Self {
            reading,
            society,
            past,
            progress,
            checked: 0,
            file,
            saved: Instant::now(),
            saving: Duration::ZERO,
        }
    }

    /// Checks every incident from where it is on.
    pub async fn incidents(&mut self, watch: &mut impl FnMut(Stage)) -> Result<(), AuditError> {
        let of = self.society.rolls.incidents.count;
        let reading = self.reading;
        let first = self.progress.course.next().0;
        let step = u64::try_from(BATCH).unwrap_or(u64::MAX);
        let begins = (0u64..).map(|batch| first.saturating_add(batch.saturating_mul(step)));
        let batches = begins.take_while(|begin| *begin < of).map(|begin| {
            let until = begin.saturating_add(step).min(of);
            (begin..until).map(IncidentId).collect::<Vec<_>>()
        });
        let read = |ids: Vec<IncidentId>| async move { reading.incidents(&ids).await };
        let mut read = std::pin::pin!(stream::iter(batches).map(read).buffered(IN_FLIGHT));
        while let Some(batch) = read.next().await {
            for incident in batch? {
                self.incident(incident).await?;
            }
            let counted = &self.progress.course.counted;
            watch(Stage::Incidents {
                done: counted.incidents,
                of,
                entries: counted.entries,
            });
            // A file that takes long to write is written less often.
            if self.saved.elapsed() > SAVE_EVERY.max(self.saving.saturating_mul(20)) {
                self.save()?;
            }
        }
        Ok(())
    }

    /// Checks one.
    async fn incident(&mut self, raw: RawIncident) -> Result<(), AuditError> {
        let RawIncident { mut log, texts } = raw;
        let first_rules = self.past.first_rules;
        let (mut checked, mut doubtful) = self.reading.timed(|| {
            let checked = check(&log, self.reading.head, &mut self.past);
            (checked, doubtful_texts(&log.entries, &texts))
        });
        let (id, place) = (log.id, Place::Incident(log.id));
        if !checked.broken.is_empty() {
            let (proven, whole) = self.reading.log_proven::<Incident>(id).await?;
            // What was told says nothing of the rules that the chain began with.
            self.past.first_rules = first_rules;
            checked = check(&proven, self.reading.head, &mut self.past);
            if checked.broken.is_empty() {
                self.reading
                    .note_told(format!("told other entries of {place} than it proves"));
            } else if !whole {
                self.progress
                    .findings
                    .of(place, Kind::Unproven, "no node proves all of its log");
                checked.broken.clear();
            }
            let texts = self.reading.texts(std::slice::from_ref(&proven)).await?;
            log = proven;
            doubtful = doubtful_texts(&log.entries, &texts.into_iter().next().unwrap_or_default());
        }
        let Checked { broken, faults } = checked;
        let findings = &mut self.progress.findings;
        broken
            .into_iter()
            .chain(faults)
            .for_each(|broken| broken.found(place, findings));
        let there = commitments(&log.entries).count().saturating_sub(doubtful.len());
        let there = u64::try_from(there).unwrap_or(u64::MAX);
        self.progress.course.counted.texts = self.progress.course.counted.texts.saturating_add(there);
        for number in doubtful {
            self.text(&log, number).await?;
        }
        let Progress { course, findings, .. } = &mut self.progress;
        self.reading.timed(|| course.take(&log, findings));
        course.first_rules = self.past.first_rules;
        self.checked = self
            .checked
            .saturating_add(u64::try_from(log.entries.len()).unwrap_or(u64::MAX));
        Ok(())
    }

    /// What became of a text that a node did not tell, or told otherwise.
    async fn text(&mut self, log: &Raw<Incident>, number: u32) -> Result<(), AuditError> {
        let (id, place) = (log.id, Place::Incident(log.id));
        let (text, tombstone) = (keys::text(id, number), keys::redaction(id, number));
        let found = self.reading.proven(&[text.clone(), tombstone.clone()]).await?;
        let entry = usize::try_from(number)
            .ok()
            .and_then(|number| log.entries.get(number));
        let block = entry.map(|entry| entry.block).unwrap_or_default();
        let commitment = entry.and_then(|entry| entry.action.text());
        let findings = &mut self.progress.findings;
        let counted = &mut self.progress.course.counted;
        match (found.get(&text), found.get(&tombstone).and_then(Found::value)) {
            (Some(Found::Proven(Some(bytes))), _) => {
                let body = canonical(bytes);
                if body.as_ref().map(sha256) == commitment {
                    counted.texts = counted.texts.saturating_add(1);
                    let what =
                        format!("withheld or changed the text of {place}, entry {number}, that it proves");
                    self.reading.note_told(what);
                } else {
                    findings.at(
                        place,
                        number,
                        block,
                        Kind::Text,
                        "the text is not the one that the entry commits to",
                    );
                }
            }
            (Some(Found::Proven(None)), Some(_)) => {
                counted.redacted = counted.redacted.saturating_add(1);
                if !self.society.redacted.contains_key(&(id, number)) {
                    let what = "the text was redacted, and the council's log does not say so";
                    findings.at(place, number, block, Kind::Act, what);
                }
            }
            (Some(Found::Proven(None)), None) => {
                let what = "the text that the entry commits to is not there, and was not redacted";
                findings.at(place, number, block, Kind::Text, what);
            }
            _ => findings.at(
                place,
                number,
                block,
                Kind::Unproven,
                "no node proves what became of the text",
            ),
        }
        Ok(())
    }

    /// What is checked once all were.
    pub async fn conclude(&mut self) -> Result<(), AuditError> {
        let Progress { course, findings, .. } = &mut self.progress;
        if course.all != self.society.rolls.incidents {
            findings.of(
                Place::Chain,
                Kind::Roll,
                "the roll of incidents is not that of their logs",
            );
        }
        let services: Vec<_> = (0u32..)
            .take(self.society.services.len())
            .map(ServiceId)
            .collect();
        let keys: Vec<_> = services.iter().map(|id| keys::roll_of_service(*id)).collect();
        let kept = self.reading.proven(&keys).await?;
        for (id, key) in services.iter().zip(&keys) {
            let empty = Roll::empty(What::IncidentsOnService, *id);
            let of_logs = course.of_service.get(id).copied().unwrap_or(empty);
            let place = Place::Service(*id);
            match kept.get(key) {
                Some(Found::Proven(None)) if of_logs.count == 0 => {}
                Some(Found::Proven(Some(bytes))) if canonical(bytes) == Some(of_logs) => {}
                Some(Found::Proven(_)) => {
                    findings.of(
                        place,
                        Kind::Roll,
                        "the roll of its incidents is not that of their logs",
                    );
                }
                _ => findings.of(place, Kind::Unproven, "no node proves the roll of its incidents"),
            }
        }
        course.check_connections(findings);
        self.places().await
    }

    /// Each incident is where its service's roll has it.
    async fn places(&mut self) -> Result<(), AuditError> {
        let mut counts = BTreeMap::<ServiceId, u64>::new();
        let mut places = Vec::with_capacity(self.progress.course.services.len());
        for (id, service) in (0u64..).map(IncidentId).zip(&self.progress.course.services) {
            let count = counts.entry(*service).or_default();
            places.push((keys::on_service(*service, *count), id, *service));
            *count = count.saturating_add(1);
        }
        for places in places.chunks(PLACES) {
            let keys: Vec<_> = places.iter().map(|(key, ..)| key.clone()).collect();
            let told = self.reading.told(&keys).await?;
            for (key, id, service) in places {
                let is_there = |bytes: &Vec<u8>| canonical(bytes) == Some(*id);
                if matches!(told.get(key), Some(Some(bytes)) if is_there(bytes)) {
                    continue;
                }
                let found = self.reading.proven(std::slice::from_ref(key)).await?;
                if found.get(key).and_then(Found::value).is_some_and(is_there) {
                    self.reading.note_told(format!(
                        "told another place of {} than it proves",
                        Incident::place(*id)
                    ));
                    continue;
                }
                let what = format!("it is not where the roll of service {service} has it");
                self.progress.findings.of(Place::Incident(*id), Kind::Roll, what);
            }
        }
        Ok(())
    }

    /// Writes down how far it is.
    pub fn save(&mut self) -> Result<(), AuditError> {
        let Some(path) = &self.file else {
            return Ok(());
        };
        let begun = Instant::now();
        self.progress.notes = self.reading.notes();
        self.progress.write(path)?;
        self.saved = Instant::now();
        self.saving = begun.elapsed();
        Ok(())
    }
}
