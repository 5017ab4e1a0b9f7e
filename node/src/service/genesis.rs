//! The block that the chain starts with, and whether the database starts with the same.
//!
//! A data folder is named after the chain's id. Two chains may share an id, such as a development
//! chain before and after its runtime changed; the SDK then runs on with the chain that is in the
//! database and ignores the specification that it was given. We refuse.

use std::sync::Arc;

use codec::{DecodeAll, Encode};
use faultline_proof::{bundle::Genesis, keys};
use faultline_runtime::{opaque::Block, Header};
use sc_client_api::Backend;
use sc_service::{BuildGenesisBlock, Configuration, GenesisBlockBuilder};
use sp_blockchain::HeaderBackend;
use sp_core::storage::Storage;
use sp_runtime::{
    traits::{Block as _, HashingFor},
    StateVersion,
};
use sp_state_machine::{prove_read, InMemoryBackend};

use super::{
    parts::{Executor, FullBackend, Hash},
    Error,
};

/// The database holds another chain than the specification describes.
#[derive(Debug, thiserror::Error)]
#[error(
    "the data folder {folder} holds another chain: its genesis is {found:?}, that of the \
     specification `{id}` is {expected:?}.\nUse another --base-path, or delete the chain that is \
     there with `purge-chain`. If it is the chain you mean and only the node is new: `dev`, \
     `local` and files without code take the code of the node that reads them, so run that chain \
     with a specification that has the code (`export-chain-spec --raw`, by the node it began with)"
)]
pub struct OtherChain {
    folder: String,
    id: String,
    found: Hash,
    expected: Hash,
}

/// The first authorities cannot be proven from the genesis block.
#[derive(Debug, thiserror::Error)]
#[error("the genesis block does not say who makes the first blocks final: {0}")]
pub struct NoOrigin(String);

/// What makes the first block of `config`'s chain, should the database still be empty, and the proof, under that block's
/// state, of who makes the first blocks final. The proof is made of the specification: a node that prunes, or that synced
/// from proofs, does not have that state.
///
/// # Errors
///
/// [`OtherChain`], if the database already begins with another block; a genesis that the runtime
/// does not take; [`NoOrigin`].
pub fn builder(
    config: &Configuration,
    backend: &Arc<FullBackend>,
    executor: &Executor,
) -> Result<(GenesisBlockBuilder<Block, FullBackend, Executor>, Genesis), Error> {
    let storage = config
        .chain_spec
        .as_storage_builder()
        .build_storage()
        .map_err(sp_blockchain::Error::Storage)?;
    let builder = |storage, commit| {
        GenesisBlockBuilder::<Block, _, _>::new_with_storage(
            storage,
            commit,
            backend.clone(),
            executor.clone(),
        )
    };

    // The operation that comes with the block is never committed.
    let (block, _operation) = builder(storage.clone(), false)?.build_genesis_block()?;
    let expected = block.header().hash();
    let found = backend.blockchain().info().genesis_hash;
    if found != Hash::default() && found != expected {
        return Err(Error::OtherChain(OtherChain {
            folder: config.data_path.display().to_string(),
            id: config.chain_spec.id().into(),
            found,
            expected,
        }));
    }

    let origin = origin(block.header(), storage.clone())?;
    Ok((builder(storage, !config.no_genesis())?, origin))
}

/// The genesis block with the proof of the first authorities.
fn origin(header: &Header, storage: Storage) -> Result<Genesis, NoOrigin> {
    let failed = |error: &dyn std::fmt::Display| NoOrigin(error.to_string());
    let state = InMemoryBackend::<HashingFor<Block>>::from((storage, StateVersion::V1));
    let proof = prove_read(state, [keys::authorities()]).map_err(|error| failed(&error))?;
    let header = DecodeAll::decode_all(&mut header.encode().as_slice()).map_err(|error| failed(&error))?;
    let genesis = Genesis {
        header,
        nodes: proof.into_iter_nodes().collect(),
    };
    match genesis.authorities() {
        Ok(_) => Ok(genesis),
        Err(why) => Err(NoOrigin(format!("{why:?}"))),
    }
}
