//! `check-index`: whether the index holds what the finalized state makes of it.

use std::sync::Arc;

use faultline_index::{Chain, Follower, Index, Step};
use faultline_primitives::Hash;
use sc_cli::{CliConfiguration, SharedParams};
use sc_service::Configuration;
use sp_blockchain::HeaderBackend;

use crate::{
    output,
    service::{
        index::{folder, Finalized},
        parts::Parts,
    },
};

/// Compare the index with one built anew from the finalized state; the node must not run
///
/// Says so and exits with 0 where both are the same to the byte, and with 1 where they differ. An index that is behind is
/// brought up to the finalized block first, as the node would.
#[derive(Debug, Clone, clap::Parser)]
pub struct CheckIndex {
    /// Where the node's data lies.
    #[command(flatten)]
    pub shared_params: SharedParams,
}

impl CliConfiguration for CheckIndex {
    fn shared_params(&self) -> &SharedParams {
        &self.shared_params
    }
}

/// Steps until there is nothing left to do.
fn finish<C: Chain>(follower: &Follower<C>) -> sc_cli::Result<()> {
    while follower.step().map_err(output::failed)? != Step::Done {}
    Ok(())
}

impl CheckIndex {
    /// Compares, and prints what it found.
    pub fn run(&self, config: &Configuration, parts: &Parts) -> sc_cli::Result<()> {
        let path = folder(config);
        let wrong = |what: &str| sc_cli::Error::Input(format!("the index in {} {what}", path.display()));
        if !path.exists() {
            return Err(wrong("is not there"));
        }
        let genesis = parts.client.info().genesis_hash;
        let chain = || Finalized::new(parts.client.clone(), parts.backend.clone());
        let (kept, anew) = Index::open(&path, Hash(genesis.0)).map_err(output::failed)?;
        if anew {
            return Err(wrong(
                "was damaged, or of another chain or format; it is empty now, and the node builds it anew",
            ));
        }
        let kept = Follower::new(Arc::new(kept), chain());
        finish(&kept)?;

        let scratch = path.with_extension("check");
        let (anew, _) = Index::open(&scratch, Hash(genesis.0)).map_err(output::failed)?;
        let anew = Follower::new(Arc::new(anew), chain());
        let difference =
            finish(&anew).and_then(|()| kept.index().difference(anew.index()).map_err(output::failed));
        drop(anew);
        std::fs::remove_dir_all(&scratch)?;

        let number = kept.index().state().head.map_or(0, |head| head.number);
        match difference? {
            None => output::print(&format!(
                "The index at block {number} is what the finalized state makes of it.\n"
            )),
            Some(difference) => Err(wrong(&format!(
                "differs at block {number} from what the finalized state makes of it, in `{}` at key 0x{}; \
                 delete it to have it built anew",
                difference.column,
                hex(&difference.key)
            ))),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
