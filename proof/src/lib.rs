//! Evidence bundles: what they hold, and how to verify one.
//!
//! A [`Bundle`] is all that somebody needs who trusts nothing but a chain's genesis hash, or a [`Checkpoint`], to learn
//! what that chain says of an incident or of a service: [`verify()`] takes the two and gives what is proven, as types, or
//! the first step that fails.
//!
//! | module | holds |
//! | --- | --- |
//! | [`bundle`] | what a bundle holds, and how it is written down |
//! | [`header`] | block headers, and the changes of authorities that they announce |
//! | [`finality`] | authority sets, and the votes by which one makes a block final |
//! | [`trie`] | what a state root says of a key |
//! | [`keys`] | where the chain keeps what is proven |
//! | [`mod@verify`] | the steps of verifying, and what they prove |
//! | [`fault`] | the first thing that does not hold |
//! | [`mod@compare`] | whether a later bundle continues an earlier one |
//! | [`envelope`] | the JSON file in which people keep a bundle |
//! | [`name`] | what steps and faults are called where programs tell them apart |
//! | [`mod@outcome`] | verifying from JSON to JSON |
//!
//! No I/O, no clock, no global state, and nothing that panics, whatever the bytes.
//!
//! # What is assumed, and what is not proven
//!
//! That in every authority set of the history that the bundle shows, the first included, less than a third of the weight
//! belongs to keys whose holders would vote for two histories: old keys, too, as whoever holds enough of them could make up
//! another history from there on. From a checkpoint on, only of the sets after it. That BLAKE2b, SHA-256 and ed25519 hold.
//!
//! Nothing is said of what came after the block that the bundle was made at, and nothing of whether what the organisations
//! said is true: a bundle proves who said what and when, and that nothing of it is left out.

#![cfg_attr(not(test), no_std)]
// Not `cast_possible_truncation`: what SCALE derives casts the index of a variant.
#![deny(
    clippy::float_arithmetic,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::expect_used
)]
#![cfg_attr(test, allow(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

extern crate alloc;

pub mod bundle;
pub mod compare;
pub mod envelope;
pub mod fault;
pub mod finality;
pub mod header;
pub mod keys;
pub mod name;
pub mod outcome;
pub mod trie;
pub mod verify;

pub use bundle::{Bundle, Claim, Start};
pub use compare::compare;
pub use envelope::Envelope;
pub use fault::Fault;
pub use faultline_primitives::consortium::Checkpoint;
pub use finality::{AuthoritySet, Finalized, Justification};
pub use header::Header;
pub use verify::{verify, Anchor, History, Proven, Step};
