//! Errors with codes of their own.
//!
//! | code | name | `data` |
//! | --- | --- | --- |
//! | 7001 | nothing of this name or number | `{ "kind": "notFound", "what", "which" }` |
//! | 7002 | a parameter that cannot be meant | `{ "kind": "badParameter", "parameter", "why" }` |
//! | 7003 | the node cannot answer now | `{ "kind": "unavailable", "why" }` |

use jsonrpsee::types::ErrorObjectOwned;
use serde::{Deserialize, Serialize};

/// What cannot be answered, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Failure {
    /// There is nothing of this name or number at the finalized block.
    NotFound {
        /// What kind of thing.
        what: String,
        /// Its name or number.
        which: String,
    },
    /// A parameter that cannot be meant.
    BadParameter {
        /// Which.
        parameter: String,
        /// What is wrong with it, and what would be right.
        why: String,
    },
    /// The node cannot answer now.
    Unavailable {
        /// Why.
        why: String,
    },
}

impl Failure {
    /// The code of the JSON-RPC error.
    pub const fn code(&self) -> i32 {
        match self {
            Self::NotFound { .. } => 7001,
            Self::BadParameter { .. } => 7002,
            Self::Unavailable { .. } => 7003,
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
        }
    }
}

impl From<Failure> for ErrorObjectOwned {
    fn from(failure: Failure) -> Self {
        Self::owned(failure.code(), failure.to_string(), Some(failure))
    }
}
