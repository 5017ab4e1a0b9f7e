//! Tests over a chain of this pallet alone; each ends with the check of what must always be true.

#![allow(clippy::unwrap_used)]

mod refusals;
mod reports;
mod state;
