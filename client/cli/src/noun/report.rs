//! `faultline report`

use clap::Args;
use faultline_client::Call;

use super::record;
use crate::{observation::Seen, options::example, session::Session, trouble::Result};

/// Say what you see of a service: the shortest way.
///
/// The report joins the open incident that it lies near enough to in time, else it opens one; an incident is confirmed
/// once enough independent organisations report it.
#[derive(Args)]
#[command(after_help = example("report openai/chatgpt --claim down --key dev:alice"))]
pub struct Report {
    /// The service, by its slug: openai/chatgpt.
    service: String,
    #[command(flatten)]
    seen: Seen,
}

impl Report {
    pub async fn run(self, session: &Session) -> Result<()> {
        let (observation, text) = self.seen.read()?;
        let service = session.service_id(&self.service).await?;
        let recorded = session
            .execute(&Call::report(service, &observation, &text))
            .await?;
        record::print(session, &recorded)
    }
}
