//! # What happened
//!
//! Reporters say what they saw of a service. A report finds the open incident that it is of, or opens one; an
//! attestation names its incident. Each is an entry of the incident's log, and nobody ever sets what the incident
//! amounts to: `faultline_primitives::incident` folds it from the entries.
//!
//! This pallet checks who may speak, builds the entry, folds, and stores. Nothing is removed or overwritten.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod queries;
mod try_state;
mod types;
mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use types::{Reporters, Watched, WatchedService};

#[frame_support::pallet]
pub mod pallet {
    use alloc::boxed::Box;

    use faultline_pallet_log::{self as log, AppendError, Ledger};
    use faultline_primitives::{
        attestation::{Attestation, Body, Observation},
        incident::{Action, Actor, Candidate, Incident, Opening, Refusal, FOLD_VERSION},
        log::{Unfit, What},
        rules::Rules,
        Account, Entry, IncidentId, OrganisationId, Record, Roll, ServiceId,
    };
    use frame_support::{pallet_prelude::*, traits::Time};
    use frame_system::pallet_prelude::*;
    use sp_runtime::AccountId32;

    use crate::{
        types::{Reporters, Watched},
        weights,
    };

    /// Most incidents of one organisation's opening that are open and unconfirmed on one service.
    pub const MAX_UNCONFIRMED: usize = 8;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId32, RuntimeEvent: From<Event<Self>>> {
        /// Who may attest.
        type Reporters: Reporters;
        /// What may be attested about.
        type Watched: Watched;
        /// The block's time, in milliseconds since 1970.
        type Time: Time<Moment = u64>;
    }

    /// Incidents by id, as their logs make them. Written with every entry; never removed.
    #[pallet::storage]
    pub type Incidents<T> = StorageMap<_, Twox64Concat, IncidentId, Record<Incident>>;

    /// The entries of each incident's log, by incident and number. Written once; never removed.
    #[pallet::storage]
    pub type Entries<T> = StorageDoubleMap<_, Twox64Concat, IncidentId, Twox64Concat, u32, Entry<Action>>;

    /// The bodies of texts, by the incident and the number of the entry that commits to them.
    #[pallet::storage]
    pub type Texts<T> = StorageDoubleMap<_, Twox64Concat, IncidentId, Twox64Concat, u32, Body>;

    /// The roll of all incidents: how many, and the head over them.
    #[pallet::storage]
    pub type AllIncidents<T> = StorageValue<_, Roll>;

    /// The roll of the incidents opened on each service.
    #[pallet::storage]
    pub type RollOfService<T> = StorageMap<_, Twox64Concat, ServiceId, Roll>;

    /// The incidents opened on each service, by service and place on its roll. Written once; never removed.
    #[pallet::storage]
    pub type OnService<T> = StorageDoubleMap<_, Twox64Concat, ServiceId, Twox64Concat, u64, IncidentId>;

    /// The incidents of each service that may still be open: what a report is compared with. Kept in step with
    /// the records; one that has settled or lapsed goes away with the next report on the service.
    #[pallet::storage]
    pub type Candidates<T> =
        StorageDoubleMap<_, Twox64Concat, ServiceId, Twox64Concat, IncidentId, Candidate>;

    /// The rules in force, which an incident keeps from its opening.
    #[pallet::storage]
    pub type CurrentRules<T> = StorageValue<_, Rules, ValueQuery, Standard>;

    /// The rules where nothing else is said.
    pub struct Standard;

    impl Get<Rules> for Standard {
        fn get() -> Rules {
            Rules::standard()
        }
    }

    /// Where incidents are kept.
    pub struct Log<T>(PhantomData<T>);

    impl<T: Config> Ledger for Log<T> {
        type Subject = Incident;
        type Records = Incidents<T>;
        type Entries = Entries<T>;
    }

    /// The rules that the chain begins with.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T> {
        /// Quorums and windows.
        pub rules: Rules,
        #[doc(hidden)]
        #[serde(skip)]
        pub _marker: PhantomData<T>,
    }

    impl<T> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                rules: Rules::standard(),
                _marker: PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            assert!(
                self.rules.are_sound(),
                "genesis: these rules make no sense together: {:?}",
                self.rules
            );
            CurrentRules::<T>::put(self.rules);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An entry was appended to an incident's log; number 0 opened it.
        Recorded {
            /// The incident.
            incident: IncidentId,
            /// The entry's number.
            entry: u32,
            /// The service.
            service: ServiceId,
            /// Who spoke.
            organisation: OrganisationId,
        },
    }

    #[pallet::error]
    #[derive(PartialEq)]
    pub enum Error<T> {
        /// There is no service of this number.
        NoSuchService,
        /// There is no incident of this number.
        NoSuchIncident,
        /// `observed_from` lies after `observed_to`.
        ObservedSpanReversed,
        /// The observed span ends in the future.
        ObservedInFuture,
        /// A failing interval begins after it ends.
        IntervalReversed,
        /// A failing interval lies outside the observed span.
        IntervalOutsideSpan,
        /// A vantage counts more failed samples than samples.
        MoreFailedThanSamples,
        /// A country is not two capital letters.
        CountryMalformed,
        /// A measuring method without evidence.
        EvidenceMissing,
        /// Evidence captured in the future.
        EvidenceInFuture,
        /// A text is not UTF-8.
        TextNotUtf8,
        /// An Up opens no incident: it speaks against one.
        UpOpensNothing,
        /// The organisation affirms this outage: it must say Recovered, not Up.
        UpAfterAffirming,
        /// The same voice repeats the same claim too soon.
        RepeatedTooSoon,
        /// The span lies too far from the incident's.
        SpanTooFar,
        /// The incident has settled: its verdict and times are final.
        Settled,
        /// The incident lapsed unconfirmed.
        Lapsed,
        /// The organisation has said as much on this incident as it may.
        TooManyWords,
        /// As many groups count on this incident as it can hold.
        TooManyGroups,
        /// As many members of this group stand on this incident as may.
        TooManyOfGroup,
        /// The organisation has opened as many incidents on this service that nobody confirmed as it may.
        TooManyUnconfirmed,
        /// The entry cannot stand at the end of the log.
        LogRefuses,
    }

    impl<T> From<Refusal> for Error<T> {
        fn from(refusal: Refusal) -> Self {
            match refusal {
                Refusal::OutOfPlace | Refusal::FoldUnknown => Self::LogRefuses,
                Refusal::ObservedSpanReversed => Self::ObservedSpanReversed,
                Refusal::ObservedInFuture => Self::ObservedInFuture,
                Refusal::IntervalReversed => Self::IntervalReversed,
                Refusal::IntervalOutsideSpan => Self::IntervalOutsideSpan,
                Refusal::MoreFailedThanSamples => Self::MoreFailedThanSamples,
                Refusal::CountryMalformed => Self::CountryMalformed,
                Refusal::EvidenceMissing => Self::EvidenceMissing,
                Refusal::EvidenceInFuture => Self::EvidenceInFuture,
                Refusal::TextNotUtf8 => Self::TextNotUtf8,
                Refusal::UpOpensNothing => Self::UpOpensNothing,
                Refusal::UpAfterAffirming => Self::UpAfterAffirming,
                Refusal::RepeatedTooSoon => Self::RepeatedTooSoon,
                Refusal::SpanTooFar => Self::SpanTooFar,
                Refusal::Settled => Self::Settled,
                Refusal::Lapsed => Self::Lapsed,
                Refusal::TooManyWords => Self::TooManyWords,
                Refusal::TooManyGroups => Self::TooManyGroups,
                Refusal::TooManyOfGroup => Self::TooManyOfGroup,
            }
        }
    }

    impl<T> From<AppendError<Refusal>> for Error<T> {
        fn from(error: AppendError<Refusal>) -> Self {
            match error {
                AppendError::NoSuchLog => Self::NoSuchIncident,
                AppendError::Unfit(Unfit::Refused(refusal)) => refusal.into(),
                AppendError::Unfit(Unfit::Backwards | Unfit::Full) => Self::LogRefuses,
            }
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// A reporter says what it saw of a service. The report joins the oldest open incident that it lies near
        /// enough to, else it opens one. An empty text is none.
        #[pallet::call_index(0)]
        #[pallet::weight(weights::entry::<T>(16, 8))]
        pub fn report(
            origin: OriginFor<T>,
            service: ServiceId,
            observation: Box<Observation>,
            text: Body,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let by = Self::actor(&who, service)?;
            match Self::incident_of(service, &observation.observed) {
                Some(incident) => Self::do_attest(by, incident, *observation, text),
                None => Self::do_open(by, service, *observation, text),
            }
        }

        /// A reporter says what it saw of an incident, in place of what it said of it before. An empty text is
        /// none.
        #[pallet::call_index(1)]
        #[pallet::weight(weights::entry::<T>(6, 4))]
        pub fn attest(
            origin: OriginFor<T>,
            incident: IncidentId,
            observation: Box<Observation>,
            text: Body,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let service = Incidents::<T>::get(incident)
                .ok_or(Error::<T>::NoSuchIncident)?
                .state
                .service;
            let by = Self::actor(&who, service)?;
            Self::do_attest(by, incident, *observation, text)
        }
    }

    impl<T: Config> Pallet<T> {
        /// Who speaks about a service, as of now.
        fn actor(who: &AccountId32, service: ServiceId) -> Result<Actor, DispatchError> {
            let (organisation, group) = T::Reporters::reporter(who)?;
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

        fn do_open(by: Actor, service: ServiceId, observation: Observation, text: Body) -> DispatchResult {
            let watched = T::Watched::service(service).ok_or(Error::<T>::NoSuchService)?;
            let unconfirmed = Self::open_on(service)
                .filter(|(_, open)| !open.confirmed && open.opener == by.organisation)
                .count();
            ensure!(unconfirmed < MAX_UNCONFIRMED, Error::<T>::TooManyUnconfirmed);
            let opening = Opening {
                fold: FOLD_VERSION,
                service,
                slug: watched.slug,
                name: watched.name,
                rules: CurrentRules::<T>::get(),
            };
            let attestation = Self::with_text(observation, &text)?;

            let id = Self::next_id();
            let entry = Self::entry(Action::Opened {
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
            Self::forget_closed(service);
            Self::recorded(by, id, &record, text);
            Ok(())
        }

        fn do_attest(
            by: Actor,
            incident: IncidentId,
            observation: Observation,
            text: Body,
        ) -> DispatchResult {
            let attestation = Self::with_text(observation, &text)?;
            let entry = Self::entry(Action::Attested {
                by,
                attestation,
                moves_from: None,
            });
            let record = log::append::<Log<T>>(incident, &entry).map_err(Error::<T>::from)?;
            Self::recorded(by, incident, &record, text);
            Ok(())
        }

        /// What an entry commits to of a text.
        fn with_text(observation: Observation, text: &Body) -> Result<Box<Attestation>, Error<T>> {
            ensure!(text.is_utf8(), Error::TextNotUtf8);
            let text = (!text.is_empty()).then(|| Self::sha256(text.as_bytes()));
            Ok(Box::new(Attestation { observation, text }))
        }

        /// What goes with every new entry: the text's body, the candidate, the event.
        fn recorded(by: Actor, incident: IncidentId, record: &Record<Incident>, text: Body) {
            let entry = record.entries.saturating_sub(1);
            let service = record.state.service;
            if !text.is_empty() {
                Texts::<T>::insert(incident, entry, text);
            }
            Candidates::<T>::insert(service, incident, record.state.candidate());
            let organisation = by.organisation;
            Self::deposit_event(Event::Recorded {
                incident,
                entry,
                service,
                organisation,
            });
        }
    }
}
