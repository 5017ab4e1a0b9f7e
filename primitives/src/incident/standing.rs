//! What time alone changes, and which incident a report is of.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use super::{Case, Dispute, Incident, Voice};
use crate::{Millis, OrganisationId, Span, UnixMillis};

/// How an incident stands at a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Standing {
    /// Its verdict and times are final: no attestation is taken any more.
    pub settled: bool,
    /// It was never confirmed, and no new group affirmed it for too long: nothing more is taken either.
    pub lapsed: bool,
    /// Arbiters let the time to rule on the open dispute pass.
    pub unruled: bool,
}

impl Standing {
    /// Whether attestations are taken.
    pub fn is_open(&self) -> bool {
        !self.settled && !self.lapsed
    }
}

/// As much of an incident as tells whether a report is of it: kept apart, so that finding the incident of a
/// report does not read every tally.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Candidate {
    /// Who opened it.
    pub opener: OrganisationId,
    /// Whether it was ever confirmed.
    pub confirmed: bool,
    /// From the earliest `observed_from` to the latest `observed_to` that affirm it.
    pub span: Span,
    /// Until when an affirming word stands for the present; none where none does.
    pub current_until: Option<UnixMillis>,
    /// When it settles.
    pub settles_at: Option<UnixMillis>,
    /// When it lapses, if it is not confirmed before.
    pub lapses_at: UnixMillis,
    /// How near a report must lie.
    pub join_within: Millis,
}

impl Candidate {
    /// Whether its verdict and times are final at `now`.
    pub fn is_settled(&self, now: UnixMillis) -> bool {
        self.settles_at.is_some_and(|at| now >= at)
    }

    /// Whether it was not confirmed in time.
    pub fn has_lapsed(&self, now: UnixMillis) -> bool {
        !self.confirmed && now >= self.lapses_at
    }

    /// Whether attestations are taken.
    pub fn is_open(&self, now: UnixMillis) -> bool {
        !self.is_settled(now) && !self.has_lapsed(now)
    }

    /// The span of the outage as it is known at `now`.
    pub fn span_at(&self, now: UnixMillis) -> Span {
        match self.current_until {
            Some(until) if now <= until => Span {
                from: self.span.from,
                to: self.span.to.max(now),
            },
            _ => self.span,
        }
    }

    /// Whether a report over this span, heard at `now`, lies near enough to be of this incident.
    pub fn is_near(&self, observed: &Span, now: UnixMillis) -> bool {
        self.span_at(now).distance(observed) <= self.join_within
    }

    /// Whether a report over this span, heard at `now`, is of this incident.
    pub fn takes(&self, observed: &Span, now: UnixMillis) -> bool {
        self.is_open(now) && self.is_near(observed, now)
    }
}

impl Incident {
    /// How it stands at `now`.
    pub fn at(&self, now: UnixMillis) -> Standing {
        let candidate = self.candidate();
        Standing {
            settled: candidate.is_settled(now),
            lapsed: candidate.has_lapsed(now),
            unruled: self.is_unruled(now),
        }
    }

    /// Whether arbiters let the time to rule on the open dispute pass.
    pub fn is_unruled(&self, now: UnixMillis) -> bool {
        let late = |case: &Case| case.is_late(self.rules.rule_within, now);
        self.dispute == Dispute::Open && self.case.as_ref().is_some_and(late)
    }

    /// As much of it as tells whether a report is of it.
    ///
    /// Its span is that of the counting groups' affirming voices; where none counts, of those that do not.
    pub fn candidate(&self) -> Candidate {
        let counting = self.tally.counting();
        let affirming = |voice: &&&Voice| voice.claim.affirms();
        let mut voices: Vec<&Voice> = counting.iter().filter(affirming).copied().collect();
        if voices.is_empty() {
            voices = self
                .tally
                .voices()
                .iter()
                .filter(|voice| voice.claim.affirms())
                .collect();
        }
        let never = Span {
            from: self.first_reported_at,
            to: self.first_reported_at,
        };
        let span = voices.iter().map(|voice| voice.observed).reduce(|all, one| Span {
            from: all.from.min(one.from),
            to: all.to.max(one.to),
        });
        let current = voices
            .iter()
            .filter(|voice| voice.claim.goes_on() && voice.is_live(&self.rules));
        Candidate {
            opener: self.opener,
            confirmed: self.confirmed_at.is_some(),
            span: span.unwrap_or(never),
            current_until: current
                .map(|voice| voice.heard_at.after(self.rules.stale_after))
                .max(),
            settles_at: self.settles_at,
            lapses_at: self.peak_at.after(self.rules.lapse_after),
            join_within: self.rules.join_within,
        }
    }
}
