//! Whether it is well: health, metrics, and the lines of the log that say so.

use std::time::Duration;

use anyhow::Result;
use faultline_tests::wait_for;
use nix::sys::signal::Signal;

use crate::node::Node;

/// The validators of the chain `local`, with the organisations that they belong to.
pub const LOCAL: [&str; 4] = ["--alice", "--bob", "--charlie", "--dave"];

/// A validator of the chain `local`.
pub fn validator(who: &str, bootnode: Option<&str>) -> Result<Node> {
    let bootnode = bootnode.map(|address| format!("--bootnodes={address}"));
    let mut arguments = vec!["--chain=local", who, "--validator"];
    arguments.extend(bootnode.as_deref());
    Node::start(&arguments)
}

#[test]
fn a_node_lives_at_once_and_is_ready_when_its_chain_has_made_something_final() -> Result<()> {
    let node = Node::dev()?;
    assert_eq!(node.health("/live")?.0, 200);
    assert_eq!(node.health("/elsewhere")?.0, 404);

    let ready = node.wait_until_ready()?;
    assert_eq!(ready["ready"], true, "{ready}");
    assert_eq!(ready["reasons"], serde_json::json!([]), "{ready}");
    assert_eq!(ready["role"], "validator", "{ready}");
    assert_eq!(ready["organisation"], 0, "{ready}");
    assert!(ready["finalized"].as_u64() > Some(0), "{ready}");

    let line = node.wait_until_said("This node is validator", Duration::from_secs(1))?;
    let name = node.cli()?.json(&["org", "show", "0"])?["data"]["name"].clone();
    assert!(line.contains(name.as_str().unwrap_or("no name")), "{line}");
    Ok(())
}

#[test]
fn a_stall_of_finality_is_told_by_health_metrics_and_log_until_it_is_over() -> Result<()> {
    let alice = validator(LOCAL[0], None)?;
    let (status, answer) = alice.health("/ready")?;
    assert_eq!(status, 503, "{answer}");
    let reasons = answer["reasons"].to_string();
    assert!(reasons.contains("no peers"), "{reasons}");
    assert!(reasons.contains("nothing has become final yet"), "{reasons}");

    let address = alice.address()?;
    let mut others = Vec::new();
    for who in &LOCAL[1..] {
        others.push(validator(who, Some(&address))?);
    }
    alice.wait_until_ready()?;

    // Three of four finalize, two do not. On a slow machine it may have stalled while the four came up.
    let (stalled, back) = ("Finality is stalled", "Finality is back after");
    let (stalls, returns) = (alice.times_said(stalled)?, alice.times_said(back)?);
    others[1].end(Signal::SIGKILL)?;
    others[2].end(Signal::SIGKILL)?;
    alice.wait_until_said_again(stalled, stalls, Duration::from_secs(90))?;
    wait_for("the reason in the health", Duration::from_secs(30), || {
        let (status, answer) = alice.health("/ready")?;
        let reasons = answer["reasons"].to_string();
        Ok((status == 503 && reasons.contains("finality is stalled")).then_some(()))
    })?;
    assert_eq!(alice.health("/live")?.0, 200);
    assert!(alice.metric("faultline_finality_lag_seconds", &[])? > 30.0);
    assert!(alice.metric("faultline_finality_lag_blocks", &[])? > 1.0);

    others[1].start_again()?;
    alice.wait_until_said_again(back, returns, Duration::from_secs(120))?;
    alice.wait_until_ready()?;
    assert!(alice.metric("faultline_finality_lag_seconds", &[])? < 30.0);
    assert_eq!(alice.times_said(stalled)?, stalls + 1, "it is said once");
    Ok(())
}

#[test]
fn a_validator_without_keys_says_so_and_is_not_ready() -> Result<()> {
    let node = Node::start(&[
        "--chain=local",
        "--validator",
        "--unsafe-force-node-key-generation",
    ])?;
    let said = "This node was started with --validator, but its keystore holds no key";
    node.wait_until_said(said, Duration::from_secs(5))?;
    let (status, answer) = node.health("/ready")?;
    assert_eq!((status, &answer["role"]), (503, &"keyless".into()), "{answer}");
    assert!(
        answer["reasons"].to_string().contains("keystore holds no key"),
        "{answer}"
    );
    Ok(())
}

#[test]
fn a_follower_says_that_it_only_follows() -> Result<()> {
    let node = Node::start(&["--chain=local"])?;
    node.wait_until_said("This node follows the chain", Duration::from_secs(5))?;
    assert_eq!(node.health("/ready")?.1["role"], "follower");
    Ok(())
}

#[test]
fn what_is_recorded_and_what_is_refused_is_counted_by_stage_and_cause() -> Result<()> {
    let node = Node::dev()?;
    node.wait_until_ready()?;
    let alice = node.cli()?.signing("dev:alice");
    let refused = ["faultline_refused_total", "stage=\"pool\""];
    let before = node.metrics()?;

    alice.json(&["report", "openai/api", "--claim", "down"])?;
    // The pool refuses it: who says that it is down says that it has recovered, not that it is up.
    assert_eq!(alice.run(&["report", "openai/api", "--claim", "up"])?.code, 1);
    wait_for("the entry in the metrics", Duration::from_secs(30), || {
        Ok((node.metric("faultline_attestations_total", &[])? > 0.0).then_some(()))
    })?;
    assert_eq!(node.metric("faultline_incidents", &[])?, 1.0);
    let after = node.metrics()?;
    let of_pool = |metrics: &str| -> Vec<String> {
        metrics
            .lines()
            .filter(|line| refused.iter().all(|text| line.contains(text)) && !line.ends_with(" 0"))
            .map(Into::into)
            .collect()
    };
    assert_eq!(of_pool(&before), Vec::<String>::new());
    assert_eq!(of_pool(&after).len(), 1, "{:?}", of_pool(&after));

    for state in ["approved", "active"] {
        assert_eq!(node.metric("faultline_validators", &[state])?, 1.0);
    }
    assert_eq!(node.metric("faultline_validators", &["disabled"])?, 0.0);
    for name in [
        "faultline_attestations_total",
        "faultline_finality_lag_blocks",
        "faultline_finality_lag_seconds",
        "faultline_incidents",
        "faultline_refused_total",
        "faultline_validators",
    ] {
        assert!(after.contains(&format!("# HELP {name} ")), "{name} has no help");
    }
    Ok(())
}

#[test]
fn reports_that_a_block_refuses_are_counted_by_the_name_of_the_error() -> Result<()> {
    let node = Node::dev()?;
    node.wait_until_ready()?;
    let now = humantime::format_rfc3339_seconds(std::time::SystemTime::now()).to_string();
    let report = |service: &str, claim: &str| {
        serde_json::json!({
            "service": service, "claim": claim, "kind": "Outage", "severity": "Major", "scope": "Unknown",
            "from": now, "to": now, "timeQuality": "Estimate", "method": "Manual",
        })
    };
    // An Up opens no incident, and stands or falls alone.
    let reports = [report("openai/chatgpt", "Down"), report("openai/api", "Up")];
    let file = node.folder().join("reports.json");
    std::fs::write(
        &file,
        serde_json::json!({ "schemaVersion": 1, "attestations": reports }).to_string(),
    )?;
    let file = file.display().to_string();
    node.cli()?.signing("dev:alice").run(&["report-many", &file])?;

    let cause = "cause=\"Incidents.UpOpensNothing\"";
    wait_for("the refusal in the metrics", Duration::from_secs(30), || {
        let count = node.metric("faultline_refused_total", &["stage=\"block\"", cause])?;
        Ok((count == 1.0).then_some(()))
    })?;
    assert_eq!(node.metric("faultline_attestations_total", &[])?, 1.0);
    Ok(())
}
