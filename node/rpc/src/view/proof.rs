//! What proves a chain's finality.

use serde::{Deserialize, Serialize};

/// A stretch of the history of those who make blocks final: part of a warp proof. All bytes are SCALE in base64, as the
/// page on evidence bundles has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WarpView {
    /// What the history begins with (`Start`): the genesis block with its authorities. None where a block to go on from
    /// was given.
    pub start: Option<String>,
    /// The blocks after which other authorities make blocks final (`Vec<Finalized>`), in order.
    pub changes: String,
    /// The block that the history leads to (`Finalized`); none where there are more changes before it.
    pub block: Option<String>,
    /// From which block to go on; none in the last part.
    pub next: Option<u32>,
}
