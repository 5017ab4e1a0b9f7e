//! An incident as a row of a table.

use faultline_rpc::view::{BlockView, IncidentView, TimesView, Utc, VoiceView};

use crate::noun::incident::rows::duration;

/// What the help says of the columns.
pub const COLUMNS_HELP: &str = "\
Columns of csv, in this order; a cell is empty where there is nothing to say, times are RFC 3339 in UTC:
  at_block, at_hash               the finalized block at which the row is true
  incident, service               its number, and the slug of its service
  verdict, timeliness, status     as the record says
  kind, severity, scope           as the groups that affirm it say
  started, ended                  the record's: medians
  started_earliest, started_latest, ended_earliest, ended_latest
  lasted_seconds                  from start to end
  first_recorded, confirmed       when the first entry was recorded, and when it was first confirmed
  affirming, peak                 how many groups that count affirm it, and most that ever did
  settled, lapsed, settles_at     whether it is final, and when it is
  dispute, duplicate_of           what stands beside it
  provider_status, provider_cause, provider_started, provider_ended
                                  the provider's latest reply
  affirmed_by, denied_by          names of the organisations that count, with semicolons between them
  entries, head                   how long its log is, and the head over it
  genesis                         the chain, by the hash of its first block
A text that a spreadsheet would take for a formula has an apostrophe before it: one that begins
with = + - @, a tab or a line break.";

/// The columns.
pub const COLUMNS: [&str; 35] = [
    "at_block",
    "at_hash",
    "incident",
    "service",
    "verdict",
    "timeliness",
    "status",
    "kind",
    "severity",
    "scope",
    "started",
    "ended",
    "started_earliest",
    "started_latest",
    "ended_earliest",
    "ended_latest",
    "lasted_seconds",
    "first_recorded",
    "confirmed",
    "affirming",
    "peak",
    "settled",
    "lapsed",
    "settles_at",
    "dispute",
    "duplicate_of",
    "provider_status",
    "provider_cause",
    "provider_started",
    "provider_ended",
    "affirmed_by",
    "denied_by",
    "entries",
    "head",
    "genesis",
];

/// The cells of an incident.
pub fn cells(at: &BlockView, genesis: &str, incident: &IncidentView) -> [String; 35] {
    let reply = incident.reply.as_ref();
    let point = |times: Option<TimesView>, which: fn(TimesView) -> Utc| or_empty(times.map(which));
    let (started, ended) = (incident.started_at, incident.ended_at);
    [
        at.number.to_string(),
        at.hash.to_string(),
        incident.id.to_string(),
        harmless(&incident.slug),
        incident.verdict.to_string(),
        or_empty(incident.timeliness),
        incident.status.to_string(),
        or_empty(incident.kind),
        or_empty(incident.severity),
        harmless(incident.scope.as_ref().map_or("", |scope| &scope.0)),
        point(started, |times| times.median),
        point(ended, |times| times.median),
        point(started, |times| times.earliest),
        point(started, |times| times.latest),
        point(ended, |times| times.earliest),
        point(ended, |times| times.latest),
        or_empty(duration(incident).map(|length| length.0 / 1000)),
        incident.first_reported_at.to_string(),
        or_empty(incident.confirmed_at),
        incident.affirming.to_string(),
        incident.peak.to_string(),
        incident.settled.to_string(),
        incident.lapsed.to_string(),
        or_empty(incident.settles_at),
        incident.dispute.to_string(),
        or_empty(incident.duplicate_of),
        or_empty(reply.map(|reply| reply.status)),
        or_empty(reply.map(|reply| reply.cause)),
        or_empty(reply.and_then(|reply| reply.claimed_start)),
        or_empty(reply.and_then(|reply| reply.claimed_end)),
        names(incident, |voice| voice.claim.affirms()),
        names(incident, |voice| !voice.claim.affirms()),
        incident.entries.to_string(),
        incident.head.to_string(),
        genesis.into(),
    ]
}

fn or_empty(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Names of those who count and of whom that is so.
fn names(incident: &IncidentView, is: impl Fn(&VoiceView) -> bool) -> String {
    let voices = incident.voices.iter().filter(|voice| voice.counts && is(voice));
    let names: Vec<_> = voices.map(|voice| voice.name.as_str()).collect();
    harmless(&names.join("; "))
}

/// A text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        true => format!("'{text}"),
        false => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn no_text_is_taken_for_a_formula() {
        for (text, cell) in [
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("+1", "'+1"),
            ("-1+1", "'-1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("a=1", "a=1"),
            ("", ""),
        ] {
            assert_eq!(harmless(text), cell);
        }
        let mut incident = fixture::told().incident;
        incident.slug = "-a/b".into();
        let Some(first) = incident.voices.first_mut() else {
            panic!("it has voices")
        };
        first.name = "=1+1".into();
        let cells = cells(&fixture::block(), "", &incident);
        assert_eq!(cells[3], "'-a/b");
        assert!(cells.iter().any(|cell| cell.starts_with("'=1+1; ")), "{cells:?}");
    }

    #[test]
    fn the_help_names_every_column_in_order() {
        let mut rest = COLUMNS_HELP;
        for column in COLUMNS {
            let at = rest.find(column);
            rest = at
                .and_then(|at| rest.get(at + column.len()..))
                .unwrap_or_else(|| panic!("{column}"));
        }
    }
}
