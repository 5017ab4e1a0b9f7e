//! What nodes say, and do not prove.

use faultline_forge::Chain;
use faultline_primitives::{Hash, IncidentId, OrganisationId, ServiceId};
use faultline_proof::keys;

use super::{
    asked, audited,
    made::{chain, Made},
    noted, options, put,
    world::World,
};
use crate::{
    audit::{audit, AuditError},
    trust::Doubt,
};

#[tokio::test]
async fn a_node_that_tells_what_it_does_not_prove_is_named_and_the_report_is_the_same() {
    let world = World::new();
    let honest = Made::of(world.state()).answering(&world);
    let report = audited(vec![honest.clone()]).await.report;
    for key in [
        keys::incident_entry(IncidentId(0), 1),
        keys::text(IncidentId(0), 1),
        keys::organisation_entry(OrganisationId(5), 2),
        keys::consortium_entry(1),
        keys::on_service(ServiceId(0), 0),
    ] {
        let mut liar = honest.clone();
        liar.told.0.remove(&key).unwrap();
        let withheld = audited(vec![liar.clone()]).await;
        assert_eq!(withheld.report, report);
        assert!(!withheld.holds());
        liar.told.0.insert(key.clone(), vec![1, 2, 3]);
        let changed = audited(vec![liar]).await;
        assert_eq!(changed.report, report);
        assert_eq!(changed.notes.len(), 1, "{:?}", changed.notes);
    }
}

#[tokio::test]
async fn a_nodes_own_answers_are_compared() {
    let world = World::new();
    let honest = Made::of(world.state()).answering(&world);
    let with = |change: &dyn Fn(&mut Made)| {
        let mut liar = honest.clone();
        change(&mut liar);
        vec![honest.clone(), liar]
    };
    let view = |node: &mut Made, change: &dyn Fn(&mut faultline_rpc::view::IncidentView)| {
        change(&mut node.answers.get_mut(&0).unwrap().0);
    };
    let other = audited(with(&|node| view(node, &|view| view.peak = 5))).await;
    noted(&other, "node 1", "incident 0");
    let fewer = audited(with(&|node| view(node, &|view| view.entries = 1))).await;
    noted(&fewer, "node 1", "1 entries; 5 are proven");
    let none = audited(with(&|node| drop(node.answers.remove(&1)))).await;
    noted(&none, "node 1", "no incident 1");
    let entry = audited(with(&|node| node.answers.get_mut(&0).unwrap().1[2].block = 9)).await;
    noted(&entry, "node 1", "another entry 2 of incident 0");
    for audited in [other, fewer, none, entry] {
        assert!(audited.report.holds);
    }
}

#[tokio::test]
async fn two_blocks_of_one_number_that_are_both_final_are_a_fork() {
    let world = World::new();
    let (one, other) = (Made::of(world.state()).answering(&world), World::new().with(1));
    let other = Made::of(other.state()).answering(&other);
    let audited = audited(vec![one.clone(), other]).await;
    noted(&audited, "node 1", "forked");
    assert!(audited.report.holds);
    // One that only says that its block is another does not prove it.
    let mut liar = one.clone();
    liar.hash = Some(Hash([9; 32]));
    let audited = self::audited(vec![one, liar]).await;
    noted(&audited, "node 1", "has another block");
    assert_eq!(audited.notes.len(), 1);
}

#[tokio::test]
async fn a_head_of_another_set_proves_nothing_and_another_node_is_asked() {
    let world = World::new();
    let honest = Made::of(world.state()).answering(&world);
    // The authorities that the set before handed over to never voted for it.
    let mut stale = Made::on(&Chain::new(4), world.state()).answering(&world);
    stale.changes = chain().changes().to_vec();
    stale.block = {
        let header = chain().header(honest.block.header.number, stale.state.root(), vec![]);
        Chain::new(4).finalize(header)
    };
    let alone = audit(&asked(vec![stale.clone()]), &options(), |_| ()).await;
    assert!(
        matches!(alone, Err(AuditError::Doubt(Doubt::Finality(_)))),
        "{alone:?}"
    );
    let both = audited(vec![stale, honest]).await;
    assert!(both.report.holds);
    noted(&both, "node 0", "does not hold");
}

#[tokio::test]
async fn what_one_node_cannot_prove_another_may() {
    let world = World::new();
    let honest = Made::of(world.state()).answering(&world);
    // Its database was damaged: a value is another, and its hash with it.
    let mut damaged = honest.clone();
    put(&mut damaged.state, keys::incident(IncidentId(0)), &Hash([3; 32]));
    damaged.told = damaged.state.clone();
    let alone = audit(&asked(vec![damaged.clone()]), &options(), |_| ()).await;
    // All proofs go through the root, which is another.
    assert!(alone.is_err(), "{alone:?}");
    let mut first = honest.clone();
    first.told = damaged.told.clone();
    let both = audited(vec![first, honest]).await;
    assert!(both.report.holds);
}
