//! # Who may speak
//!
//! The council admits organisations. Each manages its reporter keys itself, by its admin key: keys come and go,
//! and what they said stays. A key belongs to one organisation for ever; once revoked it never speaks again.
//!
//! There is no token. Members act free of fees, within a quota: see [`CheckMember`], the transaction extension
//! that admits the calls of members only and turns away in the pool what is sure to fail.
//!
//! An organisation is a log of entries and the record that `faultline_primitives::organisation` folds them to.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod errors;
mod extension;
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

pub use extension::{Access, CheckMember, Gatekeeper, Role};
pub use pallet::*;
pub use types::{GenesisKey, GenesisOrganisation, KeyHolder, KeyUse, OnAdminSet};
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use alloc::vec::Vec;

    use faultline_pallet_log::Ledger;
    use faultline_primitives::{
        incident::MAX_ARBITERS,
        organisation::{Action, Admission, Organisation, Roles},
        quota::{Quota, Spent},
        Account, Entry, GroupId, OrganisationId, Record, Roll, Text,
    };
    use frame_support::{pallet_prelude::*, traits::Time};
    use frame_system::pallet_prelude::*;
    use sp_runtime::AccountId32;

    use crate::{
        extension::Gatekeeper,
        types::{GenesisOrganisation, KeyHolder, OnAdminSet},
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
        /// Who admits, suspends and sets what organisations may do.
        type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// The block's time, in milliseconds since 1970.
        type Time: Time<Moment = u64>;
        /// What an admin key may do, apart from the organisation's quota.
        #[pallet::constant]
        type AdminQuota: Get<Quota>;
        /// Says of each call who may make it and what it costs.
        type Gatekeeper: Gatekeeper<Self::RuntimeCall>;
        /// Who wants to know that an admin key is another now.
        type OnAdminSet: OnAdminSet;
        /// What each call weighs.
        type WeightInfo: WeightInfo;
        /// What the benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::benchmarking::BenchmarkHelper<Self::RuntimeCall>;
    }

    /// Organisations by id, as their logs make them. Written with every entry; never removed.
    #[pallet::storage]
    pub type Organisations<T> = StorageMap<_, Twox64Concat, OrganisationId, Record<Organisation>>;

    /// The entries of each organisation's log, by organisation and number. Written once; never removed.
    #[pallet::storage]
    pub type Entries<T> = StorageDoubleMap<_, Twox64Concat, OrganisationId, Twox64Concat, u32, Entry<Action>>;

    /// The roll of all organisations: how many, and the head over them.
    #[pallet::storage]
    pub type AllOrganisations<T> = StorageValue<_, Roll>;

    /// Every key that an organisation ever had, by account. Flagged when revoked; never removed.
    #[pallet::storage]
    pub type Keys<T> = StorageMap<_, Blake2_128Concat, AccountId32, KeyHolder>;

    /// What each key has spent of its quota. Written with every transaction; never removed.
    #[pallet::storage]
    pub type SpentByKey<T> = StorageMap<_, Blake2_128Concat, AccountId32, Spent, ValueQuery>;

    /// What each organisation's reporter keys together have spent of its quota. Written with every transaction.
    #[pallet::storage]
    pub type SpentByOrganisation<T> = StorageMap<_, Twox64Concat, OrganisationId, Spent, ValueQuery>;

    /// The organisations that are arbiters, by number. Written with admissions and roles.
    #[pallet::storage]
    pub type Arbiters<T> = StorageValue<_, BoundedVec<OrganisationId, ConstU32<MAX_ARBITERS>>, ValueQuery>;

    /// Where organisations are kept.
    pub struct Log<T>(PhantomData<T>);

    impl<T: Config> Ledger for Log<T> {
        type Subject = Organisation;
        type Records = Organisations<T>;
        type Entries = Entries<T>;
    }

    /// The organisations that the chain begins with, numbered from 0 in this order.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T> {
        /// Organisations with their keys.
        pub organisations: Vec<GenesisOrganisation>,
        #[doc(hidden)]
        #[serde(skip)]
        pub _marker: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            for organisation in &self.organisations {
                if let Err(reason) = Pallet::<T>::found(organisation) {
                    panic!("genesis: organisation `{}`: {reason:?}", organisation.name);
                }
            }
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An entry was appended to an organisation's log; number 0 is its admission.
        Recorded {
            /// The organisation.
            organisation: OrganisationId,
            /// The entry's number.
            entry: u32,
        },
    }

    #[pallet::error]
    #[derive(PartialEq)]
    pub enum Error<T> {
        /// No organisation has this key.
        UnknownSigner,
        /// The key was revoked: it never speaks again.
        KeyRevoked,
        /// The organisation is suspended.
        OrganisationSuspended,
        /// The organisation does not have the role that this call wants.
        RoleMissing,
        /// This call wants the organisation's admin key.
        AdminKeyNeeded,
        /// This call wants a reporter key.
        ReporterKeyNeeded,
        /// There is no organisation of this number.
        NoSuchOrganisation,
        /// The key belongs to an organisation already, or did once.
        KeyTaken,
        /// The organisation has no such reporter key in force.
        NoSuchKey,
        /// The organisation has as many reporter keys as it may.
        TooManyKeys,
        /// The name is empty.
        NameEmpty,
        /// A text is not UTF-8.
        TextNotUtf8,
        /// The organisation is suspended already.
        AlreadySuspended,
        /// The organisation is not suspended.
        NotSuspended,
        /// The entry cannot stand at the end of the log.
        LogRefuses,
        /// There are as many arbiters as may be.
        TooManyArbiters,
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// The council admits an organisation. Without a group it gets one of its own.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::admit())]
        pub fn admit(
            origin: OriginFor<T>,
            name: Text<64>,
            url: Text<128>,
            roles: Roles,
            group: Option<GroupId>,
            admin: Account,
            quota: Quota,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            let id = Self::next_id();
            let group = group.unwrap_or(GroupId(id.0));
            Self::do_admit(
                id,
                Admission {
                    name,
                    url,
                    roles,
                    group,
                    admin,
                    quota,
                },
            )?;
            Ok(())
        }

        /// The council suspends an organisation: it may not speak; what it said stands.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::suspend())]
        pub fn suspend(origin: OriginFor<T>, organisation: OrganisationId) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::record(organisation, Action::Suspended)
        }

        /// The council takes a suspension back.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::reinstate())]
        pub fn reinstate(origin: OriginFor<T>, organisation: OrganisationId) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::record(organisation, Action::Reinstated)
        }

        /// The council sets what an organisation may do.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::set_roles())]
        pub fn set_roles(origin: OriginFor<T>, organisation: OrganisationId, roles: Roles) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::record(organisation, Action::RolesSet(roles))?;
            Self::note_arbiter(organisation, roles)?;
            Ok(())
        }

        /// The council sets with whom an organisation counts together, from now on.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::set_group())]
        pub fn set_group(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            group: GroupId,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::record(organisation, Action::GroupSet(group))
        }

        /// The council sets how much an organisation may do.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::set_quota())]
        pub fn set_quota(origin: OriginFor<T>, organisation: OrganisationId, quota: Quota) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::record(organisation, Action::QuotaSet(quota))
        }

        /// The council puts another admin key in place, for an organisation that lost its own.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::reset_admin())]
        pub fn reset_admin(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            admin: Account,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_set_admin(organisation, admin)
        }

        /// The admin adds a reporter key.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::add_reporter())]
        pub fn add_reporter(origin: OriginFor<T>, key: Account, label: Text<32>) -> DispatchResult {
            let organisation = Self::ensure_admin(&ensure_signed(origin)?)?;
            Self::do_add_reporter(organisation, key, label)
        }

        /// The admin revokes a reporter key, for ever.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::revoke_reporter())]
        pub fn revoke_reporter(origin: OriginFor<T>, key: Account) -> DispatchResult {
            let organisation = Self::ensure_admin(&ensure_signed(origin)?)?;
            Self::record(organisation, Action::ReporterRevoked { key })?;
            Self::flag_revoked(&key);
            Ok(())
        }

        /// The admin puts another admin key in its own place, and is revoked for ever.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::rotate_admin())]
        pub fn rotate_admin(origin: OriginFor<T>, admin: Account) -> DispatchResult {
            let organisation = Self::ensure_admin(&ensure_signed(origin)?)?;
            Self::do_set_admin(organisation, admin)
        }
    }
}
