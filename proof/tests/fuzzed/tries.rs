//! Tries: values by key, a proof of some of them, and what somebody does to the proof.

use std::collections::BTreeSet;

use arbitrary::Unstructured;
use faultline_forge::State;
use faultline_primitives::{log::blake2_256, Hash};
use faultline_proof::trie::Proof;

use super::{below, one_in};

/// Checks that a proof says of a key what is there, or nothing.
pub fn run(bytes: &[u8]) {
    let bytes = &mut Unstructured::new(bytes);
    match one_in(bytes, 4) {
        true => made_up(bytes),
        false => made_by_the_chain(bytes),
    }
}

/// A proof under the root that the SDK's own trie has, and what somebody made of it.
#[derive(Debug)]
pub struct Case {
    /// Values by key.
    pub state: State,
    /// The root.
    pub root: Hash,
    /// The keys that are asked for.
    pub asked: BTreeSet<Vec<u8>>,
    /// The proof.
    pub nodes: Vec<Vec<u8>>,
    /// Whether it is as it was made.
    pub is_whole: bool,
}

impl Case {
    /// What the bytes say.
    pub fn of(bytes: &mut Unstructured) -> Self {
        let state = state(bytes);
        let asked: BTreeSet<Vec<u8>> = (0..1 + below(bytes, 3)).map(|_| asked(bytes, &state)).collect();
        let whole = state.proof(asked.iter().cloned());
        let mut nodes = whole.clone();
        for _ in 0..below(bytes, 4) {
            damage(bytes, &mut nodes);
        }
        Self {
            root: state.root(),
            is_whole: nodes == whole,
            state,
            asked,
            nodes,
        }
    }
}

fn made_by_the_chain(bytes: &mut Unstructured) {
    let case = Case::of(bytes);
    let read = || {
        let proof = Proof::new(case.root, &case.nodes)?;
        for key in &case.asked {
            let found = proof.read(key)?;
            assert_eq!(found.as_ref(), case.state.0.get(key), "{key:02x?} of {case:02x?}");
        }
        proof.ensure_exact()
    };
    let read = read();
    assert_eq!(read.is_ok(), case.is_whole, "{read:?} of {case:02x?}");
}

/// Nodes under the root that one of them has: somebody made a trie that no chain would.
fn made_up(bytes: &mut Unstructured) {
    let count = 1 + below(bytes, 4);
    let mut nodes: Vec<Vec<u8>> = vec![];
    for place in 0..count {
        let mut node = vec![];
        while node.len() < 600 && !one_in(bytes, 8) {
            match below(bytes, 4) {
                // The nodes that were made before, so that they can be reached.
                3 if place > 0 => {
                    node.push(32 << 2);
                    node.extend(blake2_256(&[&nodes[below(bytes, place)]]).0);
                }
                2 => node.extend([bytes.arbitrary::<u8>().unwrap_or_default(); 32]),
                _ => node.push(bytes.arbitrary().unwrap_or_default()),
            }
        }
        nodes.push(node);
    }
    let root = blake2_256(&[&nodes[count - 1]]);
    nodes.sort();
    nodes.dedup();
    let keys: Vec<Vec<u8>> = (0..3).map(|_| key(bytes)).collect();
    let Ok(proof) = Proof::new(root, &nodes) else {
        panic!("the nodes are in order");
    };
    let found: Vec<_> = keys.iter().map(|key| proof.read(key)).collect();
    let again: Vec<_> = keys.iter().map(|key| proof.read(key)).collect();
    assert_eq!(found, again);
    let _ = proof.ensure_exact();
    assert!(Proof::new(Hash::default(), &nodes).is_ok_and(|proof| proof.read(&[]).is_err()));
}

/// Few keys that begin alike, so that there are branches with and without values, and some that are long.
fn key(bytes: &mut Unstructured) -> Vec<u8> {
    const STEPS: [u8; 6] = [0x00, 0x01, 0x10, 0x11, 0xf0, 0xff];
    let mut key: Vec<u8> = (0..below(bytes, 5))
        .map(|_| STEPS[below(bytes, STEPS.len())])
        .collect();
    if one_in(bytes, 8) {
        key.extend(vec![0xab; [15, 31, 32, 64, 130, 300][below(bytes, 6)]]);
    }
    key
}

fn state(bytes: &mut Unstructured) -> State {
    let mut state = State::default();
    // One at least: no state is empty.
    for _ in 0..=below(bytes, 12) {
        let length = [0, 1, 4, 31, 32, 33, 40, 100][below(bytes, 8)];
        let fill: u8 = bytes.arbitrary().unwrap_or_default();
        state.0.insert(key(bytes), vec![fill; length]);
    }
    state
}

/// A key of the state, or perhaps none of it.
fn asked(bytes: &mut Unstructured, state: &State) -> Vec<u8> {
    let there = state.0.keys().nth(below(bytes, state.0.len()));
    match there {
        Some(there) if !one_in(bytes, 3) => there.clone(),
        _ => key(bytes),
    }
}

fn damage(bytes: &mut Unstructured, nodes: &mut Vec<Vec<u8>>) {
    let (place, other) = (below(bytes, nodes.len()), below(bytes, nodes.len()));
    match below(bytes, 9) {
        0 => nodes.push(bytes.arbitrary().unwrap_or_default()),
        _ if nodes.is_empty() => {}
        1 => drop(nodes.remove(place)),
        2 => nodes.swap(place, other),
        3 => nodes.push(nodes[place].clone()),
        4 => nodes[place].push(bytes.arbitrary().unwrap_or_default()),
        5 => drop(nodes[place].pop()),
        6 => nodes[place] = nodes[other].clone(),
        7 => nodes.sort(),
        _ => {
            let node = &mut nodes[place];
            let at = below(bytes, node.len());
            if let Some(byte) = node.get_mut(at) {
                *byte ^= 1 << below(bytes, 8);
            }
        }
    }
}
