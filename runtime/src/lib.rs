//! The runtime: what Faultline's blocks do to its state.
//!
//! This file composes and does nothing else. Each pallet's configuration is in `configs`, what a node may ask is in
//! `apis`, and what a chain begins with is in `genesis`.

#![cfg_attr(not(feature = "std"), no_std)]
// Macros of the SDK generate items without documentation.
#![allow(missing_docs)]

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

extern crate alloc;

mod apis;
mod configs;
mod genesis;
mod migrations;
mod touched;
mod weights;

#[cfg(test)]
mod tests;

pub use apis::RuntimeApi;

use alloc::vec::Vec;
use frame_support::weights::Weight;
use sp_runtime::{
    generic, impl_opaque_keys,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
    MultiSignature,
};
use sp_version::RuntimeVersion;

/// Number of a block.
pub type BlockNumber = u32;
/// A signature over a transaction.
pub type Signature = MultiSignature;
/// Who signs.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// How an account is named in a transaction.
pub type Address = sp_runtime::MultiAddress<AccountId, ()>;
/// How many transactions an account has signed.
pub type Nonce = u32;
/// Hash of a block.
pub type Hash = sp_core::H256;
/// Header of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// What a transaction carries besides its call. [`pallet_members::CheckMember`] stands in for fees.
pub type TxExtension = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    pallet_members::CheckMember<Runtime>,
    frame_system::CheckWeight<Runtime>,
);
/// A transaction as it comes over the network.
pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// What executes blocks.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

/// The types that a node needs to know of a block, whatever the runtime makes of its transactions.
pub mod opaque {
    use super::*;

    /// A transaction, unread.
    pub use sp_runtime::OpaqueExtrinsic as UncheckedExtrinsic;

    /// Header of a block.
    pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
    /// A block whose transactions are unread.
    pub type Block = generic::Block<Header, UncheckedExtrinsic>;

    impl_opaque_keys! {
        pub struct SessionKeys {
            pub aura: super::Aura,
            pub grandpa: super::Grandpa,
        }
    }
}

/// The version of the runtime, which stands in its code as a literal only.
macro_rules! version {
    ($spec_version:tt) => {
        #[sp_version::runtime_version]
        pub const VERSION: RuntimeVersion = RuntimeVersion {
            spec_name: alloc::borrow::Cow::Borrowed("faultline"),
            impl_name: alloc::borrow::Cow::Borrowed("faultline"),
            authoring_version: 1,
            spec_version: $spec_version,
            impl_version: 1,
            apis: apis::RUNTIME_API_VERSIONS,
            transaction_version: 1,
            system_version: 1,
        };
    };
}

#[cfg(not(feature = "next"))]
version!(1);
// The tests upgrade to a runtime that is one version later.
#[cfg(feature = "next")]
version!(2);

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(2)]
    pub type Aura = pallet_aura;
    #[runtime::pallet_index(3)]
    pub type Grandpa = pallet_grandpa;

    #[runtime::pallet_index(10)]
    pub type Members = pallet_members;
    #[runtime::pallet_index(11)]
    pub type Services = pallet_services;
    #[runtime::pallet_index(12)]
    pub type Incidents = pallet_incidents;

    // The consortium counts the votes of its seats with the council, in the genesis block too.
    #[runtime::pallet_index(20)]
    pub type Council = pallet_collective;
    #[runtime::pallet_index(21)]
    pub type Consortium = pallet_consortium;
    #[runtime::pallet_index(22)]
    pub type TxPause = pallet_tx_pause;

    // After the consortium, which says who the validators of the first session are.
    #[runtime::pallet_index(30)]
    pub type Authorship = pallet_authorship;
    #[runtime::pallet_index(31)]
    pub type Historical = pallet_session::historical;
    #[runtime::pallet_index(32)]
    pub type Session = pallet_session;
    #[runtime::pallet_index(33)]
    pub type Offences = pallet_offences;
}
