//! Tests over a chain of this pallet alone; each ends with the check of what must always be true.

mod bounds;
mod deeds;
mod disputes;
mod entries;
mod everyone;
mod refusals;
mod reports;
mod state;
mod texts;
mod time;
