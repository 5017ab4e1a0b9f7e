//! Who may speak, and by which calls.

use alloc::vec::Vec;

use codec::Encode;
use faultline_primitives::{quota::Quota, OrganisationId};
use frame_support::{parameter_types, traits::PalletInfo};
use frame_system::EnsureNever;
use pallet_members::{Access, Gatekeeper, Role};

use crate::{Incidents, Members, Runtime, RuntimeCall, Services, Timestamp};

parameter_types! {
    /// Managing keys is rare: so many calls at once, one more with each block.
    pub const AdminQuota: Quota = Quota { burst: 32, per_block: 1 };
}

impl pallet_members::Config for Runtime {
    /// There is no council yet: nobody makes its calls.
    type CouncilOrigin = EnsureNever<()>;
    type Time = Timestamp;
    type AdminQuota = AdminQuota;
    type Gatekeeper = Gate;
}

/// The allow-list: a call that is not on it enters no block, however it is signed.
pub struct Gate;

impl Gatekeeper<RuntimeCall> for Gate {
    fn access(call: &RuntimeCall) -> Access {
        use pallet_incidents::Call as Incident;
        use pallet_members::Call as Member;
        use pallet_services::Call as Service;
        match call {
            RuntimeCall::Members(
                Member::add_reporter { .. } | Member::revoke_reporter { .. } | Member::rotate_admin { .. },
            ) => Access::Admin,
            RuntimeCall::Services(Service::register { .. })
            | RuntimeCall::Incidents(
                Incident::report { .. }
                | Incident::report_many { .. }
                | Incident::attest { .. }
                | Incident::withdraw { .. }
                | Incident::close { .. },
            ) => Access::Role(&[Role::Reporter]),
            RuntimeCall::Services(Service::describe { .. } | Service::announce_maintenance { .. })
            | RuntimeCall::Incidents(Incident::reply { .. }) => Access::Role(&[Role::Provider]),
            RuntimeCall::Incidents(Incident::dispute { .. }) => {
                Access::Role(&[Role::Reporter, Role::Provider])
            }
            RuntimeCall::Incidents(
                Incident::vote { .. } | Incident::link { .. } | Incident::unlink { .. },
            ) => Access::Role(&[Role::Arbiter]),
            _ => Access::Closed,
        }
    }

    /// One action, and of several reports one each.
    fn cost(call: &RuntimeCall) -> u32 {
        match call {
            RuntimeCall::Incidents(pallet_incidents::Call::report_many { reports }) => {
                u32::try_from(reports.len()).unwrap_or(u32::MAX).max(1)
            }
            _ => 1,
        }
    }

    /// Of one organisation's attestations of one incident a single one waits at a time: a second would only
    /// replace it, or be refused as a repetition.
    fn mark(organisation: OrganisationId, call: &RuntimeCall) -> Option<Vec<u8>> {
        match call {
            RuntimeCall::Incidents(pallet_incidents::Call::attest { incident, .. }) => {
                Some((b"attest", organisation, incident).encode())
            }
            _ => None,
        }
    }

    fn pallet_name(index: u8) -> Option<&'static str> {
        type Info = <Runtime as frame_system::Config>::PalletInfo;
        let named = [
            (Info::index::<Members>(), Info::name::<Members>()),
            (Info::index::<Services>(), Info::name::<Services>()),
            (Info::index::<Incidents>(), Info::name::<Incidents>()),
        ];
        named
            .into_iter()
            .find(|(place, _)| *place == Some(index.into()))
            .and_then(|(_, name)| name)
    }
}
