//! A chain that goes on while its runtime is replaced.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use anyhow::{Context, Result};
use faultline_tests::{wait_for, Cli, Rpc, Spec, TestNetwork};

/// How long an authorized runtime waits, in milliseconds.
const DELAY: u64 = 20_000;

#[test]
fn a_runtime_is_replaced_while_attestations_flow_and_none_is_lost() -> Result<()> {
    let folder = tempfile::TempDir::new()?;
    let chain = Spec::local()?
        .with("/consortium/upgradeDelay", DELAY)?
        // Each says the same again as soon as it is final.
        .with("/incidents/rules/renewAfter", 0)?
        .write(folder.path())?;
    let network = TestNetwork::of(&chain.display().to_string())?;
    let cli = network.nodes[0].cli();
    let session_length = |cli: &Cli| -> Result<u64> {
        let list = cli.json(&["validator", "list"])?;
        list["data"]["sessionLength"]
            .as_u64()
            .context("a session's length")
    };
    assert_eq!(session_length(&cli)?, 20);

    let code = folder.path().join("next.wasm");
    let next = faultline_next_runtime::WASM_BINARY.context("built without its WASM")?;
    std::fs::write(&code, next)?;
    let code = code.display().to_string();

    let done = AtomicBool::new(false);
    let (recorded, outcome) = std::thread::scope(|scope| -> Result<_> {
        // Three organisations say again and again that it is down, each at another node, all the time.
        let reporters: Vec<_> = [(1, "dev:bob"), (2, "dev:charlie"), (3, "dev:dave")]
            .into_iter()
            .map(|(node, key)| {
                let (done, network) = (&done, &network);
                scope.spawn(move || -> Result<Vec<u64>> {
                    let cli = network.nodes[node].cli().signing(key);
                    let mut entries = Vec::new();
                    while !done.load(Ordering::Relaxed) {
                        let said = cli.json(&["report", "openai/api", "--claim", "down"])?;
                        entries.push(said["data"]["entry"].as_u64().context("an entry")?);
                    }
                    Ok(entries)
                })
            })
            .collect();

        let outcome = (|| -> Result<()> {
            cli.enacted(&["authorize-upgrade", &code])?;
            let early = cli
                .clone()
                .signing("dev:charlie-admin")
                .run(&["upgrade", "apply", &code])?;
            assert_eq!(early.code, 1, "{early:?}");
            assert!(
                early.err.contains("not over") || early.err.contains("delay"),
                "{early:?}"
            );
            wait_for("the end of the delay", Duration::from_secs(60), || {
                let applied = cli
                    .clone()
                    .signing("dev:charlie-admin")
                    .run(&["upgrade", "apply", &code])?;
                Ok((applied.code == 0).then_some(()))
            })?;
            wait_for("the next runtime", Duration::from_secs(30), || {
                Ok((cli.json(&["status"])?["data"]["specVersion"] == 2).then_some(()))
            })?;
            // It goes on for some blocks.
            let now = network.finalized(0)?;
            wait_for("finality after it", Duration::from_secs(60), || {
                Ok((network.finalized(0)? > now + 4).then_some(()))
            })
        })();
        done.store(true, Ordering::Relaxed);
        let mut recorded = Vec::new();
        for reporter in reporters {
            recorded.extend(
                reporter
                    .join()
                    .map_err(|_| anyhow::anyhow!("a reporter panicked"))??,
            );
        }
        Ok((recorded, outcome))
    })?;
    outcome?;

    // The migration has run, at every node alike.
    for node in &network.nodes {
        assert_eq!(session_length(&node.cli())?, 10);
    }
    let acts = cli.json(&["council", "acts"])?;
    let upgraded = acts["data"].as_array().into_iter().flatten().last().cloned();
    let upgraded = upgraded.context("an entry")?;
    assert_eq!(upgraded["what"], "Upgraded", "{acts}");
    assert_eq!(upgraded["specVersion"], 2, "{acts}");

    // Each attestation that was said to be final is there, once, and no other.
    let mut recorded = recorded;
    recorded.sort_unstable();
    let all: Vec<u64> = (0..u64::try_from(recorded.len())?).collect();
    assert_eq!(recorded, all);
    let incident = cli.json(&["incident", "show", "0"])?;
    assert_eq!(incident["data"]["entries"], recorded.len(), "{incident}");

    // The index compared itself with the state where the runtime changed, and went on.
    for node in &network.nodes {
        wait_for("the index after it", Duration::from_secs(30), || {
            let rpc = Rpc::new(&node.endpoint())?;
            let listed = rpc.ask("faultline_incidents", &[])?;
            let entries = &listed["data"]["items"][0]["entries"];
            Ok((*entries == recorded.len()).then_some(()))
        })?;
        assert!(node.said()?.contains("the runtime changed"));
    }

    // How long the chain stood still, seen in its own clock.
    let rpc = Rpc::new(&network.nodes[0].endpoint())?;
    let last = network.finalized(0)?;
    let times = (1..=last)
        .map(|number| rpc.time_of(number))
        .collect::<Result<Vec<_>>>()?;
    let at = usize::try_from(upgraded["block"].as_u64().context("a block")?)?;
    let gap = |from: usize, to: usize| {
        let pairs = times[from.max(1) - 1..to.min(times.len())].windows(2);
        pairs.map(|pair| pair[1] - pair[0]).max().unwrap_or(0)
    };
    println!(
        "upgrade at block {at}: {} attestations recorded by three; longest gap between blocks {} ms around it, {} ms before",
        recorded.len(),
        gap(at.saturating_sub(1), at + 4),
        gap(1, at.saturating_sub(1)),
    );
    network.assert_one_history()
}

#[test]
fn what_is_no_runtime_is_refused_before_it_is_sent() -> Result<()> {
    let folder = tempfile::TempDir::new()?;
    let node = faultline_tests::TestNode::dev()?;
    node.wait_for_first_block()?;
    let text = folder.path().join("runtime.txt");
    std::fs::write(&text, "no runtime at all")?;
    let text = text.display().to_string();
    let admin = node.cli().signing("dev:alice-admin");
    for arguments in [
        ["upgrade", "apply", &text].as_slice(),
        &["council", "propose", "authorize-upgrade", &text],
    ] {
        let refused = admin.run(arguments)?;
        assert_ne!(refused.code, 0, "{refused:?}");
        assert!(refused.err.contains("WASM"), "{refused:?}");
    }
    // This chain's own runtime is no later one: authorized or not, it is not put in place again.
    let same = folder.path().join("same.wasm");
    std::fs::write(
        &same,
        faultline_runtime::WASM_BINARY.context("built without its WASM")?,
    )?;
    let same = same.display().to_string();
    let unauthorized = admin.run(&["upgrade", "apply", &same])?;
    assert_eq!(unauthorized.code, 1, "{unauthorized:?}");
    assert!(unauthorized.err.contains("authorize"), "{unauthorized:?}");
    Ok(())
}
