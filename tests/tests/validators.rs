//! Validators that come, change their keys, die and go, while the chain runs.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{ensure, Context, Result};
use faultline_tests::{binary, session_keys, wait_for, Cli, Spec, TestNetwork, TestNode};
use serde_json::Value;

/// The organisation that becomes a validator: the fifth, whose admin key is that of eve.
const FIFTH: u64 = 4;
const ADMIN: &str = "dev:eve-admin";

/// Sets these keys for the validator of the fifth organisation.
fn set(cli: &Cli, keys: &Value) -> Result<()> {
    let field = |name: &str| keys[name].as_str().with_context(|| format!("{name} in {keys}"));
    let (keys, proof) = (field("keys")?, field("proof")?);
    let set = ["validator", "set-keys", "--keys", keys, "--proof", proof];
    cli.clone().signing(ADMIN).json(&set).map(|_| ())
}

/// How many blocks the node has made itself.
fn authored(node: &TestNode) -> Result<usize> {
    Ok(node.said()?.matches("Pre-sealed block").count())
}

#[test]
fn a_validator_is_added_changes_its_keys_and_a_dead_one_is_removed_while_the_chain_runs() -> Result<()> {
    let folder = tempfile::TempDir::new()?;
    let chain = Spec::local()?.sessions_of(5)?.write(folder.path())?;
    let mut network = TestNetwork::of(&chain.display().to_string())?;
    let cli = network.nodes[0].cli();
    let organisation = cli.json(&["org", "show", &FIFTH.to_string()])?;
    let owner = organisation["data"]["admin"]
        .as_str()
        .context("an admin key")?
        .to_owned();

    // Without keys it is not even voted in.
    let add = ["add-validator", "4"];
    let motion = cli.carried(&add)?;
    let refused = cli
        .clone()
        .signing("dev:bob-admin")
        .run(&["council", "close", &motion])?;
    assert_ne!(refused.code, 0, "{refused:?}");
    assert!(
        format!("{}{}", refused.out, refused.err).contains("keys"),
        "{refused:?}"
    );

    let keystore = folder.path().join("keystore");
    let first_keys = session_keys(&keystore, &owner)?;
    set(&cli, &first_keys)?;
    let node_key = folder.path().join("node.key");
    let made = Command::new(binary("faultline-node")?)
        .args(["key", "generate-node-key", "--file"])
        .arg(&node_key)
        .output()?;
    ensure!(made.status.success(), "{made:?}");
    let arguments = [
        format!("--chain={}", chain.display()),
        format!("--keystore-path={}", keystore.display()),
        format!("--node-key-file={}", node_key.display()),
        format!("--bootnodes={}", network.nodes[0].address()?),
        "--validator".into(),
    ];
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let fifth = TestNode::start(&arguments)?;

    cli.enacted(&add)?;
    let added = Instant::now();
    wait_for(
        "the first block of the new validator",
        Duration::from_secs(120),
        || Ok((authored(&fifth)? > 0).then_some(())),
    )?;
    println!(
        "from `validator add` to its first block: {:.1} s (sessions of 5 blocks)",
        added.elapsed().as_secs_f64()
    );
    assert_eq!(cli.validator(FIFTH)?["active"], true);

    // Other keys take the place of the first, without a stop: the node finds them where it found the others.
    let second_keys = session_keys(&keystore, &owner)?;
    set(&cli, &second_keys)?;
    assert_eq!(cli.validator(FIFTH)?["aura"], second_keys["aura"]);
    let turns = cli.json(&["validator", "list"])?["data"]["session"]
        .as_u64()
        .context("a session")?
        + 2;
    wait_for("the second turn", Duration::from_secs(120), || {
        let list = cli.json(&["validator", "list"])?;
        Ok((list["data"]["session"].as_u64() > Some(turns)).then_some(()))
    })?;
    let before = authored(&fifth)?;
    wait_for("a block by the new keys", Duration::from_secs(60), || {
        Ok((authored(&fifth)? > before).then_some(()))
    })?;

    // The keys of another are not its own to set.
    let field = |name: &str| second_keys[name].as_str().context("keys and proof");
    let (keys, proof) = (field("keys")?, field("proof")?);
    let stolen = cli.clone().signing("dev:dave-admin").run(&[
        "validator",
        "set-keys",
        "--keys",
        keys,
        "--proof",
        proof,
    ])?;
    assert_eq!(stolen.code, 1, "{stolen:?}");
    assert!(stolen.err.contains("proof"), "{stolen:?}");

    // One dies for good: the others go on, and the council removes it.
    network.nodes[3].kill()?;
    cli.enacted(&["remove-validator", "3"])?;
    wait_for("the dead one's leaving", Duration::from_secs(120), || {
        Ok((cli.validator(3)?["active"] == false).then_some(()))
    })?;
    let now = network.finalized(0)?;
    wait_for("finality without it", Duration::from_secs(60), || {
        Ok((network.finalized(1)? > now + 5).then_some(()))
    })?;

    // A checkpoint says who makes final what follows now.
    cli.enacted(&["publish-checkpoint"])?;
    let acts = cli.json(&["council", "acts"])?;
    let checkpoint = acts["data"]
        .as_array()
        .and_then(|acts| acts.last())
        .cloned()
        .context("an entry")?;
    assert_eq!(checkpoint["what"], "Checkpointed", "{acts}");
    assert!(
        checkpoint["setId"].as_u64() >= Some(3),
        "three changes: {checkpoint}"
    );
    network.nodes.push(fifth);
    network.assert_one_history()
}
