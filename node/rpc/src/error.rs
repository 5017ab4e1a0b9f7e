//! Errors with codes of their own.
//!
//! The table of them, with what their `data` holds and what to do, stands in `docs/rpc.md`. It is made of the words below:
//! of each kind the first paragraph says when it comes, and the second what to do.

use jsonrpsee::types::ErrorObjectOwned;
use serde::{Deserialize, Serialize};

/// What cannot be answered, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Failure {
    /// There is nothing of this name or number at the block that was read.
    ///
    /// Look it up in a list. What was submitted a moment ago may not be final yet.
    NotFound {
        /// What kind of thing.
        what: String,
        /// Its name or number.
        which: String,
    },
    /// A parameter that cannot be meant: a limit out of bounds, a malformed slug, a range that ends before it begins.
    ///
    /// Ask again with what `why` says would be right.
    BadParameter {
        /// Which.
        parameter: String,
        /// What is wrong with it, and what would be right.
        why: String,
    },
    /// The node cannot read what is asked for, such as a state that it has pruned.
    ///
    /// Ask again, or ask another node. If it stays so, the node's log says more.
    Unavailable {
        /// Why.
        why: String,
    },
    /// A cursor that is none of this filter on this chain.
    ///
    /// Give it as it was given, with the same filter and to the same method; or begin without one.
    BadCursor {
        /// What is wrong with it.
        why: String,
    },
    /// The node's index is being built: it began, or was behind by more than it can follow.
    ///
    /// Ask again in a while: `done` of `of` says how far it is. Or ask another node.
    IndexBuilding {
        /// Incidents that it holds.
        done: u64,
        /// Incidents that there are.
        of: u64,
    },
    /// The node keeps no index (`--no-index`).
    ///
    /// Ask another node.
    NoIndex,
    /// The node answers as many readers as it can, and the question's turn did not come.
    ///
    /// Ask again after a pause, for less at once or with fewer questions side by side.
    Busy,
    /// A subscriber took nothing for too long and was cut off.
    ///
    /// Subscribe again from the last that was received: to incidents from its cursor, which `cursor` says again, to entries
    /// from the number after its own. Where nothing was received, as before.
    TooSlow {
        /// The cursor of the last change that was sent; none where none was, and none of entries.
        cursor: Option<String>,
    },
    /// What is asked for is more than one answer holds.
    ///
    /// Ask for less, as `why` says: for a shorter span, or with `since`.
    TooLarge {
        /// Of what there is too much, and what would be less.
        why: String,
    },
    /// The node does not know who made the first blocks final: it synced from proofs, and fetches afterwards what came
    /// before.
    ///
    /// Ask again in a while, or ask another node.
    NoHistory {
        /// The first block that it lacks.
        block: u32,
    },
}

impl Failure {
    /// The code of the JSON-RPC error.
    pub const fn code(&self) -> i32 {
        match self {
            Self::NotFound { .. } => 7001,
            Self::BadParameter { .. } => 7002,
            Self::Unavailable { .. } => 7003,
            Self::BadCursor { .. } => 7004,
            Self::IndexBuilding { .. } => 7005,
            Self::NoIndex => 7006,
            Self::Busy => 7007,
            Self::TooSlow { .. } => 7008,
            Self::TooLarge { .. } => 7009,
            Self::NoHistory { .. } => 7010,
        }
    }

    /// The failure that a JSON-RPC error's code and `data` say; none where they are not ours.
    pub fn of(code: i32, data: Option<&str>) -> Option<Self> {
        let failure: Self = serde_json::from_str(data?).ok()?;
        (failure.code() == code).then_some(failure)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotFound { what, which } => {
                write!(f, "there is no {what} {which} at the finalized block")
            }
            Self::BadParameter { parameter, why } => write!(f, "{parameter}: {why}"),
            Self::Unavailable { why } => write!(f, "the node cannot answer now: {why}"),
            Self::BadCursor { why } => write!(f, "cursor: {why}"),
            Self::IndexBuilding { done, of } => {
                write!(
                    f,
                    "the node's index is being built: it holds {done} of {of} incidents"
                )
            }
            Self::NoIndex => f.write_str("the node keeps no index (--no-index)"),
            Self::Busy => f.write_str("the node answers as many readers as it can"),
            Self::TooSlow { .. } => f.write_str("the subscriber takes nothing any more"),
            Self::TooLarge { why } => f.write_str(why),
            Self::NoHistory { block } => {
                write!(
                    f,
                    "the node lacks block {block}, and with it who made the blocks after it final"
                )
            }
        }
    }
}

impl From<Failure> for ErrorObjectOwned {
    fn from(failure: Failure) -> Self {
        Self::owned(failure.code(), failure.to_string(), Some(failure))
    }
}
