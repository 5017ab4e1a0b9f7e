//! The runtime that `scripts/bench` measures ours against: the same calls with the SDK's own figures for what a transaction
//! and a key weigh, and with the blocks of its template (feature `stock` of `faultline-runtime`).

#![cfg_attr(not(feature = "std"), no_std)]
// The constants that the builder writes have no documentation.
#![allow(missing_docs)]

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

// All of it: what a node calls in a runtime is exported by the crate that defines it.
#[cfg(target_family = "wasm")]
pub use faultline_runtime::*;
