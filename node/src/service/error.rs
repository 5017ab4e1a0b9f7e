//! Why a node does not start.

use std::{io, net::SocketAddr};

use super::{
    database::Unopened,
    genesis::{NoOrigin, OtherChain},
    keystore::KeysUnusable,
    ports::PortsTaken,
};

/// Why a node, or a subcommand that opens its database, does not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something in the SDK failed.
    #[error(transparent)]
    Sdk(#[from] sc_service::Error),

    /// The database cannot be opened.
    #[error(transparent)]
    Database(#[from] Unopened),

    /// The keystore's keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeysUnusable),

    /// Two metrics have one name.
    #[error("metrics cannot be kept: {0}")]
    Metrics(#[from] substrate_prometheus_endpoint::PrometheusError),

    /// Health cannot be served.
    #[error("cannot serve health on {address}: {reason}; choose another with --health-port (0 takes any that is free)")]
    Health {
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        reason: io::Error,
    },

    /// Status pages cannot be served.
    #[error(
        "cannot serve status pages on {address}: {reason}; choose another with --status-page-port (0 takes any that is free)"
    )]
    StatusPage {
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        reason: io::Error,
    },

    /// The index cannot be opened.
    #[error(
        "cannot open the index: {0}; is another node running on the same data? --no-index does without it"
    )]
    Index(#[from] faultline_index::Error),

    /// The data folder is another chain's.
    #[error(transparent)]
    OtherChain(#[from] OtherChain),

    /// The genesis block proves no authorities.
    #[error(transparent)]
    NoOrigin(#[from] NoOrigin),

    /// A port is taken.
    #[error(transparent)]
    PortsTaken(#[from] PortsTaken),

    /// `--network-backend libp2p`.
    #[error("Faultline speaks litep2p only: leave out --network-backend")]
    OtherNetworkBackend,

    /// `--pool-type fork-aware`.
    #[error("Faultline keeps transactions in the single-state pool only: leave out --pool-type")]
    OtherPool,

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
