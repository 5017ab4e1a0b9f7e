//! Where the chain keeps what is proven: the storage keys, as the runtime's pallets make them.

use alloc::vec::Vec;

use codec::Encode;
use faultline_primitives::{IncidentId, OrganisationId, ServiceId};
use twox_hash::XxHash64;

/// A key of the chain's state.
pub type StorageKey = Vec<u8>;

/// XXH64 of each seed from 0 on, the lowest byte first, one after another.
fn twox<const WORDS: usize>(bytes: &[u8]) -> impl Iterator<Item = u8> + '_ {
    (0u64..)
        .take(WORDS)
        .flat_map(move |seed| XxHash64::oneshot(seed, bytes).to_le_bytes())
}

/// Where a pallet keeps an item: `twox_128(pallet) ‖ twox_128(item)`.
pub fn item(pallet: &str, item: &str) -> StorageKey {
    twox::<2>(pallet.as_bytes())
        .chain(twox::<2>(item.as_bytes()))
        .collect()
}

/// The same in a map, behind what it is by: `twox_64(by) ‖ by` of each.
fn of(mut key: StorageKey, by: &impl Encode) -> StorageKey {
    let by = by.encode();
    key.extend(twox::<1>(&by));
    key.extend(by);
    key
}

/// The authorities whose votes make blocks final.
pub fn authorities() -> StorageKey {
    item("Grandpa", "Authorities")
}

/// The block's time.
pub fn now() -> StorageKey {
    item("Timestamp", "Now")
}

/// An incident's record.
pub fn incident(id: IncidentId) -> StorageKey {
    of(item("Incidents", "Incidents"), &id)
}

/// An entry of an incident's log.
pub fn incident_entry(id: IncidentId, number: u32) -> StorageKey {
    of(of(item("Incidents", "Entries"), &id), &number)
}

/// The body of an entry's text.
pub fn text(id: IncidentId, entry: u32) -> StorageKey {
    of(of(item("Incidents", "Texts"), &id), &entry)
}

/// When the council redacted an entry's text.
pub fn redaction(id: IncidentId, entry: u32) -> StorageKey {
    of(of(item("Incidents", "RedactedTexts"), &id), &entry)
}

/// The roll of the incidents opened on a service.
pub fn roll_of_service(id: ServiceId) -> StorageKey {
    of(item("Incidents", "RollOfService"), &id)
}

/// The incident at a place of a service's roll.
pub fn on_service(id: ServiceId, place: u64) -> StorageKey {
    of(of(item("Incidents", "OnService"), &id), &place)
}

/// A service's record.
pub fn service(id: ServiceId) -> StorageKey {
    of(item("Services", "Services"), &id)
}

/// An organisation's record.
pub fn organisation(id: OrganisationId) -> StorageKey {
    of(item("Members", "Organisations"), &id)
}

/// An entry of an organisation's log.
pub fn organisation_entry(id: OrganisationId, number: u32) -> StorageKey {
    of(of(item("Members", "Entries"), &id), &number)
}

/// An entry of a service's log.
pub fn service_entry(id: ServiceId, number: u32) -> StorageKey {
    of(of(item("Services", "Entries"), &id), &number)
}

/// A notice of maintenance, by the entry that commits to it.
pub fn notice(id: ServiceId, entry: u32) -> StorageKey {
    of(of(item("Services", "Texts"), &id), &entry)
}

/// The consortium's record.
pub fn consortium() -> StorageKey {
    of(item("Consortium", "Consortia"), &())
}

/// An entry of the consortium's log.
pub fn consortium_entry(number: u32) -> StorageKey {
    of(of(item("Consortium", "Entries"), &()), &number)
}

/// The roll of all organisations.
pub fn all_organisations() -> StorageKey {
    item("Members", "AllOrganisations")
}

/// The roll of all services.
pub fn all_services() -> StorageKey {
    item("Services", "AllServices")
}

/// The roll of all incidents.
pub fn all_incidents() -> StorageKey {
    item("Incidents", "AllIncidents")
}

/// The rules in force, which an incident keeps from its opening.
pub fn rules() -> StorageKey {
    item("Incidents", "CurrentRules")
}

/// The number of the set whose votes make blocks final.
pub fn authority_set_id() -> StorageKey {
    item("Grandpa", "CurrentSetId")
}

/// The number of the session.
pub fn session() -> StorageKey {
    item("Session", "CurrentIndex")
}

/// The organisations that are validators in this session, in order.
pub fn session_validators() -> StorageKey {
    item("Session", "Validators")
}

/// Those of them that make no blocks in it, by their places.
pub fn disabled_validators() -> StorageKey {
    item("Session", "DisabledValidators")
}

/// The runtime's code.
pub fn code() -> StorageKey {
    b":code".to_vec()
}

/// The version and the name of the runtime that made the last block.
pub fn last_runtime() -> StorageKey {
    item("System", "LastRuntimeUpgrade")
}
