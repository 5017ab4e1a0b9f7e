//! What the index outlives: kills, damage, its own loss, and a database that is older than it.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{bail, ensure, Context, Result};
use faultline_rpc::{error::Failure, FaultlineRpcClient, IncidentFilter};
use faultline_tests::{binary, failure, process::Process, TestNode};
use jsonrpsee::ws_client::WsClient;
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    chain::{caught_up, connect, Alone},
    oracle::{ensure_same, snapshot, Model},
    speech::Crowd,
    subscriber::{check, follow_incidents, Manner},
    subscriptions::filters,
};

/// How often the node is killed.
const KILLS: u32 = 20;

/// The folder of the chain within a node's.
fn chain_folder(node: &TestNode) -> Result<PathBuf> {
    let mut chains = fs::read_dir(node.folder().join("data/chains"))?;
    Ok(chains.next().context("a chain")??.path())
}

/// The folder of the index.
fn index_folder(node: &TestNode) -> Result<PathBuf> {
    let folder = chain_folder(node)?.join("index");
    ensure!(folder.is_dir(), "{} is no folder", folder.display());
    Ok(folder)
}

/// What the node's own check says of the index of a node that does not run.
fn check_index(alone: &Alone) -> Result<String> {
    let output = Command::new(binary("faultline-node")?)
        .arg("check-index")
        .arg(format!(
            "--base-path={}",
            alone.node.folder().join("data").display()
        ))
        .arg(format!("--chain={}", alone.spec()))
        .output()?;
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    ensure!(
        output.status.success(),
        "check-index ended with {}:\n{said}",
        output.status
    );
    Ok(said)
}

/// Starts the node, and kills it before it says anything.
fn start_and_kill(node: &TestNode, after: Duration) -> Result<()> {
    let mut process = Process::default();
    let mut command = Command::new(binary("faultline-node")?);
    command.args(node.arguments());
    process.start(command, File::create(node.folder().join("log-short"))?)?;
    std::thread::sleep(after);
    process.kill()
}

/// Kills the node: at any time, or when a block has just become final and the index takes it over.
async fn strike(alone: &mut Alone, random: &mut ChaCha8Rng) -> Result<()> {
    if random.random_ratio(2, 3) {
        let client = connect(&alone.node).await?;
        let finalized = async || Ok::<_, anyhow::Error>(client.status().await?.at.number);
        let goal = finalized().await? + 1;
        for _ in 0..1_000 {
            if finalized().await? >= goal {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tokio::time::sleep(Duration::from_millis(random.random_range(0..60))).await;
    } else {
        tokio::time::sleep(Duration::from_millis(random.random_range(0..3_500))).await;
    }
    alone.node.kill()
}

/// Checks lists of a node whose chain goes on: each is whole as of its block, and each record is one that is or was.
async fn ensure_whole(client: &WsClient) -> Result<()> {
    let counted = client.status().await?;
    let goal = counted.at.number;
    while caught_up(client).await? < goal {}
    let (at, items) = snapshot(client, &IncidentFilter::default()).await?;
    ensure!(at >= goal, "the index went back to {at} from {goal}");
    let mut ids: Vec<_> = items.iter().map(|view| view.id.0).collect();
    ids.sort_unstable();
    let held = u64::try_from(ids.len())?;
    ensure!(
        ids.iter().copied().eq(0..held) && held >= counted.data.incidents,
        "of {} incidents the list has {ids:?}",
        counted.data.incidents
    );
    for view in items {
        let now = client.incident(view.id.0).await?.data;
        ensure!(view.entries <= now.entries, "{view:#?} and the record {now:#?}");
        ensure!(
            view.entries < now.entries || view == now,
            "{view:#?} and the record {now:#?}"
        );
    }
    Ok(())
}

/// Waits until a node's index is whole: one that is damaged is found to be so when it is read.
async fn whole(client: &WsClient) -> Result<()> {
    for _ in 0..300 {
        match client.incidents(None, None, None).await {
            Ok(_) => return Ok(()),
            answer => match failure(answer)? {
                Failure::Unavailable { .. } | Failure::IndexBuilding { .. } => (),
                other => bail!("{other:?}"),
            },
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("after 30 s the index is not whole")
}

/// Checks lists of a node while nobody speaks: by each of these filters what the records make of it.
async fn ensure_right(client: &WsClient, seed: u64) -> Result<Model> {
    let model = Model::settled(client).await?;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut wanted = filters();
    wanted.extend((0..40).map(|_| model.filter(&mut random)));
    for filter in wanted {
        let (_, found) = snapshot(client, &filter).await?;
        ensure_same(&format!("{filter:?}"), &found, &model.list(&filter))?;
    }
    Ok(model)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_killed_at_random_under_load_is_right_each_time_and_at_the_end_as_if_built_anew(
) -> Result<()> {
    let mut alone = Alone::start(&[])?;
    let mut random = ChaCha8Rng::seed_from_u64(9);
    let mut crowd = Crowd::at(&alone.node, 23).await?;
    crowd.fill(30).await?;
    let before = Model::settled(&connect(&alone.node).await?).await?;
    let mut following = Vec::new();
    for (filter, seed) in filters().into_iter().take(4).zip(1..) {
        for manner in [Manner::Steady, Manner::Restless(seed)] {
            let endpoints = vec![alone.node.endpoint()];
            let follower = follow_incidents(endpoints, &filter, manner).await?;
            following.push((filter.clone(), follower));
        }
    }
    let load = crowd.keep_speaking();

    for kill in 0..KILLS {
        strike(&mut alone, &mut random).await?;
        if random.random_ratio(1, 3) {
            start_and_kill(&alone.node, Duration::from_millis(random.random_range(50..2_000)))?;
        }
        alone.node.start_again()?;
        let client = connect(&alone.node).await?;
        ensure_whole(&client)
            .await
            .with_context(|| format!("after kill {kill}"))?;
        if kill % 10 == 9 {
            load.paused(ensure_right(&client, kill.into()))
                .await
                .with_context(|| format!("after kill {kill}"))?;
        }
    }

    let pause = load.pause().await;
    let client = connect(&alone.node).await?;
    let after = ensure_right(&client, 99).await?;
    println!("{} incidents after {KILLS} kills", after.incidents.len());
    for (filter, follower) in &following {
        let given = check(follower, filter, &before, &after).await?;
        println!("{filter:?}: {given}");
    }
    drop(pause);
    drop(load);
    alone.node.kill()?;
    println!("{}", check_index(&alone)?);
    Ok(())
}

/// What the node says of its index on its way.
fn ensure_said(node: &TestNode, words: &[&str]) -> Result<()> {
    let said = node.said()?;
    let is_said = said.lines().any(|line| {
        let line = line.to_lowercase();
        line.contains("index") && words.iter().any(|word| line.contains(word))
    });
    ensure!(is_said, "nothing of the index with one of {words:?}:\n{said}");
    Ok(())
}

/// Writes other bytes over files: those that a choice takes.
fn spoil(folder: &Path, random: &mut ChaCha8Rng, is_taken: impl Fn(&str) -> bool) -> Result<usize> {
    let mut spoilt = 0;
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_file() && is_taken(&name) {
            let mut garbage = vec![0; usize::try_from(path.metadata()?.len())?.max(16)];
            random.fill_bytes(&mut garbage);
            fs::write(&path, garbage)?;
            spoilt += 1;
        }
    }
    Ok(spoilt)
}

/// Copies a folder with all that it holds.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &target)?,
            false => drop(fs::copy(entry.path(), target)?),
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_or_damaged_index_is_built_anew_and_gives_the_same_answers() -> Result<()> {
    let mut alone = Alone::start(&[])?;
    let mut random = ChaCha8Rng::seed_from_u64(31);
    Crowd::at(&alone.node, 29).await?.fill(80).await?;
    let before = Model::settled(&connect(&alone.node).await?).await?;
    let folder = index_folder(&alone.node)?;

    type Damage = fn(&Path, &mut ChaCha8Rng) -> Result<()>;
    let damages: [(&str, Damage); 7] = [
        ("no folder", |folder, _| Ok(fs::remove_dir_all(folder)?)),
        ("an empty folder", |folder, _| {
            fs::remove_dir_all(folder)?;
            Ok(fs::create_dir(folder)?)
        }),
        ("garbage in all files", |folder, random| {
            ensure!(spoil(folder, random, |_| true)? > 3, "no files");
            Ok(())
        }),
        ("garbage in the tables", |folder, random| {
            spoil(folder, random, |name| name.ends_with(".sst")).map(drop)
        }),
        ("garbage in the log", |folder, random| {
            spoil(folder, random, |name| name.ends_with(".log")).map(drop)
        }),
        ("garbage in the manifest", |folder, random| {
            spoil(folder, random, |name| name.starts_with("MANIFEST")).map(drop)
        }),
        ("no list of what is current", |folder, _| {
            Ok(fs::remove_file(folder.join("CURRENT"))?)
        }),
    ];
    alone.node.kill()?;
    for (what, damage) in damages {
        damage(&folder, &mut random).with_context(|| what.to_owned())?;
        alone
            .node
            .start_again()
            .with_context(|| format!("with {what} the node does not run"))?;
        let client = connect(&alone.node).await?;
        whole(&client).await.with_context(|| what.to_owned())?;
        let after = ensure_right(&client, 1).await.with_context(|| what.to_owned())?;
        ensure!(after.incidents.len() == before.incidents.len(), "{what}");
        if what == "garbage in all files" {
            ensure_said(&alone.node, &["anew", "rebuil", "built"]).with_context(|| what.to_owned())?;
        }
        alone.node.kill()?;
        check_index(&alone).with_context(|| what.to_owned())?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_another_chain_or_ahead_of_the_database_is_not_believed() -> Result<()> {
    let mut alone = Alone::start(&[])?;
    let mut other = TestNode::dev()?;
    other.wait_for_first_block()?;
    other
        .cli()
        .signing("dev:alice")
        .json(&["report", "openai", "--claim", "down"])?;
    caught_up(&connect(&other).await?).await?;

    let mut crowd = Crowd::at(&alone.node, 37).await?;
    crowd.fill(20).await?;
    caught_up(&connect(&alone.node).await?).await?;
    let (folder, database) = (index_folder(&alone.node)?, chain_folder(&alone.node)?.join("db"));
    let kept = tempfile::TempDir::with_prefix("faultline-reading-")?;

    // Of another chain.
    alone.node.kill()?;
    let foreign = index_folder(&other)?;
    other.kill()?;
    fs::remove_dir_all(&folder)?;
    copy(&foreign, &folder)?;
    copy(&database, &kept.path().join("db"))?;
    alone.node.start_again()?;
    let model = ensure_right(&connect(&alone.node).await?, 2).await?;
    ensure!(model.incidents.len() > 5, "{}", model.incidents.len());

    // Older than the chain: it catches up.
    alone.node.kill()?;
    copy(&folder, &kept.path().join("index"))?;
    alone.node.start_again()?;
    crowd.fill(20).await?;
    caught_up(&connect(&alone.node).await?).await?;
    alone.node.kill()?;
    fs::remove_dir_all(&folder)?;
    copy(&kept.path().join("index"), &folder)?;
    alone.node.start_again()?;
    let later = ensure_right(&connect(&alone.node).await?, 3).await?;
    ensure!(later.incidents.len() > model.incidents.len());

    // Ahead of the chain: a copy of the database is put in place, and the chain goes on otherwise than it did.
    alone.node.kill()?;
    fs::remove_dir_all(&database)?;
    copy(&kept.path().join("db"), &database)?;
    alone.node.start_again()?;
    let client = connect(&alone.node).await?;
    let again = ensure_right(&client, 4).await?;
    ensure!(
        again.incidents.len() < later.incidents.len(),
        "the database is that of before: {}",
        again.incidents.len()
    );
    // What was handed in before is forgotten by all.
    Crowd::at(&alone.node, 43).await?.fill(20).await?;
    ensure_right(&client, 5).await?;
    alone.node.kill()?;
    check_index(&alone)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_without_an_index_says_so_and_answers_all_else() -> Result<()> {
    let alone = Alone::start(&["--no-index"])?;
    alone
        .node
        .cli()
        .signing("dev:alice")
        .json(&["report", "openai", "--claim", "down"])?;
    let client = connect(&alone.node).await?;
    let status = client.status().await?.data;
    assert_eq!((status.incidents, status.index), (1, None));
    for refused in [
        failure(client.incidents(None, None, None).await)?,
        failure(client.services(None, None, None).await)?,
        failure(client.related(0).await)?,
        failure(client.subscribe_incidents(None, None).await)?,
    ] {
        assert_eq!(refused.code(), 7006, "{refused:?}");
        assert!(refused.to_string().contains("--no-index"), "{refused}");
    }
    assert_eq!(client.incident(0).await?.data.entries, 1);
    assert_eq!(client.entries(0, None, None).await?.data.items.len(), 1);
    let service = client.service("openai".into()).await?.data;
    assert_eq!(service.latest.len(), 1);
    assert_eq!(client.organisations(None, None).await?.data.items.len(), 6);
    client.rules().await?;
    client.council().await?;
    client.validators().await?;
    client.acts(None, None).await?;
    ensure!(
        !chain_folder(&alone.node)?.join("index").exists(),
        "a node that keeps no index has no folder of it"
    );
    match client.subscribe_entries(0, Some(0)).await {
        // Entries are the chain's own: a node may give them without an index, or say that it does not.
        Ok(mut subscription) => {
            let first = tokio::time::timeout(Duration::from_secs(20), subscription.next()).await?;
            assert_eq!(first.context("an entry")??.data.entry.number, 0);
        }
        Err(refused) => {
            let refused = failure(Err::<(), _>(refused))?;
            if refused.code() != 7006 {
                bail!("{refused:?}");
            }
        }
    }
    Ok(())
}
