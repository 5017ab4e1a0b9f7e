//! Who may speak, and by which calls.

use alloc::vec::Vec;

use codec::Encode;
use faultline_primitives::{quota::Quota, refusal, OrganisationId};
use frame_support::{
    parameter_types,
    traits::{Contains, PalletInfo},
};
use pallet_consortium::EnsureCouncil;
use pallet_members::{Access, Gatekeeper, OnAdminSet, Role};

use super::consortium::act_of;
use crate::{
    Consortium, Council, Incidents, Members, Runtime, RuntimeCall, Services, Session, System, Timestamp,
    TxPause,
};

parameter_types! {
    /// Managing keys is rare: so many calls at once, one more with each block.
    pub const AdminQuota: Quota = Quota { burst: 32, per_block: 1 };
}

impl pallet_members::Config for Runtime {
    type CouncilOrigin = EnsureCouncil;
    type Time = Timestamp;
    type AdminQuota = AdminQuota;
    type Gatekeeper = Gate;
    type OnAdminSet = SeatsMove;
    type WeightInfo = crate::weights::pallet_members::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = super::benchmarks::Helper;
}

/// The council's seats vote by admin keys.
pub struct SeatsMove;

impl OnAdminSet for SeatsMove {
    fn admin_set(organisation: OrganisationId) {
        Consortium::admin_set(organisation);
    }
}

/// The allow-list: a call that is not on it enters no block, however it is signed.
pub struct Gate;

impl Gatekeeper<RuntimeCall> for Gate {
    fn access(call: &RuntimeCall) -> Access {
        use pallet_incidents::Call as Incident;
        use pallet_members::Call as Member;
        use pallet_services::Call as Service;
        // It contains what may be made.
        if !TxPause::contains(call) {
            return Access::Refused(refusal::Gate::CallPaused);
        }
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
            RuntimeCall::Session(pallet_session::Call::set_keys { .. })
            | RuntimeCall::Consortium(pallet_consortium::Call::apply_upgrade { .. })
            | RuntimeCall::Council(
                pallet_collective::Call::vote { .. } | pallet_collective::Call::close { .. },
            ) => Access::Admin,
            RuntimeCall::Council(pallet_collective::Call::propose {
                threshold, proposal, ..
            }) => motion(*threshold, proposal),
            _ => Access::Refused(refusal::Gate::CallNotOpen),
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
            (Info::index::<Council>(), Info::name::<Council>()),
            (Info::index::<Consortium>(), Info::name::<Consortium>()),
            (Info::index::<TxPause>(), Info::name::<TxPause>()),
            (Info::index::<Session>(), Info::name::<Session>()),
            (Info::index::<System>(), Info::name::<System>()),
        ];
        named
            .into_iter()
            .find(|(place, _)| *place == Some(index.into()))
            .and_then(|(_, name)| name)
    }
}

/// Who may propose a motion: an admin, if the motion is for an act, and asks for as many ayes as that wants. What asks
/// for fewer would be closed before it had them, and do nothing.
fn motion(threshold: u32, proposal: &RuntimeCall) -> Access {
    let Some(act) = act_of(proposal) else {
        return Access::Refused(refusal::Gate::NoCouncilAct);
    };
    let seats = u32::try_from(Consortium::seats().len()).unwrap_or(u32::MAX);
    if threshold < act.majority().ayes(seats) {
        return Access::Refused(refusal::Gate::ThresholdTooLow);
    }
    Access::Admin
}
