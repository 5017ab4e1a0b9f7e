//! The verifier of evidence bundles for a browser, or whatever else runs WebAssembly: no imports, three functions.
//!
//! A host asks for room by [`room`], writes an envelope and what it trusts there, both as JSON, and calls [`verify`],
//! which says where the outcome is, as JSON: the length in the lower 32 bits, the place in the higher. What it asked for
//! and what it was given, it gives back by [`release`]. `vectors.mjs` is such a host.

#![no_std]
#![warn(missing_docs)]

extern crate alloc;

use alloc::{boxed::Box, string::ToString, vec, vec::Vec};

use faultline_proof::outcome::{outcome, Trusted};

#[global_allocator]
static MEMORY: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// Nothing panics; should something, the host sees a trap.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn trap(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

fn leak(bytes: Vec<u8>) -> *mut [u8] {
    Box::into_raw(bytes.into_boxed_slice())
}

/// Room for so many bytes.
#[no_mangle]
pub extern "C" fn room(length: usize) -> *mut u8 {
    leak(vec![0; length]).cast()
}

/// Gives room back.
///
/// # Safety
///
/// Room of this place and length must have been given out, and not been given back.
#[no_mangle]
pub unsafe extern "C" fn release(place: *mut u8, length: usize) {
    // SAFETY: as the host promises, it is a box of this length.
    drop(unsafe { Box::from_raw(core::ptr::slice_from_raw_parts_mut(place, length)) });
}

/// Verifies an envelope from what is trusted: `{"genesis": "0x…"}`, or `{"checkpoint": "NUMBER:HASH:SETID:SETHASH"}`.
///
/// # Safety
///
/// Both places must be readable for their lengths.
#[no_mangle]
pub unsafe extern "C" fn verify(
    envelope: *const u8,
    envelope_length: usize,
    trusted: *const u8,
    trusted_length: usize,
) -> u64 {
    // SAFETY: as the host promises, both are readable.
    let (envelope, trusted) = unsafe {
        (
            core::slice::from_raw_parts(envelope, envelope_length),
            core::slice::from_raw_parts(trusted, trusted_length),
        )
    };
    let said = match serde_json::from_slice::<Trusted>(trusted) {
        Ok(trusted) => serde_json::to_vec(&outcome(envelope, &trusted)),
        Err(why) => serde_json::to_vec(&serde_json::json!({ "error": why.to_string() })),
    };
    let said = leak(said.unwrap_or_default());
    (said.cast::<u8>() as u64) << 32 | said.len() as u64
}
