//! A node whose chain begins with a whole history: how fast it builds its index, and how fast it answers.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::BufWriter,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{ensure, Context, Result};
use faultline_rpc::FaultlineRpcClient;
use jsonrpsee::ws_client::{WsClient, WsClientBuilder};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{json, Value};
use sp_core::bytes::to_hex;

use super::{
    history::History,
    question::{as_asked, Question, KINDS},
    PAGE,
};
use crate::{
    dataset::{state, Dataset, Shape},
    measure::figures::{rate, Figures},
    wait_for, TestNode,
};

/// How often it is built.
const RUNS: usize = 3;
/// How long that may take.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often each kind of question is asked.
const ASKED: usize = 200;

/// Measures, and gives a report for people and one for programs.
///
/// # Errors
///
/// The node does not start, or does not answer.
pub async fn backfill(incidents: u64, seed: u64) -> Result<(String, Value)> {
    let data = Dataset::new(Shape::of_years(incidents, seed))?;
    let history = History::told(&data)?;
    let folder = tempfile::tempdir()?;
    let spec = spec(&data, folder.path())?;
    let mut node = TestNode::start(&[&format!("--chain={}", spec.display()), "--alice", "--validator"])?;
    let mut runs = vec![built_in(&node)?];
    let index = index_of(&node)?;
    while runs.len() < RUNS {
        node.kill()?;
        fs::remove_dir_all(&index)?;
        node.start_again()?;
        runs.push(built_in(&node)?);
    }
    runs.sort_unstable();
    let median = runs[runs.len() / 2];
    ensure!(
        !median.is_zero(),
        "{incidents} incidents are too few to be timed: try ten times as many"
    );
    let mut text = format!(
        "a chain that begins with {incidents} incidents, {} entries: the node built its index in {} s; median {:.0} \
         entries/s, {:.0} incidents/s\n",
        history.entries(),
        runs.iter()
            .map(|run| format!("{:.1}", run.as_secs_f64()))
            .collect::<Vec<_>>()
            .join(", "),
        rate(history.entries(), median),
        rate(incidents, median),
    );
    let title = format!("{ASKED} questions of a kind over one WebSocket, ms");
    writeln!(text, "{title:<48} {:>8} {:>8} {:>8}", "p50", "p95", "p99")?;
    node.wait_for_first_block()?;
    let connection = WsClientBuilder::default().build(node.endpoint()).await?;
    let mut rows = Vec::new();
    for kind in KINDS {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut times = Vec::new();
        for _ in 0..ASKED {
            let question = (kind.draw)(&history, &mut chance)?;
            let asked = Instant::now();
            ask(&connection, &question).await.context(kind.name)?;
            times.push(asked.elapsed());
        }
        let (name, figures) = (
            kind.name.replace("from the index", "from the state"),
            Figures::of(times),
        );
        writeln!(text, "{name:<48} {figures}")?;
        rows.push(json!({ "question": name, "asked": figures.to_json() }));
    }
    let json = json!({
        "incidents": incidents,
        "entries": history.entries(),
        "seed": seed,
        "buildSeconds": runs.iter().map(Duration::as_secs_f64).collect::<Vec<_>>(),
        "entriesPerSecond": rate(history.entries(), median),
        "incidentsPerSecond": rate(incidents, median),
        "questions": rows,
    });
    Ok((text, json))
}

async fn ask(connection: &WsClient, question: &Question) -> Result<()> {
    let limit = Some(u32::try_from(PAGE)?);
    match question {
        Question::Incidents(filter) => drop(connection.incidents(Some(as_asked(filter)), None, limit).await?),
        Question::Services(filter) => drop(connection.services(Some(filter.clone()), None, limit).await?),
        Question::Related(id) => drop(connection.related(id.0).await?),
        Question::Incident(id) => drop(connection.incident(id.0).await?),
    }
    Ok(())
}

/// How long the node says that building its index took, once it has.
fn built_in(node: &TestNode) -> Result<Duration> {
    wait_for("whole index", PATIENCE, || {
        let said = node.said()?;
        let Some(line) = said
            .lines()
            .find(|line| line.contains("The index is whole at block"))
        else {
            return Ok(None);
        };
        let seconds = line
            .trim_end()
            .rsplit_once(", after ")
            .and_then(|(_, rest)| rest.strip_suffix(" s"));
        let seconds: f64 = seconds.context("it says how long it took")?.parse()?;
        Ok(Some(Duration::from_secs_f64(seconds)))
    })
}

/// Where the node keeps its index.
fn index_of(node: &TestNode) -> Result<PathBuf> {
    let chains = node.folder().join("data/chains");
    let chain = fs::read_dir(chains)?.next().context("the node keeps a chain")??;
    Ok(chain.path().join("index"))
}

/// The chain `dev`, with a history in its first block's state in place of its own organisations and services.
fn spec(data: &Dataset, folder: &Path) -> Result<PathBuf> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../chain-spec/dev-raw.json");
    let mut spec: Value = serde_json::from_str(&fs::read_to_string(path).context(path)?)?;
    let top = spec
        .pointer_mut("/genesis/raw/top")
        .and_then(Value::as_object_mut);
    let top = top.context("a raw specification has a state")?;
    let mut put = |key: &[u8], value: Vec<u8>| {
        top.insert(to_hex(key, false), to_hex(&value, false).into());
        Ok(())
    };
    state::cast(data, &mut put)?;
    state::incidents(data, &mut put)?;
    let path = folder.join("chain.json");
    serde_json::to_writer(BufWriter::new(File::create(&path)?), &spec)?;
    Ok(path)
}
