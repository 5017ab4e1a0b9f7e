//! A report of one incident, to read: a page of Markdown (CommonMark, with the tables of GitHub's).

use std::fmt::Write;

use faultline_primitives::Hash;
use faultline_rpc::view::{ActionView, At, BlockView, EntryView, EvidenceView, Utc};

use crate::{
    moment::{clock, lasted},
    noun::{
        incident::{
            acts,
            rows::{duration, verdict},
            story::{attestation, relation, Event, Points, Story},
        },
        incident_words,
        listing::behind,
    },
    output::{block, plain},
    why::Why,
};

/// The report of a story that is true at a block of a chain.
pub fn report(story: &Story<'_>, at: &BlockView, chain: &str, genesis: &Hash) -> String {
    let mut text = String::new();
    // Writing to a string never fails.
    let _ = head(&mut text, story)
        .and_then(|()| times(&mut text, story))
        .and_then(|()| why(&mut text, story))
        .and_then(|()| log(&mut text, story))
        .and_then(|()| evidence(&mut text, story))
        .and_then(|()| event(&mut text, &story.told.event))
        .and_then(|()| source(&mut text, story, at, chain, genesis));
    text
}

fn head(text: &mut String, story: &Story<'_>) -> std::fmt::Result {
    let incident = &story.told.incident;
    let service = story.service().map(escaped);
    let slug = escaped(&incident.slug);
    let service = service.map_or_else(|| slug.clone(), |name| format!("{name} ({slug})"));
    writeln!(text, "# Incident {}: {service}\n", incident.id)?;
    let after = duration(incident).map_or_else(String::new, |length| format!(" after {}", lasted(length)));
    let what =
        incident_words::what(incident).map_or_else(String::new, |what| format!(" {}.", escaped(&what)));
    let groups = match incident.affirming {
        0 => "No group that counts affirms it".into(),
        1 => "One group that counts affirms it".into(),
        n => format!("{n} groups that count affirm it"),
    };
    writeln!(
        text,
        "**{}.** {}{after}.{what} {groups}.\n",
        verdict(incident).text,
        incident.status
    )
}

/// Claimed, observed and recorded times side by side.
fn times(text: &mut String, story: &Story<'_>) -> std::fmt::Result {
    let (started, ended) = (story.started(), story.ended());
    writeln!(text, "| | Started (UTC) | Ended (UTC) |")?;
    writeln!(text, "| --- | --- | --- |")?;
    for (name, which) in [("Earliest", 0), ("**Median: the record**", 1), ("Latest", 2)] {
        let cell = |points: &Points| {
            let given = points.record.and_then(|record| record.get(which).copied());
            given.map(|(time, kind)| format!("{}, {}", clock(time), acts::time_kind(kind)))
        };
        row(text, name, [cell(&started), cell(&ended)])?;
    }
    let cell = |time: Option<Utc>, kind: &str| time.map(|time| format!("{}, {kind}", clock(time)));
    row(
        text,
        "Provider's reply",
        [cell(started.provider, "claimed"), cell(ended.provider, "claimed")],
    )?;
    row(
        text,
        "First recorded",
        [
            cell(started.recorded, "recorded"),
            cell(ended.recorded, "recorded"),
        ],
    )?;
    writeln!(text)
}

fn row(text: &mut String, name: &str, cells: [Option<String>; 2]) -> std::fmt::Result {
    let [started, ended] = cells;
    if started.is_none() && ended.is_none() {
        return Ok(());
    }
    let cell = |cell: Option<String>| cell.unwrap_or_else(|| "-".into());
    writeln!(text, "| {name} | {} | {} |", cell(started), cell(ended))
}

/// What the record comes of.
fn why(text: &mut String, story: &Story<'_>) -> std::fmt::Result {
    let incident = &story.told.incident;
    let why = Why::of(incident);
    writeln!(text, "## Why\n")?;
    let timeliness = incident.timeliness.map_or_else(
        || "Neither live nor late".into(),
        |timeliness| timeliness.to_string(),
    );
    for (is, because) in [
        (incident.verdict.to_string(), why.verdict),
        (timeliness, vec![why.timeliness]),
        (incident.status.to_string(), why.status),
    ] {
        writeln!(text, "- {is}: {}.", escaped(&because.join("; ")))?;
    }
    let beside = incident_words::beside(incident).into_iter();
    for (name, value) in beside.filter(|(_, value)| value != "-") {
        let mut name = name.to_owned();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        writeln!(text, "- {name}: {}.", escaped(&value))?;
    }
    writeln!(text)
}

/// Who said what, in the order in which it was recorded.
fn log(text: &mut String, story: &Story<'_>) -> std::fmt::Result {
    writeln!(text, "## Who said what\n")?;
    for entry in &story.told.log {
        writeln!(
            text,
            "- **#{}, recorded {} UTC**: {}.",
            entry.number,
            clock(entry.recorded_at),
            escaped(&acts::headline(entry, &story.told.names))
        )?;
        for line in details(story, entry) {
            writeln!(text, "  - {}", escaped(&line))?;
        }
    }
    writeln!(text)
}

fn details(story: &Story<'_>, entry: &EntryView) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(attestation(entry).map(acts::attested).unwrap_or_default());
    match &entry.action {
        ActionView::Replied { reply } => lines.extend(acts::replied(reply)),
        ActionView::Attested {
            moves_from: Some(from),
            ..
        } => lines.push(format!("moved here from incident {from}")),
        _ => {}
    }
    lines.extend(acts::text(entry));
    lines.extend(story.weight(entry).map(|weight| weight.words(&story.told.names)));
    lines
}

/// Every document that is cited, once, with all who gave it.
fn evidence(text: &mut String, story: &Story<'_>) -> std::fmt::Result {
    let cited: Vec<(&EvidenceView, &[(u32, _)])> = story
        .documents()
        .filter_map(|(digest, given)| {
            let mut all = story.told.log.iter().filter_map(attestation);
            let document = all.find_map(|said| said.evidence.iter().find(|file| file.sha256 == *digest));
            Some((document?, given))
        })
        .collect();
    if cited.is_empty() {
        return Ok(());
    }
    writeln!(text, "## Evidence\n")?;
    writeln!(text, "| SHA-256 | What | Given by |")?;
    writeln!(text, "| --- | --- | --- |")?;
    for (file, given) in cited {
        let uri = file
            .uri
            .as_ref()
            .map_or_else(String::new, |uri| format!(", {uri}"));
        let what = format!(
            "{}, {}, {}{uri}",
            file.kind,
            file.media_type,
            acts::bytes(file.size)
        );
        let by: Vec<_> = given
            .iter()
            .map(|(number, who)| format!("{} in #{number}", story.told.names.name(*who)))
            .collect();
        writeln!(
            text,
            "| {} | {} | {} |",
            file.sha256,
            escaped(&what),
            escaped(&by.join("; "))
        )?;
    }
    writeln!(text)
}

/// The event that it is part of.
fn event(text: &mut String, event: &Event) -> std::fmt::Result {
    writeln!(text, "## The event it is part of\n")?;
    let At { at, data } = match event {
        Event::Known(known) => known,
        Event::Unknown { error } => {
            return writeln!(text, "Not known here: {}.\n", escaped(error.what()));
        }
    };
    for related in &data.items {
        let incident = &related.incident;
        let relations: Vec<_> = related.relations.iter().copied().map(relation).collect();
        let started = incident.started_at.map_or_else(String::new, |times| {
            format!(", started {} UTC", clock(times.median))
        });
        writeln!(
            text,
            "- Incident {} on {} ({}): {}, {}{started}.",
            incident.id,
            escaped(&incident.slug),
            relations.join(", "),
            verdict(incident).text,
            incident.status
        )?;
    }
    if data.items.is_empty() {
        writeln!(text, "No incident of a related service overlaps it.")?;
    }
    writeln!(
        text,
        "\nAs the node's index says at finalized block {}{}.\n",
        block(at),
        behind(data.index_lag)
    )
}

/// Where all of this is from.
fn source(
    text: &mut String,
    story: &Story<'_>,
    at: &BlockView,
    chain: &str,
    genesis: &Hash,
) -> std::fmt::Result {
    let incident = &story.told.incident;
    writeln!(text, "## Where this is from\n")?;
    writeln!(
        text,
        "The chain {}, genesis {genesis}, as it was at finalized block {}. The log of the incident holds {} entries \
         under head {}. Observed is what was measured, claimed what was only said, recorded the time of the block.",
        escaped(chain),
        block(at),
        incident.entries,
        incident.head
    )?;
    writeln!(
        text,
        "\n```sh\nfaultline incident show {} --entries --genesis {genesis}\n```",
        incident.id
    )
}

/// A text of somebody else's in one line of Markdown, where it is text and nothing else.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in plain(text).chars() {
        // Some mean something wherever they stand; a `#` does where a line begins.
        let means_something = match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' => true,
            '#' => escaped.is_empty(),
            _ => false,
        };
        if means_something {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn page() -> String {
        let told = fixture::told();
        report(
            &Story::new(&told),
            &fixture::block(),
            "Development",
            &Hash([7; 32]),
        )
    }

    #[test]
    fn a_report_is_a_page_that_says_what_was_said_and_where_it_is_from() {
        insta::assert_snapshot!(page());
    }

    #[test]
    fn a_text_of_somebody_elses_is_text_and_nothing_else() {
        assert_eq!(
            escaped("# a\n| b | <script> ![x](y) `c` *d* &amp;"),
            "\\# a \\| b \\| \\<script\\> !\\[x\\](y) \\`c\\` \\*d\\* \\&amp;"
        );
        let told = fixture::told_by("<b>|\n# x");
        let page = report(
            &Story::new(&told),
            &fixture::block(),
            "Development",
            &Hash([7; 32]),
        );
        assert!(!page.contains("<b>") && !page.contains("\n# x"), "{page}");
    }
}
