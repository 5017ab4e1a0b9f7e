//! The outages in `examples/`: what becomes of each on a chain of one validator.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context, Result};
use faultline_tests::TestNode;
use serde_json::Value;

/// What becomes of an incident.
struct Expected {
    service: &'static str,
    verdict: &'static str,
    timeliness: Option<&'static str>,
    status: &'static str,
    affirming: u64,
    start: &'static str,
    end: Option<&'static str>,
    /// Words that the reasons hold.
    why: &'static [&'static str],
}

const SUPPORT_ALONE: &str = "and do not confirm it";
const NO_END: &str = "nobody who counts saw it end";

fn openai(service: &'static str, end: &'static str) -> Expected {
    Expected {
        service,
        verdict: "Confirmed",
        timeliness: Some("Late"),
        status: "Recovered",
        affirming: 4,
        start: "2024-12-11T23:16:00Z",
        end: Some(end),
        why: &[
            "4 groups affirm it, where 2 must; 3 of them measured, where 1 must",
            "OpenAI (stand-in) is heard and does not count",
            "when too few had first spoken within 1h",
            "4 of 4 groups say that it ended",
        ],
    }
}

fn unconfirmed(
    service: &'static str,
    affirming: u64,
    start: &'static str,
    why: &'static [&'static str],
) -> Expected {
    Expected {
        service,
        verdict: "Unconfirmed",
        timeliness: None,
        status: "Ongoing",
        affirming,
        start,
        end: None,
        why,
    }
}

/// By file.
fn expected() -> BTreeMap<&'static str, Vec<Expected>> {
    BTreeMap::from([
        (
            "2024-07-19-crowdstrike.json",
            vec![unconfirmed(
                "crowdstrike/falcon-sensor",
                3,
                "2024-07-19T04:09:00Z",
                &[SUPPORT_ALONE, NO_END, "seen was at 2024-07-29T00:00:00Z"],
            )],
        ),
        (
            "2024-09-30-verizon-wireless.json",
            vec![Expected {
                status: "Recovered",
                end: Some("2024-09-30T23:18:00Z"),
                ..unconfirmed(
                    "verizon/wireless",
                    3,
                    "2024-09-30T13:30:00Z",
                    &[
                        SUPPORT_ALONE,
                        "2 of 3 groups say that it ended",
                        "1 of which saw none",
                    ],
                )
            }],
        ),
        (
            "2024-10-08-instagram.json",
            vec![unconfirmed(
                "meta/instagram",
                3,
                "2024-10-08T05:45:00Z",
                &[
                    SUPPORT_ALONE,
                    NO_END,
                    "earliest 2024-10-08T05:22:00Z, latest 2024-10-08T06:00:00Z",
                ],
            )],
        ),
        (
            "2024-10-10-microsoft-365.json",
            vec![unconfirmed(
                "microsoft/microsoft-365",
                2,
                "2024-10-10T04:00:00Z",
                &[SUPPORT_ALONE, NO_END, "latest 2024-10-10T10:30:00Z"],
            )],
        ),
        (
            "2024-10-10-verizon-wireless.json",
            vec![unconfirmed(
                "verizon/wireless",
                1,
                "2024-10-10T17:00:00Z",
                &[
                    "1 group affirms it, where 2 must; it did not measure, where 1 must",
                    NO_END,
                    "seen was at 2024-10-10T21:30:00Z",
                    "neither, as it was never confirmed; 0 of 1 group",
                ],
            )],
        ),
        (
            "2024-12-11-openai.json",
            vec![
                openai("openai/chatgpt", "2024-12-12T03:01:00Z"),
                openai("openai/api", "2024-12-12T03:38:00Z"),
                openai("openai/sora", "2024-12-12T03:01:00Z"),
            ],
        ),
    ])
}

#[test]
fn every_example_becomes_what_its_sources_bear_out() -> Result<()> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples"));
    let mut expected = expected();
    let node = TestNode::dev()?;
    node.wait_for_first_block()?;
    let mut files: Vec<_> = std::fs::read_dir(&folder)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    files.retain(|name| name.ends_with(".json"));
    files.sort();
    for name in files {
        let becomes = expected
            .remove(name.as_str())
            .with_context(|| format!("{name} is new: say here what becomes of it"))?;
        let path = folder.join(&name).display().to_string();
        let replayed = node.cli().json(&["replay", &path])?;
        let incidents = replayed["data"]["incidents"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        assert_eq!(incidents.len(), becomes.len(), "{name}: {replayed}");
        for (incident, expected) in incidents.iter().zip(becomes) {
            check(&name, &incident["data"], &expected);
        }
    }
    assert!(expected.is_empty(), "gone: {:?}", expected.keys());
    Ok(())
}

fn check(name: &str, incident: &Value, expected: &Expected) {
    let found = (
        incident["slug"].as_str(),
        incident["verdict"].as_str(),
        incident["timeliness"].as_str(),
        incident["status"].as_str(),
        incident["affirming"].as_u64(),
        incident["startedAt"]["median"].as_str(),
        incident["endedAt"]["median"].as_str(),
    );
    let wanted = (
        Some(expected.service),
        Some(expected.verdict),
        expected.timeliness,
        Some(expected.status),
        Some(expected.affirming),
        Some(expected.start),
        expected.end,
    );
    assert_eq!(found, wanted, "{name}: {incident}");
    let why = incident["why"].to_string();
    for words in expected.why {
        assert!(why.contains(words), "{name}: `{words}` is not in {why}");
    }
}
