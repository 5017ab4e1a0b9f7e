//! Load: a crowd that speaks all at once, and networks with validators down.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::{Command, Stdio},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use faultline_primitives::{log::blake2_256, Hash};
use faultline_tests::{
    binary,
    load::{self, flood, heads::Heads},
    nemesis::ask::Node,
    TestNode, Validator,
};
use serde_json::Value;
use sp_core::bytes;

/// One at a time: each wants all cores.
static TURN: Mutex<()> = Mutex::new(());

/// The longest that any node may see no new block, and nothing newly final, while the burst lasts: a few slots of three
/// seconds, on a machine that does the work of all four.
const GAP: f64 = 15.0;
const FINAL_GAP: f64 = 30.0;

#[test]
fn a_burst_of_20_000_at_one_of_four_halts_nothing_and_all_of_it_becomes_final() -> Result<()> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir()?;
    let chain = load::crowded()?.write(folder.path())?.display().to_string();
    let first = TestNode::start(&[
        &format!("--chain={chain}"),
        "--alice",
        "--validator",
        "--rpc-max-subscriptions-per-connection=4096",
    ])?;
    let address = first.address()?;
    let mut nodes = vec![first];
    for who in &Validator::ALL[1..] {
        nodes.push(TestNode::validator_of(&chain, *who, Some(&address))?);
    }
    nodes[3].wait_for_first_block()?;
    tokio::runtime::Runtime::new()?.block_on(burst(&nodes))
}

async fn burst(nodes: &[TestNode]) -> Result<()> {
    let mut node = Node::new(nodes[0].endpoint(), Duration::from_secs(60));
    let signing = Instant::now();
    let words = load::words(load::moment(&mut node).await?)?;
    let count = words.len();
    assert_eq!(count, 20_000);
    println!("signed {count} in {:.1} s", signing.elapsed().as_secs_f64());

    let mut heads = Vec::new();
    for node in nodes {
        heads.push(Heads::watch(&node.endpoint()).await?);
    }
    let began = Instant::now();
    let flood = flood::flood(&nodes[0].endpoint(), words).await?;
    let took = flood.decided_in.as_secs_f64();
    println!(
        "handed in within {:.1} s ({:.0}/s); all decided within {took:.1} s",
        flood.handed_in.as_secs_f64(),
        f64::from(u32::try_from(count)?) / flood.handed_in.as_secs_f64()
    );
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for told in flood.told.values() {
        *kinds.entry(told.kind()).or_default() += 1;
    }
    println!("watchers were told: {kinds:?}");
    let mut paces = Vec::new();
    for (number, heads) in heads.iter().enumerate() {
        let pace = heads.since(began);
        println!("validator {number}: {pace:.2?}");
        paces.push(pace);
    }

    let recorded = recorded(&mut node).await?;
    println!("recorded in final blocks: {}", recorded.len());
    let mut wrong = Vec::new();
    for (hash, told) in &flood.told {
        let is_right = match (told, recorded.contains(hash)) {
            (flood::Told::Final, is_recorded) => is_recorded,
            (flood::Told::Dropped(_), is_recorded) => !is_recorded,
            (flood::Told::Refused(_), is_recorded) => !is_recorded,
            // Nobody is left without a word.
            (flood::Told::Undecided(_), _) => false,
        };
        if !is_right {
            wrong.push((hash, told));
        }
    }
    let some = &wrong[..wrong.len().min(5)];
    assert!(
        wrong.is_empty(),
        "{} were told otherwise than it is: {some:?}",
        wrong.len()
    );
    for (number, pace) in paces.iter().enumerate() {
        assert!(pace.longest_gap < GAP, "validator {number} stood still: {pace:?}");
        assert!(
            pace.longest_final_gap < FINAL_GAP,
            "finality stood still at validator {number}: {pace:?}"
        );
    }
    // All of it is right and within the quotas.
    assert_eq!(recorded.len(), count, "{kinds:?}");
    Ok(())
}

/// The crowd's transactions in final blocks, each in one.
async fn recorded(node: &mut Node) -> Result<BTreeSet<Hash>> {
    let last = node.finalized().await?.number;
    let mut recorded = BTreeSet::new();
    for number in 1..=last {
        let hash = node.hash(number).await?;
        let block = node.ask("chain_getBlock", [serde_json::to_value(hash)?]).await?;
        let extrinsics = block["block"]["extrinsics"]
            .as_array()
            .context("a block has extrinsics")?;
        for extrinsic in extrinsics.iter().skip(1) {
            let bytes = bytes::from_hex(extrinsic.as_str().unwrap_or_default()).unwrap_or_default();
            assert!(
                recorded.insert(blake2_256(&[&bytes])),
                "a transaction is in two blocks"
            );
        }
    }
    Ok(recorded)
}

/// How networks of so many fare, phase by phase.
fn steady(validators: &str) -> Result<Value> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let output = Command::new(binary("faultline-nemesis")?)
        .args(["steady", "--validators", validators, "--seconds=30", "--json"])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    let said = String::from_utf8(output.stdout)?;
    assert!(output.status.success(), "{}: {said}", output.status);
    let report = serde_json::from_str(&said).with_context(|| format!("no report: `{said}`"))?;
    println!("{report:#}");
    Ok(report)
}

fn finalized_a_second(phase: &Value) -> f64 {
    phase["finalizedPerSecond"].as_f64().unwrap_or_default()
}

#[test]
fn four_finalize_with_one_dead_stop_with_two_lose_nothing_and_go_on_when_one_returns() -> Result<()> {
    let report = steady("4")?;
    let phases = &report["phases"];
    // Three of four slots have an author, and each slot is three seconds: a block in four seconds.
    assert!(finalized_a_second(&phases["one dead"]) > 0.15, "{phases}");
    assert_eq!(finalized_a_second(&phases["too many dead"]), 0.0, "{phases}");
    assert!(finalized_a_second(&phases["one returned"]) > 0.15, "{phases}");
    assert_eq!(report["lost"], 0, "{report}");
    Ok(())
}

#[test]
fn seven_finalize_with_one_dead_and_one_slow() -> Result<()> {
    let report = steady("7")?;
    let phases = &report["phases"];
    assert!(finalized_a_second(&phases["one dead"]) > 0.2, "{phases}");
    if report["ground"] == "namespaces" {
        assert!(
            finalized_a_second(&phases["one dead, one slow"]) > 0.15,
            "{phases}"
        );
    }
    assert_eq!(finalized_a_second(&phases["too many dead"]), 0.0, "{phases}");
    assert!(finalized_a_second(&phases["one returned"]) > 0.15, "{phases}");
    assert_eq!(report["lost"], 0, "{report}");
    Ok(())
}
