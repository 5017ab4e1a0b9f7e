//! `faultline audit`

mod markdown;

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;
use faultline_client::{
    audit::{audit, Asked, AuditError, Audited, Compare, Note, Options as Wanted, Stage},
    proof::Anchor,
    trust::Doubt,
    Client, Error,
};
use faultline_primitives::Hash;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::proof::anchor::{self, Trust};
use crate::{
    interrupt::Interrupt,
    options::{example, Options},
    output::{self, NewFile, SCHEMA_VERSION},
    session::Session,
    trouble::{Result, Trouble},
};

/// Incidents of which the nodes' own answers are compared, where it is not said.
const SAMPLE: u64 = 64;

const EXAMPLE: &str = "audit -o audit.md";

/// Audit the whole chain against one or several nodes, without trusting any.
///
/// A block is proven to be final from the genesis hash or a checkpoint, every record is proven by that block's state, and
/// every log is replayed. The report holds facts of the chain at that block and nothing else: whoever audits it at the same
/// block, from the same anchor, by whatever nodes, gets the same bytes. What is to be said of the nodes, that one is behind,
/// tells what it cannot prove or does not agree with the others, and how fast it went, goes to stderr.
///
/// A block whose state the nodes no longer keep cannot be audited: take a node that keeps all states
/// (`--state-pruning archive-canonical`) for a long audit. The exit code is 0 where all holds, 1 where something does not.
#[derive(Args)]
#[command(after_help = example(EXAMPLE))]
pub struct Audit {
    #[command(flatten)]
    trust: Trust,
    /// The block to audit at, one that finality stopped at; else the latest such block of the first node.
    #[arg(long, value_name = "BLOCK")]
    at: Option<u32>,
    /// The file to write the report to; where not given, stdout. Markdown, or JSON with --json.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Put it in the place of a file that is there.
    #[arg(long, requires = "output")]
    force: bool,
    /// The file that keeps how far the audit is, so that it goes on after it was stopped; it goes away at the end. Where not
    /// given, one beside the report's file; none where that is not given either.
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    /// Of how many incidents the nodes' own answers are compared with what is proven: a number, of incidents drawn by the
    /// block's hash, or `all`.
    #[arg(long, value_name = "NUMBER", default_value = "64", value_parser = compare)]
    compare: Compare,
}

fn compare(text: &str) -> std::result::Result<Compare, String> {
    match text {
        "all" => Ok(Compare::All),
        number => number
            .parse()
            .map(Compare::Some)
            .map_err(|_| format!("`{number}` is neither a number nor `all`, such as {SAMPLE}")),
    }
}

impl Audit {
    pub async fn run(self, options: &Options) -> Result<()> {
        let file = match &self.output {
            // A file that may not be written is refused before anybody is asked.
            Some(path) => Some(NewFile::begin(path, self.force)?),
            None => None,
        };
        let session = Session::open(options).await?;
        let genesis = session.client.genesis();
        let trusted = self.trust.or(genesis);
        if session.on_its_word && matches!(trusted, Anchor::Genesis(_)) {
            let trusted = anchor::words(&trusted);
            let what = format!(
                "Trusted: {trusted}, as the node itself says. Better is one from elsewhere: --genesis."
            );
            talk(options.json, &what);
        }
        let (nodes, mut remarks, strangers) = connect(&options.nodes(), genesis).await?;
        let progress = self.resume.clone().or_else(|| self.output.as_deref().map(beside));
        let wanted = Wanted {
            anchor: trusted,
            at: self.at,
            progress: progress.clone(),
            compare: self.compare,
        };
        let bar = bar();
        session.turns(&bar);
        let mut interrupt = Interrupt::heed();
        let outcome = tokio::select! {
            outcome = audit(&nodes, &wanted, |stage| show(&bar, options.json, stage)) => outcome,
            () = interrupt.pressed() => {
                bar.finish_and_clear();
                return Err(stopped(progress.as_deref()));
            }
        };
        bar.finish_and_clear();
        let mut audited = outcome.map_err(|why| trouble(why, progress.as_deref()))?;
        audited.notes.extend(strangers);
        remarks.append(&mut audited.remarks);
        write(file, &report(options.json, &audited)?)?;
        say(options.json, &audited, &remarks);
        match audited.holds() {
            true => Ok(()),
            false => Err(found(&audited)),
        }
    }
}

/// Connects to each node by itself; with what is to be said of those that do not answer, or are of another chain.
async fn connect(urls: &[String], genesis: Hash) -> Result<(Vec<Asked<Client>>, Vec<Note>, Vec<Note>)> {
    let (mut nodes, mut remarks, mut strangers) = (Vec::new(), Vec::new(), Vec::new());
    for url in urls {
        let note = |what: String| Note {
            node: url.clone(),
            what,
        };
        match Client::connect_any(std::slice::from_ref(url), Some(genesis), |_| ()).await {
            Ok(source) => nodes.push(Asked {
                name: url.clone(),
                source,
            }),
            Err(Error::OtherChain { found, .. }) => {
                strangers.push(note(format!(
                    "is of another chain: its genesis is {found}, not {genesis}"
                )));
            }
            Err(why) => remarks.push(note(format!("did not answer: {why}"))),
        }
    }
    match nodes.is_empty() {
        true => Err(Trouble::unreachable("none of the nodes answers")),
        false => Ok((nodes, remarks, strangers)),
    }
}

/// Where how far an audit is is kept, beside its report.
fn beside(report: &Path) -> PathBuf {
    let mut name = report.file_name().unwrap_or_default().to_owned();
    name.push(".progress");
    report.with_file_name(name)
}

fn report(as_json: bool, audited: &Audited) -> Result<String> {
    let report = &audited.report;
    if !as_json {
        return Ok(markdown::page(report));
    }
    let at = json!({ "number": report.block.number, "hash": report.block.hash });
    let document = json!({ "schemaVersion": SCHEMA_VERSION, "at": at, "data": report });
    output::document(&document)
}

fn write(file: Option<NewFile>, report: &str) -> Result<()> {
    match file {
        None => output::print(report.trim_end()),
        Some(mut file) => {
            file.write_all(report.as_bytes())
                .map_err(|error| Trouble::failed("output", format!("cannot write the report: {error}")))?;
            file.finish()
        }
    }
}

/// What is no part of the report.
fn say(as_json: bool, audited: &Audited, remarks: &[Note]) {
    let seconds = audited.checking.as_secs_f64();
    let rate = match seconds > 0.0 {
        true => audited.checked as f64 / seconds,
        false => 0.0,
    };
    if as_json {
        output::talk(json!({
            "schemaVersion": SCHEMA_VERSION,
            "nodes": { "findings": audited.notes, "remarks": remarks },
            "checking": { "entries": audited.checked, "seconds": seconds },
        }));
        return;
    }
    for Note { node, what } in audited.notes.iter().chain(remarks) {
        output::talk(format_args!("{node}: {what}"));
    }
    let block = &audited.report.block;
    output::talk(format_args!(
        "Audited at block {} ({}): {} entries of incidents checked, {rate:.0} a second without waiting for nodes.",
        block.number, block.hash, audited.checked
    ));
}

fn found(audited: &Audited) -> Trouble {
    let listed = u64::try_from(audited.report.findings.len()).unwrap_or(u64::MAX);
    let of_chain = listed.saturating_add(audited.report.unlisted);
    let of_nodes = audited.notes.len();
    let what = match (of_chain, of_nodes) {
        (0, _) => format!("the chain holds, and {of_nodes} things that nodes said do not"),
        (_, 0) => format!("{of_chain} things do not hold: the report says which"),
        _ => format!("{of_chain} things do not hold, as the report says, and {of_nodes} that nodes said"),
    };
    Trouble::failed("finding", what)
}

fn trouble(why: AuditError, progress: Option<&Path>) -> Trouble {
    let kept = progress.filter(|path| path.exists());
    let goes_on = kept.map(|path| {
        format!(
            " The same command goes on from there: {} keeps how far it is.",
            path.display()
        )
    });
    match why {
        AuditError::Doubt(Doubt::Node(error)) => {
            let trouble = Trouble::from(error);
            let advice = trouble.advice().unwrap_or_default().to_owned();
            trouble.with_advice(format!("{advice}{}", goes_on.unwrap_or_default()).trim().to_owned())
        }
        AuditError::Doubt(why) => Trouble::failed("unproven", why.to_string())
            .with_advice("Nothing is proven by this node: ask another with --node. Is the anchor right?"),
        why @ AuditError::StateGone { .. } => Trouble::failed("stateGone", why.to_string()).with_advice(format!(
            "Audit a node that keeps all states (--state-pruning archive-canonical), or begin again at a newer block{}.",
            kept.map_or_else(String::new, |path| format!(": remove {}", path.display()))
        )),
        why => Trouble::failed("progress", why.to_string())
            .with_advice("Name another file with --resume, or remove this one to begin again."),
    }
}

fn stopped(progress: Option<&Path>) -> Trouble {
    let trouble = Trouble::failed("interrupted", "stopped before the audit was whole");
    match progress.filter(|path| path.exists()) {
        Some(path) => trouble.with_advice(format!(
            "The same command goes on: {} keeps how far it is.",
            path.display()
        )),
        None => trouble.with_advice("Nothing was written."),
    }
}

fn talk(as_json: bool, what: &str) {
    match as_json {
        true => output::talk(
            json!({ "schemaVersion": SCHEMA_VERSION, "notice": { "kind": "audit", "message": what } }),
        ),
        false => output::talk(what),
    }
}

/// What shows how far it is, where somebody looks.
fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
        bar.set_style(style);
    }
    bar.set_message("proving that a block is final");
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

fn show(bar: &ProgressBar, as_json: bool, stage: Stage) {
    match stage {
        Stage::Society(block) => {
            bar.set_message(format!("block {block}: who may speak, and who keeps the chain"))
        }
        Stage::Resumed(incidents) => {
            bar.suspend(|| {
                talk(
                    as_json,
                    &format!("Goes on where it was stopped, after {incidents} incidents."),
                )
            });
        }
        Stage::Incidents { done, of, entries } => {
            if bar.length() != Some(of) {
                bar.set_length(of);
                let template = "{wide_bar} {human_pos} of {human_len} incidents, {per_sec}, {msg}";
                if let Ok(style) = ProgressStyle::with_template(template) {
                    bar.set_style(style);
                }
            }
            bar.set_message(format!("{entries} entries"));
            bar.set_position(done);
        }
        Stage::Nodes => bar.set_message("comparing the nodes"),
    }
}
