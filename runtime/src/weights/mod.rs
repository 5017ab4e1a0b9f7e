//! What calls weigh, as `scripts/weights` measured it.

pub mod pallet_consortium;
pub mod pallet_incidents;
pub mod pallet_members;
pub mod pallet_services;
