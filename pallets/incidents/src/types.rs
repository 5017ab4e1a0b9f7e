//! What this pallet asks of others.

use faultline_primitives::{service::Slug, GroupId, OrganisationId, ServiceId, Text};
use sp_runtime::{AccountId32, DispatchError};

/// Who may attest.
pub trait Reporters {
    /// The organisation that this account may report for now, with its group; or why it may not.
    fn reporter(who: &AccountId32) -> Result<(OrganisationId, GroupId), DispatchError>;

    /// The group with which an organisation counts now.
    fn group_of(organisation: OrganisationId) -> Option<GroupId>;
}

/// What may be attested about.
pub trait Watched {
    /// What an incident keeps of its service.
    fn service(id: ServiceId) -> Option<WatchedService>;
}

/// What an incident keeps of its service, as it was at its opening.
#[derive(Clone, Debug)]
pub struct WatchedService {
    /// What names it.
    pub slug: Slug,
    /// What people call it.
    pub name: Text<64>,
    /// The organisation that runs it.
    pub provider: Option<OrganisationId>,
}
