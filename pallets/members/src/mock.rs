//! A chain of this pallet alone, with two organisations.

use codec::Encode;
use faultline_primitives::{organisation::Roles, quota::Quota, refusal, Account, GroupId, OrganisationId};
use frame_support::{derive_impl, parameter_types, traits::Time};
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage};

use crate::{Access, Gatekeeper, GenesisKey, GenesisOrganisation, Role};

/// Admin and reporter keys of organisations 0 and 1, and a key of nobody.
pub const ADMIN: u8 = 10;
pub const REPORTER: u8 = 11;
pub const OTHER_ADMIN: u8 = 20;
pub const OTHER_REPORTER: u8 = 21;
pub const STRANGER: u8 = 99;

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
    pub type Members = crate;
}

type Block = frame_system::mocking::MockBlock<Test>;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
}

parameter_types! {
    pub static Now: u64 = 1_000;
    pub static AdminsSet: Vec<OrganisationId> = Vec::new();
    pub const AdminQuota: Quota = Quota { burst: 3, per_block: 1 };
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
    type Time = Clock;
    type AdminQuota = AdminQuota;
    type Gatekeeper = Gate;
    type OnAdminSet = Told;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Told;
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper<RuntimeCall> for Told {
    fn reporters_call() -> RuntimeCall {
        frame_system::Call::remark { remark: vec![] }.into()
    }

    fn listen_to(_: OrganisationId) {}
}

/// Whose admin key is another now.
pub struct Told;

impl crate::OnAdminSet for Told {
    fn admin_set(organisation: OrganisationId) {
        AdminsSet::mutate(|told| told.push(organisation));
    }
}

/// Admins manage keys; reporters may remark, at a cost of as many actions as bytes, but of one at least. Providers
/// and arbiters may remark with an event. A reporter may set the heap pages, too, which fails: the origin is none
/// that may.
pub struct Gate;

impl Gatekeeper<RuntimeCall> for Gate {
    fn access(call: &RuntimeCall) -> Access {
        match call {
            RuntimeCall::Members(
                crate::Call::add_reporter { .. }
                | crate::Call::revoke_reporter { .. }
                | crate::Call::rotate_admin { .. },
            ) => Access::Admin,
            RuntimeCall::System(
                frame_system::Call::remark { .. } | frame_system::Call::set_heap_pages { .. },
            ) => Access::Role(&[Role::Reporter]),
            RuntimeCall::System(frame_system::Call::remark_with_event { .. }) => {
                Access::Role(&[Role::Provider, Role::Arbiter])
            }
            RuntimeCall::System(frame_system::Call::kill_prefix { .. }) => {
                Access::Refused(refusal::Gate::CallPaused)
            }
            _ => Access::Refused(refusal::Gate::CallNotOpen),
        }
    }

    fn cost(call: &RuntimeCall) -> u32 {
        match call {
            RuntimeCall::System(frame_system::Call::remark { remark }) => remark.len().max(1) as u32,
            _ => 1,
        }
    }

    fn mark(organisation: OrganisationId, call: &RuntimeCall) -> Option<Vec<u8>> {
        matches!(call, RuntimeCall::System(_)).then(|| ("mark", organisation).encode())
    }

    fn pallet_name(index: u8) -> Option<&'static str> {
        (index == 1).then_some("Members")
    }
}

pub fn account(n: u8) -> Account {
    Account([n; 32])
}

pub fn id(n: u8) -> AccountId32 {
    AccountId32::new([n; 32])
}

pub fn signed(n: u8) -> RuntimeOrigin {
    RuntimeOrigin::signed(id(n))
}

/// What the council calls with.
pub fn council() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

pub const REPORTERS: Roles = Roles {
    reporter: true,
    provider: false,
    arbiter: false,
};

/// An organisation that a chain may begin with.
pub fn organisation(name: &str, group: Option<u32>, admin: u8, reporter: u8) -> GenesisOrganisation {
    GenesisOrganisation {
        name: name.into(),
        url: String::new(),
        roles: REPORTERS,
        group: group.map(GroupId),
        admin: account(admin),
        quota: Quota {
            burst: 4,
            per_block: 2,
        },
        reporters: vec![GenesisKey {
            key: account(reporter),
            label: "first".into(),
        }],
    }
}

/// A new chain that begins with these organisations.
pub fn chain(organisations: Vec<GenesisOrganisation>) -> sp_io::TestExternalities {
    let members = crate::GenesisConfig {
        organisations,
        ..Default::default()
    };
    let genesis = RuntimeGenesisConfig {
        members,
        ..Default::default()
    };
    genesis.build_storage().unwrap().into()
}

/// Runs a test on a new chain at block 1, and checks afterwards what must always be true.
pub fn run(test: impl FnOnce()) {
    Now::set(1_000);
    chain(vec![
        organisation("Northwatch", None, ADMIN, REPORTER),
        organisation("Harbour", Some(70), OTHER_ADMIN, OTHER_REPORTER),
    ])
    .execute_with(|| {
        System::set_block_number(1);
        test();
        Members::check_state().unwrap();
    });
}
