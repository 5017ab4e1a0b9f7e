//! Tests over a chain of this pallet alone; each ends with the check of what must always be true.

mod refusals;
mod reports;
mod state;
