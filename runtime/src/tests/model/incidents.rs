//! The model of an incident: what was said on it, and what may have come of that in time.

use std::collections::{BTreeMap, BTreeSet};

use faultline_primitives::{attestation::Claim, rules::Rules, Millis, Span, UnixMillis};
use sp_runtime::DispatchError;

use super::world::IncidentError;

/// What an organisation stands by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    pub claim: Claim,
    pub heard_at: UnixMillis,
}

impl Stand {
    pub fn as_pair(&self) -> (Claim, UnixMillis) {
        (self.claim, self.heard_at)
    }
}

/// A dispute and who rules on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub by: u32,
    pub opened_at: UnixMillis,
    pub arbiters: BTreeSet<u32>,
    pub votes: BTreeMap<u32, bool>,
}

impl Case {
    /// The side that more than half are on.
    pub fn ruling(&self) -> Option<bool> {
        let on = |side: bool| self.votes.values().filter(|vote| **vote == side).count();
        [true, false]
            .into_iter()
            .find(|side| on(*side) * 2 > self.arbiters.len())
    }
}

/// An incident.
#[derive(Clone, Debug)]
pub struct Happening {
    pub service: u32,
    pub opener: u32,
    pub opened_at: UnixMillis,
    pub rules: Rules,
    /// From the first to the last point that anybody ever said it failed.
    pub hull: Span,
    /// The only word that was ever said, where it is of somebody that counts.
    pub only_word: Option<Span>,
    pub stands: BTreeMap<u32, Stand>,
    /// Attestations and withdrawals.
    pub words: BTreeMap<u32, u32>,
    /// The groups as whose members they were made.
    pub parts: BTreeSet<u32>,
    /// When somebody first said that it is over, or closed it.
    pub over_since: Option<UnixMillis>,
    pub was_closed: bool,
    /// Whether a word was refused because it had settled or lapsed: that is for ever.
    pub is_final: bool,
    pub replies: BTreeMap<u32, u32>,
    pub disputed: BTreeSet<u32>,
    pub case: Option<Case>,
    pub duplicate_of: Option<u64>,
    pub texts: BTreeMap<u32, Vec<u8>>,
    pub redacted: BTreeMap<u32, UnixMillis>,
}

fn distance(a: &Span, b: &Span) -> Millis {
    Millis(
        a.from
            .0
            .saturating_sub(b.to.0)
            .max(b.from.0.saturating_sub(a.to.0)),
    )
}

impl Happening {
    /// Whether a member of the group, or the organisation itself, ever attested.
    pub fn has_part(&self, organisation: u32, group: u32) -> bool {
        self.words.contains_key(&organisation) || self.parts.contains(&group)
    }

    pub fn is_unruled(&self, now: UnixMillis) -> bool {
        let over =
            |case: &Case| case.ruling().is_none() && now.0 - case.opened_at.0 >= self.rules.rule_within.0;
        self.case.as_ref().is_some_and(over)
    }

    /// Whether there is a dispute that arbiters may rule on.
    pub fn is_disputed(&self, now: UnixMillis) -> bool {
        let is_open = |case: &Case| case.ruling().is_none();
        self.case.as_ref().is_some_and(is_open) && !self.is_unruled(now)
    }

    /// Whether it may have settled: nothing settles before somebody said that it is over and a window passed.
    fn may_have_settled(&self, now: UnixMillis) -> bool {
        let passed = |since: UnixMillis| now.0 - since.0 >= self.rules.dispute_window.0;
        self.over_since.is_some_and(passed)
    }

    fn may_have_lapsed(&self, now: UnixMillis) -> bool {
        now.0 - self.opened_at.0 >= self.rules.lapse_after.0
    }

    /// Whether it may take no word any more.
    pub fn may_be_final(&self, now: UnixMillis) -> bool {
        self.may_have_settled(now) || self.may_have_lapsed(now)
    }

    /// Whether it surely takes no word any more: it was said so before, or one alone affirmed it and nobody else in
    /// time.
    pub fn is_surely_final(&self, now: UnixMillis) -> bool {
        let nobody_else = self.only_word.is_some() && self.rules.quorum > 1;
        self.is_final || nobody_else && self.may_have_lapsed(now)
    }

    /// Whether a report over this span may be of it.
    pub fn may_take(&self, span: &Span, now: UnixMillis) -> bool {
        let until_now = Span {
            to: self.hull.to.max(now),
            ..self.hull
        };
        !self.is_surely_final(now) && distance(&until_now, span) <= self.rules.join_within
    }

    pub fn is_surely_near(&self, span: &Span) -> bool {
        let is_near = |word: Span| distance(&word, span) <= self.rules.join_within;
        self.only_word.is_some_and(is_near)
    }

    /// Whether a report over this span is surely of it, or of one before it.
    pub fn surely_takes(&self, span: &Span, now: UnixMillis) -> bool {
        self.is_surely_near(span) && !self.may_have_lapsed(now) && !self.may_have_settled(now)
    }

    /// What its being final may refuse a word with.
    pub fn final_errors(&self, now: UnixMillis) -> Vec<DispatchError> {
        let mut errors = vec![];
        if self.may_have_settled(now) {
            errors.push(IncidentError::Settled.into());
        }
        if self.may_have_lapsed(now) {
            errors.push(IncidentError::Lapsed.into());
        }
        errors
    }
}
