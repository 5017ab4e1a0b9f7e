//! The validators in JSON.

use faultline_primitives::{Account, OrganisationId};
use serde::{Deserialize, Serialize};

/// The present session, and who keeps the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ValidatorsView {
    /// The number of the session.
    pub session: u32,
    /// For how many blocks a session lasts: validators and their keys change at its end.
    pub session_length: u32,
    /// The first block of the next session.
    pub next_session: u32,
    /// The fewest validators that the council may leave the chain with.
    pub floor: u32,
    /// All who are a validator, are about to be one, or have set keys to become one, by number.
    pub validators: Vec<ValidatorView>,
}

/// An organisation as a validator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ValidatorView {
    /// The organisation.
    pub organisation: OrganisationId,
    /// What that is called.
    pub name: String,
    /// Whether the council has it as a validator.
    pub approved: bool,
    /// Whether it is one in the present session.
    pub active: bool,
    /// Whether it will be one in the next.
    pub queued: bool,
    /// Whether it makes no blocks in this session, as it voted twice.
    pub disabled: bool,
    /// Whether it voted twice, and the council has not removed it since.
    pub accused: bool,
    /// The key (sr25519) by which it makes blocks, as it set it last. What it sets acts at the end of the next session.
    pub aura: Option<Account>,
    /// The key (ed25519) by which it makes blocks final, as it set it last.
    pub grandpa: Option<Account>,
}
