//! How what is done becomes an entry, and what goes with it.

use faultline_pallet_log as log;
use faultline_primitives::{
    consortium::{Action, Checkpoint, Seats, Validators},
    Hash, Millis, OrganisationId, UnixMillis,
};
use frame_support::{dispatch::DispatchResult, ensure, traits::Time};
use sp_runtime::{
    traits::{BlakeTwo256, Dispatchable, Hash as _, One, Saturating},
    SaturatedConversion,
};

use crate::{
    pallet::{Config, Error, Event, Log, Origin, Pallet},
    types::{Acts, Codes, Finality, Organisations, Voters, Votes},
};

impl<T: Config> Pallet<T> {
    pub(crate) fn found(
        seats: &[OrganisationId],
        validators: &[OrganisationId],
        floor: u32,
        upgrade_delay: Millis,
    ) -> Result<(), Error<T>> {
        let known = |seat: &OrganisationId| T::Organisations::admin_of(*seat).is_some();
        ensure!(
            seats.iter().chain(validators).all(known),
            Error::NoSuchOrganisation
        );
        // A chain of no organisations, which nobody can ever speak on, has no council either.
        if seats.is_empty() && !known(&OrganisationId(0)) {
            return Ok(());
        }
        let action = Action::Founded {
            seats: Seats::try_from(seats.to_vec()).map_err(|_| Error::TooManySeats)?,
            validators: Validators::try_from(validators.to_vec()).map_err(|_| Error::TooManyValidators)?,
            floor,
            upgrade_delay,
        };
        log::open::<Log<T>>((), &log::entry::<T, T::Time, _>(action))?;
        Self::count_votes_of_seats();
        Ok(())
    }

    pub(crate) fn do_enact(votes: Votes, call: T::CouncilCall) -> DispatchResult {
        let act = T::Acts::act_of(&call).ok_or(Error::<T>::NoCouncilAct)?;
        let Votes { ayes, seats } = votes;
        // A seat that is given or taken is so from here on; the call that follows counts the votes anew.
        let entry = Self::append(Action::Enacted { act, ayes, seats })?;
        call.dispatch(Origin::Council.into())
            .map_err(|failed| failed.error)?;
        Self::deposit_event(Event::Recorded { entry });
        Ok(())
    }

    pub(crate) fn do_apply_upgrade(bytes: &[u8]) -> DispatchResult {
        let code = Hash(BlakeTwo256::hash(bytes).0);
        // Before the code is looked into: that takes time.
        let record = Self::consortium().ok_or(Error::<T>::LogRefuses)?;
        record
            .state
            .may_upgrade(code, UnixMillis(T::Time::now()))
            .map_err(Error::<T>::from)?;
        let spec_version = T::Codes::check(bytes)?;
        Self::record(Action::Upgraded { code, spec_version })?;
        T::Codes::put(bytes);
        Ok(())
    }

    pub(crate) fn do_publish_checkpoint() -> DispatchResult {
        let (set_id, set) = T::Finality::validators().ok_or(Error::<T>::ValidatorsChanging)?;
        let this = frame_system::Pallet::<T>::block_number();
        let checkpoint = Checkpoint {
            number: this.saturating_sub(One::one()).saturated_into(),
            hash: T::Finality::parent(),
            set_id,
            set,
        };
        Self::record(Action::Checkpointed(checkpoint))?;
        Ok(())
    }

    /// A validator voted twice in this session. Says whether that is news: what it goes on to do in the same session is
    /// not.
    pub fn equivocated(validator: OrganisationId, session: u32) -> bool {
        let known = Self::consortium().is_none_or(|record| {
            let accusation = record.state.accusation(validator);
            accusation.is_some_and(|accusation| accusation.session >= session)
        });
        !known && Self::record(Action::Equivocated { validator, session }).is_ok()
    }

    /// The organisation's admin key is another now: the vote of its seat, if it has one, is that key's. What the key
    /// before it voted on open motions is gone.
    pub fn admin_set(organisation: OrganisationId) {
        let seated = Self::consortium().is_some_and(|record| record.state.has_seat(organisation));
        if seated {
            Self::count_votes_of_seats();
        }
    }

    pub(crate) fn count_votes_of_seats() {
        T::Voters::set(Self::keys_of_seats());
    }

    /// Appends an entry, and says that it did.
    fn record(action: Action) -> Result<(), Error<T>> {
        let entry = Self::append(action)?;
        Self::deposit_event(Event::Recorded { entry });
        Ok(())
    }

    /// Appends an entry; its number.
    fn append(action: Action) -> Result<u32, Error<T>> {
        let record = log::append::<Log<T>>((), &log::entry::<T, T::Time, _>(action))?;
        Ok(record.entries.saturating_sub(1))
    }
}
