//! `faultline service list`

use clap::Args;
use faultline_primitives::OrganisationId;
use faultline_rpc::{view::ServiceView, Cursor, ServiceFilter};

use super::listing::{self, Extent, Listed};
use crate::{
    options::example,
    output::{self, plain, Cell, Grid},
    session::Session,
    trouble::Result,
};

const TITLES: &[&str] = &["SERVICE", "NAME", "PROVIDER", "LISTED", "RETIRED", "INCIDENTS"];
/// Which column gives way: the name's, as the slug is what commands take.
const NAME: usize = 1;

/// List services in order of their slugs, as the node's index has them.
#[derive(Args)]
#[command(after_help = example("service list --under openai"))]
pub struct List {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    extent: Extent,
}

/// Which services. What is left out narrows nothing.
#[derive(Args)]
#[command(next_help_heading = "Which services")]
struct Which {
    /// This service and all whose slug begins with it and a slash.
    #[arg(long, value_name = "SLUG")]
    under: Option<String>,
    /// Those that this organisation runs.
    #[arg(long, value_name = "NUMBER")]
    provider: Option<u32>,
    /// Those that the council lists.
    #[arg(long, conflicts_with = "unlisted")]
    listed: bool,
    /// Those that it does not.
    #[arg(long)]
    unlisted: bool,
    /// Those that are retired.
    #[arg(long)]
    retired: bool,
}

impl Which {
    fn filter(&self) -> ServiceFilter {
        let listed = match (self.listed, self.unlisted) {
            (false, false) => None,
            (listed, _) => Some(listed),
        };
        ServiceFilter {
            under: self.under.clone(),
            provider: self.provider.map(OrganisationId),
            listed,
            retired: self.retired.then_some(true),
        }
    }
}

/// A filter in words; none where it narrows nothing.
fn words(filter: &ServiceFilter) -> Option<String> {
    let parts = [
        filter.under.as_ref().map(|slug| format!("under {slug}")),
        filter
            .provider
            .map(|provider| format!("provider organisation {provider}")),
        filter
            .listed
            .map(|listed| if listed { "listed" } else { "unlisted" }.into()),
        filter
            .retired
            .map(|retired| if retired { "retired" } else { "not retired" }.into()),
    ];
    let said: Vec<_> = parts.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(", "))
}

impl List {
    pub async fn run(self, session: &Session) -> Result<()> {
        let filter = &self.which.filter();
        let listed = Listed {
            names: ("service", "services"),
            filter: words(filter),
        };
        let client = &session.client;
        let page = |cursor: Option<Cursor>, limit| async move {
            Ok(client.services_page(filter, cursor.as_ref(), Some(limit)).await?)
        };
        let mut grid = None;
        listing::print(
            session,
            &self.extent,
            &listed,
            page,
            |services: &[ServiceView]| table(&mut grid, services, output::width()),
        )
        .await
    }
}

/// A page of services; the first with its head.
fn table(grid: &mut Option<Grid>, services: &[ServiceView], room: Option<usize>) -> String {
    let rows: Vec<_> = services.iter().map(row).collect();
    let mut text = String::new();
    let grid = grid.get_or_insert_with(|| {
        let grid = Grid::fit(TITLES, NAME, &rows, room);
        text += &grid.head();
        grid
    });
    text.extend(rows.iter().map(|row| grid.row(row)));
    text
}

fn row(service: &ServiceView) -> Vec<Cell> {
    let yes = |is: bool| Cell::from(if is { "yes" } else { "no" });
    vec![
        service.slug.as_str().into(),
        plain(&service.name).into(),
        output::or_dash(service.provider).into(),
        yes(service.listed),
        yes(service.retired),
        service.incidents.to_string().into(),
    ]
}

#[cfg(test)]
mod tests {
    use faultline_primitives::{Hash, ServiceId};

    use super::*;

    #[test]
    fn services_are_a_table_whose_names_give_way() {
        let service = |slug: &str, name: &str, provider| ServiceView {
            id: ServiceId(0),
            slug: slug.into(),
            name: name.into(),
            url: String::new(),
            parent: None,
            provider,
            listed: true,
            retired: false,
            maintenance: Vec::new(),
            changed_at: None,
            entries: 1,
            head: Hash([0; 32]),
            incidents: 12,
            incidents_head: None,
        };
        let services = [
            service("openai", "OpenAI", Some(OrganisationId(4))),
            service(
                "openai/chatgpt/voice-mode",
                "ChatGPT's voice mode, on every phone",
                None,
            ),
        ];
        let text = table(&mut None, &services, Some(80));
        let text = anstream::adapter::strip_str(&text).to_string();
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn a_filter_says_what_it_narrows() {
        let which = Which {
            under: Some("openai".into()),
            provider: Some(4),
            listed: false,
            unlisted: true,
            retired: true,
        };
        let filter = which.filter();
        assert_eq!(filter.listed, Some(false));
        assert_eq!(
            words(&filter).as_deref(),
            Some("under openai, provider organisation 4, unlisted, retired")
        );
        assert_eq!(words(&ServiceFilter::default()), None);
    }
}
