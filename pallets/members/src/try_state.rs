//! What must always be true of this pallet's state.

use faultline_primitives::{log::What, Account, OrganisationId};
use sp_runtime::AccountId32;

use crate::{
    pallet::{AllOrganisations, Arbiters, Config, Keys, Log, Organisations, Pallet},
    types::KeyUse,
};

impl<T: Config> Pallet<T> {
    /// Checks that replaying each log gives its record and no entry is of none, that the roll lists just the
    /// organisations there are, that the keys in force are those of the records, each of one organisation, and that
    /// the account of no key may be reaped.
    pub fn check_state() -> Result<(), &'static str> {
        let logs = faultline_pallet_log::check::<Log<T>>()?;
        let ids = (0..Self::count()).map(OrganisationId);
        let roll = faultline_pallet_log::roll::<Log<T>>(What::Organisations, ids)
            .ok_or("an organisation on the roll has no log")?;
        if roll.count != logs || AllOrganisations::<T>::get().is_some_and(|kept| kept != roll) {
            return Err("the roll is not that of the organisations");
        }

        let mut arbiters: alloc::vec::Vec<_> = Organisations::<T>::iter()
            .filter(|(_, record)| record.state.roles.arbiter)
            .map(|(id, _)| id)
            .collect();
        arbiters.sort_unstable();
        if arbiters != Arbiters::<T>::get().into_inner() {
            return Err("the list of arbiters is not that of the organisations");
        }

        for (account, holder) in Keys::<T>::iter() {
            let record = Organisations::<T>::get(holder.organisation).ok_or("a key of no organisation")?;
            if frame_system::Pallet::<T>::providers(&account) == 0 {
                return Err("the account of a key may be reaped");
            }
            let key = Account(account.into());
            let in_force = match holder.usage {
                KeyUse::Admin => record.state.admin == key,
                KeyUse::Reporter => record.state.keys.iter().any(|held| held.key == key),
            };
            if in_force == holder.revoked {
                return Err("a key is in force and revoked, or neither");
            }
        }
        for record in Organisations::<T>::iter_values() {
            let keys = record
                .state
                .keys
                .iter()
                .map(|held| held.key)
                .chain([record.state.admin]);
            if !keys
                .into_iter()
                .all(|key| Keys::<T>::contains_key(AccountId32::new(key.0)))
            {
                return Err("a key in force is nobody's");
            }
        }
        Ok(())
    }
}
