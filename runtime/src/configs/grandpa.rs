//! Who makes blocks final: more than two thirds of the validators.

use codec::Encode;
use faultline_primitives::{consortium::MAX_VALIDATORS, Hash};
use frame_support::traits::{ConstU32, ConstU64};
use pallet_grandpa::EquivocationReportSystem;
use sp_runtime::traits::{BlakeTwo256, Hash as _};

use crate::{Historical, Offences, Runtime, RuntimeEvent, System};

/// For how many blocks a report of a vote cast twice is good: a day.
const REPORT_LONGEVITY: u64 = 24 * 60 * 20;
/// Sets of validators of which it is known until which session they lasted: only votes in these can be reported. One a
/// session at most, so these are two days of sessions of half an hour.
const KNOWN_SETS: u64 = 96;

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = ConstU64<KNOWN_SETS>;
    type KeyOwnerProof = sp_session::MembershipProof;
    type EquivocationReportSystem =
        EquivocationReportSystem<Self, Offences, Historical, ConstU64<REPORT_LONGEVITY>>;
}

/// The validators that make this block final.
pub struct ByGrandpa;

impl pallet_consortium::Finality for ByGrandpa {
    fn validators() -> Option<(u64, Hash)> {
        if pallet_grandpa::PendingChange::<Runtime>::exists() {
            return None;
        }
        let authorities = pallet_grandpa::Authorities::<Runtime>::get();
        let set = BlakeTwo256::hash(&authorities.encode());
        Some((pallet_grandpa::CurrentSetId::<Runtime>::get(), Hash(set.0)))
    }

    fn parent() -> Hash {
        Hash(System::parent_hash().0)
    }
}
