//! The client and the runtime of this release: what the one signs is what the other reads.

mod calls;
mod upgrade;

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use codec::{DecodeAll, Encode};
use faultline_client::{
    call::Call,
    council::Proposal,
    runtime::{Runtime, Version, SPEC_VERSION, TRANSACTION_VERSION},
    Error,
};
use faultline_primitives::{rules::Rules, Hash};
use faultline_runtime::{Runtime as Native, RuntimeCall, VERSION};

use calls::{calls, observation, proposals, text, Consortium, Council, INCIDENT, ORGANISATION, SERVICE};

/// The metadata of the runtime of this release.
fn metadata() -> Result<Vec<u8>> {
    let metadata = Native::metadata_at_version(15).context("metadata of version 15")?;
    Ok(metadata.to_vec())
}

/// A runtime as a client meets it: by its metadata and its version.
fn runtime(metadata: &[u8], spec_version: u32, transaction_version: u32) -> Result<Runtime> {
    let version = Version {
        spec_version,
        transaction_version,
    };
    Ok(Runtime::read(Hash([7; 32]), version, metadata)?)
}

fn present() -> Result<Runtime> {
    runtime(&metadata()?, VERSION.spec_version, VERSION.transaction_version)
}

fn read(bytes: &[u8]) -> Result<RuntimeCall> {
    RuntimeCall::decode_all(&mut &bytes[..]).context("a call of the runtime's")
}

#[test]
fn every_call_that_the_client_makes_the_runtime_reads_as_it_was_meant() -> Result<()> {
    let runtime = present()?;
    for (call, native) in calls() {
        assert_eq!(read(&runtime.encode(&call)?)?, native, "{call:?}");
    }
    for (proposal, native) in proposals() {
        assert_eq!(read(&runtime.encode(proposal.call())?)?, native, "{proposal:?}");
        // The council is asked to do just that, and with the ayes that it wants.
        let motion: RuntimeCall = Consortium::enact {
            call: Box::new(native),
        }
        .into();
        let length_bound = u32::try_from(motion.encoded_size())?;
        let asked: RuntimeCall = Council::propose {
            threshold: proposal.act().majority().ayes(7),
            proposal: Box::new(motion),
            length_bound,
        }
        .into();
        let bytes = runtime.encode(&Call::propose(&proposal, 7))?;
        assert_eq!(read(&bytes)?, asked, "{proposal:?}");
    }
    Ok(())
}

/// A call or an event, by the name that it has in the file of shapes.
fn names<'a>(shapes: &'a str, kind: &str) -> BTreeSet<&'a str> {
    let lines = shapes.lines().filter_map(|line| line.strip_prefix(kind));
    lines.filter_map(|rest| rest.split_whitespace().next()).collect()
}

#[test]
fn the_shapes_that_the_client_knows_are_those_of_the_runtime_and_of_all_its_calls() -> Result<()> {
    let shapes = present()?.shapes();
    if std::env::var("GOLDEN").is_ok_and(|golden| golden == "write") {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../client/src/shapes.txt");
        return Ok(std::fs::write(path, shapes)?);
    }
    for (known, is) in Runtime::known_shapes().lines().zip(shapes.lines()) {
        assert_eq!(
            known, is,
            "the runtime takes it otherwise than client/src/shapes.txt says. If that is meant: raise the runtime's \
             transaction_version and the client's, and write the file anew with GOLDEN=write"
        );
    }
    assert_eq!(Runtime::known_shapes(), shapes);

    // No shape without a call above, and so without its comparison.
    let runtime = present()?;
    let mut made = BTreeSet::from(["Council.propose".to_owned(), "Consortium.enact".to_owned()]);
    let all = calls().into_iter().map(|(call, _)| call);
    let acts = proposals()
        .into_iter()
        .map(|(proposal, _)| proposal.call().clone());
    for call in all.chain(acts) {
        let call = read(&runtime.encode(&call)?)?;
        let name = frame_support::traits::GetCallMetadata::get_call_metadata(&call);
        made.insert(format!("{}.{}", name.pallet_name, name.function_name));
    }
    let made: BTreeSet<_> = made.iter().map(String::as_str).collect();
    assert_eq!(names(&shapes, "call "), made);
    assert!(!shapes.contains('?') && !shapes.contains("..."), "{shapes}");
    Ok(())
}

#[test]
fn the_client_says_for_which_runtime_it_was_made() {
    assert_eq!(
        (SPEC_VERSION, TRANSACTION_VERSION),
        (VERSION.spec_version, VERSION.transaction_version)
    );
}

/// The metadata with another word in a place of the same length.
fn with(metadata: &[u8], word: &str, other: &str) -> Vec<u8> {
    assert_eq!(word.len(), other.len());
    let find: Vec<u8> = word.encode();
    let put: Vec<u8> = other.encode();
    let mut changed = metadata.to_vec();
    let places: Vec<_> = (0..changed.len().saturating_sub(find.len()))
        .filter(|place| changed[*place..].starts_with(&find))
        .collect();
    assert!(!places.is_empty(), "{word} is in the metadata");
    for place in places {
        changed[place..place + put.len()].copy_from_slice(&put);
    }
    changed
}

#[test]
fn a_call_that_a_later_runtime_reads_otherwise_is_not_signed_and_the_others_are() -> Result<()> {
    let metadata = metadata()?;
    // What was Minor is Major now, and the other way round: the bytes are the same, and would mean another thing.
    let swapped = with(
        &with(&with(&metadata, "Minor", "Mxxor"), "Major", "Minor"),
        "Mxxor",
        "Major",
    );
    let report = Call::report(SERVICE, &observation(), &text(""));
    let withdraw = Call::withdraw(INCIDENT);
    let next = runtime(&swapped, SPEC_VERSION + 1, TRANSACTION_VERSION)?;
    match next.encode(&report) {
        Err(error @ Error::TooOld { .. }) => {
            let said = error.to_string();
            let versions = format!("(runtime {}, made for {SPEC_VERSION})", SPEC_VERSION + 1);
            assert!(said.contains("too old for the chain"), "{said}");
            assert!(said.contains(&versions), "{said}");
            assert!(
                error.advice().is_some_and(|advice| advice.contains("release")),
                "{error:?}"
            );
        }
        other => anyhow::bail!("{other:?}"),
    }
    assert_eq!(next.encode(&withdraw)?, present()?.encode(&withdraw)?);
    // A runtime that is later and takes the same is no reason to stop.
    assert!(runtime(&metadata, SPEC_VERSION + 1, TRANSACTION_VERSION)?
        .encode(&report)
        .is_ok());
    // Of the same version it is no question of age.
    let odd = runtime(&swapped, SPEC_VERSION, TRANSACTION_VERSION)?;
    assert!(matches!(odd.encode(&report), Err(Error::Incompatible(_))));
    // Transactions of another version are read otherwise as a whole.
    let changed = runtime(&metadata, SPEC_VERSION + 1, TRANSACTION_VERSION + 1)?;
    assert!(matches!(changed.encode(&withdraw), Err(Error::TooOld { .. })));
    Ok(())
}

#[test]
fn a_motion_is_not_proposed_where_what_it_asks_for_is_read_otherwise() -> Result<()> {
    let metadata = metadata()?;
    let swapped = with(&metadata, "min_measured", "max_measured");
    let next = runtime(&swapped, SPEC_VERSION + 1, TRANSACTION_VERSION)?;
    let rules = Call::propose(&Proposal::set_rules(Rules::standard()), 3);
    let seat = Call::propose(&Proposal::give_seat(ORGANISATION), 3);
    assert!(matches!(next.encode(&rules), Err(Error::TooOld { .. })));
    assert!(next.encode(&seat).is_ok());
    Ok(())
}
