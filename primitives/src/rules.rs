//! The rules in force: quorums and windows. The council sets them; each incident keeps those of its opening.

use crate::Millis;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Quorums and windows by which an incident is judged.
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
pub struct Rules {
    /// How many counting groups must affirm an outage before it is confirmed.
    pub quorum: u16,
    /// How many of those must have measured it.
    pub min_measured: u16,
    /// A voice first recorded later than this after its `observed_from` is late.
    pub late_after: Millis,
    /// How near in time a report must lie to an open incident to be of it.
    pub join_within: Millis,
    /// How long the same voice waits before it repeats the same claim.
    pub renew_after: Millis,
    /// After how long a Down that nobody renews no longer stands for the present.
    pub stale_after: Millis,
    /// How long after the last change of verdict, start or end an incident settles.
    pub dispute_window: Millis,
    /// The most by which such changes put settling off, counted from the first of them.
    pub dispute_window_max: Millis,
    /// How long arbiters have to rule on a dispute.
    pub rule_within: Millis,
    /// After how long an unconfirmed incident that no new group affirms lapses.
    pub lapse_after: Millis,
    /// How far ahead of the block's time a claim may lie.
    pub max_clock_skew: Millis,
}

impl Rules {
    /// The rules of a network that means it.
    pub const fn standard() -> Self {
        Self {
            quorum: 3,
            min_measured: 2,
            late_after: Millis::hours(1),
            join_within: Millis::hours(2),
            renew_after: Millis::minutes(10),
            stale_after: Millis::hours(24),
            dispute_window: Millis::days(7),
            dispute_window_max: Millis::days(30),
            rule_within: Millis::days(14),
            lapse_after: Millis::hours(48),
            max_clock_skew: Millis::seconds(60),
        }
    }

    /// The standard quorums, with windows for somebody who tries things by hand.
    pub const fn local() -> Self {
        Self {
            renew_after: Millis::seconds(1),
            stale_after: Millis::minutes(10),
            dispute_window: Millis::minutes(10),
            dispute_window_max: Millis::hours(1),
            rule_within: Millis::minutes(10),
            lapse_after: Millis::hours(1),
            ..Self::standard()
        }
    }

    /// As [`Rules::local`], with quorums that two organisations can meet.
    pub const fn dev() -> Self {
        Self {
            quorum: 2,
            min_measured: 1,
            ..Self::local()
        }
    }

    /// Whether the rules make sense together: at least one group must affirm, no more measured voices are asked
    /// for than voices, and no window ends before it begins.
    pub fn are_sound(&self) -> bool {
        self.quorum >= 1
            && self.min_measured <= self.quorum
            && self.dispute_window <= self.dispute_window_max
            && self.dispute_window > Millis(0)
            && self.lapse_after > Millis(0)
    }
}
