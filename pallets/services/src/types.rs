//! What this pallet asks of others, and how the genesis block names services.

use alloc::string::String;

use faultline_primitives::OrganisationId;
use serde::{Deserialize, Serialize};
use sp_runtime::{AccountId32, DispatchError};

/// Who may register a service.
pub trait Registrants {
    /// The organisation for which this account may register one now, or why it may not.
    fn registrant(who: &AccountId32) -> Result<OrganisationId, DispatchError>;

    /// The organisation for which this account may speak as a provider now, or why it may not.
    fn provider(who: &AccountId32) -> Result<OrganisationId, DispatchError>;

    /// Whether there is such an organisation.
    fn exists(organisation: OrganisationId) -> bool;
}

/// A service that the chain begins with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisService {
    /// What names it: parts of `[a-z0-9-]` joined by `/`, at most 64 bytes.
    pub slug: String,
    /// What people call it: at most 64 bytes.
    pub name: String,
    /// Its address on the web: at most 128 bytes.
    pub url: String,
    /// The slug of the service that it is a component of; that one stands before it.
    pub parent: Option<String>,
    /// The organisation that runs it.
    pub provider: Option<OrganisationId>,
}
