//! Incidents: what is checked of each, and of all of them together.

use std::collections::{BTreeMap, BTreeSet};

use codec::{Decode, Encode};
use faultline_primitives::{
    attestation::Body,
    incident::{Action, Incident, Verdict},
    log::What,
    rules::Rules,
    Account, BlockNumber, Entry, IncidentId, Roll, ServiceId, Sha256, UnixMillis,
};
use sha2::Digest;

use super::{
    finding::{Findings, Kind, Place},
    log::{Broken, Raw},
    past::Past,
};
use crate::trust::Head;

/// A step that takes a word from one incident to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub(super) struct Move {
    from: IncidentId,
    to: IncidentId,
    block: BlockNumber,
    key: Account,
}

/// That an incident was linked to another, or no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Link {
    of: IncidentId,
    entry: u32,
    block: BlockNumber,
    to: Option<IncidentId>,
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counted {
    /// Incidents.
    pub incidents: u64,
    /// Their entries.
    pub entries: u64,
    /// The texts that these commit to, which are there.
    pub texts: u64,
    /// Those that were redacted.
    pub redacted: u64,
    /// Incidents that are confirmed.
    pub confirmed: u64,
    /// Incidents that are contested.
    pub contested: u64,
    /// Incidents that are unconfirmed.
    pub unconfirmed: u64,
}

/// What is known of the incidents up to a number.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Course {
    /// The roll of all of them.
    pub all: Roll,
    /// The rolls of those of each service.
    pub of_service: BTreeMap<ServiceId, Roll>,
    /// Of which service each is, as its log says.
    pub services: Vec<ServiceId>,
    /// The block and time of the last opening.
    pub last: (BlockNumber, UnixMillis),
    /// The rules that the first of them were opened by.
    pub first_rules: Option<Rules>,
    /// Words that moved away, as the incidents that they left say.
    pub left: Vec<Move>,
    /// The same, as the incidents that they went to say.
    pub came: Vec<Move>,
    /// Links, in order.
    pub links: Vec<Link>,
    /// What was counted.
    pub counted: Counted,
}

impl Default for Course {
    fn default() -> Self {
        Self {
            all: Roll::empty(What::Incidents, ()),
            of_service: BTreeMap::new(),
            services: Vec::new(),
            last: (0, UnixMillis(0)),
            first_rules: None,
            left: Vec::new(),
            came: Vec::new(),
            links: Vec::new(),
            counted: Counted::default(),
        }
    }
}

/// What checking an incident's log gives.
#[derive(Debug)]
pub(super) struct Checked {
    /// What is wrong with its entries as such: whoever told them may have told others than there are.
    pub broken: Vec<Broken>,
    /// What is wrong with what they say.
    pub faults: Vec<Broken>,
}

/// Checks an incident's log by itself, and what each entry says of its time.
pub(super) fn check(log: &Raw<Incident>, head: &Head, past: &mut Past) -> Checked {
    let mut faults = Vec::new();
    let mut service = None;
    let outcome = log.replay(
        head,
        |number, before, entry| {
            let mut fault = |kind, what| {
                faults.push(Broken {
                    entry: Some((number, Some(entry.block))),
                    kind,
                    what,
                });
            };
            if let Action::Opened { opening, .. } = &entry.action {
                service = Some(opening.service);
                past.check_opening(opening, entry.block)
                    .into_iter()
                    .for_each(|(kind, what)| fault(kind, what));
            }
            if let Some(service) = service {
                past.check_speaker(&entry.action, service, entry.block)
                    .into_iter()
                    .for_each(|(kind, what)| fault(kind, what));
            }
            if let (Action::Disputed { by, arbiters, .. }, Some(before)) = (&entry.action, before) {
                past.check_arbiters(before, by, arbiters, entry.block)
                    .into_iter()
                    .for_each(|(kind, what)| fault(kind, what));
            }
            if !past.is_time_of(entry.block, entry.at) {
                fault(
                    Kind::Time,
                    "its time is not that of its block, as other logs have it".into(),
                );
            }
        },
        |_, _| {},
    );
    if let Some(record) = log.record.as_ref().filter(|_| outcome.is_ok()) {
        faults.extend(check_counting(&record.state));
    }
    Checked {
        broken: outcome.err().unwrap_or_default(),
        faults,
    }
}

/// No provider, no affiliate of it, and no second voice of a group counts.
fn check_counting(incident: &Incident) -> Option<Broken> {
    let counting = incident.tally.counting();
    let groups: BTreeSet<_> = counting.iter().map(|voice| voice.group).collect();
    let is_sound = groups.len() == counting.len() && counting.iter().all(|voice| !voice.affiliated);
    (!is_sound).then(|| Broken {
        entry: None,
        kind: Kind::Fold,
        what: "a provider's voice or the second of a group counts".into(),
    })
}

/// The entries whose texts are not what they commit to.
pub(super) fn doubtful_texts(entries: &[Entry<Action>], texts: &BTreeMap<u32, Body>) -> Vec<u32> {
    let committed = (0u32..)
        .zip(entries)
        .filter_map(|(number, entry)| Some((number, entry.action.text()?)));
    committed
        .filter(|(number, commitment)| texts.get(number).map(sha256) != Some(*commitment))
        .map(|(number, _)| number)
        .collect()
}

pub(super) fn sha256(body: &Body) -> Sha256 {
    Sha256(sha2::Sha256::digest(body.as_bytes()).into())
}

impl Course {
    /// The incident whose turn it is.
    pub fn next(&self) -> IncidentId {
        IncidentId(self.counted.incidents)
    }

    /// Takes in an incident whose log was checked.
    pub fn take(&mut self, log: &Raw<Incident>, findings: &mut Findings) {
        let id = log.id;
        self.counted.incidents = self.counted.incidents.saturating_add(1);
        let entries = u64::try_from(log.entries.len()).unwrap_or(u64::MAX);
        self.counted.entries = self.counted.entries.saturating_add(entries);
        let state = log.record.as_ref().map(|record| &record.state);
        match state.map(|state| state.verdict) {
            Some(Verdict::Confirmed) => self.counted.confirmed += 1,
            Some(Verdict::Contested) => self.counted.contested += 1,
            Some(Verdict::Unconfirmed) => self.counted.unconfirmed += 1,
            None => {}
        }
        let service = state.map_or(ServiceId(u32::MAX), |state| state.service);
        self.services.push(service);
        if let Some(first) = log.entries.first() {
            let opened = (first.block, first.at);
            if first.block < self.last.0 || first.at < self.last.1 {
                findings.at(
                    Place::Incident(id),
                    0,
                    first.block,
                    Kind::Time,
                    "it was opened before the incident before it",
                );
            }
            self.last = opened;
            self.all = self.all.with(id, first.block, first.at);
            let empty = || Roll::empty(What::IncidentsOnService, service);
            let roll = self.of_service.entry(service).or_insert_with(empty);
            *roll = roll.with(id, first.block, first.at);
        }
        for (number, entry) in (0u32..).zip(&log.entries) {
            self.connect(id, number, entry);
        }
    }

    /// What an entry says of other incidents.
    fn connect(&mut self, id: IncidentId, entry: u32, said: &Entry<Action>) {
        let block = said.block;
        let key = said.action.by().key;
        let link = |to| Link {
            of: id,
            entry,
            block,
            to,
        };
        match &said.action {
            Action::Attested {
                moves_from: Some(from),
                ..
            } => self.came.push(Move {
                from: *from,
                to: id,
                block,
                key,
            }),
            Action::Withdrawn {
                moved_to: Some(to), ..
            } => self.left.push(Move {
                from: id,
                to: *to,
                block,
                key,
            }),
            Action::Linked { to, .. } => self.links.push(link(Some(*to))),
            Action::Unlinked { .. } => self.links.push(link(None)),
            _ => {}
        }
    }

    /// Checks what they say of each other, once all were taken in.
    pub fn check_connections(&mut self, findings: &mut Findings) {
        let (mut left, mut came) = (self.left.clone(), self.came.clone());
        left.sort_unstable();
        came.sort_unstable();
        let one_sided = |these: &[Move], others: &[Move]| -> Vec<Move> {
            let has_other = |one: &&Move| others.binary_search(one).is_err();
            these.iter().filter(has_other).copied().collect()
        };
        for Move { from, to, block, .. } in one_sided(&left, &came) {
            let what = format!("a word moved to incident {to}, which does not say so");
            findings.add(Place::Incident(from), (None, Some(block)), Kind::Link, what);
        }
        for Move { from, to, block, .. } in one_sided(&came, &left) {
            let what = format!("a word came from incident {from}, which does not say so");
            findings.add(Place::Incident(to), (None, Some(block)), Kind::Link, what);
        }
        for link in &self.links {
            let Some(to) = link.to else { continue };
            if self.service_of(to).is_none() || self.service_of(to) != self.service_of(link.of) {
                let what = format!("it is linked to incident {to}, which is not there or of another service");
                findings.at(Place::Incident(link.of), link.entry, link.block, Kind::Link, what);
            } else if !self.may_be_free(to, link.block) {
                let what = format!("it is linked to incident {to}, which was linked itself");
                findings.at(Place::Incident(link.of), link.entry, link.block, Kind::Link, what);
            }
        }
    }

    fn service_of(&self, id: IncidentId) -> Option<ServiceId> {
        let place = usize::try_from(id.0).ok()?;
        self.services.get(place).copied()
    }

    /// Whether an incident may have been no duplicate of another at some point of a block.
    fn may_be_free(&self, id: IncidentId, block: BlockNumber) -> bool {
        let of_it = || self.links.iter().filter(|link| link.of == id);
        let before = of_it().rfind(|link| link.block < block);
        let in_block = of_it().any(|link| link.block == block && link.to.is_none());
        in_block || before.is_none_or(|link| link.to.is_none())
    }
}
