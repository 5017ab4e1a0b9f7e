//! What the council does, and what nobody may do in its place.

mod motions;
mod seats;
mod upgrades;
mod validators;
