//! Motions: what the council may be asked to do, and what became of it.

use codec::{Compact, Decode, Encode};
use faultline_primitives::{
    consortium::Act,
    organisation::{Admission, Roles},
    quota::Quota,
    rules::Rules,
    Account, GroupId, Hash, IncidentId, OrganisationId, ServiceId, Text,
};

use crate::{call::Arguments, runtime::Runtime, Call, Refusal};

/// Something that the council may be asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    act: Act,
    call: Call,
}

impl Proposal {
    fn new(act: Act, pallet: &'static str, name: &'static str, arguments: &impl Encode) -> Self {
        Self {
            act,
            call: Call::new(pallet, name, arguments),
        }
    }

    /// The call by which the council would do it.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// What the council would do.
    pub fn act(&self) -> &Act {
        &self.act
    }

    /// Admits an organisation. With no group given it gets one of its own; the group in `new` does not count.
    pub fn admit(new: Admission, group: Option<GroupId>) -> Self {
        let Admission {
            name,
            url,
            roles,
            admin,
            quota,
            ..
        } = new;
        let arguments = (&name, url, roles, group, admin, quota).encode();
        Self {
            call: Call::encoded("Members", "admit", arguments),
            act: Act::Admit { name, admin },
        }
    }

    /// Suspends an organisation: it may not speak; what it said stands.
    pub fn suspend(organisation: OrganisationId) -> Self {
        Self::new(Act::Suspend(organisation), "Members", "suspend", &organisation)
    }

    /// Takes a suspension back.
    pub fn reinstate(organisation: OrganisationId) -> Self {
        Self::new(
            Act::Reinstate(organisation),
            "Members",
            "reinstate",
            &organisation,
        )
    }

    /// Sets what an organisation may do.
    pub fn set_roles(organisation: OrganisationId, roles: Roles) -> Self {
        let act = Act::SetRoles(organisation, roles);
        Self::new(act, "Members", "set_roles", &(organisation, roles))
    }

    /// Sets with whom an organisation counts together.
    pub fn set_group(organisation: OrganisationId, group: GroupId) -> Self {
        let act = Act::SetGroup(organisation, group);
        Self::new(act, "Members", "set_group", &(organisation, group))
    }

    /// Sets how much an organisation may do.
    pub fn set_quota(organisation: OrganisationId, quota: Quota) -> Self {
        let act = Act::SetQuota(organisation, quota);
        Self::new(act, "Members", "set_quota", &(organisation, quota))
    }

    /// Puts another admin key in place, for an organisation that lost its own.
    pub fn reset_admin(organisation: OrganisationId, admin: Account) -> Self {
        let act = Act::ResetAdmin(organisation, admin);
        Self::new(act, "Members", "reset_admin", &(organisation, admin))
    }

    /// Lists a service, or no longer does.
    pub fn list(service: ServiceId, listed: bool) -> Self {
        Self::new(Act::List(service, listed), "Services", "list", &(service, listed))
    }

    /// Says who provides a service.
    pub fn assign_provider(service: ServiceId, provider: Option<OrganisationId>) -> Self {
        let act = Act::AssignProvider(service, provider);
        Self::new(act, "Services", "assign_provider", &(service, provider))
    }

    /// Retires a service.
    pub fn retire(service: ServiceId) -> Self {
        Self::new(Act::Retire(service), "Services", "retire", &service)
    }

    /// Sets the rules for incidents to come.
    pub fn set_rules(rules: Rules) -> Self {
        Self::new(Act::SetRules(rules), "Incidents", "set_rules", &rules)
    }

    /// Redacts the body of a text.
    pub fn redact(incident: IncidentId, entry: u32) -> Self {
        let act = Act::Redact(incident, entry);
        Self::new(act, "Incidents", "redact", &(incident, entry))
    }

    /// Gives an organisation a seat.
    pub fn give_seat(organisation: OrganisationId) -> Self {
        Self::new(
            Act::GiveSeat(organisation),
            "Consortium",
            "give_seat",
            &organisation,
        )
    }

    /// Takes an organisation's seat.
    pub fn take_seat(organisation: OrganisationId) -> Self {
        Self::new(
            Act::TakeSeat(organisation),
            "Consortium",
            "take_seat",
            &organisation,
        )
    }

    /// Makes an organisation a validator, which has set its keys.
    pub fn add_validator(organisation: OrganisationId) -> Self {
        let act = Act::AddValidator(organisation);
        Self::new(act, "Consortium", "add_validator", &organisation)
    }

    /// Makes an organisation no validator any more.
    pub fn remove_validator(organisation: OrganisationId) -> Self {
        let act = Act::RemoveValidator(organisation);
        Self::new(act, "Consortium", "remove_validator", &organisation)
    }

    /// Authorizes a runtime by the hash of its code.
    pub fn authorize_upgrade(code: Hash) -> Self {
        Self::new(
            Act::AuthorizeUpgrade(code),
            "Consortium",
            "authorize_upgrade",
            &code,
        )
    }

    /// Takes back what was authorized.
    pub fn cancel_upgrade() -> Self {
        Self::new(Act::CancelUpgrade, "Consortium", "cancel_upgrade", &())
    }

    /// Publishes the block before the act as a checkpoint.
    pub fn publish_checkpoint() -> Self {
        Self::new(Act::PublishCheckpoint, "Consortium", "publish_checkpoint", &())
    }

    /// Pauses a call of the members'.
    pub fn pause(pallet: Text<32>, call: Text<32>) -> Self {
        let arguments = (&pallet, &call).encode();
        Self {
            act: Act::Pause(pallet, call),
            call: Call::encoded("TxPause", "pause", arguments),
        }
    }

    /// Opens a paused call again.
    pub fn unpause(pallet: Text<32>, call: Text<32>) -> Self {
        let arguments = (&pallet, &call).encode();
        Self {
            act: Act::Unpause(pallet, call),
            call: Call::encoded("TxPause", "unpause", arguments),
        }
    }
}

impl Call {
    /// Proposes a motion, in a council of so many seats.
    pub fn propose(proposal: &Proposal, seats: u32) -> Self {
        Self {
            pallet: "Council",
            name: "propose",
            arguments: Arguments::Motion {
                ayes: proposal.act.majority().ayes(seats),
                call: Box::new(proposal.call.clone()),
            },
        }
    }

    /// Votes on a motion: for or against it.
    pub fn vote_on_motion(hash: Hash, number: u32, aye: bool) -> Self {
        Self::new("Council", "vote", &(hash, Compact(number), aye))
    }

    /// Closes a motion that has its ayes, or can no longer get them, or whose time is over. `weight` and `length` are
    /// its bounds, as the node tells them.
    pub fn close_motion(hash: Hash, number: u32, weight: (u64, u64), length: u32) -> Self {
        let weight = (Compact(weight.0), Compact(weight.1));
        Self::new(
            "Council",
            "close",
            &(hash, Compact(number), weight, Compact(length)),
        )
    }
}

/// What a transaction did to a motion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MotionEvent {
    /// It was proposed.
    Proposed {
        /// Its number.
        number: u32,
        /// The hash of what is proposed.
        hash: Hash,
        /// How many ayes it wants.
        threshold: u32,
    },
    /// Somebody voted on it.
    Voted {
        /// How many are for it now.
        ayes: u32,
        /// How many are against it.
        nays: u32,
    },
    /// It was closed, as it has its ayes.
    Carried,
    /// It was closed, as it cannot get them.
    Rejected,
    /// It carried, and this came of it.
    Executed(std::result::Result<(), Refusal>),
    /// It is an act now: this entry of the consortium's log.
    Enacted {
        /// The entry's number.
        entry: u32,
    },
}

impl MotionEvent {
    /// The event of this pallet and name, if it is one of a motion.
    pub(crate) fn decode(
        runtime: &Runtime,
        (pallet, name): (&str, &str),
        fields: &mut &[u8],
    ) -> std::result::Result<Option<Self>, codec::Error> {
        Ok(Some(match (pallet, name) {
            ("Council", "Proposed") => {
                let (_, number, hash, threshold): (Account, u32, Hash, u32) = Decode::decode(fields)?;
                Self::Proposed {
                    number,
                    hash,
                    threshold,
                }
            }
            ("Council", "Voted") => {
                let (_, _, _, ayes, nays): (Account, Hash, bool, u32, u32) = Decode::decode(fields)?;
                Self::Voted { ayes, nays }
            }
            ("Council", "Approved") => Self::Carried,
            ("Council", "Disapproved") => Self::Rejected,
            ("Council", "Executed") => {
                let (_, failed): (Hash, bool) = Decode::decode(fields)?;
                Self::Executed(if failed {
                    Err(Refusal::in_block(runtime, fields)?)
                } else {
                    Ok(())
                })
            }
            ("Consortium", "Recorded") => Self::Enacted {
                entry: Decode::decode(fields)?,
            },
            _ => return Ok(None),
        }))
    }
}
