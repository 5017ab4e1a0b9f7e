//! A chain in a RocksDB of its own, without a network: what a block costs by itself. [`typical`] is what is said mostly.

pub mod typical;

use std::{collections::HashMap, path::Path, sync::Arc, time::Instant};

use anyhow::{anyhow, Context, Result};
use codec::{Decode, Encode};
use faultline_runtime::{opaque::Block, Runtime, RuntimeApi, RuntimeCall};
use sc_block_builder::BlockBuilderBuilder;
use sc_client_api::{backend::TrieCacheContext, Backend as _};
use sc_client_db::{BlocksPruning, DatabaseSettings, DatabaseSource, PruningMode};
use sc_consensus::{BlockImport, BlockImportParams, ForkChoiceStrategy};
use sc_executor::WasmExecutor;
use sc_service::{ClientConfig, GenesisBlockBuilder, TFullBackend, TFullClient};
use serde_json::Value;
use sp_api::{Core, ProvideRuntimeApi};
use sp_blockchain::{ApplyExtrinsicFailed, Error as ChainError, HeaderBackend};
use sp_consensus::BlockOrigin;
use sp_consensus_aura::{Slot, AURA_ENGINE_ID};
use sp_core::{sr25519, storage::Storage, Pair};
use sp_runtime::{
    generic::Era,
    traits::{Block as _, Header as _},
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    Digest, DigestItem, OpaqueExtrinsic, StateVersion,
};
use sp_state_machine::Backend as _;

use crate::load::sign;

/// Hash of a block.
pub type Hash = sp_core::H256;
/// The database.
pub type Backend = TFullBackend<Block>;
type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;
type Client = TFullClient<Block, RuntimeApi, Executor>;

/// A slot's length, in milliseconds.
const SLOT: u64 = 3_000;

/// A chain.
pub struct Chain {
    /// The database.
    pub backend: Arc<Backend>,
    client: Client,
}

/// What is put into a block: who signs it, and what it does.
#[derive(Clone)]
pub struct Deed {
    /// Who signs it.
    pub by: sr25519::Pair,
    /// What it does.
    pub call: RuntimeCall,
}

/// Sets up a state, and says what is done in it.
pub type Scenario = fn(count: u32) -> Vec<Deed>;

/// A block, as a validator makes it.
#[derive(Clone)]
pub struct Made {
    /// The block.
    pub block: Block,
    /// How many transactions it holds besides the one that sets the time.
    pub transactions: u32,
    /// What it declares to weigh, in picoseconds.
    pub declared: u64,
    /// What it changes in the state: keys, and values where they stay.
    pub changes: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    /// The block before it.
    pub parent: Hash,
}

/// The state that a chain of the preset `development` begins with, after `add` has added to it.
///
/// # Errors
///
/// The preset is not what it was, or the runtime was built without its WASM.
pub fn genesis(add: impl FnOnce()) -> Result<Storage> {
    use sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilderV1 as Genesis;
    type Typed = faultline_runtime::Block;
    let mut top = std::collections::BTreeMap::new();
    let mut built = Ok(());
    sp_io::TestExternalities::new_empty().execute_with(|| {
        let preset = |name: Option<&str>| -> Result<Value> {
            let json = <Runtime as Genesis<Typed>>::get_preset(&name.map(Into::into));
            Ok(serde_json::from_slice(&json.context("no such preset")?)?)
        };
        built = preset(None)
            .and_then(|defaults| Ok(merged(defaults, preset(Some("development"))?)))
            .and_then(|config| {
                let config = serde_json::to_vec(&config)?;
                <Runtime as Genesis<Typed>>::build_state(config).map_err(|reason| anyhow!("{reason:?}"))
            });
        add();
        let mut key = Vec::new();
        while let Some(next) = sp_io::storage::next_key(&key) {
            if let Some(value) = sp_io::storage::get(&next) {
                top.insert(next.clone(), value.to_vec());
            }
            key = next;
        }
    });
    built?;
    let code = faultline_runtime::WASM_BINARY.context("built without the runtime's WASM")?;
    top.insert(b":code".to_vec(), code.to_vec());
    Ok(Storage {
        top,
        ..Storage::default()
    })
}

/// The first, with all that the second says in its place.
fn merged(mut defaults: Value, said: Value) -> Value {
    match (defaults.as_object_mut(), said) {
        (Some(fields), Value::Object(said)) => {
            for (name, value) in said {
                let field = fields.entry(name).or_insert(Value::Null);
                *field = merged(field.take(), value);
            }
            defaults
        }
        (_, said) => said,
    }
}

impl Chain {
    /// Opens the chain in a folder, or makes it.
    ///
    /// # Errors
    ///
    /// The database cannot be opened.
    pub fn open(folder: &Path, genesis: Storage) -> Result<Self> {
        let backend = sc_service::new_db_backend::<Block>(DatabaseSettings {
            // Both caches as a node has them unless it is told otherwise.
            trie_cache_maximum_size: Some(1024 * 1024 * 1024),
            state_pruning: Some(PruningMode::ArchiveCanonical),
            source: DatabaseSource::RocksDb {
                path: folder.to_path_buf(),
                cache_size: 1_024,
            },
            blocks_pruning: BlocksPruning::KeepAll,
            pruning_filters: Vec::new(),
            metrics_registry: None,
        })?;
        let executor: Executor = WasmExecutor::builder().build();
        let builder = GenesisBlockBuilder::<Block, _, _>::new_with_storage(
            genesis,
            true,
            backend.clone(),
            executor.clone(),
        )?;
        let client = sc_service::client::new_with_backend(
            backend.clone(),
            executor,
            builder,
            Box::new(sp_core::testing::TaskExecutor::new()),
            None,
            None,
            ClientConfig::default(),
        )?;
        Ok(Self { backend, client })
    }

    /// The hash of its best block.
    pub fn best(&self) -> Hash {
        self.client.info().best_hash
    }

    /// Puts transactions into a block at this time, in milliseconds, until it is full.
    ///
    /// # Errors
    ///
    /// The runtime refuses one for another reason than that the block is full.
    pub fn make(&self, time: u64, transactions: impl IntoIterator<Item = OpaqueExtrinsic>) -> Result<Made> {
        let info = self.client.info();
        let slot = DigestItem::PreRuntime(AURA_ENGINE_ID, Slot::from(time / SLOT).encode());
        let mut builder = BlockBuilderBuilder::new(&self.client)
            .on_parent_block(info.best_hash)
            .with_parent_block_number(info.best_number)
            .with_inherent_digests(Digest { logs: vec![slot] })
            .build()?;
        let mut inherents = sp_inherents::InherentData::new();
        inherents.put_data(
            sp_timestamp::INHERENT_IDENTIFIER,
            &sp_timestamp::Timestamp::new(time),
        )?;
        for inherent in builder.create_inherents(inherents)? {
            builder.push(inherent)?;
        }
        let mut count = 0;
        for transaction in transactions {
            match builder.push(transaction) {
                Ok(()) => count += 1,
                Err(ChainError::ApplyExtrinsicFailed(ApplyExtrinsicFailed::Validity(
                    TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources),
                ))) => break,
                Err(error) => return Err(error.into()),
            }
        }
        let built = builder.build()?;
        let key = frame_system::BlockWeight::<Runtime>::hashed_key();
        let weight = built
            .storage_changes
            .main_storage_changes
            .iter()
            .find(|(changed, _)| changed[..] == key[..])
            .and_then(|(_, value)| value.as_ref())
            .context("the block declares no weight")?;
        let weight = frame_system::ConsumedWeight::decode(&mut &weight[..])?;
        Ok(Made {
            block: built.block,
            transactions: count,
            declared: weight.total().ref_time(),
            changes: built.storage_changes.main_storage_changes,
            parent: info.best_hash,
        })
    }

    /// Executes a block as a node does that imports it, without keeping what comes of it: how long that takes.
    ///
    /// # Errors
    ///
    /// The block does not execute.
    pub fn execute(&self, made: &Made) -> Result<std::time::Duration> {
        let api = self.client.runtime_api();
        let block = made.block.clone();
        let parent = *block.header().parent_hash();
        let began = Instant::now();
        api.execute_block(parent, block.into())?;
        Ok(began.elapsed())
    }

    /// Computes the root of the state after a block from what it changes: how long that takes.
    ///
    /// # Errors
    ///
    /// The state before it is not there.
    pub fn root(&self, made: &Made) -> Result<std::time::Duration> {
        let state = self.backend.state_at(made.parent, TrieCacheContext::Trusted)?;
        let delta = made
            .changes
            .iter()
            .map(|(key, value)| (&key[..], value.as_deref()));
        let began = Instant::now();
        std::hint::black_box(state.storage_root(delta, StateVersion::V1));
        Ok(began.elapsed())
    }

    /// Executes a block and keeps it: how long that takes.
    ///
    /// # Errors
    ///
    /// The block is not imported.
    pub fn import(&self, made: Made) -> Result<std::time::Duration> {
        let (header, body) = made.block.deconstruct();
        let mut params = BlockImportParams::new(BlockOrigin::NetworkBroadcast, header);
        params.body = Some(body);
        params.fork_choice = Some(ForkChoiceStrategy::LongestChain);
        let began = Instant::now();
        let imported = futures::executor::block_on(self.client.import_block(params))?;
        let time = began.elapsed();
        anyhow::ensure!(
            matches!(imported, sc_consensus::ImportResult::Imported(_)),
            "the block was not imported: {imported:?}"
        );
        Ok(time)
    }

    /// Transactions that do this, in order.
    ///
    /// # Errors
    ///
    /// As of [`Self::sign`].
    pub fn signed(&self, deeds: Vec<Deed>) -> Result<Vec<OpaqueExtrinsic>> {
        let mut nonces = HashMap::new();
        deeds
            .into_iter()
            .map(|deed| {
                let nonce = nonces.entry(deed.by.public()).or_insert(0);
                *nonce += 1;
                self.sign(deed.call, &deed.by, *nonce - 1)
            })
            .collect()
    }

    /// A transaction as a member signs it.
    ///
    /// # Errors
    ///
    /// It is larger than may be.
    pub fn sign(&self, call: RuntimeCall, key: &sr25519::Pair, nonce: u32) -> Result<OpaqueExtrinsic> {
        let genesis = self.client.info().genesis_hash;
        let transaction = sign::transaction(genesis, (Era::Immortal, genesis), key, nonce, call);
        OpaqueExtrinsic::try_from_encoded_extrinsic(&transaction.encode()).map_err(|error| anyhow!("{error}"))
    }
}
