//! What must always be true of this pallet's state.

use alloc::collections::BTreeMap;

use faultline_primitives::{
    log::What,
    service::{Action, Registration},
    OrganisationId, ServiceId, Sha256,
};

use crate::pallet::{AllServices, BySlug, Config, Entries, Log, Pallet, Services, Texts, Unlisted};

impl<T: Config> Pallet<T> {
    /// Checks that replaying each log gives its record and no entry is of none, that the roll lists just the
    /// services there are, that slugs name just the services that have them, that what is unlisted is counted, and
    /// that every notice is there and is what its entry commits to.
    pub fn check_state() -> Result<(), &'static str> {
        let logs = faultline_pallet_log::check::<Log<T>>()?;
        let ids = (0..Self::count()).map(ServiceId);
        let roll = faultline_pallet_log::roll::<Log<T>>(What::Services, ids)
            .ok_or("a service on the roll has no log")?;
        if roll.count != logs || AllServices::<T>::get().is_some_and(|kept| kept != roll) {
            return Err("the roll is not that of the services");
        }

        for (id, record) in Services::<T>::iter() {
            if BySlug::<T>::get(&record.state.slug) != Some(id) {
                return Err("a slug does not name its service");
            }
        }
        if BySlug::<T>::iter()
            .any(|(slug, id)| Services::<T>::get(id).is_none_or(|log| log.state.slug != slug))
        {
            return Err("a slug names no service that has it");
        }
        Self::check_unlisted()?;
        Self::check_texts()
    }

    fn check_unlisted() -> Result<(), &'static str> {
        let mut unlisted = BTreeMap::<OrganisationId, u32>::new();
        for (id, _) in Services::<T>::iter().filter(|(_, record)| !record.state.listed) {
            let first = Entries::<T>::get(id, 0).ok_or("a service has no registration")?;
            if let Action::Registered(Registration { by: Some(by), .. }) = first.action {
                let count = unlisted.entry(by).or_default();
                *count = count.saturating_add(1);
            }
        }
        let counted: BTreeMap<_, _> = Unlisted::<T>::iter().filter(|(_, count)| *count > 0).collect();
        if counted != unlisted {
            return Err("the count of unlisted services is not theirs");
        }
        Ok(())
    }

    fn check_texts() -> Result<(), &'static str> {
        for (id, number, body) in Texts::<T>::iter() {
            let entry = Entries::<T>::get(id, number).ok_or("a notice of no entry")?;
            if notice(&entry.action) != faultline_pallet_log::commitment(&body) {
                return Err("a notice is not what its entry commits to");
            }
        }
        for (id, number, entry) in Entries::<T>::iter() {
            if notice(&entry.action).is_some() && !Texts::<T>::contains_key(id, number) {
                return Err("an entry's notice is missing");
            }
        }
        Ok(())
    }
}

/// The SHA-256 of the notice that an entry commits to.
fn notice(action: &Action) -> Option<Sha256> {
    match action {
        Action::MaintenanceAnnounced { text, .. } => *text,
        _ => None,
    }
}
