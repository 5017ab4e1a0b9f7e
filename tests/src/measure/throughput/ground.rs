//! The network that is measured: its chain, its nodes, and the crowd that speaks on it.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{ensure, Context, Result};
use codec::Decode;
use faultline_primitives::{log::blake2_256, quota::Quota};
use serde_json::{json, Value};
use sp_core::bytes::{from_hex, to_hex};
use tempfile::TempDir;

use super::limits::Limits;
use crate::{
    binary,
    dataset::{state, Dataset, Shape},
    load::{
        crowd::{list, Crowd},
        FIRST_ORGANISATION, FIRST_SERVICE,
    },
    nemesis::ask::Node,
    Spec, TestNode, Validator,
};

/// How long a node has to begin, besides a second for so many incidents that its chain begins with.
const PATIENCE: Duration = Duration::from_secs(90);
const INCIDENTS_A_SECOND: u64 = 1_000;

/// How the measured network differs from one that is started with nothing said.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What it is called in the report.
    pub label: String,
    /// Places of the genesis configuration, as of [`Spec::with`], and what is put there.
    pub changes: Vec<(String, Value)>,
    /// Another runtime, as WebAssembly.
    pub code: Option<PathBuf>,
    /// Arguments of every node, besides those that it needs.
    pub arguments: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            label: "Faultline".into(),
            changes: Vec::new(),
            code: None,
            arguments: Vec::new(),
        }
    }
}

impl Settings {
    /// For programs.
    pub fn to_json(&self) -> Value {
        json!({
            "label": self.label,
            "changes": self.changes,
            "code": self.code.as_ref().and_then(|path| path.file_name()?.to_str()),
            "arguments": self.arguments,
        })
    }
}

/// A network.
pub struct Ground {
    /// The nodes, all of them validators.
    pub nodes: Vec<TestNode>,
    /// The number of the crowd's first organisation.
    pub first_organisation: u32,
    /// The number of its first service.
    pub first_service: u32,
    /// How many incidents the chain begins with: the number of the first that is reported.
    pub first_incident: u64,
    /// How long a slot is.
    pub slot: Duration,
    /// What bounds a block.
    pub limits: Limits,
    // The chain's specification.
    _folder: TempDir,
}

impl Ground {
    /// Starts one validator or four, and waits until a block is final.
    ///
    /// # Errors
    ///
    /// A node does not start, or nothing becomes final.
    pub async fn start(
        validators: usize,
        crowd: &Crowd,
        incidents: u64,
        seed: u64,
        settings: &Settings,
    ) -> Result<Self> {
        ensure!(
            (1..=Validator::ALL.len()).contains(&validators),
            "one validator, or up to four"
        );
        let folder = TempDir::with_prefix("faultline-bench-")?;
        let data = match incidents {
            0 => None,
            incidents => Some(Dataset::new(Shape::of_years(incidents, seed))?),
        };
        let (mut spec, mut first) = (Spec::local()?, (FIRST_ORGANISATION, FIRST_SERVICE));
        spec = spec.with(
            "/consortium/validators",
            json!((0..validators).collect::<Vec<_>>()),
        )?;
        if let Some(data) = &data {
            spec = with_cast(spec, data)?;
            first = (
                u32::try_from(list(&spec, "/members/organisations")?.len())?,
                u32::try_from(list(&spec, "/services/services")?.len())?,
            );
        }
        spec = crowd.join(spec)?;
        for (place, value) in &settings.changes {
            spec = spec.with(place, value.clone())?;
        }
        if let Some(code) = &settings.code {
            spec = spec.with_code(&fs::read(code).with_context(|| code.display().to_string())?)?;
        }
        let mut chain = spec.write(folder.path())?;
        if let Some(data) = &data {
            chain = with_incidents(&chain, data, folder.path())?;
        }
        let patience = patience(incidents);
        let nodes = nodes(validators, &chain, patience, settings)?;
        let slot = slot(&nodes).await?;
        let first_node = nodes.first().context("no nodes")?;
        let limits = Limits::of(&mut Node::new(first_node.endpoint(), Duration::from_secs(60))).await?;
        for node in &nodes {
            let began = std::time::Instant::now();
            let mut asked = Node::new(node.endpoint(), Duration::from_secs(60));
            while asked.finalized().await?.number == 0 {
                ensure!(began.elapsed() < patience, "no block becomes final");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        Ok(Self {
            nodes,
            first_organisation: first.0,
            first_service: first.1,
            first_incident: incidents,
            slot,
            limits,
            _folder: folder,
        })
    }

    /// Where the nodes are.
    pub fn endpoints(&self) -> Vec<String> {
        self.nodes.iter().map(TestNode::endpoint).collect()
    }

    /// One of the nodes, to be asked.
    ///
    /// # Errors
    ///
    /// There is no such node.
    pub fn ask(&self, node: usize) -> Result<Node> {
        let node = self.nodes.get(node).context("there is no such node")?;
        Ok(Node::new(node.endpoint(), Duration::from_secs(120)))
    }
}

/// How long a node has to begin whose chain begins with so many incidents.
pub fn patience(incidents: u64) -> Duration {
    PATIENCE + Duration::from_secs(incidents / INCIDENTS_A_SECOND)
}

fn nodes(validators: usize, chain: &Path, patience: Duration, settings: &Settings) -> Result<Vec<TestNode>> {
    let mut nodes = Vec::<TestNode>::new();
    for who in Validator::ALL.iter().take(validators) {
        let mut arguments = vec![
            format!("--chain={}", chain.display()),
            who.flag().into(),
            "--validator".into(),
            // It says of each block what ended it.
            "-lsc_basic_authorship=info".into(),
        ];
        if let Some(first) = nodes.first() {
            arguments.push(format!("--bootnodes={}", first.address()?));
        }
        arguments.extend(settings.arguments.iter().cloned());
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        nodes.push(TestNode::start_within(patience, &arguments)?);
    }
    Ok(nodes)
}

async fn slot(nodes: &[TestNode]) -> Result<Duration> {
    let node = nodes.first().context("no nodes")?;
    let mut node = Node::new(node.endpoint(), Duration::from_secs(60));
    let answer = node
        .ask("state_call", ["AuraApi_slot_duration".into(), "0x".into()])
        .await?;
    let bytes =
        from_hex(answer.as_str().unwrap_or_default()).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    Ok(Duration::from_millis(u64::decode(&mut bytes.as_slice())?))
}

/// The chain with the organisations and services of a history, by their numbers: its own stay the first.
fn with_cast(spec: Spec, data: &Dataset) -> Result<Spec> {
    let mut organisations = list(&spec, "/members/organisations")?;
    let first = organisations.first().cloned().context("no organisations")?;
    for member in data.organisations().iter().skip(organisations.len()) {
        let mut new = first.clone();
        let admin = blake2_256(&[b"history", &member.id.0.to_be_bytes()]);
        new["name"] = member.record.state.name.to_string().into();
        new["url"] = member.record.state.url.to_string().into();
        new["admin"] = to_hex(&admin.0, false).into();
        new["quota"] = serde_json::to_value(Quota {
            burst: 60,
            per_block: 6,
        })?;
        new["reporters"] = json!([]);
        organisations.push(new);
    }
    let mut services = list(&spec, "/services/services")?;
    let first = services.first().cloned().context("no services")?;
    for service in data.services().iter().skip(services.len()) {
        let mut new = first.clone();
        new["slug"] = service.record.state.slug.to_string().into();
        new["name"] = service.record.state.name.to_string().into();
        services.push(new);
    }
    let spec = spec.with("/members/organisations", organisations)?;
    spec.with("/services/services", services)
}

/// The raw specification of a chain, with the incidents of a history in its state: written as they are told, as a million
/// of them fill gigabytes.
fn with_incidents(chain: &Path, data: &Dataset, folder: &Path) -> Result<PathBuf> {
    const NOTHING: &str = "\"top\":{}";
    let (raw, path) = (folder.join("raw.json"), folder.join("history.json"));
    let ended = Command::new(binary("faultline-node")?)
        .args(["export-chain-spec", "--raw", "--chain"])
        .arg(chain)
        .arg("--output")
        .arg(&raw)
        .output()?;
    ensure!(
        ended.status.success(),
        "no raw specification: {}",
        String::from_utf8_lossy(&ended.stderr)
    );
    let mut spec: Value = serde_json::from_slice(&fs::read(&raw)?)?;
    let top = spec
        .pointer_mut("/genesis/raw/top")
        .context("a raw specification has a state")?;
    let state_of_chain = std::mem::replace(top, json!({}));
    let text = serde_json::to_string(&spec)?;
    let (before, after) = text.split_once(NOTHING).context("the state's place")?;

    let mut file = BufWriter::new(File::create(&path)?);
    write!(file, "{before}\"top\":{{")?;
    state::incidents(data, &mut |key, value| {
        Ok(write!(
            file,
            "\"{}\":\"{}\",",
            to_hex(key, false),
            to_hex(&value, false)
        )?)
    })?;
    let own = serde_json::to_string(&state_of_chain)?;
    write!(
        file,
        "{}{after}",
        own.strip_prefix('{').context("a state is an object")?
    )?;
    file.into_inner()?.sync_all()?;
    fs::remove_file(&raw)?;
    Ok(path)
}
