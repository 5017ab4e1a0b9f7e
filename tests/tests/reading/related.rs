//! The event that an incident is part of.

use std::collections::BTreeMap;

use anyhow::Result;
use faultline_rpc::{view::Relation, FaultlineRpcClient};

use faultline_tests::failure;

use crate::{
    chain::{connect, Filled, SERVICES},
    oracle::start,
};

/// In what the service of one incident is related to that of another, by their slugs.
fn relations(of: &str, to: &str) -> Vec<Relation> {
    let parent = |slug: &str| {
        let found = SERVICES.iter().find(|(name, _)| *name == slug);
        found.and_then(|(_, parent)| *parent)
    };
    let is_openai = |slug: &str| slug == "openai" || slug.starts_with("openai/");
    let mut relations = Vec::new();
    if of == to {
        relations.push(Relation::SameService);
    }
    if parent(to) == Some(of) {
        relations.push(Relation::Parent);
    }
    if parent(of) == Some(to) {
        relations.push(Relation::Component);
    }
    if of != to && parent(of).is_some() && parent(of) == parent(to) {
        relations.push(Relation::Sibling);
    }
    if is_openai(of) && is_openai(to) {
        relations.push(Relation::SameProvider);
    }
    relations
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_related_to_an_incident_is_of_a_related_service_and_of_the_same_time() -> Result<()> {
    let filled = Filled::shared().await?;
    let client = connect(&filled.alone.node).await?;
    let mut all = BTreeMap::new();
    for known in &filled.model.incidents {
        let items = client.related(known.view.id.0).await?.data.items;
        for item in &items {
            let of = &item.incident;
            assert_ne!(of.id, known.view.id, "an incident is not related to itself");
            assert_eq!(Some(of), filled.model.of(of.id).map(|known| &known.view));
            let expected = relations(&of.slug, &known.view.slug);
            for relation in &expected {
                assert!(
                    item.relations.contains(relation)
                        // Of one service it goes without saying that its provider is the same.
                        || (*relation == Relation::SameProvider && of.slug == known.view.slug),
                    "{} is {expected:?} to {}, not {:?}",
                    of.slug,
                    known.view.slug,
                    item.relations
                );
            }
            assert!(!item.relations.is_empty());
            assert!(item.relations.iter().all(|relation| expected.contains(relation)));
        }
        for pair in items.windows(2) {
            let place =
                |item: &faultline_rpc::view::RelatedIncident| (start(&item.incident), item.incident.id);
            assert!(place(&pair[0]) > place(&pair[1]), "newest start first");
        }
        let ids: Vec<_> = items.iter().map(|item| item.incident.id).collect();
        all.insert(known.view.id, ids);
    }

    let (mut pairs, mut of_one_start) = (0, 0);
    for (id, related) in &all {
        for other in related {
            pairs += 1;
            assert!(
                all[other].contains(id),
                "{other} overlaps {id}, so {id} overlaps {other}"
            );
        }
    }
    for one in &filled.model.incidents {
        for other in &filled.model.incidents {
            let is_at_once = one.view.started_at.is_some() && one.start() == other.start();
            let are_related = !relations(&one.view.slug, &other.view.slug).is_empty();
            if one.view.id != other.view.id && other.view.started_at.is_some() && is_at_once && are_related {
                of_one_start += 1;
                assert!(
                    all[&one.view.id].contains(&other.view.id),
                    "what begins at once overlaps"
                );
            }
        }
    }
    assert!(
        pairs > 10 && of_one_start > 0,
        "{pairs} pairs, {of_one_start} of one start"
    );

    let nobody = failure(client.related(1_000_000).await)?;
    assert_eq!(nobody.code(), 7001, "{nobody:?}");
    Ok(())
}
