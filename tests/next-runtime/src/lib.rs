//! The runtime that the tests upgrade a chain to: this one, one version later and with a migration of what is stored
//! (feature `next` of `faultline-runtime`).

#![cfg_attr(not(feature = "std"), no_std)]
// The constants that the builder writes have no documentation.
#![allow(missing_docs)]

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

// All of it: what a node calls in a runtime is exported by the crate that defines it.
#[cfg(target_family = "wasm")]
pub use faultline_runtime::*;
