//! `faultline service`

use clap::Subcommand;
use faultline_client::Call;
use faultline_primitives::{service::Slug, Span, Text};
use faultline_rpc::view::{MaintenanceView, ServiceDetail};

use super::{
    incident_words, record, service_list,
    verified::{self, Standing, Word},
};
use crate::{moment::Moment, observation::body, options::example, output, session::Session, trouble::Result};

#[derive(Subcommand)]
pub enum Service {
    /// Register a service. It stays unlisted until the council lists it; an organisation may have 16 such.
    #[command(after_help = example("service register shop/checkout --name Checkout --key dev:alice"))]
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
    /// Describe your service, as its provider.
    #[command(after_help = example("service describe openai/api --name 'OpenAI API' --key dev:eve"))]
    Describe {
        /// Its slug.
        slug: String,
        /// What people call it, in 64 bytes at most.
        #[arg(long)]
        name: Text<64>,
        /// Its address on the web, in 128 bytes at most.
        #[arg(long, default_value = "")]
        url: Text<128>,
    },
    /// Announce maintenance of your service, as its provider. Announced after it began, it is marked as late.
    #[command(after_help = example("service maintenance openai/api --from 'in 1h' --until 'in 3h'\n--text 'The database moves.' --key dev:eve"))]
    Maintenance {
        /// Its slug.
        slug: String,
        /// From when: 2024-12-11T23:16:00Z, "in 2h", now.
        #[arg(long, value_name = "TIME")]
        from: Moment,
        /// Until when; 72 hours later at most.
        #[arg(long, value_name = "TIME")]
        until: Moment,
        /// The notice, of 512 bytes at most.
        #[arg(long, default_value = "")]
        text: String,
    },
    List(service_list::List),
    /// Show a service with its latest incidents. All of it is verified, from the genesis hash of the chain.
    #[command(after_help = example("service show openai/chatgpt"))]
    Show {
        /// Its slug.
        slug: String,
        #[command(flatten)]
        word: Word,
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
            Self::Describe { slug, name, url } => {
                let service = session.service_id(&slug).await?;
                let recorded = session.execute(&Call::describe(service, &name, &url)).await?;
                record::print(session, &recorded)
            }
            Self::Maintenance {
                slug,
                from,
                until,
                text,
            } => {
                let text = body(&text)?;
                let service = session.service_id(&slug).await?;
                let span = Span {
                    from: from.0,
                    to: until.0,
                };
                let call = Call::announce_maintenance(service, span, &text);
                record::print(session, &session.execute(&call).await?)
            }
            Self::List(list) => list.run(session).await,
            Self::Show { slug, word } => {
                let (answer, standing) = match word.unverified {
                    true => (session.service(&slug).await?, Standing::UNVERIFIED),
                    false => verified::service(session, &slug).await?,
                };
                verified::answer(session, &answer, standing, show)
            }
        }
    }
}

fn show(detail: &ServiceDetail) -> String {
    let ServiceDetail {
        service: data,
        latest,
    } = detail;
    let provider = data.provider.map(|provider| format!("organisation {provider}"));
    let about = output::fields([
        ("service", format!("{} ({})", data.slug, data.name)),
        ("number", data.id.to_string()),
        ("url", data.url.clone()),
        ("part of", output::or_dash(data.parent.as_ref())),
        ("provider", output::or_dash(provider)),
        ("listed", if data.listed { "yes" } else { "no" }.into()),
        ("retired", if data.retired { "yes" } else { "no" }.into()),
        ("incidents", data.incidents.to_string()),
        ("log", output::log(data.entries, data.head)),
    ]);
    let maintenance = maintenance(&data.maintenance);
    if latest.is_empty() {
        return about + &maintenance;
    }
    let rows = latest.iter().map(|incident| {
        vec![
            incident.id.to_string(),
            incident_words::verdict(incident),
            incident.status.to_string(),
            output::or_dash(incident.started_at.map(|times| times.median)),
            output::or_dash(incident.ended_at.map(|times| times.median)),
        ]
    });
    let latest = output::table(&["INCIDENT", "VERDICT", "STATUS", "STARTED", "ENDED"], rows);
    format!("{about}{maintenance}\n{latest}")
}

fn maintenance(announced: &[MaintenanceView]) -> String {
    if announced.is_empty() {
        return String::new();
    }
    let rows = announced.iter().map(|one| {
        let notice = if one.late { "late" } else { "ahead" };
        vec![
            one.from.to_string(),
            one.until.to_string(),
            one.announced_at.to_string(),
            notice.into(),
        ]
    });
    let table = output::table(&["MAINTENANCE FROM", "UNTIL", "ANNOUNCED", "NOTICE"], rows);
    format!("\n{table}")
}
