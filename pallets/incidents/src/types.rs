//! What this pallet asks of others.

use alloc::vec::Vec;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use faultline_primitives::{
    attestation::{Body, Observation},
    service::Slug,
    GroupId, OrganisationId, ServiceId, Text,
};
use scale_info::TypeInfo;
use sp_runtime::{AccountId32, DispatchError};

/// Who may attest.
pub trait Reporters {
    /// The organisation that this account may report for now, with its group; or why it may not.
    fn reporter(who: &AccountId32) -> Result<(OrganisationId, GroupId), DispatchError>;

    /// The group with which an organisation counts now.
    fn group_of(organisation: OrganisationId) -> Option<GroupId>;
}

/// Who may speak otherwise.
pub trait Speakers {
    /// The organisation that this account may speak for now as a provider, with its group; or why it may not.
    fn provider(who: &AccountId32) -> Result<(OrganisationId, GroupId), DispatchError>;

    /// The organisation that this account may rule for now, with its group; or why it may not.
    fn arbiter(who: &AccountId32) -> Result<(OrganisationId, GroupId), DispatchError>;

    /// All that may rule now, each with its group.
    fn arbiters() -> Vec<(OrganisationId, GroupId)>;
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
    /// Whether it was retired: then no incident is opened on it.
    pub retired: bool,
}

/// One of several reports in a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Report {
    /// The service.
    pub service: ServiceId,
    /// What was seen.
    pub observation: Observation,
    /// A few words; an empty text is none.
    pub text: Body,
}

/// One of several reports that was refused.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct RefusedReport {
    /// Its place among them, from 0.
    pub place: u32,
    /// Why.
    pub why: DispatchError,
}
