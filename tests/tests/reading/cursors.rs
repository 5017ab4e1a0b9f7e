//! Cursors: where a list goes on, whatever has come in the meantime, and what is none.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use faultline_primitives::{incident::Verdict, OrganisationId, UnixMillis};
use faultline_rpc::{view::Utc, Cursor, FaultlineRpcClient, IncidentFilter};
use faultline_tests::{failure, TestNode};
use serde_json::json;

use crate::{
    bare::call,
    chain::{caught_up, connect, Alone, Filled},
    oracle::{counts, start, Model},
    speech::Crowd,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_while_new_incidents_arrive_skips_and_repeats_none_whose_start_stayed() -> Result<()> {
    let alone = Alone::start(&[])?;
    let client = connect(&alone.node).await?;
    let mut crowd = Crowd::at(&alone.node, 7).await?;
    crowd.fill(90).await?;
    let before = Model::settled(&client).await?;

    let load = crowd.keep_speaking();
    let began = Instant::now();
    let (mut items, mut cursor, mut at) = (Vec::new(), None, BTreeSet::new());
    loop {
        let page = client.incidents(None, cursor, Some(4)).await?;
        at.insert(page.at.number);
        items.extend(page.data.items);
        cursor = page.data.next;
        if cursor.is_none() {
            break;
        }
        // So slow that blocks come between the pages, but not without end.
        if began.elapsed() < Duration::from_secs(24) {
            tokio::time::sleep(Duration::from_millis(700)).await;
        }
    }
    let after = load.paused(Model::settled(&client)).await?;

    assert!(at.len() > 5, "blocks came in the meantime: {at:?}");
    assert!(
        after.incidents.len() > before.incidents.len() + 20,
        "incidents too"
    );
    let counts = counts(&items);
    let mut stayed = 0;
    for known in &before.incidents {
        let id = known.view.id;
        let then = after.of(id).context("nothing is ever removed")?;
        if then.start() != known.start() {
            continue;
        }
        // Nor did it go there and back.
        if items
            .iter()
            .any(|item| item.id == id && start(item) != known.start())
        {
            continue;
        }
        stayed += 1;
        assert_eq!(
            counts.get(&id),
            Some(&1),
            "incident {id}, which began at {}",
            known.start()
        );
    }
    assert!(stayed > 40, "{stayed} of {} stayed", before.incidents.len());
    for (id, times) in counts {
        let starts: BTreeSet<_> = items.iter().filter(|item| item.id == id).map(start).collect();
        assert_eq!(times, starts.len(), "incident {id} is given twice with one start");
    }
    Ok(())
}

/// The cursor of the second page of a list.
async fn next(client: &jsonrpsee::ws_client::WsClient, filter: &IncidentFilter) -> Result<Cursor> {
    let page = client.incidents(Some(filter.clone()), None, Some(1)).await?;
    page.data.next.context("there is a second page")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_another_filter_or_list_is_refused() -> Result<()> {
    let filled = Filled::shared().await?;
    let client = connect(&filled.alone.node).await?;
    let none = IncidentFilter::default;
    let all = [
        none(),
        IncidentFilter {
            under: Some("openai".into()),
            ..none()
        },
        IncidentFilter {
            service: Some("openai".into()),
            ..none()
        },
        IncidentFilter {
            verdict: vec![Verdict::Confirmed],
            ..none()
        },
        IncidentFilter {
            verdict: vec![Verdict::Confirmed, Verdict::Unconfirmed],
            ..none()
        },
        IncidentFilter {
            organisation: Some(OrganisationId(0)),
            ..none()
        },
        IncidentFilter {
            opener: Some(OrganisationId(0)),
            ..none()
        },
        IncidentFilter {
            from: Some(Utc(UnixMillis(1))),
            ..none()
        },
        IncidentFilter {
            from: Some(Utc(UnixMillis(2))),
            ..none()
        },
    ];
    for of in &all {
        let cursor = next(&client, of).await?;
        for with in &all {
            let answer = client
                .incidents(Some(with.clone()), Some(cursor.clone()), None)
                .await;
            match of == with {
                true => drop(answer?),
                false => {
                    let refused = failure(answer)?;
                    assert_eq!(refused.code(), 7004, "of {of:?} with {with:?}: {refused:?}");
                }
            }
        }
    }

    // What says the same is the same filter.
    let twice = IncidentFilter {
        verdict: vec![Verdict::Unconfirmed, Verdict::Confirmed],
        ..none()
    };
    let cursor = next(&client, &all[4]).await?;
    client.incidents(Some(twice), Some(cursor), None).await?;
    let cursor = next(&client, &none()).await?;
    client.incidents(None, Some(cursor.clone()), None).await?;

    let services = client.services(None, None, Some(1)).await?.data.next;
    let services = services.context("there is a second page")?;
    for refused in [
        failure(client.incidents(None, Some(services.clone()), None).await)?,
        failure(client.services(None, Some(cursor.clone()), None).await)?,
        failure(client.subscribe_incidents(None, Some(cursor)).await)?,
        failure(client.subscribe_incidents(None, Some(services)).await)?,
    ] {
        assert_eq!(refused.code(), 7004, "{refused:?}");
    }
    Ok(())
}

/// All that can be made of a cursor by changing little.
fn spoilt(cursor: &str) -> Vec<String> {
    let mut all: Vec<String> = (0..cursor.len()).map(|end| cursor[..end].to_owned()).collect();
    for place in 0..cursor.len() {
        for bit in 0..7 {
            let mut bytes = cursor.as_bytes().to_vec();
            bytes[place] ^= 1 << bit;
            all.extend(String::from_utf8(bytes));
        }
    }
    all.extend([
        format!("{cursor}0"),
        format!("{cursor}00"),
        format!("{cursor}="),
        format!(" {cursor}"),
        format!("{cursor}{cursor}"),
        cursor.chars().rev().collect(),
        "🜁".into(),
        "\0".into(),
        "-1".into(),
        "null".into(),
        "a".repeat(1_000_000),
        "0".repeat(1_000_001),
    ]);
    all.retain(|spoilt| spoilt != cursor);
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_was_cut_flipped_or_made_up_is_refused_in_few_words() -> Result<()> {
    let filled = Filled::shared().await?;
    let client = connect(&filled.alone.node).await?;
    let filter = IncidentFilter {
        under: Some("openai".into()),
        ..IncidentFilter::default()
    };
    let incidents = next(&client, &filter).await?;
    let services = client.services(None, None, Some(1)).await?.data.next;
    let services = services.context("there is a second page")?;
    println!("cursors such as {incidents} and {services}");
    for spoilt in spoilt(&incidents.0) {
        let refused = failure(
            client
                .incidents(Some(filter.clone()), Some(Cursor(spoilt.clone())), None)
                .await,
        );
        let shown: String = spoilt.chars().take(100).collect();
        let refused = refused.with_context(|| format!("cursor {shown}"))?;
        assert_eq!(refused.code(), 7004, "cursor {shown}: {refused:?}");
        assert!(refused.to_string().len() < 500, "{refused:?}");
    }
    for spoilt in spoilt(&services.0) {
        let refused = failure(client.services(None, Some(Cursor(spoilt.clone())), None).await);
        let shown: String = spoilt.chars().take(100).collect();
        let refused = refused.with_context(|| format!("cursor {shown}"))?;
        assert_eq!(refused.code(), 7004, "cursor {shown}: {refused:?}");
    }
    for wrong in [json!(1), json!({}), json!([]), json!(true)] {
        let answer = call(
            &filled.alone.node,
            "faultline_incidents",
            &json!([null, wrong, null]),
        )?;
        assert_eq!(answer["error"]["code"], -32602, "{answer}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_another_chain_is_refused() -> Result<()> {
    let filled = Filled::shared().await?;
    let other = TestNode::dev()?;
    other.wait_for_first_block()?;
    for service in ["openai/api", "openai/sora"] {
        other
            .cli()
            .signing("dev:alice")
            .json(&["report", service, "--claim", "down"])?;
    }
    let (here, there) = (connect(&filled.alone.node).await?, connect(&other).await?);
    caught_up(&there).await?;
    let filter = IncidentFilter::default();
    let (ours, theirs) = (next(&here, &filter).await?, next(&there, &filter).await?);
    for (client, own, foreign) in [(&here, &ours, &theirs), (&there, &theirs, &ours)] {
        client.incidents(None, Some(own.clone()), None).await?;
        let refused = failure(client.incidents(None, Some(foreign.clone()), None).await)?;
        assert_eq!(refused.code(), 7004, "{refused:?}");
    }
    let (ours, theirs) = (
        here.services(None, None, Some(1)).await?.data.next,
        there.services(None, None, Some(1)).await?.data.next,
    );
    for (client, foreign) in [(&here, theirs), (&there, ours)] {
        let refused = failure(client.services(None, foreign, None).await)?;
        assert_eq!(refused.code(), 7004, "{refused:?}");
    }
    Ok(())
}
