//! What each call costs at its worst, and what the gate does: an organisation of as many keys and as long texts as may
//! be, and as many arbiters.

use alloc::vec;

use faultline_primitives::{
    incident::MAX_ARBITERS,
    organisation::{Admission, Roles, MAX_KEYS},
    quota::{Quota, Spent},
    Account, GroupId, OrganisationId, Text,
};
use frame_benchmarking::v2::*;
use frame_support::{
    dispatch::{DispatchInfo, PostDispatchInfo},
    traits::EnsureOrigin,
};
use frame_system::RawOrigin;
use sp_runtime::{
    traits::{AsSystemOriginSigner, AsTransactionAuthorizedOrigin, DispatchTransaction, Dispatchable},
    AccountId32,
};

use crate::{
    pallet::{Arbiters, Call, Config, Keys, Organisations, Pallet, SpentByKey, SpentByOrganisation},
    CheckMember,
};

/// What the benchmarks need of the other pallets.
pub trait BenchmarkHelper<Call> {
    /// A call that a reporter may make.
    fn reporters_call() -> Call;

    /// Makes whoever wants to hear of another admin key do as much as it ever does when this organisation's changes.
    fn listen_to(organisation: OrganisationId);
}

const QUOTA: Quota = Quota {
    burst: 1_000_000,
    per_block: 1_000,
};
const NO_ROLE: Roles = Roles {
    reporter: false,
    provider: false,
    arbiter: false,
};
const REPORTER: Roles = Roles {
    reporter: true,
    ..NO_ROLE
};
const ARBITER: Roles = Roles {
    arbiter: true,
    ..NO_ROLE
};

/// A text as long as may be.
fn text<const N: u32>() -> Text<N> {
    Text::from_bytes(&vec![b'a'; N as usize]).expect("it is no longer than may be")
}

/// A key of an organisation, which nobody has yet.
fn key(of: OrganisationId, number: u32) -> Account {
    Account(account::<AccountId32>("key", of.0, number).into())
}

/// The first admin key of an organisation.
fn admin_key(of: OrganisationId) -> Account {
    Account(account::<AccountId32>("admin", of.0, 0).into())
}

fn signer(key: Account) -> AccountId32 {
    AccountId32::new(key.0)
}

/// Admits an organisation of as long texts as may be and so many reporter keys.
fn new_organisation<T: Config>(roles: Roles, keys: u32) -> OrganisationId {
    let id = Pallet::<T>::next_id();
    let admission = Admission {
        name: text(),
        url: text(),
        roles,
        group: GroupId(id.0),
        admin: admin_key(id),
        quota: QUOTA,
    };
    assert!(Pallet::<T>::do_admit(id, admission).is_ok());
    for number in 0..keys {
        assert!(Pallet::<T>::do_add_reporter(id, key(id, number), text()).is_ok());
    }
    id
}

/// Admits an organisation as large as may be: its number, its group, and the reporter key that it added last.
pub fn organisation<T: Config>(roles: Roles) -> (OrganisationId, GroupId, Account) {
    let id = new_organisation::<T>(roles, MAX_KEYS);
    (id, GroupId(id.0), key(id, MAX_KEYS - 1))
}

/// Admits arbiters, each as large as may be, until there are so many.
pub fn fill_arbiters<T: Config>(count: u32) {
    while Arbiters::<T>::get().len() < count as usize {
        new_organisation::<T>(ARBITER, MAX_KEYS);
    }
}

fn council<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::CouncilOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

/// How many entries an organisation's log has.
fn entries<T: Config>(id: OrganisationId) -> u32 {
    Organisations::<T>::get(id).map_or(0, |record| record.entries)
}

#[benchmarks(where
    T: Send + Sync,
    T::RuntimeCall: Dispatchable<RuntimeOrigin = T::RuntimeOrigin, Info = DispatchInfo, PostInfo = PostDispatchInfo>
        + Clone,
    T::RuntimeOrigin: AsSystemOriginSigner<AccountId32> + AsTransactionAuthorizedOrigin + Clone,
)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn admit() -> Result<(), BenchmarkError> {
        fill_arbiters::<T>(MAX_ARBITERS - 1);
        let id = Pallet::<T>::next_id();
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(
            origin as T::RuntimeOrigin,
            text(),
            text(),
            ARBITER,
            None,
            admin_key(id),
            QUOTA,
        );

        assert_eq!(entries::<T>(id), 1);
        Ok(())
    }

    #[benchmark]
    fn suspend() -> Result<(), BenchmarkError> {
        let (id, ..) = organisation::<T>(REPORTER);
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id);

        assert_eq!(entries::<T>(id), MAX_KEYS + 2);
        Ok(())
    }

    #[benchmark]
    fn reinstate() -> Result<(), BenchmarkError> {
        let (id, ..) = organisation::<T>(REPORTER);
        let origin = council::<T>()?;
        Pallet::<T>::suspend(origin.clone(), id)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id);

        assert_eq!(entries::<T>(id), MAX_KEYS + 3);
        Ok(())
    }

    /// The organisation becomes the last arbiter that there may be.
    #[benchmark]
    fn set_roles() -> Result<(), BenchmarkError> {
        fill_arbiters::<T>(MAX_ARBITERS - 1);
        let (id, ..) = organisation::<T>(REPORTER);
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id, ARBITER);

        assert!(Arbiters::<T>::get().contains(&id));
        Ok(())
    }

    #[benchmark]
    fn set_group() -> Result<(), BenchmarkError> {
        let (id, ..) = organisation::<T>(REPORTER);
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id, GroupId(0));

        assert_eq!(entries::<T>(id), MAX_KEYS + 2);
        Ok(())
    }

    #[benchmark]
    fn set_quota() -> Result<(), BenchmarkError> {
        let (id, ..) = organisation::<T>(REPORTER);
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id, QUOTA);

        assert_eq!(entries::<T>(id), MAX_KEYS + 2);
        Ok(())
    }

    #[benchmark]
    fn reset_admin() -> Result<(), BenchmarkError> {
        let (id, ..) = organisation::<T>(REPORTER);
        T::BenchmarkHelper::listen_to(id);
        let origin = council::<T>()?;
        let admin = key(id, MAX_KEYS);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id, admin);

        assert!(Keys::<T>::contains_key(signer(admin)));
        Ok(())
    }

    #[benchmark]
    fn add_reporter() {
        let id = new_organisation::<T>(REPORTER, MAX_KEYS - 1);
        let added = key(id, MAX_KEYS);

        #[extrinsic_call]
        _(RawOrigin::Signed(signer(admin_key(id))), added, text());

        assert!(Keys::<T>::contains_key(signer(added)));
    }

    #[benchmark]
    fn revoke_reporter() {
        let (id, _, added_last) = organisation::<T>(REPORTER);

        #[extrinsic_call]
        _(RawOrigin::Signed(signer(admin_key(id))), added_last);

        assert!(Keys::<T>::get(signer(added_last)).is_some_and(|holder| holder.revoked));
    }

    #[benchmark]
    fn rotate_admin() {
        let (id, ..) = organisation::<T>(REPORTER);
        T::BenchmarkHelper::listen_to(id);
        let admin = key(id, MAX_KEYS);

        #[extrinsic_call]
        _(RawOrigin::Signed(signer(admin_key(id))), admin);

        assert!(Keys::<T>::contains_key(signer(admin)));
    }

    /// What the gate does with a reporter's transaction in a block: it costs more than an admin's.
    #[benchmark]
    fn check_member() -> Result<(), BenchmarkError> {
        let (id, _, reporter) = organisation::<T>(REPORTER);
        let who = signer(reporter);
        let spent = Spent { actions: 1, block: 0 };
        SpentByKey::<T>::insert(&who, spent);
        SpentByOrganisation::<T>::insert(id, spent);
        let call = T::BenchmarkHelper::reporters_call();
        let info = DispatchInfo::default();
        let gate = CheckMember::<T>(frame_system::Pallet::<T>::account_nonce(&who));

        #[block]
        {
            gate.validate_and_prepare(RawOrigin::Signed(who.clone()).into(), &call, &info, 0, 0)
                .map_err(|_| BenchmarkError::Stop("the gate does not admit the reporter"))?;
        }

        assert!(SpentByKey::<T>::get(&who).block > 0);
        Ok(())
    }

    impl_benchmark_test_suite!(
        Pallet,
        crate::mock::chain(vec![crate::mock::organisation("Northwatch", None, 1, 2)]),
        crate::mock::Test
    );
}
