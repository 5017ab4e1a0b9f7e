//! A chain with a cast to try things on.
//!
//! | organisation | roles | remarks |
//! | --- | --- | --- |
//! | 0 | reporter | has a seat |
//! | 1 | reporter | has a seat |
//! | 2, 3 | reporter | one group |
//! | 4 | reporter, provider | of services 0 and 1 |
//! | 5 | reporter, arbiter | of the group of 4 |
//! | 6, 7 | arbiter | 6 has a seat |
//! | 8 | reporter, arbiter | |
//! | 9 | provider | of service 2 |
//!
//! Organisation n has the admin key 10n + 10, and the reporter keys 10n + 11 and 10n + 12. Service 3 is nobody's.

use codec::Encode;
use faultline_primitives::{
    attestation::{
        Body, Claim, Evidence, EvidenceKind, Kind, Method, Observation, Place, Scope, Severity, TimeQuality,
        Vantage,
    },
    incident::{Cause, ReplyStatus, Statement},
    organisation::Roles,
    quota::Quota,
    refusal::{Code, Gate},
    rules::Rules,
    Account, Country, GroupId, IncidentId, Millis, OrganisationId, ServiceId, Sha256, Span, UnixMillis,
};
use frame_support::{dispatch::GetDispatchInfo, traits::PalletInfoAccess};
use pallet_members::{CheckMember, GenesisKey, GenesisOrganisation};
use pallet_services::GenesisService;
use sp_core::{ed25519, sr25519, Pair};
use sp_runtime::{
    traits::{DispatchTransaction, Dispatchable},
    transaction_validity::{
        InvalidTransaction, TransactionSource, TransactionValidityError, ValidTransaction,
    },
    BuildStorage, DispatchError, ModuleError, StateVersion,
};

use crate::{
    configs::session::Validator, opaque::SessionKeys, AccountId, Consortium, Council, Incidents, Members,
    Runtime, RuntimeCall, RuntimeGenesisConfig, RuntimeOrigin, Services, Session, System, TxPause,
};

/// The organisations that there are.
pub const ORGANISATIONS: u8 = 10;
/// For how many blocks a session lasts.
pub const SESSION: u32 = 10;
/// The organisations that have a seat, and run a validator.
pub const SEATS: [u32; 3] = [0, 1, 6];
/// When the first block is made: 1 January 2025.
pub const START: UnixMillis = UnixMillis(1_735_689_600_000);
/// What each organisation may do.
pub const QUOTA: Quota = Quota {
    burst: 200,
    per_block: 20,
};

/// Rules with windows of minutes, so that a short history sees each of them pass.
pub const RULES: Rules = Rules {
    quorum: 2,
    min_measured: 1,
    late_after: Millis::minutes(10),
    join_within: Millis::minutes(10),
    renew_after: Millis::minutes(1),
    stale_after: Millis::minutes(5),
    dispute_window: Millis::minutes(20),
    dispute_window_max: Millis::minutes(60),
    rule_within: Millis::minutes(15),
    lapse_after: Millis::minutes(30),
    max_clock_skew: Millis::seconds(60),
};

pub fn key(n: u8) -> Account {
    Account([n; 32])
}

pub fn account(key: &Account) -> AccountId {
    AccountId::new(key.0)
}

/// The key by which an organisation's other keys are managed.
pub fn admin(organisation: u8) -> Account {
    key(organisation * 10 + 10)
}

/// The first reporter key of an organisation.
pub fn reporter(organisation: u8) -> Account {
    key(organisation * 10 + 11)
}

pub fn signed(key: Account) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(&key))
}

/// What the council acts with, once a motion has carried.
pub fn council() -> RuntimeOrigin {
    pallet_consortium::Origin::Council.into()
}

pub fn roles(reporter: bool, provider: bool, arbiter: bool) -> Roles {
    Roles {
        reporter,
        provider,
        arbiter,
    }
}

/// The roles and the group that an organisation begins with.
pub fn begins_as(organisation: u8) -> (Roles, u32) {
    let own = organisation.into();
    match organisation {
        2 | 3 => (roles(true, false, false), 50),
        4 => (roles(true, true, false), own),
        5 => (roles(true, false, true), 4),
        6 | 7 => (roles(false, false, true), own),
        8 => (roles(true, false, true), own),
        9 => (roles(false, true, false), own),
        _ => (roles(true, false, false), own),
    }
}

fn organisation(n: u8) -> GenesisOrganisation {
    let (roles, group) = begins_as(n);
    let named = |key: Account| GenesisKey {
        key,
        label: "probe".into(),
    };
    GenesisOrganisation {
        name: format!("Organisation {n}"),
        url: String::new(),
        roles,
        group: Some(GroupId(group)),
        admin: admin(n),
        quota: QUOTA,
        reporters: vec![named(key(n * 10 + 11)), named(key(n * 10 + 12))],
    }
}

/// The slug and the provider of the services that there are.
pub const SERVICES: [(&str, Option<u32>); 4] = [
    ("cloud", Some(4)),
    ("cloud/api", Some(4)),
    ("mail", Some(9)),
    ("forum", None),
];

fn service((slug, provider): (&str, Option<u32>)) -> GenesisService {
    GenesisService {
        slug: slug.into(),
        name: slug.to_uppercase(),
        url: String::new(),
        parent: slug.split_once('/').map(|(parent, _)| parent.into()),
        provider: provider.map(OrganisationId),
    }
}

/// The keys of an organisation's validator, by a number of the tests'.
pub fn session_keys(n: u8) -> SessionKeys {
    SessionKeys {
        aura: sr25519::Public::from_raw([n; 32]).into(),
        grandpa: ed25519::Pair::from_seed(&[n; 32]).public().into(),
    }
}

fn validator(organisation: u32) -> (AccountId, Validator, SessionKeys) {
    let n = u8::try_from(organisation).unwrap();
    let keys = session_keys(n + 1);
    (account(&admin(n)), Validator(OrganisationId(organisation)), keys)
}

/// A new chain of these rules, at its first block.
pub fn chain(rules: Rules) -> sp_io::TestExternalities {
    let genesis = RuntimeGenesisConfig {
        members: pallet_members::GenesisConfig {
            organisations: (0..ORGANISATIONS).map(organisation).collect(),
            ..Default::default()
        },
        services: pallet_services::GenesisConfig {
            services: SERVICES.into_iter().map(service).collect(),
            ..Default::default()
        },
        incidents: pallet_incidents::GenesisConfig {
            rules,
            ..Default::default()
        },
        consortium: pallet_consortium::GenesisConfig {
            seats: SEATS.into_iter().map(OrganisationId).collect(),
            validators: SEATS.into_iter().map(OrganisationId).collect(),
            session_length: SESSION,
            ..Default::default()
        },
        session: pallet_session::GenesisConfig {
            keys: SEATS.into_iter().map(validator).collect(),
            ..Default::default()
        },
        ..Default::default()
    };
    let mut chain: sp_io::TestExternalities = genesis.build_storage().unwrap().into();
    chain.execute_with(|| block_at(START));
    chain
}

/// Runs a test on a new chain of these rules, and checks afterwards what must always be true.
pub fn run(rules: Rules, test: impl FnOnce()) {
    chain(rules).execute_with(|| {
        test();
        check_state();
    });
}

/// The next block, at this time.
pub fn block_at(time: UnixMillis) {
    System::set_block_number(System::block_number() + 1);
    System::reset_events();
    pallet_timestamp::Now::<Runtime>::put(time.0);
}

pub fn now() -> UnixMillis {
    Incidents::now()
}

/// What must always be true, of every pallet.
pub fn check_state() {
    Members::check_state().unwrap();
    Services::check_state().unwrap();
    Incidents::check_state().unwrap();
    Consortium::check_state().unwrap();
}

/// What all of the state comes to.
pub fn root() -> Vec<u8> {
    sp_io::storage::root(StateVersion::V1)
}

/// What a call comes to, outside of any transaction.
pub fn done(origin: RuntimeOrigin, call: impl Into<RuntimeCall>) -> Result<(), DispatchError> {
    match call.into().dispatch(origin) {
        Ok(_) => Ok(()),
        Err(failed) => Err(failed.error),
    }
}

fn next(who: &Account) -> CheckMember<Runtime> {
    CheckMember(System::account_nonce(account(who)))
}

/// What the gate says of a key's next transaction.
pub fn gate(
    who: Account,
    call: &RuntimeCall,
    source: TransactionSource,
) -> Result<ValidTransaction, TransactionValidityError> {
    let info = call.get_dispatch_info();
    let checked = next(&who).validate_only(signed(who), call, &info, call.encoded_size(), source, 0);
    checked.map(|(valid, ..)| valid)
}

/// What the pool says of a key's next transaction; the code that it refuses it with.
pub fn pool(who: Account, call: &RuntimeCall) -> Result<(), u8> {
    match gate(who, call, TransactionSource::External) {
        Ok(_) => Ok(()),
        Err(TransactionValidityError::Invalid(InvalidTransaction::Custom(code))) => Err(code),
        Err(other) => panic!("refused without a code: {other:?}"),
    }
}

/// What a key's next transaction comes to in a block: refused by the gate, or what the call comes to.
pub fn in_block(
    who: Account,
    call: &RuntimeCall,
) -> Result<Result<(), DispatchError>, TransactionValidityError> {
    let info = call.get_dispatch_info();
    let length = call.encoded_size();
    let result = next(&who).dispatch_transaction(signed(who), call.clone(), &info, length, 0)?;
    Ok(result.map(|_| ()).map_err(|failed| failed.error))
}

/// The code by which the pool refuses what fails with this error.
pub fn code(error: DispatchError) -> u8 {
    let pallets = [
        (Members::index(), Members::name()),
        (Services::index(), Services::name()),
        (Incidents::index(), Incidents::name()),
        (Council::index(), Council::name()),
        (Consortium::index(), Consortium::name()),
        (TxPause::index(), TxPause::name()),
        (Session::index(), Session::name()),
        (System::index(), System::name()),
    ];
    let DispatchError::Module(ModuleError { index, error, .. }) = error else {
        return Gate::WouldFail.code();
    };
    let (_, pallet) = pallets
        .into_iter()
        .find(|(place, _)| *place == usize::from(index))
        .unwrap();
    Code::for_error(pallet, error[0]).unwrap()
}

/// A measured observation of a global outage.
pub fn saw(claim: Claim, from: UnixMillis, to: UnixMillis) -> Observation {
    Observation {
        claim,
        kind: Kind::Outage,
        severity: Severity::Major,
        scope: Scope::Global,
        observed: Span { from, to },
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
            captured_at: from,
        }]
        .try_into()
        .unwrap(),
    }
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

pub fn report(service: u32, seen: Observation) -> RuntimeCall {
    report_in_words(service, seen, Body::default())
}

pub fn report_in_words(service: u32, seen: Observation, text: Body) -> RuntimeCall {
    pallet_incidents::Call::report {
        service: ServiceId(service),
        observation: Box::new(seen),
        text,
    }
    .into()
}

pub fn attest(incident: u64, seen: Observation) -> RuntimeCall {
    pallet_incidents::Call::attest {
        incident: IncidentId(incident),
        observation: Box::new(seen),
        text: Body::default(),
        moves_from: None,
    }
    .into()
}
