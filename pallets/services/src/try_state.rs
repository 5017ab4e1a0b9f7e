//! What must always be true of this pallet's state.

use faultline_primitives::{log::What, service::Action, Roll, ServiceId, Sha256};

use crate::pallet::{AllServices, BySlug, Config, Entries, Log, Pallet, Services, Texts};

impl<T: Config> Pallet<T> {
    /// Checks that replaying each log gives its record, that the roll lists just the services there are, and that
    /// each slug names the service that has it.
    pub fn check_state() -> Result<(), &'static str> {
        let logs = faultline_pallet_log::check::<Log<T>>()?;

        let mut roll = Roll::empty(What::Services, ());
        for id in (0..Self::count()).map(ServiceId) {
            let first = Entries::<T>::get(id, 0).ok_or("a service on the roll has no log")?;
            roll = roll.with(id, first.block, first.at);
        }
        if roll.count != logs || AllServices::<T>::get().is_some_and(|kept| kept != roll) {
            return Err("the roll is not that of the services");
        }

        for (id, record) in Services::<T>::iter() {
            if BySlug::<T>::get(&record.state.slug) != Some(id) {
                return Err("a slug does not name its service");
            }
        }
        for (id, number, body) in Texts::<T>::iter() {
            let entry = Entries::<T>::get(id, number).ok_or("a notice of no entry")?;
            let committed = match entry.action {
                Action::MaintenanceAnnounced { text, .. } => text,
                _ => None,
            };
            if committed != Some(Sha256(sp_io::hashing::sha2_256(body.as_bytes()))) {
                return Err("a notice is not what its entry commits to");
            }
        }
        Ok(())
    }
}
