//! Whatever the verifier of evidence bundles takes as final, the SDK's own verifier takes: on what the fuzzers make, and
//! on their corpus. `proof/crosscheck` asks the same of smoldot.

#[path = "../../proof/tests/fuzzed/mod.rs"]
#[allow(dead_code)]
mod fuzzed;

use std::{fs, io, path::Path};

use codec::Encode;
use faultline_primitives::log::blake2_256;
use faultline_proof::{AuthoritySet, Finalized};
use faultline_runtime::Block;
use finality_grandpa::voter_set::VoterSet;
use fuzzed::votes::Case;
use sc_consensus_grandpa::GrandpaJustification;
use sp_consensus_grandpa::AuthorityId;
use sp_core::{ed25519, H256};

/// How many made-up inputs are tried.
const TRIES: u32 = 60_000;

/// Bytes of a number: as many as a case is made of.
fn made_up(number: u32) -> Vec<u8> {
    let block = |part: u32| blake2_256(&[&number.to_le_bytes(), &part.to_le_bytes()]).0;
    (0..10).flat_map(block).collect()
}

fn corpus() -> io::Result<Vec<Vec<u8>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../proof/fuzz/corpus/justification");
    fs::read_dir(folder)?.map(|file| fs::read(file?.path())).collect()
}

fn the_sdk_takes(finalized: &Finalized, set: &AuthoritySet) -> bool {
    let key = |key: [u8; 32]| AuthorityId::from(ed25519::Public::from_raw(key));
    let voters = VoterSet::new(set.authorities.iter().map(|one| (key(one.key), one.weight)));
    let target = (H256(finalized.header.hash().0), finalized.header.number);
    voters.is_some_and(|voters| {
        let encoded = finalized.justification.encode();
        GrandpaJustification::<Block>::decode_and_verify_finalizes(&encoded, target, set.id, &voters).is_ok()
    })
}

#[test]
fn no_block_is_final_for_the_verifier_that_is_not_for_the_sdk() -> io::Result<()> {
    let (mut ours, mut theirs) = (0, 0);
    for bytes in corpus()?.into_iter().chain((0..TRIES).map(made_up)) {
        let Case { set, finalized } = Case::of(&bytes);
        let here = finalized.check(&set).is_ok();
        let there = the_sdk_takes(&finalized, &set);
        assert!(there || !here, "the SDK does not take {finalized:#?} of {set:#?}");
        ours += u32::from(here);
        theirs += u32::from(there);
    }
    println!("{ours} taken here, {theirs} by the SDK");
    assert!(ours > 1_000, "{ours} say little");
    Ok(())
}
