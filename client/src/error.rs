//! What can go wrong between a program and a chain.

use faultline_primitives::Hash;
use faultline_rpc::error::Failure;
use jsonrpsee::core::ClientError;

use crate::{
    attestation::AttestationError, key::KeyError, known::KnownError, proofs::BadEvidence, refusal::Refusal,
    runtime::SPEC_VERSION, transaction::Loss,
};

/// Why something could not be asked or done. [`Error::advice`] says what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No node answers at this address, or the connection broke.
    #[error("cannot reach a node at {url}: {source}")]
    Unreachable {
        /// The address.
        url: String,
        /// Why.
        source: Box<ClientError>,
    },
    /// The node is of another chain than was asked for.
    #[error("the node at {url} is of another chain: its genesis is {found}, not {expected}")]
    OtherChain {
        /// The address.
        url: String,
        /// The genesis hash that was asked for.
        expected: Hash,
        /// The genesis hash that the node has.
        found: Hash,
    },
    /// Nodes that were named are of different chains, and it was not said which is meant.
    #[error("the nodes are of different chains: {one} of genesis {genesis}, {other} of {found}")]
    ChainsDiffer {
        /// The address of one.
        one: String,
        /// Its genesis hash.
        genesis: Hash,
        /// The address of another.
        other: String,
        /// That one's.
        found: Hash,
    },
    /// This node cannot say what another may.
    #[error("the node at {url} {what}")]
    Lacking {
        /// The address.
        url: String,
        /// What it does not have.
        what: String,
    },
    /// The chain's runtime is of a later release than this program, and does something otherwise that was asked for.
    #[error("this program is too old for the chain (runtime {runtime}, made for {SPEC_VERSION}): {what}")]
    TooOld {
        /// The version of the chain's runtime.
        runtime: u32,
        /// What it does otherwise.
        what: String,
    },
    /// The node answers that it cannot answer, and why.
    #[error("{0}")]
    Failure(Failure),
    /// The node answers with an error that is not one of Faultline's own.
    #[error("the node answers with error {code}: {message}")]
    Node {
        /// The JSON-RPC error's code.
        code: i32,
        /// Its message, and its data where it has some.
        message: String,
    },
    /// The node's answer makes no sense to this program.
    #[error("this program does not understand the node: {0}")]
    Incompatible(String),
    /// What the node gives as evidence does not prove what was asked for.
    #[error("what the node at {url} gives as evidence proves nothing: {why}")]
    Unproven {
        /// The address.
        url: String,
        /// Why.
        #[source]
        why: BadEvidence,
    },
    /// The chain refuses the transaction.
    #[error("{0}")]
    Refused(Refusal),
    /// The transaction was not final in the time given. It may still become so.
    #[error("transaction {transaction} is not final yet; it can be recorded up to block {until}")]
    Unfinished {
        /// The transaction's hash.
        transaction: Hash,
        /// The last block that can hold it.
        until: u32,
        /// What a pool said of it last, if it refused it after having taken it.
        refusal: Option<Refusal>,
        /// Why no node could be reached at the end, if none could.
        cut_off: Option<Box<Error>>,
    },
    /// The transaction's time is over, and no block holds it: it never will be recorded.
    #[error(
        "transaction {transaction} was not recorded, and no longer can be: its time ended with block {until}"
    )]
    Expired {
        /// The transaction's hash.
        transaction: Hash,
        /// The last block that could have held it.
        until: u32,
        /// What a pool said of it last.
        refusal: Option<Refusal>,
    },
    /// The transaction can no longer be recorded, as a finalized block shows, and no block holds it.
    #[error("transaction {transaction} was not recorded, and no longer can be: {loss}")]
    Superseded {
        /// The transaction's hash.
        transaction: Hash,
        /// Why.
        loss: Loss,
    },
    /// An attestation makes no sense as it is.
    #[error(transparent)]
    Attestation(#[from] AttestationError),
    /// A key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// What is remembered of chains cannot be read or written.
    #[error(transparent)]
    Known(#[from] KnownError),
}

impl Error {
    /// The error that a failed request at this address amounts to.
    pub(crate) fn of_request(url: &str, error: ClientError) -> Self {
        match error {
            ClientError::Call(object) => {
                let data = object.data().map(|data| data.get());
                match Failure::of(object.code(), data) {
                    Some(failure) => Self::Failure(failure),
                    None => Self::Node {
                        code: object.code(),
                        message: match data {
                            Some(data) => format!("{}: {data}", object.message()),
                            None => object.message().into(),
                        },
                    },
                }
            }
            ClientError::ParseError(error) => {
                Self::Incompatible(format!("its answer is not as expected: {error}"))
            }
            other => Self::Unreachable {
                url: url.into(),
                source: Box::new(other),
            },
        }
    }

    /// The same, of a transaction that is final and of which it cannot be said what it did.
    pub(crate) fn after_recording(self, transaction: Hash, block: u32) -> Self {
        let recorded = |what: String| {
            format!("transaction {transaction} is final in block {block}, but not what it did: {what}")
        };
        match self {
            Self::TooOld { runtime, what } => Self::TooOld {
                runtime,
                what: recorded(what),
            },
            Self::Incompatible(what) => Self::Incompatible(recorded(what)),
            other => other,
        }
    }

    /// What to do next, where there is something to do.
    pub fn advice(&self) -> Option<String> {
        let advice = match self {
            Self::Unreachable { .. } => {
                "Start a node (`faultline-node --dev`), or name another with --node or FAULTLINE_NODE.".into()
            }
            Self::OtherChain { url, found, .. } => format!(
                "If {url} is meant to be of that chain now, give --genesis {found} once; else name another node with --node."
            ),
            Self::ChainsDiffer { genesis, .. } => {
                format!("Say which chain is meant: --genesis {genesis}, or name its nodes alone with --node.")
            }
            Self::Lacking { .. } => "Ask another node with --node.".into(),
            Self::TooOld { .. } => "Use the program of the release that the node is of.".into(),
            Self::Failure(Failure::NotFound { what, .. }) => match what.as_str() {
                "service" => "Is the slug spelled right? `faultline service register` makes a new one.".into(),
                "organisation" => "`faultline org list` shows who is there.".into(),
                "incident" => "`faultline service show SLUG` lists a service's incidents.".into(),
                _ => return None,
            },
            Self::Failure(Failure::Unavailable { .. } | Failure::Busy) => {
                "Ask again in a moment, or another node.".into()
            }
            Self::Failure(Failure::BadCursor { .. }) => {
                "Begin anew without the cursor, or give it with the filter and on the chain that it came from.".into()
            }
            Self::Failure(Failure::IndexBuilding { .. }) => {
                "Ask again later, or another node: `faultline status` shows how far the index is.".into()
            }
            Self::Failure(Failure::NoIndex) => "Ask a node that keeps an index, with --node.".into(),
            Self::Failure(Failure::TooSlow { .. }) => {
                "Subscribe again from the last cursor, and read as fast as changes come.".into()
            }
            Self::Failure(Failure::NoHistory { .. }) => "Ask again in a while, or another node with --node.".into(),
            Self::Incompatible(_) => "Use the program of the release that the node is of.".into(),
            Self::Unproven { .. } => {
                "Ask another node with --node. One that does this is damaged, of another release, or lies.".into()
            }
            Self::Refused(refusal) => return Some(refusal.advice.clone()),
            Self::Unfinished {
                transaction,
                cut_off: Some(_),
                ..
            } => format!(
                "Once a node is there again ask for it with `faultline transaction show {transaction}`, before you submit it anew."
            ),
            Self::Unfinished { transaction, .. } => format!(
                "Ask for it with `faultline transaction show {transaction}`. Does the chain still make blocks final?"
            ),
            Self::Superseded { .. } | Self::Expired { .. } => "Nothing was recorded: submit it anew.".into(),
            Self::Key(error) => return error.advice(),
            // These say it themselves.
            Self::Failure(Failure::BadParameter { .. } | Failure::TooLarge { .. })
            | Self::Node { .. }
            | Self::Attestation(_)
            | Self::Known(_) => return None,
        };
        Some(advice)
    }
}
