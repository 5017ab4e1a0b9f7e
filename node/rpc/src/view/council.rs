//! The council in JSON: its seats, its motions, and what its acts have come to.

use faultline_primitives::{
    consortium::{Accusation, Checkpoint, Upgrade},
    Account, Hash, OrganisationId,
};
use serde::{Deserialize, Serialize};

use super::{ActView, Utc};

/// The council.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CouncilView {
    /// Who has a seat, by number.
    pub seats: Vec<SeatView>,
    /// The motions that are open, in order of proposal.
    pub motions: Vec<MotionView>,
    /// The calls that it has paused, by pallet and name: `Incidents.report`.
    pub paused: Vec<String>,
    /// The fewest validators that it may leave the chain with.
    pub floor: u32,
    /// Validators that voted twice, and that it has not removed since.
    pub accused: Vec<AccusationView>,
    /// The runtime that waits to be put in place.
    pub upgrade: Option<UpgradeView>,
    /// The latest checkpoint.
    pub checkpoint: Option<CheckpointView>,
    /// How many entries the consortium's log holds.
    pub entries: u32,
    /// The head over them.
    pub head: Hash,
}

/// A seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SeatView {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// What that is called.
    pub name: String,
    /// The admin key by which it votes.
    pub key: Account,
}

/// A motion that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MotionView {
    /// Its number.
    pub number: u32,
    /// The hash of what is proposed.
    pub hash: Hash,
    /// What it is for; none where it is for no act of the council, and could do nothing.
    pub act: Option<ActView>,
    /// How many ayes it wants.
    pub threshold: u32,
    /// The organisations that are for it.
    pub ayes: Vec<OrganisationId>,
    /// The organisations that are against it.
    pub nays: Vec<OrganisationId>,
    /// The block until which it is open.
    pub open_until: u32,
    /// The bound of its length, with which it is closed.
    pub length: u32,
    /// The bound of its weight, with which it is closed: picoseconds of execution, and bytes of proof.
    pub weight: (u64, u64),
}

/// A validator that voted twice, and is still one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccusationView {
    /// Whose it is.
    pub validator: OrganisationId,
    /// The last session in which it is known to have done so.
    pub session: u32,
}

impl From<Accusation> for AccusationView {
    fn from(accusation: Accusation) -> Self {
        Self {
            validator: accusation.validator,
            session: accusation.session,
        }
    }
}

/// A runtime that is authorized and not in place yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpgradeView {
    /// The hash of its code (blake2_256).
    pub code: Hash,
    /// When it may be put in place.
    pub due: Utc,
}

impl From<Upgrade> for UpgradeView {
    fn from(upgrade: Upgrade) -> Self {
        Self {
            code: upgrade.code,
            due: Utc(upgrade.due),
        }
    }
}

/// A block, and who makes final what follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CheckpointView {
    /// The block's number.
    pub block_number: u32,
    /// Its hash.
    pub hash: Hash,
    /// The number of the set of validators that makes the blocks after it final.
    pub set_id: u64,
    /// The hash of that set's keys and weights.
    pub set: Hash,
}

impl From<Checkpoint> for CheckpointView {
    fn from(checkpoint: Checkpoint) -> Self {
        Self {
            block_number: checkpoint.number,
            hash: checkpoint.hash,
            set_id: checkpoint.set_id,
            set: checkpoint.set,
        }
    }
}

/// As whoever trusts it hands it on: `NUMBER:HASH:SETID:SETHASH`.
impl std::fmt::Display for CheckpointView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            block_number,
            hash,
            set_id,
            set,
        } = self;
        write!(f, "{block_number}:{hash}:{set_id}:{set}")
    }
}
