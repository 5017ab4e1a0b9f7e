//! Who a key speaks for, and what the pallet knows.

use alloc::vec::Vec;

use faultline_primitives::{
    organisation::{Action, Admission, Organisation, Roles, Status},
    Entry, GroupId, OrganisationId, Record, Text,
};
use frame_support::dispatch::DispatchResult;
use sp_runtime::{AccountId32, SaturatedConversion};

use crate::{
    pallet::{AllOrganisations, Arbiters, Config, Error, Keys, Log, Organisations, Pallet},
    types::{GenesisOrganisation, KeyUse},
};

impl<T: Config> Pallet<T> {
    /// The organisation that this reporter key may speak for now.
    pub fn speaker(who: &AccountId32) -> Result<(OrganisationId, Organisation), Error<T>> {
        let (id, organisation) = Self::holder(who, KeyUse::Reporter)?;
        Ok((id, organisation))
    }

    /// The organisation that this reporter key may report for now.
    pub fn reporter(who: &AccountId32) -> Result<(OrganisationId, GroupId), Error<T>> {
        Self::in_role(who, |roles| roles.reporter)
    }

    /// The organisation that this reporter key may rule for now.
    pub fn arbiter(who: &AccountId32) -> Result<(OrganisationId, GroupId), Error<T>> {
        Self::in_role(who, |roles| roles.arbiter)
    }

    /// The organisation that this reporter key may speak for now, in a role that it has.
    pub fn in_role(
        who: &AccountId32,
        has: impl FnOnce(&Roles) -> bool,
    ) -> Result<(OrganisationId, GroupId), Error<T>> {
        let (id, organisation) = Self::speaker(who)?;
        if !has(&organisation.roles) {
            return Err(Error::RoleMissing);
        }
        Ok((id, organisation.group))
    }

    /// The arbiters that are not suspended, each with its group.
    pub fn arbiters() -> Vec<(OrganisationId, GroupId)> {
        let active = |id: OrganisationId| {
            let state = Organisations::<T>::get(id)?.state;
            (state.status == Status::Active).then_some((id, state.group))
        };
        Arbiters::<T>::get().into_iter().filter_map(active).collect()
    }

    /// The organisation that this admin key manages now.
    pub fn ensure_admin(who: &AccountId32) -> Result<OrganisationId, Error<T>> {
        Self::holder(who, KeyUse::Admin).map(|(id, _)| id)
    }

    /// The organisation that a key is or was of.
    pub fn organisation_of(who: &AccountId32) -> Option<OrganisationId> {
        Keys::<T>::get(who).map(|key| key.organisation)
    }

    /// The group with which an organisation counts now.
    pub fn group_of(organisation: OrganisationId) -> Option<GroupId> {
        Organisations::<T>::get(organisation).map(|record| record.state.group)
    }

    /// An organisation's record.
    pub fn organisation(id: OrganisationId) -> Option<Record<Organisation>> {
        Organisations::<T>::get(id)
    }

    /// Entries of an organisation's log from a number on, at most `limit`.
    pub fn entries(id: OrganisationId, from: u32, limit: u32) -> Vec<Entry<Action>> {
        faultline_pallet_log::entries::<Log<T>>(id, from, limit)
            .map(|(_, entry)| entry)
            .collect()
    }

    /// How many organisations there are.
    pub fn count() -> u32 {
        AllOrganisations::<T>::get().map_or(0, |roll| roll.count.saturated_into())
    }

    fn holder(who: &AccountId32, usage: KeyUse) -> Result<(OrganisationId, Organisation), Error<T>> {
        let key = Keys::<T>::get(who).ok_or(Error::UnknownSigner)?;
        if key.revoked {
            return Err(Error::KeyRevoked);
        }
        if key.usage != usage {
            return Err(match usage {
                KeyUse::Admin => Error::AdminKeyNeeded,
                KeyUse::Reporter => Error::ReporterKeyNeeded,
            });
        }
        let organisation = Organisations::<T>::get(key.organisation)
            .ok_or(Error::NoSuchOrganisation)?
            .state;
        if organisation.status == Status::Suspended {
            return Err(Error::OrganisationSuspended);
        }
        Ok((key.organisation, organisation))
    }

    pub(crate) fn next_id() -> OrganisationId {
        OrganisationId(Self::count())
    }

    /// Admits an organisation in the genesis block.
    pub(crate) fn found(new: &GenesisOrganisation) -> DispatchResult {
        let id = Self::next_id();
        let too_long = |_| sp_runtime::DispatchError::Other("a text is too long");
        Self::do_admit(
            id,
            Admission {
                name: Text::try_from(new.name.as_str()).map_err(too_long)?,
                url: Text::try_from(new.url.as_str()).map_err(too_long)?,
                roles: new.roles,
                group: new.group.unwrap_or(GroupId(id.0)),
                admin: new.admin,
                quota: new.quota,
            },
        )?;
        for reporter in &new.reporters {
            let label = Text::try_from(reporter.label.as_str()).map_err(too_long)?;
            Self::do_add_reporter(id, reporter.key, label)?;
        }
        Ok(())
    }
}
