//! `faultline incident list`

use clap::Args;
use faultline_rpc::Cursor;

use super::{
    filter::{self, When, Which},
    rows::Rows,
};
use crate::{
    noun::listing::{self, Extent, Listed},
    options::example,
    output,
    session::Session,
    trouble::Result,
};

/// List incidents, newest start first, as the node's index has them.
///
/// A start with a question mark is when the incident was first reported, where nobody who counts gives a start. BY is how
/// many groups that count affirm it. Where a terminal is narrow, each takes two lines; where stdout is no terminal, one.
#[derive(Args)]
#[command(after_help = example("incident list --under openai --verdict confirmed --from 2024-12-01"))]
pub struct List {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    when: When,
    #[command(flatten)]
    extent: Extent,
}

impl List {
    pub async fn run(self, session: &Session) -> Result<()> {
        let filter = self.which.filter_when(&self.when)?;
        let listed = Listed {
            names: ("incident", "incidents"),
            filter: filter::words(&filter),
        };
        let client = &session.client;
        let filter = &filter;
        let page = |cursor: Option<Cursor>, limit| async move {
            Ok(client
                .incidents_page(filter, cursor.as_ref(), Some(limit))
                .await?)
        };
        let mut rows = Rows::new(output::width());
        listing::print(session, &self.extent, &listed, page, |incidents| {
            rows.page(incidents)
        })
        .await
    }
}
