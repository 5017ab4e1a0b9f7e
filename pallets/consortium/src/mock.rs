//! A chain of this pallet and of the collective that counts its votes, with ten organisations, of which three have a
//! seat. Organisation n votes by the key n.

use std::collections::BTreeMap;

use faultline_primitives::{consortium::Act, OrganisationId};
use frame_support::{
    derive_impl, parameter_types,
    traits::{ChangeMembers, EnsureOrigin, Time},
    weights::Weight,
};
use frame_system::EnsureNever;
use pallet_collective::RawOrigin;
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage};

use crate::{Acts, Organisations, Voters, Votes};

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
    type Time = Clock;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Named;
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper<RuntimeCall> for Named {
    const SEATS: u32 = 3;

    fn act() -> RuntimeCall {
        let organisation = OrganisationId(3);
        crate::Call::take_seat { organisation }.into()
    }

    fn organisation() -> OrganisationId {
        OrganisationId(3)
    }

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

pub fn id(n: u8) -> AccountId32 {
    AccountId32::new([n; 32])
}

pub fn signed(n: u8) -> RuntimeOrigin {
    RuntimeOrigin::signed(id(n))
}

/// A new chain whose council has these seats.
pub fn chain(seats: &[u32]) -> sp_io::TestExternalities {
    Admitted::set(10);
    let consortium = crate::GenesisConfig {
        seats: seats.iter().copied().map(OrganisationId).collect(),
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
    chain(&[1, 2, 3]).execute_with(|| {
        System::set_block_number(1);
        test();
        Consortium::check_state().unwrap();
    });
}
