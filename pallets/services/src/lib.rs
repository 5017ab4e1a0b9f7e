//! # What is watched
//!
//! Reporters register services by slug; the genesis block may hold some, with their providers. A service is a
//! log of entries and the record that `faultline_primitives::service` folds them to.

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
pub use types::{GenesisService, Registrants};

#[frame_support::pallet]
pub mod pallet {
    use alloc::vec::Vec;

    use faultline_pallet_log::{self as log, Ledger};
    use faultline_primitives::{
        log::What,
        service::{Action, Refusal, Registration, Service, Slug, MAX_UNLISTED},
        Entry, OrganisationId, Record, Roll, ServiceId, Text,
    };
    use frame_support::{pallet_prelude::*, traits::Time};
    use frame_system::pallet_prelude::*;
    use sp_runtime::AccountId32;

    use crate::{
        types::{GenesisService, Registrants},
        weights,
    };

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId32, RuntimeEvent: From<Event<Self>>> {
        /// Who may register a service.
        type Registrants: Registrants;
        /// The block's time, in milliseconds since 1970.
        type Time: Time<Moment = u64>;
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
    }

    impl<T> From<Refusal> for Error<T> {
        fn from(refusal: Refusal) -> Self {
            match refusal {
                Refusal::OutOfPlace => Self::LogRefuses,
                Refusal::SlugMalformed => Self::SlugMalformed,
                Refusal::TextNotUtf8 => Self::TextNotUtf8,
                Refusal::NameEmpty => Self::NameEmpty,
            }
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// A reporter registers a service. It stays unlisted until the council lists it.
        #[pallet::call_index(0)]
        #[pallet::weight(weights::entry::<T>(6, 5))]
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
    }

    impl<T: Config> Pallet<T> {
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
            let entry = Self::entry(Action::Registered(new));
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
