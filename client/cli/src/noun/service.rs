//! `faultline service`

use clap::Subcommand;
use faultline_client::Call;
use faultline_primitives::{service::Slug, Text};
use faultline_rpc::view::ServiceView;

use super::{incident, record};
use crate::{output, session::Session, trouble::Result};

#[derive(Subcommand)]
pub enum Service {
    /// Register a service. It stays unlisted until the council lists it; an organisation may have 16 such.
    Register {
        /// What names it: parts of a-z, 0-9 and - joined by /, in 64 bytes at most.
        slug: Slug,
        /// What people call it, in 64 bytes at most.
        #[arg(long)]
        name: Text<64>,
        /// Its address on the web, in 128 bytes at most.
        #[arg(long, default_value = "")]
        url: Text<128>,
        /// The slug of the service that it is a component of.
        #[arg(long, value_name = "SLUG")]
        parent: Option<String>,
    },
    /// Show a service with its latest incidents.
    Show {
        /// Its slug.
        slug: String,
    },
}

impl Service {
    pub async fn run(self, session: &Session) -> Result<()> {
        match self {
            Self::Register {
                slug,
                name,
                url,
                parent,
            } => {
                let parent = match parent {
                    Some(parent) => Some(session.service_id(&parent).await?),
                    None => None,
                };
                let recorded = session
                    .execute(&Call::register(&slug, &name, &url, parent))
                    .await?;
                record::print(session, &recorded)
            }
            Self::Show { slug } => {
                let answer = session.service(&slug).await?;
                output::answer(session.json, &answer, show)
            }
        }
    }
}

fn show(data: &ServiceView) -> String {
    let provider = data.provider.map(|provider| format!("organisation {provider}"));
    let about = output::fields([
        ("service", format!("{} ({})", data.slug, data.name)),
        ("number", data.id.to_string()),
        ("url", data.url.clone()),
        ("part of", output::or_dash(data.parent.as_ref())),
        ("provider", output::or_dash(provider)),
        ("listed", if data.listed { "yes" } else { "no" }.into()),
        ("incidents", data.incidents.to_string()),
        ("log", output::log(data.entries, data.head)),
    ]);
    if data.latest.is_empty() {
        return about;
    }
    let rows = data.latest.iter().map(|incident| {
        vec![
            incident.id.to_string(),
            incident::verdict(incident),
            incident.status.to_string(),
            output::or_dash(incident.started_at.map(|times| times.median)),
            output::or_dash(incident.ended_at.map(|times| times.median)),
        ]
    });
    let latest = output::table(&["INCIDENT", "VERDICT", "STATUS", "STARTED", "ENDED"], rows);
    format!("{about}\n{latest}")
}
