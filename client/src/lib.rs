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
//! | [`call`] | what a member may ask of the chain |
//! | [`council`] | motions: what the council may be asked to do |
//! | [`key`] | keys: from a file that is encrypted by a password, or well-known ones for development |
//! | [`transaction`] | signing, submitting, waiting for finality, submitting again what a pool lost |
//! | [`Recorded`] | what a transaction did, as its finalized block says |
//! | [`refusal`] | every refusal in words, with what to do next |
//! | [`known`] | the genesis of each chain, remembered from first contact |

mod blocks;
mod chain;
mod choice;
mod error;
mod follow;
mod live;
mod node;
mod nodes;
mod notice;
mod reader;
mod shape;
mod words;

pub mod call;
pub mod council;
pub mod key;
pub mod known;
pub mod refusal;
pub mod runtime;
pub mod transaction;

pub use blocks::{Event, Recorded, RefusedReport};
pub use call::Call;
pub use chain::{ChainKind, Client};
pub use error::Error;
pub use key::Key;
pub use notice::Notice;
pub use reader::Reader;
pub use refusal::Refusal;
pub use transaction::Signed;

/// What a client's functions give.
pub type Result<T> = std::result::Result<T, Error>;
