//! # What is watched
//!
//! Reporters register services by slug; the genesis block may hold some, with their providers. A service is a
//! log of entries and the record that `faultline_primitives::service` folds them to.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod errors;
mod queries;
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
pub use types::{GenesisService, Registrants};
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use alloc::vec::Vec;

    use faultline_pallet_log::{self as log, Ledger};
    use faultline_primitives::{
        attestation::Body,
        log::What,
        service::{Action, Registration, Service, Slug, MAX_UNLISTED},
        Entry, OrganisationId, Record, Roll, ServiceId, Text, UnixMillis,
    };
    use frame_support::{pallet_prelude::*, traits::Time};
    use frame_system::pallet_prelude::*;
    use sp_runtime::AccountId32;

    use crate::{
        types::{GenesisService, Registrants},
        weights::WeightInfo,
    };

    /// The version of what is stored. Whoever changes the layout of a storage item raises it, and writes a migration
    /// for `runtime/src/migrations/mod.rs`.
    pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId32, RuntimeEvent: From<Event<Self>>> {
        /// Who lists, retires and says who provides.
        type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Who may register a service.
        type Registrants: Registrants;
        /// The block's time, in milliseconds since 1970.
        type Time: Time<Moment = u64>;
        /// What each call weighs.
        type WeightInfo: WeightInfo;
        /// What the benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::benchmarking::BenchmarkHelper;
    }

    /// Services by id, as their logs make them. Written with every entry; never removed.
    #[pallet::storage]
    pub type Services<T> = StorageMap<_, Twox64Concat, ServiceId, Record<Service>>;

    /// The entries of each service's log, by service and number. Written once; never removed.
    #[pallet::storage]
    pub type Entries<T> = StorageDoubleMap<_, Twox64Concat, ServiceId, Twox64Concat, u32, Entry<Action>>;

    /// The roll of all services: how many, and the head over them.
    #[pallet::storage]
    pub type AllServices<T> = StorageValue<_, Roll>;

    /// Services by slug. Written at registration; never removed.
    #[pallet::storage]
    pub type BySlug<T> = StorageMap<_, Blake2_128Concat, Slug, ServiceId>;

    /// How many unlisted services each organisation has registered.
    #[pallet::storage]
    pub type Unlisted<T> = StorageMap<_, Twox64Concat, OrganisationId, u32, ValueQuery>;

    /// The notices of maintenance, by the service and the number of the entry that commits to them.
    #[pallet::storage]
    pub type Texts<T> = StorageDoubleMap<_, Twox64Concat, ServiceId, Twox64Concat, u32, Body>;

    /// Where services are kept.
    pub struct Log<T>(PhantomData<T>);

    impl<T: Config> Ledger for Log<T> {
        type Subject = Service;
        type Records = Services<T>;
        type Entries = Entries<T>;
    }

    /// The services that the chain begins with, numbered from 0 in this order.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T> {
        /// Services; a parent stands before its components.
        pub services: Vec<GenesisService>,
        #[doc(hidden)]
        #[serde(skip)]
        pub _marker: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            for service in &self.services {
                if let Err(reason) = Pallet::<T>::found(service) {
                    panic!("genesis: service `{}`: {reason:?}", service.slug);
                }
            }
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An entry was appended to a service's log; number 0 is its registration.
        Recorded {
            /// The service.
            service: ServiceId,
            /// The entry's number.
            entry: u32,
        },
    }

    #[pallet::error]
    #[derive(PartialEq)]
    pub enum Error<T> {
        /// A service of this slug is registered already.
        SlugTaken,
        /// The slug is not parts of `[a-z0-9-]` joined by `/`.
        SlugMalformed,
        /// The name is empty.
        NameEmpty,
        /// A text is not UTF-8.
        TextNotUtf8,
        /// There is no service of this number to be a component of.
        NoSuchParent,
        /// The organisation has as many unlisted services as it may.
        TooManyUnlisted,
        /// The entry cannot stand in the log.
        LogRefuses,
        /// There is no organisation of this number to be the provider.
        NoSuchProvider,
        /// There is no service of this number.
        NoSuchService,
        /// The service's provider alone may do this.
        NotTheProvider,
        /// The service was retired: nothing about it changes any more.
        Retired,
        /// Maintenance ends before it begins.
        MaintenanceReversed,
        /// Maintenance is over already when it is announced.
        MaintenancePast,
        /// Maintenance lasts longer than 72 hours.
        MaintenanceTooLong,
        /// As many maintenances of this service are announced and not over as may be.
        TooManyMaintenances,
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// A reporter registers a service. It stays unlisted until the council lists it.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register())]
        pub fn register(
            origin: OriginFor<T>,
            slug: Slug,
            name: Text<64>,
            url: Text<128>,
            parent: Option<ServiceId>,
        ) -> DispatchResult {
            let by = T::Registrants::registrant(&ensure_signed(origin)?)?;
            let (provider, listed) = (None, false);
            Self::do_register(Registration {
                slug,
                name,
                url,
                parent,
                provider,
                listed,
                by: Some(by),
            })?;
            Ok(())
        }

        /// The provider describes its service.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::describe())]
        pub fn describe(
            origin: OriginFor<T>,
            service: ServiceId,
            name: Text<64>,
            url: Text<128>,
        ) -> DispatchResult {
            Self::ensure_provider(origin, service)?;
            Self::record(service, Action::Described { name, url })?;
            Ok(())
        }

        /// The provider announces maintenance. One that was announced after it began is marked as late.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::announce_maintenance())]
        pub fn announce_maintenance(
            origin: OriginFor<T>,
            service: ServiceId,
            from: UnixMillis,
            until: UnixMillis,
            text: Body,
        ) -> DispatchResult {
            Self::ensure_provider(origin, service)?;
            ensure!(text.is_utf8(), Error::<T>::TextNotUtf8);
            let digest = log::commitment(&text);
            let action = Action::MaintenanceAnnounced {
                from,
                until,
                text: digest,
            };
            let entry = Self::record(service, action)?;
            if digest.is_some() {
                Texts::<T>::insert(service, entry, text);
            }
            Ok(())
        }

        /// The council lists a service, or no longer does.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::list())]
        pub fn list(origin: OriginFor<T>, service: ServiceId, listed: bool) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            let before = Services::<T>::get(service)
                .ok_or(Error::<T>::NoSuchService)?
                .state
                .listed;
            Self::record(service, Action::ListedSet(listed))?;
            if before != listed {
                Self::count_unlisted(service, listed);
            }
            Ok(())
        }

        /// The council says who provides a service, from now on.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::assign_provider())]
        pub fn assign_provider(
            origin: OriginFor<T>,
            service: ServiceId,
            provider: Option<OrganisationId>,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            ensure!(
                provider.is_none_or(T::Registrants::exists),
                Error::<T>::NoSuchProvider
            );
            Self::record(service, Action::ProviderSet(provider))?;
            Ok(())
        }

        /// The council retires a service: no incident is opened on it any more.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::retire())]
        pub fn retire(origin: OriginFor<T>, service: ServiceId) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::record(service, Action::Retired)?;
            Ok(())
        }
    }

    impl<T: Config> Pallet<T> {
        fn ensure_provider(origin: OriginFor<T>, service: ServiceId) -> DispatchResult {
            let organisation = T::Registrants::provider(&ensure_signed(origin)?)?;
            let record = Services::<T>::get(service).ok_or(Error::<T>::NoSuchService)?;
            ensure!(
                record.state.provider == Some(organisation),
                Error::<T>::NotTheProvider
            );
            Ok(())
        }

        /// Appends to a service's log; the number of the entry.
        fn record(service: ServiceId, action: Action) -> Result<u32, Error<T>> {
            let record = log::append::<Log<T>>(service, &log::entry::<T, T::Time, _>(action))?;
            let entry = record.entries.saturating_sub(1);
            Self::deposit_event(Event::Recorded { service, entry });
            Ok(entry)
        }

        /// Keeps count of what an organisation registered that nobody lists.
        fn count_unlisted(service: ServiceId, listed: bool) {
            let first = Entries::<T>::get(service, 0).map(|entry| entry.action);
            if let Some(Action::Registered(Registration { by: Some(by), .. })) = first {
                Unlisted::<T>::mutate(by, |count| {
                    *count = if listed {
                        count.saturating_sub(1)
                    } else {
                        count.saturating_add(1)
                    };
                });
            }
        }

        pub(crate) fn do_register(new: Registration) -> Result<ServiceId, Error<T>> {
            ensure!(!BySlug::<T>::contains_key(&new.slug), Error::SlugTaken);
            if let Some(parent) = new.parent {
                ensure!(Services::<T>::contains_key(parent), Error::NoSuchParent);
            }
            if let Some(provider) = new.provider {
                ensure!(T::Registrants::exists(provider), Error::NoSuchProvider);
            }
            let unlisted_by = new.by.filter(|_| !new.listed);
            if let Some(by) = unlisted_by {
                ensure!(Unlisted::<T>::get(by) < MAX_UNLISTED, Error::TooManyUnlisted);
            }
            let id = Self::next_id();
            let slug = new.slug.clone();
            let entry = log::entry::<T, T::Time, _>(Action::Registered(new));
            log::open::<Log<T>>(id, &entry)?;
            log::enrol::<AllServices<T>>(What::Services, id, entry.block, entry.at);
            BySlug::<T>::insert(slug, id);
            if let Some(by) = unlisted_by {
                Unlisted::<T>::mutate(by, |count| *count = count.saturating_add(1));
            }
            Self::deposit_event(Event::Recorded {
                service: id,
                entry: 0,
            });
            Ok(id)
        }
    }
}
