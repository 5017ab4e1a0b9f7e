//! What is said and done about an incident, entry by entry, in words.

use faultline_rpc::view::{ActionView, AttestationView, EntryView, ReplyView, TimeKind};

use super::names::Names;
use crate::moment::{lasted, stretch};

/// Whether a time was measured or only said.
pub fn time_kind(kind: TimeKind) -> &'static str {
    match kind {
        TimeKind::Observed => "observed",
        TimeKind::Claimed => "claimed",
    }
}

/// Who does what.
pub fn headline(entry: &EntryView, names: &Names) -> String {
    let who = names.name(entry.by.organisation);
    let does = match &entry.action {
        ActionView::Opened { attestation, .. } => format!("opens it: {}", attestation.claim),
        ActionView::Attested { attestation, .. } => format!("says: {}", attestation.claim),
        ActionView::Withdrawn { moved_to: None } => "takes its word back".into(),
        ActionView::Withdrawn { moved_to: Some(to) } => {
            format!("takes its word back, to say so of incident {to}")
        }
        ActionView::Closed => "closes it: nobody saw its end".into(),
        ActionView::Replied { reply } => format!("replies: {}, cause {}", reply.status, reply.cause),
        ActionView::Disputed { arbiters, .. } => match arbiters.len() {
            1 => "disputes it, before 1 group of arbiters".into(),
            n => format!("disputes it, before {n} groups of arbiters"),
        },
        ActionView::Voted { sustain: true, .. } => "rules: the dispute is upheld".into(),
        ActionView::Voted { sustain: false, .. } => "rules: the dispute is rejected".into(),
        ActionView::Linked { to } => format!("links it as a duplicate of incident {to}"),
        ActionView::Unlinked => "takes the link back".into(),
    };
    // Of what is said of the service the provider's own word is not counted; of a reply that goes without saying.
    let own = if entry.by.affiliated && !matches!(entry.action, ActionView::Replied { .. }) {
        ", of the provider's group,"
    } else {
        ""
    };
    format!("{who}{own} {does}")
}

/// When, what and how an attestation says it saw it, a line each.
pub fn attested(said: &AttestationView) -> Vec<String> {
    let (from, to) = (said.span.from, said.span.to);
    let length = match to.0.since(from.0) {
        length if length.0 == 0 => String::new(),
        length => format!(" ({})", lasted(length)),
    };
    let mut lines = vec![
        format!("{} {}{length}", time_kind(said.time_kind), stretch(from, to)),
        format!(
            "{}, {}, {}, by {} ({})",
            said.kind, said.severity, said.scope.0, said.method, said.time_quality
        ),
    ];
    if !said.intervals.is_empty() {
        let spans = said.intervals.iter().map(|span| stretch(span.from, span.to));
        lines.push(format!("failed {}", spans.collect::<Vec<_>>().join("; ")));
    }
    if !said.vantages.is_empty() {
        let places = said.vantages.iter().map(|vantage| {
            format!(
                "{} AS{}: {} of {} failed",
                vantage.country, vantage.asn, vantage.failed, vantage.samples
            )
        });
        lines.push(format!("from {}", places.collect::<Vec<_>>().join("; ")));
    }
    lines
}

/// When a reply claims that it was, and its document.
pub fn replied(reply: &ReplyView) -> Vec<String> {
    let mut lines = Vec::new();
    let claimed = match (reply.claimed_start, reply.claimed_end) {
        (None, None) => None,
        (Some(from), Some(to)) => Some(stretch(from, to)),
        (Some(from), None) => Some(format!("{} on", stretch(from, from))),
        (None, Some(to)) => Some(format!("until {}", stretch(to, to))),
    };
    lines.extend(claimed.map(|span| format!("claimed {span}, {}", reply.time_quality)));
    lines.extend(
        reply
            .document_sha256
            .map(|document| format!("document {document}")),
    );
    lines
}

/// The body of a text, or what stands in its place.
pub fn text(entry: &EntryView) -> Option<String> {
    match (&entry.text, entry.redacted_at) {
        (Some(text), _) => Some(format!("“{text}”")),
        (None, Some(at)) => Some(format!("(its text was redacted by the council at {at})")),
        (None, None) => None,
    }
}

/// A size in bytes.
pub fn bytes(size: u64) -> String {
    match size {
        1 => "1 byte".into(),
        n => format!("{n} bytes"),
    }
}
