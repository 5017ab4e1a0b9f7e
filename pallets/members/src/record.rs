//! How what is done becomes an entry, and what goes with it.

use faultline_pallet_log as log;
use faultline_primitives::{
    log::What,
    organisation::{Action, Admission, Roles},
    Account, OrganisationId, Text,
};
use frame_support::dispatch::DispatchResult;
use sp_runtime::AccountId32;

use crate::{
    pallet::{AllOrganisations, Arbiters, Config, Error, Event, Keys, Log, Organisations, Pallet},
    types::{KeyHolder, KeyUse, OnAdminSet},
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_admit(id: OrganisationId, admission: Admission) -> Result<(), Error<T>> {
        Self::ensure_free(&admission.admin)?;
        let (admin, roles) = (admission.admin, admission.roles);
        let entry = log::entry::<T, T::Time, _>(Action::Admitted(admission));
        log::open::<Log<T>>(id, &entry)?;
        Self::note_arbiter(id, roles)?;
        log::enrol::<AllOrganisations<T>>(What::Organisations, id, entry.block, entry.at);
        Self::hand_out(admin, id, KeyUse::Admin);
        Self::deposit_event(Event::Recorded {
            organisation: id,
            entry: 0,
        });
        Ok(())
    }

    pub(crate) fn do_add_reporter(
        organisation: OrganisationId,
        key: Account,
        label: Text<32>,
    ) -> DispatchResult {
        Self::ensure_free(&key)?;
        Self::record(organisation, Action::ReporterAdded { key, label })?;
        Self::hand_out(key, organisation, KeyUse::Reporter);
        Ok(())
    }

    pub(crate) fn do_set_admin(organisation: OrganisationId, admin: Account) -> DispatchResult {
        Self::ensure_free(&admin)?;
        let before = Organisations::<T>::get(organisation).map(|record| record.state.admin);
        Self::record(organisation, Action::AdminSet(admin))?;
        if let Some(before) = before {
            Self::flag_revoked(&before);
        }
        Self::hand_out(admin, organisation, KeyUse::Admin);
        T::OnAdminSet::admin_set(organisation);
        Ok(())
    }

    /// Appends to an organisation's log.
    pub(crate) fn record(organisation: OrganisationId, action: Action) -> DispatchResult {
        let record = log::append::<Log<T>>(organisation, &log::entry::<T, T::Time, _>(action))
            .map_err(Error::<T>::from)?;
        let entry = record.entries.saturating_sub(1);
        Self::deposit_event(Event::Recorded { organisation, entry });
        Ok(())
    }

    /// Keeps the list of arbiters in step with an organisation's roles.
    pub(crate) fn note_arbiter(organisation: OrganisationId, roles: Roles) -> Result<(), Error<T>> {
        Arbiters::<T>::try_mutate(|arbiters| match arbiters.binary_search(&organisation) {
            Ok(place) if !roles.arbiter => {
                arbiters.remove(place);
                Ok(())
            }
            Err(place) if roles.arbiter => arbiters
                .try_insert(place, organisation)
                .map_err(|_| Error::TooManyArbiters),
            _ => Ok(()),
        })
    }

    /// A key belongs to one organisation, for ever.
    fn ensure_free(key: &Account) -> Result<(), Error<T>> {
        let taken = Keys::<T>::contains_key(AccountId32::new(key.0));
        if taken {
            Err(Error::KeyTaken)
        } else {
            Ok(())
        }
    }

    /// Makes a key a member's. The account gets a reference that is never given back: an account that is
    /// reaped starts again at nonce 0, and its old transactions could be replayed.
    fn hand_out(key: Account, organisation: OrganisationId, usage: KeyUse) {
        let account = AccountId32::new(key.0);
        frame_system::Pallet::<T>::inc_providers(&account);
        let holder = KeyHolder {
            organisation,
            usage,
            revoked: false,
        };
        Keys::<T>::insert(account, holder);
    }

    pub(crate) fn flag_revoked(key: &Account) {
        Keys::<T>::mutate(AccountId32::new(key.0), |holder| {
            if let Some(holder) = holder {
                holder.revoked = true;
            }
        });
    }
}
