//! Lists of incidents, compared with what somebody finds who looks at every record.

use std::collections::BTreeMap;

use anyhow::{ensure, Result};
use faultline_index::{Error, FacetFilter, Filter, Position, Reading, Scope};
use faultline_primitives::{
    attestation::{Kind, Severity},
    incident::{Incident, Status, Timeliness, Verdict},
    service::Slug,
    IncidentId, OrganisationId, Record, UnixMillis,
};
use rand::{seq::IndexedRandom, Rng};
use rand_chacha::ChaCha8Rng;

use crate::{
    chain::{FakeChain, Kept, Past, BLOCKS},
    oracle::{start, Truth},
    random::for_seeds,
};

/// All pages of a list, from a position on.
fn walk(reading: &Reading<'_>, filter: &Filter, limit: usize) -> Result<Vec<IncidentId>> {
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let page = reading.incidents(filter, after, limit)?;
        ids.extend(page.items.iter().map(|record| record.state.id));
        match page.last {
            None => {
                ensure!(page.items.len() <= limit, "a page holds more than it may");
                return Ok(ids);
            }
            // So few records tire nobody.
            Some(last) => {
                ensure!(page.items.len() == limit, "a page is short, and not the last");
                ensure!(after < Some(last), "a list goes back");
                after = Some(last);
            }
        }
    }
}

fn some<T: Copy>(chance: &mut ChaCha8Rng, all: &[T]) -> Vec<T> {
    match chance.random_range(0..5) {
        0 => (0..=chance.random_range(0..3))
            .filter_map(|_| all.choose(chance).copied())
            .collect(),
        _ => Vec::new(),
    }
}

/// A filter of anything combined, mostly so that something fits.
fn filter(chance: &mut ChaCha8Rng, truth: &Truth) -> Filter {
    let records = truth.records();
    let one = |chance: &mut ChaCha8Rng| -> Option<Incident> {
        records.choose(chance).map(|record| record.state.clone())
    };
    let mut scopes = Vec::new();
    let first = one(chance);
    for _ in 0..*[0, 0, 1, 1, 1, 2, 3].choose(chance).unwrap_or(&0) {
        // Of one incident, so that they agree somewhere; or of any.
        let Some(of) = first
            .clone()
            .filter(|_| chance.random_bool(0.8))
            .or_else(|| one(chance))
        else {
            continue;
        };
        let slug = truth.slug(of.service).clone();
        scopes.push(match chance.random_range(0..4) {
            0 => Scope::Service(slug),
            1 => Scope::Under(above(&slug)),
            2 => Scope::Opener(of.opener),
            _ => Scope::Organisation(
                of.ledger
                    .all()
                    .choose(chance)
                    .map_or(OrganisationId(3), |spoken| spoken.organisation),
            ),
        });
    }
    let time = |chance: &mut ChaCha8Rng| -> Option<UnixMillis> {
        let start = start(&one(chance)?);
        let time = start
            .0
            .saturating_add(chance.random_range(0..3))
            .saturating_sub(1);
        chance.random_bool(0.2).then_some(UnixMillis(time))
    };
    let (from, until) = (time(chance), time(chance));
    Filter {
        scopes,
        facets: FacetFilter {
            verdict: some(chance, Verdict::ALL),
            status: some(chance, Status::ALL),
            timeliness: some(chance, Timeliness::ALL),
            kind: some(chance, Kind::ALL),
            severity: some(chance, Severity::ALL),
        },
        from,
        until,
    }
}

/// The first part of a slug, which others may begin with too.
fn above(slug: &Slug) -> Slug {
    let text = slug.to_string();
    let first = text.split('/').next().unwrap_or_default();
    first.try_into().expect("a part of a slug is no longer")
}

#[test]
fn a_list_is_what_somebody_finds_who_looks_at_every_record_in_the_same_order() {
    for_seeds(0..6, |seed, chance| {
        let past = Past::of(seed)?;
        let chain = FakeChain::new(&past, chance.random_range(BLOCKS / 4..=BLOCKS));
        let kept = Kept::built(&chain)?;
        let truth = Truth::at(&past, chain.number());
        let mut found = BTreeMap::<bool, u32>::new();
        for _ in 0..200 {
            let filter = filter(chance, &truth);
            let right = truth.matching(&filter);
            let limit = chance.random_range(1..=60);
            let listed = kept.index().read(|reading| walk(reading, &filter, limit))?;
            ensure!(listed == right, "{filter:?}\n{listed:?}\n{right:?}");
            *found.entry(right.is_empty()).or_default() += 1;
            for record in truth.records() {
                let fits = filter.fits(&record.state, truth.slug(record.state.service));
                let is_right = right.contains(&record.state.id) == fits;
                ensure!(is_right, "{filter:?} fits {}: {fits}", record.state.id);
            }
        }
        println!("lists that are empty, or not: {found:?}");
        Ok(())
    });
}

#[test]
fn a_list_goes_on_from_any_position_even_one_that_no_incident_has() -> Result<()> {
    let past = Past::of(2)?;
    let kept = Kept::built(&FakeChain::new(&past, BLOCKS))?;
    let truth = Truth::at(&past, BLOCKS);
    let all = truth.matching(&Filter::default());
    kept.index().read(|reading| {
        for (place, id) in all.iter().enumerate().step_by(37) {
            let state = &past.incident(*id, BLOCKS).expect("it is listed").state;
            let here = Position::of(state);
            let between = Position::new(start(state), IncidentId(id.0 + 1));
            for (position, rest) in [(here, place + 1), (between, place)] {
                // Of one start, the next may be that of the next number.
                let found = reading.incidents(&Filter::default(), Some(position), 10)?.items;
                let ids: Vec<_> = found.iter().map(|record| record.state.id).collect();
                let right: Vec<_> = all[rest..].iter().copied().take(10).collect();
                ensure!(ids == right, "after {position:?}: {ids:?} {right:?}");
            }
        }
        Ok(())
    })
}

#[test]
fn a_position_is_its_bytes_and_names_its_incident() {
    for (start, id) in [
        (0, 0),
        (0, u64::MAX),
        (1_700_000_000_000, 42),
        (u64::MAX, 0),
        (u64::MAX, u64::MAX),
    ] {
        let position = Position::new(UnixMillis(start), IncidentId(id));
        assert_eq!(position.incident(), IncidentId(id));
        assert_eq!(Position::from_bytes(&position.to_bytes()), Some(position));
    }
    assert_eq!(Position::from_bytes(&[0; 15]), None);
}

/// Those that are the same at both blocks.
fn unchanged<'a>(past: &'a Past, records: &[&'a Record<Incident>], later: u32) -> Vec<&'a Record<Incident>> {
    let is_same = |record: &&&Record<Incident>| past.incident(record.state.id, later) == Some(**record);
    records.iter().filter(is_same).copied().collect()
}

#[test]
fn while_new_ones_arrive_none_is_left_out_or_repeated_whose_start_stays() {
    for_seeds(30..40, |seed, chance| {
        let past = Past::of(seed)?;
        let chain = FakeChain::new(&past, chance.random_range(1_000..2_000));
        let kept = Kept::built(&chain)?;
        let before = chain.number();
        let truth = Truth::at(&past, before);
        let filter = filter(chance, &truth);
        let mut seen = BTreeMap::<IncidentId, Vec<Position>>::new();
        let mut after = None;
        loop {
            let limit = chance.random_range(1..20);
            let page = kept.index().read(|reading| {
                let page = reading.incidents(&filter, after, limit)?;
                Ok::<_, Error>(page)
            })?;
            for record in &page.items {
                let positions = seen.entry(record.state.id).or_default();
                positions.push(Position::of(&record.state));
            }
            match page.last {
                None => break,
                last => after = last,
            }
            chain.grow(chance.random_range(0..40));
            kept.finish()?;
        }
        for (id, positions) in &seen {
            ensure!(
                positions.is_sorted_by(|one, next| one < next),
                "{id} is repeated: {positions:?}"
            );
        }
        let records = truth.records();
        let same = unchanged(&past, &records, chain.number());
        for record in &same {
            let id = record.state.id;
            ensure!(
                seen.contains_key(&id) == truth.fits(&filter, &record.state),
                "{id} never changed, and {filter:?} gave {:?}",
                seen.get(&id)
            );
        }
        Ok(())
    });
}
