//! Who speaks, and how what they say becomes an entry.

use alloc::{boxed::Box, vec::Vec};

use faultline_pallet_log as log;
use faultline_primitives::{
    attestation::{Attestation, Body, Observation},
    incident::{Action, Actor, Arbiters, Candidate, Incident, Opening, Reply, Statement, FOLD_VERSION},
    log::What,
    Account, GroupId, IncidentId, OrganisationId, Record, Roll, ServiceId, Sha256,
};
use frame_support::{dispatch::DispatchResult, ensure, storage::with_storage_layer, weights::Weight};
use sp_runtime::{AccountId32, DispatchError, SaturatedConversion};

use crate::{
    pallet::{
        AllIncidents, Candidates, Config, CurrentRules, Error, Event, Log, OnService, Pallet, RollOfService,
        Texts, MAX_OPEN, MAX_OPENED, MAX_UNCONFIRMED,
    },
    types::{RefusedReport, Report, Reporters, Speakers, Watched},
    weights::{self, Compared},
};

/// Who speaks.
impl<T: Config> Pallet<T> {
    /// Who reports on a service, as of now.
    fn reporter(who: &AccountId32, service: ServiceId) -> Result<Actor, DispatchError> {
        Self::actor(who, T::Reporters::reporter(who)?, service)
    }

    /// Who replies for a service, as of now.
    fn provider(who: &AccountId32, service: ServiceId) -> Result<Actor, DispatchError> {
        let speaker = T::Speakers::provider(who)?;
        let provider = T::Watched::service(service).and_then(|watched| watched.provider);
        ensure!(provider == Some(speaker.0), Error::<T>::NotTheProvider);
        Self::actor(who, speaker, service)
    }

    /// Who disputes, as of now: a reporter, or the service's provider.
    fn party(who: &AccountId32, service: ServiceId) -> Result<Actor, DispatchError> {
        match T::Reporters::reporter(who) {
            Ok(speaker) => Self::actor(who, speaker, service),
            Err(_) => Self::provider(who, service),
        }
    }

    /// Who rules, as of now.
    pub(crate) fn arbiter(who: &AccountId32, service: ServiceId) -> Result<Actor, DispatchError> {
        Self::actor(who, T::Speakers::arbiter(who)?, service)
    }

    /// The groups of arbiters of which nobody attested, is the provider, or disputes.
    fn arbiters_without_part(incident: &Incident, by: &Actor) -> Arbiters {
        let provider = T::Watched::service(incident.service).and_then(|watched| watched.provider);
        let providers = provider.and_then(T::Reporters::group_of);
        let has_part = |organisation: OrganisationId, group: GroupId| {
            incident.ledger.has_part(organisation, group) || group == by.group || Some(group) == providers
        };
        let mut groups: Vec<_> = T::Speakers::arbiters()
            .into_iter()
            .filter(|(organisation, group)| !has_part(*organisation, *group))
            .map(|(_, group)| group)
            .collect();
        groups.sort_unstable();
        groups.dedup();
        Arbiters::truncate_from(groups)
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
}

/// What becomes an entry.
impl<T: Config> Pallet<T> {
    /// Makes a report; with what it was compared with, whatever came of it.
    pub(crate) fn do_report(
        who: &AccountId32,
        service: ServiceId,
        observation: Observation,
        text: Body,
    ) -> (Compared, DispatchResult) {
        let by = match Self::reporter(who, service) {
            Ok(by) => by,
            Err(error) => return (Compared::default(), Err(error)),
        };
        let candidates = Candidates::<T>::get(service);
        let count = candidates.len().saturated_into();
        let now = Self::now();
        let of = candidates
            .iter()
            .find(|(_, candidate)| candidate.takes(&observation.observed, now));
        match of {
            Some((incident, _)) => {
                let incident = *incident;
                let done = Self::read(incident)
                    .and_then(|record| Self::attested(by, incident, record, observation, text, None));
                let joined = Some(Self::size(incident));
                (
                    Compared {
                        candidates: count,
                        joined,
                    },
                    done,
                )
            }
            None => {
                let done = Self::do_open(by, service, observation, text, &candidates);
                let joined = None;
                (
                    Compared {
                        candidates: count,
                        joined,
                    },
                    done,
                )
            }
        }
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
            let mut compared = Compared::default();
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
        Self::ensure_room(by.organisation, candidates)?;
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
        Self::recorded(by, id, &record, text);
        Ok(())
    }

    /// Whether an organisation may open one more incident on a service.
    fn ensure_room(
        organisation: OrganisationId,
        candidates: &[(IncidentId, Candidate)],
    ) -> Result<(), Error<T>> {
        let now = Self::now();
        let open = || {
            let candidates = candidates.iter().map(|(_, candidate)| candidate);
            candidates.filter(|candidate| candidate.is_open(now))
        };
        let own = || open().filter(|candidate| candidate.opener == organisation);
        let unconfirmed = own().filter(|candidate| !candidate.confirmed).count();
        ensure!(unconfirmed < MAX_UNCONFIRMED, Error::TooManyUnconfirmed);
        ensure!(own().count() < MAX_OPENED, Error::TooManyOpened);
        ensure!(open().count() < MAX_OPEN as usize, Error::TooManyOpen);
        Ok(())
    }

    pub(crate) fn do_attest(
        who: &AccountId32,
        incident: IncidentId,
        observation: Observation,
        text: Body,
        moves_from: Option<IncidentId>,
    ) -> DispatchResult {
        let record = Self::read(incident)?;
        let service = record.state.service;
        let by = Self::reporter(who, service)?;
        if let Some(from) = moves_from {
            ensure!(from != incident, Error::<T>::MoveToItself);
            Self::do_withdraw(who, from, Some(incident))?;
        }
        Self::attested(by, incident, record, observation, text, moves_from)
    }

    fn attested(
        by: Actor,
        incident: IncidentId,
        record: Record<Incident>,
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
        Self::append(incident, record, action, text)
    }

    pub(crate) fn do_withdraw(
        who: &AccountId32,
        incident: IncidentId,
        moved_to: Option<IncidentId>,
    ) -> DispatchResult {
        let record = Self::read(incident)?;
        let by = Self::reporter(who, record.state.service)?;
        let action = Action::Withdrawn { by, moved_to };
        Self::append(incident, record, action, Body::default())
    }

    pub(crate) fn do_close(who: &AccountId32, incident: IncidentId) -> DispatchResult {
        let record = Self::read(incident)?;
        let by = Self::reporter(who, record.state.service)?;
        Self::append(incident, record, Action::Closed { by }, Body::default())
    }

    pub(crate) fn do_reply(
        who: &AccountId32,
        incident: IncidentId,
        statement: Statement,
        text: Body,
    ) -> DispatchResult {
        let record = Self::read(incident)?;
        let by = Self::provider(who, record.state.service)?;
        let reply = Reply {
            statement,
            text: Self::digest(&text)?,
        };
        Self::append(incident, record, Action::Replied { by, reply }, text)
    }

    pub(crate) fn do_dispute(who: &AccountId32, incident: IncidentId, text: Body) -> DispatchResult {
        let record = Self::read(incident)?;
        let by = Self::party(who, record.state.service)?;
        let action = Action::Disputed {
            by,
            text: Self::digest(&text)?,
            arbiters: Self::arbiters_without_part(&record.state, &by),
        };
        Self::append(incident, record, action, text)
    }

    pub(crate) fn do_vote(
        who: &AccountId32,
        incident: IncidentId,
        sustain: bool,
        text: Body,
    ) -> DispatchResult {
        let record = Self::read(incident)?;
        let by = Self::arbiter(who, record.state.service)?;
        let action = Action::Voted {
            by,
            sustain,
            text: Self::digest(&text)?,
        };
        Self::append(incident, record, action, text)
    }

    pub(crate) fn do_link(who: &AccountId32, incident: IncidentId, to: IncidentId) -> DispatchResult {
        let record = Self::read(incident)?;
        let by = Self::arbiter(who, record.state.service)?;
        ensure!(incident != to, Error::<T>::LinkToItself);
        let target = Self::read(to)?.state;
        ensure!(
            target.service == record.state.service,
            Error::<T>::LinkAcrossServices
        );
        ensure!(target.duplicate_of.is_none(), Error::<T>::LinkToLinked);
        Self::append(incident, record, Action::Linked { by, to }, Body::default())
    }

    pub(crate) fn do_unlink(who: &AccountId32, incident: IncidentId) -> DispatchResult {
        let record = Self::read(incident)?;
        let by = Self::arbiter(who, record.state.service)?;
        Self::append(incident, record, Action::Unlinked { by }, Body::default())
    }

    fn read(incident: IncidentId) -> Result<Record<Incident>, DispatchError> {
        Ok(Self::incident(incident).ok_or(Error::<T>::NoSuchIncident)?)
    }

    /// Appends to an incident's log, with the text that the action commits to.
    pub(crate) fn append(
        incident: IncidentId,
        record: Record<Incident>,
        action: Action,
        text: Body,
    ) -> DispatchResult {
        let by = *action.by();
        let record = log::extend::<Log<T>>(incident, record, &log::entry::<T, T::Time, _>(action))
            .map_err(Error::<T>::from)?;
        Self::recorded(by, incident, &record, text);
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
        Self::remember(incident, record);
        let organisation = by.organisation;
        Self::deposit_event(Event::Recorded {
            incident,
            entry,
            service,
            organisation,
        });
    }

    /// Keeps a service's candidates in step with one of its records. Those that have settled or lapsed leave: they take
    /// replies, disputes and votes, but no report ever more.
    fn remember(incident: IncidentId, record: &Record<Incident>) {
        let service = record.state.service;
        let mut candidates = Candidates::<T>::get(service);
        let before = candidates.clone();
        candidates.retain(|(id, candidate)| *id != incident && candidate.is_open(record.at));
        let candidate = record.state.candidate();
        if candidate.is_open(record.at) {
            let place = candidates.partition_point(|(id, _)| *id < incident);
            // Whoever opens one has looked whether there is room.
            let inserted = candidates.try_insert(place, (incident, candidate));
            debug_assert!(
                inserted.is_ok(),
                "more incidents of a service are open than may be"
            );
        }
        if candidates != before {
            Candidates::<T>::insert(service, candidates);
        }
    }
}
