//! `faultline transaction`

use clap::Subcommand;
use faultline_client::transaction::LIFETIME;
use faultline_primitives::Hash;

use super::record;
use crate::{
    options::example,
    session::Session,
    trouble::{Result, Trouble},
};

#[derive(Subcommand)]
pub enum Transaction {
    /// Show what became of a transaction.
    #[command(after_help = example("transaction show\n\
        0x77934626615a3374d6e6b9fed18d39336c913f6da53629200243997953284b16"))]
    Show {
        /// Its hash.
        hash: Hash,
        /// How many finalized blocks to look through, from the newest back.
        #[arg(long, value_name = "N", default_value_t = 4 * LIFETIME)]
        blocks: u32,
    },
}

impl Transaction {
    pub async fn run(self, session: &Session) -> Result<()> {
        let Self::Show { hash, blocks } = self;
        // A pool forgets what a block holds: asked first, it cannot be missed in between.
        let waits = session.client.is_pending(hash).await?;
        match session.client.find(hash, blocks).await? {
            Some(recorded) => record::print(session, &recorded),
            None if waits => {
                Err(Trouble::failed("unfinished", format!("transaction {hash} waits to be recorded"))
                    .with_advice("Ask again in a moment."))
            }
            None => Err(Trouble::failed(
                "notFound",
                format!("the last {blocks} finalized blocks do not hold transaction {hash}, nor does this node's pool"),
            )
            .with_advice(format!(
                "A transaction can be recorded for {LIFETIME} blocks after its signing; look further back with --blocks."
            ))),
        }
    }
}
