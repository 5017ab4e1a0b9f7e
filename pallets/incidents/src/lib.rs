//! # What happened
//!
//! Reporters say what they saw of a service. A report finds the open incident that it is of, or opens one; an
//! attestation names its incident. Each is an entry of the incident's log, and nobody ever sets what the incident
//! amounts to: `faultline_primitives::incident` folds it from the entries.
//!
//! This pallet checks who may speak, builds the entry, folds, and stores. Nothing is removed or overwritten.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod errors;
mod queries;
mod record;
mod try_state;
mod types;
mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use types::{RefusedReport, Report, Reporters, Speakers, Watched, WatchedService};
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use alloc::boxed::Box;

    use faultline_pallet_log::Ledger;
    use faultline_primitives::{
        attestation::{Body, Observation},
        incident::{Action, Candidate, Incident, Statement},
        rules::Rules,
        Entry, IncidentId, OrganisationId, Record, Roll, ServiceId, UnixMillis,
    };
    use frame_support::{pallet_prelude::*, traits::Time};
    use frame_system::pallet_prelude::*;
    use sp_runtime::AccountId32;

    use crate::{
        types::{RefusedReport, Report, Reporters, Speakers, Watched},
        weights::{self, weighed, WeightInfo, LARGEST},
    };

    /// Most incidents of one organisation's opening that are open and unconfirmed on one service.
    pub const MAX_UNCONFIRMED: usize = 8;
    /// Most incidents of one organisation's opening that are open on one service, confirmed ones too.
    pub const MAX_OPENED: usize = 16;
    /// Most incidents that are open on one service: a report is compared with each. No organisation can fill a
    /// sixteenth more of them than its [`MAX_OPENED`].
    pub const MAX_OPEN: u32 = 256;
    /// Most reports in one transaction.
    pub const MAX_REPORTS: u32 = 64;

    /// The version of what is stored. Whoever changes the layout of a storage item raises it, and writes a migration
    /// for `runtime/src/migrations/mod.rs`.
    pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId32, RuntimeEvent: From<Event<Self>>> {
        /// Who sets rules and redacts.
        type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Who may attest.
        type Reporters: Reporters;
        /// Who may reply, dispute and rule.
        type Speakers: Speakers;
        /// What may be attested about.
        type Watched: Watched;
        /// The block's time, in milliseconds since 1970.
        type Time: Time<Moment = u64>;
        /// What each call weighs.
        type WeightInfo: WeightInfo;
        /// What the benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::benchmarking::BenchmarkHelper;
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

    /// The texts that the council redacted, by incident and number of the entry, and when. The entry still commits to
    /// the body that is gone.
    #[pallet::storage]
    pub type RedactedTexts<T> = StorageDoubleMap<_, Twox64Concat, IncidentId, Twox64Concat, u32, UnixMillis>;

    /// The roll of all incidents: how many, and the head over them.
    #[pallet::storage]
    pub type AllIncidents<T> = StorageValue<_, Roll>;

    /// The roll of the incidents opened on each service.
    #[pallet::storage]
    pub type RollOfService<T> = StorageMap<_, Twox64Concat, ServiceId, Roll>;

    /// The incidents opened on each service, by service and place on its roll. Written once; never removed.
    #[pallet::storage]
    pub type OnService<T> = StorageDoubleMap<_, Twox64Concat, ServiceId, Twox64Concat, u64, IncidentId>;

    /// The incidents of each service that may still be open, in order: what a report is compared with. In one value, as a
    /// report reads them all. Kept in step with the records; one that has settled or lapsed goes away with the next
    /// entry about the service.
    #[pallet::storage]
    pub type Candidates<T> = StorageMap<
        _,
        Twox64Concat,
        ServiceId,
        BoundedVec<(IncidentId, Candidate), ConstU32<MAX_OPEN>>,
        ValueQuery,
    >;

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
        /// Of several reports, these were refused; the others are entries.
        ReportsRefused {
            /// Each with its place and the reason.
            refused: BoundedVec<RefusedReport, ConstU32<MAX_REPORTS>>,
        },
        /// The council set the rules for incidents to come.
        RulesSet {
            /// The rules.
            rules: Rules,
        },
        /// The council redacted the body of a text.
        Redacted {
            /// The incident.
            incident: IncidentId,
            /// The entry that commits to it.
            entry: u32,
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
        /// The organisation has opened as many incidents on this service that are open as it may.
        TooManyOpened,
        /// As many incidents are open on this service as may be.
        TooManyOpen,
        /// The entry cannot stand at the end of the log.
        LogRefuses,
        /// As many organisations have spoken on this incident as it can hold.
        TooManySpeakers,
        /// The organisation stands by nothing on this incident.
        NothingToWithdraw,
        /// The incident does not go on: there is nothing to close.
        NotOngoing,
        /// Somebody has seen it fail too recently.
        NotStale,
        /// The service's provider alone replies.
        NotTheProvider,
        /// The provider has replied as often as it may.
        TooManyReplies,
        /// The claimed start lies after the claimed end.
        ClaimedSpanReversed,
        /// A claimed time lies in the future.
        ClaimedInFuture,
        /// The organisation has disputed this incident before.
        DisputedAlready,
        /// Another dispute is open.
        DisputeOpen,
        /// There is no open dispute.
        NoOpenDispute,
        /// The time to rule is over.
        RulingTooLate,
        /// The arbiter's group was not asked to rule on this dispute, or has a part in it.
        NotAnArbiterOfThis,
        /// The arbiter's group has ruled already.
        VotedAlready,
        /// An incident cannot be a duplicate of itself.
        LinkToItself,
        /// The incident is linked already.
        LinkedAlready,
        /// The incident is not linked.
        NotLinked,
        /// The incidents are of two services.
        LinkAcrossServices,
        /// The other incident is itself a duplicate.
        LinkToLinked,
        /// An attestation cannot move from the incident that it is of.
        MoveToItself,
        /// The service was retired: no incident is opened on it.
        ServiceRetired,
        /// The rules make no sense together.
        RulesUnsound,
        /// The entry has no text, or none that is not redacted.
        NothingToRedact,
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// A reporter says what it saw of a service. The report joins the oldest open incident that it lies near
        /// enough to, else it opens one. An empty text is none.
        #[pallet::call_index(0)]
        #[pallet::weight(weights::largest_report::<T::WeightInfo>())]
        pub fn report(
            origin: OriginFor<T>,
            service: ServiceId,
            observation: Box<Observation>,
            text: Body,
        ) -> DispatchResultWithPostInfo {
            let (compared, done) = Self::do_report(&ensure_signed(origin)?, service, *observation, text);
            weighed(done, weights::report::<T::WeightInfo>(compared))
        }

        /// A reporter says what it saw of an incident, in place of what it said of it before. What it said of the
        /// incident that it moves from is withdrawn in the same step. An empty text is none.
        #[pallet::call_index(1)]
        #[pallet::weight(weights::attesting::<T::WeightInfo>(LARGEST, moves_from.map(|_| LARGEST)))]
        pub fn attest(
            origin: OriginFor<T>,
            incident: IncidentId,
            observation: Box<Observation>,
            text: Body,
            moves_from: Option<IncidentId>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let done = Self::do_attest(&who, incident, *observation, text, moves_from);
            let moved = moves_from.map(Self::size);
            weighed(
                done,
                weights::attesting::<T::WeightInfo>(Self::size(incident), moved),
            )
        }

        /// A reporter takes back what it stands by. The log keeps both.
        #[pallet::call_index(2)]
        #[pallet::weight(weights::changing(LARGEST, T::WeightInfo::withdraw))]
        pub fn withdraw(origin: OriginFor<T>, incident: IncidentId) -> DispatchResultWithPostInfo {
            let done = Self::do_withdraw(&ensure_signed(origin)?, incident, None);
            weighed(
                done,
                weights::changing(Self::size(incident), T::WeightInfo::withdraw),
            )
        }

        /// A reporter closes an incident whose end nobody saw, once every word that it goes on is stale.
        #[pallet::call_index(3)]
        #[pallet::weight(weights::changing(LARGEST, T::WeightInfo::close))]
        pub fn close(origin: OriginFor<T>, incident: IncidentId) -> DispatchResultWithPostInfo {
            let done = Self::do_close(&ensure_signed(origin)?, incident);
            weighed(
                done,
                weights::changing(Self::size(incident), T::WeightInfo::close),
            )
        }

        /// The provider says how it stands, beside the record. An empty text is none.
        #[pallet::call_index(4)]
        #[pallet::weight(weights::changing(LARGEST, T::WeightInfo::reply))]
        pub fn reply(
            origin: OriginFor<T>,
            incident: IncidentId,
            statement: Statement,
            text: Body,
        ) -> DispatchResultWithPostInfo {
            let done = Self::do_reply(&ensure_signed(origin)?, incident, statement, text);
            weighed(
                done,
                weights::changing(Self::size(incident), T::WeightInfo::reply),
            )
        }

        /// The provider or a reporter disputes the record, once. The arbiters that have no part in it may rule.
        #[pallet::call_index(5)]
        #[pallet::weight(weights::changing(LARGEST, T::WeightInfo::dispute))]
        pub fn dispute(origin: OriginFor<T>, incident: IncidentId, text: Body) -> DispatchResultWithPostInfo {
            let done = Self::do_dispute(&ensure_signed(origin)?, incident, text);
            weighed(
                done,
                weights::changing(Self::size(incident), T::WeightInfo::dispute),
            )
        }

        /// An arbiter rules on the open dispute: it upholds it, or not. An empty text is none.
        #[pallet::call_index(6)]
        #[pallet::weight(weights::changing(LARGEST, T::WeightInfo::vote))]
        pub fn vote(
            origin: OriginFor<T>,
            incident: IncidentId,
            sustain: bool,
            text: Body,
        ) -> DispatchResultWithPostInfo {
            let done = Self::do_vote(&ensure_signed(origin)?, incident, sustain, text);
            weighed(done, weights::changing(Self::size(incident), T::WeightInfo::vote))
        }

        /// An arbiter holds an incident to be the same as another of its service, which is not linked itself.
        #[pallet::call_index(7)]
        #[pallet::weight(weights::changing(LARGEST, T::WeightInfo::link))]
        pub fn link(
            origin: OriginFor<T>,
            incident: IncidentId,
            to: IncidentId,
        ) -> DispatchResultWithPostInfo {
            let done = Self::do_link(&ensure_signed(origin)?, incident, to);
            let size = Self::size(incident).max(Self::size(to));
            weighed(done, weights::changing(size, T::WeightInfo::link))
        }

        /// An arbiter takes such a link back.
        #[pallet::call_index(8)]
        #[pallet::weight(weights::changing(LARGEST, T::WeightInfo::unlink))]
        pub fn unlink(origin: OriginFor<T>, incident: IncidentId) -> DispatchResultWithPostInfo {
            let done = Self::do_unlink(&ensure_signed(origin)?, incident);
            weighed(
                done,
                weights::changing(Self::size(incident), T::WeightInfo::unlink),
            )
        }

        /// A reporter makes several reports. Each stands or falls alone; the event names those that were refused.
        #[pallet::call_index(9)]
        #[pallet::weight(weights::largest_report::<T::WeightInfo>().saturating_mul(reports.len() as u64))]
        pub fn report_many(
            origin: OriginFor<T>,
            reports: BoundedVec<Report, ConstU32<MAX_REPORTS>>,
        ) -> DispatchResultWithPostInfo {
            let (refused, weight) = Self::do_report_many(&ensure_signed(origin)?, reports.into_inner());
            if !refused.is_empty() {
                let refused = BoundedVec::truncate_from(refused);
                Self::deposit_event(Event::ReportsRefused { refused });
            }
            Ok(Some(weight).into())
        }

        /// The council sets the rules for incidents to come.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::set_rules())]
        pub fn set_rules(origin: OriginFor<T>, rules: Rules) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            ensure!(rules.are_sound(), Error::<T>::RulesUnsound);
            CurrentRules::<T>::put(rules);
            Self::deposit_event(Event::RulesSet { rules });
            Ok(())
        }

        /// The council redacts the body of a text that must not be public. The entry still commits to it.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::redact())]
        pub fn redact(origin: OriginFor<T>, incident: IncidentId, entry: u32) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            ensure!(
                Texts::<T>::contains_key(incident, entry),
                Error::<T>::NothingToRedact
            );
            Texts::<T>::remove(incident, entry);
            RedactedTexts::<T>::insert(incident, entry, Self::now());
            Self::deposit_event(Event::Redacted { incident, entry });
            Ok(())
        }
    }
}
