//! Who may speak, what is watched and who keeps the chain: their logs, read whole before any incident's.

use std::collections::BTreeMap;

use codec::{Decode, Encode};
use faultline_primitives::{
    consortium::{self, Act, Action, Consortium},
    log::What,
    organisation::{self, Organisation},
    rules::Rules,
    service::{self, Service},
    Entry, IncidentId, OrganisationId, Record, Roll, ServiceId, UnixMillis,
};
use faultline_proof::{
    keys::{self, StorageKey},
    verify::canonical,
};

use super::{
    finding::{Findings, Kind, Place},
    incidents::sha256,
    log::{Lifetime, Logged, Raw},
    past::Past,
    reading::{Found, Reading},
    AuditError,
};
use crate::trust::Source;

/// What the logs of all but incidents say.
#[derive(Default)]
pub(super) struct Society {
    /// What was so at each block.
    pub past: Past,
    /// The organisations' entries.
    pub organisations: Vec<Vec<Entry<organisation::Action>>>,
    /// The services' entries.
    pub services: Vec<Vec<Entry<service::Action>>>,
    /// The consortium's entries.
    pub consortium: Vec<Entry<Action>>,
    /// What the consortium is now.
    pub now: Option<Record<Consortium>>,
    /// The rolls of organisations, of services and of incidents.
    pub rolls: Rolls,
    /// The texts that the council redacted, and when.
    pub redacted: BTreeMap<(IncidentId, u32), UnixMillis>,
}

/// The rolls that a state holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rolls {
    pub organisations: Roll,
    pub services: Roll,
    pub incidents: Roll,
}

impl Default for Rolls {
    fn default() -> Self {
        Self {
            organisations: Roll::empty(What::Organisations, ()),
            services: Roll::empty(What::Services, ()),
            incidents: Roll::empty(What::Incidents, ()),
        }
    }
}

/// Reads one thing that the state holds, or finds that it holds none that can be read.
pub(super) async fn single<S: Source, T: Decode + Encode>(
    reading: &Reading<'_, S>,
    key: &StorageKey,
    called: &str,
    findings: &mut Findings,
) -> Result<Option<T>, AuditError> {
    let found = reading.proven(std::slice::from_ref(key)).await?;
    Ok(match found.get(key) {
        Some(Found::Proven(None)) => None,
        Some(Found::Proven(Some(bytes))) => {
            let read = canonical(bytes);
            if read.is_none() {
                findings.of(Place::Chain, Kind::Record, format!("{called} cannot be read"));
            }
            read
        }
        Some(Found::Unproven) | None => {
            findings.of(Place::Chain, Kind::Unproven, format!("no node proves {called}"));
            None
        }
    })
}

/// Replays a log; where what a node told does not hold, what is proven.
async fn settled<L: Logged, S: Source>(
    reading: &Reading<'_, S>,
    log: Raw<L>,
    findings: &mut Findings,
) -> Result<(Raw<L>, Lifetime<L>), AuditError> {
    let replayed = |log: &Raw<L>| {
        let mut lifetime = Lifetime::default();
        let outcome = log.replay(
            reading.head,
            |_, _, _| {},
            |entry, state| lifetime.add(entry.block, state.clone()),
        );
        (outcome, lifetime)
    };
    let (outcome, lifetime) = replayed(&log);
    if outcome.is_ok() {
        return Ok((log, lifetime));
    }
    let (proven, whole) = reading.log_proven::<L>(log.id).await?;
    let (outcome, lifetime) = replayed(&proven);
    let place = L::place(log.id);
    match outcome {
        Ok(()) => reading.note_told(format!("told other entries of {place} than it proves")),
        Err(_) if !whole => findings.of(place, Kind::Unproven, "no node proves all of its log"),
        Err(broken) => broken
            .into_iter()
            .for_each(|broken| broken.found(place, findings)),
    }
    Ok((proven, lifetime))
}

impl Society {
    /// Reads it.
    pub async fn read<S: Source>(
        reading: &Reading<'_, S>,
        findings: &mut Findings,
    ) -> Result<Self, AuditError> {
        let mut society = Self::default();
        society.read_rolls(reading, findings).await?;
        society.read_consortium(reading, findings).await?;
        society.read_organisations(reading, findings).await?;
        society.read_services(reading, findings).await?;
        society.check_deeds(findings);
        society.check_checkpoints(findings);
        society.check_redactions(reading, findings).await?;
        Ok(society)
    }

    async fn read_rolls<S: Source>(
        &mut self,
        reading: &Reading<'_, S>,
        findings: &mut Findings,
    ) -> Result<(), AuditError> {
        let Rolls {
            organisations,
            services,
            incidents,
        } = &mut self.rolls;
        for (roll, key, called) in [
            (
                organisations,
                keys::all_organisations(),
                "the roll of organisations",
            ),
            (services, keys::all_services(), "the roll of services"),
            (incidents, keys::all_incidents(), "the roll of incidents"),
        ] {
            if let Some(kept) = single(reading, &key, called, findings).await? {
                *roll = kept;
            }
        }
        let beyond = [
            (
                Organisation::record(OrganisationId(number(self.rolls.organisations.count))),
                "organisation",
            ),
            (
                Service::record(ServiceId(number(self.rolls.services.count))),
                "service",
            ),
            (keys::incident(IncidentId(self.rolls.incidents.count)), "incident"),
        ];
        for (key, called) in beyond {
            let found = reading.proven(std::slice::from_ref(&key)).await?;
            if found.get(&key).and_then(Found::value).is_some() {
                findings.of(
                    Place::Chain,
                    Kind::Stray,
                    format!("there is one more {called} than its roll counts"),
                );
            }
        }
        Ok(())
    }

    async fn read_consortium<S: Source>(
        &mut self,
        reading: &Reading<'_, S>,
        findings: &mut Findings,
    ) -> Result<(), AuditError> {
        for log in reading.logs::<Consortium>(&[()]).await? {
            // A chain of no organisations has no council.
            if log.record.is_none() && self.rolls.organisations.count == 0 {
                continue;
            }
            let (log, lifetime) = settled(reading, log, findings).await?;
            for (number, entry) in (0u32..).zip(&log.entries) {
                self.past.enacted(entry);
                self.time(Place::Consortium, number, entry, findings);
                if let Action::Enacted {
                    act: Act::Redact(incident, text),
                    ..
                } = &entry.action
                {
                    self.redacted.insert((*incident, *text), entry.at);
                }
            }
            self.past.consortium = lifetime;
            self.consortium = log.entries;
            self.now = log.record;
        }
        let rules: Option<Rules> = single(reading, &keys::rules(), "the rules in force", findings).await?;
        let in_force = rules.unwrap_or(Rules::standard());
        match self.past.rules.last() {
            None => self.past.first_rules = Some(in_force),
            Some((_, set)) if *set != in_force => {
                findings.of(
                    Place::Chain,
                    Kind::Act,
                    "the rules in force are not those that the council set last",
                );
            }
            Some(_) => {}
        }
        Ok(())
    }

    async fn read_organisations<S: Source>(
        &mut self,
        reading: &Reading<'_, S>,
        findings: &mut Findings,
    ) -> Result<(), AuditError> {
        let mut roll = Roll::empty(What::Organisations, ());
        let ids: Vec<_> = (0..number(self.rolls.organisations.count))
            .map(OrganisationId)
            .collect();
        for ids in ids.chunks(crate::trust::BATCH) {
            for log in reading.logs::<Organisation>(ids).await? {
                let id = log.id;
                let (log, lifetime) = settled(reading, log, findings).await?;
                roll = on_roll(roll, id, log.entries.first());
                for (number, entry) in (0u32..).zip(&log.entries) {
                    self.past.hand_out(id, number, entry, findings);
                    self.time(Place::Organisation(id), number, entry, findings);
                }
                self.past.organisations.push(lifetime);
                self.organisations.push(log.entries);
            }
        }
        if roll != self.rolls.organisations {
            findings.of(
                Place::Chain,
                Kind::Roll,
                "the roll of organisations is not that of their logs",
            );
        }
        Ok(())
    }

    async fn read_services<S: Source>(
        &mut self,
        reading: &Reading<'_, S>,
        findings: &mut Findings,
    ) -> Result<(), AuditError> {
        let mut roll = Roll::empty(What::Services, ());
        let mut slugs = BTreeMap::new();
        let ids: Vec<_> = (0..number(self.rolls.services.count)).map(ServiceId).collect();
        for ids in ids.chunks(crate::trust::BATCH) {
            for log in reading.logs::<Service>(ids).await? {
                let id = log.id;
                let (log, lifetime) = settled(reading, log, findings).await?;
                roll = on_roll(roll, id, log.entries.first());
                for (number, entry) in (0u32..).zip(&log.entries) {
                    self.time(Place::Service(id), number, entry, findings);
                }
                check_notices(reading, &log, findings).await?;
                if let Some(service) = log.record.as_ref().map(|record| &record.state) {
                    if let Some(other) = slugs.insert(service.slug.clone(), id) {
                        let what = format!("its slug is that of service {other}");
                        findings.of(Place::Service(id), Kind::Record, what);
                    }
                    if service.parent.is_some_and(|parent| parent >= id) {
                        let what = "it is a component of a service that was not there";
                        findings.of(Place::Service(id), Kind::Record, what);
                    }
                }
                self.past.services.push(lifetime);
                self.services.push(log.entries);
            }
        }
        if roll != self.rolls.services {
            findings.of(
                Place::Chain,
                Kind::Roll,
                "the roll of services is not that of their logs",
            );
        }
        Ok(())
    }

    /// All entries of a block are of one time.
    fn time<A>(&mut self, of: Place, number: u32, entry: &Entry<A>, findings: &mut Findings) {
        if !self.past.clock.agrees(entry.block, entry.at) {
            let what = "its time is not that of its block, as other logs have it";
            findings.at(of, number, entry.block, Kind::Time, what);
        }
    }
}

/// Notices of maintenance are what their entries commit to.
async fn check_notices<S: Source>(
    reading: &Reading<'_, S>,
    log: &Raw<Service>,
    findings: &mut Findings,
) -> Result<(), AuditError> {
    for (number, entry) in (0u32..).zip(&log.entries) {
        let service::Action::MaintenanceAnnounced { text: Some(text), .. } = &entry.action else {
            continue;
        };
        let key = keys::notice(log.id, number);
        let found = reading.proven(std::slice::from_ref(&key)).await?;
        let body = found
            .get(&key)
            .and_then(Found::value)
            .and_then(|bytes| canonical(bytes));
        if body.as_ref().map(sha256) != Some(*text) {
            let what = "the notice is not what the entry commits to, or is not there";
            findings.at(Place::Service(log.id), number, entry.block, Kind::Text, what);
        }
    }
    Ok(())
}

fn on_roll<A>(roll: Roll, id: impl Encode, first: Option<&Entry<A>>) -> Roll {
    match first {
        Some(first) => roll.with(id, first.block, first.at),
        None => roll,
    }
}

/// A count as numbers go.
fn number(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Society {
    /// The runtime that was put in place last.
    pub fn last_upgrade(&self) -> Option<(&Entry<Action>, faultline_primitives::Hash, u32)> {
        let mut upgrades = self
            .consortium
            .iter()
            .rev()
            .filter_map(|entry| match &entry.action {
                consortium::Action::Upgraded { code, spec_version } => Some((entry, *code, *spec_version)),
                _ => None,
            });
        upgrades.next()
    }

    /// How many entries the logs hold.
    pub fn entries(&self) -> u64 {
        let count = |entries: usize| u64::try_from(entries).unwrap_or(u64::MAX);
        let organisations: u64 = self.organisations.iter().map(|log| count(log.len())).sum();
        let services: u64 = self.services.iter().map(|log| count(log.len())).sum();
        organisations
            .saturating_add(services)
            .saturating_add(count(self.consortium.len()))
    }
}
