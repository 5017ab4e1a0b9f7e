//! Real faults against real validators: the short run. `scripts/nemesis` makes longer ones.

use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use faultline_tests::binary;
use serde_json::Value;

/// Decides the schedule of the short run: every kind of fault comes in it.
const SEED: &str = "--seed=1";
const EVENTS: &str = "--events=36";

#[test]
fn under_faults_nothing_final_is_lost_doubled_or_forked_and_every_log_replays() -> Result<()> {
    let output = Command::new(binary("faultline-nemesis")?)
        .args([SEED, EVENTS, "--validators=4", "--patience=60", "--json"])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    let said = String::from_utf8(output.stdout)?;
    let report: Value = serde_json::from_str(&said).with_context(|| format!("no report: `{said}`"))?;
    println!("{report:#}");
    assert_eq!(report["violations"], serde_json::json!([]));
    assert!(output.status.success(), "{}", output.status);

    let count = |field: &str| report[field].as_u64().unwrap_or_default();
    let left_out: u64 = report["leftOut"]
        .as_object()
        .into_iter()
        .flat_map(|kinds| kinds.values())
        .filter_map(Value::as_u64)
        .sum();
    assert_eq!(
        count("eventCount") + left_out,
        36,
        "every fault took place, or says why not"
    );
    if report["ground"] == "namespaces" {
        assert_eq!(left_out, 0);
    }
    let told_final = report["submissions"]["final"].as_u64().unwrap_or_default();
    assert!(told_final > 20, "something was recorded meanwhile: {told_final}");
    assert!(count("entryCount") > told_final, "and was replayed");
    Ok(())
}
