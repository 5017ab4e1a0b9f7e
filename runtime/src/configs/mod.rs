//! How each pallet is set up, a file each. What one pallet needs of another is joined here.

mod aura;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarks;
mod consortium;
pub mod council;
mod grandpa;
mod incidents;
mod members;
mod offences;
pub mod pause;
mod services;
pub mod session;
mod system;
mod timestamp;
