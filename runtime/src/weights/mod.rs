//! What calls weigh. All but `base` is written by `scripts/weights`.

#[cfg(not(feature = "stock"))]
pub mod base;
#[cfg(feature = "stock")]
#[path = "stock.rs"]
pub mod base;
pub mod frame_system_extensions;
pub mod pallet_collective;
pub mod pallet_consortium;
pub mod pallet_incidents;
pub mod pallet_members;
pub mod pallet_services;
pub mod pallet_timestamp;
pub mod pallet_tx_pause;
