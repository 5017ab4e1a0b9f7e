//! What each call costs at its worst: a service with texts as long as may be, which has as many maintenances announced
//! as may be, of an organisation as large as may be.

use alloc::vec;

use faultline_pallet_log as log;
use faultline_primitives::{
    attestation::Body,
    service::{Action, Registration, Slug, MAX_MAINTENANCES, MAX_UNLISTED},
    Millis, OrganisationId, ServiceId, Text, UnixMillis,
};
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, Time};
use frame_system::RawOrigin;
use sp_runtime::AccountId32;

use crate::pallet::{Call, Config, Log, Pallet, Services, Texts, Unlisted};

/// What the benchmarks need of the other pallets.
pub trait BenchmarkHelper {
    /// An organisation as large as may be that may register and provide services, with a key of its.
    fn member() -> (OrganisationId, AccountId32);
}

/// A text as long as may be.
fn text<const N: u32>() -> Text<N> {
    Text::from_bytes(&vec![b'a'; N as usize]).expect("it is no longer than may be")
}

/// A slug as long as may be.
fn slug(number: u32) -> Slug {
    alloc::format!("{}/{number:010}", "a".repeat(53))
        .parse()
        .expect("it is no longer than may be")
}

/// The latest end that maintenance announced now may have.
fn until<T: Config>() -> UnixMillis {
    UnixMillis(T::Time::now()).after(Millis::hours(72))
}

/// Registers an unlisted service, and announces so many maintenances of it.
pub fn service<T: Config>(by: OrganisationId, maintenances: u32) -> ServiceId {
    let id = Pallet::<T>::do_register(Registration {
        slug: slug(Pallet::<T>::count()),
        name: text(),
        url: text(),
        parent: None,
        provider: Some(by),
        listed: false,
        by: Some(by),
    })
    .unwrap_or_else(|_| panic!("the service cannot be registered"));
    // Else the next could not be registered by the same.
    Unlisted::<T>::insert(by, 1);
    let body = text();
    for entry in 1..=maintenances {
        let action = Action::MaintenanceAnnounced {
            from: UnixMillis(T::Time::now()),
            until: until::<T>(),
            text: log::commitment(&body),
        };
        assert!(log::append::<Log<T>>(id, &log::entry::<T, T::Time, _>(action)).is_ok());
        Texts::<T>::insert(id, entry, &body);
    }
    id
}

/// Registers a service as large as may be.
pub fn full_service<T: Config>(by: OrganisationId) -> ServiceId {
    service::<T>(by, MAX_MAINTENANCES)
}

fn council<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::CouncilOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

/// How many entries a service's log has.
fn entries<T: Config>(id: ServiceId) -> u32 {
    Services::<T>::get(id).map_or(0, |record| record.entries)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register() {
        let (by, who) = T::BenchmarkHelper::member();
        let parent = full_service::<T>(by);
        Unlisted::<T>::insert(by, MAX_UNLISTED - 1);
        let id = Pallet::<T>::next_id();

        #[extrinsic_call]
        _(RawOrigin::Signed(who), slug(id.0), text(), text(), Some(parent));

        assert_eq!(entries::<T>(id), 1);
    }

    #[benchmark]
    fn describe() {
        let (by, who) = T::BenchmarkHelper::member();
        let id = full_service::<T>(by);

        #[extrinsic_call]
        _(RawOrigin::Signed(who), id, text(), text());

        assert_eq!(entries::<T>(id), MAX_MAINTENANCES + 2);
    }

    #[benchmark]
    fn announce_maintenance() {
        let (by, who) = T::BenchmarkHelper::member();
        let id = service::<T>(by, MAX_MAINTENANCES - 1);
        let notice: Body = text();

        #[extrinsic_call]
        _(
            RawOrigin::Signed(who),
            id,
            UnixMillis(T::Time::now()),
            until::<T>(),
            notice,
        );

        assert_eq!(entries::<T>(id), MAX_MAINTENANCES + 1);
    }

    /// A service that was unlisted is listed: it is counted no more.
    #[benchmark]
    fn list() -> Result<(), BenchmarkError> {
        let (by, _) = T::BenchmarkHelper::member();
        let id = full_service::<T>(by);
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id, true);

        assert_eq!(Unlisted::<T>::get(by), 0);
        Ok(())
    }

    #[benchmark]
    fn assign_provider() -> Result<(), BenchmarkError> {
        let (by, _) = T::BenchmarkHelper::member();
        let id = full_service::<T>(by);
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id, Some(by));

        assert_eq!(entries::<T>(id), MAX_MAINTENANCES + 2);
        Ok(())
    }

    #[benchmark]
    fn retire() -> Result<(), BenchmarkError> {
        let (by, _) = T::BenchmarkHelper::member();
        let id = full_service::<T>(by);
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id);

        assert_eq!(entries::<T>(id), MAX_MAINTENANCES + 2);
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::chain(vec![]), crate::mock::Test);
}
