//! Each kind of corruption is planted in a made-up chain or in what a node says of it, and found.

mod made;
mod nodes;
mod resume;
mod speakers;
mod world;

use codec::Encode;
use faultline_forge::State;
use faultline_primitives::{
    incident::{Action, Incident},
    log::{chain as chained, empty, What},
    organisation,
    rules::Rules,
    GroupId, Hash, IncidentId, OrganisationId, Record, Roll, ServiceId,
};
use faultline_proof::{keys, Anchor};

use super::{audit, Asked, Audited, Compare, Finding, Kind, Note, Options, Place};
use made::{anchor, chain, Made};
use world::{actor, at, attested, key, text, time, World};

fn options() -> Options {
    Options {
        anchor: anchor(),
        at: None,
        progress: None,
        compare: Compare::All,
    }
}

fn asked(nodes: Vec<Made>) -> Vec<Asked<Made>> {
    let named = |(place, source)| Asked {
        name: format!("node {place}"),
        source,
    };
    nodes.into_iter().enumerate().map(named).collect()
}

async fn audited(nodes: Vec<Made>) -> Audited {
    audit(&asked(nodes), &options(), |_| ()).await.unwrap()
}

/// What is found of a chain of this state.
async fn found_in(world: &World, state: State) -> Vec<Finding> {
    let audited = audited(vec![Made::of(state).answering(world)]).await;
    audited.report.findings
}

async fn found(world: &World) -> Vec<Finding> {
    found_in(world, world.state()).await
}

fn has(findings: &[Finding], of: Place, entry: Option<u32>, kind: Kind) {
    let is_it = |finding: &Finding| finding.of == of && finding.entry == entry && finding.kind == kind;
    assert!(
        findings.iter().any(is_it),
        "{of}, entry {entry:?}, {kind:?}: {findings:#?}"
    );
}

fn noted(audited: &Audited, node: &str, words: &str) {
    let is_it = |note: &Note| note.node == node && note.what.contains(words);
    assert!(
        audited.notes.iter().any(is_it),
        "{node}, {words}: {:#?}",
        audited.notes
    );
}

#[tokio::test]
async fn a_chain_that_holds_is_found_to_hold() {
    let world = World::new().with(150);
    let node = Made::of(world.state()).answering(&world);
    let audited = audited(vec![node.clone(), node]).await;
    assert_eq!(audited.report.findings, []);
    assert_eq!(audited.notes, []);
    assert_eq!(audited.remarks, []);
    assert!(audited.holds());
    let report = &audited.report;
    assert_eq!(
        (report.organisations, report.services, report.incidents.incidents),
        (6, 2, 152)
    );
    assert_eq!(
        (
            report.incidents.entries,
            report.incidents.texts,
            report.incidents.redacted
        ),
        (307, 2, 1)
    );
    assert_eq!(report.changes.len(), 1);
    assert_eq!(report.suspensions.len(), 2);
    assert_eq!(report.redactions.len(), 1);
    assert_eq!(report.keeping.spec_version, Some(2));
    assert_eq!(report.keeping.runtime.as_deref(), Some("faultline"));
}

const FIRST: Place = Place::Incident(IncidentId(0));

/// Puts a value in the place of another, which must be there.
fn put(state: &mut State, key: Vec<u8>, value: &impl Encode) {
    assert!(state.0.insert(key, value.encode()).is_some());
}

#[tokio::test]
async fn an_entry_that_is_changed_left_out_put_in_or_moved_is_found() {
    let world = World::new();
    let entry = |number| keys::incident_entry(IncidentId(0), number);

    let mut changed = world.state();
    put(&mut changed, entry(1), &attested(actor(2), 21, None));
    has(&found_in(&world, changed).await, FIRST, None, Kind::Head);

    let mut left_out = world.state();
    left_out.0.remove(&entry(4));
    has(
        &found_in(&world, left_out).await,
        FIRST,
        Some(4),
        Kind::EntryMissing,
    );

    let mut put_in = world.state();
    put_in.put(entry(5), &attested(actor(2), 25, None));
    has(&found_in(&world, put_in).await, FIRST, Some(5), Kind::Stray);

    let mut moved = world.state();
    let (third, fourth) = (moved.0[&entry(3)].clone(), moved.0[&entry(4)].clone());
    moved.0.insert(entry(3), fourth);
    moved.0.insert(entry(4), third);
    has(&found_in(&world, moved).await, FIRST, None, Kind::Head);

    let mut damaged = world.state();
    damaged.0.get_mut(&entry(2)).unwrap().push(0);
    has(
        &found_in(&world, damaged).await,
        FIRST,
        Some(2),
        Kind::EntryMissing,
    );
}

#[tokio::test]
async fn a_record_that_its_log_does_not_make_is_found() {
    let world = World::new();
    let honest: Record<Incident> = Record::replay(IncidentId(0), &world.incidents[0])
        .unwrap()
        .unwrap();
    let with = |change: &dyn Fn(&mut Record<Incident>)| {
        let (mut state, mut record) = (world.state(), honest.clone());
        change(&mut record);
        put(&mut state, keys::incident(IncidentId(0)), &record);
        state
    };
    let other = with(&|record| record.state.peak = 9);
    has(&found_in(&world, other).await, FIRST, None, Kind::OtherRecord);
    let fewer = with(&|record| record.entries = 4);
    has(&found_in(&world, fewer).await, FIRST, Some(4), Kind::Stray);
    let more = with(&|record| record.entries = 6);
    has(&found_in(&world, more).await, FIRST, Some(5), Kind::EntryMissing);
    let head = with(&|record| record.head = Hash([7; 32]));
    has(&found_in(&world, head).await, FIRST, None, Kind::Head);

    let mut gone = world.state();
    gone.0.remove(&keys::incident(IncidentId(0)));
    has(&found_in(&world, gone).await, FIRST, None, Kind::Record);
    let mut damaged = world.state();
    damaged.0.get_mut(&keys::incident(IncidentId(0))).unwrap().pop();
    has(&found_in(&world, damaged).await, FIRST, None, Kind::Record);
}

#[tokio::test]
async fn a_roll_that_leaves_somebody_out_is_found() {
    let world = World::new();
    for (key, of) in [
        (keys::all_organisations(), Place::Chain),
        (keys::all_services(), Place::Chain),
        (keys::all_incidents(), Place::Chain),
        (keys::roll_of_service(ServiceId(0)), Place::Service(ServiceId(0))),
    ] {
        let mut state = world.state();
        let last = state.0.get_mut(&key).unwrap().last_mut().unwrap();
        *last = !*last;
        has(&found_in(&world, state).await, of, None, Kind::Roll);
    }
    let mut fewer = world.state();
    let roll = Roll::empty(What::Incidents, ()).with(IncidentId(0), 20, time(20));
    put(&mut fewer, keys::all_incidents(), &roll);
    has(&found_in(&world, fewer).await, Place::Chain, None, Kind::Stray);
    let mut elsewhere = world.state();
    put(&mut elsewhere, keys::on_service(ServiceId(0), 0), &IncidentId(1));
    has(&found_in(&world, elsewhere).await, FIRST, None, Kind::Roll);
}

#[tokio::test]
async fn a_text_that_is_another_or_is_not_there_is_found() {
    let world = World::new();
    let mut another = world.state();
    put(
        &mut another,
        keys::text(IncidentId(0), 1),
        &text::<512>("All is well."),
    );
    has(&found_in(&world, another).await, FIRST, Some(1), Kind::Text);
    let mut withheld = world.state();
    withheld.0.remove(&keys::text(IncidentId(0), 1));
    has(&found_in(&world, withheld).await, FIRST, Some(1), Kind::Text);
    // Redacted without the council, and by it without a trace.
    let mut secretly = World::new();
    secretly.texts.remove(&(0, 1));
    secretly.redacted.insert((0, 1), time(50));
    has(&found(&secretly).await, FIRST, Some(1), Kind::Act);
    let mut untouched = world.state();
    untouched.0.remove(&keys::redaction(IncidentId(0), 2));
    has(&found_in(&world, untouched).await, FIRST, Some(2), Kind::Act);
}

#[tokio::test]
async fn what_only_the_council_does_stands_in_its_log() {
    let mut alone = World::new();
    alone.organisations[2].push(at(70, organisation::Action::GroupSet(GroupId(8))));
    let second = Place::Organisation(OrganisationId(2));
    has(&found(&alone).await, second, Some(2), Kind::Act);
    let mut nothing = World::new();
    nothing.organisations[5].truncate(4);
    has(&found(&nothing).await, Place::Consortium, Some(4), Kind::Act);
    let mut rules = World::new();
    rules.rules = Some(Rules::dev());
    has(&found(&rules).await, Place::Chain, None, Kind::Act);
}

#[tokio::test]
async fn a_key_is_one_organisations_for_ever() {
    let mut taken = World::new();
    let key = key(1, 1);
    taken.organisations[2].push(at(
        70,
        organisation::Action::ReporterAdded { key, label: text("") },
    ));
    has(
        &found(&taken).await,
        Place::Organisation(OrganisationId(2)),
        Some(2),
        Kind::Key,
    );
    let mut again = World::new();
    again.organisations[1].push(at(
        70,
        organisation::Action::ReporterAdded { key, label: text("") },
    ));
    has(
        &found(&again).await,
        Place::Organisation(OrganisationId(1)),
        Some(4),
        Kind::Key,
    );
}

#[tokio::test]
async fn the_code_that_runs_is_the_one_that_was_put_in_place() {
    let world = World::new();
    let mut other = world.state();
    other
        .0
        .insert(keys::code(), b"another code, that nobody has authorized".to_vec());
    has(&found_in(&world, other).await, Place::Chain, None, Kind::Keeping);
    let mut disabled = world.state();
    disabled.put(keys::disabled_validators(), &vec![(1u32, 0u32)]);
    has(
        &found_in(&world, disabled).await,
        Place::Chain,
        None,
        Kind::Keeping,
    );
    let mut node = Made::of(world.state()).answering(&world);
    let mut state = node.state.clone();
    state.put(keys::authority_set_id(), &5u64);
    let header = chain().header(node.block.header.number, state.root(), vec![]);
    node.block = chain().finalize(header);
    (node.told, node.state) = (state.clone(), state);
    has(
        &audited(vec![node]).await.report.findings,
        Place::Chain,
        None,
        Kind::Keeping,
    );
}

#[tokio::test]
async fn times_are_those_of_their_blocks() {
    let mut world = World::new();
    world.incidents[1][1].at.0 += 60_000;
    // After a block that comes later.
    has(
        &found(&world).await,
        Place::Incident(IncidentId(1)),
        Some(1),
        Kind::Time,
    );
    let mut swapped = World::new();
    swapped.incidents.swap(0, 1);
    let swapped = World {
        texts: [
            ((1, 1), swapped.texts[&(0, 1)].clone()),
            ((0, 1), swapped.texts[&(0, 1)].clone()),
        ]
        .into(),
        redacted: [((1, 2), time(43))].into(),
        ..swapped
    };
    has(
        &found(&swapped).await,
        Place::Incident(IncidentId(1)),
        Some(0),
        Kind::Time,
    );
}

#[tokio::test]
async fn what_two_incidents_say_of_each_other_agrees() {
    let moved = Action::Withdrawn {
        by: actor(0),
        moved_to: Some(IncidentId(0)),
    };
    let mut world = World::new();
    world.incidents[1].push(at(33, moved));
    has(
        &found(&world).await,
        Place::Incident(IncidentId(1)),
        None,
        Kind::Link,
    );
    let linked = Action::Linked {
        by: actor(4),
        to: IncidentId(0),
    };
    let mut world = World::new();
    world.incidents[1].push(at(33, linked));
    // Of another service.
    has(
        &found(&world).await,
        Place::Incident(IncidentId(1)),
        Some(2),
        Kind::Link,
    );
}

#[tokio::test]
async fn from_a_checkpoint_the_history_before_it_is_not_needed() {
    let world = World::new();
    let node = Made::of(world.state()).answering(&world);
    let options = Options {
        anchor: Anchor::Checkpoint(chain().checkpoint()),
        ..options()
    };
    let audited = audit(&asked(vec![node]), &options, |_| ()).await.unwrap();
    assert!(audited.holds(), "{:?}", audited.report.findings);
    assert_eq!(audited.report.changes, []);
    assert_eq!(audited.report.authorities.id, 1);
}

#[test]
fn a_head_is_what_chains_all_entries() {
    // What the planted corruptions lean on.
    let world = World::new();
    let record: Record<Incident> = Record::replay(IncidentId(0), &world.incidents[0])
        .unwrap()
        .unwrap();
    let head = world.incidents[0]
        .iter()
        .fold(empty(What::Incident, IncidentId(0)), chained);
    assert_eq!(record.head, head);
}
