//! `faultline org`

use clap::Subcommand;
use faultline_client::Call;
use faultline_primitives::{organisation::Roles, Account, OrganisationId};
use faultline_rpc::{
    view::{At, OrganisationView},
    FaultlineRpcClient,
};

use super::{
    record, reporter,
    verified::{self, Standing, Word},
};
use crate::{options::example, output, session::Session, trouble::Result};

#[derive(Subcommand)]
pub enum Org {
    /// List all organisations.
    #[command(after_help = example("org list"))]
    List,
    /// Show an organisation, with the history of its keys. All of it is verified, from the genesis hash of the chain.
    #[command(after_help = example("org show 0"))]
    Show {
        /// Its number.
        organisation: u32,
        #[command(flatten)]
        word: Word,
    },
    /// Put another admin key in the place of your organisation's, which never speaks again. Wants the old one.
    ///
    /// Nobody can take this back, and the public key is all that is asked for: make sure that you hold the file of
    /// the new one. Reporter keys stay as they are.
    #[command(after_help = example("org rotate-admin --key dev:alice-admin\n\
        0xd18e9328ff399bf54d04cb5092d1f8a1a9aeaa399cddb77dc04e3fe0753dfd52"))]
    RotateAdmin {
        /// The public key of the new one, as `faultline key new` and `key show` print it.
        #[arg(value_name = "PUBLIC_KEY")]
        public_key: Account,
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
            Self::Show { organisation, word } => {
                let (answer, standing) = match word.unverified {
                    true => (
                        client.answer(client.rpc().organisation(organisation)).await?,
                        Standing::UNVERIFIED,
                    ),
                    false => verified::organisation(session, OrganisationId(organisation)).await?,
                };
                verified::answer(session, &answer, standing, show)
            }
            Self::RotateAdmin { public_key } => rotate_admin(session, public_key).await,
        }
    }
}

async fn rotate_admin(session: &Session, public_key: Account) -> Result<()> {
    let old = session.key()?.account();
    if !session.json {
        output::talk(format_args!(
            "Once this is final the admin key {old} never speaks again, and {public_key} speaks in its place."
        ));
    }
    let recorded = session.execute(&Call::rotate_admin(public_key)).await?;
    record::print(session, &recorded)
}

/// All organisations, as of the block of the last page.
pub async fn all(session: &Session) -> Result<At<Vec<OrganisationView>>> {
    let client = &session.client;
    let page = |from| async move { Ok(client.answer(client.rpc().organisations(from, None)).await?) };
    session.pages(page).await
}

pub fn roles(roles: Roles) -> String {
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
