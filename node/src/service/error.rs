//! Why a node does not start.

use super::{genesis::OtherChain, ports::PortsTaken};

/// Why a node, or a subcommand that opens its database, does not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something in the SDK failed.
    #[error(transparent)]
    Sdk(#[from] sc_service::Error),

    /// The data folder is another chain's.
    #[error(transparent)]
    OtherChain(#[from] OtherChain),

    /// A port is taken.
    #[error(transparent)]
    PortsTaken(#[from] PortsTaken),

    /// `--network-backend libp2p`.
    #[error("Faultline speaks litep2p only: leave out --network-backend")]
    OtherNetworkBackend,

    /// `--database` with anything but `rocksdb`.
    #[error("Faultline keeps its chain in RocksDB only: leave out --database")]
    OtherDatabase,
}

impl From<sp_blockchain::Error> for Error {
    fn from(error: sp_blockchain::Error) -> Self {
        Self::Sdk(error.into())
    }
}

impl From<Error> for sc_cli::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Sdk(error) => Self::Service(error),
            ours => Self::Application(Box::new(ours)),
        }
    }
}
