//! Acts and deeds: what only the council does was done by it, and what it did was done.

use std::collections::BTreeMap;

use codec::Encode;
use faultline_primitives::{
    consortium::{Act, Action},
    organisation, service, BlockNumber, Entry, OrganisationId, ServiceId,
};
use faultline_proof::{keys, verify::canonical};

use super::{
    finding::{Findings, Kind, Place},
    reading::{Found, Reading},
    society::Society,
    AuditError,
};
use crate::trust::Source;

impl Society {
    /// Checks that what only the council does was done by it, and that what it did was done.
    pub fn check_deeds(&self, findings: &mut Findings) {
        let mut open: BTreeMap<(BlockNumber, Vec<u8>), Vec<u32>> = BTreeMap::new();
        for (number, entry) in (0u32..).zip(&self.consortium) {
            if let Action::Enacted { act, .. } = &entry.action {
                if leaves_an_entry(act) {
                    open.entry((entry.block, act.encode())).or_default().push(number);
                }
            }
        }
        let mut done = |of: Place, number: u32, block: BlockNumber, deed: &Act, alone: bool| {
            // In the genesis block nobody acted.
            let act = open.get_mut(&(block, deed.encode())).and_then(Vec::pop);
            if act.is_none() && !alone && block > 0 {
                findings.at(
                    of,
                    number,
                    block,
                    Kind::Act,
                    "only the council does this, and its log does not say that it did",
                );
            }
        };
        for (id, entries) in (0u32..).map(OrganisationId).zip(&self.organisations) {
            for (number, entry) in (0u32..).zip(entries) {
                if let Some(deed) = deed_of_organisation(id, &entry.action) {
                    let alone = matches!(entry.action, organisation::Action::AdminSet(_));
                    done(Place::Organisation(id), number, entry.block, &deed, alone);
                }
            }
        }
        for (id, entries) in (0u32..).map(ServiceId).zip(&self.services) {
            for (number, entry) in (0u32..).zip(entries) {
                if let Some(deed) = deed_of_service(id, &entry.action) {
                    done(Place::Service(id), number, entry.block, &deed, false);
                }
            }
        }
        for ((block, _), numbers) in open {
            for number in numbers {
                let what = "the council did this, and the log that it concerns does not say so";
                findings.at(Place::Consortium, number, block, Kind::Act, what);
            }
        }
    }

    /// A checkpoint follows the act that publishes it, and is the block before.
    pub fn check_checkpoints(&self, findings: &mut Findings) {
        let acts = |number: u32| {
            let place = usize::try_from(number).ok()?;
            self.consortium.get(place)
        };
        for (number, entry) in (0u32..).zip(&self.consortium) {
            let Action::Checkpointed(checkpoint) = &entry.action else {
                continue;
            };
            let publishes = |before: &&Entry<Action>| {
                let is_act = matches!(
                    before.action,
                    Action::Enacted {
                        act: Act::PublishCheckpoint,
                        ..
                    }
                );
                is_act && before.block == entry.block
            };
            let before = number.checked_sub(1).and_then(acts);
            if before.filter(publishes).is_none() || checkpoint.number.checked_add(1) != Some(entry.block) {
                let what = "the checkpoint was not published by the council, or is not of the block before";
                findings.at(Place::Consortium, number, entry.block, Kind::Act, what);
            }
        }
    }

    /// Checks that what the council redacted is gone, and that the state says when.
    pub async fn check_redactions<S: Source>(
        &self,
        reading: &Reading<'_, S>,
        findings: &mut Findings,
    ) -> Result<(), AuditError> {
        for ((incident, entry), at) in &self.redacted {
            let (tombstone, text) = (keys::redaction(*incident, *entry), keys::text(*incident, *entry));
            let found = reading.proven(&[tombstone.clone(), text.clone()]).await?;
            let when = found.get(&tombstone).and_then(Found::value);
            let is_gone = found.get(&text).and_then(Found::value).is_none();
            if when.and_then(|bytes| canonical(bytes)) != Some(*at) || !is_gone {
                let what = "the council redacted the text, and the state does not say so";
                findings.add(Place::Incident(*incident), (Some(*entry), None), Kind::Act, what);
            }
        }
        Ok(())
    }
}

/// Whether an act is an entry of another log, too.
fn leaves_an_entry(act: &Act) -> bool {
    matches!(
        act,
        Act::Admit { .. }
            | Act::Suspend(_)
            | Act::Reinstate(_)
            | Act::SetRoles(..)
            | Act::SetGroup(..)
            | Act::SetQuota(..)
            | Act::ResetAdmin(..)
            | Act::List(..)
            | Act::AssignProvider(..)
            | Act::Retire(_)
    )
}

/// The act that an organisation's entry came of.
fn deed_of_organisation(id: OrganisationId, action: &organisation::Action) -> Option<Act> {
    use organisation::Action as Of;
    Some(match action {
        Of::Admitted(admission) => Act::Admit {
            name: admission.name.clone(),
            admin: admission.admin,
        },
        Of::Suspended => Act::Suspend(id),
        Of::Reinstated => Act::Reinstate(id),
        Of::RolesSet(roles) => Act::SetRoles(id, *roles),
        Of::GroupSet(group) => Act::SetGroup(id, *group),
        Of::QuotaSet(quota) => Act::SetQuota(id, *quota),
        Of::AdminSet(admin) => Act::ResetAdmin(id, *admin),
        Of::ReporterAdded { .. } | Of::ReporterRevoked { .. } => return None,
    })
}

/// The act that a service's entry came of.
fn deed_of_service(id: ServiceId, action: &service::Action) -> Option<Act> {
    use service::Action as Of;
    Some(match action {
        Of::ProviderSet(provider) => Act::AssignProvider(id, *provider),
        Of::ListedSet(listed) => Act::List(id, *listed),
        Of::Retired => Act::Retire(id),
        Of::Registered(_) | Of::Described { .. } | Of::MaintenanceAnnounced { .. } => return None,
    })
}
