//! Services, what belongs to them, and what overlaps in time.

use anyhow::{ensure, Result};
use faultline_index::{Changes, Error, ServiceFilter};
use faultline_primitives::{service::Slug, IncidentId, OrganisationId, ServiceId, Span, UnixMillis};
use rand::{seq::IndexedRandom, Rng};

use crate::{
    bare::{filled, incident, registered},
    chain::{FakeChain, Kept, Past, BLOCKS},
    oracle::Truth,
    random::for_seeds,
};

/// A chain that was followed for a while, so that what belonged elsewhere before is among it.
fn followed(seed: u64) -> Result<(Truth, Kept)> {
    let past = Past::of(seed)?;
    let chain = FakeChain::new(&past, BLOCKS / 3);
    let kept = Kept::built(&chain)?;
    while chain.number() < BLOCKS - 100 {
        chain.grow(90);
        kept.finish()?;
    }
    Ok((Truth::at(&past, chain.number()), kept))
}

fn services(kept: &Kept, filter: &ServiceFilter, limit: usize) -> Result<Vec<ServiceId>> {
    kept.index().read(|reading| {
        let (mut ids, mut after) = (Vec::new(), None::<Slug>);
        loop {
            let page = reading.services(filter, after.as_ref(), limit)?;
            ids.extend(page.items.iter().map(|entry| entry.id));
            match page.last {
                None => return Ok(ids),
                last => {
                    ensure!(page.items.len() == limit, "a page is short, and not the last");
                    after = last;
                }
            }
        }
    })
}

#[test]
fn services_are_what_somebody_finds_who_looks_at_each_in_order_of_slug() {
    for_seeds(80..84, |seed, chance| {
        let (truth, kept) = followed(seed)?;
        let all: Vec<_> = truth.all_services().collect();
        for _ in 0..150 {
            let one = all.choose(chance).map(|entry| &entry.record.state);
            let slug = one.map(|service| service.slug.to_string()).unwrap_or_default();
            let parts: Vec<_> = slug.split('/').collect();
            let above = parts[..chance.random_range(1..=parts.len())].join("/");
            let filter = ServiceFilter {
                under: above.as_str().try_into().ok().filter(|_| chance.random_bool(0.5)),
                provider: one
                    .and_then(|service| service.provider)
                    .filter(|_| chance.random_bool(0.3)),
                listed: chance.random_bool(0.3).then(|| chance.random_bool(0.5)),
                retired: chance.random_bool(0.3).then(|| chance.random_bool(0.5)),
            };
            let listed = services(&kept, &filter, chance.random_range(1..20))?;
            let right = truth.services(&filter);
            ensure!(listed == right, "{filter:?}: {listed:?} {right:?}");
        }
        kept.index().read(|reading| {
            for entry in &all {
                let slug = &entry.record.state.slug;
                ensure!(reading.service(entry.id)?.as_ref() == Some(*entry));
                ensure!(reading.by_slug(slug)? == Some(entry.id));
                ensure!(reading.is_anything_under(slug)?);
            }
            let nothing = "no-such-service".try_into().expect("it is short");
            ensure!(reading.by_slug(&nothing)?.is_none() && !reading.is_anything_under(&nothing)?);
            // What others begin with is under none.
            let part = "no".try_into().expect("it is short");
            ensure!(!reading.is_anything_under(&part)?);
            Ok(())
        })
    });
}

#[test]
fn components_and_what_an_organisation_runs_are_as_of_the_block() {
    for_seeds(84..88, |seed, _| {
        let (truth, kept) = followed(seed)?;
        kept.index().read(|reading| {
            for id in (0..41).map(ServiceId) {
                let components = truth
                    .all_services()
                    .filter(|entry| entry.record.state.parent == Some(id));
                let right: Vec<_> = components.map(|entry| entry.id).collect();
                ensure!(reading.components(id)? == right, "components of {id}");
            }
            for id in (0..41).map(OrganisationId) {
                let run = truth
                    .all_services()
                    .filter(|entry| entry.record.state.provider == Some(id));
                let right: Vec<_> = run.map(|entry| entry.id).collect();
                ensure!(reading.run_by(id)? == right, "run by {id}");
                let name = reading.organisation(id)?;
                ensure!(name.is_none_or(|name| name == format!("Organisation {id}")));
            }
            Ok(())
        })
    });
}

#[test]
fn what_overlaps_a_span_is_what_somebody_finds_who_looks_at_every_record() {
    for_seeds(88..92, |seed, chance| {
        let (truth, kept) = followed(seed)?;
        let records = truth.records();
        kept.index().read(|reading| {
            let mut found = 0;
            for _ in 0..300 {
                let Some(record) = records.choose(chance) else {
                    break;
                };
                let (service, own) = (record.state.service, truth.span(&record.state));
                let span = match chance.random_range(0..3) {
                    0 => Span {
                        from: UnixMillis(own.from.0.saturating_sub(chance.random_range(0..100_000_000))),
                        to: UnixMillis(own.to.0 + chance.random_range(0..100_000_000)),
                    },
                    _ => own,
                };
                ensure!(reading.span(&record.state) == own, "span of {}", record.state.id);
                let limit = chance.random_range(1..40);
                let overlapping = reading.overlapping(truth.slug(service), &span, limit)?;
                let ids: Vec<_> = overlapping.iter().map(|record| record.state.id).collect();
                let mut right = truth.overlapping(service, &span);
                right.truncate(limit);
                ensure!(ids == right, "{span:?} of {service}: {ids:?} {right:?}");
                found += ids.len();
            }
            println!("{found} overlaps");
            ensure!(found > 0, "nothing overlaps");
            Ok(())
        })
    });
}

#[test]
fn what_there_is_not_is_none() -> Result<()> {
    let kept = Kept::built(&FakeChain::new(&Past::of(92)?, 100))?;
    kept.index().read(|reading| {
        assert_eq!(reading.incident(IncidentId(u64::MAX))?, None);
        assert_eq!(reading.service(ServiceId(u32::MAX))?, None);
        assert_eq!(reading.organisation(OrganisationId(u32::MAX))?, None);
        Ok::<_, Error>(())
    })?;
    Ok(())
}

#[test]
fn what_overlaps_is_found_however_much_came_after_it() -> Result<()> {
    const MINUTE: u64 = 60_000;
    let folder = tempfile::tempdir()?;
    let (service, opener) = (ServiceId(0), OrganisationId(1));
    let mut changes = Changes {
        services: vec![registered(service, "busy", true)?],
        ..Changes::default()
    };
    // Two in the same minute, then one every ten minutes for three weeks: more than are looked at.
    let began = 1_700_000_000_000;
    let times = [0, 0]
        .into_iter()
        .chain((1..3_000).map(|count| 10 * MINUTE * count));
    for (id, after) in (0..).zip(times) {
        let record = incident(id, service, opener, UnixMillis(began + after))?;
        changes.incidents.push((IncidentId(id), record));
    }
    let index = filled(&folder.path().join("index"), &changes)?;
    let span = Span {
        from: UnixMillis(began),
        to: UnixMillis(began + MINUTE),
    };
    let slug = &changes.services[0].record.state.slug;
    let found = index.read(|reading| reading.overlapping(slug, &span, 10))?;
    let ids: Vec<_> = found.iter().map(|record| record.state.id.0).collect();
    assert_eq!(ids, [1, 0]);
    Ok(())
}
