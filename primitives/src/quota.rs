//! The token bucket by which members act free of fees.

use crate::BlockNumber;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// How much an organisation may do: so many actions at once, so many more with each block.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Quota {
    /// Most actions at once.
    pub burst: u32,
    /// Actions that come back with each block.
    pub per_block: u32,
}

impl Quota {
    /// The part of the quota that one of `keys` keys may use: an equal share, but at least one action.
    ///
    /// So one stolen key cannot spend what the others need.
    #[must_use]
    pub fn share(self, keys: u32) -> Self {
        let part = |whole: u32| match whole {
            0 => 0,
            _ => whole.checked_div(keys).unwrap_or(whole).max(1),
        };
        Self {
            burst: part(self.burst),
            per_block: part(self.per_block),
        }
    }
}

/// What has been spent of a quota, as of a block.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Spent {
    /// Actions not yet recovered at `block`.
    pub actions: u32,
    /// The block of the last action.
    pub block: BlockNumber,
}

impl Spent {
    /// Actions that are still spent at a later block.
    pub fn at(&self, quota: Quota, now: BlockNumber) -> u32 {
        let recovered = now.saturating_sub(self.block).saturating_mul(quota.per_block);
        self.actions.saturating_sub(recovered)
    }

    /// Actions that may be done now.
    pub fn room(&self, quota: Quota, now: BlockNumber) -> u32 {
        quota.burst.saturating_sub(self.at(quota, now))
    }

    /// What is spent after `cost` more actions; `None` where there is no room for them.
    pub fn charge(&self, quota: Quota, now: BlockNumber, cost: u32) -> Option<Self> {
        (cost <= self.room(quota, now)).then(|| Self {
            actions: self.at(quota, now).saturating_add(cost),
            block: now,
        })
    }
}
