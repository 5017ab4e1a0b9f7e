//! Subscribers that read nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use anyhow::{ensure, Result};
use faultline_rpc::{Cursor, FaultlineRpcClient, IncidentFilter};
use serde_json::{json, Value};

use crate::{
    bare::Bare,
    chain::{connect, Alone},
    oracle::{Known, Model},
    speech::Crowd,
    subscriber::{follow_incidents, latest, Manner},
};

/// Subscriptions on one connection: what they are given together is far more than all buffers on the way hold.
const SUBSCRIPTIONS: usize = 400;
/// What a node may hold more for such a connection, in KiB.
const BOUND: u64 = 150 * 1_024;

/// What was read of the subscriptions of a connection.
#[derive(Default)]
struct Read {
    /// What each gave last, and how much.
    given: BTreeMap<String, (Option<Cursor>, usize)>,
    /// What each ended with.
    ended: BTreeMap<String, Value>,
}

/// Reads until every subscription has ended, or nothing more comes.
fn read(socket: &mut Bare, until: Instant) -> Result<Read> {
    let mut read = Read::default();
    while read.ended.len() < SUBSCRIPTIONS && Instant::now() < until {
        let Some(text) = socket.next()? else { break };
        let message: Value = serde_json::from_str(&text)?;
        let params = &message["params"];
        let Some(id) = params["subscription"].as_str() else {
            continue;
        };
        if params["error"].is_null() {
            let cursor = params["result"]["data"]["cursor"].as_str();
            let given = read.given.entry(id.into()).or_default();
            *given = (cursor.map(|cursor| Cursor(cursor.into())), given.1 + 1);
        } else {
            read.ended.insert(id.into(), params["error"].clone());
        }
    }
    Ok(read)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_nothing_costs_little_is_cut_off_and_resumes_while_others_are_served() -> Result<()> {
    let alone = Alone::start(&[])?;
    let client = connect(&alone.node).await?;
    let everything = follow_incidents(
        vec![alone.node.endpoint()],
        &IncidentFilter::default(),
        Manner::Steady,
    )
    .await?;
    let mut crowd = Crowd::at(&alone.node, 13).await?;
    let from = client.incidents_now(None).await?.data;
    crowd.fill(220).await?;
    let model = Model::settled(&client).await?;

    let before = alone.node.resident_kib()?;
    let mut socket = Bare::open(&alone.node)?;
    for id in 0..SUBSCRIPTIONS {
        let request = json!({
            "jsonrpc": "2.0", "id": id, "method": "faultline_subscribeIncidents",
            "params": [null, from],
        });
        socket.send(&request.to_string())?;
    }
    let subscribed = Instant::now();

    let (mut highest, mut slowest) = (0, Duration::ZERO);
    while subscribed.elapsed() < Duration::from_secs(75) {
        highest = highest.max(alone.node.resident_kib()?);
        let asked = Instant::now();
        client.incidents(None, None, Some(50)).await?;
        slowest = slowest.max(asked.elapsed());
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    println!("memory: {before} KiB before, {highest} KiB at most; slowest answer beside: {slowest:?}");
    ensure!(
        highest < before + BOUND,
        "{before} KiB before, {highest} KiB at most"
    );
    ensure!(slowest < Duration::from_secs(5), "{slowest:?}");
    crowd.fill(3).await?;
    let after = Model::settled(&client).await?;
    everything
        .until("what came in the meantime", |given| {
            let latest = latest(given);
            let is_there = |known: &Known| latest.get(&known.view.id) == Some(&known.view.entries);
            after.incidents.iter().all(is_there)
        })
        .await?;

    let until = Instant::now() + Duration::from_secs(30);
    let read = tokio::task::spawn_blocking(move || read(&mut socket, until)).await??;
    println!(
        "{} had something, {} were told of their end",
        read.given.len(),
        read.ended.len()
    );
    ensure!(
        // Some were not taken in before the connection was full.
        read.ended.len() > SUBSCRIPTIONS / 20,
        "whoever is cut off is told so"
    );
    let mut resumed = false;
    for (id, error) in &read.ended {
        ensure!(
            error["code"] == 7008 && error["data"]["kind"] == "tooSlow",
            "subscription {id} ended with {error}"
        );
        let told = error["data"]["cursor"]
            .as_str()
            .map(|cursor| Cursor(cursor.into()));
        let (last, given) = read.given.get(id).cloned().unwrap_or_default();
        ensure!(
            told == last,
            "subscription {id} was given {last:?} last, and told {told:?}"
        );
        ensure!(given < model.incidents.len(), "subscription {id} was given all");
        if let (Some(cursor), false) = (told, resumed) {
            // The rest comes to whoever resumes: as many as are left, and none twice.
            let mut rest = client.subscribe_incidents(None, Some(cursor)).await?;
            let mut ids = BTreeSet::new();
            while let Ok(Some(next)) = tokio::time::timeout(Duration::from_secs(5), rest.next()).await {
                ensure!(ids.insert(next?.data.incident.id), "an incident came twice");
            }
            ensure!(
                ids.len() + given >= model.incidents.len(),
                "{given} and {}",
                ids.len()
            );
            resumed = true;
        }
    }
    Ok(())
}
