//! The domain of Faultline: what is recorded, and the pure rules that judge it.
//!
//! Everything that is said about an organisation, a service or an incident is an [`Entry`] of that
//! subject's own log. What the chain holds to be so, the [`Record`], is never set by anyone: it is what the
//! subject's [`Fold`] makes of the entries, in order. A pallet and an auditor call the same code and must
//! arrive at the same bytes.
//!
//! | module | holds |
//! | --- | --- |
//! | [`log`] | entries, heads, records, rolls: the one generic piece every subject is kept by |
//! | [`incident`] | what happened: the fold over attestations, with tally, medians and joining |
//! | [`attestation`] | what a reporter says it saw, and when that is well-formed |
//! | [`organisation`] | who may speak |
//! | [`service`] | what is watched |
//! | [`consortium`] | who keeps the chain: the council's seats and acts |
//! | [`rules`] | quorums and windows |
//! | [`quota`] | the token bucket by which members act free of fees |
//! | [`refusal`] | what the transaction pool answers to a transaction that it turns away |
//!
//! No FRAME, no I/O, no clock: "now" is always an argument.

#![cfg_attr(not(feature = "std"), no_std)]
// Not `cast_possible_truncation`: what SCALE derives casts the index of a variant.
#![deny(
    clippy::float_arithmetic,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used
)]
extern crate alloc;

pub mod attestation;
mod choice;
pub mod consortium;
pub mod incident;
pub mod log;
pub mod organisation;
pub mod quota;
pub mod refusal;
pub mod rules;
#[cfg(feature = "schema")]
mod schema;
pub mod service;
mod text;
mod units;

pub use log::{Entry, Fold, Record, Roll};
pub use text::Text;
pub use units::{
    Account, BlockNumber, Country, GroupId, Hash, IncidentId, Millis, OrganisationId, ServiceId, Sha256,
    Span, UnixMillis,
};

#[cfg(test)]
mod tests;
