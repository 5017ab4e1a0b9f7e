//! What may be done: a file a noun.

mod audit;
mod council;
mod council_acts;
mod council_rules;
mod council_words;
pub mod incident;
mod incident_words;
mod key;
mod listing;
mod org;
mod proof;
mod record;
mod replay;
mod report;
mod report_many;
mod reporter;
mod service;
mod service_list;
mod shell;
mod status;
mod transaction;
mod upgrade;
mod validator;
mod verified;

use clap::Subcommand;

use crate::{
    options::{example, Program},
    session::Session,
    trouble::Result,
};

/// The nouns.
#[derive(Subcommand)]
pub enum Noun {
    // Where a variant has no words of its own, those of what it holds are shown.
    Report(report::Report),
    ReportMany(report_many::ReportMany),
    /// Incidents: what happened.
    #[command(subcommand)]
    Incident(incident::Incident),
    /// Services: what is watched.
    #[command(subcommand)]
    Service(service::Service),
    /// Organisations: who may speak.
    #[command(subcommand)]
    Org(org::Org),
    /// The council: what it is asked to do, and what it did.
    #[command(subcommand)]
    Council(council::Council),
    /// Validators: who keeps the chain.
    #[command(subcommand)]
    Validator(validator::Validator),
    /// The chain's runtime, and the one that may take its place.
    #[command(subcommand)]
    Upgrade(upgrade::Upgrade),
    /// Evidence bundles: files by which anybody can check what the chain says.
    #[command(subcommand)]
    Proof(proof::Proof),
    Audit(audit::Audit),
    /// Your organisation's reporter keys.
    #[command(subcommand)]
    Reporter(reporter::Reporter),
    /// Keys on this machine.
    #[command(subcommand)]
    Key(key::Key),
    Replay(replay::Replay),
    /// Transactions: what became of one.
    #[command(subcommand)]
    Transaction(transaction::Transaction),
    /// The chain, and how far the node is with it.
    #[command(after_help = example("status"))]
    Status,
    Completions(shell::Completions),
    Man(shell::Man),
}

/// Does what the command line says.
pub async fn run(program: Program) -> Result<()> {
    let Program { options, noun } = program;
    let noun = match noun {
        // These want no node.
        Noun::Key(key) => return key.run(&options),
        Noun::Upgrade(upgrade::Upgrade::Hash { file }) => return upgrade::hash(&file, options.json),
        Noun::Completions(completions) => return completions.run(),
        Noun::Man(man) => return man.run(),
        // A file that cannot be meant is refused before anybody is asked.
        Noun::Replay(replay) => return replay.run(&options).await,
        Noun::ReportMany(report) => return report.run(&options).await,
        // Some of these want no node.
        Noun::Proof(proof) => return proof.run(&options).await,
        Noun::Audit(audit) => return audit.run(&options).await,
        Noun::Upgrade(upgrade::Upgrade::Apply { file }) => return upgrade::apply(&file, &options).await,
        Noun::Validator(validator::Validator::SetKeys(keys)) => return keys.run(&options).await,
        noun => noun,
    };
    let session = Session::open(&options).await?;
    match noun {
        Noun::Report(report) => report.run(&session).await,
        Noun::Incident(incident) => incident.run(&session).await,
        Noun::Service(service) => service.run(&session).await,
        Noun::Org(org) => org.run(&session).await,
        Noun::Council(council) => council.run(&session).await,
        Noun::Reporter(reporter) => reporter.run(&session).await,
        Noun::Transaction(transaction) => transaction.run(&session).await,
        Noun::Status => status::run(&session).await,
        Noun::Validator(_) => validator::list(&session).await,
        Noun::Upgrade(_) => upgrade::status(&session).await,
        Noun::Key(_)
        | Noun::Completions(_)
        | Noun::Man(_)
        | Noun::Replay(_)
        | Noun::ReportMany(_)
        | Noun::Proof(_)
        | Noun::Audit(_) => Ok(()),
    }
}
