//! A network that loses a validator.

use std::time::Duration;

use anyhow::Result;
use faultline_tests::{wait_for, TestNetwork};

#[test]
fn three_of_four_go_on_recording_and_the_fourth_catches_up_to_the_same_record() -> Result<()> {
    let mut network = TestNetwork::start()?;
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/2024-12-11-openai.json");
    let replayed = network.nodes[0].cli().run(&["replay", example])?;
    assert_eq!(replayed.code, 0, "{replayed:?}");

    for (id, slug, end) in [
        ("0", "openai/chatgpt", "2024-12-12T03:01:00Z"),
        ("1", "openai/api", "2024-12-12T03:38:00Z"),
        ("2", "openai/sora", "2024-12-12T03:01:00Z"),
    ] {
        let incident = network.nodes[1].cli().json(&["incident", "show", id])?["data"].clone();
        assert_eq!(incident["slug"], slug, "{incident}");
        assert_eq!(incident["verdict"], "Confirmed", "{incident}");
        assert_eq!(incident["timeliness"], "Late", "{incident}");
        assert_eq!(
            incident["startedAt"]["median"], "2024-12-11T23:16:00Z",
            "{incident}"
        );
        assert_eq!(incident["endedAt"]["median"], end, "{incident}");
        let uncounted = incident["voices"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|v| v["counts"] == false);
        assert_eq!(
            uncounted.count(),
            1,
            "the provider alone does not count: {incident}"
        );
    }

    network.nodes[3].kill()?;
    for key in ["dev:alice", "dev:bob", "dev:charlie"] {
        let outcome =
            network.nodes[2]
                .cli()
                .signing(key)
                .json(&["report", "openai/api", "--claim", "down"])?;
        assert_eq!(outcome["data"]["incident"], 3, "{outcome}");
    }

    network.nodes[3].start_again()?;
    network.wait_until_caught_up(3, 0)?;
    for id in ["0", "1", "2", "3"] {
        let show = ["incident", "show", id, "--entries"];
        wait_for("the same record", Duration::from_secs(10), || {
            let of_first = network.nodes[0].cli().json(&show)?;
            let of_fourth = network.nodes[3].cli().json(&show)?;
            Ok((of_first["data"] == of_fourth["data"]).then_some(()))
        })?;
    }
    Ok(())
}
