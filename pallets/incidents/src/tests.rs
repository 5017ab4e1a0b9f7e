//! Tests over a chain of this pallet alone; each ends with the check of what must always be true.

mod deeds;
mod refusals;
mod reports;
mod state;
