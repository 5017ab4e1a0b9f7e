//! # Who keeps the chain
//!
//! A council governs: it has seats, each of one organisation, which votes by its admin key. `pallet-collective` holds
//! the motions and counts the votes; this pallet says whose the votes are, and turns a motion that carried into an act.
//!
//! [`Pallet::enact`] is the only way from a motion to anything: it appends the act, with its votes, to the
//! consortium's log, where `faultline_primitives::consortium` refuses what lacks its majority, and only then makes the
//! call, as [`Origin::Council`]. So every act of the council is an entry of that log, and no origin is Root.

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
pub use types::{Acts, EnsureCouncil, Organisations, Voters, Votes};
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use alloc::{boxed::Box, vec::Vec};

    use faultline_pallet_log::{self as log, Ledger};
    use faultline_primitives::{
        consortium::{Action, Consortium, Seats},
        Entry, OrganisationId, Record,
    };
    use frame_support::{
        dispatch::{GetDispatchInfo, PostDispatchInfo},
        pallet_prelude::*,
        traits::Time,
    };
    use frame_system::pallet_prelude::*;
    use sp_runtime::{traits::Dispatchable, AccountId32};

    use crate::{
        types::{Acts, EnsureCouncil, Organisations, Voters, Votes},
        weights::WeightInfo,
    };

    /// The version of what is stored. Whoever changes the layout of a storage item raises it, and writes a migration
    /// for `runtime/src/migrations.rs`.
    pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<
        AccountId = AccountId32,
        RuntimeEvent: From<Event<Self>>,
        RuntimeOrigin: From<Origin> + Into<Result<Origin, <Self as frame_system::Config>::RuntimeOrigin>>,
    >
    {
        /// A call that the council may make.
        type CouncilCall: Parameter
            + Dispatchable<RuntimeOrigin = Self::RuntimeOrigin, PostInfo = PostDispatchInfo>
            + GetDispatchInfo;
        /// A motion that carried, with its votes.
        type MotionOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Votes>;
        /// What act each call of the council's is.
        type Acts: Acts<Self::CouncilCall>;
        /// Who may have a seat, and by which key it votes.
        type Organisations: Organisations;
        /// Whose votes are counted.
        type Voters: Voters;
        /// The block's time, in milliseconds since 1970.
        type Time: Time<Moment = u64>;
        /// What each call weighs.
        type WeightInfo: WeightInfo;
        /// What the benchmarks need of the other pallets.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::benchmarking::BenchmarkHelper<Self::CouncilCall>;
    }

    /// The consortium, as its log makes it; there is one. Written with every act; never removed.
    #[pallet::storage]
    pub type Consortia<T> = StorageMap<_, Twox64Concat, (), Record<Consortium>>;

    /// The entries of the consortium's log, by number. Written once; never removed.
    #[pallet::storage]
    pub type Entries<T> = StorageDoubleMap<_, Twox64Concat, (), Twox64Concat, u32, Entry<Action>>;

    /// Where the consortium is kept.
    pub struct Log<T>(PhantomData<T>);

    impl<T: Config> Ledger for Log<T> {
        type Subject = Consortium;
        type Records = Consortia<T>;
        type Entries = Entries<T>;
    }

    /// Who may do what the council alone may.
    #[pallet::origin]
    #[derive(
        Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
    )]
    pub enum Origin {
        /// The council, by an act that is an entry of its log.
        Council,
    }

    /// The seats that the chain begins with.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T> {
        /// The organisations that have a seat, by number, in order. At least one: nobody could ever give the first.
        pub seats: Vec<OrganisationId>,
        #[doc(hidden)]
        #[serde(skip)]
        pub _marker: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            if let Err(reason) = Pallet::<T>::found(&self.seats) {
                panic!("genesis: the council's seats {:?}: {reason:?}", self.seats);
            }
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An act was appended to the consortium's log.
        Recorded {
            /// The entry's number.
            entry: u32,
        },
    }

    #[pallet::error]
    #[derive(PartialEq)]
    pub enum Error<T> {
        /// The call is no act of the council.
        NoCouncilAct,
        /// The motion has fewer ayes than its act wants.
        MajorityMissing,
        /// The votes are not those of as many seats as there are now: the motion carried in another council.
        CouncilChanged,
        /// There is no organisation of this number to have a seat.
        NoSuchOrganisation,
        /// The organisation has a seat already.
        SeatedAlready,
        /// The organisation has no seat.
        NotSeated,
        /// The council has as many seats as it may.
        TooManySeats,
        /// A council without a seat could never act again.
        LastSeat,
        /// The seats are none, not in order, or one is there twice.
        SeatsUnfit,
        /// The entry cannot stand at the end of the log.
        LogRefuses,
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// A motion that carried becomes an act: an entry of the consortium's log, and what it says is done. If that
        /// fails there is no entry.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::enact().saturating_add(call.get_dispatch_info().call_weight))]
        pub fn enact(origin: OriginFor<T>, call: Box<T::CouncilCall>) -> DispatchResult {
            let votes = T::MotionOrigin::ensure_origin(origin)?;
            Self::do_enact(votes, *call)
        }

        /// The council gives an organisation a seat.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::give_seat())]
        pub fn give_seat(origin: OriginFor<T>, organisation: OrganisationId) -> DispatchResult {
            EnsureCouncil::ensure_origin(origin)?;
            ensure!(
                T::Organisations::admin_of(organisation).is_some(),
                Error::<T>::NoSuchOrganisation
            );
            Self::count_votes_of_seats();
            Ok(())
        }

        /// The council takes an organisation's seat. Its votes on open motions go with it.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::take_seat())]
        pub fn take_seat(origin: OriginFor<T>, _organisation: OrganisationId) -> DispatchResult {
            EnsureCouncil::ensure_origin(origin)?;
            Self::count_votes_of_seats();
            Ok(())
        }
    }

    impl<T: Config> Pallet<T> {
        fn do_enact(votes: Votes, call: T::CouncilCall) -> DispatchResult {
            let act = T::Acts::act_of(&call).ok_or(Error::<T>::NoCouncilAct)?;
            let Votes { ayes, seats } = votes;
            let action = Action::Enacted { act, ayes, seats };
            // A seat that is given or taken is so from here on; the call that follows counts the votes anew.
            let record =
                log::append::<Log<T>>((), &log::entry::<T, T::Time, _>(action)).map_err(Error::<T>::from)?;
            call.dispatch(Origin::Council.into())
                .map_err(|failed| failed.error)?;
            let entry = record.entries.saturating_sub(1);
            Self::deposit_event(Event::Recorded { entry });
            Ok(())
        }

        /// The organisation's admin key is another now: the vote of its seat, if it has one, is that key's. What the
        /// key before it voted on open motions is gone.
        pub fn admin_set(organisation: OrganisationId) {
            let seated = Self::consortium().is_some_and(|record| record.state.has_seat(organisation));
            if seated {
                Self::count_votes_of_seats();
            }
        }

        fn count_votes_of_seats() {
            T::Voters::set(Self::keys_of_seats());
        }

        fn found(seats: &[OrganisationId]) -> Result<(), Error<T>> {
            let known = |seat: &OrganisationId| T::Organisations::admin_of(*seat).is_some();
            ensure!(seats.iter().all(known), Error::NoSuchOrganisation);
            // A chain of no organisations, which nobody can ever speak on, has no council either.
            if seats.is_empty() && !known(&OrganisationId(0)) {
                return Ok(());
            }
            let seats = Seats::try_from(seats.to_vec()).map_err(|_| Error::TooManySeats)?;
            log::open::<Log<T>>((), &log::entry::<T, T::Time, _>(Action::Founded(seats)))?;
            Self::count_votes_of_seats();
            Ok(())
        }
    }
}
