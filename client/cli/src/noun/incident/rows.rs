//! Incidents as rows of a table.

use anstyle::Style;
use faultline_primitives::{
    incident::{Dispute, Status, Timeliness, Verdict},
    Millis,
};
use faultline_rpc::view::{IncidentView, Utc};

use crate::{
    moment::{lasted, minute},
    output::{self, within, Cell, Grid, BAD, DIM, GOOD, WARN},
};

const IN_ONE_LINE: &[&str] = &[
    "INCIDENT",
    "SERVICE",
    "VERDICT",
    "STATUS",
    "SEVERITY",
    "STARTED (UTC)",
    "LASTED",
    "BY",
    "SAID BESIDE",
];
const IN_TWO_LINES: &[&str] = &["INCIDENT", "SERVICE", "VERDICT", "STARTED (UTC)", "LASTED"];
/// Which column gives way: the slug's.
const SLUG: usize = 1;

/// A table of incidents that is printed as it comes: a line each, or two where a terminal has no room for one.
pub struct Rows {
    room: Option<usize>,
    layout: Option<Layout>,
}

enum Layout {
    OneLine(Grid),
    TwoLines(Grid),
}

impl Rows {
    /// A table for a terminal of this width, or for no terminal.
    pub fn new(room: Option<usize>) -> Self {
        Self { room, layout: None }
    }

    /// A page of it; the first with its head.
    pub fn page(&mut self, incidents: &[IncidentView]) -> String {
        let mut text = String::new();
        let room = self.room;
        let layout = self.layout.get_or_insert_with(|| {
            let layout = Layout::of(incidents, room);
            text += &layout.grid().head();
            layout
        });
        text.extend(incidents.iter().map(|incident| layout.row(incident, room)));
        text
    }
}

impl Layout {
    fn of(incidents: &[IncidentView], room: Option<usize>) -> Self {
        let rows: Vec<_> = incidents.iter().map(in_one_line).collect();
        let grid = Grid::fit(IN_ONE_LINE, SLUG, &rows, room);
        if room.is_none_or(|room| grid.width() <= room) {
            return Self::OneLine(grid);
        }
        let rows: Vec<_> = incidents.iter().map(in_two_lines).collect();
        Self::TwoLines(Grid::fit(IN_TWO_LINES, SLUG, &rows, room))
    }

    fn grid(&self) -> &Grid {
        match self {
            Self::OneLine(grid) | Self::TwoLines(grid) => grid,
        }
    }

    fn row(&self, incident: &IncidentView, room: Option<usize>) -> String {
        match self {
            Self::OneLine(grid) => grid.row(&in_one_line(incident)),
            Self::TwoLines(grid) => {
                let mut text = grid.row(&in_two_lines(incident));
                let indent = grid.indent();
                for line in within(&second_line(incident), room, indent) {
                    text += &format!("{:indent$}{}\n", "", output::paint(DIM, &line));
                }
                text
            }
        }
    }
}

fn in_one_line(incident: &IncidentView) -> Vec<Cell> {
    vec![
        incident.id.to_string().into(),
        incident.slug.as_str().into(),
        verdict(incident),
        status(incident),
        output::or_dash(incident.severity).into(),
        started(incident).into(),
        length(incident).into(),
        incident.affirming.to_string().into(),
        output::or_dash(Some(beside(incident).join(", ")).filter(|said| !said.is_empty())).into(),
    ]
}

fn in_two_lines(incident: &IncidentView) -> Vec<Cell> {
    vec![
        incident.id.to_string().into(),
        incident.slug.as_str().into(),
        verdict(incident),
        started(incident).into(),
        length(incident).into(),
    ]
}

fn second_line(incident: &IncidentView) -> String {
    let mut parts = vec![incident.status.to_string()];
    parts.extend(incident.severity.map(|severity| severity.to_string()));
    parts.push(match incident.affirming {
        0 => "no group affirms it".into(),
        1 => "1 group affirms it".into(),
        n => format!("{n} groups affirm it"),
    });
    parts.extend(beside(incident));
    parts.join(", ")
}

/// What stands beside the verdict: the provider's word, a dispute, and what it may be a duplicate of.
fn beside(incident: &IncidentView) -> Vec<String> {
    let mut said = Vec::new();
    said.extend(
        incident
            .reply
            .as_ref()
            .map(|reply| format!("provider {}", reply.status)),
    );
    if incident.dispute != Dispute::None {
        said.push(format!("dispute {}", incident.dispute));
    }
    said.extend(incident.duplicate_of.map(|other| format!("duplicate of {other}")));
    said
}

/// A verdict, and whether it was recorded late.
pub fn verdict(incident: &IncidentView) -> Cell {
    let style = match incident.verdict {
        Verdict::Confirmed => BAD,
        Verdict::Contested => WARN,
        Verdict::Unconfirmed => Style::new(),
    };
    let late = if incident.timeliness == Some(Timeliness::Late) {
        ", late"
    } else {
        ""
    };
    Cell::new(style, format!("{}{late}", incident.verdict))
}

/// A status.
pub fn status(incident: &IncidentView) -> Cell {
    let style = match incident.status {
        Status::Ongoing => BAD,
        Status::Recovered => GOOD,
        Status::EndUnknown => WARN,
    };
    Cell::new(style, incident.status.to_string())
}

/// When it started, by the record; in doubt when it was first reported, where nobody who counts gives a start.
fn started(incident: &IncidentView) -> String {
    match &incident.started_at {
        Some(times) => minute(times.median),
        None => format!("{}?", minute(incident.first_reported_at)),
    }
}

/// How long it lasted, by the record; none while it has no end.
pub fn duration(incident: &IncidentView) -> Option<Millis> {
    let (Utc(from), Utc(to)) = (incident.started_at?.median, incident.ended_at?.median);
    Some(to.since(from))
}

fn length(incident: &IncidentView) -> String {
    output::or_dash(duration(incident).map(lasted))
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;
    use faultline_primitives::IncidentId;

    use super::*;
    use crate::fixture;

    /// Confirmed and answered, late and disputed, reported by nobody who counts, and with a long slug.
    fn incidents() -> Vec<IncidentView> {
        let mut answered = fixture::told().incident;
        answered.dispute = Dispute::None;
        let mut late = answered.clone();
        late.id = IncidentId(12_345);
        late.slug = "verizon/wireless/voice".into();
        late.timeliness = Some(Timeliness::Late);
        (late.status, late.ended_at, late.reply) = (Status::EndUnknown, None, None);
        late.dispute = Dispute::Open;
        let mut alone = answered.clone();
        alone.id = IncidentId(3);
        alone.slug = "a-provider-of-clouds/region-eu-west-1/storage/of-objects".into();
        (alone.verdict, alone.timeliness, alone.status) = (Verdict::Unconfirmed, None, Status::Ongoing);
        (alone.started_at, alone.ended_at, alone.severity) = (None, None, None);
        (alone.affirming, alone.reply) = (0, None);
        alone.duplicate_of = Some(IncidentId(2));
        vec![answered, late, alone]
    }

    fn table(room: Option<usize>) -> String {
        let text = strip_str(&Rows::new(room).page(&incidents())).to_string();
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(room.is_none_or(|room| widest <= Some(room)), "{text}");
        text
    }

    #[test]
    fn a_wide_terminal_has_a_line_an_incident() {
        insta::assert_snapshot!(table(Some(120)));
    }

    #[test]
    fn a_narrow_terminal_has_two_and_leaves_nothing_out() {
        insta::assert_snapshot!(table(Some(80)));
    }

    #[test]
    fn where_no_terminal_is_each_is_one_line_in_full() {
        let text = table(None);
        assert_eq!(text.lines().count(), 1 + incidents().len());
        for incident in incidents() {
            assert!(text.contains(&incident.slug), "{text}");
        }
    }

    #[test]
    fn the_second_page_has_no_head() {
        let mut rows = Rows::new(Some(80));
        let first = rows.page(&incidents());
        let second = rows.page(&incidents());
        assert!(first.contains("SERVICE") && !second.contains("SERVICE"));
        assert!(first.ends_with(&second));
    }
}
