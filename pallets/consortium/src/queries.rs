//! What the pallet knows.

use alloc::vec::Vec;

use faultline_primitives::{
    consortium::{Action, Consortium, Seats, Validators},
    Entry, Record,
};
use sp_runtime::AccountId32;

use crate::{
    pallet::{Config, Consortia, Log, Pallet},
    types::Organisations,
};

impl<T: Config> Pallet<T> {
    /// The consortium's record; none only on a chain without organisations.
    pub fn consortium() -> Option<Record<Consortium>> {
        Consortia::<T>::get(())
    }

    /// Who has a seat.
    pub fn seats() -> Seats {
        Self::consortium()
            .map(|record| record.state.seats)
            .unwrap_or_default()
    }

    /// Who is a validator, as the council has it: it takes two turns of sessions until a change acts.
    pub fn validators() -> Validators {
        Self::consortium()
            .map(|record| record.state.validators)
            .unwrap_or_default()
    }

    /// Entries of the consortium's log from a number on, at most `limit`.
    pub fn entries(from: u32, limit: u32) -> Vec<Entry<Action>> {
        faultline_pallet_log::entries::<Log<T>>((), from, limit)
            .map(|(_, entry)| entry)
            .collect()
    }

    /// The keys by which the seats vote now, in order.
    pub(crate) fn keys_of_seats() -> Vec<AccountId32> {
        let mut keys: Vec<_> = Self::seats()
            .into_iter()
            .filter_map(T::Organisations::admin_of)
            .collect();
        keys.sort_unstable();
        keys
    }
}
