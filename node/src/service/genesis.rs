//! The block that the chain starts with, and whether the database starts with the same.
//!
//! A data folder is named after the chain's id. Two chains may share an id, such as a development
//! chain before and after its runtime changed; the SDK then runs on with the chain that is in the
//! database and ignores the specification that it was given. We refuse.

use std::sync::Arc;

use faultline_runtime::opaque::Block;
use sc_client_api::Backend;
use sc_service::{BuildGenesisBlock, Configuration, GenesisBlockBuilder};
use sp_blockchain::HeaderBackend;
use sp_runtime::traits::Block as _;

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

/// What makes the first block of `config`'s chain, should the database still be empty.
///
/// # Errors
///
/// [`OtherChain`], if the database already begins with another block; a genesis that the runtime
/// does not take.
pub fn builder(
    config: &Configuration,
    backend: &Arc<FullBackend>,
    executor: &Executor,
) -> Result<GenesisBlockBuilder<Block, FullBackend, Executor>, Error> {
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

    let found = backend.blockchain().info().genesis_hash;
    if found != Hash::default() {
        // The operation that comes with the block is never committed.
        let (block, _operation) = builder(storage.clone(), false)?.build_genesis_block()?;
        let expected = block.header().hash();
        if found != expected {
            return Err(Error::OtherChain(OtherChain {
                folder: config.data_path.display().to_string(),
                id: config.chain_spec.id().into(),
                found,
                expected,
            }));
        }
    }

    Ok(builder(storage, !config.no_genesis())?)
}
