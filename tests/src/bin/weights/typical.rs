//! Calls as they come mostly, and the state in which they are: services with an incident of five voices each, and
//! reporters that have not spoken on it.

use faultline_primitives::{
    attestation::{Claim, Observation},
    organisation::Roles,
    quota::Quota,
    Account, OrganisationId, ServiceId, Text, UnixMillis,
};
use faultline_runtime::{Incidents, Members, Runtime, RuntimeCall, Services};
use pallet_incidents::Report;
use sp_core::{sr25519, Pair};
use sp_runtime::BoundedVec;

use crate::{
    crowd::SPOKEN,
    scenarios::{attestation, council, done, signed, Deed, Scenario},
};

/// When it is said.
pub const NOW: UnixMillis = SPOKEN;

/// Organisations that report.
const REPORTERS: u32 = 200;
/// Voices of each incident beforehand.
const VOICES: u32 = 5;

/// Each, and how many of it are made.
pub const ALL: [(&str, u32, Scenario); 6] = [
    ("report that joins an incident", 4_000, joining),
    ("report that opens an incident", 4_000, opening),
    ("attest", 4_000, attest),
    ("report_many of 8", 500, many::<8>),
    ("report_many of 32", 125, many::<32>),
    ("report_many of 64", 64, many::<64>),
];

/// As many bytes as a short sentence.
fn text() -> Text<512> {
    Text::from_bytes(&[b'a'; 120]).unwrap_or_default()
}

fn observation(claim: Claim) -> Observation {
    Observation {
        claim,
        ..attestation().observation
    }
}

/// Reporters with a key each, and so many services.
fn cast(services: u32) -> (Vec<sr25519::Pair>, ServiceId) {
    pallet_timestamp::Now::<Runtime>::put(SPOKEN.0);
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
