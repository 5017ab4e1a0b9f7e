//! The functions that are fuzzed.

#[path = "../../tests/fuzzed/mod.rs"]
mod fuzzed;

pub use fuzzed::*;
