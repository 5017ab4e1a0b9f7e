//! How each pallet is set up, a file each. What one pallet needs of another is joined here.

mod aura;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarks;
mod consortium;
pub mod council;
mod grandpa;
mod incidents;
mod members;
pub mod pause;
mod services;
mod system;
mod timestamp;
