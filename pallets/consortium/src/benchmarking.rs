//! What each call costs at its worst: in a council of as many seats as may be, each of an organisation as large as may
//! be, with as many open motions as may be, on which all have voted.

use alloc::boxed::Box;

use faultline_pallet_log as log;
use faultline_primitives::{
    consortium::{Act, Action},
    Hash, OrganisationId,
};
use frame_benchmarking::v2::*;
use frame_support::traits::EnsureOrigin;

use crate::{
    pallet::{Call, Config, Log, Origin, Pallet},
    types::Voters,
};

/// What the benchmarks need of the other pallets.
pub trait BenchmarkHelper<Call> {
    /// How many seats there may be.
    const SEATS: u32;
    /// How many validators there may be.
    const VALIDATORS: u32;

    /// A call that is an act and does little.
    fn act() -> Call;

    /// A new organisation, as large as may be.
    fn organisation() -> OrganisationId;

    /// Sets the keys of an organisation's validator.
    fn set_keys(organisation: OrganisationId);

    /// Has as many validators make blocks final as may be.
    fn fill_finality();

    /// Opens as many motions as may be, and has all vote on them.
    fn fill_motions();
}

/// The act becomes an entry; whose votes are counted stays.
fn record<T: Config>(act: Act) {
    let seats = Pallet::<T>::seats().len() as u32;
    let action = Action::Enacted {
        act,
        ayes: seats,
        seats,
    };
    assert!(log::append::<Log<T>>((), &log::entry::<T, T::Time, _>(action)).is_ok());
}

/// Gives seats to new organisations until there are as many as may be but one, gives the last to this organisation, and
/// opens motions.
pub fn fill_seats<T: Config>(last: OrganisationId) {
    let seats = T::BenchmarkHelper::SEATS;
    while (Pallet::<T>::seats().len() as u32) < seats - 1 {
        record::<T>(Act::GiveSeat(T::BenchmarkHelper::organisation()));
    }
    if (Pallet::<T>::seats().len() as u32) < seats {
        record::<T>(Act::GiveSeat(last));
    }
    T::Voters::set(Pallet::<T>::keys_of_seats());
    T::BenchmarkHelper::fill_motions();
}

/// Makes organisations validators until there are as many as may be but one.
fn fill_validators<T: Config>() {
    while Pallet::<T>::validators().len() as u32 + 1 < T::BenchmarkHelper::VALIDATORS {
        record::<T>(Act::AddValidator(T::BenchmarkHelper::organisation()));
    }
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn enact() -> Result<(), BenchmarkError> {
        fill_seats::<T>(T::BenchmarkHelper::organisation());
        fill_validators::<T>();
        let origin = T::MotionOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        let before = Pallet::<T>::consortium().map(|record| record.entries);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, Box::new(T::BenchmarkHelper::act()));

        let entries = Pallet::<T>::consortium().map(|record| record.entries);
        assert_eq!(entries, before.map(|before| before + 1));
        Ok(())
    }

    /// As [`Pallet::enact`] calls it, with the seat given already.
    #[benchmark]
    fn give_seat() {
        let organisation = T::BenchmarkHelper::organisation();
        fill_seats::<T>(organisation);
        // Its vote is not counted yet.
        let voters = T::Voters::get();
        T::Voters::set(voters.iter().skip(1).cloned().collect());

        #[extrinsic_call]
        _(Origin::Council, organisation);

        assert_eq!(T::Voters::get(), voters);
    }

    /// As [`Pallet::enact`] calls it, with the seat taken already.
    #[benchmark]
    fn take_seat() -> Result<(), BenchmarkError> {
        fill_seats::<T>(T::BenchmarkHelper::organisation());
        let seats = Pallet::<T>::seats();
        let first = *seats.first().ok_or(BenchmarkError::Stop("nobody has a seat"))?;
        record::<T>(Act::TakeSeat(first));

        #[extrinsic_call]
        _(Origin::Council, first);

        assert_eq!(T::Voters::get().len(), seats.len() - 1);
        Ok(())
    }

    #[benchmark]
    fn add_validator() {
        fill_validators::<T>();
        let organisation = T::BenchmarkHelper::organisation();
        T::BenchmarkHelper::set_keys(organisation);

        #[extrinsic_call]
        _(Origin::Council, organisation);
    }

    #[benchmark]
    fn remove_validator() {
        fill_validators::<T>();

        #[extrinsic_call]
        _(Origin::Council, OrganisationId(0));
    }

    #[benchmark]
    fn authorize_upgrade() {
        #[extrinsic_call]
        _(Origin::Council, Hash([7; 32]));
    }

    #[benchmark]
    fn cancel_upgrade() {
        #[extrinsic_call]
        _(Origin::Council);
    }

    #[benchmark]
    fn publish_checkpoint() -> Result<(), BenchmarkError> {
        fill_seats::<T>(T::BenchmarkHelper::organisation());
        fill_validators::<T>();
        T::BenchmarkHelper::fill_finality();
        frame_system::Pallet::<T>::set_block_number(9u32.into());
        let before = Pallet::<T>::consortium().map(|record| record.entries);

        #[extrinsic_call]
        _(Origin::Council);

        let entries = Pallet::<T>::consortium().map(|record| record.entries);
        assert_eq!(entries, before.map(|before| before + 1));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::chain(&[1, 2, 3]), crate::mock::Test);
}
