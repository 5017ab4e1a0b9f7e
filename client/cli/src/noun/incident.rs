//! `faultline incident`
//!
//! | file | holds |
//! | --- | --- |
//! | `filter.rs` | which incidents: the options of `list`, `watch` and `export`, and what they say |
//! | `list.rs`, `rows.rs` | `list`, and incidents as rows of a table |
//! | `watch.rs`, `live.rs` | `watch`, and what it shows on a terminal |
//! | `show.rs`, `story.rs`, `timeline.rs` | `show`: what is read, what that amounts to, and how it is told |
//! | `acts.rs`, `names.rs` | entries and organisations in words |
//! | `export.rs` | `export`, and its formats |

pub mod acts;
pub mod export;
mod filter;
mod list;
mod live;
mod names;
mod rows;
mod show;
mod story;
mod timeline;
mod watch;

pub use self::names::Names;
#[cfg(test)]
pub use self::story::{Event, Told};

use clap::{Args, Subcommand, ValueEnum};
use faultline_client::Call;
use faultline_primitives::{
    attestation::TimeQuality,
    incident::{Cause, ReplyStatus, Statement},
    IncidentId, Sha256,
};
use faultline_rpc::FaultlineRpcClient;

use super::record;
use crate::{
    moment::Moment,
    observation::{body, Seen},
    options::example,
    session::Session,
    trouble::Result,
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
    // Where a variant has no words of its own, those of what it holds are shown.
    List(Box<list::List>),
    Watch(Box<watch::Watch>),
    Show(show::Show),
    Export(Box<export::Export>),
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

impl Incident {
    pub async fn run(self, session: &Session) -> Result<()> {
        let id = IncidentId;
        let (incident, call) = match self {
            Self::List(list) => return list.run(session).await,
            Self::Watch(watch) => return watch.run(session).await,
            Self::Show(show) => return show.run(session).await,
            Self::Export(export) => return export.run(session).await,
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
