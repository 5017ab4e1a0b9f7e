//! Lists, compared with what the records themselves make of the same filters.

use anyhow::Result;
use faultline_primitives::{
    attestation::{Kind, Severity},
    incident::{Status, Timeliness, Verdict},
    OrganisationId,
};
use faultline_rpc::{FaultlineRpcClient, IncidentFilter, ServiceFilter, DEFAULT_PAGE, MAX_PAGE};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    chain::{connect, Filled, PREFIXES, SERVICES},
    oracle::{ensure_same, start, walk, Model},
};

/// A filter of each value of each field alone.
fn single(model: &Model) -> Vec<IncidentFilter> {
    let none = IncidentFilter::default;
    let mut all = vec![none()];
    all.extend(SERVICES.iter().map(|(slug, _)| IncidentFilter {
        service: Some((*slug).into()),
        ..none()
    }));
    all.extend(PREFIXES.iter().map(|slug| IncidentFilter {
        under: Some((*slug).into()),
        ..none()
    }));
    for organisation in (0..6).map(OrganisationId) {
        all.push(IncidentFilter {
            organisation: Some(organisation),
            ..none()
        });
        all.push(IncidentFilter {
            opener: Some(organisation),
            ..none()
        });
    }
    all.extend(Verdict::ALL.iter().map(|verdict| IncidentFilter {
        verdict: vec![*verdict],
        ..none()
    }));
    all.extend(Status::ALL.iter().map(|status| IncidentFilter {
        status: vec![*status],
        ..none()
    }));
    all.extend(Timeliness::ALL.iter().map(|timeliness| IncidentFilter {
        timeliness: vec![*timeliness],
        ..none()
    }));
    all.extend(Kind::ALL.iter().map(|kind| IncidentFilter {
        kind: vec![*kind],
        ..none()
    }));
    all.extend(Severity::ALL.iter().map(|severity| IncidentFilter {
        severity: vec![*severity],
        ..none()
    }));
    for known in model.incidents.iter().step_by(40) {
        all.push(IncidentFilter {
            from: Some(known.start()),
            ..none()
        });
        all.push(IncidentFilter {
            until: Some(known.start()),
            ..none()
        });
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn every_filter_alone_gives_what_the_records_make_of_it() -> Result<()> {
    let filled = Filled::shared().await?;
    let client = connect(&filled.alone.node).await?;
    for filter in single(&filled.model) {
        let expected = filled.model.list(&filter);
        let found = walk(&client, &filter, || MAX_PAGE).await?;
        ensure_same(&format!("{filter:?}"), &found.items, &expected)?;
        // Where a value has nothing there is nothing to tell apart.
        let is_of_enum = [
            filter.verdict.len(),
            filter.status.len(),
            filter.timeliness.len(),
            filter.kind.len(),
            filter.severity.len(),
        ];
        let is_there = !expected.is_empty() && expected.len() < filled.model.incidents.len();
        assert!(
            is_there || is_of_enum.iter().sum::<usize>() == 0,
            "the chain has none of {filter:?}, or nothing else"
        );
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn random_filters_in_pages_of_random_length_give_what_the_records_make_of_them() -> Result<()> {
    let filled = Filled::shared().await?;
    let client = connect(&filled.alone.node).await?;
    let mut random = ChaCha8Rng::seed_from_u64(262);
    let mut pages = ChaCha8Rng::seed_from_u64(263);
    let (mut empty, mut several) = (0, 0);
    for _ in 0..400 {
        let filter = filled.model.filter(&mut random);
        let expected = filled.model.list(&filter);
        let found = walk(&client, &filter, || match pages.random_range(0..3) {
            0 => pages.random_range(1..=3),
            _ => pages.random_range(1..=MAX_PAGE),
        })
        .await?;
        ensure_same(&format!("{filter:?}"), &found.items, &expected)?;
        empty += usize::from(expected.is_empty());
        several += usize::from(expected.len() > 1);
    }
    assert!(
        several > 100 && empty < 300,
        "{several} with several, {empty} with none"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_newest_start_first_and_of_one_start_the_later_opened_first() -> Result<()> {
    let filled = Filled::shared().await?;
    let client = connect(&filled.alone.node).await?;
    let found = walk(&client, &IncidentFilter::default(), || 7).await?.items;
    assert_eq!(found.len(), filled.model.incidents.len());
    let mut ties = 0;
    for pair in found.windows(2) {
        let (one, next) = (start(&pair[0]), start(&pair[1]));
        ties += usize::from(one == next);
        assert!(
            one > next || (one == next && pair[0].id > pair[1].id),
            "{} of {one} before {} of {next}",
            pair[0].id,
            pair[1].id
        );
    }
    assert!(ties > 5, "incidents of one start are told apart: {ties}");

    // Where nobody says how many, 50; and nothing to narrow is the same as an empty filter.
    let page = client.incidents(None, None, None).await?.data;
    assert_eq!(page.items.len(), usize::try_from(DEFAULT_PAGE)?);
    assert_eq!(page.items, found[..page.items.len()]);
    assert!(page.next.is_some());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn services_are_listed_by_the_parts_of_their_slugs_and_narrowed_by_each_field() -> Result<()> {
    let filled = Filled::shared().await?;
    let client = connect(&filled.alone.node).await?;
    let slugs = async |filter: ServiceFilter, limit: u32| -> Result<Vec<String>> {
        let (mut slugs, mut cursor) = (Vec::new(), None);
        loop {
            let page = client.services(Some(filter.clone()), cursor, Some(limit)).await?;
            assert!(page.data.items.len() <= usize::try_from(limit)?);
            slugs.extend(page.data.items.into_iter().map(|service| service.slug));
            cursor = page.data.next;
            if cursor.is_none() {
                return Ok(slugs);
            }
        }
    };
    let mut all: Vec<_> = SERVICES.iter().map(|(slug, _)| (*slug).to_owned()).collect();
    // Part by part: whatever lies under a service follows it.
    all.sort_by(|one, other| one.split('/').cmp(other.split('/')));
    let none = ServiceFilter::default;
    for limit in [1, 4, MAX_PAGE] {
        assert_eq!(slugs(none(), limit).await?, all);
    }
    for prefix in PREFIXES {
        let filter = ServiceFilter {
            under: Some(prefix.into()),
            ..none()
        };
        let expected: Vec<_> = all
            .iter()
            .filter(|slug| *slug == prefix || slug.starts_with(&format!("{prefix}/")))
            .cloned()
            .collect();
        assert_eq!(slugs(filter, 2).await?, expected, "under {prefix}");
    }
    let provider = ServiceFilter {
        provider: Some(OrganisationId(4)),
        ..none()
    };
    let expected: Vec<_> = all
        .iter()
        .filter(|slug| *slug == "openai" || slug.starts_with("openai/"))
        .cloned()
        .collect();
    assert_eq!(slugs(provider, 3).await?, expected);
    for (listed, retired) in [(Some(true), None), (None, Some(false)), (Some(true), Some(false))] {
        let filter = ServiceFilter {
            listed,
            retired,
            ..none()
        };
        assert_eq!(slugs(filter, 5).await?, all, "a genesis lists what it has");
    }
    let retired = ServiceFilter {
        retired: Some(true),
        ..none()
    };
    assert!(slugs(retired, 5).await?.is_empty());
    for slug in &all {
        let service = client.service(slug.clone()).await?.data.service;
        let filter = ServiceFilter {
            under: Some(slug.clone()),
            ..none()
        };
        let listed = client.services(Some(filter), None, Some(1)).await?.data;
        assert_eq!(listed.items, [service]);
    }
    Ok(())
}
