//! `faultline incident`

use clap::{Args, Subcommand, ValueEnum};
use faultline_client::Call;
use faultline_primitives::{
    attestation::TimeQuality,
    incident::{Cause, ReplyStatus, Statement},
    IncidentId, Sha256,
};
use faultline_rpc::{
    view::{At, BlockView, EntryView, IncidentView},
    FaultlineRpcClient,
};
use serde::Serialize;

use super::{incident_words as words, record};
use crate::{
    moment::Moment,
    observation::{body, Seen},
    options::example,
    output,
    session::Session,
    trouble::{Result, Trouble},
    why::Why,
};

#[derive(Subcommand)]
pub enum Incident {
    /// Say what you see of an incident, in place of what your organisation said of it before.
    #[command(after_help = example("incident attest 0 --claim degraded --key dev:bob"))]
    Attest {
        /// Its number.
        incident: u64,
        #[command(flatten)]
        seen: Box<Seen>,
        /// The incident where your organisation said so before: there it is withdrawn in the same step.
        #[arg(long, value_name = "INCIDENT")]
        moves_from: Option<u64>,
    },
    /// Take back what your organisation stands by. The log keeps both.
    #[command(after_help = example("incident withdraw 0 --key dev:bob"))]
    Withdraw {
        /// Its number.
        incident: u64,
    },
    /// Close an incident whose end nobody saw, once nobody renews that it goes on.
    #[command(after_help = example("incident close 0 --key dev:alice"))]
    Close {
        /// Its number.
        incident: u64,
    },
    /// Say how it stands, as the service's provider: beside the record, never in its place.
    #[command(after_help = example("incident reply 0 --status identified --cause system --key dev:eve"))]
    Reply {
        /// Its number.
        incident: u64,
        #[command(flatten)]
        stated: Stated,
        /// A few words, of 512 bytes at most. They are public for ever: name nobody.
        #[arg(long, default_value = "")]
        text: String,
    },
    /// Dispute the record, as a reporter or the service's provider: once.
    #[command(after_help = example("incident dispute 0 --text 'It was maintenance.' --key dev:eve"))]
    Dispute {
        /// Its number.
        incident: u64,
        /// The grounds, of 512 bytes at most. They are public for ever: name nobody.
        #[arg(long)]
        text: String,
    },
    /// Rule on the open dispute, as an arbiter without a part in it.
    #[command(after_help = example("incident vote 0 reject --text 'Nothing was announced.'\n--key dev:ferdie"))]
    Vote {
        /// Its number.
        incident: u64,
        /// Whether to uphold the dispute or to reject it.
        ruling: Ruling,
        /// The reasons, of 512 bytes at most. They are public for ever: name nobody.
        #[arg(long, default_value = "")]
        text: String,
    },
    /// Hold an incident to be the same as another of its service, as an arbiter.
    #[command(after_help = example("incident link 1 --to 0 --key dev:ferdie"))]
    Link {
        /// Its number.
        incident: u64,
        /// The number of the other.
        #[arg(long, value_name = "INCIDENT")]
        to: u64,
    },
    /// Take such a link back, as an arbiter.
    #[command(after_help = example("incident unlink 1 --key dev:ferdie"))]
    Unlink {
        /// Its number.
        incident: u64,
    },
    /// Show an incident: what is recorded, and who stands by what.
    #[command(after_help = example("incident show 0 --entries"))]
    Show {
        /// Its number.
        incident: u64,
        /// Also show every entry of its log.
        #[arg(long)]
        entries: bool,
    },
}

/// How an arbiter rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Ruling {
    /// The dispute is right.
    Uphold,
    /// It is not.
    Reject,
}

/// What the provider says.
#[derive(Args)]
pub struct Stated {
    /// Investigating, identified, monitoring, resolved, or not-us.
    #[arg(long, value_name = "STATUS")]
    status: ReplyStatus,
    /// When it began: 2024-12-11T23:16:00Z, "20min ago", now.
    #[arg(long, value_name = "TIME")]
    start: Option<Moment>,
    /// When it ended.
    #[arg(long, value_name = "TIME")]
    end: Option<Moment>,
    /// Whether these times were read off an instrument (actual) or estimated.
    #[arg(long, value_name = "QUALITY", default_value = "estimate")]
    time_quality: TimeQuality,
    /// Unknown, process, system, human-error, third-party, power, cable, natural-disaster, malicious,
    /// government-directed.
    #[arg(long, value_name = "CAUSE", default_value = "unknown")]
    cause: Cause,
    /// The SHA-256 of a document, such as a postmortem.
    #[arg(long, value_name = "SHA256")]
    document: Option<Sha256>,
}

impl Stated {
    fn statement(&self) -> Statement {
        Statement {
            status: self.status,
            claimed_start: self.start.map(|time| time.0),
            claimed_end: self.end.map(|time| time.0),
            time_quality: self.time_quality,
            cause: self.cause,
            document: self.document,
        }
    }
}

/// An incident, with its log where that was asked for.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    incident: IncidentView,
    /// What the record comes of.
    why: Why,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<Vec<EntryView>>,
}

impl Incident {
    pub async fn run(self, session: &Session) -> Result<()> {
        let id = IncidentId;
        let (incident, call) = match self {
            Self::Show { incident, entries } => return show(session, incident, entries).await,
            Self::Attest {
                incident,
                seen,
                moves_from,
            } => {
                let (observation, text) = seen.read()?;
                let call = Call::attest(id(incident), &observation, &text, moves_from.map(id));
                (incident, call)
            }
            Self::Withdraw { incident } => (incident, Call::withdraw(id(incident))),
            Self::Close { incident } => (incident, Call::close(id(incident))),
            Self::Reply {
                incident,
                stated,
                text,
            } => (
                incident,
                Call::reply(id(incident), &stated.statement(), &body(&text)?),
            ),
            Self::Dispute { incident, text } => (incident, Call::dispute(id(incident), &body(&text)?)),
            Self::Vote {
                incident,
                ruling,
                text,
            } => {
                let sustain = ruling == Ruling::Uphold;
                (incident, Call::vote(id(incident), sustain, &body(&text)?))
            }
            Self::Link { incident, to } => (incident, Call::link(id(incident), id(to))),
            Self::Unlink { incident } => (incident, Call::unlink(id(incident))),
        };
        // Asked first: the answer says which incident is not there, the chain only that one is not.
        let client = &session.client;
        client.answer(client.rpc().incident(incident)).await?;
        let recorded = session.execute(&call).await?;
        record::print(session, &recorded)
    }
}

async fn show(session: &Session, incident: u64, entries: bool) -> Result<()> {
    let shown = read(session, incident, entries).await?;
    output::answer(session.json, &shown, |shown| {
        let log = shown.log.as_deref().map(words::log).unwrap_or_default();
        format!("{}{log}", words::show(&shown.incident))
    })
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
    let why = Why::of(&incident);
    Ok(At {
        at,
        data: Shown { incident, why, log },
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
