//! Following incidents by filter: nothing left out, nothing twice, in order, across any number of connections.

use std::time::Duration;

use anyhow::{Context, Result};
use faultline_primitives::{
    attestation::Severity,
    incident::{Status, Verdict},
    OrganisationId,
};
use faultline_rpc::{
    view::{At, IncidentChange},
    FaultlineRpcClient, IncidentFilter,
};
use faultline_tests::{failure, TestNode};

use crate::{
    chain::{caught_up, connect, Alone},
    oracle::Model,
    speech::Crowd,
    subscriber::{check, follow_incidents, latest, Manner},
};

/// Filters such as somebody follows by, some of which an incident ceases to fit.
pub fn filters() -> Vec<IncidentFilter> {
    let none = IncidentFilter::default;
    vec![
        none(),
        IncidentFilter {
            under: Some("openai".into()),
            ..none()
        },
        IncidentFilter {
            service: Some("z/z".into()),
            ..none()
        },
        IncidentFilter {
            organisation: Some(OrganisationId(1)),
            ..none()
        },
        IncidentFilter {
            opener: Some(OrganisationId(2)),
            status: vec![Status::Recovered],
            ..none()
        },
        IncidentFilter {
            verdict: vec![Verdict::Unconfirmed],
            ..none()
        },
        IncidentFilter {
            verdict: vec![Verdict::Confirmed, Verdict::Contested],
            severity: vec![Severity::Critical],
            ..none()
        },
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_given_in_order_and_once_across_reconnects_while_many_report() -> Result<()> {
    let alone = Alone::start(&[])?;
    let client = connect(&alone.node).await?;
    let mut crowd = Crowd::at(&alone.node, 11).await?;
    crowd.fill(40).await?;
    let before = Model::settled(&client).await?;

    let mut following = Vec::new();
    for (filter, seed) in filters().into_iter().zip(1..) {
        for manner in [Manner::Steady, Manner::Restless(seed)] {
            let endpoints = vec![alone.node.endpoint()];
            let follower = follow_incidents(endpoints, &filter, manner).await?;
            following.push((filter.clone(), manner, follower));
        }
    }
    let load = crowd.keep_speaking();
    tokio::time::sleep(Duration::from_secs(20)).await;
    let pause = load.pause().await;
    let after = Model::settled(&client).await?;
    for (filter, manner, follower) in &following {
        let given = check(follower, filter, &before, &after)
            .await
            .with_context(|| format!("{manner:?}"))?;
        println!("{manner:?} {filter:?}: {given}");
        assert!(given > 0, "{filter:?} took nothing at all");
    }

    // From an early cursor all comes again that came after it, each incident as it is now; from the last one, nothing.
    let (all, _, follower) = &following[0];
    let given = follower.given();
    let (first, last) = (
        given.first().context("changes")?,
        given.last().context("changes")?,
    );
    let from = Some(first.data.cursor.clone());
    let mut again = client.subscribe_incidents(Some(all.clone()), from).await?;
    let expected = latest(&given[1..]);
    let mut repeated = Vec::new();
    while repeated.len() < expected.len() {
        let next = tokio::time::timeout(Duration::from_secs(20), again.next()).await;
        repeated.push(next?.context("it goes on")??);
    }
    assert_eq!(latest(&repeated), expected);
    let behind: Vec<_> = repeated.iter().map(|change| change.data.behind).collect();
    assert!(
        behind.is_sorted_by(|one, next| one >= next),
        "it catches up: {behind:?}"
    );
    let from = Some(last.data.cursor.clone());
    let mut later = client.subscribe_incidents(Some(all.clone()), from).await?;
    for (what, subscription) in [("the last", &mut later), ("the first", &mut again)] {
        let next = tokio::time::timeout(Duration::from_secs(4), subscription.next()).await;
        assert!(next.is_err(), "after {what} came {next:?}");
    }
    drop(pause);
    let next: At<IncidentChange> = tokio::time::timeout(Duration::from_secs(20), later.next())
        .await?
        .context("it goes on")??;
    assert!(next.at.number > last.at.number);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_that_cannot_be_meant_is_an_error_and_no_silence() -> Result<()> {
    let (node, other) = (TestNode::dev()?, Alone::start(&[])?);
    node.wait_for_first_block()?;
    for (node, service) in [(&node, "openai"), (&other.node, "z")] {
        let reporter = node.cli().signing("dev:alice");
        reporter.json(&["report", service, "--claim", "down"])?;
    }
    let (client, there) = (connect(&node).await?, connect(&other.node).await?);
    caught_up(&client).await?;
    caught_up(&there).await?;

    // A cursor of another chain, or of another filter.
    let mut theirs = there.subscribe_incidents(None, None).await?;
    other
        .node
        .cli()
        .signing("dev:bob")
        .json(&["report", "z", "--claim", "down"])?;
    let change = tokio::time::timeout(Duration::from_secs(30), theirs.next())
        .await?
        .context("it goes on")??;
    assert_eq!(change.data.incident.entries, 2, "{change:?}");
    let cursor = change.data.cursor;
    let foreign = client.subscribe_incidents(None, Some(cursor.clone())).await;
    let narrower = IncidentFilter {
        verdict: vec![Verdict::Confirmed],
        ..IncidentFilter::default()
    };
    let changed = there
        .subscribe_incidents(Some(narrower), Some(cursor.clone()))
        .await;
    let listed = there.incidents(None, Some(cursor.clone()), None).await;
    let mut cut = cursor.0.clone();
    cut.pop();
    let cut = there
        .subscribe_incidents(None, Some(faultline_rpc::Cursor(cut)))
        .await;
    for refused in [
        failure(foreign)?,
        failure(changed)?,
        failure(cut)?,
        failure(listed)?,
    ] {
        assert_eq!(refused.code(), 7004, "{refused:?}");
    }

    let unknown = IncidentFilter {
        under: Some("nothing".into()),
        ..IncidentFilter::default()
    };
    let unknown = failure(client.subscribe_incidents(Some(unknown), None).await)?;
    assert_eq!(unknown.code(), 7001, "{unknown:?}");
    let nobody = failure(client.subscribe_entries(99, None).await)?;
    assert_eq!(nobody.code(), 7001, "{nobody:?}");
    Ok(())
}
