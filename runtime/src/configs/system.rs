//! Blocks: how heavy, how long, and what they are made of.

use frame_support::{derive_impl, dispatch::DispatchClass, parameter_types, traits::ConstU32};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::{traits::AccountIdLookup, Perbill};
use sp_version::RuntimeVersion;

use crate::{
    weights::base::{self, MAX_BLOCK},
    AccountId, Block, BlockNumber, Hash, Nonce, PalletInfo, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeOrigin, RuntimeTask, TxPause, VERSION,
};

/// Part of a block that members' transactions may fill; the rest is for what must go in.
const NORMAL_SHARE: Perbill = Perbill::from_percent(75);
/// Part of a block that initializing it takes: far less, but what a transaction may weigh at most is reckoned by it.
const AVERAGE_INITIALIZATION: Perbill = Perbill::from_percent(10);
/// Size of a full block, in bytes: what a proposer fills at most.
const MAX_LENGTH: u32 = 4 * 1024 * 1024;

parameter_types! {
    pub const BlockHashCount: BlockNumber = 2400;
    pub const Version: RuntimeVersion = VERSION;
    pub RuntimeBlockWeights: BlockWeights = BlockWeights::builder()
        .base_block(base::BLOCK)
        .for_class(DispatchClass::all(), |weights| weights.base_extrinsic = base::TRANSACTION)
        .for_class(DispatchClass::Normal, |weights| {
            weights.max_total = Some(NORMAL_SHARE * MAX_BLOCK);
        })
        .for_class(DispatchClass::Operational, |weights| {
            weights.max_total = Some(MAX_BLOCK);
            weights.reserved = Some(MAX_BLOCK - NORMAL_SHARE * MAX_BLOCK);
        })
        .avg_block_initialization(AVERAGE_INITIALIZATION)
        .build_or_panic();
    pub RuntimeBlockLength: BlockLength = BlockLength::builder()
        .max_length(MAX_LENGTH)
        .modify_max_length_for_class(DispatchClass::Normal, |max| {
            *max = NORMAL_SHARE * MAX_LENGTH;
        })
        .build();
    pub const Ss58Prefix: u8 = 42;
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = Block;
    /// What the council has paused is refused. Who may make a call is for the gate to say.
    type BaseCallFilter = TxPause;
    type BlockWeights = RuntimeBlockWeights;
    type BlockLength = RuntimeBlockLength;
    type AccountId = AccountId;
    type Lookup = AccountIdLookup<AccountId, ()>;
    type Nonce = Nonce;
    type Hash = Hash;
    type BlockHashCount = BlockHashCount;
    type DbWeight = base::DbWeight;
    type ExtensionsWeightInfo = crate::weights::frame_system_extensions::WeightInfo<Runtime>;
    type Version = Version;
    type SS58Prefix = Ss58Prefix;
    type SingleBlockMigrations = crate::migrations::Migrations;
    type MaxConsumers = ConstU32<16>;
}
