//! Who keeps the chain, from the command line, on a chain of one validator: validators and their keys, the runtime that
//! may take the place of this one, checkpoints.

use anyhow::{Context, Result};
use faultline_tests::{session_keys, Chain};
use serde_json::Value;

/// Keys of a validator and the proof of them for an admin's key; in a file.
fn keys_in_file(chain: &Chain, admin: &str, name: &str) -> Result<(String, Value)> {
    let owner = chain.data(&["key", "show", admin])?["publicKey"].clone();
    let made = session_keys(
        &chain.node.folder().join(name),
        owner.as_str().context("a public key")?,
    )?;
    let path = chain.node.folder().join(format!("{name}.json"));
    std::fs::write(&path, made.to_string())?;
    Ok((path.display().to_string(), made))
}

#[test]
fn a_validator_enters_with_keys_of_its_own_and_only_then() -> Result<()> {
    let chain = Chain::new()?;
    let before = chain.data(&["validator", "list"])?;
    let validator = |organisation| chain.node.cli().validator(organisation);
    assert_eq!(validator(0)?["active"], true, "{before}");
    assert_eq!(before["floor"], 1, "{before}");

    // Without keys it does not enter.
    let motion = chain.carried(&["add-validator", "1"])?;
    let early = chain.by("alice-admin").run(&["council", "close", &motion])?;
    assert_eq!(early.code, 1, "{early:?}");
    assert!(early.err.contains("Consortium.NoSessionKeys"), "{early:?}");

    // Nor by keys that it does not hold, whoever does.
    let (others, _) = keys_in_file(&chain, "dev:charlie-admin", "others")?;
    let (own, made) = keys_in_file(&chain, "dev:bob-admin", "own")?;
    let refused = chain.by("bob-admin").run(&["validator", "set-keys", &others])?;
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("Session.InvalidProof"), "{refused:?}");
    let (keys, proof) = (
        made["keys"].as_str().context("keys")?,
        made["proof"].as_str().context("a proof")?,
    );
    for wrong in [
        [
            "validator",
            "set-keys",
            "--keys",
            &keys[..130 - 2],
            "--proof",
            proof,
        ],
        ["validator", "set-keys", "--keys", keys, "--proof", keys],
    ] {
        let refused = chain.by("bob-admin").run(&wrong)?;
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(
            refused.err.contains("faultline-node session-keys new --owner"),
            "{refused:?}"
        );
    }
    let set = chain
        .by("bob-admin")
        .json(&["validator", "set-keys", "--keys", keys, "--proof", proof])?;
    assert!(
        set["data"]["actsFrom"].as_u64() > set["at"]["number"].as_u64(),
        "{set}"
    );
    // Again, from the file: there is nothing wrong with setting what is set.
    chain.by("bob-admin").json(&["validator", "set-keys", &own])?;
    let stolen = chain.by("charlie-admin").run(&["validator", "set-keys", &own])?;
    assert_eq!(stolen.code, 1, "{stolen:?}");

    let listed = validator(1)?;
    assert_eq!(
        (&listed["approved"], &listed["aura"]),
        (&false.into(), &made["aura"])
    );
    let closed = chain.by("alice-admin").json(&["council", "close", &motion]);
    assert!(closed.is_err(), "the motion was closed, and is no more");
    chain.enacted(&["add-validator", "1"])?;
    let listed = validator(1)?;
    assert_eq!(listed["approved"], true, "{listed}");
    assert_eq!(listed["active"], false, "{listed}");
    assert_eq!(chain.data(&["status"])?["approved"], 2);

    // It leaves before it ever was one; the last one does not.
    chain.enacted(&["remove-validator", "1"])?;
    let motion = chain.carried(&["remove-validator", "0"])?;
    let last = chain.by("alice-admin").run(&["council", "close", &motion])?;
    assert!(last.err.contains("Consortium.TooFewValidators"), "{last:?}");
    Ok(())
}

#[test]
fn a_runtime_is_authorized_and_taken_back_and_a_checkpoint_is_published() -> Result<()> {
    let chain = Chain::new()?;
    let (code, text) = (
        chain.node.folder().join("next.wasm"),
        chain.node.folder().join("text"),
    );
    std::fs::write(&code, b"\0asm, and no more")?;
    std::fs::write(&text, "no WASM")?;
    let (code, text) = (code.display().to_string(), text.display().to_string());
    let hash = chain.data(&["upgrade", "hash", &code])?["hash"].clone();

    let refused = chain
        .by("alice-admin")
        .run(&["council", "propose", "authorize-upgrade", &text])?;
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("WASM"), "{refused:?}");
    chain.enacted(&["authorize-upgrade", &code])?;
    let status = chain.data(&["upgrade", "status"])?;
    assert_eq!(status["authorized"]["code"], hash, "{status}");
    let council = chain.data(&["council", "list"])?;
    assert_eq!(council["upgrade"], status["authorized"], "{council}");
    let early = chain.by("eve-admin").run(&["upgrade", "apply", &code])?;
    assert_eq!(early.code, 1, "{early:?}");
    assert!(early.err.contains("is not over"), "{early:?}");

    chain.enacted(&["cancel-upgrade"])?;
    assert_eq!(chain.data(&["upgrade", "status"])?["authorized"], Value::Null);
    let none = chain.by("eve-admin").run(&["upgrade", "apply", &code])?;
    assert!(none.err.contains("no runtime is authorized"), "{none:?}");

    let entry = chain.enacted(&["publish-checkpoint"])?;
    let council = chain.data(&["council", "list"])?;
    let checkpoint = &council["checkpoint"];
    let acts = chain.data(&["council", "acts"])?;
    let act = usize::try_from(entry.as_u64().context("an entry")?)?;
    assert_eq!(acts[act]["act"], "PublishCheckpoint", "{acts}");
    assert_eq!(acts[act + 1]["what"], "Checkpointed", "{acts}");
    assert_eq!(acts[act + 1]["hash"], checkpoint["hash"], "{acts}");
    let shown = chain.node.cli().run(&["council", "list"])?.out;
    let whole = format!(
        "{}:{}:{}:{}",
        checkpoint["blockNumber"],
        checkpoint["hash"].as_str().context("a hash")?,
        checkpoint["setId"],
        checkpoint["set"].as_str().context("a hash")?
    );
    assert!(shown.contains(&whole), "{whole}: {shown}");
    Ok(())
}
