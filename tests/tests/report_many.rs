//! Many reports from a file, each of which stands or falls alone.

use std::{collections::BTreeSet, path::Path, time::SystemTime};

use anyhow::Result;
use faultline_tests::{Cli, TestNode};
use serde_json::{json, Value};

/// A report of something seen just now.
fn seen(service: &str, claim: &str, more: &[(&str, Value)]) -> Value {
    let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let mut report = json!({
        "service": service, "claim": claim, "kind": "Outage", "severity": "Major", "scope": "Unknown",
        "from": now, "to": now, "timeQuality": "Estimate", "method": "Manual",
    });
    for (field, value) in more {
        report[field] = value.clone();
    }
    report
}

fn write(folder: &Path, reports: &[Value]) -> Result<String> {
    let path = folder.join("reports.json");
    std::fs::write(
        &path,
        json!({ "schemaVersion": 1, "attestations": reports }).to_string(),
    )?;
    Ok(path.display().to_string())
}

/// What a run printed as JSON, with its code and what it calls its error.
fn run(cli: &Cli, arguments: &[&str]) -> Result<(i32, Value, Value)> {
    let outcome = cli.run(&[arguments, &["--json"]].concat())?;
    let read = |text: &str| match text {
        "" => Ok(Value::Null),
        text => serde_json::from_str(text),
    };
    let kind = read(&outcome.err)?["error"]["kind"].clone();
    Ok((outcome.code, read(&outcome.out)?["data"].clone(), kind))
}

#[test]
fn each_report_of_a_file_is_recorded_or_refused_by_name_and_none_is_lost() -> Result<()> {
    let node = TestNode::dev()?;
    node.wait_for_first_block()?;
    let alice = node.cli().signing("dev:alice");
    let old = [
        ("from", "2024-12-11T23:16:00Z".into()),
        ("to", "2024-12-12T03:00:00Z".into()),
    ];
    let file = write(
        node.folder(),
        &[
            seen("openai/chatgpt", "Down", &[]),
            seen("no/such", "Down", &[]),
            seen("openai/api", "Up", &[]),
            seen("openai/chatgpt", "Down", &[]),
            seen("openai/sora", "Down", &[("vantages", json!(["DE:3320:3:4"]))]),
            seen("openai/chatgpt", "Recovered", &old),
            seen(
                "openai/chatgpt",
                "Degraded",
                &[("text", "It comes and goes.".into())],
            ),
        ],
    )?;
    let (code, reports, kind) = run(&alice, &["report-many", &file])?;
    assert_eq!((code, &kind), (1, &"reportsRefused".into()), "{reports}");
    let told: Vec<_> = reports
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| match &one["error"]["kind"] {
            Value::Null => format!("{} {} {}", one["report"], one["incident"], one["entry"]),
            kind => format!("{} {kind}", one["report"]).replace('"', ""),
        })
        .collect();
    assert_eq!(
        told,
        [
            "1 0 0",
            "2 notFound",
            "3 Incidents.UpOpensNothing",
            "4 Incidents.RepeatedTooSoon",
            "5 Incidents.MoreFailedThanSamples",
            "6 1 0",
            "7 0 1",
        ]
    );
    let incident = node.cli().json(&["incident", "show", "0", "--entries"])?;
    assert_eq!(
        incident["data"]["log"][1]["text"], "It comes and goes.",
        "{incident}"
    );

    let transaction = reports[0]["transaction"].as_str().unwrap_or_default();
    let shown = node.cli().json(&["transaction", "show", transaction])?;
    let all = &shown["data"]["all"];
    assert_eq!(all.as_array().map(Vec::len), Some(6), "{shown}");
    assert_eq!(all[1]["error"]["kind"], "Incidents.UpOpensNothing", "{shown}");

    let told = alice.run(&["report-many", &file])?;
    assert_eq!(told.code, 1, "{told:?}");
    for words in [
        "1  openai/chatgpt  Recorded as entry 2 of incident 0\n",
        "\n2  no/such         there is no service `no/such`",
        "\n5  openai/sora     refused: a vantage counts more failed samples",
        "\n                   It is --vantage",
        "\nFinal in block ",
    ] {
        assert!(told.out.contains(words), "{words}: {}", told.out);
    }
    assert!(told.err.contains("4 of 7 reports are refused"), "{told:?}");
    Ok(())
}

#[test]
fn more_reports_than_a_transaction_takes_go_in_several_and_in_order() -> Result<()> {
    let node = TestNode::dev()?;
    node.wait_for_first_block()?;
    let bob = node.cli().signing("dev:bob");
    let services = ["openai", "openai/chatgpt", "openai/api", "openai/sora"];
    let reports: Vec<_> = (0..130)
        .map(|number| seen(services[number % 4], ["Down", "Degraded"][number / 4 % 2], &[]))
        .collect();
    let file = write(node.folder(), &reports)?;
    let (code, told, kind) = run(&bob, &["report-many", &file])?;
    assert_eq!((code, &kind), (0, &Value::Null), "{told}");
    let told = told.as_array().cloned().unwrap_or_default();
    assert_eq!(told.len(), 130);
    for (number, one) in told.iter().enumerate() {
        let (incident, entry) = (number % 4, number / 4);
        assert_eq!(
            (&one["report"], &one["slug"], &one["incident"], &one["entry"]),
            (
                &json!(number + 1),
                &services[incident].into(),
                &incident.into(),
                &entry.into()
            ),
            "{one}"
        );
    }
    let mut transactions: Vec<_> = told.iter().map(|one| one["transaction"].to_string()).collect();
    transactions.dedup();
    assert!(transactions.len() >= 3, "64 at most: {transactions:?}");

    let (code, told, _) = run(&bob, &["report-many", &file, "--skip", "129"])?;
    assert_eq!((code, &told[0]["report"]), (0, &130.into()), "{told}");
    Ok(())
}

#[test]
fn more_reports_than_the_quota_has_left_go_in_smaller_transactions() -> Result<()> {
    let node = TestNode::dev()?;
    node.wait_for_first_block()?;
    let [alice, bob] = ["alice", "bob"].map(|name| node.cli().signing(&format!("dev:{name}-admin")));
    alice.json(&[
        "council",
        "propose",
        "set-quota",
        "2",
        "--burst",
        "30",
        "--per-block",
        "15",
    ])?;
    bob.json(&["council", "vote", "0", "aye"])?;
    bob.json(&["council", "close", "0"])?;

    let reports: Vec<_> = (0..40)
        .map(|number| seen("openai", ["Down", "Degraded"][number % 2], &[]))
        .collect();
    let file = write(node.folder(), &reports)?;
    let (code, told, kind) = run(&node.cli().signing("dev:charlie"), &["report-many", &file])?;
    assert_eq!((code, &kind), (0, &Value::Null), "{told}");
    let transactions: BTreeSet<_> = told
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| one["transaction"].to_string())
        .collect();
    assert!(transactions.len() >= 2, "{told}");
    let incident = node.cli().json(&["incident", "show", "0"])?;
    assert_eq!(incident["data"]["entries"], 40, "{incident}");
    Ok(())
}

#[test]
fn what_cannot_be_submitted_is_said_of_each_report_and_records_nothing() -> Result<()> {
    let node = TestNode::dev()?;
    node.wait_for_first_block()?;
    let key = node.folder().join("stranger.key").display().to_string();
    node.cli().json(&["key", "new", &key])?;
    let stranger = node.cli().signing(&key);
    let reports = vec![seen("openai", "Down", &[]); 65];
    let file = write(node.folder(), &reports)?;
    let (code, told, kind) = run(&stranger, &["report-many", &file])?;
    assert_eq!((code, &kind), (1, &"Gate.UnknownSigner".into()), "{told}");
    let kinds: Vec<_> = told
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| one["error"]["kind"].clone())
        .collect();
    assert_eq!(kinds.len(), 65);
    assert!(
        kinds[..64].iter().all(|kind| kind == "Gate.UnknownSigner"),
        "{told}"
    );
    assert_eq!(kinds[64], "notSubmitted");
    assert_eq!(node.cli().json(&["status"])?["data"]["incidents"], 0);

    let alice = node.cli().signing("dev:alice");
    let nobody = Cli::new("ws://127.0.0.1:9".into(), node.folder()).signing("dev:alice");
    let broken = node.folder().join("broken.json").display().to_string();
    std::fs::write(
        &broken,
        "{\n  \"schemaVersion\": 1,\n  \"attestations\": [{}]\n}\n",
    )?;
    let signed = node.folder().join("signed.json").display().to_string();
    let with_key =
        json!({ "schemaVersion": 1, "attestations": [seen("openai", "Down", &[("by", "dev:bob".into())])] });
    std::fs::write(&signed, with_key.to_string())?;
    let no_such = node.folder().join("none.json").display().to_string();
    for (cli, arguments, code, word) in [
        (&node.cli(), &["report-many", &file][..], 2, "--key"),
        (
            &alice,
            &["report-many", &file, "--skip", "65"][..],
            2,
            "--skip 65",
        ),
        (&alice, &["report-many"][..], 2, "FILE"),
        (&alice, &["report-many", &no_such][..], 1, "none.json"),
        (&alice, &["report-many", &broken][..], 1, "line 3"),
        (&alice, &["report-many", &signed][..], 1, "--key"),
        (&nobody, &["report-many", &file][..], 3, "reach"),
        (
            &alice,
            &["report-many", &file, "--timeout", "1ms"][..],
            1,
            "Once it is final, --skip 64",
        ),
    ] {
        let outcome = cli.run(arguments)?;
        assert_eq!(outcome.code, code, "{arguments:?}: {outcome:?}");
        assert!(outcome.err.contains(word), "{arguments:?}: {outcome:?}");
        assert!(outcome.out.is_empty(), "{arguments:?}: {outcome:?}");
    }
    Ok(())
}
