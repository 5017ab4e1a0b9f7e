//! `faultline reporter`

use clap::Subcommand;
use faultline_client::Call;
use faultline_primitives::{Account, Text};
use faultline_rpc::{
    view::{At, KeyView},
    FaultlineRpcClient,
};

use super::{org, record};
use crate::{
    options::example,
    output,
    session::Session,
    trouble::{Result, Trouble},
};

#[derive(Subcommand)]
pub enum Reporter {
    /// Add a reporter key to your organisation. Wants its admin key.
    #[command(after_help = example("reporter add --label probe-7 --key dev:alice-admin\n\
        0xdaf643a3e5124ed24778c80ebc3b82e81236a216a27859b6bb1c7b18e7419cff"))]
    Add {
        /// The public key, as `faultline key new` and `key show` print it.
        #[arg(value_name = "PUBLIC_KEY")]
        public_key: Account,
        /// What you call it, in 32 bytes at most.
        #[arg(long, value_name = "NAME")]
        label: Text<32>,
    },
    /// Revoke a reporter key of your organisation, for ever. Wants its admin key.
    #[command(after_help = example("reporter revoke --key dev:alice-admin\n\
        0xdaf643a3e5124ed24778c80ebc3b82e81236a216a27859b6bb1c7b18e7419cff"))]
    Revoke {
        /// The public key.
        #[arg(value_name = "PUBLIC_KEY")]
        public_key: Account,
    },
    /// List all reporter keys that an organisation ever had.
    #[command(after_help = example("reporter list 0"))]
    List {
        /// The organisation's number; where not given, that of the organisation that --key speaks for.
        organisation: Option<u32>,
    },
}

impl Reporter {
    pub async fn run(self, session: &Session) -> Result<()> {
        let call = match self {
            Self::Add { public_key, label } => Call::add_reporter(public_key, &label),
            Self::Revoke { public_key } => Call::revoke_reporter(public_key),
            Self::List { organisation } => return list(session, organisation).await,
        };
        let recorded = session.execute(&call).await?;
        record::print(session, &recorded)
    }
}

async fn list(session: &Session, organisation: Option<u32>) -> Result<()> {
    let client = &session.client;
    let id = match organisation {
        Some(id) => id,
        None => own(session).await?,
    };
    let answer = client.answer(client.rpc().organisation(id)).await?;
    let answer = At {
        at: answer.at,
        data: answer.data.keys,
    };
    output::answer(session.json, &answer, |keys| table(keys))
}

/// The number of the organisation that the key speaks for.
async fn own(session: &Session) -> Result<u32> {
    let key = session.key()?.account();
    let organisations = org::all(session).await?.data;
    let own = organisations.iter().find(|organisation| {
        organisation.admin == key || organisation.keys.iter().any(|held| held.key == key)
    });
    own.map(|organisation| organisation.id.0).ok_or_else(|| {
        Trouble::failed("notFound", format!("no organisation has the key {key}"))
            .with_advice("Name the organisation by its number: `faultline org list`.")
    })
}

/// Keys and their histories.
pub fn table(keys: &[KeyView]) -> String {
    let rows = keys.iter().map(|held| {
        vec![
            held.key.to_string(),
            held.label.clone(),
            held.added
                .map_or_else(|| "genesis".into(), |time| time.to_string()),
            output::or_dash(held.revoked),
        ]
    });
    output::table(&["REPORTER KEY", "LABEL", "ADDED", "REVOKED"], rows)
}
