//! A chain of this pallet and of the collective that counts its votes, with ten organisations, of which three have a
//! seat. Organisation n votes by the key n.

use std::collections::BTreeMap;

use faultline_primitives::{consortium::Act, Hash, Millis, OrganisationId};
use frame_support::{
    derive_impl, parameter_types,
    traits::{ChangeMembers, EnsureOrigin, Time},
    weights::Weight,
};
use frame_system::EnsureNever;
use pallet_collective::RawOrigin;
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage, DispatchError};

use crate::{Acts, Codes, Finality, Organisations, SessionKeys, Voters, Votes};

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
    pub type Council = pallet_collective;
    #[runtime::pallet_index(2)]
    pub type Consortium = crate;
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
    /// How many organisations there are.
    pub static Admitted: u8 = 0;
    /// Admin keys that are not the organisation's number any more.
    pub static Rotated: BTreeMap<u32, u8> = BTreeMap::new();
    /// Organisations that have set the keys of a validator.
    pub static WithKeys: Vec<u32> = Vec::new();
    /// Whether the validators change in this block.
    pub static Changing: bool = false;
    /// The runtime that was put in place.
    pub static InPlace: Vec<u8> = Vec::new();
    pub const MotionDuration: u64 = 10;
    pub const MaxProposals: u32 = 8;
    pub const MaxMembers: u32 = 64;
    pub const MaxProposalWeight: Weight = Weight::MAX;
}

/// The clock of the tests.
pub struct Clock;

impl Time for Clock {
    type Moment = u64;

    fn now() -> u64 {
        Now::get()
    }
}

impl pallet_collective::Config for Test {
    type RuntimeOrigin = RuntimeOrigin;
    type Proposal = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type MotionDuration = MotionDuration;
    type MaxProposals = MaxProposals;
    type MaxMembers = MaxMembers;
    type DefaultVote = pallet_collective::PrimeDefaultVote;
    type WeightInfo = ();
    type SetMembersOrigin = EnsureNever<()>;
    type MaxProposalWeight = MaxProposalWeight;
    type DisapproveOrigin = EnsureNever<()>;
    type KillOrigin = EnsureNever<()>;
    type Consideration = ();
}

impl crate::Config for Test {
    type CouncilCall = RuntimeCall;
    type MotionOrigin = Carried;
    type Acts = Named;
    type Organisations = TenOfThem;
    type Voters = InCollective;
    type SessionKeys = SetBy;
    type Finality = Block7;
    type Codes = Versions;
    type UpgradeWeight = ();
    type Time = Clock;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Named;
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper<RuntimeCall> for Named {
    const SEATS: u32 = 3;
    const VALIDATORS: u32 = 4;

    fn act() -> RuntimeCall {
        let organisation = OrganisationId(3);
        crate::Call::take_seat { organisation }.into()
    }

    fn organisation() -> OrganisationId {
        OrganisationId(3)
    }

    fn set_keys(organisation: OrganisationId) {
        WithKeys::mutate(|with_keys| with_keys.push(organisation.0));
    }

    fn fill_finality() {}

    fn fill_motions() {}
}

/// A motion of the collective that carried.
pub struct Carried;

impl EnsureOrigin<RuntimeOrigin> for Carried {
    type Success = Votes;

    fn try_origin(origin: RuntimeOrigin) -> Result<Votes, RuntimeOrigin> {
        match origin.clone().into() {
            Ok(RawOrigin::Members(ayes, seats)) => Ok(Votes { ayes, seats }),
            Ok(_) | Err(_) => Err(origin),
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
        Ok(RawOrigin::Members(3, 3).into())
    }
}

/// Seats are given and taken. Setting the heap pages stands for a suspension: it fails, as no council can do that.
pub struct Named;

impl Acts<RuntimeCall> for Named {
    fn act_of(call: &RuntimeCall) -> Option<Act> {
        match call {
            RuntimeCall::Consortium(crate::Call::give_seat { organisation }) => {
                Some(Act::GiveSeat(*organisation))
            }
            RuntimeCall::Consortium(crate::Call::take_seat { organisation }) => {
                Some(Act::TakeSeat(*organisation))
            }
            RuntimeCall::Consortium(crate::Call::add_validator { organisation }) => {
                Some(Act::AddValidator(*organisation))
            }
            RuntimeCall::Consortium(crate::Call::remove_validator { organisation }) => {
                Some(Act::RemoveValidator(*organisation))
            }
            RuntimeCall::Consortium(crate::Call::authorize_upgrade { code }) => {
                Some(Act::AuthorizeUpgrade(*code))
            }
            RuntimeCall::Consortium(crate::Call::cancel_upgrade {}) => Some(Act::CancelUpgrade),
            RuntimeCall::Consortium(crate::Call::publish_checkpoint {}) => Some(Act::PublishCheckpoint),
            RuntimeCall::System(frame_system::Call::set_heap_pages { .. }) => {
                Some(Act::Suspend(OrganisationId(1)))
            }
            _ => None,
        }
    }
}

pub struct TenOfThem;

impl Organisations for TenOfThem {
    fn admin_of(organisation: OrganisationId) -> Option<AccountId32> {
        let own = u8::try_from(organisation.0)
            .ok()
            .filter(|number| *number < Admitted::get())?;
        Some(id(Rotated::get().get(&organisation.0).copied().unwrap_or(own)))
    }
}

pub struct InCollective;

impl Voters for InCollective {
    fn get() -> Vec<AccountId32> {
        pallet_collective::Members::<Test>::get()
    }

    fn set(accounts: Vec<AccountId32>) {
        Council::set_members_sorted(&accounts, &Self::get());
    }
}

/// Which organisations have set keys.
pub struct SetBy;

impl SessionKeys for SetBy {
    fn are_set(organisation: OrganisationId) -> bool {
        WithKeys::get().contains(&organisation.0)
    }
}

/// The set of validators of the tests.
pub struct Block7;

impl Finality for Block7 {
    fn validators() -> Option<(u64, Hash)> {
        (!Changing::get()).then_some((7, Hash([7; 32])))
    }

    fn parent() -> Hash {
        Hash([6; 32])
    }
}

/// A code is a runtime if it begins with a 2, and that is its version.
pub struct Versions;

impl Codes for Versions {
    fn check(code: &[u8]) -> Result<u32, DispatchError> {
        match code.first() {
            Some(2) => Ok(2),
            _ => Err(DispatchError::Other("no runtime")),
        }
    }

    fn put(code: &[u8]) {
        InPlace::set(code.to_vec());
    }
}

pub fn id(n: u8) -> AccountId32 {
    AccountId32::new([n; 32])
}

pub fn signed(n: u8) -> RuntimeOrigin {
    RuntimeOrigin::signed(id(n))
}

/// A new chain whose council has these seats.
pub fn chain(seats: &[u32]) -> sp_io::TestExternalities {
    Admitted::set(10);
    WithKeys::set((1..=6).collect());
    let consortium = crate::GenesisConfig {
        seats: seats.iter().copied().map(OrganisationId).collect(),
        validators: seats.iter().copied().map(OrganisationId).collect(),
        floor: 2.min(seats.len() as u32),
        upgrade_delay: Millis(500),
        ..Default::default()
    };
    let genesis = RuntimeGenesisConfig {
        consortium,
        ..Default::default()
    };
    genesis.build_storage().unwrap().into()
}

/// Runs a test on a new chain at block 1, whose council is organisations 1, 2 and 3, and checks afterwards what must
/// always be true.
pub fn run(test: impl FnOnce()) {
    Rotated::set(BTreeMap::new());
    Changing::set(false);
    InPlace::set(Vec::new());
    Now::set(1_000);
    chain(&[1, 2, 3]).execute_with(|| {
        WithKeys::set(vec![1, 2, 3]);
        System::set_block_number(1);
        test();
        Consortium::check_state().unwrap();
    });
}
