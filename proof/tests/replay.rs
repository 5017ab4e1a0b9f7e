//! The fuzzers' corpus, run once through what they run: with a stable toolchain, and without instruments.
//!
//! `GOLDEN=write` puts the bundles that the fuzzers begin with into the corpus.

mod fuzzed;

use std::{env, fs, io, path::PathBuf};

use faultline_proof::{Bundle, Envelope};

fn corpus(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target)
}

#[test]
fn everything_that_the_fuzzers_found_worth_keeping_still_holds() -> io::Result<()> {
    for (name, target) in fuzzed::ALL {
        let mut ran = 0;
        for file in fs::read_dir(corpus(name))? {
            target(&fs::read(file?.path())?);
            ran += 1;
        }
        assert!(ran > 0, "there is no corpus of {name}");
    }
    Ok(())
}

#[test]
fn the_corpus_holds_good_bundles_to_begin_with() -> io::Result<()> {
    let golden = env::var("GOLDEN").is_ok_and(|golden| golden == "write");
    for (number, bytes) in fuzzed::bundles::seeds().into_iter().enumerate() {
        let bundle = Bundle::from_bytes(&bytes).unwrap();
        let json = serde_json::to_vec(&Envelope::of(&bundle))?;
        for (target, seed) in [("bundle", bytes), ("envelope", json)] {
            let path = corpus(target).join(format!("seed-{number}"));
            if golden {
                fs::create_dir_all(corpus(target))?;
                fs::write(&path, &seed)?;
            }
            assert_eq!(
                fs::read(&path)?,
                seed,
                "{}: see GOLDEN in the head of this file",
                path.display()
            );
        }
    }
    Ok(())
}
