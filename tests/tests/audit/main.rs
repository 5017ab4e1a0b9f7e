//! `faultline audit` against real nodes: a chain that holds, one whose node's database was damaged, and nodes that lie.

mod liar;

use std::{fs, time::Duration};

use anyhow::{ensure, Context, Result};
use faultline_tests::{wait_for, Chain, Outcome, TestNetwork, TestNode};
use rocksdb::{IteratorMode, Options, DB};
use serde_json::Value;

use liar::Liar;

/// What a text says that is looked for in a database.
const WORDS: &str = "It does not answer from Frankfurt, and has not for an hour.";

/// Reports, an answer, a dispute, and what the council does.
fn tell(node: &TestNode) -> Result<()> {
    let by = |key: &str| node.cli().signing(&format!("dev:{key}"));
    by("alice").json(&["report", "openai/api", "--claim", "down", "--text", WORDS])?;
    by("bob").json(&["report", "openai/api", "--claim", "down"])?;
    by("charlie").json(&[
        "report",
        "openai/sora",
        "--claim",
        "degraded",
        "--text",
        "Ask Jane Doe.",
    ])?;
    node.cli().enacted(&["redact", "1", "0"])?;
    node.cli().enacted(&["set-rules", "--quorum", "4"])?;
    node.cli().enacted(&["suspend", "2"])?;
    node.cli().enacted(&["publish-checkpoint"])?;
    by("alice").json(&["report", "openai/chatgpt", "--claim", "down"])?;
    Ok(())
}

fn audit(node: &TestNode, more: &[&str]) -> Result<Outcome> {
    node.cli().run(&[&["audit"], more].concat())
}

#[test]
fn a_chain_that_holds_gives_the_same_report_to_the_byte_by_whichever_node() -> Result<()> {
    let network = TestNetwork::start()?;
    let [first, second, ..] = network.nodes.as_slice() else {
        anyhow::bail!("four nodes");
    };
    first.wait_for_first_block()?;
    tell(first)?;
    network.wait_until_caught_up(1, 0)?;

    let folder = first.folder().join("audits");
    fs::create_dir_all(&folder)?;
    let file = |name: &str| folder.join(name).display().to_string();
    let both = format!("{},{}", first.endpoint(), second.endpoint());
    let one = audit(first, &["--node", &both, "--output", &file("one.md")])?;
    ensure!(one.code == 0, "{one:?}");
    let page = fs::read_to_string(file("one.md"))?;
    for words in [
        "All that was checked holds",
        "redact the text of entry 0 of incident 1",
        "organisation 2 was suspended",
    ] {
        ensure!(page.contains(words), "{words}: {page}");
    }
    ensure!(!folder.join("one.md.progress").exists());

    let block = page
        .lines()
        .find_map(|line| line.strip_prefix("| Block | "))
        .context("a block")?;
    let block = block.trim_end_matches(" |").to_owned();
    let two = audit(second, &["--at", &block, "--output", &file("two.md")])?;
    ensure!(two.code == 0, "{two:?}");
    ensure!(fs::read(file("two.md"))? == fs::read(file("one.md"))?);

    // From the checkpoint that the council has published.
    let council = first.cli().json(&["council", "list"])?;
    let published = &council["data"]["checkpoint"];
    let part = |name: &str| {
        published[name]
            .as_str()
            .map_or_else(|| published[name].to_string(), ToOwned::to_owned)
    };
    let checkpoint = ["blockNumber", "hash", "setId", "set"].map(part).join(":");
    let report = first.cli().json(&["audit", "--checkpoint", &checkpoint])?;
    ensure!(report["data"]["holds"] == true, "{report}");
    ensure!(report["data"]["incidents"]["incidents"] == 3, "{report}");

    // From a genesis hash that is another chain's nothing is proven.
    let other = format!("0x{}", "11".repeat(32));
    let refused = audit(first, &["--genesis", &other])?;
    ensure!(refused.code == 1, "{refused:?}");
    let unreachable = audit(first, &["--node", "ws://127.0.0.1:9"])?;
    ensure!(unreachable.code == 3, "{unreachable:?}");
    Ok(())
}

#[test]
fn what_was_damaged_in_a_nodes_database_is_found() -> Result<()> {
    let mut chain = Chain::new()?;
    tell(&chain.node)?;
    // What is final is written down; before that it is in a journal.
    let told = finalized(&chain.node)?;
    wait_for("blocks after it", Duration::from_secs(60), || {
        Ok((finalized(&chain.node)? > told + 3).then_some(()))
    })?;
    let sound = audit(&chain.node, &[])?;
    ensure!(sound.code == 0, "{sound:?}");
    chain.node.kill()?;
    let damaged = damage(&chain.node)?;
    ensure!(damaged > 0, "the text is in the database");
    chain.node.start_again()?;
    let found = wait_for("an audit", Duration::from_secs(60), || {
        let found = audit(&chain.node, &[])?;
        Ok((found.code != 3).then_some(found))
    })?;
    ensure!(found.code == 1, "{found:?}");
    let said = format!("{}{}", found.out, found.err);
    ensure!(said.contains("incident 0") && said.contains("prove"), "{found:?}");
    Ok(())
}

fn finalized(node: &TestNode) -> Result<u64> {
    let status = node.cli().json(&["status"])?;
    status["at"]["number"].as_u64().context("a number")
}

/// Changes a letter of the text wherever the node's database holds it; how often it did.
fn damage(node: &TestNode) -> Result<usize> {
    let data = node.folder().join("data").join("chains");
    let mut done = 0;
    for chain in fs::read_dir(data)? {
        let path = chain?.path().join("db").join("full");
        let columns = DB::list_cf(&Options::default(), &path)?;
        let database = DB::open_cf(&Options::default(), &path, &columns)?;
        for column in &columns {
            let column = database.cf_handle(column).context("a column")?;
            for row in database.iterator_cf(column, IteratorMode::Start) {
                let (key, mut value) = row?;
                let place = value
                    .windows(WORDS.len())
                    .position(|part| part == WORDS.as_bytes());
                if let Some(letter) = place.and_then(|place| value.get_mut(place)) {
                    *letter = b'i';
                    database.put_cf(column, key, &value)?;
                    done += 1;
                }
            }
        }
        database.flush()?;
    }
    Ok(done)
}

#[test]
fn a_node_that_lies_is_named_and_the_report_is_of_the_chain() -> Result<()> {
    let chain = Chain::new()?;
    tell(&chain.node)?;
    let honest = chain.node.endpoint();
    let genesis = chain.data(&["status"])?["genesis"]
        .as_str()
        .context("a hash")?
        .to_owned();
    let with = |lie: fn(&str, &mut Value)| -> Result<Outcome> {
        let liar = Liar::start(&honest, lie)?;
        audit(
            &chain.node,
            &[
                "--genesis",
                &genesis,
                "--node",
                &liar.endpoint(),
                "--compare",
                "all",
            ],
        )
    };
    let repeating = with(|_, _| ())?;
    ensure!(repeating.code == 0, "{repeating:?}");

    // Of itself it answers that nothing is confirmed.
    let of_itself = with(|method, answer| {
        if method == "faultline_incident" {
            answer["data"]["peak"] = 9.into();
        }
    })?;
    ensure!(
        of_itself.code == 1 && of_itself.err.contains("what its log does not amount to"),
        "{of_itself:?}"
    );
    // It tells no entries, and proves them all the same.
    let withheld = with(|method, answer| {
        if method == "state_queryStorageAt" {
            *answer = Value::Array(Vec::new());
        }
    })?;
    ensure!(
        withheld.code == 1 && withheld.err.contains("told other entries"),
        "{withheld:?}"
    );
    ensure!(
        withheld.out.contains("All that was checked holds"),
        "{withheld:?}"
    );
    // Its proofs are of something else.
    let unproven = with(|method, answer| {
        if method == "state_getReadProof" {
            if let Some(nodes) = answer["proof"].as_array_mut() {
                nodes.pop();
            }
        }
    })?;
    ensure!(unproven.code == 1, "{unproven:?}");
    // Its last block was voted for by nobody.
    let unvoted = with(|method, answer| {
        if method == "faultline_warpProof" {
            let block = answer["data"]["block"]
                .as_str()
                .map(|block| block.replacen('A', "B", 1));
            answer["data"]["block"] = block.into();
        }
    })?;
    ensure!(unvoted.code == 1, "{unvoted:?}");
    Ok(())
}
