//! Calls at their worst, and the state in which they are.

use faultline_primitives::{
    attestation::{
        Claim, Evidence, EvidenceKind, Kind, Method, Observation, Severity, TimeQuality, MAX_EVIDENCE,
        MAX_INTERVALS, MAX_VANTAGES,
    },
    incident::{Actor, Candidate, MAX_ARBITERS},
    organisation::{Roles, MAX_KEYS},
    quota::Quota,
    rules::Rules,
    service::MAX_MAINTENANCES,
    Account, GroupId, IncidentId, Millis, OrganisationId, Roll, ServiceId, Sha256, Span, Text, UnixMillis,
};
use faultline_runtime::{Members, Runtime, RuntimeCall, Services};
use pallet_incidents::{AllIncidents, Candidates, Incidents, Report, MAX_OPEN, MAX_REPORTS};
use sp_core::{sr25519, Pair};
use sp_runtime::BoundedVec;

use faultline_tests::engine::{
    typical::{council, done, signed},
    Deed, Scenario,
};

use crate::crowd::{crowded, region, stranger, Cast, SPOKEN, STATEMENT, VANTAGE};

/// Fifteen days after everybody spoke: what goes on is stale, and the dispute unruled.
pub const NOW: UnixMillis = SPOKEN.after(Millis::days(15));

/// Each call at its worst. The number is how many of it are needed at most to fill a block.
pub const ALL: [(&str, u32, Scenario); 12] = [
    ("report that joins an incident", 400, report_joining),
    ("report that opens an incident", 1_200, report_opening),
    ("report_many of 64", 12, report_many),
    ("attest that moves", 250, attest),
    ("withdraw", 600, withdraw),
    ("close", 600, close),
    ("reply", 600, reply),
    ("dispute", 250, dispute),
    ("link", 400, link),
    ("unlink", 600, unlink),
    ("services: register", 1_500, register),
    ("services: describe", 1_500, describe),
];

const REPORTER: Roles = Roles {
    reporter: true,
    provider: true,
    arbiter: false,
};
const ARBITER: Roles = Roles {
    reporter: false,
    provider: false,
    arbiter: true,
};

/// A text as long as may be.
fn text<const N: u32>() -> Text<N> {
    Text::from_bytes(&vec![b'a'; N as usize]).unwrap_or_default()
}

/// As much as a report may say.
fn observation() -> Observation {
    let observed = Span {
        from: UnixMillis(SPOKEN.0 - 1_000_000),
        to: UnixMillis(SPOKEN.0 - 10_000),
    };
    let evidence = Evidence {
        sha256: Sha256([1; 32]),
        kind: EvidenceKind::ProbeLog,
        media_type: text(),
        size: u64::MAX,
        uri: Some(text()),
        captured_at: SPOKEN,
    };
    Observation {
        claim: Claim::Down,
        kind: Kind::Outage,
        severity: Severity::Critical,
        scope: region(9_999),
        observed,
        intervals: BoundedVec::truncate_from(vec![observed; MAX_INTERVALS as usize]),
        time_quality: TimeQuality::Actual,
        method: Method::ActiveProbe,
        vantages: BoundedVec::truncate_from(vec![VANTAGE; MAX_VANTAGES as usize]),
        evidence: BoundedVec::truncate_from(vec![evidence; MAX_EVIDENCE as usize]),
    }
}

/// An organisation as large as may be, and the key that it added last.
#[derive(Clone)]
struct Member {
    id: OrganisationId,
    key: sr25519::Pair,
}

impl Member {
    fn new(roles: Roles) -> Self {
        let id = OrganisationId(Members::count());
        let key = |number: u32| {
            let seed = sp_io::hashing::blake2_256(&[id.0.to_le_bytes(), number.to_le_bytes()].concat());
            sr25519::Pair::from_seed(&seed)
        };
        let admin = key(u32::MAX).public();
        let quota = Quota {
            burst: 10_000_000,
            per_block: 1_000,
        };
        done(Members::admit(
            council(),
            text(),
            text(),
            roles,
            None,
            Account(admin.0),
            quota,
        ));
        for number in 0..MAX_KEYS {
            let added = Account(key(number).public().0);
            done(Members::add_reporter(signed(admin), added, text()));
        }
        Self {
            id,
            key: key(MAX_KEYS - 1),
        }
    }

    fn actor(&self) -> Actor {
        Actor {
            organisation: self.id,
            group: GroupId(self.id.0),
            affiliated: false,
            key: Account(self.key.public().0),
        }
    }

    /// Has it do something.
    fn does(&self, call: impl Into<RuntimeCall>) -> Deed {
        Deed {
            by: self.key.clone(),
            call: call.into(),
        }
    }

    /// A service as large as may be that it provides.
    fn service(&self) -> ServiceId {
        let id = ServiceId(Services::count());
        let by = || signed(self.key.public());
        let slug = format!("{}/{:010}", "a".repeat(53), id.0)
            .parse()
            .unwrap_or_default();
        done(Services::register(by(), slug, text(), text(), None));
        done(Services::list(council(), id, true));
        done(Services::assign_provider(council(), id, Some(self.id)));
        for _ in 0..MAX_MAINTENANCES {
            let until = SPOKEN.after(Millis::hours(72));
            done(Services::announce_maintenance(by(), id, SPOKEN, until, text()));
        }
        id
    }
}

/// A reporter, a provider with a service for each of so many, and the largest incident on each.
fn crowds(count: u32) -> (Member, Member, Vec<(IncidentId, ServiceId)>) {
    pallet_timestamp::Now::<Runtime>::put(SPOKEN.0);
    let (reporter, provider) = (Member::new(REPORTER), Member::new(REPORTER));
    let cast = Cast {
        reporter: reporter.actor(),
        provider: provider.actor(),
    };
    let mut record = crowded(IncidentId(0), ServiceId(0), &cast, None);
    let crowds = (0..count)
        .map(|number| {
            let (id, service) = (IncidentId(number.into()), provider.service());
            record.state.id = id;
            record.state.service = service;
            add_candidate(service, id, record.state.candidate());
            Incidents::<Runtime>::insert(id, &record);
            (id, service)
        })
        .collect();
    count_incidents(count);
    (reporter, provider, crowds)
}

/// New incidents get other numbers.
fn count_incidents(count: u32) {
    AllIncidents::<Runtime>::put(Roll {
        count: count.into(),
        head: Default::default(),
    });
}

fn add_candidate(service: ServiceId, id: IncidentId, candidate: Candidate) {
    Candidates::<Runtime>::mutate(service, |candidates| {
        if candidates.try_push((id, candidate)).is_err() {
            panic!("there are more candidates than may be");
        }
    });
}

/// As many candidates on a service, with those that it has, as there may be.
fn candidates(service: ServiceId, is_open: bool) {
    let long_ago = UnixMillis(SPOKEN.0 - Millis::days(900).0);
    let candidate = Candidate {
        opener: stranger(0, 0).organisation,
        confirmed: true,
        span: Span {
            from: long_ago,
            to: long_ago,
        },
        current_until: Some(long_ago),
        settles_at: (!is_open).then_some(SPOKEN),
        lapses_at: long_ago,
        join_within: Rules::standard().join_within,
    };
    let there = u32::try_from(Candidates::<Runtime>::get(service).len()).unwrap_or_default();
    for number in there..MAX_OPEN {
        add_candidate(service, IncidentId((1 << 32) + u64::from(number)), candidate);
    }
}

fn report_joining(count: u32) -> Vec<Deed> {
    let (reporter, _, crowds) = crowds(count);
    let report = |(_, service)| {
        candidates(service, true);
        reporter.does(pallet_incidents::Call::report {
            service,
            observation: Box::new(observation()),
            text: text(),
        })
    };
    crowds.into_iter().map(report).collect()
}

fn report_opening(count: u32) -> Vec<Deed> {
    pallet_timestamp::Now::<Runtime>::put(SPOKEN.0);
    let (reporter, provider) = (Member::new(REPORTER), Member::new(REPORTER));
    let report = |_| {
        let service = provider.service();
        candidates(service, false);
        reporter.does(pallet_incidents::Call::report {
            service,
            observation: Box::new(observation()),
            text: text(),
        })
    };
    (0..count).map(report).collect()
}

fn report_many(count: u32) -> Vec<Deed> {
    let (reporter, _, crowds) = crowds(count * MAX_REPORTS);
    let reports = |crowds: &[(IncidentId, ServiceId)]| {
        let report = |(_, service): &(IncidentId, ServiceId)| {
            candidates(*service, true);
            Report {
                service: *service,
                observation: observation(),
                text: text(),
            }
        };
        reporter.does(pallet_incidents::Call::report_many {
            reports: BoundedVec::truncate_from(crowds.iter().map(report).collect()),
        })
    };
    crowds.chunks(MAX_REPORTS as usize).map(reports).collect()
}

fn attest(count: u32) -> Vec<Deed> {
    let (reporter, _, crowds) = crowds(count * 2);
    let attest = |pair: &[(IncidentId, ServiceId)]| match pair {
        [(incident, _), (from, _)] => Some(reporter.does(pallet_incidents::Call::attest {
            incident: *incident,
            observation: Box::new(observation()),
            text: text(),
            moves_from: Some(*from),
        })),
        _ => None,
    };
    crowds.chunks(2).filter_map(attest).collect()
}

fn withdraw(count: u32) -> Vec<Deed> {
    let (reporter, _, crowds) = crowds(count);
    let withdraw = |(incident, _)| reporter.does(pallet_incidents::Call::withdraw { incident });
    crowds.into_iter().map(withdraw).collect()
}

fn close(count: u32) -> Vec<Deed> {
    let (reporter, _, crowds) = crowds(count);
    let close = |(incident, _)| reporter.does(pallet_incidents::Call::close { incident });
    crowds.into_iter().map(close).collect()
}

fn reply(count: u32) -> Vec<Deed> {
    let (_, provider, crowds) = crowds(count);
    let reply = |(incident, _)| {
        provider.does(pallet_incidents::Call::reply {
            incident,
            statement: STATEMENT,
            text: text(),
        })
    };
    crowds.into_iter().map(reply).collect()
}

fn dispute(count: u32) -> Vec<Deed> {
    let (reporter, _, crowds) = crowds(count);
    // The preset has an arbiter already.
    for _ in 1..MAX_ARBITERS {
        Member::new(ARBITER);
    }
    let dispute = |(incident, _)| {
        reporter.does(pallet_incidents::Call::dispute {
            incident,
            text: text(),
        })
    };
    crowds.into_iter().map(dispute).collect()
}

/// Each is linked to the next.
fn link(count: u32) -> Vec<Deed> {
    let (.., crowds) = crowds(count);
    let arbiter = Member::new(ARBITER);
    let Some((_, service)) = crowds.first().copied() else {
        return Vec::new();
    };
    for (id, _) in &crowds {
        Incidents::<Runtime>::mutate(id, |record| {
            if let Some(record) = record {
                record.state.duplicate_of = None;
                record.state.service = service;
            }
        });
    }
    let link = |pair: &[(IncidentId, ServiceId)]| match pair {
        [(incident, _), (to, _)] => Some(arbiter.does(pallet_incidents::Call::link {
            incident: *incident,
            to: *to,
        })),
        _ => None,
    };
    crowds.chunks(2).filter_map(link).collect()
}

fn unlink(count: u32) -> Vec<Deed> {
    let (.., crowds) = crowds(count);
    let arbiter = Member::new(ARBITER);
    let unlink = |(incident, _)| arbiter.does(pallet_incidents::Call::unlink { incident });
    crowds.into_iter().map(unlink).collect()
}

/// Organisations that have no unlisted service yet register as many as they may.
fn register(count: u32) -> Vec<Deed> {
    pallet_timestamp::Now::<Runtime>::put(SPOKEN.0);
    let parent = Member::new(REPORTER).service();
    let mut by = Member::new(REPORTER);
    (0..count)
        .map(|number| {
            if number % 16 == 15 {
                by = Member::new(REPORTER);
            }
            by.does(pallet_services::Call::register {
                slug: format!("{}/{number:010}", "b".repeat(53))
                    .parse()
                    .unwrap_or_default(),
                name: text(),
                url: text(),
                parent: Some(parent),
            })
        })
        .collect()
}

fn describe(count: u32) -> Vec<Deed> {
    pallet_timestamp::Now::<Runtime>::put(SPOKEN.0);
    let provider = Member::new(REPORTER);
    let describe = |_| {
        provider.does(pallet_services::Call::describe {
            service: provider.service(),
            name: text(),
            url: text(),
        })
    };
    (0..count).map(describe).collect()
}
