//! The client of a Faultline chain: connect, ask, sign, submit, and wait until it is final.
//!
//! One WebSocket connection carries everything: the node's `faultline_*` methods, by the trait
//! [`faultline_rpc::FaultlineRpcClient`], and the SDK's own. Several nodes may be named: when the one that is talked to is
//! gone, another takes its place, and what was submitted is submitted to that one again, the same bytes. A transaction is
//! encoded by the metadata of the chain's runtime and checked against it, so that a call that the runtime would read
//! otherwise is never signed.
//!
//! | module | holds |
//! | --- | --- |
//! | [`Client`] | the connection to a chain, through any of several nodes |
//! | [`Reader`] | asking a node, and another when that one is gone |
//! | [`Notice`] | what a client did by itself, for whoever wants to know |
//! | [`runtime`] | how the chain's runtime encodes, and whether this program is of its time |
//! | [`Client::incidents`], [`Client::services`] | lists of any length, as streams |
//! | [`Client::watch_incidents`], [`Client::watch_entries`] | what happens, across any number of connections and nodes |
//! | [`Client::incident_evidence`], [`Client::service_evidence`] | evidence bundles, verified as they come |
//! | [`attestation`] | saying what was seen, checked in full before it is signed |
//! | [`call`] | what a member may ask of the chain |
//! | [`council`] | motions: what the council may be asked to do |
//! | [`key`] | keys: from a file that is encrypted by a password, or well-known ones for development |
//! | [`transaction`] | signing, submitting, waiting for finality, submitting again what a pool lost |
//! | [`Recorded`] | what a transaction did, as its finalized block says |
//! | [`refusal`] | every refusal in words, with what to do next |
//! | [`audit`] | the whole chain checked, log by log, and a report |
//! | [`trust`] | blocks that are proven to be final, and what is proven to be in their state |
//! | [`known`] | the genesis of each chain, remembered from first contact |
//!
//! The folder `examples` holds small programs: `report`, `list` and `watch`.
//!
//! ```no_run
//! use faultline_client::{rpc::FaultlineRpcClient, Client};
//!
//! # async fn status() -> faultline_client::Result<()> {
//! let client = Client::connect("ws://127.0.0.1:9944").await?;
//! let status = client.answer(client.rpc().status()).await?;
//! println!("{} incidents at block {}", status.data.incidents, status.at.number);
//! # Ok(())
//! # }
//! ```

mod blocks;
mod chain;
mod choice;
mod error;
#[cfg(test)]
mod fake;
mod follow;
mod lists;
mod live;
mod node;
mod nodes;
mod notice;
mod proofs;
mod reader;
mod shape;
mod watch;
mod words;

pub mod attestation;
pub mod audit;
pub mod call;
pub mod council;
pub mod key;
pub mod known;
pub mod refusal;
pub mod runtime;
pub mod transaction;
pub mod trust;

pub use blocks::{Event, Recorded, RefusedReport};
pub use call::Call;
pub use chain::{ChainKind, Client};
pub use error::Error;
pub use key::Key;
pub use lists::PAGE;
pub use notice::Notice;
pub use proofs::{BadEvidence, Between, Evidence};
pub use reader::Reader;
pub use refusal::Refusal;
pub use transaction::Signed;
pub use trust::Head;

/// What the chain's records are made of: this client's public types.
pub use faultline_primitives as primitives;
/// Evidence bundles, and how they are verified.
pub use faultline_proof as proof;
/// The node's methods, and what they answer.
pub use faultline_rpc as rpc;

/// What a client's functions give.
pub type Result<T> = std::result::Result<T, Error>;
