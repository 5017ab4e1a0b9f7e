//! The logs of a made-up chain, small and whole, and the state that keeps them.

use std::collections::BTreeMap;

use codec::Compact;
use faultline_forge::State;
use faultline_primitives::{
    attestation::{
        Attestation, Body, Claim, Evidence, EvidenceKind, Kind, Method, Observation, Place, Scope, Severity,
        TimeQuality, Vantage,
    },
    consortium::{self, Act, Consortium, Seats, Validators},
    incident::{self, Actor, Arbiters, Incident, Opening, Reply, ReplyStatus, Statement, FOLD_VERSION},
    log::{blake2_256, What},
    organisation::{self, Admission, Organisation, Roles},
    quota::Quota,
    rules::Rules,
    service::{self, Registration, Service},
    Account, BlockNumber, Country, Entry, GroupId, IncidentId, Millis, OrganisationId, Record, Roll,
    ServiceId, Sha256, Span, Text, UnixMillis,
};
use faultline_proof::keys;

use crate::audit::{incidents::sha256, log::Logged};

/// What runs.
pub const CODE: &[u8] = b"the code of a runtime, longer than what stands in a node";

/// The logs of a chain.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub organisations: Vec<Vec<Entry<organisation::Action>>>,
    pub services: Vec<Vec<Entry<service::Action>>>,
    pub consortium: Vec<Entry<consortium::Action>>,
    pub incidents: Vec<Vec<Entry<incident::Action>>>,
    pub texts: BTreeMap<(u64, u32), Body>,
    pub redacted: BTreeMap<(u64, u32), UnixMillis>,
    pub rules: Option<Rules>,
}

pub fn text<const N: u32>(text: &str) -> Text<N> {
    text.try_into().unwrap()
}

/// The time of a block; none of the genesis block.
pub fn time(block: BlockNumber) -> UnixMillis {
    match block {
        0 => UnixMillis(0),
        block => UnixMillis(faultline_forge::START.0 + u64::from(block) * 3_000),
    }
}

pub fn at<A>(block: BlockNumber, action: A) -> Entry<A> {
    Entry {
        block,
        at: time(block),
        action,
    }
}

/// A key of an organisation: 0 is its admin's.
pub fn key(organisation: u32, which: u8) -> Account {
    let mut key = [0; 32];
    key[0] = u8::try_from(organisation).unwrap();
    key[1] = which;
    key[2] = 0xac;
    Account(key)
}

pub fn actor(organisation: u32) -> Actor {
    Actor {
        organisation: OrganisationId(organisation),
        group: GroupId(organisation),
        affiliated: organisation == PROVIDER,
        key: key(organisation, 1),
    }
}

/// The organisation that provides service 0.
pub const PROVIDER: u32 = 3;

fn organisation(number: u32) -> Vec<Entry<organisation::Action>> {
    let admission = Admission {
        name: text(&format!("Organisation {number}")),
        url: text("https://example.org"),
        roles: Roles {
            reporter: number != PROVIDER,
            provider: number == PROVIDER,
            arbiter: number == 4,
        },
        group: GroupId(number),
        admin: key(number, 0),
        quota: Quota {
            burst: 64,
            per_block: 4,
        },
    };
    let added = organisation::Action::ReporterAdded {
        key: key(number, 1),
        label: text("probe"),
    };
    vec![at(0, organisation::Action::Admitted(admission)), at(0, added)]
}

fn service(number: u32) -> Vec<Entry<service::Action>> {
    let registration = Registration {
        slug: text(&format!("service-{number}")),
        name: text("Service"),
        url: text("https://example.org"),
        parent: None,
        provider: (number == 0).then_some(OrganisationId(PROVIDER)),
        listed: true,
        by: None,
    };
    vec![at(0, service::Action::Registered(registration))]
}

pub fn attestation(block: BlockNumber, body: Option<&Body>) -> Box<Attestation> {
    let (from, to) = (time(1), time(block));
    let observation = Observation {
        claim: Claim::Down,
        kind: Kind::Outage,
        severity: Severity::Major,
        scope: Scope::Global,
        observed: Span { from, to },
        intervals: vec![].try_into().unwrap(),
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
        .unwrap(),
        evidence: vec![Evidence {
            sha256: Sha256([0xe5; 32]),
            kind: EvidenceKind::ProbeLog,
            media_type: text("application/json"),
            size: 4_096,
            uri: None,
            captured_at: from,
        }]
        .try_into()
        .unwrap(),
    };
    Box::new(Attestation {
        observation,
        text: body.map(sha256),
    })
}

pub fn opened(by: Actor, service: u32, block: BlockNumber, rules: Rules) -> Entry<incident::Action> {
    let opening = Opening {
        fold: FOLD_VERSION,
        service: ServiceId(service),
        slug: text(&format!("service-{service}")),
        name: text("Service"),
        rules,
    };
    let attestation = attestation(block, None);
    at(
        block,
        incident::Action::Opened {
            by,
            opening,
            attestation,
        },
    )
}

pub fn attested(by: Actor, block: BlockNumber, body: Option<&Body>) -> Entry<incident::Action> {
    let attestation = attestation(block, body);
    at(
        block,
        incident::Action::Attested {
            by,
            attestation,
            moves_from: None,
        },
    )
}

pub fn enacted(block: BlockNumber, act: Act) -> Entry<consortium::Action> {
    at(
        block,
        consortium::Action::Enacted {
            act,
            ayes: 3,
            seats: 3,
        },
    )
}

/// The rules that the council set.
pub fn stricter() -> Rules {
    Rules {
        quorum: 3,
        ..Rules::dev()
    }
}

impl World {
    /// One in which a little of everything happened.
    pub fn new() -> Self {
        let mut world = Self {
            organisations: (0..6).map(organisation).collect(),
            services: (0..2).map(service).collect(),
            rules: Some(stricter()),
            ..Self::default()
        };
        let seats: Vec<_> = (0..3).map(OrganisationId).collect();
        world.consortium = vec![
            at(
                0,
                consortium::Action::Founded {
                    seats: Seats::try_from(seats.clone()).unwrap(),
                    validators: Validators::try_from(seats).unwrap(),
                    floor: 1,
                    upgrade_delay: Millis::minutes(1),
                },
            ),
            enacted(30, Act::SetRules(stricter())),
            enacted(40, Act::Suspend(OrganisationId(5))),
            enacted(41, Act::Reinstate(OrganisationId(5))),
            enacted(42, Act::SetGroup(OrganisationId(5), GroupId(9))),
            enacted(43, Act::Redact(IncidentId(0), 2)),
            enacted(44, Act::AuthorizeUpgrade(blake2_256(&[CODE]))),
            at(
                80,
                consortium::Action::Upgraded {
                    code: blake2_256(&[CODE]),
                    spec_version: 2,
                },
            ),
        ];
        world.organisations[5].extend([
            at(40, organisation::Action::Suspended),
            at(41, organisation::Action::Reinstated),
            at(42, organisation::Action::GroupSet(GroupId(9))),
        ]);
        world.organisations[1].extend([
            at(
                50,
                organisation::Action::ReporterAdded {
                    key: key(1, 2),
                    label: text("another"),
                },
            ),
            at(60, organisation::Action::ReporterRevoked { key: key(1, 1) }),
        ]);
        let body = text::<512>("It does not answer from Frankfurt.");
        let replied = incident::Action::Replied {
            by: actor(PROVIDER),
            reply: Reply {
                statement: Statement {
                    status: ReplyStatus::Investigating,
                    claimed_start: None,
                    claimed_end: None,
                    time_quality: TimeQuality::Estimate,
                    cause: incident::Cause::Unknown,
                    document: None,
                },
                text: Some(sha256(&body)),
            },
        };
        let disputed = incident::Action::Disputed {
            by: actor(PROVIDER),
            text: None,
            arbiters: Arbiters::try_from(vec![GroupId(4)]).unwrap(),
        };
        let voted = incident::Action::Voted {
            by: actor(4),
            sustain: false,
            text: None,
        };
        world.incidents = vec![
            vec![
                opened(actor(0), 0, 20, Rules::dev()),
                attested(actor(1), 21, Some(&body)),
                at(22, replied),
                at(23, disputed),
                at(24, voted),
            ],
            vec![
                opened(actor(2), 1, 31, stricter()),
                attested(actor(0), 32, Some(&body)),
            ],
        ];
        world.texts.insert((0, 1), body.clone());
        world.texts.insert((1, 1), body);
        world.redacted.insert((0, 2), time(43));
        world
    }

    /// The same with so many further incidents.
    pub fn with(mut self, incidents: u32) -> Self {
        for number in 0..incidents {
            let block = 100 + number;
            self.incidents.push(vec![
                opened(actor(0), number % 2, block, stricter()),
                attested(actor(2), block, None),
            ]);
        }
        self
    }

    /// The state that keeps it.
    pub fn state(&self) -> State {
        let mut state = State::default();
        let roll = |what, firsts: &mut dyn Iterator<Item = (BlockNumber, UnixMillis)>, wide: bool| {
            let mut roll = Roll::empty(what, ());
            for (id, (block, at)) in (0u32..).zip(firsts) {
                roll = match wide {
                    true => roll.with(u64::from(id), block, at),
                    false => roll.with(id, block, at),
                };
            }
            roll
        };
        let firsts = &mut self.organisations.iter().map(|log| (log[0].block, log[0].at));
        state.put(
            keys::all_organisations(),
            &roll(What::Organisations, firsts, false),
        );
        let firsts = &mut self.services.iter().map(|log| (log[0].block, log[0].at));
        state.put(keys::all_services(), &roll(What::Services, firsts, false));
        let firsts = &mut self.incidents.iter().map(|log| (log[0].block, log[0].at));
        state.put(keys::all_incidents(), &roll(What::Incidents, firsts, true));
        for (id, log) in (0u32..).zip(&self.organisations) {
            store::<Organisation>(&mut state, OrganisationId(id), log);
        }
        for (id, log) in (0u32..).zip(&self.services) {
            store::<Service>(&mut state, ServiceId(id), log);
        }
        store::<Consortium>(&mut state, (), &self.consortium);
        let mut rolls = BTreeMap::<ServiceId, Roll>::new();
        for (id, log) in (0u64..).map(IncidentId).zip(&self.incidents) {
            store::<Incident>(&mut state, id, log);
            let incident::Action::Opened { opening, .. } = &log[0].action else {
                panic!("no opening");
            };
            let service = opening.service;
            let empty = Roll::empty(What::IncidentsOnService, service);
            let roll = rolls.entry(service).or_insert(empty);
            state.put(keys::on_service(service, roll.count), &id);
            *roll = roll.with(id, log[0].block, log[0].at);
        }
        for (service, roll) in rolls {
            state.put(keys::roll_of_service(service), &roll);
        }
        for ((id, entry), body) in &self.texts {
            state.put(keys::text(IncidentId(*id), *entry), body);
        }
        for ((id, entry), when) in &self.redacted {
            state.put(keys::redaction(IncidentId(*id), *entry), when);
        }
        if let Some(rules) = &self.rules {
            state.put(keys::rules(), rules);
        }
        state.put(keys::session(), &7u32);
        state.put(
            keys::session_validators(),
            &(0..3).map(OrganisationId).collect::<Vec<_>>(),
        );
        state.put(keys::last_runtime(), &(Compact(2u32), "faultline"));
        state.0.insert(keys::code(), CODE.to_vec());
        state
    }
}

/// Puts a log into a state, with the record that it folds to.
fn store<L: Logged>(state: &mut State, id: L::Id, log: &[Entry<L::Action>]) {
    let record = Record::<L>::replay(id, log)
        .unwrap()
        .unwrap_or_else(|why| panic!("{why:?}"));
    state.put(L::record(id), &record);
    for (number, entry) in (0u32..).zip(log) {
        state.put(L::entry(id, number), entry);
    }
}
