//! Tests over a chain of this pallet alone; each ends with the check of what must always be true.

mod calls;
mod charges;
mod entries;
mod gate;
mod genesis;
mod keys;
mod state;
