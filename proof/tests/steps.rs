//! Good bundles are proven, and of each step what does not hold is found there.

use faultline_forge::{incident_bundle, service_bundle, state, Chain, Story};
use faultline_primitives::{consortium::Checkpoint, log::blake2_256, Hash, IncidentId, Millis, Span};
use faultline_proof::{
    bundle::{Claim, Start},
    fault::{BadBlock, BadChange, BadEntries, BadFold, BadOrigin, BadState, Subject},
    verify,
    verify::{verify_step_by_step, Step},
    Anchor, Bundle, Fault,
};

fn fault(bundle: &Bundle, chain: &Chain) -> Fault {
    verify(bundle, Anchor::Genesis(chain.genesis())).expect_err("it should not be proven")
}

/// Another checkpoint of the same block.
fn of_set(checkpoint: Checkpoint, set: Hash) -> Anchor {
    Anchor::Checkpoint(Checkpoint { set, ..checkpoint })
}

#[test]
fn a_good_bundle_is_proven_step_by_step() {
    for (validators, changes, entries) in [(1, 0, 1), (4, 0, 10), (4, 1, 10), (4, 5, 3), (100, 2, 100)] {
        let (chain, bundle) = incident_bundle(validators, changes, entries);
        let mut steps = Vec::new();
        let anchor = Anchor::Genesis(chain.genesis());
        let proven = verify_step_by_step(&bundle, anchor, |step| steps.push(step)).expect("a good bundle");
        assert_eq!(steps, Step::ALL);
        assert_eq!(proven.history.changes.len(), changes);
        assert_eq!(proven.history.set(), &chain.set);
        assert_eq!(proven.incidents.len(), 1);
        assert_eq!(proven.incidents[0].log.entries.len(), entries);
        assert_eq!(proven.block.hash, bundle.block.header.hash());
        assert_eq!(proven.services.len(), 1);
        let speakers = proven.organisations.len();
        assert_eq!(speakers, entries.min(entries.div_ceil(60).max(3)));
    }
}

#[test]
fn a_bundle_is_the_same_after_it_was_written_and_read() {
    let (_, bundle) = incident_bundle(4, 1, 10);
    let bytes = bundle.to_bytes();
    assert_eq!(Bundle::from_bytes(&bytes), Ok(bundle));
}

#[test]
fn a_bundle_of_another_chain_is_not_proven() {
    let (_, bundle) = incident_bundle(4, 0, 3);
    let other = Chain::new(5);
    let found = fault(&bundle, &other);
    assert!(
        matches!(found, Fault::Origin(BadOrigin::OtherGenesis { .. })),
        "{found}"
    );
}

#[test]
fn from_any_checkpoint_of_its_history_a_bundle_is_proven_and_from_no_other() {
    let mut chain = Chain::new(4);
    let mut checkpoints = vec![chain.checkpoint()];
    for _ in 0..3 {
        chain.change(4);
        checkpoints.push(chain.checkpoint());
    }
    let story = Story::told(7, 3);
    let mut bundle = chain.bundle(
        &state(std::slice::from_ref(&story)),
        Claim::Incident(story.log().clone()),
    );
    for (skipped, checkpoint) in checkpoints.iter().enumerate() {
        let proven = verify(&bundle, Anchor::Checkpoint(*checkpoint)).expect("a checkpoint of its history");
        assert_eq!(proven.history.changes.len(), 3 - skipped);
        assert_eq!(proven.genesis, None);

        let other = of_set(*checkpoint, Hash([7; 32]));
        let found = verify(&bundle, other).expect_err("another set");
        assert!(
            matches!(found, Fault::Origin(BadOrigin::OtherSet { .. })),
            "{found}"
        );
    }
    let later = Checkpoint {
        set_id: 4,
        ..checkpoints[3]
    };
    assert_eq!(
        verify(&bundle, Anchor::Checkpoint(later)),
        Err(Fault::Origin(BadOrigin::SetNotShown(4)))
    );
    // What comes before a checkpoint is trusted, not looked at: a bundle may leave it out.
    bundle.start = Start::Set(faultline_proof::AuthoritySet {
        id: 2,
        ..chain.set.clone()
    });
    let set = Anchor::Checkpoint(Checkpoint {
        set_id: 2,
        set: chain.set.hash(),
        ..checkpoints[3]
    });
    bundle.changes = vec![];
    let found = verify(&bundle, set).expect_err("signed for set 3");
    assert!(matches!(found, Fault::Finality { .. }), "{found}");
    bundle.start = Start::Set(chain.set.clone());
    verify(&bundle, Anchor::Checkpoint(checkpoints[3])).expect("the set of the checkpoint");
    assert_eq!(fault(&bundle, &chain), Fault::Origin(BadOrigin::BeginsLate(3)));
}

#[test]
fn nothing_is_proven_at_a_block_before_the_trusted_one_or_beside_it() {
    let mut chain = Chain::new(4);
    chain.change(4);
    let story = Story::told(7, 3);
    let bundle = chain.bundle(
        &state(std::slice::from_ref(&story)),
        Claim::Incident(story.log().clone()),
    );
    let at = |number, hash| {
        Anchor::Checkpoint(Checkpoint {
            number,
            hash,
            ..chain.checkpoint()
        })
    };
    let (number, hash) = (bundle.block.header.number, bundle.block.header.hash());
    verify(&bundle, at(number, hash)).expect("the trusted block itself");
    verify(&bundle, at(number - 1, Hash([1; 32]))).expect("a block after the trusted one");
    for (number, hash) in [(number, Hash([1; 32])), (number + 1, Hash([1; 32]))] {
        let found = verify(&bundle, at(number, hash)).expect_err("not after the trusted block");
        assert!(
            matches!(
                found,
                Fault::Finality {
                    why: BadBlock::NotAfter { .. },
                    ..
                }
            ),
            "{found}"
        );
    }
}

#[test]
fn authorities_that_their_predecessors_did_not_make_are_refused() {
    let (chain, bundle) = incident_bundle(4, 3, 3);
    let change = |change: &dyn Fn(&mut Bundle)| {
        let mut bundle = bundle.clone();
        change(&mut bundle);
        match fault(&bundle, &chain) {
            Fault::Authorities { why, .. } => why,
            other => panic!("another step fails: {other}"),
        }
    };
    assert!(matches!(
        change(&|bundle| drop(bundle.changes.remove(1))),
        BadChange::NotFinal(_)
    ));
    assert!(matches!(
        change(&|bundle| bundle.changes.swap(0, 1)),
        BadChange::NotFinal(_)
    ));
    let twice = |bundle: &mut Bundle| bundle.changes.insert(1, bundle.changes[0].clone());
    assert_eq!(change(&twice), BadChange::Backwards);
    let no_change = |bundle: &mut Bundle| bundle.changes.push(bundle.block.clone());
    assert_eq!(change(&no_change), BadChange::None);
    // The last change left out: those who vote for the block are not the ones that the history leads to.
    let mut short = bundle.clone();
    short.changes.pop();
    assert!(matches!(fault(&short, &chain), Fault::Finality { .. }));
}

#[test]
fn every_entry_counts_in_its_place() {
    let (chain, bundle) = incident_bundle(4, 1, 10);
    let entries = |change: &dyn Fn(&mut Vec<faultline_proof::bundle::Said>)| {
        let mut bundle = bundle.clone();
        let Claim::Incident(log) = &mut bundle.claim else {
            unreachable!("a bundle of an incident")
        };
        change(&mut log.entries);
        fault(&bundle, &chain)
    };
    let incident = IncidentId(7);
    let head = Fault::Entries(BadEntries::Head { incident });
    for place in 0..10usize {
        let fewer = entries(&|entries| drop(entries.remove(place)));
        match place {
            // What the state is asked for follows from the entries: without the opening another service, without one.
            0 => assert!(matches!(fewer, Fault::State(_)), "{fewer}"),
            _ => assert!(
                matches!(
                    fewer,
                    Fault::Entries(BadEntries::Count {
                        found: 9,
                        counted: 10,
                        ..
                    })
                ),
                "{fewer}"
            ),
        }
        if place > 0 {
            assert_eq!(entries(&|entries| entries[place].entry.at.0 += 1), head);
            assert_eq!(entries(&|entries| entries[place].entry.block += 1), head);
        }
        if place > 1 {
            assert_eq!(entries(&|entries| entries.swap(place - 1, place)), head);
        }
    }
    let more = entries(&|entries| entries.push(entries[9].clone()));
    assert!(
        matches!(more, Fault::Entries(BadEntries::Count { found: 11, .. })),
        "{more}"
    );
}

#[test]
fn a_text_is_the_one_that_was_recorded_or_was_redacted() {
    let chain = Chain::new(4);
    let story = Story::told(7, 3);
    let claim = |story: &Story| Claim::Incident(story.log().clone());
    let bundle = chain.bundle(&state(std::slice::from_ref(&story)), claim(&story));

    let mut other = bundle.clone();
    let Claim::Incident(log) = &mut other.claim else {
        unreachable!()
    };
    log.entries[1].text = Some("It answers from Frankfurt.".try_into().unwrap());
    let incident = IncidentId(7);
    assert_eq!(
        fault(&other, &chain),
        Fault::Entries(BadEntries::OtherText { incident, entry: 1 })
    );

    let mut made_up = bundle.clone();
    let Claim::Incident(log) = &mut made_up.claim else {
        unreachable!()
    };
    log.entries[2].text = Some("Nobody said this.".try_into().unwrap());
    assert_eq!(
        fault(&made_up, &chain),
        Fault::Entries(BadEntries::OtherText { incident, entry: 2 })
    );

    // Held back, though nobody redacted it: a proof of the keys that are asked for then says so.
    let mut held_back = bundle;
    let Claim::Incident(log) = &mut held_back.claim else {
        unreachable!()
    };
    log.entries[1].text = None;
    held_back.nodes = state(std::slice::from_ref(&story)).proof(held_back.claim.keys());
    assert_eq!(
        fault(&held_back, &chain),
        Fault::State(BadState::Absent(Subject::Redaction(incident, 1)))
    );

    let redacted = story.redacted();
    let bundle = chain.bundle(&state(std::slice::from_ref(&redacted)), claim(&redacted));
    let proven = verify(&bundle, Anchor::Genesis(chain.genesis())).expect("a redacted text");
    assert_eq!(proven.incidents[0].redacted.keys().collect::<Vec<_>>(), [&1]);
}

#[test]
fn a_record_that_its_entries_do_not_make_is_found_though_it_is_final() {
    // As a runtime could write it that does not keep to the fold.
    let chain = Chain::new(4);
    let story = Story::told(7, 10);
    let mut state = state(std::slice::from_ref(&story));
    let mut record = story.record().clone();
    record.state.peak += 1;
    state.put(faultline_proof::keys::incident(IncidentId(7)), &record);
    let bundle = chain.bundle(&state, Claim::Incident(story.log().clone()));
    assert_eq!(
        fault(&bundle, &chain),
        Fault::Fold {
            incident: IncidentId(7),
            why: BadFold::OtherRecord
        }
    );
}

#[test]
fn all_incidents_of_a_service_in_a_span_are_there_and_no_others() {
    let mut chain = Chain::new(4);
    chain.change(4);
    let opened = |day: u64| faultline_primitives::UnixMillis(1_733_958_000_000).after(Millis::days(day));
    let stories: Vec<_> = (0..6)
        .map(|day| Story::told_from(10 + day, 3, opened(day)))
        .collect();
    let span = Span {
        from: opened(1),
        to: opened(3),
    };
    let bundle = service_bundle(&chain, &stories, span);
    let proven = verify(&bundle, Anchor::Genesis(chain.genesis())).expect("a good bundle");
    let ids: Vec<_> = proven
        .incidents
        .iter()
        .map(|incident| incident.log.id.0)
        .collect();
    assert_eq!(ids, [11, 12, 13]);
    assert_eq!(proven.roll.expect("of a service").roll.len(), 6);

    let service = |change: &dyn Fn(&mut faultline_proof::bundle::ServiceLog)| {
        let mut bundle = bundle.clone();
        let Claim::Service(service) = &mut bundle.claim else {
            unreachable!()
        };
        change(service);
        bundle.nodes = state(&stories).proof(bundle.claim.keys());
        fault(&bundle, &chain)
    };
    let span = Fault::Entries(BadEntries::Span);
    assert_eq!(service(&|service| drop(service.incidents.remove(1))), span);
    assert_eq!(service(&|service| service.incidents.swap(0, 1)), span);
    assert_eq!(
        service(&|service| service.incidents.push(stories[4].log().clone())),
        span
    );
    assert_eq!(
        service(&|service| {
            service.roll.remove(2);
        }),
        Fault::Entries(BadEntries::RollCount { found: 5, counted: 6 })
    );
    let head = Fault::Entries(BadEntries::RollHead);
    assert_eq!(service(&|service| service.roll.swap(0, 1)), head);
    assert_eq!(service(&|service| service.roll[2].at.0 += 1), head);
    // Moving the opening out of the span in the roll would hide an incident: the roll's head says otherwise.
    assert_eq!(
        service(&|service| {
            service.roll[2].at = opened(9);
            service.incidents.remove(1);
        }),
        head
    );
}

#[test]
fn a_service_without_incidents_is_proven_to_have_none() {
    let chain = Chain::new(4);
    let story = Story::told(7, 3);
    let mut state = state(std::slice::from_ref(&story));
    state.put(
        faultline_proof::keys::service(faultline_primitives::ServiceId(9)),
        &faultline_forge::service(9),
    );
    let claim = Claim::Service(faultline_proof::bundle::ServiceLog {
        id: faultline_primitives::ServiceId(9),
        span: Span {
            from: faultline_primitives::UnixMillis(0),
            to: faultline_primitives::UnixMillis(u64::MAX),
        },
        roll: vec![],
        incidents: vec![],
    });
    let bundle = chain.bundle(&state, claim);
    let proven = verify(&bundle, Anchor::Genesis(chain.genesis())).expect("a good bundle");
    assert!(proven.incidents.is_empty());
    assert!(proven.services.contains_key(&faultline_primitives::ServiceId(9)));
}

#[test]
fn another_state_root_is_another_block() {
    let (chain, mut bundle) = incident_bundle(4, 0, 3);
    bundle.block.header.state_root = blake2_256(&[b"another"]);
    assert!(matches!(fault(&bundle, &chain), Fault::Finality { .. }));
}
