//! What the fuzzers run, a function each: from bytes to something hostile, and from there to what must hold of it.
//!
//! `proof/fuzz` makes a program of each for cargo-fuzz; `tests/replay.rs` runs them on the corpus with a stable
//! toolchain. Each says more than that nothing panics: what is taken must be true, by a second account of it that was
//! written to be plain and not fast.

pub mod bundles;
pub mod entries;
pub mod envelopes;
pub mod tries;
pub mod votes;

use arbitrary::Unstructured;

/// A fuzzed function and what it is called.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const ALL: [Target; 6] = [
    ("bundle", bundles::bytes),
    ("entries", entries::run),
    ("envelope", envelopes::run),
    ("forged", bundles::forged),
    ("justification", votes::run),
    ("trie", tries::run),
];

/// A number below `bound`; 0 where the bytes are used up.
fn below(bytes: &mut Unstructured, bound: usize) -> usize {
    match bound {
        0 => 0,
        _ => bytes.int_in_range(0..=bound - 1).unwrap_or_default(),
    }
}

/// Whether one of `in_all` equally likely things happens; not where the bytes are used up.
fn one_in(bytes: &mut Unstructured, in_all: usize) -> bool {
    below(bytes, in_all) == in_all - 1
}
