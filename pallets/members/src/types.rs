//! What stands beside the logs, and how the genesis block names organisations.

use alloc::{string::String, vec::Vec};

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use faultline_primitives::{organisation::Roles, quota::Quota, Account, GroupId, OrganisationId};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Who wants to know that an organisation's admin key is another now.
pub trait OnAdminSet {
    /// Of this organisation, from here on.
    fn admin_set(organisation: OrganisationId);
}

impl OnAdminSet for () {
    fn admin_set(_: OrganisationId) {}
}

/// What a key may be used for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum KeyUse {
    /// Managing the organisation's reporter keys.
    #[codec(index = 0)]
    Admin,
    /// Speaking for the organisation.
    #[codec(index = 1)]
    Reporter,
}

/// Whose a key is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct KeyHolder {
    /// The organisation.
    pub organisation: OrganisationId,
    /// What it may be used for.
    pub usage: KeyUse,
    /// Whether it was revoked: then it never speaks again.
    pub revoked: bool,
}

/// An organisation that the chain begins with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisOrganisation {
    /// Its name: at most 64 bytes.
    pub name: String,
    /// Its address on the web: at most 128 bytes.
    pub url: String,
    /// What it may do.
    pub roles: Roles,
    /// With whom it counts together; a group of its own where not given.
    pub group: Option<GroupId>,
    /// The key that manages its reporter keys.
    pub admin: Account,
    /// How much it may do.
    pub quota: Quota,
    /// Its reporter keys.
    pub reporters: Vec<GenesisKey>,
}

/// A reporter key that the chain begins with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisKey {
    /// The key.
    pub key: Account,
    /// What its holder calls it: at most 32 bytes.
    pub label: String,
}
