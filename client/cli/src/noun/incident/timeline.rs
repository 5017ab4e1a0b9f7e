//! An incident as a timeline that people read: what is recorded, when it was, and who said what.

use std::iter;

use anstyle::Style;
use faultline_rpc::view::{
    ActionView, At, AttestationView, EntryView, RelatedIncident, RelatedView, TimeKind,
};

use super::{
    acts,
    rows::{duration, status, verdict},
    story::{attestation, relation, Event, Mark, Points, Story, Weight},
};
use crate::{
    moment::{clock, lasted, minute},
    noun::{incident_words, listing::behind},
    output::{about, block, paint, plain, within, Cell, Grid, BAD, DIM, GOOD, HEAD},
};

const TIMES: &[&str] = &["", "STARTED (UTC)", "", "ENDED (UTC)", ""];
/// A story for a terminal of this width, or for no terminal.
pub fn tell(story: &Story<'_>, room: Option<usize>) -> String {
    let incident = &story.told.incident;
    let record = incident_words::record_rows(incident);
    [
        head(story, room),
        about(record.into_iter().map(|(name, value)| (name, value.into())), room),
        times(story, room),
        timeline(story, room),
        event(&story.told.event, room),
    ]
    .join("\n")
}

/// What it is, in a line or two.
fn head(story: &Story<'_>, room: Option<usize>) -> String {
    let incident = &story.told.incident;
    let service = match story.service() {
        Some(name) => format!("{} ({})", plain(name), incident.slug),
        None => incident.slug.clone(),
    };
    let mut text = String::new();
    for line in within(&format!("Incident {}: {service}", incident.id), room, 0) {
        text += &format!("{}\n", paint(HEAD, &line));
    }
    let (verdict, status) = (verdict(incident), status(incident));
    let after = duration(incident).map_or_else(String::new, |length| format!(" after {}", lasted(length)));
    text += &format!(
        "{}. {}{after}.",
        paint(verdict.style, &verdict.text),
        paint(status.style, &status.text)
    );
    if let Some(what) = incident_words::what(incident) {
        text += &format!(" {what}.");
    }
    text + "\n"
}

/// Claimed, observed and recorded times side by side.
fn times(story: &Story<'_>, room: Option<usize>) -> String {
    let (started, ended) = (story.started(), story.ended());
    let of_record = |points: &Points, which: usize| {
        let given = points.record.and_then(|record| record.get(which).copied());
        given.map(|(time, kind)| (time, acts::time_kind(kind)))
    };
    let of_provider = |points: &Points| {
        points
            .provider
            .map(|time| (time, acts::time_kind(TimeKind::Claimed)))
    };
    let of_block = |points: &Points| points.recorded.map(|time| (time, "recorded"));
    let record = |which| [of_record(&started, which), of_record(&ended, which)];
    let rows: Vec<_> = [
        ("earliest", Style::new(), record(0)),
        ("median: the record", HEAD, record(1)),
        ("latest", Style::new(), record(2)),
        (
            "provider's reply",
            Style::new(),
            [of_provider(&started), of_provider(&ended)],
        ),
        (
            "first recorded",
            Style::new(),
            [of_block(&started), of_block(&ended)],
        ),
    ]
    .into_iter()
    .filter(|(_, _, points)| points.iter().any(Option::is_some))
    .map(|(name, style, points)| {
        let mut cells = vec![Cell::from(name)];
        for point in points {
            let (time, kind) = point.map_or(("-".into(), ""), |(time, kind)| (clock(time), kind));
            cells.push(Cell::new(style, time));
            cells.push(Cell::new(DIM, kind));
        }
        cells
    })
    .collect();
    let grid = Grid::fit(TIMES, 0, &rows, room);
    iter::once(grid.head())
        .chain(rows.iter().map(|row| grid.row(row)))
        .collect()
}

/// Who said what, in the order in which it was recorded.
fn timeline(story: &Story<'_>, room: Option<usize>) -> String {
    let log = &story.told.log;
    let numbers = log.last().map_or(1, |last| last.number.to_string().len()) + 1;
    let indent = 2 + numbers + 2 + "2024-12-11 23:16:00".len() + 2;
    let mut text = paint(HEAD, "WHO SAID WHAT");
    text += &paint(
        DIM,
        "   recorded (UTC)  + counts  - does not count  ~ stands no more",
    );
    text.push('\n');
    for entry in log {
        let weight = story.weight(entry);
        let (mark, style) = mark(weight);
        let number = format!("#{}", entry.number);
        let mut first = Some(format!(
            "{} {number:>numbers$}  {}  ",
            paint(style, mark),
            clock(entry.recorded_at)
        ));
        for Cell { text: line, style } in lines(story, entry, weight) {
            for part in within(&line, room, indent) {
                let before = first.take().unwrap_or_else(|| " ".repeat(indent));
                text += &format!("{before}{}\n", paint(style, &part));
            }
        }
    }
    text
}

/// What an entry is marked with.
fn mark(weight: Option<Weight>) -> (&'static str, Style) {
    match weight.map(Weight::mark) {
        Some(Mark::Counts) => ("+", GOOD),
        Some(Mark::DoesNotCount) => ("-", BAD),
        Some(Mark::StandsNoMore) => ("~", DIM),
        None => (" ", Style::new()),
    }
}

/// An entry: who does what, the details, and how much it weighs.
fn lines(story: &Story<'_>, entry: &EntryView, weight: Option<Weight>) -> Vec<Cell> {
    let names = &story.told.names;
    let mut lines = vec![Cell::new(HEAD, acts::headline(entry, names))];
    if let Some(said) = attestation(entry) {
        lines.extend(acts::attested(said).into_iter().map(Cell::from));
        lines.extend(evidence(story, entry, said));
    }
    match &entry.action {
        ActionView::Replied { reply } => lines.extend(acts::replied(reply).into_iter().map(Cell::from)),
        ActionView::Attested {
            moves_from: Some(from),
            ..
        } => lines.push(format!("moved here from incident {from}").into()),
        _ => {}
    }
    lines.extend(acts::text(entry).map(Cell::from));
    if let Some(weight) = weight {
        let (_, style) = mark(Some(weight));
        lines.push(Cell::new(style, weight.words(names)));
    }
    lines
}

/// The documents that an attestation cites, each with who else gave the same.
fn evidence(story: &Story<'_>, entry: &EntryView, said: &AttestationView) -> Vec<Cell> {
    let mut lines = Vec::new();
    for file in &said.evidence {
        let digest: String = file.sha256.to_string().chars().skip(2).take(12).collect();
        let uri = file
            .uri
            .as_ref()
            .map_or_else(String::new, |uri| format!(", {uri}"));
        lines.push(Cell::from(format!(
            "evidence {digest}…: {}, {}{uri}",
            file.kind,
            acts::bytes(file.size)
        )));
        let others: Vec<_> = story
            .also_given(entry.by.organisation, &file.sha256)
            .map(|(number, other)| format!("that of {} in #{number}", story.told.names.name(other)))
            .collect();
        if !others.is_empty() {
            lines.push(Cell::new(
                Style::new().italic(),
                format!("the same document as {}", others.join(", ")),
            ));
        }
    }
    lines
}

/// The event that it is part of.
fn event(event: &Event, room: Option<usize>) -> String {
    let At { at, data } = match event {
        Event::Known(known) => known,
        Event::Unknown { error } => {
            let advice = error
                .advice()
                .map_or_else(String::new, |advice| format!(" {advice}"));
            let why = format!("What overlaps it is not known here: {}.{advice}", error.what());
            return within(&why, room, 0).join("\n") + "\n";
        }
    };
    let RelatedView { items, index_lag } = data;
    let source = format!(
        "as the node's index says at finalized block {}{}",
        block(at),
        behind(*index_lag)
    );
    let title = if items.is_empty() {
        format!("No incident of a related service overlaps it, {source}.")
    } else {
        format!("Part of an event: these overlap it, {source}.")
    };
    let mut text = within(&title, room, 0).join("\n") + "\n";
    for related in items {
        let mut number = Some(format!("{:>6}  ", related.incident.id));
        for line in within(&overlapping(related), room, 8) {
            let before = number.take().unwrap_or_else(|| " ".repeat(8));
            text += &format!("{before}{line}\n");
        }
    }
    text
}

fn overlapping(related: &RelatedIncident) -> String {
    let incident = &related.incident;
    let relations: Vec<_> = related.relations.iter().copied().map(relation).collect();
    let started = incident
        .started_at
        .map_or_else(String::new, |times| format!(", started {}", minute(times.median)));
    format!(
        "{} ({}): {}, {}{started}",
        incident.slug,
        relations.join(", "),
        verdict(incident).text,
        incident.status
    )
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;

    use super::*;
    use crate::{fixture, noun::incident::Told, trouble::Trouble};

    fn shown(told: &Told, room: Option<usize>) -> String {
        strip_str(&tell(&Story::new(told), room)).to_string()
    }

    #[test]
    fn an_incident_is_told_so_that_it_fits_a_terminal() {
        let text = shown(&fixture::told(), Some(80));
        // A head of a log cannot be broken.
        let wide = text.lines().filter(|line| line.chars().count() > 80);
        assert!(wide.clone().all(|line| line.contains("0x")), "{text}");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn where_no_terminal_is_no_sentence_is_broken() {
        insta::assert_snapshot!(shown(&fixture::told(), None));
    }

    #[test]
    fn an_index_that_says_nothing_takes_nothing_else_away() {
        let mut told = fixture::told();
        told.event = Event::Unknown {
            error: Trouble::failed("noIndex", "the node keeps no index (--no-index)")
                .with_advice("Ask a node that keeps an index, with --node."),
        };
        let text = shown(&told, None);
        assert!(text.contains("Incident 7: ChatGPT (openai/chatgpt)"), "{text}");
        assert!(
            text.ends_with(
                "What overlaps it is not known here: the node keeps no index (--no-index). Ask a node that keeps an \
                 index, with --node.\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn words_of_others_move_no_cursor() {
        let text = tell(
            &Story::new(&fixture::told_by("\u{1b}[2J\nverdict  Contested")),
            None,
        );
        assert!(
            !text.contains("\u{1b}[2J") && !text.contains("\nverdict  Contested"),
            "{text}"
        );
    }
}
