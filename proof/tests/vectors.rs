//! The vectors in `proof/vectors`, which verifiers in other languages run as well: that each comes out as it says, and
//! that no fault is without one.
//!
//! `GOLDEN=write` makes the files.

mod vectored;

use std::{collections::BTreeSet, env, fs, io, path::PathBuf};

use faultline_proof::{
    bundle::Unreadable,
    envelope::BadEnvelope,
    fault::{BadBlock, BadChange, BadEntries, BadFold, BadOrigin, BadState, Subject},
    finality::{BadSet, NotFinal},
    header::BadNote,
    outcome::Outcome,
    trie::BadProof,
    Step,
};
use vectored::Vector;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

#[test]
fn each_vector_is_the_file_that_it_was() -> io::Result<()> {
    let golden = env::var("GOLDEN").is_ok_and(|golden| golden == "write");
    if golden {
        for file in fs::read_dir(folder())? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                fs::remove_file(path)?;
            }
        }
    }
    let mut names = BTreeSet::new();
    for vector in vectored::all() {
        let file = format!("{}.json", vector.name);
        let json = serde_json::to_string_pretty(&vector)? + "\n";
        if golden {
            fs::write(folder().join(&file), &json)?;
        }
        assert_eq!(fs::read_to_string(folder().join(&file))?, json, "{file}");
        assert!(names.insert(file), "{} is there twice", vector.name);
    }
    for file in fs::read_dir(folder())? {
        let name = file?.file_name().into_string().expect("a name");
        let is_other = name == "README.md" || name == "recorded";
        assert!(is_other || names.contains(&name), "{name} is no vector");
    }
    Ok(())
}

#[test]
fn each_vector_comes_out_as_it_says() -> serde_json::Result<()> {
    for vector in vectored::all() {
        let read: Vector = serde_json::from_str(&serde_json::to_string(&vector)?)?;
        assert_eq!(read, vector);
        assert_eq!(read.outcome(), read.expect, "{}: {}", read.name, read.why);
    }
    Ok(())
}

/// Nobody makes these again: what nodes once gave must be read as long as the format has this version.
#[test]
fn what_nodes_once_gave_is_still_proven() -> io::Result<()> {
    let mut read = 0;
    for file in fs::read_dir(folder().join("recorded"))? {
        let vector: Vector = serde_json::from_slice(&fs::read(file?.path())?)?;
        assert!(matches!(vector.expect, Outcome::Proven(_)));
        assert_eq!(vector.outcome(), vector.expect, "{}: {}", vector.name, vector.why);
        read += 1;
    }
    assert!(read > 0, "nothing was recorded");
    Ok(())
}

/// Faults that no vector has, and why.
const WITHOUT: [(&str, &str); 5] = [
    ("read.tooLong", "the file would have more than 11 MB"),
    ("read.bundle.tooLong", "the file would have more than 11 MB"),
    (
        "read.bundle.notCanonical",
        "SCALE refuses before whatever is not written in the one way",
    ),
    (
        "notFinal.set",
        "a set is checked before anybody asks what it voted for",
    ),
    ("fold.full", "the log would have 2^32 - 1 entries"),
];

#[test]
fn no_fault_is_without_a_vector() {
    let faults: Vec<String> = vectored::all()
        .into_iter()
        .filter_map(|vector| match vector.expect {
            Outcome::Fault(named) => Some(named.fault),
            Outcome::Proven(_) => None,
        })
        .collect();
    let mut wanted: Vec<String> = vec![];
    let mut want = |outer: &[&str], inner: &[&str]| {
        for outer in outer {
            wanted.extend(inner.iter().map(|inner| format!("{outer}.{inner}")));
        }
    };
    want(&["read"], BadEnvelope::NAMES);
    want(&["read.bundle"], Unreadable::NAMES);
    want(&["origin"], BadOrigin::NAMES);
    want(&["authorities"], BadChange::NAMES);
    want(&["finality"], BadBlock::NAMES);
    want(&["state"], BadState::NAMES);
    want(&["entries"], BadEntries::NAMES);
    want(&["fold"], BadFold::NAMES);
    want(&["origin.set", "authorities.set"], BadSet::NAMES);
    want(&["authorities.note", "finality.note"], BadNote::NAMES);
    want(&["notFinal"], NotFinal::NAMES);
    want(&["state.proof"], BadProof::NAMES);
    want(&["state.malformed"], Subject::NAMES);
    want(
        &["state.absent"],
        Subject::NAMES
            .iter()
            .copied()
            .filter(|what| *what != "roll")
            .collect::<Vec<_>>()
            .as_slice(),
    );
    for wanted in wanted {
        // What a vector is of is more than that, or stands within something else.
        let inside = format!(".{wanted}.");
        let is_hit = faults.iter().any(|fault| format!(".{fault}.").contains(&inside));
        let is_excused = WITHOUT.iter().any(|(fault, _)| *fault == wanted);
        assert_ne!(is_hit, is_excused, "{wanted}: hit {is_hit}, excused {is_excused}");
    }
    assert!(Step::ALL
        .iter()
        .all(|step| faults.iter().any(|fault| fault.starts_with(step.name()))));
}
