//! What must always be true of this pallet's state.

use crate::{
    pallet::{Config, Log, Pallet},
    types::{SessionKeys, Voters},
};

impl<T: Config> Pallet<T> {
    /// Checks that there is one consortium, that replaying its log gives its record, and that the votes counted are
    /// those of the seats: one of each, by the organisation's admin key of now; and that each validator has its keys.
    pub fn check_state() -> Result<(), &'static str> {
        if faultline_pallet_log::check::<Log<T>>()? != 1 {
            return Err("there is not just one consortium");
        }
        let keys = Self::keys_of_seats();
        if keys.len() != Self::seats().len() {
            return Err("a seat is no organisation's");
        }
        if keys != T::Voters::get() {
            return Err("the votes counted are not those of the seats");
        }
        if !Self::validators().into_iter().all(T::SessionKeys::are_set) {
            return Err("a validator has no keys");
        }
        Ok(())
    }
}
