//! Logs, heads and rolls.

use blake2::{digest::consts::U32, Blake2b, Digest};
use codec::Encode;

use super::fixtures::*;
use crate::{
    incident::{Incident, Refusal},
    log::{chain, empty, Unfit, What},
    Entry, Hash, IncidentId, Record, Roll, ServiceId,
};

pub fn blake2_256(bytes: &[u8]) -> Hash {
    Hash(Blake2b::<U32>::digest(bytes).into())
}

#[test]
fn the_empty_head_is_the_hash_of_the_kind_and_the_id() {
    let bytes = [&[2u8][..], &7u64.to_le_bytes()].concat();
    assert_eq!(empty(What::Incident, IncidentId(7)), blake2_256(&bytes));
    assert_eq!(empty(What::Organisations, ()), blake2_256(&[16]));
}

#[test]
fn a_head_is_the_hash_of_the_head_before_and_the_entry() {
    let history = confirmed();
    let mut head = empty(What::Incident, ID);
    for entry in &history.entries {
        assert_eq!(
            chain(head, entry),
            blake2_256(&[&head.0[..], &entry.encode()].concat())
        );
        head = chain(head, entry);
    }
    let record = history.record.unwrap();
    assert_eq!(record.head, head);
    assert_eq!((record.entries, record.block, record.at), (3, 3, min(5)));
}

#[test]
fn no_head_of_one_kind_is_ever_one_of_another() {
    let kinds = [
        What::Organisation,
        What::Service,
        What::Incident,
        What::Organisations,
        What::Services,
        What::Incidents,
        What::IncidentsOnService,
    ];
    let heads: std::collections::BTreeSet<_> = kinds.iter().map(|what| empty(*what, 0u32)).collect();
    assert_eq!(heads.len(), kinds.len());
}

#[test]
fn the_same_entries_on_another_log_give_another_head() {
    let history = confirmed();
    let other = Record::<Incident>::replay(IncidentId(8), &history.entries)
        .unwrap()
        .unwrap();
    let record = history.record.unwrap();
    assert_ne!(other.head, record.head);
    let own = Incident {
        id: IncidentId(8),
        ..record.state
    };
    assert_eq!(other.state, own, "and the same but for its number");
}

#[test]
fn an_entry_before_the_last_in_block_or_time_is_refused() {
    let mut history = confirmed();
    let (block, at) = (history.record.as_ref().unwrap().block, min(5));
    let entry = history.entry(at, org(4), down(min(0), min(5)));
    let earlier_block = Entry {
        block: block - 1,
        ..entry.clone()
    };
    let earlier_time = Entry {
        at: just_before(at),
        ..entry.clone()
    };
    assert_eq!(history.try_push(earlier_block), Err(Unfit::Backwards));
    assert_eq!(history.try_push(earlier_time), Err(Unfit::Backwards));
    history.try_push(Entry { block, ..entry }).unwrap();
}

#[test]
fn a_refused_entry_leaves_the_record_as_it_was() {
    let mut history = confirmed();
    let before = history.clone();
    history.refusal(min(6), org(1), up(min(0), min(6)));
    assert_eq!(history.record, before.record);
    assert_eq!(history.entries, before.entries);
}

#[test]
fn a_full_log_takes_no_more() {
    let mut record = confirmed().record.unwrap();
    let entry = confirmed().entry(min(6), org(4), down(min(0), min(6)));
    record.entries = u32::MAX;
    assert_eq!(record.clone().append(&entry), Err(Unfit::Full));
    record.entries = u32::MAX - 1;
    assert_eq!(record.append(&entry).unwrap().entries, u32::MAX);
}

#[test]
fn no_entries_make_no_record() {
    assert_eq!(Record::<Incident>::replay(ID, []), None);
}

#[test]
fn a_log_whose_first_entry_is_refused_makes_no_record() {
    let history = confirmed();
    assert_eq!(
        Record::<Incident>::replay(ID, &history.entries[1..]),
        Some(Err(Unfit::Refused(Refusal::OutOfPlace)))
    );
}

#[test]
fn a_roll_counts_and_chains_each_id_with_its_block_and_time() {
    let empty_roll = Roll::empty(What::IncidentsOnService, ServiceId(3));
    assert_eq!(empty_roll.count, 0);
    assert_eq!(empty_roll.head, blake2_256(&[19, 3, 0, 0, 0]));
    let roll = empty_roll.with(ID, 12, min(5));
    let bytes = [
        &empty_roll.head.0[..],
        &7u64.to_le_bytes(),
        &12u32.to_le_bytes(),
        &min(5).0.to_le_bytes(),
    ]
    .concat();
    assert_eq!(roll.count, 1);
    assert_eq!(roll.head, blake2_256(&bytes));
}

#[test]
fn rolls_of_different_services_differ_from_the_start() {
    let roll = |service| Roll::empty(What::IncidentsOnService, ServiceId(service));
    assert_ne!(roll(1), roll(2));
    assert_ne!(roll(1).with(ID, 1, min(0)), roll(2).with(ID, 1, min(0)));
}

#[test]
fn a_roll_in_another_order_has_another_head() {
    let empty = Roll::empty(What::Incidents, ());
    let one_two = empty
        .with(IncidentId(1), 1, min(0))
        .with(IncidentId(2), 1, min(0));
    let two_one = empty
        .with(IncidentId(2), 1, min(0))
        .with(IncidentId(1), 1, min(0));
    assert_ne!(one_two.head, two_one.head);
}
