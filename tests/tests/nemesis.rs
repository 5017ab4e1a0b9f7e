//! Real faults against real validators: the short run. `scripts/nemesis` makes longer ones.

use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use faultline_tests::binary;
use serde_json::Value;

/// Decides the schedules: every kind of fault comes in that of the short run.
const SEED: &str = "--seed=1";

/// What so many faults came to, and what was said meanwhile. Nothing may be wrong.
fn run(events: u64, prepare: impl FnOnce(&mut Command)) -> Result<(Value, String)> {
    let mut command = Command::new(binary("faultline-nemesis")?);
    command.args([SEED, "--validators=4", "--patience=60", "--json"]);
    command.arg(format!("--events={events}")).stdin(Stdio::null());
    prepare(&mut command);
    let output = command.output()?;
    let (said, log) = (
        String::from_utf8(output.stdout)?,
        String::from_utf8(output.stderr)?,
    );
    print!("{log}");
    let report: Value = serde_json::from_str(&said).with_context(|| format!("no report: `{said}`"))?;
    println!("{report:#}");
    assert_eq!(report["violations"], serde_json::json!([]));
    assert!(output.status.success(), "{}", output.status);
    assert_eq!(
        report["eventCount"].as_u64().unwrap_or_default() + left_out(&report),
        events,
        "every fault took place, or says why not"
    );
    for way in ["full", "warp"] {
        assert!(
            report["newNode"][way]["blocks"].as_u64() > Some(1),
            "by {way} sync"
        );
    }
    Ok((report, log))
}

fn left_out(report: &Value) -> u64 {
    let kinds = report["leftOut"].as_object();
    let counts = kinds.into_iter().flat_map(|kinds| kinds.values());
    counts.filter_map(Value::as_u64).sum()
}

#[test]
fn under_faults_nothing_final_is_lost_doubled_or_forked_and_every_log_replays() -> Result<()> {
    let (report, _) = run(36, |_| ())?;
    let count = |field: &str| report[field].as_u64().unwrap_or_default();
    if report["ground"] == "namespaces" {
        assert_eq!(left_out(&report), 0);
    }
    let told_final = report["submissions"]["final"].as_u64().unwrap_or_default();
    assert!(told_final > 20, "something was recorded meanwhile: {told_final}");
    assert!(count("entryCount") > told_final, "and was replayed");
    Ok(())
}

#[test]
fn where_the_system_gives_no_namespaces_it_says_so_and_leaves_links_and_disks_alone() -> Result<()> {
    // Without the programs that would make them.
    let (report, log) = run(10, |command| {
        command.env("PATH", "");
    })?;
    assert_eq!(report["ground"], "loopback");
    assert!(
        log.contains("are left out: this system gives no namespaces"),
        "{log}"
    );
    assert!(left_out(&report) > 0, "links and disks");
    assert!(report["eventCount"].as_u64() > Some(0), "processes");
    Ok(())
}
