//! What a node makes of what is wrong, in words that say what to do.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use anyhow::{Context, Result};
use faultline_tests::binary;
use nix::sys::signal::Signal;
use serde_json::Value;

use crate::{
    node::Node,
    well::{validator, LOCAL},
};

#[test]
fn nodes_of_two_chains_say_so_on_both_sides_and_exchange_nothing() -> Result<()> {
    let alice = validator(LOCAL[0], None)?;
    let exported = std::process::Command::new(binary("faultline-node")?)
        .args(["export-chain-spec", "--chain=local", "--raw"])
        .output()?;
    let mut spec: Value = serde_json::from_slice(&exported.stdout)?;
    spec["genesis"]["raw"]["top"]["0xdeadbeef"] = "0x01".into();
    let file = alice.folder().join("other.json");
    fs::write(&file, spec.to_string())?;

    let chain = format!("--chain={}", file.display());
    let bootnode = format!("--bootnodes={}", alice.address()?);
    let stranger = Node::start(&[&chain, LOCAL[1], "--validator", &bootnode])?;

    let genesis = |node: &Node| node.call("chain_getBlockHash", &[0.into()]);
    let (here, there) = (genesis(&alice)?, genesis(&stranger)?);
    for (node, ours, theirs) in [(&alice, &here, &there), (&stranger, &there, &here)] {
        let line = node.wait_until_said("is of another chain", Duration::from_secs(60))?;
        let expected = format!(
            "its genesis is {}, that of this node {}",
            theirs.as_str().context("a hash")?,
            ours.as_str().context("a hash")?
        );
        assert!(line.contains(&expected), "{line}");
        assert!(line.contains("--chain"), "{line}");
        let (status, answer) = node.health("/ready")?;
        assert_eq!((status, &answer["peers"]), (503, &0.into()), "{answer}");
    }
    Ok(())
}

#[test]
fn two_nodes_with_one_key_are_told_on_every_node() -> Result<()> {
    let alice = validator(LOCAL[0], None)?;
    let address = alice.address()?;
    let others = [LOCAL[1], LOCAL[2], LOCAL[3], LOCAL[3]];
    let others: Vec<_> = others
        .iter()
        .map(|who| validator(who, Some(&address)))
        .collect::<Result<_>>()?;

    let name = alice.cli()?.json(&["org", "show", "3"])?["data"]["name"].clone();
    let name = name.as_str().context("it has a name")?;
    for double in &others[2..] {
        let line = double.wait_until_said(
            "Another node signs with this validator's keys",
            Duration::from_secs(120),
        )?;
        assert!(line.contains("Stop one of the two now"), "{line}");
        double.wait_until_said("it is disabled, as it voted twice", Duration::from_secs(60))?;
    }
    // Whoever saw both blocks of a slot says so; that it is disabled, everybody does.
    let line = alice.wait_until_said("is disabled for this session", Duration::from_secs(60))?;
    assert!(line.contains(&format!("`{name}` (organisation 3)")), "{line}");
    Ok(())
}

/// Writes over a file of the node's database.
fn spoil(database: &Path, name: &str, how: impl Fn(&[u8]) -> Vec<u8>) -> Result<()> {
    for file in fs::read_dir(database)? {
        let file = file?;
        if file.file_name().to_string_lossy().starts_with(name) {
            let whole = fs::read(file.path())?;
            fs::write(file.path(), how(&whole))?;
        }
    }
    Ok(())
}

#[test]
fn a_database_of_another_format_or_a_damaged_one_says_what_to_do() -> Result<()> {
    let mut node = Node::dev()?;
    node.wait_until_ready()?;
    node.end(Signal::SIGTERM)?;
    let database = node.database()?;
    let format = fs::read_to_string(database.join("db_version"))?;
    assert_eq!(
        format, "4",
        "what this program writes is what it says that it reads"
    );

    for (format, told) in [
        (
            "99",
            "It has format 99, and this program reads 4: a newer faultline-node",
        ),
        (
            "0",
            "It has format 0, and this program reads 4: delete the database",
        ),
        ("four", "Restore a copy"),
    ] {
        fs::write(database.join("db_version"), format)?;
        let said = node.refuses(&["--no-prometheus"])?;
        assert!(said.contains("cannot open the database"), "{said}");
        assert!(said.contains(told) && said.contains("purge-chain"), "{said}");
        // A wrong guess must not spoil it.
        fs::write(database.join("db_version"), "4")?;
    }
    node.start_again()?;
    node.end(Signal::SIGTERM)?;

    for (file, how) in [
        ("CURRENT", (|_| Vec::new()) as fn(&[u8]) -> Vec<u8>),
        ("MANIFEST", |whole| whole[..whole.len() / 2].to_vec()),
    ] {
        let kept = fs::read(database.join("CURRENT"))?;
        spoil(&database, file, how)?;
        let said = node.refuses(&["--no-prometheus"])?;
        assert!(
            said.contains("It is damaged") && said.contains("purge-chain"),
            "{said}"
        );
        fs::write(database.join("CURRENT"), kept)?;
    }
    Ok(())
}

#[test]
fn a_second_node_on_one_folder_is_told_to_stop_the_first() -> Result<()> {
    let node = Node::dev()?;
    let mut second = Node::with_data_of(&node, &["--chain=dev", "--alice", "--validator"])?;
    let said = second.refuses(&["--no-prometheus"])?;
    assert!(said.contains("Another process has it open"), "{said}");
    Ok(())
}

#[test]
fn a_taken_port_for_metrics_or_health_is_an_error_that_names_its_option() -> Result<()> {
    let holder = TcpListener::bind("127.0.0.1:0")?;
    let port = holder.local_addr()?.port();
    for option in ["--prometheus-port", "--health-port"] {
        let mut node = Node::new(&["--chain=dev", "--alice", "--validator"])?;
        let taken = format!("{option}={port}");
        let more: &[&str] = match option {
            "--health-port" => &["--no-prometheus", &taken],
            _ => &[&taken],
        };
        let said = node.refuses(more)?;
        assert!(said.contains("cannot listen for"), "{said}");
        assert!(said.contains(option), "{said}");
    }
    Ok(())
}

#[test]
fn a_keystore_opened_with_a_wrong_password_is_an_error_before_the_node_runs() -> Result<()> {
    let passwords = tempfile::TempDir::new()?;
    let write = |name: &str| -> Result<String> {
        let path = passwords.path().join(name);
        fs::write(&path, name)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        Ok(format!("--password-filename={}", path.display()))
    };
    let (right, wrong) = (write("right")?, write("wrong")?);
    let mut node = Node::new(&[
        "--chain=local",
        "--validator",
        "--unsafe-force-node-key-generation",
    ])?;
    let run = |node: &mut Node| node.start_with(&[&right, "--rpc-methods=unsafe"]);

    run(&mut node)?;
    node.call("author_rotateKeys", &[])?;
    node.end(Signal::SIGTERM)?;
    let said = node.refuses(&[&wrong, "--no-prometheus"])?;
    assert!(
        said.contains("2 of this validator's keys that cannot be used"),
        "{said}"
    );
    assert!(said.contains("--password-filename"), "{said}");
    run(&mut node)
}
