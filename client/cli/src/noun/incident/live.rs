//! What a watch shows on a terminal: the newest changes, in place.

use std::collections::VecDeque;

use faultline_rpc::view::{At, StatusView};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{
    acts,
    names::Names,
    rows::{status, verdict},
    watch::{Change, Changed, Subject},
};
use crate::{
    moment::clock,
    noun::status::pace,
    output::{self, for_stdout, paint, within, Cell, Grid, DIM, HEAD},
    session::Session,
    trouble::Result,
};

const INCIDENTS: &[&str] = &[
    "BLOCK", "INCIDENT", "SERVICE", "VERDICT", "STATUS", "SEVERITY", "GROUPS",
];
const ENTRIES: &[&str] = &["BLOCK", "ENTRY", "RECORDED (UTC)", "WHO DOES WHAT"];
/// Lines above the table, and one below it where the terminal's own prompt may come.
const AROUND: usize = 6;

/// A view that is drawn again with each change. Dropped, it stays as it is.
pub struct Live {
    bar: ProgressBar,
    view: View,
}

/// What it shows.
struct View {
    title: String,
    titles: &'static [&'static str],
    /// Which column gives way to a narrow terminal.
    gives_way: usize,
    /// How far the node is.
    pulse: String,
    /// How many blocks or entries are known to lie after the newest change.
    behind: u32,
    /// The newest changes, the newest first.
    rows: VecDeque<Vec<Cell>>,
}

impl Live {
    /// Begins one, if stdout is a terminal.
    pub fn begin(session: &Session, subject: &Subject) -> Option<Self> {
        output::terminal()?;
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stdout());
        bar.set_style(ProgressStyle::with_template("{msg}").ok()?);
        session.turns(&bar);
        let live = Self {
            bar,
            view: View::of(subject),
        };
        live.draw();
        Some(live)
    }

    /// Takes in how far the node is.
    pub fn pulse(&mut self, status: &Result<At<StatusView>>) {
        self.view.pulse(status);
        self.draw();
    }

    /// Takes in a change.
    pub fn change(&mut self, change: At<Change>, names: &Names) {
        self.view.change(&change, names);
        self.draw();
    }

    fn draw(&self) {
        let (width, height) = output::terminal().unwrap_or((80, 24));
        let text = self.view.text(width, height);
        self.bar.set_message(for_stdout(&text).into_owned());
        self.bar.tick();
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.bar.abandon();
    }
}

impl View {
    fn of(subject: &Subject) -> Self {
        let (titles, gives_way) = match subject {
            Subject::Incidents(_) => (INCIDENTS, 2),
            Subject::Entries(_) => (ENTRIES, 3),
        };
        Self {
            title: format!("Watching {}. Ctrl-C ends it.", subject.words()),
            titles,
            gives_way,
            pulse: "Asking the node.".into(),
            behind: 0,
            rows: VecDeque::new(),
        }
    }

    fn pulse(&mut self, status: &Result<At<StatusView>>) {
        self.pulse = match status {
            Ok(At { at, data }) => format!(
                "Final: block {}, {} UTC. Index: {}.",
                at.number,
                clock(data.finalized_at),
                pace(data.index.as_ref())
            ),
            Err(why) => format!("Not heard of now: {}.", why.what()),
        };
    }

    fn change(&mut self, change: &At<Change>, names: &Names) {
        let block = Cell::from(change.at.number.to_string());
        self.behind = change.data.behind;
        self.rows.push_front(match &change.data.what {
            Changed::Incident(incident) => vec![
                block,
                incident.id.to_string().into(),
                incident.slug.as_str().into(),
                verdict(incident),
                status(incident),
                output::or_dash(incident.severity).into(),
                incident.affirming.to_string().into(),
            ],
            Changed::Entry(entry) => vec![
                block,
                format!("#{}", entry.number).into(),
                clock(entry.recorded_at).into(),
                acts::headline(entry, names).into(),
            ],
        });
        // More than any terminal shows.
        self.rows.truncate(500);
    }

    fn text(&self, width: usize, height: usize) -> String {
        let mut lines = Vec::new();
        let title = within(&self.title, Some(width), 0);
        lines.extend(title.iter().map(|line| paint(HEAD, line)));
        lines.extend(within(&self.pulse, Some(width), 0));
        if self.behind > 0 {
            lines.push(format!("Catching up: {} more come after these.", self.behind));
        }
        let room = height.saturating_sub(AROUND).max(1);
        let rows: Vec<_> = self.rows.iter().take(room).cloned().collect();
        if rows.is_empty() {
            lines.push(paint(DIM, "Nothing has changed yet."));
            return lines.join("\n");
        }
        lines.push(String::new());
        let grid = Grid::fit(self.titles, self.gives_way, &rows, Some(width));
        lines.push(grid.head().trim_end().into());
        lines.extend(rows.iter().map(|row| grid.row(row).trim_end().to_owned()));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use faultline_primitives::IncidentId;

    use super::*;
    use crate::{fixture, trouble::Trouble};

    fn unstyled(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    fn incident(number: u64, cursor: &str) -> At<Change> {
        let mut incident = fixture::told().incident;
        incident.id = IncidentId(number);
        At {
            at: fixture::block(),
            data: Change {
                what: Changed::Incident(Box::new(incident)),
                cursor: cursor.into(),
                behind: 2,
            },
        }
    }

    #[test]
    fn the_newest_changes_are_shown_as_far_as_the_terminal_has_room() {
        let mut view = View::of(&Subject::Incidents(Box::default()));
        assert!(unstyled(&view.text(80, 24)).ends_with("Nothing has changed yet."));
        view.pulse(&Err(Trouble::failed("unreachable", "no node answers")));
        for number in 0..40 {
            view.change(&incident(number, "0a"), &Names::default());
        }
        let text = unstyled(&view.text(80, 12));
        assert!(text.lines().count() < 12, "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn the_entries_of_one_incident_are_shown_with_who_made_them() {
        let told = fixture::told();
        let mut view = View::of(&Subject::Entries(told.incident.id));
        for entry in told.log {
            let change = At {
                at: fixture::block(),
                data: Change {
                    cursor: String::new(),
                    behind: 0,
                    what: Changed::Entry(Box::new(entry)),
                },
            };
            view.change(&change, &told.names);
        }
        insta::assert_snapshot!(unstyled(&view.text(80, 40)));
    }
}
