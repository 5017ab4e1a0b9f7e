//! What the pallet knows.

use faultline_primitives::{
    service::{Registration, Service, Slug},
    Record, ServiceId, Text,
};
use sp_runtime::{DispatchError, SaturatedConversion};

use crate::{
    pallet::{AllServices, BySlug, Config, Error, Pallet, Services},
    types::GenesisService,
};

impl<T: Config> Pallet<T> {
    /// A service's record.
    pub fn service(id: ServiceId) -> Option<Record<Service>> {
        Services::<T>::get(id)
    }

    /// The service that a slug names.
    pub fn by_slug(slug: &Slug) -> Option<ServiceId> {
        BySlug::<T>::get(slug)
    }

    /// How many services there are.
    pub fn count() -> u32 {
        AllServices::<T>::get().map_or(0, |roll| roll.count.saturated_into())
    }

    pub(crate) fn next_id() -> ServiceId {
        ServiceId(Self::count())
    }

    /// Registers a service in the genesis block, listed.
    pub(crate) fn found(new: &GenesisService) -> Result<ServiceId, DispatchError> {
        let too_long = |_| DispatchError::Other("a text is too long");
        let parent = match &new.parent {
            Some(slug) => {
                let slug = Slug::try_from(slug.as_str()).map_err(too_long)?;
                Some(Self::by_slug(&slug).ok_or(Error::<T>::NoSuchParent)?)
            }
            None => None,
        };
        let id = Self::do_register(Registration {
            slug: Text::try_from(new.slug.as_str()).map_err(too_long)?,
            name: Text::try_from(new.name.as_str()).map_err(too_long)?,
            url: Text::try_from(new.url.as_str()).map_err(too_long)?,
            parent,
            provider: new.provider,
            listed: true,
            by: None,
        })?;
        Ok(id)
    }
}
