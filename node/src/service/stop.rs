//! The end of a node, told as it is.

use std::sync::{Arc, OnceLock, Weak};

use sp_blockchain::HeaderBackend;

use super::parts::{FullBackend, FullClient};
use crate::watch::LOG_TARGET;

/// Says, when it is dropped, that the node stops and where.
pub struct Stopping(Arc<FullClient>);

impl Stopping {
    /// Says it of the node with this client.
    pub fn new(client: Arc<FullClient>) -> Self {
        Self(client)
    }
}

impl Drop for Stopping {
    fn drop(&mut self) {
        let info = self.0.info();
        log::info!(
            target: LOG_TARGET,
            "Stopping: best block #{}, final #{}",
            info.best_number,
            info.finalized_number
        );
    }
}

/// Knows whether the database was closed.
#[derive(Clone, Default)]
pub struct Stopped(Arc<OnceLock<Weak<FullBackend>>>);

impl Stopped {
    /// Watches a database, without keeping it open.
    pub(super) fn watch(&self, database: &Arc<FullBackend>) {
        // A node is started once.
        let _ = self.0.set(Arc::downgrade(database));
    }

    /// Says how the node ended. Nothing where it never began.
    pub fn tell(&self) {
        let Some(database) = self.0.get() else { return };
        match database.strong_count() {
            0 => log::info!(target: LOG_TARGET, "Stopped: the database is closed"),
            _ => log::warn!(
                target: LOG_TARGET,
                "Stopped while tasks still used the database: it is closed as by a crash, which it survives"
            ),
        }
    }
}
