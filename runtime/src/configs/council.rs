//! Motions, and the votes on them.

use alloc::vec::Vec;

use codec::{Decode, Encode};
use faultline_primitives::{consortium::MAX_SEATS, Hash, OrganisationId};
use faultline_runtime_api::Motion;
use frame_support::{
    dispatch::GetDispatchInfo,
    parameter_types,
    traits::{ChangeMembers, ConstU32, EnsureOrigin},
    weights::Weight,
};
use frame_system::EnsureNever;
use pallet_collective::RawOrigin;
use pallet_consortium::{Voters, Votes};
use sp_runtime::Perbill;

use super::{consortium::act_of, system::RuntimeBlockWeights};
use crate::{AccountId, BlockNumber, Council, Members, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin};

/// Most motions that are open at a time.
pub const MAX_MOTIONS: u32 = 32;
/// How long a motion is open: seven days of blocks, 3 s each.
const MOTION_DURATION: BlockNumber = 7 * 24 * 60 * 20;

parameter_types! {
    pub const MotionDuration: BlockNumber = MOTION_DURATION;
    /// Half a block: no act of the council comes near it.
    pub MaxProposalWeight: Weight = Perbill::from_percent(50) * RuntimeBlockWeights::get().max_block;
}

impl pallet_collective::Config for Runtime {
    type RuntimeOrigin = RuntimeOrigin;
    type Proposal = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type MotionDuration = MotionDuration;
    type MaxProposals = ConstU32<MAX_MOTIONS>;
    type MaxMembers = ConstU32<MAX_SEATS>;
    /// Who does not vote is against; there is no prime member.
    type DefaultVote = pallet_collective::PrimeDefaultVote;
    type WeightInfo = crate::weights::pallet_collective::WeightInfo<Runtime>;
    /// The seats are the consortium's, and a motion ends by its votes or its time.
    #[cfg(not(feature = "runtime-benchmarks"))]
    type SetMembersOrigin = EnsureNever<()>;
    #[cfg(feature = "runtime-benchmarks")]
    type SetMembersOrigin = frame_system::EnsureRoot<AccountId>;
    type DisapproveOrigin = EnsureNever<()>;
    type KillOrigin = EnsureNever<()>;
    type MaxProposalWeight = MaxProposalWeight;
    type Consideration = ();
}

/// A motion that carried.
pub struct Carried;

impl EnsureOrigin<RuntimeOrigin> for Carried {
    type Success = Votes;

    fn try_origin(origin: RuntimeOrigin) -> Result<Votes, RuntimeOrigin> {
        match Result::<RawOrigin<AccountId, ()>, RuntimeOrigin>::from(origin) {
            Ok(RawOrigin::Members(ayes, seats)) => Ok(Votes { ayes, seats }),
            Ok(other) => Err(other.into()),
            Err(origin) => Err(origin),
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
        Ok(RawOrigin::Members(MAX_SEATS, MAX_SEATS).into())
    }
}

/// The collective's members, which vote.
pub struct InCouncil;

impl Voters for InCouncil {
    fn get() -> Vec<AccountId> {
        pallet_collective::Members::<Runtime>::get()
    }

    fn set(accounts: Vec<AccountId>) {
        Council::set_members_sorted(&accounts, &Self::get());
    }
}

/// The votes on a motion as the collective stores them, whose fields it keeps to itself.
#[derive(Decode)]
struct Voting {
    index: u32,
    threshold: u32,
    ayes: Vec<AccountId>,
    nays: Vec<AccountId>,
    end: BlockNumber,
}

/// The motions that are open, in order of proposal.
pub fn motions() -> Vec<Motion> {
    let organisations = |voters: Vec<AccountId>| -> Vec<OrganisationId> {
        voters.iter().filter_map(Members::organisation_of).collect()
    };
    let motion = |hash: crate::Hash| {
        let proposal = pallet_collective::ProposalOf::<Runtime>::get(hash)?;
        let voting = pallet_collective::Voting::<Runtime>::get(hash)?.encode();
        let voting = Voting::decode(&mut voting.as_slice()).ok()?;
        let weight = proposal.get_dispatch_info().call_weight;
        Some(Motion {
            index: voting.index,
            hash: Hash(hash.0),
            act: act_of(&proposal),
            threshold: voting.threshold,
            ayes: organisations(voting.ayes),
            nays: organisations(voting.nays),
            end: voting.end,
            // Counted as it is stored, which is what `close` compares: with the four bytes that the SDK says.
            length: u32::try_from(proposal.encoded_size().saturating_add(4)).unwrap_or(u32::MAX),
            weight: (weight.ref_time(), weight.proof_size()),
        })
    };
    let hashes = pallet_collective::Proposals::<Runtime>::get();
    let mut motions: Vec<_> = hashes.into_iter().filter_map(motion).collect();
    motions.sort_unstable_by_key(|motion| motion.index);
    motions
}
