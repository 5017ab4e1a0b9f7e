//! What may be done: a file a noun.

mod incident;
mod incident_words;
mod key;
mod org;
mod record;
mod replay;
mod report;
mod reporter;
mod service;
mod status;
mod transaction;

use clap::Subcommand;

use crate::{options::Program, session::Session, trouble::Result};

/// The nouns.
#[derive(Subcommand)]
pub enum Noun {
    /// Say what you see of a service: the shortest way.
    Report(report::Report),
    /// Incidents: what happened.
    #[command(subcommand)]
    Incident(incident::Incident),
    /// Services: what is watched.
    #[command(subcommand)]
    Service(service::Service),
    /// Organisations: who may speak.
    #[command(subcommand)]
    Org(org::Org),
    /// Your organisation's reporter keys.
    #[command(subcommand)]
    Reporter(reporter::Reporter),
    /// Keys on this machine.
    #[command(subcommand)]
    Key(key::Key),
    /// Record attestations from a file, in order, as their organisations.
    Replay(replay::Replay),
    /// Transactions: what became of one.
    #[command(subcommand)]
    Transaction(transaction::Transaction),
    /// The chain, and how far the node is with it.
    Status,
}

/// Does what the command line says.
pub async fn run(program: Program) -> Result<()> {
    let Program { options, noun } = program;
    // Keys are made without any node.
    if let Noun::Key(key) = noun {
        return key.run(options.json);
    }
    // A file that cannot be meant is refused before anybody is asked.
    let noun = match noun {
        Noun::Replay(replay) => return replay.run(&options).await,
        noun => noun,
    };
    let session = Session::open(&options).await?;
    match noun {
        Noun::Report(report) => report.run(&session).await,
        Noun::Incident(incident) => incident.run(&session).await,
        Noun::Service(service) => service.run(&session).await,
        Noun::Org(org) => org.run(&session).await,
        Noun::Reporter(reporter) => reporter.run(&session).await,
        Noun::Transaction(transaction) => transaction.run(&session).await,
        Noun::Status => status::run(&session).await,
        Noun::Key(_) | Noun::Replay(_) => Ok(()),
    }
}
