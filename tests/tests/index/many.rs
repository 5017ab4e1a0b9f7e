//! Lists that agree on next to nothing, and times at the ends of time.

use anyhow::{ensure, Result};
use faultline_index::{Changes, Filter, Scope, ServiceFilter, MAX_STEPS};
use faultline_primitives::{IncidentId, OrganisationId, ServiceId, UnixMillis};

use crate::bare::{filled, incident, registered, text};

/// Enough to tire whoever walks them several times.
const INCIDENTS: u64 = 5 * MAX_STEPS as u64;
/// Incidents on which both lists agree.
const MATCHING: [u64; 4] = [3, 20_001, 20_003, 49_999];

#[test]
fn a_page_on_which_lists_hardly_ever_agree_is_short_and_what_comes_after_it_is_not_lost() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let services = [ServiceId(0), ServiceId(1)];
    let mut changes = Changes {
        services: vec![
            registered(services[0], "a", true)?,
            registered(services[1], "b", true)?,
        ],
        ..Changes::default()
    };
    for id in 0..INCIDENTS {
        // In turn on one service by one, and on the other by the other.
        let (service, opener) = match id % 2 {
            _ if MATCHING.contains(&id) => (0, 1),
            0 => (0, 0),
            _ => (1, 1),
        };
        let at = UnixMillis(1_700_000_000_000 + id * 1_000);
        let record = incident(id, services[service], OrganisationId(opener), at)?;
        changes.incidents.push((IncidentId(id), record));
    }
    let index = filled(&folder.path().join("index"), &changes)?;
    let filter = Filter {
        scopes: vec![Scope::Service(text("a")?), Scope::Opener(OrganisationId(1))],
        ..Filter::default()
    };
    let (mut found, mut after, mut short) = (Vec::new(), None, 0);
    loop {
        let page = index.read(|reading| reading.incidents(&filter, after, 50))?;
        found.extend(page.items.iter().map(|record| record.state.id.0));
        match page.last {
            None => break,
            last => {
                ensure!(page.items.len() < 50, "more was found than there is");
                ensure!(after < last, "the list goes back");
                after = last;
                short += 1;
            }
        }
    }
    found.reverse();
    assert_eq!(found, MATCHING);
    assert!(short >= 2, "nobody was tired: {short}");
    Ok(())
}

#[test]
fn a_page_of_services_of_which_hardly_any_fits_is_short_and_loses_none() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let fitting = [0, 15_000, 24_999];
    let services = (0..25_000).map(|id| {
        // In order of slug as in order of number.
        registered(ServiceId(id), &format!("s{id:05}"), fitting.contains(&id))
    });
    let changes = Changes {
        services: services.collect::<Result<_>>()?,
        ..Changes::default()
    };
    let index = filled(&folder.path().join("index"), &changes)?;
    let filter = ServiceFilter {
        listed: Some(true),
        ..ServiceFilter::default()
    };
    let (mut found, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = index.read(|reading| reading.services(&filter, after.as_ref(), 10))?;
        found.extend(page.items.iter().map(|entry| entry.id.0));
        pages += 1;
        match page.last {
            None => break,
            last => {
                ensure!(after < last, "the list goes back");
                after = last;
            }
        }
    }
    assert_eq!(found, fitting);
    assert!(pages >= 3, "all was looked at for one page");
    Ok(())
}

#[test]
fn at_the_first_and_the_last_moment_a_list_is_what_the_filter_fits() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (service, opener, end) = (ServiceId(0), OrganisationId(1), UnixMillis(u64::MAX));
    let times = [UnixMillis(0), UnixMillis(0), UnixMillis(1), end];
    let mut changes = Changes {
        services: vec![registered(service, "a", true)?],
        ..Changes::default()
    };
    for (id, at) in (0..).zip(times) {
        changes
            .incidents
            .push((IncidentId(id), incident(id, service, opener, at)?));
    }
    let index = filled(&folder.path().join("index"), &changes)?;
    let some = [
        None,
        Some(UnixMillis(0)),
        Some(UnixMillis(1)),
        Some(UnixMillis(2)),
        Some(end),
    ];
    for from in some {
        for until in some {
            let filter = Filter {
                from,
                until,
                ..Filter::default()
            };
            let listed = index.read(|reading| reading.incidents(&filter, None, 10))?.items;
            let listed: Vec<_> = listed.iter().map(|record| record.state.id).collect();
            let fitting = changes.incidents.iter().rev().filter(|(_, record)| {
                let slug = &changes.services[0].record.state.slug;
                filter.fits(&record.state, slug)
            });
            let right: Vec<_> = fitting.map(|(id, _)| *id).collect();
            ensure!(listed == right, "{filter:?}: {listed:?} {right:?}");
        }
    }
    Ok(())
}
