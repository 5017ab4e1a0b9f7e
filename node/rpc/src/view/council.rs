//! The council in JSON: its seats, its motions, and what it did.

use faultline_primitives::{
    consortium::{Act, Action},
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
    /// The chain began with these seats.
    Founded {
        /// The organisations.
        organisations: Vec<OrganisationId>,
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
}

impl ActEntryView {
    /// The view of an entry.
    pub fn new(number: u32, entry: Entry<Action>) -> Self {
        Self {
            number,
            block: entry.block,
            recorded_at: (entry.block > 0).then_some(Utc(entry.at)),
            action: match entry.action {
                Action::Founded(seats) => ConsortiumActionView::Founded {
                    organisations: seats.to_vec(),
                },
                Action::Enacted { act, ayes, seats } => ConsortiumActionView::Enacted {
                    act: act.into(),
                    ayes,
                    seats,
                },
            },
        }
    }
}
