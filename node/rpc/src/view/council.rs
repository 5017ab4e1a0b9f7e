//! The council in JSON: its seats, its motions, and what it did.

use faultline_primitives::{
    consortium::{Act, Action, Checkpoint},
    organisation::Roles,
    quota::Quota,
    rules::Rules,
    Account, Entry, GroupId, Hash, IncidentId, OrganisationId, ServiceId,
};
use serde::{Deserialize, Serialize};

use super::Utc;

/// The council.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CouncilView {
    /// Who has a seat, by number.
    pub seats: Vec<SeatView>,
    /// The motions that are open, in order of proposal.
    pub motions: Vec<MotionView>,
    /// The calls that it has paused, by pallet and name: `Incidents.report`.
    pub paused: Vec<String>,
    /// How many entries the consortium's log holds.
    pub entries: u32,
    /// The head over them.
    pub head: Hash,
}

/// A seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeatView {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// What that is called.
    pub name: String,
    /// The admin key by which it votes.
    pub key: Account,
}

/// A motion that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MotionView {
    /// Its number.
    pub number: u32,
    /// The hash of what is proposed.
    pub hash: Hash,
    /// What it is for; none where it is for no act of the council, and could do nothing.
    pub act: Option<ActView>,
    /// How many ayes it wants.
    pub threshold: u32,
    /// The organisations that are for it.
    pub ayes: Vec<OrganisationId>,
    /// The organisations that are against it.
    pub nays: Vec<OrganisationId>,
    /// The block until which it is open.
    pub open_until: u32,
    /// The bound of its length, with which it is closed.
    pub length: u32,
    /// The bound of its weight, with which it is closed: picoseconds of execution, and bytes of proof.
    pub weight: (u64, u64),
}

/// What the council does; `act` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// A block, and who makes final what follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckpointView {
    /// The block's number.
    pub block_number: u32,
    /// Its hash.
    pub hash: Hash,
    /// The number of the set of validators that makes the blocks after it final.
    pub set_id: u64,
    /// The hash of that set's keys and weights.
    pub set: Hash,
}

impl From<Checkpoint> for CheckpointView {
    fn from(checkpoint: Checkpoint) -> Self {
        Self {
            block_number: checkpoint.number,
            hash: checkpoint.hash,
            set_id: checkpoint.set_id,
            set: checkpoint.set,
        }
    }
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
                Action::Upgraded { code, spec_version } => ConsortiumActionView::Upgraded { code, spec_version },
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
