//! What must come of a call, by the model.

use faultline_primitives::{refusal::Gate, rules::Rules, service::is_slug, Text, UnixMillis};
use frame_support::ensure;
use sp_runtime::DispatchError;

use super::world::{By, Check, MemberError, ServiceError, World};
use crate::{Runtime, RuntimeCall};

/// What may come of a call.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// Whether it may be taken.
    pub taken: bool,
    /// The errors by which it may be refused. Where there are none, it must be taken.
    pub errors: Vec<DispatchError>,
}

impl Expected {
    pub fn allows(&self, outcome: &Check) -> bool {
        match outcome {
            Ok(()) => self.taken,
            Err(error) => self.errors.contains(error),
        }
    }
}

impl From<Check> for Expected {
    fn from(check: Check) -> Self {
        Self {
            taken: check.is_ok(),
            errors: check.err().into_iter().collect(),
        }
    }
}

/// Who may make a call by a transaction.
enum Needs {
    Admin,
    /// A reporter key of an organisation that is reporter, provider or arbiter, where so marked.
    Roles(bool, bool, bool),
    Nobody,
}

fn needs(call: &RuntimeCall) -> Needs {
    use pallet_incidents::Call as Incident;
    use pallet_members::Call as Member;
    use pallet_services::Call as Service;
    match call {
        RuntimeCall::Members(
            Member::add_reporter { .. } | Member::revoke_reporter { .. } | Member::rotate_admin { .. },
        ) => Needs::Admin,
        RuntimeCall::Services(call) => match call {
            Service::register { .. } => Needs::Roles(true, false, false),
            Service::describe { .. } | Service::announce_maintenance { .. } => {
                Needs::Roles(false, true, false)
            }
            _ => Needs::Nobody,
        },
        RuntimeCall::Incidents(call) => match call {
            Incident::report { .. }
            | Incident::report_many { .. }
            | Incident::attest { .. }
            | Incident::withdraw { .. }
            | Incident::close { .. } => Needs::Roles(true, false, false),
            Incident::reply { .. } => Needs::Roles(false, true, false),
            Incident::dispute { .. } => Needs::Roles(true, true, false),
            Incident::vote { .. } | Incident::link { .. } | Incident::unlink { .. } => {
                Needs::Roles(false, false, true)
            }
            _ => Needs::Nobody,
        },
        _ => Needs::Nobody,
    }
}

/// How many actions a call costs.
pub fn cost(call: &RuntimeCall) -> u64 {
    match call {
        RuntimeCall::Incidents(pallet_incidents::Call::report_many { reports }) => {
            reports.len().max(1) as u64
        }
        _ => 1,
    }
}

pub fn ensure_council(by: &By) -> Check {
    ensure!(*by == By::Council, DispatchError::BadOrigin);
    Ok(())
}

impl World {
    /// Whether the gate lets a transaction try.
    pub fn gate(&self, by: &By, call: &RuntimeCall) -> Result<(), Gate> {
        let By::Key(who) = by else {
            panic!("nobody else signs")
        };
        let key = self.keys.get(who).ok_or(Gate::UnknownSigner)?;
        let member = &self.members[key.organisation as usize];
        ensure!(!key.revoked, Gate::RevokedKey);
        ensure!(!member.suspended, Gate::SuspendedOrganisation);
        match needs(call) {
            Needs::Nobody => return Err(Gate::CallNotOpen),
            Needs::Admin => ensure!(key.is_admin, Gate::AdminKeyNeeded),
            Needs::Roles(reporter, provider, arbiter) => {
                let roles = member.roles;
                ensure!(!key.is_admin, Gate::ReporterKeyNeeded);
                ensure!(
                    reporter && roles.reporter || provider && roles.provider || arbiter && roles.arbiter,
                    Gate::RoleMissing
                );
            }
        }
        ensure!(self.can_pay(who, cost(call)), Gate::QuotaSpent);
        Ok(())
    }

    /// What must come of a call.
    pub fn expect(&self, by: &By, call: &RuntimeCall) -> Expected {
        match call {
            RuntimeCall::Members(call) => self.members_say(by, call).into(),
            RuntimeCall::Services(call) => self.services_say(by, call).into(),
            RuntimeCall::Incidents(call) => self.incidents_say(by, call),
            other => panic!("the model knows nothing of {other:?}"),
        }
    }

    fn members_say(&self, by: &By, call: &pallet_members::Call<Runtime>) -> Check {
        use pallet_members::Call::*;
        match call {
            admit { name, url, admin, .. } => {
                ensure_council(by)?;
                self.ensure_free(admin)?;
                ensure!(name.is_utf8() && url.is_utf8(), MemberError::TextNotUtf8);
                ensure!(!name.is_empty(), MemberError::NameEmpty);
            }
            suspend { organisation } => {
                ensure_council(by)?;
                let suspended = self.member(organisation.0)?.suspended;
                ensure!(!suspended, MemberError::AlreadySuspended);
            }
            reinstate { organisation } => {
                ensure_council(by)?;
                ensure!(self.member(organisation.0)?.suspended, MemberError::NotSuspended);
            }
            set_roles { organisation, .. }
            | set_group { organisation, .. }
            | set_quota { organisation, .. } => {
                ensure_council(by)?;
                self.member(organisation.0)?;
            }
            reset_admin { organisation, admin } => {
                ensure_council(by)?;
                self.ensure_free(admin)?;
                self.member(organisation.0)?;
            }
            add_reporter { key, label } => {
                let organisation = self.admin(by)?;
                self.ensure_free(key)?;
                ensure!(label.is_utf8(), MemberError::TextNotUtf8);
                let keys = self.member(organisation)?.keys.len();
                ensure!(keys < 16, MemberError::TooManyKeys);
            }
            revoke_reporter { key } => {
                let organisation = self.admin(by)?;
                let is_held = self.member(organisation)?.keys.contains(key);
                ensure!(is_held, MemberError::NoSuchKey);
            }
            rotate_admin { admin } => {
                self.admin(by)?;
                self.ensure_free(admin)?;
            }
            other => panic!("the model knows nothing of {other:?}"),
        }
        Ok(())
    }

    fn services_say(&self, by: &By, call: &pallet_services::Call<Runtime>) -> Check {
        use pallet_services::Call::*;
        match call {
            register {
                slug,
                name,
                url,
                parent,
            } => {
                let organisation = self.in_role(by, |roles| roles.reporter)?;
                let is_taken = self.services.iter().any(|other| other.slug == slug.as_bytes());
                ensure!(!is_taken, ServiceError::SlugTaken);
                if let Some(parent) = parent {
                    ensure!(self.service(parent.0).is_ok(), ServiceError::NoSuchParent);
                }
                ensure!(self.unlisted(organisation) < 16, ServiceError::TooManyUnlisted);
                ensure!(is_slug(slug.as_bytes()), ServiceError::SlugMalformed);
                ensure_names(name, url)?;
            }
            describe { service, name, url } => {
                self.ensure_provides(by, service.0)?;
                ensure_names(name, url)?;
            }
            announce_maintenance {
                service,
                from,
                until,
                text,
            } => {
                self.ensure_provider(by, service.0)?;
                ensure!(text.is_utf8(), ServiceError::TextNotUtf8);
                self.ensure_not_retired(service.0)?;
                self.ensure_maintenance(service.0, *from, *until)?;
            }
            list { service, .. } | retire { service } => {
                ensure_council(by)?;
                self.ensure_not_retired(service.0)?;
            }
            assign_provider { service, provider } => {
                ensure_council(by)?;
                if let Some(provider) = provider {
                    ensure!(self.member(provider.0).is_ok(), ServiceError::NoSuchProvider);
                }
                self.ensure_not_retired(service.0)?;
            }
            other => panic!("the model knows nothing of {other:?}"),
        }
        Ok(())
    }

    fn ensure_not_retired(&self, service: u32) -> Check {
        ensure!(!self.service(service)?.retired, ServiceError::Retired);
        Ok(())
    }

    fn ensure_provider(&self, by: &By, service: u32) -> Check {
        let organisation = self.in_role(by, |roles| roles.provider)?;
        let provider = self.service(service)?.provider;
        ensure!(provider == Some(organisation), ServiceError::NotTheProvider);
        Ok(())
    }

    fn ensure_provides(&self, by: &By, service: u32) -> Check {
        self.ensure_provider(by, service)?;
        self.ensure_not_retired(service)
    }

    fn ensure_maintenance(&self, service: u32, from: UnixMillis, until: UnixMillis) -> Check {
        ensure!(from <= until, ServiceError::MaintenanceReversed);
        ensure!(until > self.now, ServiceError::MaintenancePast);
        ensure!(
            until.0 - from.0 <= 72 * 60 * 60 * 1000,
            ServiceError::MaintenanceTooLong
        );
        let pending = self.service(service)?.maintenance.iter();
        let pending = pending.filter(|until| **until > self.now).count();
        ensure!(pending < 32, ServiceError::TooManyMaintenances);
        Ok(())
    }
}

fn ensure_names(name: &Text<64>, url: &Text<128>) -> Check {
    ensure!(name.is_utf8() && url.is_utf8(), ServiceError::TextNotUtf8);
    ensure!(!name.is_empty(), ServiceError::NameEmpty);
    Ok(())
}

/// Whether rules make sense together.
pub fn make_sense(rules: &Rules) -> bool {
    rules.quorum > 0
        && rules.min_measured <= rules.quorum
        && rules.dispute_window.0 > 0
        && rules.dispute_window <= rules.dispute_window_max
        && rules.lapse_after.0 > 0
}
