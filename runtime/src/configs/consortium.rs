//! Who keeps the chain: what act each call of the council's is.

use codec::Decode;
use faultline_primitives::{consortium::Act, OrganisationId, Text};
use pallet_consortium::{Acts, Codes, Organisations};
use sp_runtime::DispatchError;
use sp_version::RuntimeVersion;

use super::{
    council::{Carried, InCouncil},
    grandpa::ByGrandpa,
    session::KeysSet,
};
use crate::{weights::base, AccountId, Members, Runtime, RuntimeCall, System, Timestamp};

impl pallet_consortium::Config for Runtime {
    type CouncilCall = RuntimeCall;
    type MotionOrigin = Carried;
    type Acts = Named;
    type Organisations = ByMembers;
    type Voters = InCouncil;
    type SessionKeys = KeysSet;
    type Finality = ByGrandpa;
    type Codes = Later;
    type UpgradeWeight = base::Upgrade;
    type Time = Timestamp;
    type WeightInfo = crate::weights::pallet_consortium::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = super::benchmarks::Helper;
}

/// The list of all that the council may do.
pub struct Named;

impl Acts<RuntimeCall> for Named {
    fn act_of(call: &RuntimeCall) -> Option<Act> {
        use pallet_consortium::Call as Consortium;
        use pallet_incidents::Call as Incident;
        use pallet_members::Call as Member;
        use pallet_services::Call as Service;
        use pallet_tx_pause::Call as Pause;
        Some(match call {
            RuntimeCall::Members(call) => match call {
                Member::admit { name, admin, .. } => Act::Admit {
                    name: name.clone(),
                    admin: *admin,
                },
                Member::suspend { organisation } => Act::Suspend(*organisation),
                Member::reinstate { organisation } => Act::Reinstate(*organisation),
                Member::set_roles { organisation, roles } => Act::SetRoles(*organisation, *roles),
                Member::set_group { organisation, group } => Act::SetGroup(*organisation, *group),
                Member::set_quota { organisation, quota } => Act::SetQuota(*organisation, *quota),
                Member::reset_admin { organisation, admin } => Act::ResetAdmin(*organisation, *admin),
                _ => return None,
            },
            RuntimeCall::Services(call) => match call {
                Service::list { service, listed } => Act::List(*service, *listed),
                Service::assign_provider { service, provider } => Act::AssignProvider(*service, *provider),
                Service::retire { service } => Act::Retire(*service),
                _ => return None,
            },
            RuntimeCall::Incidents(call) => match call {
                Incident::set_rules { rules } => Act::SetRules(*rules),
                Incident::redact { incident, entry } => Act::Redact(*incident, *entry),
                _ => return None,
            },
            RuntimeCall::Consortium(call) => match call {
                Consortium::give_seat { organisation } => Act::GiveSeat(*organisation),
                Consortium::take_seat { organisation } => Act::TakeSeat(*organisation),
                Consortium::add_validator { organisation } => Act::AddValidator(*organisation),
                Consortium::remove_validator { organisation } => Act::RemoveValidator(*organisation),
                Consortium::authorize_upgrade { code } => Act::AuthorizeUpgrade(*code),
                Consortium::cancel_upgrade {} => Act::CancelUpgrade,
                Consortium::publish_checkpoint {} => Act::PublishCheckpoint,
                _ => return None,
            },
            RuntimeCall::TxPause(call) => match call {
                Pause::pause {
                    full_name: (pallet, call),
                } => Act::Pause(Text::from_bytes(pallet)?, Text::from_bytes(call)?),
                Pause::unpause {
                    ident: (pallet, call),
                } => Act::Unpause(Text::from_bytes(pallet)?, Text::from_bytes(call)?),
                _ => return None,
            },
            _ => return None,
        })
    }
}

/// A runtime of the same name and of a later version.
pub struct Later;

impl Codes for Later {
    fn check(code: &[u8]) -> Result<u32, DispatchError> {
        System::can_set_code(code, true).into_result()?;
        let version = sp_io::misc::runtime_version(code)
            .and_then(|version| RuntimeVersion::decode(&mut version.as_slice()).ok())
            .ok_or(frame_system::Error::<Runtime>::FailedToExtractRuntimeVersion)?;
        Ok(version.spec_version)
    }

    fn put(code: &[u8]) {
        System::update_code_in_storage(code);
    }
}

/// Seats vote by admin keys.
pub struct ByMembers;

impl Organisations for ByMembers {
    fn admin_of(organisation: OrganisationId) -> Option<AccountId> {
        let record = Members::organisation(organisation)?;
        Some(AccountId::new(record.state.admin.0))
    }
}

/// The act that a motion is for; none where it is for none, and could do nothing.
pub fn act_of(proposal: &RuntimeCall) -> Option<Act> {
    match proposal {
        RuntimeCall::Consortium(pallet_consortium::Call::enact { call }) => Named::act_of(call),
        _ => None,
    }
}
