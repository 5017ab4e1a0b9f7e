//! What a proof says of a key is what the state holds, or it says nothing: against tries that the SDK makes.

use std::collections::BTreeMap;

use faultline_forge::State;
use faultline_primitives::{log::blake2_256, Hash};
use faultline_proof::trie::{BadProof, Proof};
use proptest::prelude::*;

fn read(root: Hash, nodes: &[Vec<u8>], keys: &[Vec<u8>]) -> Result<Vec<Option<Vec<u8>>>, BadProof> {
    let proof = Proof::new(root, nodes)?;
    let values = keys.iter().map(|key| proof.read(key)).collect::<Result<_, _>>()?;
    proof.ensure_exact()?;
    Ok(values)
}

/// Keys that share beginnings, one of them the beginning of another, and values shorter and longer than a node keeps.
fn pairs() -> impl Strategy<Value = BTreeMap<Vec<u8>, Vec<u8>>> {
    let key = prop::collection::vec(
        prop::sample::select(vec![0x00, 0x01, 0x10, 0x11, 0xf0, 0xff]),
        0..7,
    );
    let long = prop::collection::vec(any::<u8>(), 0..70);
    let value = prop_oneof![long, prop::collection::vec(any::<u8>(), 31..35)];
    prop::collection::btree_map(key, value, 1..40)
}

fn keys() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let byte = prop::sample::select(vec![0x00, 0x01, 0x10, 0x11, 0xf0, 0xff, 0x22]);
    prop::collection::vec(prop::collection::vec(byte, 0..8), 0..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_proof_says_of_each_key_what_the_state_holds(pairs in pairs(), mut wanted in keys()) {
        let state = State(pairs);
        // Some that are there.
        wanted.extend(state.0.keys().take(7).cloned());
        let (root, nodes) = (state.root(), state.proof(wanted.clone()));
        let expected: Vec<_> = wanted.iter().map(|key| state.0.get(key).cloned()).collect();
        prop_assert_eq!(read(root, &nodes, &wanted), Ok(expected));
    }

    #[test]
    fn a_proof_that_was_tampered_with_says_nothing(
        pairs in pairs(),
        mut wanted in keys(),
        place in any::<prop::sample::Index>(),
        bit in any::<prop::sample::Index>(),
        extra in prop::collection::vec(any::<u8>(), 0..40),
        how in 0..5,
    ) {
        let state = State(pairs);
        wanted.extend(state.0.keys().take(3).cloned());
        let (root, mut nodes) = (state.root(), state.proof(wanted.clone()));
        let place = place.index(nodes.len());
        match how {
            0 => drop(nodes.remove(place)),
            1 => {
                let bit = bit.index(nodes[place].len() * 8);
                nodes[place][bit / 8] ^= 1 << (bit % 8);
                nodes.sort();
            }
            2 => {
                prop_assume!(!nodes.contains(&extra));
                nodes.push(extra);
                nodes.sort();
            }
            3 => nodes.push(nodes[place].clone()),
            _ => {
                prop_assume!(nodes.len() > 1);
                nodes.reverse();
            }
        }
        prop_assert!(read(root, &nodes, &wanted).is_err());
    }

    #[test]
    fn no_bytes_make_it_panic(nodes in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 1..5), key in prop::collection::vec(any::<u8>(), 0..5)) {
        let mut nodes = nodes;
        nodes.sort();
        for node in &nodes {
            let _ = read(blake2_256(&[node]), &nodes, std::slice::from_ref(&key));
        }
    }
}

fn of_one_node(node: &[u8], key: &[u8]) -> Result<Option<Vec<u8>>, BadProof> {
    let nodes = [node.to_vec()];
    let values = read(blake2_256(&[node]), &nodes, &[key.to_vec()]);
    values.map(|values| values[0].clone())
}

#[test]
fn a_node_is_taken_only_as_the_chain_writes_it() {
    // A leaf of the two nibbles of key 0x12, with the value 0x07.
    assert_eq!(of_one_node(&[0x42, 0x12, 4, 7], &[0x12]), Ok(Some(vec![7])));
    let not_canonical = [
        // One nibble, before which the padding is not nothing.
        &[0x41u8, 0x12, 4, 7][..],
        // The length of the value written in more bytes than it takes, and in a mode of four.
        &[0x42, 0x12, 0b0000_0101, 0, 7],
        &[0x42, 0x12, 0b0000_0110, 0, 0, 0, 7],
        // Something after the value.
        &[0x42, 0x12, 4, 7, 0],
        // Kinds that there are not: the empty trie, and what is reserved.
        &[0x00],
        &[0x01],
        &[],
        // A branch without a child.
        &[0x80, 0, 0],
        // A value that is cut off.
        &[0x42, 0x12, 8, 7],
    ];
    for node in not_canonical {
        let read = of_one_node(node, &[0x12]);
        assert!(
            matches!(read, Err(BadProof::NotCanonical(_) | BadProof::Malformed(_))),
            "{node:?}: {read:?}"
        );
    }
    // A value of 33 bytes belongs beside the node.
    let long = [&[0x42, 0x12, 33 << 2][..], &[7; 33]].concat();
    assert!(matches!(
        of_one_node(&long, &[0x12]),
        Err(BadProof::NotCanonical(_))
    ));
    // A child of 33 bytes is named by its hash.
    let child = [&[0x80u8, 1, 0, 33 << 2][..], &[0x42; 33]].concat();
    assert!(matches!(
        of_one_node(&child, &[0x02]),
        Err(BadProof::Malformed(_))
    ));
}
