//! A chain of this pallet alone, on which accounts 1 to 9 are reporters of the organisations 1 to 9.

use faultline_primitives::OrganisationId;
use frame_support::{derive_impl, parameter_types, traits::Time};
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage, DispatchError};

use crate::{GenesisService, Registrants};

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
    pub type Services = crate;
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
    type Registrants = ByNumber;
    type Time = Clock;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ByNumber;
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper for ByNumber {
    fn member() -> (OrganisationId, AccountId32) {
        (OrganisationId(1), AccountId32::new([1; 32]))
    }
}

/// Account n speaks for organisation n.
pub struct ByNumber;

impl Registrants for ByNumber {
    fn registrant(who: &AccountId32) -> Result<OrganisationId, DispatchError> {
        let [n, ..]: [u8; 32] = who.clone().into();
        let organisation = OrganisationId(n.into());
        Self::exists(organisation)
            .then_some(organisation)
            .ok_or(DispatchError::Other("nobody"))
    }

    fn provider(who: &AccountId32) -> Result<OrganisationId, DispatchError> {
        Self::registrant(who)
    }

    fn exists(organisation: OrganisationId) -> bool {
        (1..=9).contains(&organisation.0)
    }
}

pub fn signed(n: u8) -> RuntimeOrigin {
    RuntimeOrigin::signed(AccountId32::new([n; 32]))
}

pub fn service(slug: &str, parent: Option<&str>, provider: Option<u32>) -> GenesisService {
    GenesisService {
        slug: slug.into(),
        name: "OpenAI".into(),
        url: String::new(),
        parent: parent.map(Into::into),
        provider: provider.map(OrganisationId),
    }
}

/// A new chain that begins with these services.
pub fn chain(services: Vec<GenesisService>) -> sp_io::TestExternalities {
    let services = crate::GenesisConfig {
        services,
        ..Default::default()
    };
    let genesis = RuntimeGenesisConfig {
        services,
        ..Default::default()
    };
    genesis.build_storage().unwrap().into()
}

/// Runs a test on a new chain at block 1, and checks afterwards what must always be true.
pub fn run(test: impl FnOnce()) {
    Now::set(1_000);
    chain(vec![
        service("openai", None, Some(4)),
        service("openai/api", Some("openai"), Some(4)),
    ])
    .execute_with(|| {
        System::set_block_number(1);
        test();
        Services::check_state().unwrap();
    });
}
