//! Whole blocks, of signed transactions, executed as a node executes them.

use codec::Encode;
use faultline_primitives::UnixMillis;
use frame_support::storage::{with_transaction, TransactionOutcome};
use pallet_members::CheckMember;
use sp_consensus_aura::AURA_ENGINE_ID;
use sp_core::{sr25519, Pair};
use sp_runtime::{
    generic::{Digest, DigestItem, Era, SignedPayload},
    traits::Header as _,
    transaction_validity::{TransactionSource, TransactionValidity},
    ApplyExtrinsicResult, BuildStorage, DispatchError,
};

use super::chain;
use crate::{
    genesis, AccountId, Aura, Executive, Header, Runtime, RuntimeCall, RuntimeGenesisConfig, Signature,
    System, TxExtension, UncheckedExtrinsic,
};

pub use sp_keyring::Sr25519Keyring as Keyring;

/// The chain of `faultline-node --dev`, before its first block. Nothing is checked of it but by the tests.
pub fn dev_chain() -> sp_io::TestExternalities {
    let preset = genesis::preset(&sp_genesis_builder::DEV_RUNTIME_PRESET.into()).unwrap();
    let genesis: RuntimeGenesisConfig = serde_json::from_slice(&patched(&preset)).unwrap();
    genesis.build_storage().unwrap().into()
}

/// A preset as a whole configuration: where it says nothing, what a runtime has of itself.
fn patched(preset: &[u8]) -> Vec<u8> {
    let mut whole = serde_json::to_value(RuntimeGenesisConfig::default()).unwrap();
    let patch: serde_json::Value = serde_json::from_slice(preset).unwrap();
    for (pallet, of_pallet) in patch.as_object().unwrap() {
        for (name, value) in of_pallet.as_object().unwrap() {
            whole[pallet][name] = value.clone();
        }
    }
    serde_json::to_vec(&whole).unwrap()
}

/// A transaction as a client signs it.
pub fn transaction(who: Keyring, nonce: u32, call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
    let extension: TxExtension = (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        CheckMember::<Runtime>(nonce),
        frame_system::CheckWeight::new(),
    );
    let payload = SignedPayload::new(call.into(), extension).unwrap();
    let signature = payload.using_encoded(|bytes| sr25519::Pair::from(who).sign(bytes));
    let (call, extension, _) = payload.deconstruct();
    UncheckedExtrinsic::new_signed(
        call,
        AccountId::from(who.to_raw_public()).into(),
        Signature::Sr25519(signature),
        extension,
    )
}

/// What the pool says of a transaction. It asks at a block of its own, of which nothing stays.
pub fn pool(transaction: UncheckedExtrinsic) -> TransactionValidity {
    let parent = System::block_hash(0);
    let source = TransactionSource::External;
    let asked = with_transaction(|| {
        let answer = Executive::validate_transaction(source, transaction, parent);
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(answer))
    });
    asked.unwrap()
}

/// Makes the next block, at a time, of these transactions; and says what came of each. The events are the block's.
pub fn make(time: UnixMillis, transactions: Vec<UncheckedExtrinsic>) -> Vec<ApplyExtrinsicResult> {
    let number = System::block_number() + 1;
    let slot = DigestItem::PreRuntime(AURA_ENGINE_ID, (time.0 / Aura::slot_duration()).encode());
    let header = Header::new(
        number,
        Default::default(),
        Default::default(),
        System::block_hash(number - 1),
        Digest { logs: vec![slot] },
    );
    Executive::initialize_block(&header);
    let set_time = pallet_timestamp::Call::set { now: time.0 };
    let set_time = UncheckedExtrinsic::new_bare(set_time.into());
    assert_eq!(Executive::apply_extrinsic(set_time), Ok(Ok(())));
    let results = transactions.into_iter().map(Executive::apply_extrinsic).collect();
    Executive::finalize_block();
    results
}

/// Runs a test on a chain with a first block, and checks afterwards what must always be true.
pub fn run(test: impl FnOnce()) {
    dev_chain().execute_with(|| {
        make(chain::START, vec![]);
        test();
        chain::check_state();
    });
}
