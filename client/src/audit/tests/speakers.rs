//! Whether whoever spoke could, and says of its time what was so.

use faultline_primitives::{
    consortium::Act,
    incident::{Action, Actor},
    log::blake2_256,
    organisation,
    rules::Rules,
    service, Entry, GroupId, IncidentId, OrganisationId, ServiceId,
};

use super::{
    found, has,
    world::{actor, at, attested, enacted, key, opened, stricter, text, time, World, CODE, PROVIDER},
    FIRST,
};
use crate::audit::{Kind, Place};

#[tokio::test]
async fn a_log_that_was_rewritten_with_its_record_cannot_be_what_it_says() {
    // The first attestation is put into the mouth of one who was suspended, and everything is sealed anew.
    let mut world = World::new();
    world.incidents[1][1] = attested(actor(5), 40, None);
    world.texts.remove(&(1, 1));
    // In that block either may have come first.
    assert_eq!(found(&world).await, []);
    world.organisations[5].remove(3);
    world.organisations[5].insert(3, at(44, organisation::Action::Reinstated));
    world.organisations[5][4].block = 45;
    world.organisations[5][4].at = time(45);
    world.consortium[3] = enacted(44, Act::Reinstate(OrganisationId(5)));
    world.consortium[4] = enacted(45, Act::SetGroup(OrganisationId(5), GroupId(9)));
    world.consortium[5] = enacted(45, Act::Redact(IncidentId(0), 2));
    world.redacted.insert((0, 2), time(45));
    world.consortium[6] = enacted(45, Act::AuthorizeUpgrade(blake2_256(&[CODE])));
    assert_eq!(found(&world).await, []);
    world.incidents[1][1] = attested(actor(5), 41, None);
    has(
        &found(&world).await,
        Place::Incident(IncidentId(1)),
        Some(1),
        Kind::Speaker,
    );
}

/// A world in which the last entry of incident 1 is another.
fn ending(entry: Entry<Action>) -> World {
    let mut world = World::new();
    world.incidents[1][1] = entry;
    world.texts.remove(&(1, 1));
    world
}

#[tokio::test]
async fn whoever_spoke_could_as_the_entry_says() {
    let second = Place::Incident(IncidentId(1));
    let by = |change: &dyn Fn(&mut Actor), block| {
        let mut by = actor(1);
        change(&mut by);
        ending(attested(by, block, None))
    };
    // Its keys: one until block 60, the other from block 50 on.
    assert_eq!(found(&by(&|_| (), 59)).await, []);
    assert_eq!(found(&by(&|_| (), 60)).await, []);
    has(&found(&by(&|_| (), 61)).await, second, Some(1), Kind::Speaker);
    has(
        &found(&by(&|by| by.key = key(1, 2), 49)).await,
        second,
        Some(1),
        Kind::Speaker,
    );
    assert_eq!(found(&by(&|by| by.key = key(1, 2), 61)).await, []);
    // An admin key does not speak.
    has(
        &found(&by(&|by| by.key = key(1, 0), 55)).await,
        second,
        Some(1),
        Kind::Speaker,
    );
    has(
        &found(&by(&|by| by.key = key(2, 1), 55)).await,
        second,
        Some(1),
        Kind::Speaker,
    );
    has(
        &found(&by(&|by| by.organisation = OrganisationId(77), 55)).await,
        second,
        Some(1),
        Kind::Speaker,
    );
    has(
        &found(&by(&|by| by.group = GroupId(2), 55)).await,
        second,
        Some(1),
        Kind::Statement,
    );
    has(
        &found(&by(&|by| by.affiliated = true, 55)).await,
        second,
        Some(1),
        Kind::Statement,
    );
    // A provider does not attest.
    let mut provider = actor(PROVIDER);
    provider.affiliated = false;
    has(
        &found(&ending(attested(provider, 55, None))).await,
        second,
        Some(1),
        Kind::Speaker,
    );
}

#[tokio::test]
async fn an_opening_states_what_was_so() {
    let second = Place::Incident(IncidentId(1));
    let opened_by = |rules: Rules, block| {
        let mut world = World::new();
        world.incidents[1] = vec![opened(actor(2), 1, block, rules)];
        world.texts.remove(&(1, 1));
        world
    };
    assert_eq!(found(&opened_by(Rules::dev(), 29)).await, []);
    assert_eq!(found(&opened_by(Rules::dev(), 30)).await, []);
    assert_eq!(found(&opened_by(stricter(), 30)).await, []);
    has(
        &found(&opened_by(Rules::dev(), 31)).await,
        second,
        Some(0),
        Kind::Statement,
    );
    has(
        &found(&opened_by(stricter(), 29)).await,
        second,
        Some(0),
        Kind::Statement,
    );

    let mut renamed = World::new();
    renamed.services[1].push(at(
        10,
        service::Action::Described {
            name: text("Otherwise"),
            url: text("https://example.org"),
        },
    ));
    has(&found(&renamed).await, second, Some(0), Kind::Statement);
    let mut retired = World::new();
    retired.services[1].push(at(10, service::Action::Retired));
    retired
        .consortium
        .insert(1, enacted(10, Act::Retire(ServiceId(1))));
    has(&found(&retired).await, second, Some(0), Kind::Statement);
}

#[tokio::test]
async fn a_disputes_arbiters_are_those_without_a_part() {
    let with = |groups: Vec<u32>| {
        let mut world = World::new();
        let Action::Disputed { arbiters, .. } = &mut world.incidents[0][3].action else {
            panic!("no dispute");
        };
        *arbiters = groups
            .into_iter()
            .map(GroupId)
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        world.incidents[0].truncate(4);
        world
    };
    assert_eq!(found(&with(vec![4])).await, []);
    has(&found(&with(vec![])).await, FIRST, Some(3), Kind::Statement);
    has(&found(&with(vec![2, 4])).await, FIRST, Some(3), Kind::Statement);
}
