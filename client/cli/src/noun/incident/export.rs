//! `faultline incident export`

pub mod report;
mod row;
mod sheet;

use std::{
    io::{self, BufWriter, IsTerminal, Write},
    ops::ControlFlow,
    path::PathBuf,
    time::Duration,
};

use clap::{Args, ValueEnum};
use faultline_primitives::IncidentId;
use faultline_rpc::{
    view::{At, BlockView, IncidentView},
    Cursor, FaultlineRpcClient, IncidentFilter,
};
use indicatif::{ProgressBar, ProgressStyle};

use self::sheet::Sheet;
use super::{
    filter::{self, When, Which},
    show,
    story::Story,
};
use crate::{
    interrupt::Interrupt,
    noun::listing::{walk, Extent, Listed, Walked},
    options::example,
    output::{self, heard, NewFile, Paper},
    session::Session,
    trouble::{Result, Trouble},
};

/// Most incidents that reports are written of by a filter: each is a page, and asked for by itself.
const MOST_REPORTS: u32 = 100;

const EXAMPLE: &str = "incident export 0 --format md --output incident-0.md --force";

/// Export incidents: those of the numbers given, else all that the filters match.
///
/// By number each is read from the chain's finalized state; by filter, from the node's index. Every format states the
/// block that each is true at. A file is there once it is whole, and not before.
#[derive(Args)]
#[command(after_long_help = format!("{}\n\n{}", row::COLUMNS_HELP, example(EXAMPLE)), after_help = example(EXAMPLE))]
pub struct Export {
    /// Their numbers.
    #[arg(value_name = "INCIDENT", conflicts_with_all = ["Which", "When"])]
    incidents: Vec<u64>,
    /// What to write.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// The file to write; where not given, stdout.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Put it in the place of a file that is there.
    #[arg(long, requires = "output")]
    force: bool,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    when: When,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON document.
    Json,
    /// JSON, an incident a line.
    Ndjson,
    /// A table, an incident a row, by RFC 4180; --help lists its columns.
    Csv,
    /// A report of one page each, to read: Markdown. By filter, of 100 at most.
    Md,
}

/// Where it is written.
enum To {
    File(NewFile),
    Paper(Paper),
}

impl Write for To {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::Paper(paper) => paper.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Paper(paper) => paper.flush(),
        }
    }
}

/// What was exported.
struct Done {
    count: u64,
    /// Whose word it is, and of which block.
    source: String,
}

impl Export {
    pub async fn run(self, session: &Session) -> Result<()> {
        let filter = self.which.filter_when(&self.when)?;
        let file = match &self.output {
            // A file that may not be written is refused before anybody is asked.
            Some(path) => Some(NewFile::begin(path, self.force)?),
            None => None,
        };
        let to_file = file.is_some();
        let exported = async {
            let to = match file {
                Some(file) => To::File(file),
                None => To::Paper(Paper::paged(session.paging)),
            };
            self.export(session, &filter, to).await
        };
        let done = if to_file {
            let mut interrupt = Interrupt::heed();
            tokio::select! {
                done = exported => done?,
                () = interrupt.pressed() => {
                    return Err(Trouble::failed("interrupted", "stopped before the export was whole")
                        .with_advice("No file was written."));
                }
            }
        } else {
            exported.await?
        };
        let Some(done) = done else { return Ok(()) };
        if !session.json && (to_file || !io::stdout().is_terminal()) {
            let names = if done.count == 1 { "incident" } else { "incidents" };
            output::talk(format_args!("Exported {} {names}, {}.", done.count, done.source));
        }
        Ok(())
    }

    /// Writes it; none where nobody read it to its end.
    async fn export(&self, session: &Session, filter: &IncidentFilter, to: To) -> Result<Option<Done>> {
        let progress = progress(&to);
        session.turns(&progress);
        let written = match self.format {
            Format::Md => self.reports(session, filter, to, &progress).await,
            _ => self.sheet(session, filter, to, &progress).await,
        };
        progress.finish_and_clear();
        written
    }

    /// Every format but reports: written as it comes.
    async fn sheet(
        &self,
        session: &Session,
        filter: &IncidentFilter,
        to: To,
        progress: &ProgressBar,
    ) -> Result<Option<Done>> {
        let client = &session.client;
        let of = self.incidents.is_empty().then_some(filter);
        let genesis = client.genesis();
        let sheet = Sheet::begin(self.format, BufWriter::new(to), &genesis, of);
        let mut sheet = sheet.map_err(unwritable)?;
        let mut add = |at: &BlockView, incident: &IncidentView| -> Result<ControlFlow<()>> {
            progress.inc(1);
            heard(sheet.add(at, incident))
        };
        let (last, done) = if self.incidents.is_empty() {
            if *filter == IncidentFilter::default() {
                let status = client.answer(client.rpc().status()).await?;
                expect(progress, status.data.incidents);
            }
            let walked = matching(session, filter, &Extent::all(), |at, incidents| {
                for incident in incidents {
                    if add(at, incident)?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                Ok(ControlFlow::Continue(()))
            })
            .await?;
            if walked.next.is_some() {
                return Ok(None);
            }
            let done = Done {
                count: walked.count,
                source: walked.source(),
            };
            (walked.last, done)
        } else {
            let mut newest = None;
            expect(progress, count(&self.incidents));
            for id in &self.incidents {
                let At { at, data } = client.answer(client.rpc().incident(*id)).await?;
                if add(&at, &data)?.is_break() {
                    return Ok(None);
                }
                newest = Some(at);
            }
            let Some(at) = newest else { return Ok(None) };
            (at, done_by_number(count(&self.incidents), &at))
        };
        let ended = sheet.end(&last).and_then(|out| {
            let mut to = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            to.flush()?;
            Ok(to)
        });
        finish(ended, done)
    }

    /// A report of each.
    async fn reports(
        &self,
        session: &Session,
        filter: &IncidentFilter,
        mut to: To,
        progress: &ProgressBar,
    ) -> Result<Option<Done>> {
        let (ids, source) = if self.incidents.is_empty() {
            let mut ids = Vec::new();
            let walked = matching(session, filter, &Extent::most(MOST_REPORTS), |_, incidents| {
                ids.extend(incidents.iter().map(|incident| incident.id));
                Ok(ControlFlow::Continue(()))
            })
            .await?;
            if walked.next.is_some() {
                return Err(Trouble::usage(format!(
                    "the filters match more than {MOST_REPORTS} incidents, and a report is a page each"
                ))
                .with_advice("Narrow them, or name the incidents by number; or take --format csv or json."));
            }
            (ids, Some(walked.source()))
        } else {
            (self.incidents.iter().copied().map(IncidentId).collect(), None)
        };
        expect(progress, count(&ids));
        let client = &session.client;
        let mut newest = None;
        for (place, id) in ids.iter().enumerate() {
            let At { at, data: told } = show::read(session, *id).await?;
            let page = report::report(&Story::new(&told), &at, client.name(), &client.genesis());
            let rule = if place > 0 { "\n---\n\n" } else { "" };
            if heard(write!(to, "{rule}{page}"))?.is_break() {
                return Ok(None);
            }
            progress.inc(1);
            newest = Some(at);
        }
        let done = match (source, newest) {
            (Some(source), None) => {
                let none = Listed {
                    names: ("incident", "incidents"),
                    filter: filter::words(filter),
                }
                .none(&source);
                if heard(writeln!(to, "{}", report::escaped(&none)))?.is_break() {
                    return Ok(None);
                }
                Done { count: 0, source }
            }
            (_, Some(at)) => done_by_number(count(&ids), &at),
            (None, None) => return Ok(None),
        };
        finish(to.flush().map(|()| to), done)
    }
}

/// So many incidents, each read from the chain's state.
fn done_by_number(count: u64, newest: &BlockView) -> Done {
    Done {
        count,
        source: format!("as at finalized block {}", output::block(newest)),
    }
}

fn count<T>(of: &[T]) -> u64 {
    of.len().try_into().unwrap_or(u64::MAX)
}

/// Goes through the incidents that a filter matches.
async fn matching(
    session: &Session,
    filter: &IncidentFilter,
    extent: &Extent,
    mut take: impl FnMut(&BlockView, &[IncidentView]) -> Result<ControlFlow<()>>,
) -> Result<Walked> {
    let client = &session.client;
    let page = |cursor: Option<Cursor>, limit| async move {
        Ok(client
            .incidents_page(filter, cursor.as_ref(), Some(limit))
            .await?)
    };
    walk(extent, page, |page| take(&page.at, &page.data.items)).await
}

/// Puts what was written in its place; none where nobody reads any more.
fn finish(written: io::Result<To>, done: Done) -> Result<Option<Done>> {
    match written {
        Ok(To::File(file)) => file.finish().map(|()| Some(done)),
        Ok(To::Paper(_)) => Ok(Some(done)),
        Err(error) => heard(Err(error)).map(|_| None),
    }
}

fn unwritable(error: io::Error) -> Trouble {
    Trouble::failed("output", format!("cannot write: {error}"))
}

/// What shows how far it is, where somebody looks and the export itself does not come there.
fn progress(to: &To) -> ProgressBar {
    let in_the_way = matches!(to, To::Paper(_)) && io::stdout().is_terminal();
    if in_the_way || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} incidents, {per_sec}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// Says how many there will be.
fn expect(bar: &ProgressBar, count: u64) {
    bar.set_length(count);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} incidents") {
        bar.set_style(style);
    }
}
