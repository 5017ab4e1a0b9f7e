//! `faultline org`

use clap::Subcommand;
use faultline_primitives::organisation::Roles;
use faultline_rpc::{
    view::{At, OrganisationView},
    FaultlineRpcClient,
};

use super::reporter;
use crate::{output, session::Session, trouble::Result};

#[derive(Subcommand)]
pub enum Org {
    /// List all organisations.
    List,
    /// Show an organisation, with the history of its keys.
    Show {
        /// Its number.
        organisation: u32,
    },
}

impl Org {
    pub async fn run(self, session: &Session) -> Result<()> {
        let client = &session.client;
        match self {
            Self::List => {
                let all = all(session).await?;
                output::answer(session.json, &all, |all| {
                    let rows = all.iter().map(|organisation| {
                        vec![
                            organisation.id.to_string(),
                            organisation.name.clone(),
                            roles(organisation.roles),
                            organisation.group.to_string(),
                            format!("{:?}", organisation.status),
                            organisation
                                .keys
                                .iter()
                                .filter(|key| key.revoked.is_none())
                                .count()
                                .to_string(),
                        ]
                    });
                    output::table(&["NUMBER", "NAME", "ROLES", "GROUP", "STATUS", "KEYS"], rows)
                })
            }
            Self::Show { organisation } => {
                let answer = client.answer(client.rpc().organisation(organisation)).await?;
                output::answer(session.json, &answer, show)
            }
        }
    }
}

/// All organisations, as of the block of the last page.
pub async fn all(session: &Session) -> Result<At<Vec<OrganisationView>>> {
    let client = &session.client;
    let (mut all, mut from) = (Vec::new(), None);
    loop {
        let page = client.answer(client.rpc().organisations(from, None)).await?;
        all.extend(page.data.items);
        match page.data.next {
            Some(next) => from = Some(next),
            None => {
                return Ok(At {
                    at: page.at,
                    data: all,
                })
            }
        }
    }
}

fn roles(roles: Roles) -> String {
    let named = [
        (roles.reporter, "reporter"),
        (roles.provider, "provider"),
        (roles.arbiter, "arbiter"),
    ];
    let held: Vec<_> = named
        .iter()
        .filter(|(held, _)| *held)
        .map(|(_, name)| *name)
        .collect();
    if held.is_empty() {
        "none".into()
    } else {
        held.join(", ")
    }
}

fn show(data: &OrganisationView) -> String {
    let about = output::fields([
        ("organisation", format!("{} ({})", data.name, data.id)),
        ("url", data.url.clone()),
        ("roles", roles(data.roles)),
        ("group", data.group.to_string()),
        ("status", format!("{:?}", data.status)),
        (
            "quota",
            format!(
                "{} actions at once, {} more with each block",
                data.quota.burst, data.quota.per_block
            ),
        ),
        ("admin key", data.admin.to_string()),
        ("log", output::log(data.entries, data.head)),
    ]);
    format!("{about}\n{}", reporter::table(&data.keys))
}
