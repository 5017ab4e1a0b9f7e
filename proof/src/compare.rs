//! Whether a later bundle continues an earlier one: the older logs must be the beginnings of the newer.

use faultline_primitives::{BlockNumber, Hash, IncidentId};

use crate::verify::{Proven, ProvenIncident};

/// What two bundles of one chain show when the later continues the earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Each incident that both hold, with how many entries it had and how many it has.
    pub incidents: alloc::vec::Vec<Grown>,
    /// How many incidents of the service there were and are, where both are of one service.
    pub roll: Option<(usize, usize)>,
}

/// An incident that both hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grown {
    /// The incident.
    pub incident: IncidentId,
    /// How many entries it had.
    pub before: usize,
    /// How many it has.
    pub after: usize,
}

/// Why the later does not continue the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discontinuity {
    /// Two blocks of one number are final. That takes authorities of a third of the weight or more that voted for two
    /// histories.
    Fork {
        /// Their number.
        number: BlockNumber,
        /// The earlier bundle's.
        old: Hash,
        /// The later bundle's.
        new: Hash,
    },
    /// An entry that was there is another now, or gone: the record was rewritten.
    Rewritten {
        /// The incident.
        incident: IncidentId,
        /// The first such entry.
        entry: u32,
    },
    /// An incident of the service that was there is another now, or gone: the record was rewritten.
    RollRewritten {
        /// The first such place of the roll.
        place: u64,
    },
    /// They are of two chains.
    OtherChain,
    /// What was called the newer is of an earlier block: they are to be given the other way round.
    Reversed,
    /// They have no incident and no service in common.
    NothingShared,
}

/// Checks that what a later bundle proves continues what an earlier one proved.
///
/// Both were verified from what the caller trusts: where both were from genesis hashes, these must be the same.
///
/// # Errors
///
/// See [`Discontinuity`].
pub fn compare(old: &Proven, new: &Proven) -> Result<Extension, Discontinuity> {
    if let (Some(old), Some(new)) = (old.genesis, new.genesis) {
        if old != new {
            return Err(Discontinuity::OtherChain);
        }
    }
    if old.block.number > new.block.number {
        return Err(Discontinuity::Reversed);
    }
    if old.block.number == new.block.number && old.block.hash != new.block.hash {
        return Err(Discontinuity::Fork {
            number: old.block.number,
            old: old.block.hash,
            new: new.block.hash,
        });
    }
    let roll = match (&old.roll, &new.roll) {
        (Some(old), Some(new)) if old.service == new.service => {
            if let Some(place) = first_other(&old.roll, &new.roll) {
                return Err(Discontinuity::RollRewritten {
                    place: u64::try_from(place).unwrap_or(u64::MAX),
                });
            }
            Some((old.roll.len(), new.roll.len()))
        }
        _ => None,
    };
    let mut incidents = alloc::vec::Vec::new();
    for before in &old.incidents {
        let is_same = |after: &&ProvenIncident| after.log.id == before.log.id;
        if let Some(after) = new.incidents.iter().find(is_same) {
            incidents.push(grown(before, after)?);
        }
    }
    match incidents.is_empty() && roll.is_none() {
        true => Err(Discontinuity::NothingShared),
        false => Ok(Extension { incidents, roll }),
    }
}

fn grown(old: &ProvenIncident, new: &ProvenIncident) -> Result<Grown, Discontinuity> {
    let (before, after) = (&old.log.entries, &new.log.entries);
    // Texts are left out: one may have been redacted since, and its entry commits to it.
    let entries = |said: &[crate::bundle::Said]| {
        said.iter()
            .map(|said| said.entry.clone())
            .collect::<alloc::vec::Vec<_>>()
    };
    match first_other(&entries(before), &entries(after)) {
        Some(entry) => Err(Discontinuity::Rewritten {
            incident: old.log.id,
            entry: u32::try_from(entry).unwrap_or(u32::MAX),
        }),
        None => Ok(Grown {
            incident: old.log.id,
            before: before.len(),
            after: after.len(),
        }),
    }
}

/// The first place at which `new` does not go on as `old` does.
fn first_other<T: PartialEq>(old: &[T], new: &[T]) -> Option<usize> {
    let is_other = |(place, before): &(usize, &T)| new.get(*place) != Some(before);
    old.iter().enumerate().find(is_other).map(|(place, _)| place)
}
