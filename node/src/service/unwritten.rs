//! Ends the node when it cannot write a block.
//!
//! The SDK takes a new block into what it holds in memory before it writes it, and does not take it out again when that
//! fails, as on a full disk. Such a node goes on, with branches in mind that its database does not have, until it stumbles
//! over one of them. What is written is right: so it ends at once, and is right again when it is started.

use std::sync::Arc;

use async_trait::async_trait;
use faultline_runtime::opaque::Block;
use sc_consensus::{BlockCheckParams, BlockImport, BlockImportParams, ImportResult};
use sc_service::SpawnEssentialTaskHandle;
use sp_consensus::Error;
use tokio::sync::Notify;

use crate::watch::LOG_TARGET;

/// The way in for blocks, which ends the node when one cannot be written.
#[derive(Clone)]
pub struct EndsUnwritten<Inner> {
    inner: Inner,
    end: Arc<Notify>,
}

impl<Inner> EndsUnwritten<Inner> {
    /// Watches over `inner`. The node is that of `spawner`, which ends with its essential tasks.
    pub fn new(inner: Inner, spawner: &SpawnEssentialTaskHandle) -> Self {
        let end = Arc::new(Notify::new());
        let ended = end.clone();
        spawner.spawn("writing-blocks", None, async move { ended.notified().await });
        Self { inner, end }
    }
}

/// Whether the database failed, and neither the block nor whoever made it.
fn is_unwritten(error: &Error) -> bool {
    // An error of the database arrives here as text.
    matches!(error, Error::ClientImport(why) if why.contains("Database error"))
}

#[async_trait]
impl<Inner: BlockImport<Block, Error = Error> + Send + Sync> BlockImport<Block> for EndsUnwritten<Inner> {
    type Error = Error;

    async fn check_block(&self, block: BlockCheckParams<Block>) -> Result<ImportResult, Error> {
        self.inner.check_block(block).await
    }

    async fn import_block(&self, block: BlockImportParams<Block>) -> Result<ImportResult, Error> {
        let imported = self.inner.import_block(block).await;
        if let Err(error) = imported.as_ref() {
            if is_unwritten(error) {
                log::error!(
                    target: LOG_TARGET,
                    "A block cannot be written: {error}. This node ends, as what it holds in memory is no longer what \
                     its database holds. Make room on the disk, or mend it, and start the node again: nothing that was \
                     written is lost"
                );
                self.end.notify_one();
            }
        }
        imported
    }
}

#[cfg(test)]
mod tests {
    use sp_blockchain::Error as ChainError;

    use super::*;

    #[test]
    fn a_failed_write_is_told_from_a_block_that_is_wrong() {
        let full = std::io::Error::other("No space left on device");
        let database = sp_database::error::DatabaseError(Box::new(full));
        let failed = Error::ClientImport(ChainError::DatabaseError(database).to_string());
        assert!(is_unwritten(&failed), "{failed}");
        let wrong = Error::ClientImport(ChainError::InvalidStateRoot.to_string());
        assert!(!is_unwritten(&wrong), "{wrong}");
    }
}
