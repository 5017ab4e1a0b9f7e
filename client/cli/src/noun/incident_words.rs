//! Incidents and their entries in words.

use std::iter;

use faultline_rpc::view::{ActionView, AttestationView, EntryView, IncidentView, ReplyView, TimesView};

use super::incident::acts::time_kind;
use crate::{
    output,
    why::{self, Why},
};

/// Verdict and timeliness in words.
pub fn verdict(data: &IncidentView) -> String {
    match data.timeliness {
        Some(timeliness) => format!("{}, {timeliness}", data.verdict),
        None => data.verdict.to_string(),
    }
}

/// The kind of failure, how bad, and where; none where nobody who counts affirms it.
pub fn what(data: &IncidentView) -> Option<String> {
    let (kind, severity, scope) = (data.kind?, data.severity?, data.scope.as_ref()?);
    Some(format!("{kind}, {severity}, {}", scope.0))
}

/// What became of an incident, and why.
pub fn outcome(data: &IncidentView) -> String {
    output::fields(outcome_rows(data))
}

/// The same as names and values.
pub fn outcome_rows(data: &IncidentView) -> Vec<(&'static str, String)> {
    let why = Why::of(data);
    let mut rows = vec![("incident", format!("{} on {}", data.id, data.slug))];
    rows.extend(judgement(data, &why));
    rows.extend([
        ("what", output::or_dash(what(data))),
        ("started", time(data.started_at.as_ref(), why.started_at)),
        ("ended", time(data.ended_at.as_ref(), why.ended_at)),
        ("settling", settling(data)),
        ("provider says", output::or_dash(data.reply.as_ref().map(reply))),
    ]);
    rows
}

/// What is recorded of an incident, and why, but for what and when it was.
pub fn record_rows(data: &IncidentView) -> Vec<(&'static str, String)> {
    let mut rows = judgement(data, &Why::of(data));
    rows.extend(beside(data));
    rows.push(("log", output::log(data.entries, data.head)));
    rows
}

/// What stands beside a verdict.
pub fn beside(data: &IncidentView) -> [(&'static str, String); 3] {
    let other = data.duplicate_of.map(|other| format!("incident {other}"));
    [
        ("settling", settling(data)),
        ("dispute", dispute(data)),
        ("duplicate of", output::or_dash(other)),
    ]
}

/// Verdict, timeliness and status, and what they come of.
fn judgement(data: &IncidentView, why: &Why) -> Vec<(&'static str, String)> {
    let timeliness = data
        .timeliness
        .map_or_else(|| "neither".into(), |timeliness| timeliness.to_string());
    let mut rows = vec![("verdict", data.verdict.to_string())];
    rows.extend(because(why.verdict.iter()));
    rows.push(("live or late", timeliness));
    rows.extend(because(iter::once(&why.timeliness)));
    rows.push(("status", data.status.to_string()));
    rows.extend(because(why.status.iter()));
    rows
}

/// Whether its verdict and times are final, or when they will be.
fn settling(data: &IncidentView) -> String {
    let settling = match (data.settled, data.lapsed, data.settles_at) {
        (true, _, Some(at)) => format!("settled since {at}"),
        (_, true, _) => "lapsed: nobody confirmed it in time".into(),
        (_, _, Some(at)) => format!("settles at {at}, if nothing changes"),
        _ => "not while it goes on".into(),
    };
    if data.confirmed_at.is_some() || data.settled || data.lapsed {
        return settling;
    }
    let after = why::length(data.rules.lapse_after);
    format!("{settling}; lapses once no new group has affirmed it for {after}")
}

/// Reasons, each on a line of its own.
fn because<'a>(
    reasons: impl Iterator<Item = &'a String> + 'a,
) -> impl Iterator<Item = (&'static str, String)> + 'a {
    let names = iter::once("  because").chain(iter::repeat(""));
    names.zip(reasons.cloned())
}

/// The record's time, and how it comes about.
fn time(times: Option<&TimesView>, why: Option<String>) -> String {
    match (times, why) {
        (Some(times), Some(why)) => format!("{} ({why})", times.median),
        (Some(times), None) => times.median.to_string(),
        (None, _) => "-".into(),
    }
}

/// A log in words.
pub fn log(entries: &[EntryView]) -> String {
    entries
        .iter()
        .map(|entry| format!("\n{}", self::entry(entry)))
        .collect()
}

fn entry(entry: &EntryView) -> String {
    let by = &entry.by;
    let affiliated = if by.affiliated {
        ", of the provider's group"
    } else {
        ""
    };
    let mut rows = vec![
        (
            "entry",
            format!(
                "{}, block {}, recorded {}",
                entry.number, entry.block, entry.recorded_at
            ),
        ),
        (
            "by",
            format!(
                "organisation {}, group {}{affiliated}, key {}",
                by.organisation, by.group, by.key
            ),
        ),
    ];
    rows.extend(match &entry.action {
        ActionView::Opened { attestation, .. } => said(attestation),
        ActionView::Attested {
            attestation,
            moves_from,
        } => {
            let mut rows = said(attestation);
            rows.extend(moves_from.map(|from| ("moves from", format!("incident {from}"))));
            rows
        }
        ActionView::Withdrawn { moved_to: None } => vec![("does", "withdraws its word".into())],
        ActionView::Withdrawn { moved_to: Some(to) } => {
            vec![("does", format!("withdraws its word, to attest incident {to}"))]
        }
        ActionView::Closed => vec![("does", "closes it: nobody saw its end".into())],
        ActionView::Replied { reply } => vec![("replies", self::reply(reply))],
        ActionView::Disputed { arbiters, .. } => {
            vec![(
                "does",
                format!("disputes it, before {} groups of arbiters", arbiters.len()),
            )]
        }
        ActionView::Voted { sustain: true, .. } => vec![("rules", "the dispute is upheld".into())],
        ActionView::Voted { sustain: false, .. } => vec![("rules", "the dispute is rejected".into())],
        ActionView::Linked { to } => vec![("does", format!("links it as a duplicate of incident {to}"))],
        ActionView::Unlinked => vec![("does", "takes the link back".into())],
    });
    let text = match (&entry.text, entry.redacted_at) {
        (Some(text), _) => Some(text.clone()),
        (None, Some(at)) => Some(format!("(redacted by the council at {at})")),
        (None, None) => None,
    };
    rows.extend(text.map(|text| ("text", text)));
    output::fields(rows)
}

fn said(said: &AttestationView) -> Vec<(&'static str, String)> {
    let list = |items: Vec<String>| {
        if items.is_empty() {
            "-".into()
        } else {
            items.join("; ")
        }
    };
    let vantages = said.vantages.iter().map(|vantage| {
        format!(
            "{} AS{}: {} of {} failed",
            vantage.country, vantage.asn, vantage.failed, vantage.samples
        )
    });
    let evidence = said.evidence.iter().map(|file| {
        format!(
            "{} {} ({} bytes, {})",
            file.kind, file.sha256, file.size, file.media_type
        )
    });
    let what = format!(
        "{} {} to {} ({}, {}), {}, {}, {}, by {}",
        said.claim,
        said.span.from,
        said.span.to,
        time_kind(said.time_kind),
        said.time_quality,
        said.kind,
        said.severity,
        said.scope.0,
        said.method
    );
    vec![
        ("says", what),
        ("vantages", list(vantages.collect())),
        ("evidence", list(evidence.collect())),
    ]
}

/// The provider's word in words.
fn reply(reply: &ReplyView) -> String {
    let span = match (reply.claimed_start, reply.claimed_end) {
        (None, None) => String::new(),
        (start, end) => format!(
            ", from {} to {} ({})",
            output::or_dash(start),
            output::or_dash(end),
            reply.time_quality
        ),
    };
    format!("{}{span}, cause {}", reply.status, reply.cause)
}

/// A dispute in words.
fn dispute(data: &IncidentView) -> String {
    let Some(case) = &data.case else {
        return data.dispute.to_string();
    };
    let on = |side: bool| case.votes.iter().filter(|vote| vote.sustain == side).count();
    format!(
        "{} (by organisation {} at {}; of {} of arbiters {} uphold it and {} reject it)",
        data.dispute,
        case.by,
        case.opened_at,
        why::groups(case.arbiters.len()),
        on(true),
        on(false)
    )
}
