//! What happened: members say, about services.

use faultline_primitives::{GroupId, OrganisationId, ServiceId};
use pallet_incidents::{Reporters, Watched, WatchedService};
use sp_runtime::DispatchError;

use crate::{AccountId, Members, Runtime, Services, Timestamp};

impl pallet_incidents::Config for Runtime {
    type Reporters = ByMembers;
    type Watched = ByServices;
    type Time = Timestamp;
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

/// About registered services.
pub struct ByServices;

impl Watched for ByServices {
    fn service(id: ServiceId) -> Option<WatchedService> {
        let service = Services::service(id)?.state;
        Some(WatchedService {
            slug: service.slug,
            name: service.name,
            provider: service.provider,
        })
    }
}
