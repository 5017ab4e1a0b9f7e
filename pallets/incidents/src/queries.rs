//! Which incident a report is of, and what the pallet knows.

use alloc::vec::Vec;

use faultline_primitives::{
    attestation::Body,
    incident::{Action, Incident},
    rules::Rules,
    Entry, IncidentId, Record, Roll, ServiceId, UnixMillis,
};
use frame_support::traits::Time;

use crate::pallet::{
    AllIncidents, Config, CurrentRules, Incidents, Log, OnService, Pallet, RedactedTexts, RollOfService,
    Texts,
};

impl<T: Config> Pallet<T> {
    /// The block's time.
    pub fn now() -> UnixMillis {
        UnixMillis(T::Time::now())
    }

    /// The rules in force.
    pub fn rules() -> Rules {
        CurrentRules::<T>::get()
    }

    /// An incident's record.
    pub fn incident(id: IncidentId) -> Option<Record<Incident>> {
        Incidents::<T>::get(id)
    }

    /// How many incidents there are.
    pub fn count() -> u64 {
        AllIncidents::<T>::get().map_or(0, |roll| roll.count)
    }

    /// Entries of an incident's log from a number on, at most `limit`, each with the body of its text, or when the
    /// council redacted that.
    pub fn entries(
        id: IncidentId,
        from: u32,
        limit: u32,
    ) -> Vec<(Entry<Action>, Option<Body>, Option<UnixMillis>)> {
        faultline_pallet_log::entries::<Log<T>>(id, from, limit)
            .map(|(number, entry)| {
                (
                    entry,
                    Texts::<T>::get(id, number),
                    RedactedTexts::<T>::get(id, number),
                )
            })
            .collect()
    }

    /// The roll of the incidents opened on a service; none where there is no incident.
    pub fn roll_of(service: ServiceId) -> Option<Roll> {
        RollOfService::<T>::get(service)
    }

    /// The incidents opened last on a service, newest first, at most `limit`.
    pub fn latest_on(service: ServiceId, limit: u32) -> Vec<IncidentId> {
        let count = Self::roll_of(service).map_or(0, |roll| roll.count);
        let oldest = count.saturating_sub(limit.into());
        (oldest..count)
            .rev()
            .filter_map(|place| OnService::<T>::get(service, place))
            .collect()
    }

    /// How large an incident's record is, in KiB begun.
    pub(crate) fn size(id: IncidentId) -> u32 {
        faultline_pallet_log::size::<Log<T>>(id).div_ceil(1_024)
    }

    pub(crate) fn next_id() -> IncidentId {
        IncidentId(Self::count())
    }
}
