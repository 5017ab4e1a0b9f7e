//! Who speaks, and how what they say becomes an entry.

use alloc::{boxed::Box, vec::Vec};

use faultline_pallet_log as log;
use faultline_primitives::{
    attestation::{Attestation, Body, Observation},
    incident::{Action, Actor, Arbiters, Candidate, Incident, Opening, FOLD_VERSION},
    log::What,
    Account, GroupId, IncidentId, OrganisationId, Record, Roll, ServiceId, Sha256,
};
use frame_support::{dispatch::DispatchResult, ensure, storage::with_storage_layer, weights::Weight};
use sp_runtime::{AccountId32, DispatchError};

use crate::{
    pallet::{
        AllIncidents, Candidates, Config, CurrentRules, Error, Event, Incidents, Log, OnService, Pallet,
        RollOfService, Texts, MAX_OPEN, MAX_OPENED, MAX_UNCONFIRMED,
    },
    types::{RefusedReport, Report, Reporters, Speakers, Watched},
    weights,
};

/// Who speaks.
impl<T: Config> Pallet<T> {
    /// Who reports on an incident, as of now.
    pub(crate) fn reporter(who: &AccountId32, incident: IncidentId) -> Result<Actor, DispatchError> {
        let service = Self::service_of(incident)?;
        Self::actor(who, T::Reporters::reporter(who)?, service)
    }

    /// Who replies for the service, as of now.
    pub(crate) fn provider(who: &AccountId32, incident: IncidentId) -> Result<Actor, DispatchError> {
        let service = Self::service_of(incident)?;
        let speaker = T::Speakers::provider(who)?;
        let provider = T::Watched::service(service).and_then(|watched| watched.provider);
        ensure!(provider == Some(speaker.0), Error::<T>::NotTheProvider);
        Self::actor(who, speaker, service)
    }

    /// Who disputes, as of now: a reporter, or the service's provider.
    pub(crate) fn party(who: &AccountId32, incident: IncidentId) -> Result<Actor, DispatchError> {
        match T::Reporters::reporter(who) {
            Ok(speaker) => Self::actor(who, speaker, Self::service_of(incident)?),
            Err(_) => Self::provider(who, incident),
        }
    }

    /// Who rules, as of now.
    pub(crate) fn arbiter(who: &AccountId32, incident: IncidentId) -> Result<Actor, DispatchError> {
        let service = Self::service_of(incident)?;
        Self::actor(who, T::Speakers::arbiter(who)?, service)
    }

    /// The groups of arbiters of which nobody attested, is the provider, or disputes.
    pub(crate) fn arbiters_without_part(incident: IncidentId, by: &Actor) -> Result<Arbiters, Error<T>> {
        let state = Self::incident(incident).ok_or(Error::NoSuchIncident)?.state;
        let provider = T::Watched::service(state.service).and_then(|watched| watched.provider);
        let providers = provider.and_then(T::Reporters::group_of);
        let has_part = |organisation: OrganisationId, group: GroupId| {
            state.ledger.has_part(organisation, group) || group == by.group || Some(group) == providers
        };
        let mut groups: Vec<_> = T::Speakers::arbiters()
            .into_iter()
            .filter(|(organisation, group)| !has_part(*organisation, *group))
            .map(|(_, group)| group)
            .collect();
        groups.sort_unstable();
        groups.dedup();
        Ok(Arbiters::truncate_from(groups))
    }

    fn actor(
        who: &AccountId32,
        (organisation, group): (OrganisationId, GroupId),
        service: ServiceId,
    ) -> Result<Actor, DispatchError> {
        let watched = T::Watched::service(service).ok_or(Error::<T>::NoSuchService)?;
        let affiliated = watched.provider.is_some_and(|provider| {
            provider == organisation || T::Reporters::group_of(provider) == Some(group)
        });
        Ok(Actor {
            organisation,
            group,
            affiliated,
            key: Account(who.clone().into()),
        })
    }

    fn service_of(incident: IncidentId) -> Result<ServiceId, Error<T>> {
        let record = Self::incident(incident).ok_or(Error::NoSuchIncident)?;
        Ok(record.state.service)
    }
}

/// What becomes an entry.
impl<T: Config> Pallet<T> {
    /// Makes a report; with how many incidents it was compared, whatever came of it.
    pub(crate) fn do_report(
        who: &AccountId32,
        service: ServiceId,
        observation: Observation,
        text: Body,
    ) -> (u32, DispatchResult) {
        let by = match T::Reporters::reporter(who).and_then(|speaker| Self::actor(who, speaker, service)) {
            Ok(by) => by,
            Err(error) => return (0, Err(error)),
        };
        let candidates = Self::candidates(service);
        let now = Self::now();
        let of = candidates
            .iter()
            .filter(|(_, candidate)| candidate.is_open(now) && candidate.takes(&observation.observed, now))
            .map(|(id, _)| *id)
            .min();
        let done = match of {
            Some(incident) => Self::do_attest(by, incident, observation, text, None),
            None => Self::do_open(by, service, observation, text, &candidates),
        };
        (u32::try_from(candidates.len()).unwrap_or(u32::MAX), done)
    }

    /// Makes each report that can be made; those that cannot leave no trace, and are returned, with what all of them
    /// together weighed.
    pub(crate) fn do_report_many(who: &AccountId32, reports: Vec<Report>) -> (Vec<RefusedReport>, Weight) {
        let mut weight = Weight::zero();
        let mut refused = Vec::new();
        for (place, report) in (0u32..).zip(reports) {
            let Report {
                service,
                observation,
                text,
            } = report;
            let mut compared = 0;
            let done = with_storage_layer(|| {
                let done;
                (compared, done) = Self::do_report(who, service, observation, text);
                done
            });
            weight = weight.saturating_add(weights::report::<T::WeightInfo>(compared));
            refused.extend(done.err().map(|why| RefusedReport { place, why }));
        }
        (refused, weight)
    }

    fn do_open(
        by: Actor,
        service: ServiceId,
        observation: Observation,
        text: Body,
        candidates: &[(IncidentId, Candidate)],
    ) -> DispatchResult {
        let watched = T::Watched::service(service).ok_or(Error::<T>::NoSuchService)?;
        ensure!(!watched.retired, Error::<T>::ServiceRetired);
        let now = Self::now();
        let (open, closed): (Vec<_>, Vec<_>) = candidates
            .iter()
            .partition(|(_, candidate)| candidate.is_open(now));
        Self::ensure_room(by.organisation, &open)?;
        let opening = Opening {
            fold: FOLD_VERSION,
            service,
            slug: watched.slug,
            name: watched.name,
            rules: CurrentRules::<T>::get(),
        };
        let attestation = Self::with_text(observation, &text)?;

        let id = Self::next_id();
        let entry = log::entry::<T, T::Time, _>(Action::Opened {
            by,
            opening,
            attestation,
        });
        let record = log::open::<Log<T>>(id, &entry).map_err(Error::<T>::from)?;
        log::enrol::<AllIncidents<T>>(What::Incidents, id, entry.block, entry.at);
        RollOfService::<T>::mutate(service, |roll| {
            let before = roll.unwrap_or_else(|| Roll::empty(What::IncidentsOnService, service));
            OnService::<T>::insert(service, before.count, id);
            *roll = Some(before.with(id, entry.block, entry.at));
        });
        // What has settled or lapsed takes no report any more, ever. An opening adds one candidate, so that removing a
        // few each time suffices, and an opening costs no more than it is weighed for.
        for (id, _) in closed.into_iter().take(weights::MAX_FORGOTTEN as usize) {
            Candidates::<T>::remove(service, id);
        }
        Self::recorded(by, id, &record, text);
        Ok(())
    }

    /// Whether an organisation may open one more incident on a service, of which these are open.
    fn ensure_room(organisation: OrganisationId, open: &[&(IncidentId, Candidate)]) -> Result<(), Error<T>> {
        let own = || {
            let candidates = open.iter().map(|(_, candidate)| candidate);
            candidates.filter(|candidate| candidate.opener == organisation)
        };
        let unconfirmed = own().filter(|candidate| !candidate.confirmed).count();
        ensure!(unconfirmed < MAX_UNCONFIRMED, Error::TooManyUnconfirmed);
        ensure!(own().count() < MAX_OPENED, Error::TooManyOpened);
        ensure!(open.len() < MAX_OPEN as usize, Error::TooManyOpen);
        Ok(())
    }

    pub(crate) fn do_attest(
        by: Actor,
        incident: IncidentId,
        observation: Observation,
        text: Body,
        moves_from: Option<IncidentId>,
    ) -> DispatchResult {
        let attestation = Self::with_text(observation, &text)?;
        let action = Action::Attested {
            by,
            attestation,
            moves_from,
        };
        Self::append(incident, action, text)
    }

    /// Appends to an incident's log, with the text that the action commits to.
    pub(crate) fn append(incident: IncidentId, action: Action, text: Body) -> DispatchResult {
        let by = *action.by();
        let record = log::append::<Log<T>>(incident, &log::entry::<T, T::Time, _>(action))
            .map_err(Error::<T>::from)?;
        Self::recorded(by, incident, &record, text);
        Ok(())
    }

    /// Whether an incident may be linked to another.
    pub(crate) fn ensure_link(incident: IncidentId, to: IncidentId) -> Result<(), Error<T>> {
        ensure!(incident != to, Error::LinkToItself);
        let target = Incidents::<T>::get(to).ok_or(Error::NoSuchIncident)?.state;
        ensure!(
            target.service == Self::service_of(incident)?,
            Error::LinkAcrossServices
        );
        ensure!(target.duplicate_of.is_none(), Error::LinkToLinked);
        Ok(())
    }

    /// What an entry commits to of a text: nothing, where there is none.
    pub(crate) fn digest(text: &Body) -> Result<Option<Sha256>, Error<T>> {
        ensure!(text.is_utf8(), Error::TextNotUtf8);
        Ok(log::commitment(text))
    }

    fn with_text(observation: Observation, text: &Body) -> Result<Box<Attestation>, Error<T>> {
        let text = Self::digest(text)?;
        Ok(Box::new(Attestation { observation, text }))
    }

    /// What goes with every new entry: the text's body, the candidate, the event.
    fn recorded(by: Actor, incident: IncidentId, record: &Record<Incident>, text: Body) {
        let entry = record.entries.saturating_sub(1);
        let service = record.state.service;
        if !text.is_empty() {
            Texts::<T>::insert(incident, entry, text);
        }
        // One that has settled or lapsed takes replies, disputes and votes, but no report ever more.
        let candidate = record.state.candidate();
        if candidate.is_open(record.at) {
            Candidates::<T>::insert(service, incident, candidate);
        }
        let organisation = by.organisation;
        Self::deposit_event(Event::Recorded {
            incident,
            entry,
            service,
            organisation,
        });
    }
}
