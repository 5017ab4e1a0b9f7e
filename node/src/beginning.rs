//! What a chain begins with: the state that its specification describes, checked by the runtime that is in it.

use std::sync::Arc;

use faultline_runtime::opaque::Block;
use sc_client_api::in_mem;
use sc_executor::{RuntimeVersion, RuntimeVersionOf};
use sc_service::{BuildGenesisBlock, GenesisBlockBuilder};
use sp_core::{
    storage::{well_known_keys, Storage},
    traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode},
    Decode,
};
use sp_io::hashing::blake2_256;
use sp_runtime::traits::Block as _;

use crate::{
    hearing,
    service::parts::{Executor, Hash},
};

/// Why a specification describes no chain.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The runtime does not take what is to be its first state.
    #[error("the runtime refuses this beginning: {0}")]
    Refused(String),

    /// There is no code, or it cannot be run.
    #[error("the specification's runtime does not run: {0}; is it a specification of a Faultline chain, with code?")]
    NoRuntime(String),

    /// It is some other chain's runtime.
    #[error("the specification is of a chain of `{0}`, not of Faultline")]
    OtherRuntime(String),
}

/// A chain's first block.
pub struct Beginning {
    /// The state that it has.
    pub storage: Storage,
    /// Its hash, by which everybody knows the chain.
    pub hash: Hash,
    /// The runtime that it begins with.
    pub runtime: RuntimeVersion,
    executor: Executor,
}

impl Beginning {
    /// Makes the first block that a specification describes, as a node does.
    ///
    /// # Errors
    ///
    /// The runtime refuses it, or does not run.
    pub fn of(spec: &dyn sc_service::ChainSpec) -> Result<Self, Error> {
        let (storage, said) = hearing::of_runtime(|| spec.as_storage_builder().build_storage());
        let storage = storage.map_err(|reason| match said.last() {
            // A runtime that stops has said why before.
            Some(said) => Error::Refused(in_words(said)),
            None => Error::Refused(in_words(&reason)),
        })?;
        let mut beginning = Self {
            storage,
            hash: Hash::default(),
            runtime: RuntimeVersion::default(),
            // One for all questions: it makes machine code of the runtime once.
            executor: Executor::builder().build(),
        };
        beginning.runtime = beginning.ask(|executor, code| {
            executor
                .runtime_version(&mut sp_io::TestExternalities::default().ext(), code)
                .map_err(|error| error.to_string())
        })?;
        if beginning.runtime.spec_name != faultline_runtime::VERSION.spec_name {
            return Err(Error::OtherRuntime(beginning.runtime.spec_name.to_string()));
        }
        let (block, _) = GenesisBlockBuilder::<Block, _, _>::new_with_storage(
            beginning.storage.clone(),
            false,
            Arc::new(in_mem::Backend::<Block>::new()),
            beginning.executor.clone(),
        )
        .and_then(BuildGenesisBlock::build_genesis_block)
        .map_err(|error| Error::NoRuntime(error.to_string()))?;
        beginning.hash = block.header().hash();
        Ok(beginning)
    }

    /// How many there are, as the runtime counts them.
    ///
    /// # Errors
    ///
    /// The runtime does not run.
    pub fn counts(&self) -> Result<Counts, Error> {
        let mut state = sp_io::TestExternalities::from(self.storage.clone());
        Ok(Counts {
            organisations: self.call(&mut state, "FaultlineApi_organisation_count")?,
            services: self.call(&mut state, "FaultlineApi_service_count")?,
            validators: self
                .call::<Vec<[u8; 32]>>(&mut state, "AuraApi_authorities")?
                .len(),
        })
    }

    fn call<T: Decode>(&self, state: &mut sp_io::TestExternalities, function: &str) -> Result<T, Error> {
        let answer = self.ask(|executor, code| {
            let (answer, _) = executor.call(&mut state.ext(), code, function, &[], CallContext::Offchain);
            answer.map_err(|error| error.to_string())
        })?;
        T::decode(&mut &answer[..]).map_err(|error| Error::NoRuntime(format!("{function}: {error}")))
    }

    fn ask<T>(
        &self,
        question: impl FnOnce(&Executor, &RuntimeCode) -> Result<T, String>,
    ) -> Result<T, Error> {
        let code = self
            .storage
            .top
            .get(well_known_keys::CODE)
            .ok_or_else(|| Error::NoRuntime("there is no code".into()))?;
        let code = RuntimeCode {
            code_fetcher: &WrappedRuntimeCode(code.as_slice().into()),
            heap_pages: None,
            hash: blake2_256(code).to_vec(),
        };
        question(&self.executor, &code).map_err(|reason| Error::NoRuntime(in_words(&reason)))
    }
}

/// How many there are at the beginning.
pub struct Counts {
    /// Organisations.
    pub organisations: u32,
    /// Services.
    pub services: u32,
    /// Validators.
    pub validators: usize,
}

/// What a runtime says that stopped: without the place in its code, the backtrace, and what it was given.
fn in_words(reason: &str) -> String {
    let end = ["\nWASM backtrace", " for blob:", "\n\n"]
        .iter()
        .filter_map(|mark| reason.find(mark))
        .min()
        .unwrap_or(reason.len());
    let said = &reason[..end];
    let said = match said.rsplit_once("genesis: ") {
        Some((_, said)) => said,
        None => said
            .rsplit_once("wasm call error ")
            .map_or(said, |(_, said)| said),
    };
    said.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runtimes_panic_is_put_into_words() {
        let logged =
            "panicked at pallets/incidents/src/lib.rs:167:13:\ngenesis: these rules make no sense together";
        assert_eq!(in_words(logged), "these rules make no sense together");
        let panic = "wasm call error Execution aborted due to panic: panicked at pallets/members/src/lib.rs:137:21:\n\
                     genesis: organisation `Northwatch`: KeyInUse\nWASM backtrace:\nerror while executing at wasm";
        assert_eq!(in_words(panic), "organisation `Northwatch`: KeyInUse");
        let json = "Invalid JSON blob: missing field `admin` at line 7 column 3 for blob:\n{ ... }";
        assert_eq!(
            in_words(json),
            "Invalid JSON blob: missing field `admin` at line 7 column 3"
        );
        assert_eq!(in_words("wasm call error no such function"), "no such function");
    }

    #[test]
    fn the_first_block_of_a_development_chain_is_made_and_counted() {
        let spec = crate::chain_spec::load("local").expect("a preset");
        let beginning = Beginning::of(&spec).expect("the runtime takes its own preset");
        assert_ne!(beginning.hash, Hash::default());
        let counts = beginning.counts().expect("the runtime counts");
        assert_eq!(
            (counts.organisations, counts.services, counts.validators),
            (6, 4, 4)
        );
    }
}
