//! Following the log of one incident.

use std::time::Duration;

use anyhow::{Context, Result};
use faultline_rpc::view::{At, EntryChange, EntryView};
use faultline_tests::TestNode;

use crate::{
    chain::{connect, Alone},
    oracle::Model,
    subscriber::{Follower, Manner},
};

/// One more entry of the log, as each organisation says now that it is down and now that it is only worse.
fn say(node: &TestNode, number: usize) -> Result<()> {
    let key = ["dev:alice", "dev:bob", "dev:charlie"][number % 3];
    let claim = ["down", "degraded"][number / 3 % 2];
    let report = [
        "report",
        "openai2",
        "--claim",
        claim,
        "--text",
        "It comes and goes.",
    ];
    node.cli().signing(key).json(&report)?;
    Ok(())
}

fn entries(given: &[At<EntryChange>]) -> Vec<EntryView> {
    given.iter().map(|change| change.data.entry.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_given_whole_and_then_as_it_grows_across_a_kill_of_the_node() -> Result<()> {
    let mut alone = Alone::start(&[])?;
    for number in 0..4 {
        say(&alone.node, number)?;
    }
    let endpoints = vec![alone.node.endpoint()];
    let follow = |from, manner| Follower::<At<EntryChange>>::start(endpoints.clone(), (0, from), manner);
    let whole = follow(Some(0), Manner::Steady).await?;
    let restless = follow(Some(0), Manner::Restless(3)).await?;
    let late = follow(Some(2), Manner::Steady).await?;
    let live = follow(None, Manner::Steady).await?;
    let given = whole.until("the log", |given| given.len() == 4).await?;
    let behind: Vec<_> = given.iter().map(|change| change.data.behind).collect();
    assert_eq!(behind, [3, 2, 1, 0]);
    assert!(live.given().is_empty(), "what was before is not to come");

    say(&alone.node, 4)?;
    live.until("an entry", |given| given.len() == 1).await?;
    alone.node.kill()?;
    alone.node.start_again()?;
    for number in 5..8 {
        say(&alone.node, number)?;
    }

    let client = connect(&alone.node).await?;
    let model = Model::settled(&client).await?;
    let log = &model.incidents.first().context("an incident")?.log;
    assert_eq!(log.len(), 8);
    for (what, follower, from) in [
        ("the whole", &whole, 0),
        ("the restless", &restless, 0),
        ("the late", &late, 2),
        ("the live", &live, 4),
    ] {
        let given = follower
            .until(what, |given| given.len() >= log.len() - from)
            .await?;
        assert_eq!(entries(&given), log[from..], "{what}");
        for change in &given {
            assert!(change.at.number >= change.data.entry.block, "{change:?}");
        }
    }
    // Nothing comes that nobody said.
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(whole.given().len(), log.len());
    assert_eq!(restless.given().len(), log.len());
    Ok(())
}
