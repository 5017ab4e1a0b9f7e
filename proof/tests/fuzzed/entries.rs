//! Entries: an incident's log as anybody might write it, and what somebody does to it afterwards.

use arbitrary::Unstructured;
use codec::{DecodeAll, Encode};
use faultline_forge::{organisation, service, Chain, State, Story, START};
use faultline_primitives::{
    attestation::{Claim, Method},
    incident::{Action, Actor, Cause, Incident, Reply, ReplyStatus, Statement},
    log::{blake2_256, Unfit},
    Account, Entry, GroupId, IncidentId, Millis, OrganisationId, Record, Span, UnixMillis,
};
use faultline_proof::{
    bundle::{Claim as Claimed, IncidentLog, Said},
    keys, verify, Anchor, Bundle, Step,
};

use super::{below, one_in};

/// The incident.
const ID: IncidentId = IncidentId(7);

/// Checks that a log is replayed as it was written, and that a bundle with another log than the chain's is refused.
pub fn run(bytes: &[u8]) {
    match bytes.split_first() {
        Some((0, rest)) => {
            if let Ok(entries) = Vec::<Entry<Action>>::decode_all(&mut &*rest) {
                let _ = replayed(&entries);
            }
        }
        Some((_, rest)) => written(&mut Unstructured::new(rest)),
        None => {}
    }
}

/// What the entries amount to, by one road and another.
fn replayed(entries: &[Entry<Action>]) -> Option<Record<Incident>> {
    let at_once = Record::<Incident>::replay(ID, entries)?;
    let mut record: Option<Record<Incident>> = None;
    for entry in entries {
        let next = match record {
            None => Record::open(ID, entry).map_err(Unfit::Refused),
            Some(record) => record.append(entry),
        };
        match next {
            Ok(next) => record = Some(next),
            Err(why) => {
                assert_eq!(at_once, Err(why));
                return None;
            }
        }
    }
    let record = record?;
    let empty = blake2_256(&[&[2], &ID.0.to_le_bytes()]);
    let head = entries
        .iter()
        .fold(empty, |head, entry| blake2_256(&[&head.0, &entry.encode()]));
    assert_eq!(record.head, head);
    assert_eq!(record.entries as usize, entries.len());
    assert_eq!(at_once.as_ref(), Ok(&record));
    let written = record.encode();
    assert_eq!(Record::<Incident>::decode_all(&mut &*written), Ok(record.clone()));
    Some(record)
}

/// A log that the chain would have written, in a bundle; then another log in its place.
fn written(bytes: &mut Unstructured) {
    let (entries, record) = log(bytes);
    let Some(record) = record else {
        return;
    };
    assert_eq!(replayed(&entries).as_ref(), Some(&record));
    let mut state = State::default();
    state.put(keys::now(), &record.at);
    state.put(keys::incident(ID), &record);
    state.put(
        keys::service(record.state.service),
        &service(record.state.service.0),
    );
    for number in 0..SPEAKERS {
        state.put(keys::organisation(OrganisationId(number)), &organisation(number));
    }
    let mut told = entries.clone();
    for _ in 0..below(bytes, 3) {
        change(bytes, &mut told);
    }
    let said = |entry: &Entry<Action>| Said {
        entry: entry.clone(),
        text: None,
    };
    let claim = Claimed::Incident(IncidentLog {
        id: ID,
        entries: told.iter().map(said).collect(),
    });
    with_chain(|chain| {
        let bundle = chain.bundle(&state, claim);
        let bundle = Bundle::from_bytes(&bundle.to_bytes()).expect("what was written can be read");
        match verify(&bundle, Anchor::Genesis(chain.genesis())) {
            Ok(proven) => {
                assert_eq!(told, entries);
                assert_eq!(proven.incidents[0].record, record);
            }
            Err(why) => {
                assert_ne!(told, entries, "{why}");
                assert!(matches!(why.step(), Step::State | Step::Entries), "{why}");
            }
        }
    });
}

fn with_chain(use_it: impl FnOnce(&Chain)) {
    thread_local! {
        static CHAIN: Chain = Chain::new(1);
    }
    CHAIN.with(use_it);
}

const SPEAKERS: u32 = 6;

fn actor(bytes: &mut Unstructured) -> Actor {
    let number = below(bytes, SPEAKERS as usize) as u32;
    Actor {
        organisation: OrganisationId(number),
        // Two of them count together, and one does not count.
        group: GroupId(number.min(4)),
        affiliated: number == 3,
        key: Account([number as u8; 32]),
    }
}

/// Entries that can stand one after another, with what they amount to.
fn log(bytes: &mut Unstructured) -> (Vec<Entry<Action>>, Option<Record<Incident>>) {
    let (mut entries, mut record) = (vec![], None::<Record<Incident>>);
    let (mut at, mut block) = (START.after(Millis::hours(2)), 1);
    for _ in 0..below(bytes, 16) {
        const STEPS: [u64; 8] = [0, 1, 5, 11, 61, 60 * 25, 60 * 24 * 8, 60 * 24 * 31];
        at = at.after(Millis::minutes(STEPS[below(bytes, STEPS.len())]));
        block += below(bytes, 3) as u32;
        let action = action(bytes, record.is_none(), at);
        let entry = Entry { block, at, action };
        let next = match record.clone() {
            None => Record::open(ID, &entry).ok(),
            Some(record) => record.append(&entry).ok(),
        };
        if let Some(next) = next {
            entries.push(entry);
            record = Some(next);
        }
    }
    (entries, record)
}

fn action(bytes: &mut Unstructured, is_first: bool, at: UnixMillis) -> Action {
    let by = actor(bytes);
    let Action::Opened {
        opening,
        mut attestation,
        ..
    } = template()
    else {
        panic!("a log begins with an opening");
    };
    let seen = &mut attestation.observation;
    seen.claim = [Claim::Down, Claim::Degraded, Claim::Recovered, Claim::Up][below(bytes, 4)];
    seen.method = [Method::ActiveProbe, Method::PassiveTelemetry, Method::Manual][below(bytes, 3)];
    let ago = |bytes: &mut Unstructured| UnixMillis(at.0.saturating_sub(below(bytes, 200) as u64 * 60_000));
    let (from, to) = (ago(bytes), ago(bytes));
    seen.observed = Span {
        from: from.min(to),
        to: from.max(to),
    };
    for evidence in seen.evidence.iter_mut() {
        evidence.captured_at = at;
    }
    match below(bytes, if is_first { 1 } else { 12 }) {
        0 if is_first => Action::Opened {
            by,
            opening,
            attestation,
        },
        5 => Action::Withdrawn { by, moved_to: None },
        6 => Action::Closed { by },
        7 => Action::Replied {
            by,
            reply: Reply {
                statement: Statement {
                    status: [ReplyStatus::Investigating, ReplyStatus::Resolved][below(bytes, 2)],
                    claimed_start: Some(from),
                    claimed_end: None,
                    time_quality: seen.time_quality,
                    cause: Cause::Unknown,
                    document: None,
                },
                text: None,
            },
        },
        8 => Action::Disputed {
            by,
            text: None,
            arbiters: (0..5)
                .map(GroupId)
                .collect::<Vec<_>>()
                .try_into()
                .expect("few groups"),
        },
        9 => Action::Voted {
            by,
            sustain: one_in(bytes, 2),
            text: None,
        },
        10 => Action::Linked {
            by,
            to: IncidentId(below(bytes, 9) as u64),
        },
        11 => Action::Unlinked { by },
        _ => Action::Attested {
            by,
            attestation,
            moves_from: None,
        },
    }
}

/// An opening.
fn template() -> Action {
    thread_local! {
        static OPENED: Action = Story::told(ID.0, 1).log().entries[0].entry.action.clone();
    }
    OPENED.with(Action::clone)
}

fn change(bytes: &mut Unstructured, entries: &mut Vec<Entry<Action>>) {
    let (place, other) = (below(bytes, entries.len()), below(bytes, entries.len()));
    match below(bytes, 7) {
        _ if entries.is_empty() => {}
        0 => drop(entries.remove(place)),
        1 => entries.swap(place, other),
        2 => entries.insert(other, entries[place].clone()),
        3 => entries[place].block ^= 1 << below(bytes, 32),
        4 => entries[place].at.0 ^= 1 << below(bytes, 64),
        5 => {
            let at = entries[place].at;
            entries[place].action = action(bytes, place == 0, at);
        }
        _ => entries.truncate(place),
    }
}
