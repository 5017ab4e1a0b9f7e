//! How a node ends, and goes on afterwards.

use std::{
    collections::BTreeMap,
    sync::{
        atomic::{AtomicBool, Ordering},
        Mutex,
    },
    time::Duration,
};

use anyhow::{Context, Result};
use faultline_tests::wait_for;
use nix::sys::signal::Signal;
use serde_json::Value;

use crate::node::Node;

/// The numbers of a line such as `best block #7, final #6`.
fn heights(line: &str) -> Result<(u64, u64)> {
    let mut numbers = line.split('#').skip(1).map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u64>()
    });
    let mut next = || numbers.next().context("no height in the line");
    Ok((next()??, next()??))
}

/// Waits until a block after this one is final.
fn wait_for_more(node: &Node, than: u64) -> Result<()> {
    wait_for("more final blocks", Duration::from_secs(60), || {
        let (_, answer) = node.health("/ready")?;
        Ok((answer["finalized"].as_u64() > Some(than)).then_some(()))
    })
}

#[test]
fn either_signal_ends_a_node_within_seconds_and_it_goes_on_where_it_stopped() -> Result<()> {
    let mut node = Node::dev()?;
    let mut stopped_at = (0, 0);
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        node.wait_until_ready()?;
        wait_for_more(&node, stopped_at.1 + 1)?;
        let (status, took) = node.end(signal)?;
        let said = node.said()?;
        assert_eq!(status.code(), Some(0), "{said}");
        assert!(took < Duration::from_secs(10), "{took:?}");
        assert!(said.contains("Stopped: the database is closed"), "{said}");
        stopped_at = heights(&node.wait_until_said("Stopping: ", Duration::ZERO)?)?;

        node.start_again()?;
        let began_at = heights(&node.wait_until_said("Faultline 0", Duration::from_secs(5))?)?;
        assert_eq!(began_at, stopped_at);
        wait_for_more(&node, stopped_at.1)?;
    }
    Ok(())
}

/// Of each incident, the numbers of the entries that were reported final.
type Final = BTreeMap<u64, Vec<u64>>;

/// Reports as this organisation, as fast as the answers come, until it is to stop.
fn report(node: &Node, key: &str, stop: &AtomicBool, recorded: &Mutex<Final>) -> Result<()> {
    let cli = node.cli()?.signing(key);
    for service in ["openai/chatgpt", "openai/api", "openai/sora"].iter().cycle() {
        if stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        // Refused as too soon, or unanswered as the node is gone: only what is said to be final counts.
        let Ok(done) = cli.json(&["report", service, "--claim", "down"]) else {
            continue;
        };
        let number = |name: &str| {
            done["data"][name]
                .as_u64()
                .with_context(|| format!("no {name}: {done}"))
        };
        let (incident, entry) = (number("incident")?, number("entry")?);
        recorded
            .lock()
            .expect("no reporter panics")
            .entry(incident)
            .or_default()
            .push(entry);
    }
    Ok(())
}

#[test]
fn a_node_killed_under_load_comes_up_again_with_all_that_was_reported_final() -> Result<()> {
    let mut node = Node::dev()?;
    node.wait_until_ready()?;
    let (stop, recorded) = (AtomicBool::new(false), Mutex::new(Final::new()));
    let finals = || {
        let recorded = recorded.lock().expect("no reporter panics");
        recorded.values().map(Vec::len).sum::<usize>()
    };
    for _ in 0..2 {
        stop.store(false, Ordering::Relaxed);
        let goal = finals() + 6;
        std::thread::scope(|threads| -> Result<()> {
            let (running, stop, recorded) = (&node, &stop, &recorded);
            for key in ["dev:alice", "dev:bob", "dev:charlie"] {
                threads.spawn(move || report(running, key, stop, recorded));
            }
            let enough = wait_for("reports", Duration::from_secs(90), || {
                Ok((finals() >= goal).then_some(()))
            });
            // The reporters are in the middle of it.
            let killed = enough.and_then(|()| running.kill());
            stop.store(true, Ordering::Relaxed);
            killed
        })?;
        node.end(Signal::SIGKILL)?;
        node.start_again()?;
        let began_at = heights(&node.wait_until_said("Faultline 0", Duration::from_secs(5))?)?;
        wait_for_more(&node, began_at.1)?;
    }

    for (incident, entries) in recorded.lock().expect("no reporter panics").iter() {
        let shown = node
            .cli()?
            .json(&["incident", "show", &incident.to_string(), "--entries"])?;
        let held = shown["data"]["log"].as_array().cloned().unwrap_or_default();
        for entry in entries {
            let found = held
                .iter()
                .any(|held: &Value| held["number"].as_u64() == Some(*entry));
            assert!(found, "entry {entry} of incident {incident} was final: {shown}");
        }
    }
    Ok(())
}
