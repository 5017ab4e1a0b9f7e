//! What the node's RPC asks of the runtime.
//!
//! The answers are records and entries as they are stored; how they look in JSON is for the RPC to say.

#![cfg_attr(not(feature = "std"), no_std)]
// What the macro generates has no documentation of its own.
#![allow(missing_docs)]

extern crate alloc;

use alloc::vec::Vec;

use codec::{Decode, Encode};
use faultline_primitives::{
    attestation::Body,
    consortium::{self, Act, Consortium},
    incident::{self, Incident},
    organisation::{self, Organisation},
    rules::Rules,
    service::{self, Service},
    Account, BlockNumber, Entry, Hash, IncidentId, OrganisationId, Record, Roll, ServiceId, Text, UnixMillis,
};
use scale_info::TypeInfo;

/// A service with the roll of the incidents opened on it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ServiceAnswer {
    /// Its number.
    pub id: ServiceId,
    /// Its record.
    pub record: Record<Service>,
    /// The roll of its incidents; none where there is no incident.
    pub incidents: Option<Roll>,
}

/// What a block's entries were appended to; each once, in order of number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Touched {
    /// The incidents.
    pub incidents: Vec<IncidentId>,
    /// The services, those on which an incident was opened among them.
    pub services: Vec<ServiceId>,
    /// The organisations.
    pub organisations: Vec<OrganisationId>,
}

/// The council: the consortium's record, and what stands beside its log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CouncilAnswer {
    /// The consortium's record.
    pub record: Record<Consortium>,
    /// The motions that are open, in order of proposal.
    pub motions: Vec<Motion>,
    /// The calls that are paused, by pallet and name.
    pub paused: Vec<(Text<32>, Text<32>)>,
}

/// The present session and the validators.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ValidatorsAnswer {
    /// The number of the session.
    pub session: u32,
    /// For how many blocks a session lasts.
    pub session_length: u32,
    /// The first block of the next session.
    pub next_session: BlockNumber,
    /// All who are a validator, are about to be one, or have set keys to become one, by number.
    pub validators: Vec<ValidatorAnswer>,
}

/// An organisation as a validator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ValidatorAnswer {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Whether the council has it as one.
    pub approved: bool,
    /// Whether it is one of the present session.
    pub active: bool,
    /// Whether it will be one of the next session.
    pub queued: bool,
    /// Whether it makes no blocks, as it voted twice.
    pub disabled: bool,
    /// Whether it voted twice, and the council has not removed it since.
    pub accused: bool,
    /// The key (sr25519) by which it makes blocks, as it set it last; it acts at the next turn of sessions but one.
    pub aura: Option<Account>,
    /// The key (ed25519) by which it makes blocks final, as it set it last.
    pub grandpa: Option<Account>,
}

/// A motion that is open.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Motion {
    /// Its number.
    pub index: u32,
    /// The hash of what is proposed.
    pub hash: Hash,
    /// What it is for; none where it is for no act.
    pub act: Option<Act>,
    /// How many ayes it wants.
    pub threshold: u32,
    /// Whose seats are for it.
    pub ayes: Vec<OrganisationId>,
    /// Whose seats are against it.
    pub nays: Vec<OrganisationId>,
    /// The block until which it is open.
    pub end: BlockNumber,
    /// The bound of its length with which it is closed: bytes as it is stored.
    pub length: u32,
    /// The bound of its weight with which it is closed: picoseconds of execution, and bytes of proof.
    pub weight: (u64, u64),
}

sp_api::decl_runtime_apis! {
    /// Reading the record.
    pub trait FaultlineApi {
        /// The block's time.
        fn now() -> UnixMillis;
        /// The rules in force.
        fn rules() -> Rules;

        /// What the block's own entries were appended to.
        fn touched() -> Touched;

        /// An incident's record.
        fn incident(id: IncidentId) -> Option<Record<Incident>>;
        /// The records of several incidents, in the order asked for; without those that there are not.
        fn incidents(ids: Vec<IncidentId>) -> Vec<(IncidentId, Record<Incident>)>;
        /// Entries of an incident's log from a number on, at most `limit`, each with its text or when that was redacted.
        fn incident_entries(id: IncidentId, from: u32, limit: u32) -> Vec<(Entry<incident::Action>, Option<Body>, Option<UnixMillis>)>;
        /// The incidents opened last on a service, newest first, at most `limit`.
        fn latest_incidents(service: ServiceId, limit: u32) -> Vec<IncidentId>;
        /// How many incidents there are.
        fn incident_count() -> u64;

        /// A service by number.
        fn service(id: ServiceId) -> Option<ServiceAnswer>;
        /// Several services, in the order asked for; without those that there are not.
        fn services(ids: Vec<ServiceId>) -> Vec<ServiceAnswer>;
        /// The service that a slug names.
        fn service_by_slug(slug: service::Slug) -> Option<ServiceId>;
        /// How many services there are.
        fn service_count() -> u32;

        /// An organisation's record.
        fn organisation(id: OrganisationId) -> Option<Record<Organisation>>;
        /// The records of several organisations, in the order asked for; without those that there are not.
        fn organisations(ids: Vec<OrganisationId>) -> Vec<(OrganisationId, Record<Organisation>)>;
        /// Entries of an organisation's log from a number on, at most `limit`.
        fn organisation_entries(id: OrganisationId, from: u32, limit: u32) -> Vec<Entry<organisation::Action>>;
        /// How many organisations there are.
        fn organisation_count() -> u32;

        /// The council; none only on a chain without organisations.
        fn council() -> Option<CouncilAnswer>;
        /// The present session and the validators.
        fn validators() -> ValidatorsAnswer;
        /// Entries of the consortium's log from a number on, at most `limit`.
        fn consortium_entries(from: u32, limit: u32) -> Vec<Entry<consortium::Action>>;
    }
}
