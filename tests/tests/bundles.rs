//! Evidence bundles by the program: exported from a node, checked without one, compared; and reads that are verified.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use faultline_tests::{Cli, TestNode};
use serde_json::Value;

/// The program where no node is, and nothing is known of any chain.
fn alone(folder: &Path) -> Cli {
    Cli::new("ws://127.0.0.1:9".into(), &folder.join("alone")).inside(folder)
}

/// A node with an incident on which two organisations spoke, and the hash of its genesis block.
fn node() -> Result<(TestNode, String)> {
    let node = TestNode::dev()?;
    fs::write(node.folder().join("probe.log"), "12 of 12 requests failed\n")?;
    for key in ["dev:alice", "dev:bob"] {
        report(&node, key)?;
    }
    let status = node.cli().json(&["status"])?;
    let genesis = status["data"]["genesis"].as_str().context("a hash")?.to_owned();
    Ok((node, genesis))
}

fn report(node: &TestNode, key: &str) -> Result<Value> {
    let measured = ["--method", "active-probe", "--vantage", "DE:3320:12:12"];
    let said = [
        "report",
        "openai/api",
        "--claim",
        "down",
        "--evidence",
        "probe.log",
    ];
    let cli = node.cli().signing(key).inside(node.folder());
    cli.json(&[&said[..], &measured[..], &["--text", "It does not answer."]].concat())
}

fn kind(json: &str) -> Result<Value> {
    let error: Value = serde_json::from_str(json.trim())?;
    Ok(error["error"]["kind"].clone())
}

#[test]
fn an_exported_bundle_is_checked_without_a_node_and_a_later_one_continues_it() -> Result<()> {
    let (node, genesis) = node()?;
    let cli = node.cli().inside(node.folder());
    let done = cli.json(&["proof", "export", "0", "-o", "old.json"])?;
    assert_eq!(done["data"]["entries"], 2, "{done}");
    let again = cli.run(&["proof", "export", "0", "-o", "old.json"])?;
    assert!(again.code == 1 && again.err.contains("--force"), "{again:?}");
    report(&node, "dev:charlie")?;
    cli.json(&["proof", "export", "openai/api", "-o", "new.json"])?;

    let alone = alone(node.folder());
    let verify = ["proof", "verify", "old.json", "--genesis", &genesis];
    let verified = alone.run(&[&verify[..], &["--evidence", "probe.log"]].concat())?;
    assert_eq!((verified.code, verified.err.as_str()), (0, ""), "{verified:?}");
    for word in [
        "fold",
        "PROVEN",
        "openai/api",
        "2 entries",
        "cited by entry 0",
        "NOT PROVEN",
    ] {
        assert!(verified.out.contains(word), "{word}: {verified:?}");
    }
    let json = alone.json(&verify)?;
    assert_eq!(json["data"]["holds"], true, "{json}");
    assert_eq!(json["data"]["proven"]["incidents"][0]["affirming"], 2, "{json}");
    let uncited = alone.run(&[&verify[..], &["--evidence", "old.json"]].concat())?;
    assert!(
        uncited.code == 1 && uncited.err.contains("no entry cites"),
        "{uncited:?}"
    );

    let compare = ["proof", "compare", "old.json", "new.json", "--genesis", &genesis];
    let compared = alone.json(&compare)?;
    assert_eq!(compared["data"]["extends"], true, "{compared}");
    assert_eq!(compared["data"]["incidents"][0]["after"], 3, "{compared}");
    let shown = alone.run(&["proof", "show", "new.json"])?;
    assert!(shown.out.contains("NOTHING HERE WAS CHECKED"), "{shown:?}");
    Ok(())
}

#[test]
fn a_bundle_that_was_touched_or_is_of_another_chain_is_refused() -> Result<()> {
    let (node, genesis) = node()?;
    let cli = node.cli().inside(node.folder());
    cli.json(&["proof", "export", "0", "-o", "good.json"])?;
    let good = fs::read_to_string(node.folder().join("good.json"))?;
    let touched = good.replacen("\"block\": ", "\"block\": 1", 1);
    fs::write(node.folder().join("touched.json"), touched)?;
    fs::write(node.folder().join("half.json"), &good[..good.len() / 2])?;

    let alone = alone(node.folder());
    let verify =
        |file: &str, more: &[&str]| alone.run(&[&["proof", "verify", file, "--json"], more].concat());
    let trusted = ["--genesis", genesis.as_str()];
    let other = format!("0x{}", "11".repeat(32));
    for (file, more, code, expected) in [
        ("good.json", &["--genesis", other.as_str()][..], 1, "unproven"),
        ("good.json", &[][..], 2, "usage"),
        ("touched.json", &trusted[..], 1, "bundle"),
        ("half.json", &trusted[..], 1, "bundle"),
        ("nowhere.json", &trusted[..], 1, "file"),
        (".", &trusted[..], 1, "file"),
    ] {
        let outcome = verify(file, more)?;
        assert_eq!(outcome.code, code, "{file}: {outcome:?}");
        assert_eq!(kind(&outcome.err)?, expected, "{file}: {outcome:?}");
    }
    Ok(())
}

#[test]
fn single_records_are_verified_unless_the_nodes_word_is_taken() -> Result<()> {
    let (node, genesis) = node()?;
    let cli = node.cli();
    for show in [
        ["incident", "show", "0"],
        ["service", "show", "openai/api"],
        ["org", "show", "0"],
    ] {
        let verified = cli.json(&show)?;
        assert_eq!(verified["proof"]["verified"], true, "{verified}");
        assert_eq!(verified["proof"]["hash"], verified["at"]["hash"], "{verified}");
        let taken = cli.json(&[&show[..], &["--unverified"]].concat())?;
        assert_eq!(taken["proof"]["verified"], false, "{taken}");
        assert_eq!(verified["data"], taken["data"], "the node does not lie: {show:?}");
        let words = cli.run(&show)?;
        assert!(words.err.starts_with("verified: final at block "), "{words:?}");
        assert!(words.out.contains("Proven at finalized block "), "{words:?}");
    }
    let first = Cli::new(node.endpoint(), &node.folder().join("other")).run(&["org", "show", "0"])?;
    assert!(
        first.err.contains("at first contact") && first.err.contains(&genesis),
        "{first:?}"
    );
    Ok(())
}
