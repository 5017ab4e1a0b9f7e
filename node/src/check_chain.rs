//! `check-chain`: what a chain specification holds, and that nothing in it is everybody's.

use crate::{beginning::Beginning, output, well_known::WellKnown};

/// Show what chain a specification describes, and refuse one that holds a key that everybody has.
///
/// Whoever joins a chain compares the genesis hash with that of the others.
#[derive(Debug, Clone, clap::Args)]
pub struct CheckChain {
    /// The chain specification
    #[arg(value_name = "FILE")]
    pub chain: String,
}

impl CheckChain {
    /// Prints what `spec` holds.
    pub fn run(&self, spec: &dyn sc_service::ChainSpec) -> sc_cli::Result<()> {
        let beginning = Beginning::of(spec).map_err(output::failed)?;
        let counts = beginning.counts().map_err(output::failed)?;
        output::print(&format!(
            "name           {}\n\
             id             {}\n\
             type           {:?}\n\
             genesis        {:?}\n\
             runtime        {} {}\n\
             organisations  {}\n\
             services       {}\n\
             validators     {}\n\
             boot nodes     {}\n",
            spec.name(),
            spec.id(),
            spec.chain_type(),
            beginning.hash,
            beginning.runtime.spec_name,
            beginning.runtime.spec_version,
            counts.organisations,
            counts.services,
            counts.validators,
            spec.boot_nodes().len(),
        ))?;
        WellKnown::all()
            .refuse_in(&beginning.storage)
            .map_err(output::failed)
    }
}
