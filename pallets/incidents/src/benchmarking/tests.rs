//! The largest incident is one that the fold can arrive at.

use faultline_primitives::{
    attestation::{Attestation, Observation},
    incident::{Action, Actor, Incident, Opening, FOLD_VERSION, MAX_REPLIES},
    rules::Rules,
    Entry, IncidentId, Record, ServiceId,
};

use super::{
    crowd::{arbiters, crowded, gone, standing, stranger, voice, votes, Cast, FIRST_STANDING, REPLY, SPOKEN},
    *,
};

/// What one says who measured it.
fn said(by: &Actor, place: u32) -> Box<Attestation> {
    let voice = voice(place, by, 0);
    Box::new(Attestation {
        observation: Observation {
            claim: voice.claim,
            kind: voice.kind,
            severity: voice.severity,
            scope: voice.scope,
            observed: voice.observed,
            intervals: Default::default(),
            ..observation()
        },
        text: None,
    })
}

fn attested(by: Actor, place: u32) -> Action {
    Action::Attested {
        by,
        attestation: said(&by, place),
        moves_from: None,
    }
}

fn withdrawn(by: Actor) -> Action {
    Action::Withdrawn { by, moved_to: None }
}

/// What was said and done until an incident was the largest that there may be.
fn history(service: ServiceId, cast: &Cast, arbiter: Option<GroupId>) -> Vec<Action> {
    let opener = stranger(0, 0);
    let opened = Action::Opened {
        by: opener,
        opening: Opening {
            fold: FOLD_VERSION,
            service,
            slug: "service".parse().unwrap(),
            name: "Service".parse().unwrap(),
            rules: Rules::standard(),
        },
        attestation: said(&opener, 0),
    };
    let mut log = vec![opened, withdrawn(opener)];
    for by in gone().skip(1) {
        log.extend([attested(by, 0), withdrawn(by)]);
    }
    let provider = Actor {
        affiliated: true,
        ..cast.provider
    };
    for _ in 1..MAX_REPLIES {
        log.push(Action::Replied {
            by: provider,
            reply: REPLY,
        });
    }
    assert_eq!(log.len() as u32, FIRST_STANDING);
    log.extend((0..).zip(standing(cast)).map(|(place, by)| attested(by, place)));
    log.push(Action::Disputed {
        by: opener,
        text: None,
        arbiters: arbiters(arbiter),
    });
    log.push(Action::Linked {
        by: stranger(900_000, 900_000),
        to: IncidentId(u64::MAX),
    });
    for vote in votes(arbiter) {
        log.push(Action::Voted {
            by: Actor {
                group: vote.group,
                ..stranger(vote.group.0, 0)
            },
            sustain: vote.sustain,
            text: None,
        });
    }
    log
}

fn cast() -> Cast {
    Cast {
        reporter: Actor {
            group: GroupId(7),
            ..stranger(500_000, 0)
        },
        provider: Actor {
            group: GroupId(8),
            ..stranger(500_001, 0)
        },
    }
}

#[test]
fn the_largest_incident_is_one_that_the_fold_arrives_at() {
    let cast = cast();
    for arbiter in [None, Some(GroupId(9))] {
        let (id, service) = (IncidentId(3), ServiceId(4));
        let log: Vec<_> = history(service, &cast, arbiter)
            .into_iter()
            .map(|action| Entry {
                block: 1,
                at: SPOKEN,
                action,
            })
            .collect();
        let folded = Record::<Incident>::replay(id, &log).unwrap().unwrap();
        let put_together = crowded(id, service, &cast, arbiter);
        assert_eq!(put_together.entries, folded.entries);
        assert_eq!(put_together.state, folded.state);
    }
}

#[test]
fn the_observation_says_as_much_as_may_be() {
    use codec::{Encode, MaxEncodedLen};
    assert_eq!(observation().encoded_size(), Observation::max_encoded_len());
}

#[test]
fn an_incident_of_so_many_kib_takes_as_many_and_few_more() {
    use codec::Encode;
    let cast = cast();
    // A type may take more than anything of it does.
    let most = crowded(IncidentId(3), ServiceId(4), &cast, None)
        .encoded_size()
        .div_ceil(1_024) as u32;
    for size in 1..=LARGEST {
        let bytes = sized(IncidentId(3), ServiceId(4), &cast, None, size).encoded_size();
        let kib = bytes.div_ceil(1_024) as u32;
        // A weight that was measured on a smaller one than it says would be too low.
        assert!(kib >= size.min(most) && kib <= size + 4, "{size}: {bytes} bytes");
    }
}
