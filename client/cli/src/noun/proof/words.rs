//! What verifying a bundle comes to, for people.

use faultline_client::proof::{Anchor, Proven, Step};
use faultline_primitives::Hash;
use faultline_rpc::view::{IncidentView, Utc};

use super::{
    anchor,
    finding::{Found, IncidentFound, MadeFinal, OrganisationFound, RollFound},
};
use crate::{
    noun::incident_words,
    output::{self, paint, within, BAD, GOOD, HEAD},
};

/// How many keys of validators are named; --json has all.
const KEYS: usize = 12;

/// What is verified, and from what.
pub fn title(file: &str, anchor: &Anchor) -> String {
    paint(HEAD, &format!("{file}, from {}", anchor::words(anchor)))
}

/// A step that has passed.
pub fn passed(which: Step, anchor: &Anchor) -> String {
    let says = match (which, anchor) {
        (Step::Origin, Anchor::Genesis(_)) => {
            "the history begins with the trusted genesis block and its validators"
        }
        (Step::Origin, Anchor::Checkpoint(_)) => "the history shows the validators of the trusted checkpoint",
        (Step::Authorities, _) => "each set of validators was made by the one before it",
        (Step::Finality, _) => "more than two thirds of the validators voted for the block",
        (Step::State, _) => "the block's state holds the records",
        (Step::Entries, _) => "the entries and texts are those of the records: all of them, in order",
        (Step::Fold, _) => "the entries amount to the records",
    };
    format!("{}  {says}", mark(GOOD, "ok", which))
}

/// The step that failed.
pub fn failed(which: Step, why: &str) -> String {
    format!("{}  {}", mark(BAD, "FAILED", which), output::plain(why))
}

fn mark(style: anstyle::Style, word: &str, which: Step) -> String {
    let word = paint(style, &format!("{word:<6}"));
    format!("{word}  {:<11}", which.name())
}

/// What is proven.
pub fn proven(found: &Found, room: Option<usize>) -> String {
    let title = paint(HEAD, "PROVEN");
    let mut text = format!("{title}\n{}", output::about(about(found), room));
    if let Some(roll) = &found.roll {
        text += &format!("\n{}", of_service(found, roll));
    }
    match (&found.roll, found.incidents.as_slice()) {
        (None, incidents) => {
            for incident in incidents {
                text += &format!("\n{}", of_incident(incident, &found.organisations, room));
            }
        }
        (Some(_), []) => {}
        (Some(_), incidents) => text += &format!("\n{}", table(incidents)),
    }
    text
}

/// The block, and who made it final.
fn about(found: &Found) -> Vec<(&'static str, output::Cell)> {
    let MadeFinal {
        set_id,
        validators,
        voted,
        ..
    } = &found.made_final_by;
    let votes = match (voted.len(), validators.len()) {
        (1, 1) => format!("the one validator of set {set_id}:"),
        (voted, all) => format!("{voted} of the {all} validators of set {set_id}:"),
    };
    let since = match found.genesis {
        Some(_) => "the genesis block",
        None => "the checkpoint",
    };
    let changes = match found.changes.as_slice() {
        [] => format!("the same since {since}"),
        [change] => format!("changed once since {since}, after block {}", change.block.number),
        changes => {
            let last = changes.last().map_or(0, |change| change.block.number);
            format!(
                "changed {} times since {since}, the last time after block {last}",
                changes.len()
            )
        }
    };
    let mut rows = vec![
        ("block", output::block(&found.block)),
        ("its time", found.time.to_string()),
        ("made final by", votes),
    ];
    rows.extend(keys(voted).into_iter().map(|key| ("", key)));
    rows.push(("validators", changes));
    rows.into_iter()
        .map(|(name, value)| (name, value.into()))
        .collect()
}

fn keys(keys: &[Hash]) -> Vec<String> {
    let mut named: Vec<_> = keys.iter().take(KEYS).map(ToString::to_string).collect();
    if let Some(more) = keys.len().checked_sub(KEYS).filter(|more| *more > 0) {
        named.push(format!("and {more} more, which --json lists"));
    }
    named
}

/// An incident: what its record is, and who said how much.
fn of_incident(found: &IncidentFound, organisations: &[OrganisationFound], room: Option<usize>) -> String {
    let incident = &found.incident;
    let mut rows = incident_words::outcome_rows(incident);
    rows.push(("log", output::log(incident.entries, incident.head)));
    let rows = rows.into_iter().map(|(name, value)| (name, value.into()));
    format!("{}\n{}", output::about(rows, room), who(incident, organisations))
}

fn who(incident: &IncidentView, organisations: &[OrganisationFound]) -> String {
    let rows = organisations.iter().map(|organisation| {
        let mut voices = incident.voices.iter();
        let voice = voices.find(|voice| voice.organisation == organisation.id);
        vec![
            format!("{} ({})", output::plain(&organisation.name), organisation.id),
            organisation.entries.to_string(),
            output::or_dash(voice.map(|voice| voice.claim)),
            output::or_dash(voice.map(|voice| voice.span.from)),
            output::or_dash(voice.map(|voice| voice.span.to)),
            output::or_dash(voice.map(|voice| if voice.counts { "yes" } else { "no" })),
        ]
    });
    output::table(
        &["WHO SPEAKS", "ENTRIES", "STANDS BY", "FROM", "TO", "COUNTS"],
        rows,
    )
}

/// A service: how many incidents it has, and which of them are there.
fn of_service(found: &Found, roll: &RollFound) -> String {
    let service = found.services.iter().find(|service| service.id == roll.service);
    let named = service.map_or_else(
        || roll.service.to_string(),
        |service| format!("{} ({})", service.slug, service.name),
    );
    output::fields([
        ("service", named),
        ("incidents", format!("{} ever opened on it", roll.opened.len())),
        (
            "of them",
            format!(
                "{} were opened {}: all of those are here",
                found.incidents.len(),
                span(roll)
            ),
        ),
    ])
}

fn span(roll: &RollFound) -> String {
    let (Utc(from), Utc(to)) = (roll.span.from, roll.span.to);
    match (from.0, to.0) {
        (0, u64::MAX) => "up to this block".into(),
        (0, _) => format!("up to {}", roll.span.to),
        (_, u64::MAX) => format!("from {} on", roll.span.from),
        _ => format!("from {} to {}", roll.span.from, roll.span.to),
    }
}

fn table(incidents: &[IncidentFound]) -> String {
    let rows = incidents.iter().map(|IncidentFound { incident, .. }| {
        vec![
            incident.id.to_string(),
            incident_words::verdict(incident),
            incident.status.to_string(),
            output::or_dash(incident.started_at.map(|times| times.median)),
            output::or_dash(incident.ended_at.map(|times| times.median)),
            incident.entries.to_string(),
        ]
    });
    output::table(
        &["INCIDENT", "VERDICT", "STATUS", "STARTED", "ENDED", "ENTRIES"],
        rows,
    )
}

/// What stands and falls with it.
pub fn assumed(proven: &Proven) -> Vec<String> {
    let sets = proven.history.changes.len().saturating_add(1);
    let (trusted, sets) = match (proven.anchor, sets) {
        (Anchor::Genesis(_), 1) => (
            "that the genesis hash is the chain's",
            "the one set of validators".into(),
        ),
        (Anchor::Genesis(_), n) => (
            "that the genesis hash is the chain's",
            format!("each of the {n} sets of validators since genesis"),
        ),
        (Anchor::Checkpoint(_), 1) => (
            "that the checkpoint is the chain's",
            "the checkpoint's set of validators".into(),
        ),
        (Anchor::Checkpoint(_), n) => (
            "that the checkpoint is the chain's",
            format!("each of the {n} sets of validators since the checkpoint"),
        ),
    };
    vec![
        format!("{trusted}: it is what you gave"),
        format!(
            "that in {sets} less than a third voted, or ever will vote with its old keys, for another history"
        ),
        "that BLAKE2b, SHA-256 and ed25519 hold".into(),
    ]
}

/// What nothing is said of.
pub fn not_proven(proven: &Proven) -> Vec<String> {
    vec![
        format!(
            "what came after block {} ({}): compare with a later bundle",
            proven.block.number,
            Utc(proven.now)
        ),
        "whether what the organisations said is true: only who said what and when, and that nothing of it is \
         left out"
            .into(),
    ]
}

/// A title, and points below it.
pub fn points(title: &str, points: &[String], room: Option<usize>) -> String {
    let mut text = format!("{}\n", paint(HEAD, title));
    for point in points {
        for (number, line) in within(point, room, 2).into_iter().enumerate() {
            let before = if number == 0 { "- " } else { "  " };
            text += &format!("{before}{line}\n");
        }
    }
    text
}
