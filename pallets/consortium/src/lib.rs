//! # Who keeps the chain
//!
//! A council governs: it has seats, each of one organisation, which votes by its admin key. `pallet-collective` holds
//! the motions and counts the votes; this pallet says whose the votes are, and turns a motion that carried into an act.
//!
//! [`Pallet::enact`] is the only way from a motion to anything: it appends the act, with its votes, to the
//! consortium's log, where `faultline_primitives::consortium` refuses what lacks its majority, and only then makes the
//! call, as [`Origin::Council`]. So every act of the council is an entry of that log, and no origin is Root.
//!
//! The same log says who the validators are: organisations that the council added, once they had set the keys of their
//! nodes. `pallet-session` takes them from here at its turns. It says which runtime may be put in place, and from when;
//! which blocks the council vouches for; and which validators were shown to have voted twice.

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
pub use types::{Acts, Codes, EnsureCouncil, Finality, Organisations, SessionKeys, Voters, Votes};
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use alloc::{boxed::Box, vec::Vec};

    use faultline_pallet_log::Ledger;
    use faultline_primitives::{
        consortium::{Action, Consortium},
        Entry, Hash, Millis, OrganisationId, Record,
    };
    use frame_support::{
        dispatch::{GetDispatchInfo, PostDispatchInfo},
        pallet_prelude::*,
        traits::Time,
    };
    use frame_system::pallet_prelude::*;
    use sp_runtime::{traits::Dispatchable, AccountId32};

    use crate::{
        types::{Acts, Codes, EnsureCouncil, Finality, Organisations, SessionKeys, Voters, Votes},
        weights::WeightInfo,
    };

    /// The version of what is stored. Whoever changes the layout of a storage item raises it, and writes a migration
    /// for `runtime/src/migrations/mod.rs`.
    pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// For how many blocks a session lasts where genesis does not say.
    const DEFAULT_SESSION_LENGTH: u32 = 600;
    /// How long a runtime waits where genesis does not say: seven days.
    const DEFAULT_UPGRADE_DELAY: Millis = Millis::days(7);
    /// Shortest session, in blocks: below it most blocks would be turns, which hold no transactions.
    const MIN_SESSION_LENGTH: u32 = 5;

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
        /// Which organisations have set the keys of a validator.
        type SessionKeys: SessionKeys;
        /// Who makes blocks final.
        type Finality: Finality;
        /// The runtimes that may take the place of this one.
        type Codes: Codes;
        /// What putting a runtime in place weighs: reading its version out of the code, hashing and storing it.
        type UpgradeWeight: Get<Weight>;
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

    /// For how many blocks a session lasts: validators and their keys change at its end. Set at genesis.
    #[pallet::storage]
    pub type SessionLength<T> = StorageValue<_, u32, ValueQuery, DefaultSessionLength>;

    /// Half an hour of blocks, 3 s each.
    #[pallet::type_value]
    pub fn DefaultSessionLength() -> u32 {
        DEFAULT_SESSION_LENGTH
    }

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

    /// Who keeps the chain at its beginning.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T> {
        /// The organisations that have a seat, by number, in order. At least one: nobody could ever give the first.
        pub seats: Vec<OrganisationId>,
        /// The organisations that are validators, by number, in order. At least one: nobody could make the first block.
        pub validators: Vec<OrganisationId>,
        /// Fewest validators that the chain is ever left with.
        pub floor: u32,
        /// For how many blocks a session lasts.
        pub session_length: u32,
        /// How long a runtime waits in the open between its authorization and its being put in place.
        pub upgrade_delay: Millis,
        #[doc(hidden)]
        #[serde(skip)]
        pub _marker: PhantomData<T>,
    }

    impl<T> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                seats: Vec::new(),
                validators: Vec::new(),
                floor: 1,
                session_length: DEFAULT_SESSION_LENGTH,
                upgrade_delay: DEFAULT_UPGRADE_DELAY,
                _marker: PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            let Self {
                seats,
                validators,
                floor,
                session_length,
                upgrade_delay,
                ..
            } = self;
            assert!(
                *session_length >= MIN_SESSION_LENGTH,
                "genesis: a session lasts {MIN_SESSION_LENGTH} blocks at least, not {session_length}"
            );
            SessionLength::<T>::put(session_length);
            if let Err(reason) = Pallet::<T>::found(seats, validators, *floor, *upgrade_delay) {
                panic!("genesis: the seats {seats:?}, validators {validators:?}, floor {floor}: {reason:?}");
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
        /// The validators are none, not in order, or one is there twice.
        ValidatorsUnfit,
        /// The floor is none, or above the number of validators.
        FloorUnfit,
        /// The organisation is a validator already.
        ValidatorAlready,
        /// The organisation is no validator.
        NotValidator,
        /// There are as many validators as there may be.
        TooManyValidators,
        /// There are as few validators as there may be.
        TooFewValidators,
        /// The organisation has set no keys of a validator.
        NoSessionKeys,
        /// No runtime is authorized.
        NoUpgrade,
        /// Another runtime is authorized.
        OtherUpgrade,
        /// The runtime's delay is not over.
        UpgradeTooEarly,
        /// This block, or a later one, is a checkpoint already.
        CheckpointBackwards,
        /// The validators are just changing: no checkpoint can say who finalizes what follows.
        ValidatorsChanging,
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

        /// The council makes an organisation a validator, which has set its keys. It acts from the next turn of
        /// sessions but one.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::add_validator())]
        pub fn add_validator(origin: OriginFor<T>, organisation: OrganisationId) -> DispatchResult {
            EnsureCouncil::ensure_origin(origin)?;
            ensure!(
                T::Organisations::admin_of(organisation).is_some(),
                Error::<T>::NoSuchOrganisation
            );
            ensure!(T::SessionKeys::are_set(organisation), Error::<T>::NoSessionKeys);
            Ok(())
        }

        /// The council makes an organisation no validator any more, from the next turn of sessions but one.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::remove_validator())]
        pub fn remove_validator(origin: OriginFor<T>, _organisation: OrganisationId) -> DispatchResult {
            EnsureCouncil::ensure_origin(origin)?;
            Ok(())
        }

        /// The council authorizes a runtime by the hash (blake2_256) of its code. It can be put in place once the
        /// delay that the chain was founded with is over, in place of any that was authorized before.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::authorize_upgrade())]
        pub fn authorize_upgrade(origin: OriginFor<T>, _code: Hash) -> DispatchResult {
            EnsureCouncil::ensure_origin(origin)?;
            Ok(())
        }

        /// The council takes back what it authorized.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::cancel_upgrade())]
        pub fn cancel_upgrade(origin: OriginFor<T>) -> DispatchResult {
            EnsureCouncil::ensure_origin(origin)?;
            Ok(())
        }

        /// The council vouches for the block before this one, with the validators that make final what follows.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::publish_checkpoint())]
        pub fn publish_checkpoint(origin: OriginFor<T>) -> DispatchResult {
            EnsureCouncil::ensure_origin(origin)?;
            Self::do_publish_checkpoint()
        }

        /// Puts a runtime in place that the council authorized, once its delay is over. Any organisation may.
        #[pallet::call_index(8)]
        #[pallet::weight(T::UpgradeWeight::get())]
        pub fn apply_upgrade(origin: OriginFor<T>, code: Vec<u8>) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_apply_upgrade(&code)
        }
    }
}
