//! What must always be true of this pallet's state.

use faultline_primitives::{log::What, IncidentId, Roll, ServiceId};

use crate::pallet::{
    AllIncidents, Candidates, Config, Entries, Incidents, Log, OnService, Pallet, RedactedTexts,
    RollOfService, Texts,
};

impl<T: Config> Pallet<T> {
    /// Checks that replaying each log gives its record and no entry is of none, that the rolls list just the
    /// incidents there are, that every open incident is a candidate as its record says, and that every text is what
    /// its entry commits to, or was redacted.
    pub fn check_state() -> Result<(), &'static str> {
        let logs = faultline_pallet_log::check::<Log<T>>()?;
        Self::check_rolls(logs)?;
        Self::check_candidates()?;
        Self::check_texts()?;
        Self::check_links()
    }

    fn check_candidates() -> Result<(), &'static str> {
        let now = Self::now();
        for (id, record) in Incidents::<T>::iter() {
            let incident = record.state;
            let candidates = Candidates::<T>::get(incident.service);
            let candidate = candidates.iter().find(|(candidate, _)| *candidate == id);
            match candidate {
                Some((_, candidate)) if *candidate != incident.candidate() => {
                    return Err("a candidate is not what its record says")
                }
                None if incident.at(now).is_open() => return Err("an open incident is no candidate"),
                _ => {}
            }
        }
        for (service, candidates) in Candidates::<T>::iter() {
            if !candidates
                .windows(2)
                .all(|pair| pair.first().map(|(id, _)| id) < pair.last().map(|(id, _)| id))
            {
                return Err("candidates are out of order");
            }
            for (id, _) in candidates {
                if Incidents::<T>::get(id).is_none_or(|record| record.state.service != service) {
                    return Err("a candidate is of no incident of its service");
                }
            }
        }
        Ok(())
    }

    fn check_texts() -> Result<(), &'static str> {
        for (id, number, body) in Texts::<T>::iter() {
            let action = Entries::<T>::get(id, number).ok_or("a text of no entry")?.action;
            if action.text() != faultline_pallet_log::commitment(&body) {
                return Err("a text is not what its entry commits to");
            }
        }
        for (id, number, _) in RedactedTexts::<T>::iter() {
            let action = Entries::<T>::get(id, number)
                .ok_or("a tombstone of no entry")?
                .action;
            if action.text().is_none() || Texts::<T>::contains_key(id, number) {
                return Err("a tombstone where no text was taken out");
            }
        }
        for (id, number, entry) in Entries::<T>::iter() {
            let is_there =
                Texts::<T>::contains_key(id, number) || RedactedTexts::<T>::contains_key(id, number);
            if entry.action.text().is_some() && !is_there {
                return Err("an entry's text is missing");
            }
        }
        Ok(())
    }

    fn check_links() -> Result<(), &'static str> {
        for record in Incidents::<T>::iter_values() {
            if let Some(other) = record.state.duplicate_of {
                let other = Incidents::<T>::get(other).ok_or("a duplicate of no incident")?;
                if other.state.service != record.state.service {
                    return Err("a duplicate of another service's incident");
                }
            }
        }
        Ok(())
    }

    fn check_rolls(logs: u64) -> Result<(), &'static str> {
        let mut all = Roll::empty(What::Incidents, ());
        let mut services = alloc::collections::BTreeMap::<ServiceId, Roll>::new();
        for id in (0..Self::count()).map(IncidentId) {
            let first = Entries::<T>::get(id, 0).ok_or("an incident on the roll has no log")?;
            let service = Incidents::<T>::get(id)
                .ok_or("an incident on the roll has no record")?
                .state
                .service;
            all = all.with(id, first.block, first.at);
            let roll = services
                .entry(service)
                .or_insert_with(|| Roll::empty(What::IncidentsOnService, service));
            if OnService::<T>::get(service, roll.count) != Some(id) {
                return Err("an incident is not where its service's roll has it");
            }
            *roll = roll.with(id, first.block, first.at);
        }
        if all.count != logs || AllIncidents::<T>::get().is_some_and(|kept| kept != all) {
            return Err("the roll is not that of the incidents");
        }
        if (OnService::<T>::iter_keys().count() as u64) != all.count {
            return Err("an incident is on the roll of a service twice");
        }
        let kept: alloc::collections::BTreeMap<_, _> = RollOfService::<T>::iter().collect();
        if kept != services {
            return Err("a service's roll is not that of its incidents");
        }
        Ok(())
    }
}
