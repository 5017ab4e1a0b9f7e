//! A chain of this pallet alone. Account n is a reporter of organisation n; organisations 5, 6 and 205 to
//! 207 are one group, and 4 is the provider of service 0, with 14 of its group. 99 is nobody.

use faultline_primitives::{
    attestation::{
        Body, Claim, Evidence, EvidenceKind, Kind, Method, Observation, Place, Scope, Severity, TimeQuality,
        Vantage,
    },
    incident::{Candidate, Cause, ReplyStatus, Statement},
    rules::Rules,
    Country, GroupId, IncidentId, Millis, OrganisationId, ServiceId, Sha256, Span, UnixMillis,
};
#[cfg(feature = "runtime-benchmarks")]
use faultline_primitives::{incident::Actor, Account};
use frame_support::{
    derive_impl,
    dispatch::{DispatchResult, DispatchResultWithPostInfo},
    parameter_types,
    traits::Time,
};
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage, DispatchError};

use crate::{Reporters, Speakers, Watched, WatchedService};

pub const PROVIDER: u8 = 4;
pub const AFFILIATE: u8 = 14;
pub const STRANGER: u8 = 99;
/// The service that organisation 4 provides, and one that nobody does.
pub const SERVICE: ServiceId = ServiceId(0);
pub const OTHER: ServiceId = ServiceId(1);

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Incidents = crate;
}

type Block = frame_system::mocking::MockBlock<Test>;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
}

parameter_types! {
    pub static Now: u64 = 0;
    pub static Retired: bool = false;
    /// Benchmarks need more services than two.
    pub static ServiceCount: u32 = 2;
    /// An organisation that may do all but report.
    pub static Silent: Option<u32> = None;
}

/// The clock of the tests.
pub struct Clock;

impl Time for Clock {
    type Moment = u64;

    fn now() -> u64 {
        Now::get()
    }
}

impl crate::Config for Test {
    type CouncilOrigin = frame_system::EnsureRoot<AccountId32>;
    type Reporters = ByNumber;
    type Speakers = ByNumber;
    type Watched = TwoServices;
    type Time = Clock;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Helper;
}

/// Has a service more each time that one is asked for, of the same provider.
#[cfg(feature = "runtime-benchmarks")]
pub struct Helper;

#[cfg(feature = "runtime-benchmarks")]
impl Helper {
    fn actor(n: u32) -> Actor {
        let organisation = OrganisationId(n);
        Actor {
            organisation,
            group: ByNumber::group_of(organisation).unwrap(),
            affiliated: false,
            key: Account(account(n).into()),
        }
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper for Helper {
    fn set_time(now: UnixMillis) {
        Now::set(now.0);
    }

    fn reporter() -> Actor {
        Self::actor(1)
    }

    fn arbiter() -> Actor {
        Self::actor(150)
    }

    fn fill_arbiters() {}

    fn service() -> (ServiceId, Actor) {
        let id = ServiceId(ServiceCount::get());
        ServiceCount::set(id.0 + 1);
        (id, Self::actor(PROVIDER.into()))
    }
}

/// Account n speaks for organisation n.
pub struct ByNumber;

impl Reporters for ByNumber {
    fn reporter(who: &AccountId32) -> Result<(OrganisationId, GroupId), DispatchError> {
        let speaker = Self::speaker(who)?;
        if Silent::get() == Some(speaker.0 .0) {
            return Err(DispatchError::Other("no reporter"));
        }
        Ok(speaker)
    }

    fn group_of(organisation: OrganisationId) -> Option<GroupId> {
        match organisation.0 {
            5 | 6 | 205..=207 => Some(GroupId(50)),
            152 | 153 => Some(GroupId(252)),
            // No reporter in its own right.
            150 | 151 => Some(GroupId(organisation.0 + 100)),
            4 | 14 => Some(GroupId(40)),
            99 => None,
            n => Some(GroupId(n)),
        }
    }
}

impl ByNumber {
    fn speaker(who: &AccountId32) -> Result<(OrganisationId, GroupId), DispatchError> {
        let bytes: [u8; 32] = who.clone().into();
        let organisation = OrganisationId(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
        let group = Self::group_of(organisation).ok_or(DispatchError::Other("nobody"))?;
        Ok((organisation, group))
    }
}

/// Organisations 150 to 153 are arbiters, 152 and 153 of one group; 5 and 14 are arbiters as well.
impl Speakers for ByNumber {
    fn provider(who: &AccountId32) -> Result<(OrganisationId, GroupId), DispatchError> {
        Self::speaker(who)
    }

    fn arbiter(who: &AccountId32) -> Result<(OrganisationId, GroupId), DispatchError> {
        let (organisation, group) = Self::speaker(who)?;
        let is_arbiter = Self::arbiters().contains(&(organisation, group));
        is_arbiter
            .then_some((organisation, group))
            .ok_or(DispatchError::Other("no arbiter"))
    }

    fn arbiters() -> Vec<(OrganisationId, GroupId)> {
        let of = |n: u32| Some((OrganisationId(n), Self::group_of(OrganisationId(n))?));
        [5, 14, 150, 151, 152, 153].into_iter().filter_map(of).collect()
    }
}

/// Services 0 and 1.
pub struct TwoServices;

impl Watched for TwoServices {
    fn service(id: ServiceId) -> Option<WatchedService> {
        (id.0 < ServiceCount::get()).then(|| WatchedService {
            slug: format!("service-{id}").parse().unwrap(),
            name: "A service".parse().unwrap(),
            provider: (id != OTHER).then_some(OrganisationId(PROVIDER.into())),
            retired: Retired::get(),
        })
    }
}

/// The account of an organisation.
pub fn account(n: u32) -> AccountId32 {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&n.to_le_bytes());
    AccountId32::new(bytes)
}

pub fn signed(n: u8) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(n.into()))
}

/// So many minutes after 1 January 2025.
pub fn min(minutes: u64) -> UnixMillis {
    UnixMillis(1_735_689_600_000).after(Millis::minutes(minutes))
}

/// A measured observation of a global outage between two minutes.
pub fn saw(claim: Claim, from: u64, to: u64) -> Observation {
    Observation {
        claim,
        kind: Kind::Outage,
        severity: Severity::Major,
        scope: Scope::Global,
        observed: Span {
            from: min(from),
            to: min(to),
        },
        intervals: Default::default(),
        time_quality: TimeQuality::Actual,
        method: Method::ActiveProbe,
        vantages: vec![Vantage {
            place: Place {
                country: Country(*b"DE"),
                asn: 3320,
            },
            samples: 9,
            failed: 9,
        }]
        .try_into()
        .unwrap(),
        evidence: vec![Evidence {
            sha256: Sha256([7; 32]),
            kind: EvidenceKind::ProbeLog,
            media_type: "text/csv".parse().unwrap(),
            size: 1,
            uri: None,
            captured_at: min(from),
        }]
        .try_into()
        .unwrap(),
    }
}

pub fn down(from: u64, to: u64) -> Observation {
    saw(Claim::Down, from, to)
}

pub fn recovered(from: u64, to: u64) -> Observation {
    saw(Claim::Recovered, from, to)
}

/// What a provider says that says nothing yet.
pub fn statement() -> Statement {
    Statement {
        status: ReplyStatus::Investigating,
        claimed_start: None,
        claimed_end: None,
        time_quality: TimeQuality::Estimate,
        cause: Cause::Unknown,
        document: None,
    }
}

pub fn text(text: &str) -> Body {
    text.parse().unwrap()
}

pub fn report(who: u8, service: ServiceId, seen: Observation) -> DispatchResult {
    report_by(signed(who), service, seen, Body::default())
}

/// A report by anybody, with a text.
pub fn report_by(who: RuntimeOrigin, service: ServiceId, seen: Observation, words: Body) -> DispatchResult {
    outcome(Incidents::report(who, service, Box::new(seen), words))
}

/// Whether a report may be of an incident.
pub fn is_candidate(service: ServiceId, incident: IncidentId) -> bool {
    candidate(service, incident).is_some()
}

/// What a report is compared with of an incident.
pub fn candidate(service: ServiceId, incident: IncidentId) -> Option<Candidate> {
    let candidates = crate::Candidates::<Test>::get(service);
    let found = candidates.into_iter().find(|(id, _)| *id == incident);
    found.map(|(_, candidate)| candidate)
}

/// What came of a call, its weight aside.
pub fn outcome(done: DispatchResultWithPostInfo) -> DispatchResult {
    done.map(|_| ()).map_err(|failed| failed.error)
}

pub fn attest(who: u8, incident: u64, seen: Observation) -> DispatchResult {
    outcome(Incidents::attest(
        signed(who),
        IncidentId(incident),
        Box::new(seen),
        Body::default(),
        None,
    ))
}

/// The next block, at a minute.
pub fn block_at(minute: u64) {
    System::set_block_number(System::block_number() + 1);
    Now::set(min(minute).0);
}

/// A new chain of the standard rules.
pub fn chain() -> sp_io::TestExternalities {
    let incidents = crate::GenesisConfig {
        rules: Rules::standard(),
        ..Default::default()
    };
    let genesis = RuntimeGenesisConfig {
        incidents,
        ..Default::default()
    };
    genesis.build_storage().unwrap().into()
}

/// Runs a test on a new chain at minute 0, and checks afterwards what must always be true.
pub fn run(test: impl FnOnce()) {
    Retired::set(false);
    Silent::set(None);
    chain().execute_with(|| {
        block_at(0);
        test();
        Incidents::check_state().unwrap();
    });
}
