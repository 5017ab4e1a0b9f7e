//! How each pallet is set up, a file each. What one pallet needs of another is joined here.

mod aura;
mod grandpa;
mod incidents;
mod members;
mod services;
mod system;
mod timestamp;
