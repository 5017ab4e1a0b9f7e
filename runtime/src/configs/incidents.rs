//! What happened: members say, about services.

use alloc::vec::Vec;

use faultline_primitives::{GroupId, OrganisationId, ServiceId};
use pallet_consortium::EnsureCouncil;
use pallet_incidents::{Reporters, Speakers, Watched, WatchedService};
use sp_runtime::DispatchError;

use crate::{AccountId, Members, Runtime, Services, Timestamp};

impl pallet_incidents::Config for Runtime {
    type CouncilOrigin = EnsureCouncil;
    type Reporters = ByMembers;
    type Speakers = ByMembers;
    type Watched = ByServices;
    type Time = Timestamp;
    type WeightInfo = crate::weights::pallet_incidents::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = super::benchmarks::Helper;
}

/// Reporters attest.
pub struct ByMembers;

impl Reporters for ByMembers {
    fn reporter(who: &AccountId) -> Result<(OrganisationId, GroupId), DispatchError> {
        Ok(Members::reporter(who)?)
    }

    fn group_of(organisation: OrganisationId) -> Option<GroupId> {
        Members::group_of(organisation)
    }
}

impl Speakers for ByMembers {
    fn provider(who: &AccountId) -> Result<(OrganisationId, GroupId), DispatchError> {
        Ok(Members::in_role(who, |roles| roles.provider)?)
    }

    fn arbiter(who: &AccountId) -> Result<(OrganisationId, GroupId), DispatchError> {
        Ok(Members::arbiter(who)?)
    }

    fn arbiters() -> Vec<(OrganisationId, GroupId)> {
        Members::arbiters()
    }
}

/// About registered services.
pub struct ByServices;

impl Watched for ByServices {
    fn service(id: ServiceId) -> Option<WatchedService> {
        let service = Services::service(id)?.state;
        Some(WatchedService {
            slug: service.slug,
            name: service.name,
            provider: service.provider,
            retired: service.retired,
        })
    }
}
