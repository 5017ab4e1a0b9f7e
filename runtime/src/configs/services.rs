//! What is watched: members say.

use faultline_primitives::OrganisationId;
use pallet_consortium::EnsureCouncil;
use pallet_services::Registrants;
use sp_runtime::DispatchError;

use crate::{AccountId, Members, Runtime, Timestamp};

impl pallet_services::Config for Runtime {
    type CouncilOrigin = EnsureCouncil;
    type Registrants = ByMembers;
    type Time = Timestamp;
    type WeightInfo = crate::weights::pallet_services::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = super::benchmarks::Helper;
}

/// Reporters register.
pub struct ByMembers;

impl Registrants for ByMembers {
    fn registrant(who: &AccountId) -> Result<OrganisationId, DispatchError> {
        Ok(Members::reporter(who).map(|(organisation, _)| organisation)?)
    }

    fn provider(who: &AccountId) -> Result<OrganisationId, DispatchError> {
        Ok(Members::in_role(who, |roles| roles.provider).map(|(organisation, _)| organisation)?)
    }

    fn exists(organisation: OrganisationId) -> bool {
        Members::organisation(organisation).is_some()
    }
}
