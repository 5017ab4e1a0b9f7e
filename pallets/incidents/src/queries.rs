//! Which incident a report is of, and what the pallet knows.

use alloc::vec::Vec;

use faultline_primitives::{
    attestation::Body,
    incident::{Action, Candidate, Incident},
    rules::Rules,
    Entry, IncidentId, Record, Roll, ServiceId, Span, UnixMillis,
};
use frame_support::traits::Time;

use crate::pallet::{
    AllIncidents, Candidates, Config, CurrentRules, Incidents, Log, OnService, Pallet, RedactedTexts,
    RollOfService, Texts,
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

    /// The open incident that a report over this span is of: the oldest that lies near enough.
    pub(crate) fn incident_of(service: ServiceId, observed: &Span) -> Option<IncidentId> {
        let now = Self::now();
        Self::open_on(service)
            .filter(|(_, open)| open.takes(observed, now))
            .map(|(id, _)| id)
            .min()
    }

    /// The open incidents of a service, in no order.
    pub(crate) fn open_on(service: ServiceId) -> impl Iterator<Item = (IncidentId, Candidate)> {
        let now = Self::now();
        Candidates::<T>::iter_prefix(service).filter(move |(_, candidate)| candidate.is_open(now))
    }

    /// Drops from the candidates what has settled or lapsed: it takes no report any more, ever.
    pub(crate) fn forget_closed(service: ServiceId) {
        let now = Self::now();
        let closed: Vec<_> = Candidates::<T>::iter_prefix(service)
            .filter(|(_, candidate)| !candidate.is_open(now))
            .map(|(id, _)| id)
            .collect();
        closed
            .into_iter()
            .for_each(|id| Candidates::<T>::remove(service, id));
    }

    pub(crate) fn next_id() -> IncidentId {
        IncidentId(Self::count())
    }
}
