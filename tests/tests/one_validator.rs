//! What a person does with a chain of one validator.

use std::path::Path;

use anyhow::Result;
use faultline_tests::{Cli, TestNode};
use serde_json::Value;

const MEASURED: &[&str] = &["--method", "active-probe", "--vantage", "DE:3320:12:12"];

/// A report of an outage that was seen just now, with evidence.
fn report(cli: &Cli, folder: &Path, service: &str, more: &[&str]) -> Result<Value> {
    let log = folder.join("probe.log");
    std::fs::write(&log, "12 of 12 requests failed\n")?;
    let log = log.display().to_string();
    cli.json(
        &[
            &["report", service, "--claim", "down", "--evidence", &log],
            MEASURED,
            more,
        ]
        .concat(),
    )
}

#[test]
fn a_report_is_final_and_still_there_after_a_kill_and_a_restart() -> Result<()> {
    let mut node = TestNode::dev()?;
    let alice = node.cli().signing("dev:alice");
    let done = report(
        &alice,
        node.folder(),
        "openai/chatgpt",
        &["--text", "Logins fail."],
    )?;
    assert_eq!(done["data"]["incident"], 0, "{done}");

    let before = node.cli().json(&["incident", "show", "0", "--entries"])?;
    assert_eq!(
        before["data"]["verdict"], "Unconfirmed",
        "one voice confirms nothing: {before}"
    );
    assert!(before["at"]["number"].as_u64() > Some(0), "{before}");

    node.kill()?;
    node.start_again()?;
    let after = node.cli().json(&["incident", "show", "0", "--entries"])?;
    assert_eq!(before["data"], after["data"]);
    Ok(())
}

#[test]
fn two_groups_confirm_on_dev_and_the_provider_does_not_count() -> Result<()> {
    let node = TestNode::dev()?;
    for key in ["dev:alice", "dev:eve", "dev:bob"] {
        report(&node.cli().signing(key), node.folder(), "openai/api", &[])?;
    }
    let incident = node.cli().json(&["incident", "show", "0"])?["data"].clone();
    assert_eq!(incident["verdict"], "Confirmed", "{incident}");
    assert_eq!(incident["timeliness"], "Live", "{incident}");
    assert_eq!(incident["affirming"], 2, "{incident}");
    assert_eq!(incident["entries"], 3, "{incident}");
    let provider = &incident["voices"][1];
    assert_eq!(
        (&provider["affiliated"], &provider["counts"]),
        (&true.into(), &false.into()),
        "{incident}"
    );

    let service = node.cli().json(&["service", "show", "openai/api"])?;
    assert_eq!(service["data"]["latest"][0]["id"], 0, "{service}");
    Ok(())
}

#[test]
fn an_incident_is_disputed_ruled_on_replied_to_and_linked() -> Result<()> {
    let node = TestNode::dev()?;
    node.wait_for_first_block()?;
    let by = |key: &str| node.cli().signing(&format!("dev:{key}"));
    let shown = |id: &str| -> Result<Value> {
        Ok(node.cli().json(&["incident", "show", id, "--entries"])?["data"].clone())
    };
    for key in ["alice", "bob"] {
        report(&by(key), node.folder(), "openai/api", &[])?;
    }
    assert_eq!(shown("0")?["verdict"], "Confirmed");

    by("eve").json(&[
        "incident",
        "reply",
        "0",
        "--status",
        "not-us",
        "--cause",
        "third-party",
        "--text",
        "A cable.",
    ])?;
    by("eve").json(&[
        "incident",
        "dispute",
        "0",
        "--text",
        "It was a cable of somebody else's.",
    ])?;
    let open = shown("0")?;
    assert_eq!(
        (&open["dispute"], &open["verdict"]),
        (&"Open".into(), &"Confirmed".into()),
        "{open}"
    );
    assert_eq!(
        open["case"]["arbiters"],
        serde_json::json!([5]),
        "the one arbiter has no part in it: {open}"
    );

    let conflicted = by("alice").run(&["incident", "vote", "0", "reject"])?;
    assert_eq!(conflicted.code, 1, "{conflicted:?}");
    assert!(conflicted.err.contains("role"), "{conflicted:?}");
    by("ferdie").json(&[
        "incident",
        "vote",
        "0",
        "reject",
        "--text",
        "The service was down all the same.",
    ])?;
    let ruled = shown("0")?;
    assert_eq!(
        (&ruled["dispute"], &ruled["reply"]["status"]),
        (&"Dismissed".into(), &"NotUs".into()),
        "{ruled}"
    );

    by("bob").json(&["incident", "withdraw", "0"])?;
    let withdrawn = shown("0")?;
    assert_eq!(
        (&withdrawn["verdict"], &withdrawn["affirming"]),
        (&"Unconfirmed".into(), &1.into()),
        "{withdrawn}"
    );
    assert_eq!(
        withdrawn["log"].as_array().map(Vec::len),
        Some(6),
        "the log keeps all: {withdrawn}"
    );
    let said: Vec<_> = withdrawn["log"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|entry| entry["what"].clone())
        .collect();
    assert_eq!(
        said,
        ["Opened", "Attested", "Replied", "Disputed", "Voted", "Withdrawn"]
    );

    let old = ["--from", "2024-12-11T23:16:00Z", "--to", "2024-12-12T00:00:00Z"];
    let early =
        by("charlie").json(&[&["report", "openai/api", "--claim", "recovered"], &old[..]].concat())?;
    assert_eq!(early["data"]["incident"], 1, "{early}");
    by("ferdie").json(&["incident", "link", "1", "--to", "0"])?;
    assert_eq!(shown("1")?["duplicateOf"], 0);
    by("ferdie").json(&["incident", "unlink", "1"])?;
    assert_eq!(shown("1")?["duplicateOf"], Value::Null);

    let soon = by("alice").run(&["incident", "close", "0"])?;
    assert!(soon.code == 1 && soon.err.contains("too recently"), "{soon:?}");
    Ok(())
}

#[test]
fn a_provider_announces_maintenance_of_its_own_services_alone() -> Result<()> {
    let node = TestNode::dev()?;
    node.wait_for_first_block()?;
    let eve = node.cli().signing("dev:eve");
    let span = ["--from", "1h ago", "--until", "2035-01-01T00:00:00Z"];
    let long = eve.run(&[&["service", "maintenance", "openai/api"], &span[..]].concat())?;
    assert!(long.code == 1 && long.err.contains("72 hours"), "{long:?}");
    eve.json(&[
        "service",
        "maintenance",
        "openai/api",
        "--from",
        "1h ago",
        "--until",
        "1s ago",
    ])
    .expect_err("it is over already");
    let other = node
        .cli()
        .signing("dev:alice")
        .run(&["service", "describe", "openai/api", "--name", "x"])?;
    assert!(other.code == 1 && other.err.contains("role"), "{other:?}");
    eve.json(&["service", "describe", "openai/api", "--name", "The API"])?;
    let service = node.cli().json(&["service", "show", "openai/api"])?;
    assert_eq!(
        (&service["data"]["name"], &service["data"]["entries"]),
        (&"The API".into(), &2.into()),
        "{service}"
    );
    Ok(())
}

#[test]
fn keys_are_added_and_revoked_by_the_admin_and_a_revoked_key_is_refused() -> Result<()> {
    let node = TestNode::dev()?;
    let file = node.folder().join("probe.key").display().to_string();
    let made = node.cli().json(&["key", "new", &file])?;
    let key = made["data"]["publicKey"].as_str().unwrap_or_default().to_owned();
    let admin = node.cli().signing("dev:alice-admin");
    let probe = node.cli().signing(&file);

    let stranger = probe.run(&["report", "openai", "--claim", "down"])?;
    assert_eq!(stranger.code, 1, "{stranger:?}");
    assert!(
        stranger
            .err
            .to_lowercase()
            .contains("no organisation has this key"),
        "{stranger:?}"
    );

    admin.json(&["reporter", "add", &key, "--label", "probe-7"])?;
    report(&probe, node.folder(), "openai", &[])?;

    admin.json(&["reporter", "revoke", &key])?;
    let revoked = probe.run(&["report", "openai", "--claim", "down"])?;
    assert_eq!(revoked.code, 1, "{revoked:?}");
    assert!(revoked.err.contains("revoked"), "{revoked:?}");
    let again = admin.run(&["reporter", "add", &key, "--label", "probe-7"])?;
    assert_eq!(again.code, 1, "a revoked key never comes back: {again:?}");
    let elsewhere = node
        .cli()
        .signing("dev:bob-admin")
        .run(&["reporter", "add", &key, "--label", "x"])?;
    assert_eq!(
        elsewhere.code, 1,
        "a key belongs to one organisation: {elsewhere:?}"
    );

    let keys = node.cli().json(&["reporter", "list", "0"])?;
    let history = keys["data"].to_string();
    assert!(history.contains(&key) && history.contains("probe-7"), "{keys}");
    Ok(())
}

#[test]
fn bad_input_is_refused_in_words_and_changes_nothing() -> Result<()> {
    let node = TestNode::dev()?;
    node.wait_for_first_block()?;
    let alice = node.cli().signing("dev:alice");
    let refusals: &[(&[&str], i32, &str)] = &[
        (
            &["report", "no/such-service", "--claim", "down"],
            1,
            "no/such-service",
        ),
        (
            &[
                "report",
                "openai",
                "--claim",
                "down",
                "--from",
                "2024-12-12T00:00:00Z",
                "--to",
                "2024-12-11T00:00:00Z",
            ],
            1,
            "after",
        ),
        (
            &[
                "report",
                "openai",
                "--claim",
                "down",
                "--from",
                "2124-12-12T00:00:00Z",
                "--to",
                "2124-12-12T00:00:01Z",
            ],
            1,
            "future",
        ),
        (
            &["report", "openai", "--claim", "down", "--vantage", "DE:3320:3:4"],
            1,
            "samples",
        ),
        (
            &["report", "openai", "--claim", "down", "--method", "active-probe"],
            1,
            "evidence",
        ),
        (&["report", "openai", "--claim", "up"], 1, "up"),
        (&["report", "openai", "--claim", "sideways"], 2, "sideways"),
        (&["incident", "attest", "77", "--claim", "down"], 1, "77"),
        (&["incident", "show", "77"], 1, "77"),
        (&["service", "register", "Not A Slug", "--name", "x"], 1, "slug"),
        (
            &["service", "register", "openai/api", "--name", "x"],
            1,
            "already",
        ),
        (&["reporter", "add", "0x00", "--label", "x"], 2, "0x00"),
    ];
    for (arguments, code, word) in refusals {
        let outcome = alice.run(arguments)?;
        assert_eq!(outcome.code, *code, "{arguments:?}: {outcome:?}");
        assert!(
            outcome.err.to_lowercase().contains(word),
            "{arguments:?}: {outcome:?}"
        );
        assert!(outcome.out.is_empty(), "{arguments:?}: {outcome:?}");
    }
    let status = node.cli().json(&["status"])?;
    assert_eq!(status["data"]["incidents"], 0, "{status}");
    Ok(())
}

#[test]
fn every_bound_is_named_when_it_is_passed_by_one() -> Result<()> {
    let node = TestNode::dev()?;
    let alice = node.cli().signing("dev:alice");
    let words = |length: usize| "x".repeat(length);
    let report = |option: &str, value: &str, times: usize| {
        let mut line: Vec<String> = ["report", "openai", "--claim", "down"].map(Into::into).into();
        (0..times).for_each(|_| line.extend([option.into(), value.into()]));
        line
    };
    let evidence = node.folder().join("probe.log").display().to_string();
    std::fs::write(&evidence, "12 of 12 requests failed\n")?;
    let key = format!("0x{}", "11".repeat(32));
    let register =
        |slug: String, name: String| vec!["service".into(), "register".into(), slug, "--name".into(), name];
    let interval = "2024-12-11T23:16:00Z/2024-12-11T23:17:00Z";
    let passed: Vec<(Vec<String>, &str)> = vec![
        (report("--text", &words(513), 1), "512"),
        (report("--interval", interval, 9), "at most 8"),
        (report("--vantage", "DE:3320:1:1", 9), "at most 8"),
        (report("--evidence", &evidence, 9), "at most 8"),
        (report("--scope", &format!("region:{}", words(33)), 1), "32"),
        (register(words(65), words(1)), "64"),
        (register(words(1), words(65)), "64"),
        (
            ["reporter", "add", &key, "--label", &words(33)]
                .map(Into::into)
                .into(),
            "32",
        ),
    ];
    for (line, bound) in passed {
        let line: Vec<&str> = line.iter().map(String::as_str).collect();
        let outcome = alice.run(&line)?;
        assert_eq!(outcome.code, 2, "{line:?}: {outcome:?}");
        assert!(outcome.err.contains(bound), "{line:?}: {outcome:?}");
    }
    assert_eq!(node.cli().json(&["status"])?["data"]["incidents"], 0);
    Ok(())
}

#[test]
fn the_client_knows_its_chain_and_says_when_nobody_answers() -> Result<()> {
    let node = TestNode::dev()?;
    let other = format!("0x{}", "00".repeat(32));
    let wrong = node.cli().run(&["status", "--genesis", &other])?;
    assert_eq!(wrong.code, 1, "{wrong:?}");
    assert!(wrong.err.contains(&other), "{wrong:?}");

    let nobody = Cli::new("ws://127.0.0.1:9".into(), node.folder()).run(&["status"])?;
    assert_eq!(nobody.code, 3, "{nobody:?}");
    assert!(nobody.err.contains("127.0.0.1:9"), "{nobody:?}");
    Ok(())
}

#[test]
fn a_corrupt_replay_file_is_refused_by_line_before_anything_is_submitted() -> Result<()> {
    let node = TestNode::dev()?;
    let good = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../examples/2024-12-11-openai.json"
    ))?;
    let file = node.folder().join("corrupt.json");
    let broken = good.replacen("\"Recovered\"", "\"Recovered", 1);
    assert_ne!(broken, good);
    std::fs::write(&file, broken)?;
    let outcome = node.cli().run(&["replay", &file.display().to_string()])?;
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(outcome.err.contains("line "), "{outcome:?}");
    assert_eq!(node.cli().json(&["status"])?["data"]["incidents"], 0);
    Ok(())
}

#[test]
fn a_node_refuses_a_port_that_is_taken_and_the_data_of_another_chain() -> Result<()> {
    let mut node = TestNode::dev()?;
    let port = node.endpoint().rsplit(':').next().unwrap_or_default().to_owned();
    let refused = std::process::Command::new(faultline_tests::binary("faultline-node")?)
        .args([
            "--dev",
            "--tmp",
            "--no-prometheus",
            "--listen-addr=/ip4/127.0.0.1/tcp/0",
        ])
        .arg(format!("--rpc-port={port}"))
        .output()?;
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains(&port), "{said}");

    node.kill()?;
    let spec = node.folder().join("other.json");
    let exported = std::process::Command::new(faultline_tests::binary("faultline-node")?)
        .args(["export-chain-spec", "--chain=dev"])
        .output()?;
    let mut other: Value = serde_json::from_slice(&exported.stdout)?;
    let rules = find(&mut other, "incidents").and_then(|incidents| incidents.get_mut("rules"));
    *rules
        .and_then(|rules| rules.get_mut("quorum"))
        .expect("the spec has rules") = 3.into();
    std::fs::write(&spec, other.to_string())?;
    let data = node.folder().join("data");
    let refused = std::process::Command::new(faultline_tests::binary("faultline-node")?)
        .arg(format!("--chain={}", spec.display()))
        .arg(format!("--base-path={}", data.display()))
        .args([
            "--no-prometheus",
            "--rpc-port=0",
            "--listen-addr=/ip4/127.0.0.1/tcp/0",
        ])
        .output()?;
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("another chain"), "{said}");

    node.start_again()?;
    node.wait_for_first_block()
}

/// The value of a key, however deep it lies.
fn find<'a>(value: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    match value {
        Value::Object(fields) => fields.iter_mut().find_map(|(name, value)| match name == key {
            true => Some(value),
            false => find(value, key),
        }),
        Value::Array(items) => items.iter_mut().find_map(|value| find(value, key)),
        _ => None,
    }
}
