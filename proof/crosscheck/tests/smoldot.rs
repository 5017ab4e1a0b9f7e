//! Whatever our verifier takes, smoldot's takes, and reads the same: on what the fuzzers make, and on their corpus.

#[path = "../../tests/fuzzed/mod.rs"]
#[allow(dead_code)]
mod fuzzed;

use std::{fs, io, path::Path};

use arbitrary::Unstructured;
use codec::Encode;
use faultline_primitives::log::blake2_256;
use faultline_proof::{trie::Proof, AuthoritySet, Bundle, Envelope, Justification};
use fuzzed::{tries, votes};
use smoldot::{
    finality::verify::{verify_justification, JustificationVerifyConfig},
    trie::proof_decode,
};

/// How many made-up inputs are tried of each kind.
const TRIES: u32 = 60_000;

/// Bytes of a number: as many as the fuzzed functions read.
fn made_up(number: u32) -> Vec<u8> {
    let block = |part: u32| blake2_256(&[&number.to_le_bytes(), &part.to_le_bytes()]).0;
    (0..10).flat_map(block).collect()
}

/// The corpus of a target.
fn corpus(target: &str) -> io::Result<Vec<Vec<u8>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(target);
    fs::read_dir(folder)?.map(|file| fs::read(file?.path())).collect()
}

fn smoldot_takes(justification: &Justification, set: &AuthoritySet) -> bool {
    let config = JustificationVerifyConfig {
        justification: justification.encode(),
        block_number_bytes: 4,
        authorities_set_id: set.id,
        authorities_list: set.authorities.iter().map(|one| one.key.as_slice()),
        randomness_seed: [7; 32],
    };
    verify_justification(config).is_ok()
}

#[test]
fn no_block_is_final_here_that_is_not_for_smoldot() -> io::Result<()> {
    let (mut ours, mut theirs) = (0, 0);
    for bytes in corpus("justification")?
        .into_iter()
        .chain((0..TRIES).map(made_up))
    {
        let votes::Case { set, finalized } = votes::Case::of(&bytes);
        // smoldot counts heads: it knows no chain on which they weigh differently.
        if set.authorities.iter().any(|one| one.weight != 1) {
            continue;
        }
        let here = finalized.check(&set).is_ok();
        let there = smoldot_takes(&finalized.justification, &set);
        assert!(there || !here, "smoldot does not take {finalized:#?} of {set:#?}");
        ours += u32::from(here);
        theirs += u32::from(there);
    }
    println!("{ours} taken here, {theirs} by smoldot");
    assert!(ours > 1_000, "{ours} say little");
    Ok(())
}

#[test]
fn smoldot_takes_the_votes_of_every_good_vector() -> io::Result<()> {
    let mut taken = 0;
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors"))? {
        let path = file?.path();
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        if !name.starts_with("good-") || name == "good-weights" {
            continue;
        }
        let vector: serde_json::Value = serde_json::from_slice(&fs::read(path)?)?;
        let envelope: Envelope = serde_json::from_value(vector["envelope"].clone())?;
        let bundle: Bundle = envelope.open().expect("a good bundle");
        let mut set = bundle.start.set().expect("a good start");
        for block in bundle.changes.iter().chain([&bundle.block]) {
            assert!(smoldot_takes(&block.justification, &set), "{name}");
            taken += 1;
            let next = block.header.next_authorities().expect("good notes");
            set = AuthoritySet {
                id: set.id + 1,
                authorities: next.unwrap_or_default(),
            };
        }
    }
    assert!(taken > 10, "{taken} say little");
    Ok(())
}

#[test]
fn no_value_is_read_here_that_smoldot_does_not_read() -> io::Result<()> {
    let mut read = 0;
    for bytes in corpus("trie")?.into_iter().chain((0..TRIES).map(made_up)) {
        let tries::Case {
            root, nodes, asked, ..
        } = tries::Case::of(&mut Unstructured::new(&bytes));
        let ours = || {
            let proof = Proof::new(root, &nodes).ok()?;
            let found = asked
                .iter()
                .map(|key| proof.read(key))
                .collect::<Result<Vec<_>, _>>()
                .ok()?;
            proof.ensure_exact().ok().map(|()| found)
        };
        let Some(ours) = ours() else {
            continue;
        };
        let theirs = proof_decode::decode_and_verify_proof(proof_decode::Config {
            proof: nodes.encode(),
        });
        let theirs = theirs.expect("smoldot takes the proof");
        for (key, found) in asked.iter().zip(ours) {
            let value = theirs
                .storage_value(&root.0, key)
                .expect("smoldot finds the proof whole");
            assert_eq!(value.map(|(value, _)| value.to_vec()), found);
            read += 1;
        }
    }
    println!("{read} keys read");
    assert!(read > 1_000, "{read} say little");
    Ok(())
}
