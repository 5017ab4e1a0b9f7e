//! A flood of questions, from connections of every unpleasant kind: blocks come and become final all the same.

use std::{
    collections::BTreeMap,
    io::Write,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
    time::{Duration, Instant},
};

use anyhow::{ensure, Result};
use faultline_rpc::{error::Failure, FaultlineRpcClient, MAX_PAGE};
use faultline_tests::{load::heads::Heads, TestNode};
use jsonrpsee::core::{client::ClientT, params::ArrayParams, ClientError};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{json, Value};
use tokio::task::JoinSet;

use crate::{
    bare::{self, Bare},
    chain::{connect_to, Alone},
    oracle::Model,
    speech::Crowd,
};

/// How long it lasts.
const LASTS: Duration = Duration::from_secs(30);
/// Connections that ask without pause, each several questions at once.
const HAMMERS: u64 = 8;
const AT_ONCE: usize = 8;
/// Connections that send a header a byte a second.
const LORISES: usize = 40;
/// Connections that subscribe, and never read.
const DEAF: usize = 12;
const SUBSCRIPTIONS: usize = 100;
/// A slot of the chain, in seconds, and how many may pass without a block.
const SLOT: f64 = 3.0;
const SLOTS: f64 = 3.0;
/// What the watching itself may be late by, in seconds.
const SLACK: f64 = 0.5;

/// Asks without pause; what came of it by kind.
async fn hammer(
    endpoint: String,
    model: Arc<Model>,
    seed: u64,
    over: Instant,
) -> Result<BTreeMap<String, usize>> {
    let client = Arc::new(connect_to(&endpoint).await?);
    let mut tasks = JoinSet::new();
    for task in 0..AT_ONCE {
        let (client, model) = (client.clone(), model.clone());
        let mut random = ChaCha8Rng::seed_from_u64(seed * 100 + u64::try_from(task)?);
        tasks.spawn(async move {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            while Instant::now() < over {
                let id = random.random_range(0..model.incidents.len().max(1));
                let filter = model.filter(&mut random);
                let answer = match random.random_range(0..4) {
                    0 | 1 => client
                        .incidents(Some(filter), None, Some(MAX_PAGE))
                        .await
                        .map(drop),
                    2 => {
                        let id = u64::try_from(id).unwrap_or_default();
                        client.entries(id, Some(0), None).await.map(drop)
                    }
                    _ => {
                        let mut params = ArrayParams::new();
                        let _ = params.insert("Metadata_metadata");
                        let _ = params.insert("0x");
                        client.request::<Value, _>("state_call", params).await.map(drop)
                    }
                };
                *counts.entry(kind(&answer)).or_default() += 1;
                if answer.is_err() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            counts
        });
    }
    let mut all = BTreeMap::new();
    while let Some(counts) = tasks.join_next().await {
        for (kind, count) in counts? {
            *all.entry(kind).or_default() += count;
        }
    }
    Ok(all)
}

fn kind(answer: &Result<(), ClientError>) -> String {
    match answer {
        Ok(()) => "answered".into(),
        Err(ClientError::Call(error)) => {
            match Failure::of(error.code(), error.data().map(|data| data.get())) {
                Some(failure) => failure.code().to_string(),
                None => error.to_string(),
            }
        }
        Err(other) => format!("{other:.60}"),
    }
}

/// Sends the head of a request that never ends, a byte a second, on each of many connections.
fn lorises(node: &TestNode, over: Instant, is_over: &AtomicBool) -> Result<usize> {
    let mut held = Vec::new();
    for _ in 0..LORISES {
        let mut stream = bare::connect(node)?;
        stream.write_all(b"POST / HTTP/1.1\r\nX-Patience: ")?;
        held.push(stream);
    }
    while Instant::now() < over && !is_over.load(Ordering::Relaxed) {
        // One that the node has closed stays closed.
        held.retain_mut(|stream| stream.write_all(b"z").is_ok());
        std::thread::sleep(Duration::from_secs(1));
    }
    Ok(held.len())
}

/// Subscribes often on each of several connections, and keeps them.
fn deaf(node: &TestNode) -> Result<Vec<Bare>> {
    let mut held = Vec::new();
    for _ in 0..DEAF {
        let mut socket = Bare::open(node)?;
        for id in 0..SUBSCRIPTIONS {
            let (method, params) = match id % 2 {
                0 => ("faultline_subscribeEntries", json!([id % 20, 0])),
                _ => ("faultline_subscribeIncidents", json!([null, null])),
            };
            let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
            socket.send(&request.to_string())?;
        }
        held.push(socket);
    }
    Ok(held)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn blocks_come_and_become_final_under_a_flood_and_after_it_the_node_answers_at_once() -> Result<()> {
    let alone = Alone::start(&[])?;
    let mut crowd = Crowd::at(&alone.node, 41).await?;
    crowd.fill(150).await?;
    let endpoint = alone.node.endpoint();
    let client = connect_to(&endpoint).await?;
    let model = Arc::new(Model::settled(&client).await?);
    let heads = Heads::watch(&endpoint).await?;
    let load = crowd.keep_speaking();
    let before = alone.node.resident_kib()?;

    let (began, over) = (Instant::now(), Instant::now() + LASTS);
    let is_over = AtomicBool::new(false);
    let mut highest = before;
    let counts = std::thread::scope(|threads| {
        let lorises = threads.spawn(|| lorises(&alone.node, over, &is_over));
        let counts = tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async {
                let deaf = deaf(&alone.node)?;
                let mut hammers = JoinSet::new();
                for seed in 0..HAMMERS {
                    hammers.spawn(hammer(endpoint.clone(), model.clone(), seed, over));
                }
                let mut counts: BTreeMap<String, usize> = BTreeMap::new();
                loop {
                    let patience = Duration::from_millis(500);
                    match tokio::time::timeout(patience, hammers.join_next()).await {
                        Err(_) => highest = highest.max(alone.node.resident_kib()?),
                        Ok(None) => break,
                        Ok(Some(done)) => {
                            for (kind, count) in done?? {
                                *counts.entry(kind).or_default() += count;
                            }
                        }
                    }
                }
                drop(deaf);
                Ok::<_, anyhow::Error>(counts)
            })
        });
        is_over.store(true, Ordering::Relaxed);
        let held = lorises.join().expect("no panic")?;
        println!("{held} of {LORISES} slow connections were still held at the end");
        counts
    })?;
    let pace = heads.since(began);
    println!("{counts:?}\n{pace:.2?}\nmemory: {before} KiB before, {highest} KiB at most");
    ensure!(
        pace.longest_gap < SLOT * SLOTS + SLACK,
        "blocks stood still: {pace:?}"
    );
    ensure!(
        pace.longest_final_gap < SLOT * SLOTS + SLACK,
        "finality stood still: {pace:?}"
    );
    ensure!(
        highest < before + 700 * 1_024,
        "{before} KiB before, {highest} KiB at most"
    );
    let answered = counts.get("answered").copied().unwrap_or_default();
    ensure!(answered > 100, "{counts:?}");
    for kind in counts.keys() {
        ensure!(kind == "answered" || kind == "7007", "{counts:?}");
    }

    let asked = Instant::now();
    let fresh = connect_to(&endpoint).await?;
    fresh.status().await?;
    fresh.incidents(None, None, Some(MAX_PAGE)).await?;
    ensure!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    drop(load);
    Ok(())
}
