//! A client that is given several nodes, some of which die, stop or are of another chain.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use faultline_client::{transaction::Loss, Call, Client, Error, Key};
use faultline_primitives::{attestation::Claim, ServiceId, Span, Text, UnixMillis};
use faultline_tests::{seen_by_hand, wait_for, Cli, Outcome, Rpc, TestNetwork, TestNode, Validator};
use serde_json::Value;

/// The services of the chain `local`.
const SERVICES: [&str; 4] = ["openai", "openai/chatgpt", "openai/api", "openai/sora"];
/// How long a transaction may take whose node dies on the way.
const PATIENCE: Duration = Duration::from_secs(90);

/// The addresses of nodes, beginning with this one and then in a circle.
fn endpoints(nodes: &[TestNode], first: usize) -> Vec<String> {
    let circle = nodes.iter().cycle().skip(first).take(nodes.len());
    circle.map(TestNode::endpoint).collect()
}

/// Runs a command, and does something as soon as its transaction waits in the pool of the node at this address.
fn run_and_once_submitted(
    cli: &Cli,
    arguments: &[&str],
    endpoint: &str,
    strike: impl FnOnce() -> Result<()>,
) -> Result<Outcome> {
    let rpc = Rpc::new(endpoint)?;
    let mut child = cli
        .command(arguments)?
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    loop {
        let pending = rpc.ask("author_pendingExtrinsics", &[])?;
        if pending.as_array().is_some_and(|pending| !pending.is_empty()) {
            break;
        }
        if child.try_wait()?.is_some() {
            let output = child.wait_with_output()?;
            anyhow::bail!("it ended before anything was submitted: {output:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    strike()?;
    let output = child.wait_with_output()?;
    Ok(Outcome {
        code: output.status.code().context("it was killed")?,
        out: String::from_utf8(output.stdout)?,
        err: String::from_utf8(output.stderr)?,
    })
}

/// Four validators that all know each other: one can be lost, whichever it is.
fn network() -> Result<TestNetwork> {
    let network = TestNetwork::start()?;
    for node in &network.nodes {
        let rpc = Rpc::new(&node.endpoint())?;
        wait_for("all peers", Duration::from_secs(60), || {
            Ok((rpc.ask("system_health", &[])?["peers"] == 3).then_some(()))
        })?;
    }
    Ok(network)
}

/// How many entries each incident of a service has.
fn entries(node: &TestNode, slug: &str) -> Result<Vec<u64>> {
    let service = node.cli().json(&["service", "show", slug])?;
    let latest = service["data"]["latest"].as_array().context("a list")?;
    latest
        .iter()
        .map(|incident| incident["entries"].as_u64().context("a number"))
        .collect()
}

/// What the program said on stderr beside its answer, by kind.
fn notices(outcome: &Outcome) -> Vec<String> {
    let lines = outcome.err.lines();
    let said = lines.filter_map(|line| serde_json::from_str::<Value>(line).ok());
    said.filter_map(|said| Some(said["notice"]["kind"].as_str()?.to_owned()))
        .collect()
}

#[test]
fn what_a_node_took_before_it_died_or_stopped_is_recorded_once_by_another() -> Result<()> {
    let mut network = network()?;
    for (victim, slug) in SERVICES.into_iter().enumerate() {
        let urls = endpoints(&network.nodes, victim);
        let cli = Cli::new(urls.join(","), network.nodes[victim].folder()).signing("dev:alice");
        let arguments = ["report", slug, "--claim", "down", "--json"];
        let node = &mut network.nodes[victim];
        let dies = victim % 2 == 0;
        let began = Instant::now();
        let outcome = run_and_once_submitted(&cli, &arguments, &urls[0], || match dies {
            true => node.kill(),
            false => node.pause(),
        })?;
        println!("{} after it was struck: {:.1?}", urls[0], began.elapsed());
        assert_eq!(outcome.code, 0, "{outcome:?}");
        assert!(notices(&outcome).contains(&"goesOn".into()), "{outcome:?}");
        assert!(outcome.err.contains(&urls[1]), "{outcome:?}");

        let node = &mut network.nodes[victim];
        match dies {
            true => node.start_again()?,
            false => node.resume()?,
        }
        network.wait_until_caught_up(victim, (victim + 1) % 4)?;
    }
    for node in &network.nodes {
        for slug in SERVICES {
            assert_eq!(entries(node, slug)?, [1], "{slug} at {}", node.endpoint());
        }
    }
    network.assert_one_history()?;

    // A node that stopped is passed over by whoever comes next, and soon.
    network.nodes[0].pause()?;
    let urls = endpoints(&network.nodes, 0);
    let cli = Cli::new(urls.join(","), network.nodes[0].folder());
    let began = Instant::now();
    let status = cli.run(&["status"])?;
    assert_eq!(status.code, 0, "{status:?}");
    assert!(
        status.err.contains(&format!("Passing over {}", urls[0])),
        "{status:?}"
    );
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    network.nodes[0].resume()?;

    // When none is left it is not known what became of it, and that is said.
    let outcome = run_and_once_submitted(
        &cli.signing("dev:bob"),
        &["report", "openai", "--claim", "degraded", "--timeout", "12s"],
        &urls[0],
        || network.nodes.iter_mut().try_for_each(TestNode::kill),
    )?;
    assert_eq!(outcome.code, 3, "{outcome:?}");
    assert!(outcome.err.contains("transaction show 0x"), "{outcome:?}");
    Ok(())
}

fn down(service: u32) -> Call {
    let since = UnixMillis(1_733_958_960_000);
    let observed = Span {
        from: since,
        to: since,
    };
    let seen = seen_by_hand(Claim::Down, observed);
    Call::report(ServiceId(service), &seen, &Text::default())
}

#[test]
fn of_two_transactions_of_one_nonce_at_two_nodes_one_is_recorded_and_the_other_is_said_not_to_be(
) -> Result<()> {
    let network = network()?;
    tokio::runtime::Runtime::new()?.block_on(one_nonce(network))
}

async fn one_nonce(mut network: TestNetwork) -> Result<()> {
    let key = Key::named("dev:alice")?;
    let (one, other) = (
        Client::connect(&network.nodes[0].endpoint()).await?,
        Client::connect(&network.nodes[1].endpoint()).await?,
    );
    let (first, second) = (one.sign(&down(0), &key).await?, other.sign(&down(1), &key).await?);
    assert_eq!(first.nonce(), second.nonce());
    let (at_one, at_other) = tokio::join!(one.submit(&first), other.submit(&second));
    // The pool of either may have heard of the other's already, but not of both.
    let mut refused = 0;
    for taken in [at_one, at_other] {
        match taken {
            Err(Error::Refused(_)) => refused += 1,
            taken => drop(taken?),
        }
    }
    assert!(refused < 2, "one of the two came first");
    let (first, second) = tokio::join!(one.wait(&first, PATIENCE), other.wait(&second, PATIENCE));
    let lost = match (&first, &second) {
        (Ok(_), Err(lost)) | (Err(lost), Ok(_)) => lost,
        both => anyhow::bail!("one of the two: {both:?}, {refused} refused"),
    };
    let taken = matches!(
        lost,
        Error::Superseded {
            loss: Loss::NonceTaken,
            ..
        }
    );
    assert!(taken, "{lost:?}");
    let recorded = |slug| Ok::<_, anyhow::Error>(entries(&network.nodes[2], slug)?.len());
    assert_eq!(recorded(SERVICES[0])? + recorded(SERVICES[1])?, 1);

    // Of one client, though, they are two: it knows what it sent, whichever node knows.
    let client = Client::connect_any(&endpoints(&network.nodes, 3), None, |_| ()).await?;
    let before = client.send(&down(2), &key).await?;
    network.nodes[3].kill()?;
    let after = client.send(&down(3), &key).await?;
    assert_eq!(after.nonce(), before.nonce() + 1);
    let before = client.wait(&before, PATIENCE).await?;
    let after = client.wait(&after, PATIENCE).await?;
    assert!(before.block.number <= after.block.number);
    for slug in [SERVICES[2], SERVICES[3]] {
        assert_eq!(entries(&network.nodes[0], slug)?, [1], "{slug}");
    }
    Ok(())
}

#[test]
fn nodes_of_different_chains_are_told_apart_and_nothing_is_guessed() -> Result<()> {
    let dev = TestNode::dev()?;
    let local = TestNode::validator(Validator::Alice, None)?;
    dev.wait_for_first_block()?;
    let urls = [local.endpoint(), dev.endpoint()];
    let home = dev.folder().join("strangers");
    let cli = Cli::new(urls.join(","), &home);

    let genesis = dev.cli().json(&["status"])?["data"]["genesis"].clone();
    let genesis = genesis.as_str().context("a hash")?;
    let differ = cli.run(&["status"])?;
    assert_eq!(differ.code, 1, "{differ:?}");
    assert!(
        differ.err.contains("different chains") && differ.err.contains("--genesis"),
        "{differ:?}"
    );
    assert!(differ.err.contains(genesis), "{differ:?}");
    let named = cli.run(&["status", "--json"])?;
    assert!(named.err.contains("chainsDiffer"), "{named:?}");

    // Once it is said which is meant, and from then on, the other is left out.
    for arguments in [&["status", "--genesis", genesis][..], &["status"]] {
        let meant = cli.run(arguments)?;
        assert_eq!(meant.code, 0, "{meant:?}");
        assert!(meant.out.contains(genesis), "{meant:?}");
        let passed_over = format!("Passing over {}: it is of another chain", urls[0]);
        assert!(meant.err.contains(&passed_over), "{meant:?}");
    }
    let neither = cli.run(&["status", "--genesis", &format!("0x{}", "00".repeat(32))])?;
    assert_eq!(neither.code, 1, "{neither:?}");
    assert!(neither.err.contains("is of another chain"), "{neither:?}");
    Ok(())
}

#[test]
fn whoever_reaches_no_node_of_several_is_told_so_with_code_3() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let nobody = Cli::new("ws://127.0.0.1:9,ws://127.0.0.1:10".into(), folder.path());
    let outcome = nobody.run(&["status"])?;
    assert_eq!(outcome.code, 3, "{outcome:?}");
    for address in ["127.0.0.1:9", "127.0.0.1:10"] {
        assert!(outcome.err.contains(address), "{outcome:?}");
    }

    // One that is named twice, and by an option in place of the variable.
    let node = TestNode::dev()?;
    let endpoint = node.endpoint();
    let there = nobody.run(&["status", "--node", "ws://127.0.0.1:9", "--node", &endpoint])?;
    assert_eq!(there.code, 0, "{there:?}");
    assert!(there.err.contains("Passing over ws://127.0.0.1:9"), "{there:?}");
    let none = nobody.run(&["status", "--node", ","])?;
    assert_eq!(none.code, 2, "{none:?}");
    Ok(())
}
