//! Calls as they come mostly, and the state in which they are: services with an incident of five voices each, and
//! reporters that have not spoken on it.

use faultline_primitives::{
    attestation::{
        Attestation, Claim, Evidence, EvidenceKind, Kind, Method, Observation, Place, Scope, Severity,
        TimeQuality, Vantage,
    },
    organisation::Roles,
    quota::Quota,
    Account, Country, OrganisationId, ServiceId, Sha256, Span, Text, UnixMillis,
};
use faultline_runtime::{Incidents, Members, Runtime, RuntimeCall, RuntimeOrigin, Services};
use pallet_incidents::Report;
use sp_core::{sr25519, Pair};
use sp_runtime::{AccountId32, BoundedVec};

use super::{Deed, Scenario};

/// When it is said: 1 January 2025.
pub const NOW: UnixMillis = UnixMillis(1_735_689_600_000);

/// Organisations that report.
const REPORTERS: u32 = 200;
/// Voices of each incident beforehand.
const VOICES: u32 = 5;

/// Each, and how many of it are made: more than a block takes.
pub const ALL: [(&str, u32, Scenario); 6] = [
    ("report that joins an incident", 4_000, joining),
    ("report that opens an incident", 4_000, opening),
    ("attest", 4_000, attest),
    ("report_many of 8", 750, many::<8>),
    ("report_many of 32", 190, many::<32>),
    ("report_many of 64", 95, many::<64>),
];

/// As many bytes as a short sentence.
fn text() -> Text<512> {
    Text::from_bytes(&[b'a'; 120]).unwrap_or_default()
}

/// The origin of what the council does.
pub fn council() -> RuntimeOrigin {
    pallet_consortium::Origin::Council.into()
}

/// The origin of what somebody signs.
pub fn signed(by: sr25519::Public) -> RuntimeOrigin {
    RuntimeOrigin::signed(AccountId32::from(by))
}

/// What sets up a state does not fail.
///
/// # Panics
///
/// It does.
pub fn done(result: frame_support::dispatch::DispatchResult) {
    if let Err(reason) = result {
        panic!("the state cannot be set up: {reason:?}");
    }
}

/// As much as one says as a rule: a vantage, a piece of evidence, a text.
pub fn attestation() -> Box<Attestation> {
    Box::new(Attestation {
        observation: observation(Claim::Down),
        text: Some(Sha256([1; 32])),
    })
}

fn observation(claim: Claim) -> Observation {
    let evidence = Evidence {
        sha256: Sha256([1; 32]),
        kind: EvidenceKind::ProbeLog,
        media_type: "text/plain".parse().unwrap_or_default(),
        size: 4_096,
        uri: "https://reporter.example/evidence/0123456789abcdef.log"
            .parse()
            .ok(),
        captured_at: NOW,
    };
    let vantage = Vantage {
        place: Place {
            country: Country(*b"DE"),
            asn: 3320,
        },
        samples: 60,
        failed: 60,
    };
    Observation {
        claim,
        kind: Kind::Outage,
        severity: Severity::Major,
        scope: Scope::Global,
        observed: Span {
            from: UnixMillis(NOW.0 - 600_000),
            to: UnixMillis(NOW.0 - 10_000),
        },
        intervals: BoundedVec::default(),
        time_quality: TimeQuality::Actual,
        method: Method::ActiveProbe,
        vantages: BoundedVec::truncate_from(vec![vantage]),
        evidence: BoundedVec::truncate_from(vec![evidence]),
    }
}

/// Reporters with a key each, and so many services.
fn cast(services: u32) -> (Vec<sr25519::Pair>, ServiceId) {
    pallet_timestamp::Now::<Runtime>::put(NOW.0);
    let roles = Roles {
        reporter: true,
        provider: false,
        arbiter: false,
    };
    let quota = Quota {
        burst: 10_000_000,
        per_block: 1_000,
    };
    let keys = (0..REPORTERS)
        .map(|_| {
            let id = OrganisationId(Members::count());
            let key = |what: u8| {
                sr25519::Pair::from_seed(&sp_io::hashing::blake2_256(
                    &[&id.0.to_le_bytes()[..], &[what]].concat(),
                ))
            };
            let admin = key(0).public();
            let named = |what: &str| format!("{what} {}", id.0);
            done(Members::admit(
                council(),
                named("Reporter").parse().unwrap_or_default(),
                named("https://reporter.example/").parse().unwrap_or_default(),
                roles,
                None,
                Account(admin.0),
                quota,
            ));
            let reporter = key(1);
            let label = "probe".parse().unwrap_or_default();
            done(Members::add_reporter(
                signed(admin),
                Account(reporter.public().0),
                label,
            ));
            reporter
        })
        .collect::<Vec<_>>();
    let first = ServiceId(Services::count());
    for number in 0..services {
        let id = ServiceId(Services::count());
        let by = keys.get(number as usize / 10 % keys.len()).map(Pair::public);
        let slug = format!("provider-{}/service-{}", number / 10, number)
            .parse()
            .unwrap_or_default();
        let name = format!("Service {number}").parse().unwrap_or_default();
        let url = "https://service.example/".parse().unwrap_or_default();
        done(Services::register(
            signed(by.unwrap_or_default()),
            slug,
            name,
            url,
            None,
        ));
        done(Services::list(council(), id, true));
    }
    (keys, first)
}

/// The one of these that speaks at this place on this service.
fn speaker(keys: &[sr25519::Pair], service: u32, place: u32) -> &sr25519::Pair {
    &keys[(service * 7 + place) as usize % keys.len()]
}

/// The same, with an incident on each service.
fn spoken(services: u32) -> (Vec<sr25519::Pair>, ServiceId) {
    let (keys, first) = cast(services);
    for number in 0..services {
        for place in 0..VOICES {
            let by = speaker(&keys, number, place).public();
            let said = Incidents::report(
                signed(by),
                ServiceId(first.0 + number),
                Box::new(observation(Claim::Down)),
                text(),
            );
            done(said.map(|_| ()).map_err(|failed| failed.error));
        }
    }
    (keys, first)
}

fn report(keys: &[sr25519::Pair], first: ServiceId, number: u32) -> Deed {
    Deed {
        by: speaker(keys, number, VOICES).clone(),
        call: pallet_incidents::Call::report {
            service: ServiceId(first.0 + number),
            observation: Box::new(observation(Claim::Degraded)),
            text: text(),
        }
        .into(),
    }
}

fn joining(count: u32) -> Vec<Deed> {
    let (keys, first) = spoken(count);
    (0..count).map(|number| report(&keys, first, number)).collect()
}

fn opening(count: u32) -> Vec<Deed> {
    let (keys, first) = cast(count);
    (0..count).map(|number| report(&keys, first, number)).collect()
}

fn attest(count: u32) -> Vec<Deed> {
    let (keys, _) = spoken(count);
    (0..count)
        .map(|number| Deed {
            by: speaker(&keys, number, VOICES).clone(),
            call: pallet_incidents::Call::attest {
                incident: faultline_primitives::IncidentId(number.into()),
                observation: Box::new(observation(Claim::Degraded)),
                text: text(),
                moves_from: None,
            }
            .into(),
        })
        .collect()
}

/// One key's words about so many services at once.
fn many<const N: u32>(count: u32) -> Vec<Deed> {
    let (keys, first) = spoken(count * N);
    let reports = |number: u32| {
        let report = |place: u32| Report {
            service: ServiceId(first.0 + place),
            observation: observation(Claim::Degraded),
            text: text(),
        };
        // A speaker that has said nothing of any of these: those of before are a stride apart.
        let all = (number * N..(number + 1) * N).map(report).collect();
        RuntimeCall::Incidents(pallet_incidents::Call::report_many {
            reports: BoundedVec::truncate_from(all),
        })
    };
    (0..count)
        .map(|number| Deed {
            by: keys[number as usize % keys.len()].clone(),
            call: reports(number),
        })
        .collect()
}
