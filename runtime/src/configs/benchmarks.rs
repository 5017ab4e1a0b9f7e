//! What the benchmarks of one pallet need of the others.

use alloc::{boxed::Box, string::String, vec, vec::Vec};

use codec::Encode;
use faultline_primitives::{
    attestation::{Claim, Kind, Method, Observation, Scope, Severity, TimeQuality},
    consortium::{MAX_SEATS, MAX_VALIDATORS},
    incident::{Actor, MAX_ARBITERS},
    organisation::Roles,
    rules::Rules,
    Account, GroupId, IncidentId, OrganisationId, ServiceId, Span, UnixMillis,
};
use frame_benchmarking::{BenchmarkBatch, BenchmarkConfig, BenchmarkList};
use frame_support::traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys};
use frame_system::RawOrigin;
use frame_system_benchmarking::extensions::Pallet as SystemExtensions;
use pallet_members::benchmarking as members;
use pallet_services::benchmarking as services;
use sp_runtime::traits::Hash;

use super::council::MAX_MOTIONS;
use crate::{
    AccountId, AllPalletsWithSystem, Consortium, Council, Incidents, Members, Runtime, RuntimeCall, Services,
    Timestamp, TxPause,
};

frame_benchmarking::define_benchmarks!(
    [frame_system_extensions, SystemExtensions::<Runtime>]
    [pallet_timestamp, Timestamp]
    [pallet_members, Members]
    [pallet_services, Services]
    [pallet_incidents, Incidents]
    [pallet_collective, Council]
    [pallet_consortium, Consortium]
    [pallet_tx_pause, TxPause]
);

/// All benchmarks.
pub fn list(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
    let mut list = Vec::new();
    list_benchmarks!(list, extra);
    (list, AllPalletsWithSystem::storage_info())
}

/// Runs one.
pub fn run(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
    let mut whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
    if config.pallet != b"pallet_timestamp" {
        // Read once in every block, by the inherent that sets it.
        whitelist.push(pallet_timestamp::Now::<Runtime>::hashed_key().to_vec().into());
    }
    let mut batches = Vec::new();
    let params = (&config, &whitelist);
    add_benchmarks!(params, batches);
    Ok(batches)
}

/// Joins the pallets for the benchmarks.
pub struct Helper;

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

fn actor((organisation, group, key): (OrganisationId, GroupId, Account)) -> Actor {
    Actor {
        organisation,
        group,
        affiliated: false,
        key,
    }
}

impl members::BenchmarkHelper<RuntimeCall> for Helper {
    fn reporters_call() -> RuntimeCall {
        let observation = Observation {
            claim: Claim::Down,
            kind: Kind::Outage,
            severity: Severity::Major,
            scope: Scope::Unknown,
            observed: Span {
                from: UnixMillis(0),
                to: UnixMillis(0),
            },
            intervals: Default::default(),
            time_quality: TimeQuality::Estimate,
            method: Method::Manual,
            vantages: Default::default(),
            evidence: Default::default(),
        };
        RuntimeCall::Incidents(pallet_incidents::Call::attest {
            incident: IncidentId(0),
            observation: Box::new(observation),
            text: Default::default(),
            moves_from: None,
        })
    }

    fn listen_to(organisation: OrganisationId) {
        pallet_consortium::benchmarking::fill_seats::<Runtime>(organisation);
    }
}

impl services::BenchmarkHelper for Helper {
    fn member() -> (OrganisationId, AccountId) {
        let (organisation, _, key) = members::organisation::<Runtime>(REPORTER);
        (organisation, AccountId::new(key.0))
    }
}

impl pallet_incidents::benchmarking::BenchmarkHelper for Helper {
    fn set_time(now: UnixMillis) {
        pallet_timestamp::Now::<Runtime>::put(now.0);
    }

    fn reporter() -> Actor {
        actor(members::organisation::<Runtime>(REPORTER))
    }

    fn arbiter() -> Actor {
        actor(members::organisation::<Runtime>(ARBITER))
    }

    fn fill_arbiters() {
        members::fill_arbiters::<Runtime>(MAX_ARBITERS);
    }

    fn service() -> (ServiceId, Actor) {
        let provider = Self::reporter();
        let service = services::full_service::<Runtime>(provider.organisation);
        (service, provider)
    }
}

impl pallet_consortium::benchmarking::BenchmarkHelper<RuntimeCall> for Helper {
    const SEATS: u32 = MAX_SEATS;
    const VALIDATORS: u32 = MAX_VALIDATORS;

    fn act() -> RuntimeCall {
        RuntimeCall::Incidents(pallet_incidents::Call::set_rules { rules: Rules::dev() })
    }

    fn organisation() -> OrganisationId {
        members::organisation::<Runtime>(REPORTER).0
    }

    fn set_keys(organisation: OrganisationId) {
        let keys = crate::opaque::SessionKeys {
            aura: sp_core::sr25519::Public::from_raw([7; 32]).into(),
            grandpa: sp_core::ed25519::Public::from_raw([7; 32]).into(),
        };
        pallet_session::NextKeys::<Runtime>::insert(super::session::Validator(organisation), keys);
    }

    fn fill_finality() {
        let authority = |n: u32| {
            let key = sp_core::ed25519::Public::from_raw([n as u8; 32]);
            (key.into(), 1)
        };
        let authorities: Vec<_> = (0..MAX_VALIDATORS).map(authority).collect();
        pallet_grandpa::Authorities::<Runtime>::put(frame_support::WeakBoundedVec::force_from(
            authorities,
            None,
        ));
    }

    /// All are for each motion, and nobody closes it.
    fn fill_motions() {
        let voters: Vec<AccountId> = pallet_collective::Members::<Runtime>::get();
        for number in 0..MAX_MOTIONS {
            let motion = frame_system::Call::remark {
                remark: vec![0; number as usize + 1],
            };
            let motion = RuntimeCall::System(motion);
            let length = motion.encoded_size() as u32 + 4;
            let hash = <Runtime as frame_system::Config>::Hashing::hash_of(&motion);
            let proposer = RawOrigin::Signed(voters[0].clone());
            assert!(Council::propose(proposer.into(), MAX_SEATS, Box::new(motion), length).is_ok());
            for voter in &voters {
                let voter = RawOrigin::Signed(voter.clone());
                assert!(Council::vote(voter.into(), hash, number, true).is_ok());
            }
        }
    }
}
