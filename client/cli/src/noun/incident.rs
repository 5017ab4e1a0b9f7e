//! `faultline incident`

use clap::Subcommand;
use faultline_client::Call;
use faultline_primitives::IncidentId;
use faultline_rpc::{
    view::{At, BlockView, EntryView, IncidentView, SpanView, TimeKind, TimesView, VoiceView},
    FaultlineRpcClient,
};
use serde::Serialize;

use super::record;
use crate::{
    observation::Seen,
    output,
    session::Session,
    trouble::{Result, Trouble},
};

#[derive(Subcommand)]
pub enum Incident {
    /// Say what you see of an incident, in place of what your organisation said of it before.
    Attest {
        /// Its number.
        incident: u64,
        #[command(flatten)]
        seen: Box<Seen>,
    },
    /// Show an incident: what is recorded, and who stands by what.
    Show {
        /// Its number.
        incident: u64,
        /// Also show every entry of its log.
        #[arg(long)]
        entries: bool,
    },
}

/// An incident, with its log where that was asked for.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    incident: IncidentView,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<Vec<EntryView>>,
}

impl Incident {
    pub async fn run(self, session: &Session) -> Result<()> {
        let client = &session.client;
        match self {
            Self::Attest { incident, seen } => {
                let (observation, text) = seen.read()?;
                // Asked first: the answer says what there is, the chain only that there is none such.
                client.answer(client.rpc().incident(incident)).await?;
                let call = Call::attest(IncidentId(incident), &observation, &text);
                let recorded = session.execute(&call).await?;
                record::print(session, &recorded)
            }
            Self::Show { incident, entries } => {
                let shown = read(session, incident, entries).await?;
                output::answer(session.json, &shown, |shown| {
                    let log = shown.log.as_deref().map(log).unwrap_or_default();
                    format!("{}{log}", show(&shown.incident))
                })
            }
        }
    }
}

/// The record, and the log of the same length.
async fn read(session: &Session, id: u64, entries: bool) -> Result<At<Shown>> {
    let client = &session.client;
    let incident = client.answer(client.rpc().incident(id)).await?;
    let (at, incident) = (incident.at, incident.data);
    let log = if entries {
        Some(read_log(session, &incident, &at).await?)
    } else {
        None
    };
    Ok(At {
        at,
        data: Shown { incident, log },
    })
}

/// The entries that the record counts: later ones came after its block.
async fn read_log(session: &Session, incident: &IncidentView, at: &BlockView) -> Result<Vec<EntryView>> {
    let client = &session.client;
    let mut log: Vec<EntryView> = Vec::new();
    let mut from = Some(0);
    while let Some(first) = from {
        let page = client
            .answer(client.rpc().entries(incident.id.0, Some(first), None))
            .await?
            .data;
        from = page.next.filter(|next| *next < incident.entries);
        log.extend(
            page.items
                .into_iter()
                .filter(|entry| entry.number < incident.entries),
        );
    }
    let whole = log.iter().map(|entry| entry.number).eq(0..incident.entries);
    if !whole {
        return Err(Trouble::failed(
            "incompatible",
            format!(
                "the node's log of incident {} lacks entries at block {}",
                incident.id, at.number
            ),
        )
        .with_advice("Ask another node with --node."));
    }
    Ok(log)
}

/// Verdict and timeliness in words.
pub fn verdict(data: &IncidentView) -> String {
    match data.timeliness {
        Some(timeliness) => format!("{}, {timeliness}", data.verdict),
        None => data.verdict.to_string(),
    }
}

fn show(data: &IncidentView) -> String {
    let what = match (data.kind, data.severity, &data.scope) {
        (Some(kind), Some(severity), Some(scope)) => format!("{kind}, {severity}, {}", scope.0),
        _ => "-".into(),
    };
    let affirm = match data.affirming {
        1 => "1 group affirms it".into(),
        n => format!("{n} groups affirm it"),
    };
    let settling = match (data.settled, data.lapsed, data.settles_at) {
        (true, _, Some(at)) => format!("settled since {at}"),
        (_, true, _) => "lapsed: nobody confirmed it in time".into(),
        (_, _, Some(at)) => format!("settles at {at}, if nothing changes"),
        _ => "not while it goes on".into(),
    };
    let about = output::fields([
        ("incident", format!("{} on {}", data.id, data.slug)),
        (
            "verdict",
            format!(
                "{} ({affirm}; confirmed by {}, of which {} measured)",
                verdict(data),
                data.rules.quorum,
                data.rules.min_measured
            ),
        ),
        ("status", data.status.to_string()),
        ("what", what),
        ("started", times(data.started_at.as_ref())),
        ("ended", times(data.ended_at.as_ref())),
        ("first recorded", data.first_reported_at.to_string()),
        ("confirmed", output::or_dash(data.confirmed_at)),
        ("settling", settling),
        ("log", output::log(data.entries, data.head)),
    ]);
    let head = [
        "ORGANISATION",
        "CLAIM",
        "FROM",
        "TO",
        "TIMES",
        "RECORDED",
        "COUNTS",
    ];
    format!("{about}\n{}", output::table(&head, data.voices.iter().map(voice)))
}

/// The median, and what lies to both sides of it where that differs.
fn times(times: Option<&TimesView>) -> String {
    let Some(TimesView {
        earliest,
        median,
        latest,
    }) = times
    else {
        return "-".into();
    };
    if earliest == latest {
        return median.to_string();
    }
    format!("{median} (median; earliest {earliest}, latest {latest})")
}

fn voice(voice: &VoiceView) -> Vec<String> {
    let SpanView { from, to } = voice.span;
    let counts = match (voice.counts, voice.affiliated, voice.live) {
        (true, _, true) => "yes, live",
        (true, _, false) => "yes, late",
        (false, true, _) => "no: the provider's",
        (false, false, _) => "no: its group counts once",
    };
    vec![
        voice.name.clone(),
        voice.claim.to_string(),
        from.to_string(),
        to.to_string(),
        time_kind(voice.time_kind).into(),
        voice.recorded_at.to_string(),
        counts.into(),
    ]
}

fn time_kind(kind: TimeKind) -> &'static str {
    match kind {
        TimeKind::Observed => "observed",
        TimeKind::Claimed => "claimed",
    }
}

fn log(entries: &[EntryView]) -> String {
    entries
        .iter()
        .map(|entry| format!("\n{}", self::entry(entry)))
        .collect()
}

fn entry(entry: &EntryView) -> String {
    let said = &entry.attestation;
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
    let affiliated = if entry.by.affiliated {
        ", of the provider's group"
    } else {
        ""
    };
    output::fields([
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
                entry.by.organisation, entry.by.group, entry.by.key
            ),
        ),
        (
            "says",
            format!(
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
            ),
        ),
        ("vantages", list(vantages.collect())),
        ("evidence", list(evidence.collect())),
        (
            "text",
            entry
                .text
                .clone()
                .or_else(|| said.text_sha256.map(|hash| format!("SHA-256 {hash}")))
                .unwrap_or_else(|| "-".into()),
        ),
    ])
}
