//! What the council may be asked to do, on the command line and in words.

use std::path::Path;

use clap::{Args, Subcommand};
use faultline_client::council::Proposal;
use faultline_primitives::{
    organisation::{Admission, Roles},
    quota::Quota,
    Account, GroupId, Hash, IncidentId, OrganisationId, Text,
};
use faultline_rpc::{view::ActView, FaultlineRpcClient};

use super::{
    council_rules::{self, RulesGiven},
    org,
    upgrade::Code,
};
use crate::{
    options::example,
    output,
    session::Session,
    trouble::{Result, Trouble},
};

/// What the council may be asked to do.
#[derive(Subcommand)]
pub enum Act {
    /// Admit an organisation.
    #[command(after_help = example("council propose admit 'Wide Area Watch' --role reporter\n\
        --admin 0x10c4f4ce94ed3e2433041ab1196983e1411b70a7e1895621074c6fde8ae516e8\n--key dev:alice-admin"))]
    Admit {
        /// Its name, in 64 bytes at most.
        name: Text<64>,
        /// Its address on the web, in 128 bytes at most.
        #[arg(long, default_value = "")]
        url: Text<128>,
        #[command(flatten)]
        roles: RolesGiven,
        /// The group of organisations with which it counts together; else it gets one of its own.
        #[arg(long)]
        group: Option<u32>,
        /// Its admin key: the public key, as its holder's `faultline key new` printed it.
        #[arg(long, value_name = "PUBLIC_KEY")]
        admin: Account,
        #[command(flatten)]
        quota: QuotaGiven,
    },
    /// Suspend an organisation: it may not speak any more. What it said stands.
    #[command(after_help = example("council propose suspend 3 --key dev:alice-admin"))]
    Suspend {
        /// Its number.
        organisation: u32,
    },
    /// Take a suspension back.
    #[command(after_help = example("council propose reinstate 3 --key dev:alice-admin"))]
    Reinstate {
        /// The organisation's number.
        organisation: u32,
    },
    /// Set what an organisation may do: all of it; a role that is not named it has no longer.
    #[command(after_help = example("council propose set-roles 3 --role reporter --role arbiter\n--key dev:alice-admin"))]
    SetRoles {
        /// Its number.
        organisation: u32,
        #[command(flatten)]
        roles: RolesGiven,
    },
    /// Set with whom an organisation counts together, from now on.
    #[command(after_help = example("council propose set-group 3 2 --key dev:alice-admin"))]
    SetGroup {
        /// Its number.
        organisation: u32,
        /// The group's number: `faultline org list` shows those of the others.
        group: u32,
    },
    /// Set how much an organisation may do.
    #[command(after_help = example("council propose set-quota 3 --burst 600 --per-block 20\n--key dev:alice-admin"))]
    SetQuota {
        /// Its number.
        organisation: u32,
        #[command(flatten)]
        quota: QuotaGiven,
    },
    /// Put another admin key in place, for an organisation that lost its own.
    #[command(after_help = example("council propose reset-admin 3 --key dev:alice-admin\n\
        0xcfdc0392a634bb91880c437b8b5fa7f3e8c5a8e62f0d0952857f3c634f01c2b9"))]
    ResetAdmin {
        /// The organisation's number.
        organisation: u32,
        /// The public key.
        #[arg(value_name = "PUBLIC_KEY")]
        admin: Account,
    },
    /// List a service that somebody registered.
    #[command(after_help = example("council propose list openai/api --key dev:alice-admin"))]
    List {
        /// Its slug.
        slug: String,
    },
    /// List a service no longer.
    #[command(after_help = example("council propose unlist openai/api --key dev:alice-admin"))]
    Unlist {
        /// Its slug.
        slug: String,
    },
    /// Say which organisation provides a service: it may reply for it, and is not counted.
    #[command(after_help = example("council propose assign-provider openai/api 4 --key dev:alice-admin"))]
    AssignProvider {
        /// The service's slug.
        slug: String,
        /// The organisation's number; none takes the provider away.
        organisation: Option<u32>,
    },
    /// Retire a service: no incident is opened on it any more.
    #[command(after_help = example("council propose retire openai/sora --key dev:alice-admin"))]
    Retire {
        /// Its slug.
        slug: String,
    },
    /// Set the rules for incidents to come; what is not named stays. Wants two thirds of the seats.
    #[command(after_help = example("council propose set-rules --quorum 3 --lapse-after 2days\n--key dev:alice-admin"))]
    SetRules(RulesGiven),
    /// Redact the body of a text that must not be public. The entry, with the text's digest, stays, and says that it
    /// was redacted. Wants two thirds of the seats.
    #[command(after_help = example("council propose redact 0 0 --key dev:alice-admin"))]
    Redact {
        /// The incident's number.
        incident: u64,
        /// The number of the entry whose text it is.
        entry: u32,
    },
    /// Give an organisation a seat. Wants two thirds of the seats.
    #[command(after_help = example("council propose give-seat 2 --key dev:alice-admin"))]
    GiveSeat {
        /// Its number.
        organisation: u32,
    },
    /// Take an organisation's seat. Wants two thirds of the seats.
    #[command(after_help = example("council propose take-seat 5 --key dev:alice-admin"))]
    TakeSeat {
        /// Its number.
        organisation: u32,
    },
    /// Make an organisation a validator, which has set its keys. It acts from the turn of sessions after the next. Wants two
    /// thirds of the seats.
    #[command(after_help = example("council propose add-validator 4 --key dev:alice-admin"))]
    AddValidator {
        /// The organisation's number.
        organisation: u32,
    },
    /// Make an organisation no validator any more, from the turn of sessions after the next. Wants two thirds of the
    /// seats.
    #[command(after_help = example("council propose remove-validator 3 --key dev:alice-admin"))]
    RemoveValidator {
        /// The organisation's number.
        organisation: u32,
    },
    /// Authorize a runtime: once it has waited in the open, any organisation may put it in place. Wants two thirds of the
    /// seats.
    #[command(after_help = example("council propose authorize-upgrade next.wasm --key dev:alice-admin"))]
    AuthorizeUpgrade {
        /// The file of its code, or the hash of that as `faultline upgrade hash` shows it.
        #[arg(value_name = "FILE_OR_HASH")]
        code: String,
    },
    /// Take back what was authorized.
    #[command(after_help = example("council propose cancel-upgrade --key dev:alice-admin"))]
    CancelUpgrade,
    /// Publish a checkpoint: the block before that of the act, and the validators that make final what follows. Who trusts
    /// it wants to see no history before it.
    #[command(after_help = example("council propose publish-checkpoint --key dev:alice-admin"))]
    PublishCheckpoint,
    /// Pause a call of the members'. Governance cannot be paused.
    #[command(after_help = example("council propose pause Incidents.report_many --key dev:alice-admin"))]
    Pause {
        /// The call by its pallet and name: Incidents.report.
        call: CallName,
    },
    /// Open a paused call again.
    #[command(after_help = example("council propose unpause Incidents.report_many --key dev:alice-admin"))]
    Unpause {
        /// The call by its pallet and name: Incidents.report.
        call: CallName,
    },
}

/// Roles on the command line.
#[derive(Args)]
pub struct RolesGiven {
    /// What it may do: reporter, provider, arbiter. Several by naming it several times.
    #[arg(long = "role", value_name = "ROLE", value_enum)]
    roles: Vec<Role>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Role {
    /// May attest.
    Reporter,
    /// May reply for the services assigned to it.
    Provider,
    /// May rule on disputes.
    Arbiter,
}

impl RolesGiven {
    fn all(&self) -> Roles {
        Roles {
            reporter: self.roles.contains(&Role::Reporter),
            provider: self.roles.contains(&Role::Provider),
            arbiter: self.roles.contains(&Role::Arbiter),
        }
    }
}

/// A quota on the command line.
#[derive(Args)]
pub struct QuotaGiven {
    /// Most actions at once.
    #[arg(long, value_name = "ACTIONS", default_value_t = 600)]
    burst: u32,
    /// Actions that come back with each block.
    #[arg(long, value_name = "ACTIONS", default_value_t = 20)]
    per_block: u32,
}

impl QuotaGiven {
    fn quota(&self) -> Quota {
        Quota {
            burst: self.burst,
            per_block: self.per_block,
        }
    }
}

/// A call by its names.
#[derive(Clone, Debug)]
pub struct CallName(Text<32>, Text<32>);

impl std::str::FromStr for CallName {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (pallet, call) = text
            .split_once('.')
            .ok_or_else(|| format!("`{text}` is not PALLET.CALL, such as Incidents.report"))?;
        Ok(Self(pallet.parse()?, call.parse()?))
    }
}

impl Act {
    /// What the council is asked to do, with services looked up by their slugs.
    pub async fn proposal(self, session: &Session) -> Result<Proposal> {
        let organisation = OrganisationId;
        Ok(match self {
            Self::Admit {
                name,
                url,
                roles,
                group,
                admin,
                quota,
            } => {
                let new = Admission {
                    name,
                    url,
                    roles: roles.all(),
                    group: GroupId::default(),
                    admin,
                    quota: quota.quota(),
                };
                Proposal::admit(new, group.map(GroupId))
            }
            Self::Suspend { organisation: id } => Proposal::suspend(organisation(id)),
            Self::Reinstate { organisation: id } => Proposal::reinstate(organisation(id)),
            Self::SetRoles {
                organisation: id,
                roles,
            } => Proposal::set_roles(organisation(id), roles.all()),
            Self::SetGroup {
                organisation: id,
                group,
            } => Proposal::set_group(organisation(id), GroupId(group)),
            Self::SetQuota {
                organisation: id,
                quota,
            } => Proposal::set_quota(organisation(id), quota.quota()),
            Self::ResetAdmin {
                organisation: id,
                admin,
            } => Proposal::reset_admin(organisation(id), admin),
            Self::List { slug } => Proposal::list(session.service_id(&slug).await?, true),
            Self::Unlist { slug } => Proposal::list(session.service_id(&slug).await?, false),
            Self::AssignProvider {
                slug,
                organisation: id,
            } => Proposal::assign_provider(session.service_id(&slug).await?, id.map(organisation)),
            Self::Retire { slug } => Proposal::retire(session.service_id(&slug).await?),
            Self::SetRules(given) => {
                let now = session.client.answer(session.client.rpc().rules()).await?.data;
                let rules = given.over(now);
                if rules == now {
                    return Err(Trouble::failed("rules", "these are the rules in force already")
                        .with_advice("Name what is to be another, such as --quorum 3."));
                }
                if !rules.are_sound() {
                    return Err(Trouble::failed("rules", "these rules make no sense together").with_advice(
                        "A quorum of at least one, no more measured than that, and windows that are open.",
                    ));
                }
                Proposal::set_rules(rules)
            }
            Self::Redact { incident, entry } => Proposal::redact(IncidentId(incident), entry),
            Self::GiveSeat { organisation: id } => Proposal::give_seat(organisation(id)),
            Self::TakeSeat { organisation: id } => Proposal::take_seat(organisation(id)),
            Self::AddValidator { organisation: id } => Proposal::add_validator(organisation(id)),
            Self::RemoveValidator { organisation: id } => Proposal::remove_validator(organisation(id)),
            Self::AuthorizeUpgrade { code } => Proposal::authorize_upgrade(hash(session, &code)?),
            Self::CancelUpgrade => Proposal::cancel_upgrade(),
            Self::PublishCheckpoint => Proposal::publish_checkpoint(),
            Self::Pause {
                call: CallName(pallet, call),
            } => Proposal::pause(pallet, call),
            Self::Unpause {
                call: CallName(pallet, call),
            } => Proposal::unpause(pallet, call),
        })
    }
}

/// The hash that is given, or that of the code in the file that is.
fn hash(session: &Session, code: &str) -> Result<Hash> {
    if let Ok(hash) = code.parse() {
        return Ok(hash);
    }
    let code = Code::read(Path::new(code))?;
    if !session.json {
        output::talk(format_args!("The code's hash is {}.", code.hash));
    }
    Ok(code.hash)
}

/// What the council does, in words.
pub fn words(act: &ActView) -> String {
    match act {
        ActView::Admit { name, admin } => format!("admit \"{name}\", admin key {admin}"),
        ActView::Suspend { organisation } => format!("suspend organisation {organisation}"),
        ActView::Reinstate { organisation } => format!("reinstate organisation {organisation}"),
        ActView::SetRoles { organisation, roles } => {
            format!(
                "set the roles of organisation {organisation}: {}",
                org::roles(*roles)
            )
        }
        ActView::SetGroup { organisation, group } => {
            format!("count organisation {organisation} with group {group}")
        }
        ActView::SetQuota { organisation, quota } => format!(
            "set the quota of organisation {organisation}: {} at once, {} more with each block",
            quota.burst, quota.per_block
        ),
        ActView::ResetAdmin { organisation, admin } => {
            format!("set the admin key of organisation {organisation}: {admin}")
        }
        ActView::List {
            service,
            listed: true,
        } => format!("list service {service}"),
        ActView::List {
            service,
            listed: false,
        } => format!("list service {service} no longer"),
        ActView::AssignProvider {
            service,
            provider: Some(provider),
        } => format!("let organisation {provider} provide service {service}"),
        ActView::AssignProvider {
            service,
            provider: None,
        } => format!("take the provider of service {service} away"),
        ActView::Retire { service } => format!("retire service {service}"),
        ActView::SetRules { rules } => format!("set the rules: {}", council_rules::words(rules)),
        ActView::Redact { incident, entry } => {
            format!("redact the text of entry {entry} of incident {incident}")
        }
        ActView::GiveSeat { organisation } => format!("give organisation {organisation} a seat"),
        ActView::TakeSeat { organisation } => format!("take the seat of organisation {organisation}"),
        ActView::Pause { call } => format!("pause {call}"),
        ActView::Unpause { call } => format!("open {call} again"),
        ActView::AddValidator { organisation } => format!("make organisation {organisation} a validator"),
        ActView::RemoveValidator { organisation } => {
            format!("make organisation {organisation} no validator any more")
        }
        ActView::AuthorizeUpgrade { code } => format!("authorize the runtime {code}"),
        ActView::CancelUpgrade => "take back what runtime is authorized".into(),
        ActView::PublishCheckpoint => "publish a checkpoint".into(),
    }
}
