//! What the council did and what came of it, in JSON.

use faultline_primitives::{
    consortium::{Act, Action},
    organisation::Roles,
    quota::Quota,
    rules::Rules,
    Account, Entry, GroupId, Hash, IncidentId, OrganisationId, ServiceId,
};
use serde::{Deserialize, Serialize};

use super::{CheckpointView, Utc};

/// What the council does; `act` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "act", rename_all_fields = "camelCase")]
pub enum ActView {
    /// Admits an organisation.
    Admit {
        /// Its name.
        name: String,
        /// Its admin key.
        admin: Account,
    },
    /// Suspends an organisation.
    Suspend {
        /// Which.
        organisation: OrganisationId,
    },
    /// Takes a suspension back.
    Reinstate {
        /// Of which.
        organisation: OrganisationId,
    },
    /// Sets what an organisation may do.
    SetRoles {
        /// Which.
        organisation: OrganisationId,
        /// What.
        roles: Roles,
    },
    /// Sets with whom an organisation counts together.
    SetGroup {
        /// Which.
        organisation: OrganisationId,
        /// With whom.
        group: GroupId,
    },
    /// Sets how much an organisation may do.
    SetQuota {
        /// Which.
        organisation: OrganisationId,
        /// How much.
        quota: Quota,
    },
    /// Puts another admin key in place.
    ResetAdmin {
        /// Whose.
        organisation: OrganisationId,
        /// Which key.
        admin: Account,
    },
    /// Lists a service, or no longer does.
    List {
        /// Which.
        service: ServiceId,
        /// Whether it is listed.
        listed: bool,
    },
    /// Says who provides a service.
    AssignProvider {
        /// Which.
        service: ServiceId,
        /// Who; nobody where there is none.
        provider: Option<OrganisationId>,
    },
    /// Retires a service.
    Retire {
        /// Which.
        service: ServiceId,
    },
    /// Sets the rules for incidents to come.
    SetRules {
        /// The rules.
        rules: Rules,
    },
    /// Redacts the body of a text.
    Redact {
        /// The incident.
        incident: IncidentId,
        /// The entry that commits to it.
        entry: u32,
    },
    /// Gives an organisation a seat.
    GiveSeat {
        /// Which.
        organisation: OrganisationId,
    },
    /// Takes an organisation's seat.
    TakeSeat {
        /// Which.
        organisation: OrganisationId,
    },
    /// Pauses a call.
    Pause {
        /// By pallet and name.
        call: String,
    },
    /// Opens a paused call again.
    Unpause {
        /// By pallet and name.
        call: String,
    },
    /// Makes an organisation a validator.
    AddValidator {
        /// Which.
        organisation: OrganisationId,
    },
    /// Makes an organisation no validator any more.
    RemoveValidator {
        /// Which.
        organisation: OrganisationId,
    },
    /// Authorizes a runtime.
    AuthorizeUpgrade {
        /// The hash of its code.
        code: Hash,
    },
    /// Takes back what was authorized.
    CancelUpgrade,
    /// Publishes a checkpoint: the entry after this one.
    PublishCheckpoint,
}

impl From<Act> for ActView {
    fn from(act: Act) -> Self {
        match act {
            Act::Admit { name, admin } => Self::Admit {
                name: name.to_string(),
                admin,
            },
            Act::Suspend(organisation) => Self::Suspend { organisation },
            Act::Reinstate(organisation) => Self::Reinstate { organisation },
            Act::SetRoles(organisation, roles) => Self::SetRoles { organisation, roles },
            Act::SetGroup(organisation, group) => Self::SetGroup { organisation, group },
            Act::SetQuota(organisation, quota) => Self::SetQuota { organisation, quota },
            Act::ResetAdmin(organisation, admin) => Self::ResetAdmin { organisation, admin },
            Act::List(service, listed) => Self::List { service, listed },
            Act::AssignProvider(service, provider) => Self::AssignProvider { service, provider },
            Act::Retire(service) => Self::Retire { service },
            Act::SetRules(rules) => Self::SetRules { rules },
            Act::Redact(incident, entry) => Self::Redact { incident, entry },
            Act::GiveSeat(organisation) => Self::GiveSeat { organisation },
            Act::TakeSeat(organisation) => Self::TakeSeat { organisation },
            Act::Pause(pallet, call) => Self::Pause {
                call: format!("{pallet}.{call}"),
            },
            Act::Unpause(pallet, call) => Self::Unpause {
                call: format!("{pallet}.{call}"),
            },
            Act::AddValidator(organisation) => Self::AddValidator { organisation },
            Act::RemoveValidator(organisation) => Self::RemoveValidator { organisation },
            Act::AuthorizeUpgrade(code) => Self::AuthorizeUpgrade { code },
            Act::CancelUpgrade => Self::CancelUpgrade,
            Act::PublishCheckpoint => Self::PublishCheckpoint,
        }
    }
}

/// An entry of the consortium's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ActEntryView {
    /// Its place in the log.
    pub number: u32,
    /// The block that recorded it.
    pub block: u32,
    /// That block's time; none of the genesis block, which has none.
    pub recorded_at: Option<Utc>,
    /// What was done.
    #[serde(flatten)]
    pub action: ConsortiumActionView,
}

/// What an entry of the consortium's log says; `what` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "what", rename_all_fields = "camelCase")]
pub enum ConsortiumActionView {
    /// The chain began.
    Founded {
        /// Who had a seat.
        organisations: Vec<OrganisationId>,
        /// Who was a validator.
        validators: Vec<OrganisationId>,
        /// Fewest validators that there may ever be.
        floor: u32,
        /// How long a runtime waits before it can be put in place, in milliseconds.
        upgrade_delay: u64,
    },
    /// The council did something.
    Enacted {
        /// What.
        #[serde(flatten)]
        act: ActView,
        /// How many seats were for it.
        ayes: u32,
        /// Of how many.
        seats: u32,
    },
    /// A validator voted for two blocks in one round of finality.
    Equivocated {
        /// Who.
        validator: OrganisationId,
        /// In which session.
        session: u32,
    },
    /// A runtime was put in place.
    Upgraded {
        /// The hash of its code.
        code: Hash,
        /// Its version.
        spec_version: u32,
    },
    /// A checkpoint was published.
    Checkpointed(CheckpointView),
}

impl ActEntryView {
    /// The view of an entry.
    pub fn new(number: u32, entry: Entry<Action>) -> Self {
        Self {
            number,
            block: entry.block,
            recorded_at: (entry.block > 0).then_some(Utc(entry.at)),
            action: match entry.action {
                Action::Founded {
                    seats,
                    validators,
                    floor,
                    upgrade_delay,
                } => ConsortiumActionView::Founded {
                    organisations: seats.to_vec(),
                    validators: validators.to_vec(),
                    floor,
                    upgrade_delay: upgrade_delay.0,
                },
                Action::Equivocated { validator, session } => {
                    ConsortiumActionView::Equivocated { validator, session }
                }
                Action::Upgraded { code, spec_version } => {
                    ConsortiumActionView::Upgraded { code, spec_version }
                }
                Action::Checkpointed(checkpoint) => ConsortiumActionView::Checkpointed(checkpoint.into()),
                Action::Enacted { act, ayes, seats } => ConsortiumActionView::Enacted {
                    act: act.into(),
                    ayes,
                    seats,
                },
            },
        }
    }
}
