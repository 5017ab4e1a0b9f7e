//! An incident as its reporters tell it, and what the chain keeps of it.

use faultline_primitives::{
    attestation::{
        Attestation, Body, Claim, Evidence, EvidenceKind, Kind, Method, Observation, Place, Scope, Severity,
        TimeQuality, Vantage,
    },
    incident::{Action, Actor, Incident, Opening, FOLD_VERSION},
    organisation::{self, Admission, Organisation, Roles},
    quota::Quota,
    rules::Rules,
    service::{self, Registration, Service},
    Account, BlockNumber, Country, Entry, GroupId, IncidentId, Millis, OrganisationId, Record, ServiceId,
    Sha256, Span, Text, UnixMillis,
};
use faultline_proof::{
    bundle::{IncidentLog, Said},
    keys,
};
use sha2::Digest;

use crate::State;

/// 11 December 2024, 23:00 UTC.
pub const START: UnixMillis = UnixMillis(1_733_958_000_000);

/// Most attestations of an organisation on one incident.
const WORDS: usize = 60;

/// An incident with its log and its record.
#[derive(Clone, Debug)]
pub struct Story {
    log: IncidentLog,
    record: Record<Incident>,
    redacted: Vec<u32>,
}

fn text<const N: u32>(text: &str) -> Text<N> {
    text.try_into().expect("a short text")
}

fn sha256(text: &Body) -> Sha256 {
    Sha256(sha2::Sha256::digest(text.as_bytes()).into())
}

fn actor(number: u32) -> Actor {
    Actor {
        organisation: OrganisationId(number),
        group: GroupId(number),
        affiliated: false,
        key: Account([u8::try_from(number % 251).expect("a byte"); 32]),
    }
}

/// An organisation's record: it was admitted, and nothing else.
pub fn organisation(number: u32) -> Record<Organisation> {
    let entry = Entry {
        block: 0,
        at: UnixMillis(0),
        action: organisation::Action::Admitted(Admission {
            name: text(&format!("Organisation {number}")),
            url: text("https://example.org"),
            roles: Roles {
                reporter: true,
                ..Roles::default()
            },
            group: GroupId(number),
            admin: Account([0xad; 32]),
            quota: Quota {
                burst: 64,
                per_block: 4,
            },
        }),
    };
    Record::open(OrganisationId(number), &entry).expect("an admission")
}

/// A service's record: it was registered, and nothing else.
pub fn service(number: u32) -> Record<Service> {
    let entry = Entry {
        block: 0,
        at: UnixMillis(0),
        action: service::Action::Registered(Registration {
            slug: text("openai/chatgpt"),
            name: text("ChatGPT"),
            url: text("https://chatgpt.com"),
            parent: None,
            provider: None,
            listed: true,
            by: None,
        }),
    };
    Record::open(ServiceId(number), &entry).expect("a registration")
}

impl Story {
    /// An incident of this number and so many entries: an opening, and attestations of ever the same claim by three
    /// organisations, or more where three may not say as much. The second entry, if there is one, has a text.
    pub fn told(id: u64, entries: usize) -> Self {
        Self::told_from(id, entries, START)
    }

    /// The same, opened at this time.
    pub fn told_from(id: u64, entries: usize, opened: UnixMillis) -> Self {
        let speakers = entries.div_ceil(WORDS).max(3);
        let id = IncidentId(id);
        let (mut log, mut record) = (IncidentLog { id, entries: vec![] }, None::<Record<Incident>>);
        for number in 0..entries.max(1) {
            // One after another, so that each waits for as long as the rules say before it speaks again.
            let at = opened.after(Millis::minutes(u64::try_from(number).expect("few entries") * 5));
            let body = match number {
                1 => Some(text("It does not answer from Frankfurt.")),
                _ => None,
            };
            let attestation = Box::new(Attestation {
                observation: down(opened, at),
                text: body.as_ref().map(sha256),
            });
            let by = actor(u32::try_from(number % speakers).expect("few speakers"));
            let action = match record {
                None => Action::Opened {
                    by,
                    opening: Opening {
                        fold: FOLD_VERSION,
                        service: ServiceId(3),
                        slug: text("openai/chatgpt"),
                        name: text("ChatGPT"),
                        rules: Rules::standard(),
                    },
                    attestation,
                },
                Some(_) => Action::Attested {
                    by,
                    attestation,
                    moves_from: None,
                },
            };
            let block = BlockNumber::try_from(at.since(START).0 / 3_000).expect("a block's number") + 1;
            let entry = Entry { block, at, action };
            record = Some(match record {
                None => Record::open(id, &entry).expect("an opening"),
                Some(record) => record.append(&entry).expect("an attestation"),
            });
            log.entries.push(Said { entry, text: body });
        }
        Self {
            log,
            record: record.expect("one entry at least"),
            redacted: vec![],
        }
    }

    /// The same with the texts redacted.
    #[must_use]
    pub fn redacted(mut self) -> Self {
        for (number, said) in (0u32..).zip(&mut self.log.entries) {
            if said.text.take().is_some() {
                self.redacted.push(number);
            }
        }
        self
    }

    /// Its log.
    pub fn log(&self) -> &IncidentLog {
        &self.log
    }

    /// Its record.
    pub fn record(&self) -> &Record<Incident> {
        &self.record
    }

    /// The service that it is of.
    pub fn service_id(&self) -> ServiceId {
        self.record.state.service
    }

    /// Puts into a state what the chain keeps of it: record, entries, texts, redactions, its service, and who speaks.
    pub fn store(&self, state: &mut State) {
        let id = self.log.id;
        state.put(keys::incident(id), &self.record);
        for (number, said) in (0u32..).zip(&self.log.entries) {
            state.put(keys::incident_entry(id, number), &said.entry);
            if let Some(body) = &said.text {
                state.put(keys::text(id, number), body);
            }
            let speaker = said.entry.action.by().organisation;
            state.put(keys::organisation(speaker), &organisation(speaker.0));
        }
        for number in &self.redacted {
            state.put(keys::redaction(id, *number), &self.record.at);
        }
        state.put(keys::service(self.service_id()), &service(self.service_id().0));
    }
}

fn down(from: UnixMillis, to: UnixMillis) -> Observation {
    Observation {
        claim: Claim::Down,
        kind: Kind::Outage,
        severity: Severity::Major,
        scope: Scope::Global,
        observed: Span { from, to },
        intervals: vec![].try_into().expect("none"),
        time_quality: TimeQuality::Actual,
        method: Method::ActiveProbe,
        vantages: vec![Vantage {
            place: Place {
                country: Country(*b"DE"),
                asn: 64_500,
            },
            samples: 10,
            failed: 10,
        }]
        .try_into()
        .expect("one"),
        evidence: vec![Evidence {
            sha256: Sha256([0xe5; 32]),
            kind: EvidenceKind::ProbeLog,
            media_type: text("application/json"),
            size: 4_096,
            uri: Some(text("https://example.org/probe.json")),
            captured_at: from,
        }]
        .try_into()
        .expect("one"),
    }
}
