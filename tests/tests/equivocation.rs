//! A validator that votes twice.

use std::time::Duration;

use anyhow::Result;
use faultline_tests::{wait_for, Spec, TestNetwork, TestNode, Validator};
use serde_json::json;

/// Two machines run with the keys of one validator, as after a move that left the old machine on: both make blocks in
/// the same slots, and each votes for its own.
#[test]
fn a_validator_that_runs_twice_votes_twice_and_the_council_is_asked_to_remove_it() -> Result<()> {
    let folder = tempfile::TempDir::new()?;
    let spec = Spec::local()?.sessions_of(6)?.write(folder.path())?;
    let chain = spec.display().to_string();
    let network = TestNetwork::of(&chain)?;
    let first = &network.nodes[0];
    let _twin = TestNode::validator_of(&chain, Validator::Dave, Some(&first.address()?))?;

    let found_out = wait_for("a vote cast twice", Duration::from_secs(180), || {
        let acts = first.cli().json(&["council", "acts"])?;
        let mut entries = acts["data"].as_array().cloned().unwrap_or_default().into_iter();
        Ok(entries.find(|entry| entry["what"] == "Equivocated"))
    })?;
    assert_eq!(found_out["validator"], 3, "{found_out}");

    let council = first.cli().json(&["council", "list"])?["data"].clone();
    let motion = &council["motions"][0];
    assert_eq!(
        motion["act"],
        json!({ "act": "RemoveValidator", "organisation": 3 })
    );
    assert_eq!(motion["ayes"], json!([]), "nobody has voted yet: {motion}");
    let of_dave = first.cli().validator(3)?;
    assert_eq!(of_dave["accused"], true, "{of_dave}");
    assert_eq!(of_dave["disabled"], true, "{of_dave}");

    // The council removes it, while both machines go on.
    let number = motion["number"].to_string();
    for seat in ["dev:alice-admin", "dev:bob-admin"] {
        let vote = ["council", "vote", number.as_str(), "aye"];
        first.cli().signing(seat).json(&vote)?;
    }
    let closed = first
        .cli()
        .signing("dev:alice-admin")
        .json(&["council", "close", &number])?;
    assert_eq!(closed["data"]["carried"], true, "{closed}");
    wait_for("the validator's leaving", Duration::from_secs(90), || {
        let of_dave = first.cli().validator(3)?;
        Ok((of_dave["active"] == false && of_dave["accused"] == false).then_some(()))
    })?;

    // Three go on as before, and no two nodes ever had another history.
    let now = network.finalized(0)?;
    wait_for("finality without it", Duration::from_secs(60), || {
        Ok((network.finalized(1)? > now + 3).then_some(()))
    })?;
    network.assert_one_history()
}
