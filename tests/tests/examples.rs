//! The outages in `examples/`: what becomes of each on a chain of one validator.

use std::path::PathBuf;

use anyhow::Result;
use faultline_tests::TestNode;
use serde_json::Value;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");
const CROWDSTRIKE: &str = "2024-07-19-crowdstrike.json";
const VERIZON: &str = "2024-09-30-verizon-wireless.json";
const INSTAGRAM: &str = "2024-10-08-instagram.json";
const MICROSOFT: &str = "2024-10-10-microsoft-365.json";
const VERIZON_AGAIN: &str = "2024-10-10-verizon-wireless.json";
const OPENAI: &str = "2024-12-11-openai.json";

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
            "all 4 groups say that it ended",
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

/// Replays a file and checks what becomes of each incident.
fn replayed(node: &TestNode, name: &str, becomes: &[Expected]) -> Result<()> {
    let path = PathBuf::from(FOLDER).join(name).display().to_string();
    let replayed = node.cli().json(&["replay", &path])?;
    let incidents = replayed["data"]["incidents"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert_eq!(incidents.len(), becomes.len(), "{name}: {replayed}");
    for (incident, expected) in incidents.iter().zip(becomes) {
        check(name, &incident["data"], expected);
    }
    Ok(())
}

fn chain() -> Result<TestNode> {
    let node = TestNode::dev()?;
    node.wait_for_first_block()?;
    Ok(node)
}

#[test]
fn three_organisations_that_measured_confirm_openais_outage_afterwards_and_so_late() -> Result<()> {
    let node = chain()?;
    let becomes = [
        openai("openai/chatgpt", "2024-12-12T03:01:00Z"),
        openai("openai/api", "2024-12-12T03:38:00Z"),
        openai("openai/sora", "2024-12-12T03:01:00Z"),
    ];
    replayed(&node, OPENAI, &becomes)?;
    let api = &node.cli().json(&["incident", "show", "1"])?["data"];
    assert_eq!(
        (&api["reply"]["cause"], &api["reply"]["claimedEnd"]),
        (&"Process".into(), &"2024-12-12T03:38:00Z".into()),
        "the provider's word stands beside: {api}"
    );
    Ok(())
}

#[test]
fn exact_official_times_that_nobody_measured_do_not_confirm_crowdstrikes() -> Result<()> {
    let why = &[
        SUPPORT_ALONE,
        NO_END,
        "seen was at 2024-07-29T00:00:00Z",
        "claimed, the same by all 3 groups",
    ];
    let becomes = unconfirmed("crowdstrike/falcon-sensor", 3, "2024-07-19T04:09:00Z", why);
    replayed(&chain()?, CROWDSTRIKE, &[becomes])
}

#[test]
fn three_starts_of_instagrams_outage_make_a_median_and_no_end() -> Result<()> {
    let why = &[
        SUPPORT_ALONE,
        NO_END,
        "earliest 2024-10-08T05:22:00Z, latest 2024-10-08T06:00:00Z",
    ];
    let becomes = unconfirmed("meta/instagram", 3, "2024-10-08T05:45:00Z", why);
    replayed(&chain()?, INSTAGRAM, &[becomes])
}

#[test]
fn of_two_starts_of_microsofts_outage_the_earlier_is_the_records() -> Result<()> {
    let why = &[SUPPORT_ALONE, NO_END, "latest 2024-10-10T10:30:00Z"];
    let becomes = unconfirmed("microsoft/microsoft-365", 2, "2024-10-10T04:00:00Z", why);
    replayed(&chain()?, MICROSOFT, &[becomes])
}

#[test]
fn verizons_two_outages_are_two_incidents_of_one_service_and_the_second_has_no_end() -> Result<()> {
    let node = chain()?;
    let why = &[
        SUPPORT_ALONE,
        "2 of 3 groups say that it ended, where more than half must",
        "claimed, the median of 3 groups, 1 of which saw none\"",
    ];
    let first = Expected {
        status: "Recovered",
        end: Some("2024-09-30T23:18:00Z"),
        ..unconfirmed("verizon/wireless", 3, "2024-09-30T13:30:00Z", why)
    };
    replayed(&node, VERIZON, &[first])?;
    let why = &[
        "1 group affirms it, where 2 must; it did not measure, where 1 must",
        "it was never confirmed; 0 of 1 group",
        NO_END,
        "seen was at 2024-10-10T21:30:00Z",
    ];
    let second = unconfirmed("verizon/wireless", 1, "2024-10-10T17:00:00Z", why);
    replayed(&node, VERIZON_AGAIN, &[second])?;
    let service = &node.cli().json(&["service", "show", "verizon/wireless"])?["data"];
    assert_eq!(
        (&service["incidents"], &service["parent"]),
        (&2.into(), &"verizon".into()),
        "{service}"
    );
    Ok(())
}

#[test]
fn every_example_is_replayed_here() -> Result<()> {
    let mut files: Vec<_> = std::fs::read_dir(FOLDER)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    files.retain(|name| name.ends_with(".json"));
    files.sort();
    assert_eq!(
        files,
        [CROWDSTRIKE, VERIZON, INSTAGRAM, MICROSOFT, VERIZON_AGAIN, OPENAI]
    );
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
