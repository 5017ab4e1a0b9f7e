//! Who stands by what, and what that amounts to.
//!
//! One organisation has one voice, the last thing it said. One group counts once: by the voice of its earliest
//! member still standing. The provider and its group are heard and never counted.

use alloc::vec::Vec;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use super::{Actor, Refusal, Verdict};
use crate::{
    attestation::{Claim, Kind, Observation, Place, Scope, Severity, MAX_VANTAGES},
    rules::Rules,
    GroupId, OrganisationId, Span, UnixMillis,
};

/// Most groups that count on one incident.
pub const MAX_GROUPS: u32 = 128;
/// Most members of one group that stand on one incident.
pub const MAX_VOICES_A_GROUP: u32 = 4;
/// Most voices on one incident: the counting groups' and one group of affiliates of the provider.
pub const MAX_VOICES: u32 = (MAX_GROUPS + 1) * MAX_VOICES_A_GROUP;

/// What one organisation stands by.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Voice {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The group it counted with when it last spoke.
    pub group: GroupId,
    /// Whether it does not count: it is the provider, or of its group.
    pub affiliated: bool,
    /// Number of the entry that it stands by.
    pub entry: u32,
    /// What it says.
    pub claim: Claim,
    /// What kind of failure.
    pub kind: Kind,
    /// How bad.
    pub severity: Severity,
    /// Where.
    pub scope: Scope,
    /// From when to when.
    pub observed: Span,
    /// Whether it measured.
    pub measured: bool,
    /// When it first affirmed the outage.
    pub affirmed_at: Option<UnixMillis>,
    /// When it last spoke.
    pub heard_at: UnixMillis,
    /// From where it checked: kept of an Up alone, which counts only within the outage's scope.
    pub places: BoundedVec<Place, ConstU32<MAX_VANTAGES>>,
}

impl Voice {
    /// Whether its first affirming word was recorded soon enough after what it now says was the start.
    pub fn is_live(&self, rules: &Rules) -> bool {
        self.affirmed_at
            .is_some_and(|at| at.since(self.observed.from) <= rules.late_after)
    }

    /// When it says that the outage ended, if it says so.
    pub fn ended(&self) -> Option<UnixMillis> {
        (self.claim == Claim::Recovered).then_some(self.observed.to)
    }

    fn affirms(&self) -> bool {
        self.claim.affirms()
    }

    fn speaks_against(&self, outage: &Span, scope: &Scope) -> bool {
        !self.affirms()
            && self.observed.overlaps(outage)
            && self.places.iter().any(|place| scope.contains(place))
    }
}

/// What is said of one point in time: the first, the middle and the last that anybody who counts gives.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Times {
    /// The earliest.
    pub earliest: UnixMillis,
    /// The lower median: the record's.
    pub median: UnixMillis,
    /// The latest.
    pub latest: UnixMillis,
}

/// What the counting groups that affirm an outage amount to.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Finding {
    /// What kind of failure: by plurality.
    pub kind: Kind,
    /// How bad: lower median.
    pub severity: Severity,
    /// Where: by plurality.
    pub scope: Scope,
    /// When it began.
    pub started: Times,
    /// When it ended; none until more than half say that it did. `earliest` and `latest` are of those alone.
    pub ended: Option<Times>,
}

impl Finding {
    /// When it ended, by the median over all that affirm it.
    pub fn ended_at(&self) -> Option<UnixMillis> {
        self.ended.map(|times| times.median)
    }
}

/// The voices on one incident, in the order in which they first spoke.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Tally {
    voices: BoundedVec<Voice, ConstU32<MAX_VOICES>>,
}

impl Tally {
    /// All voices, counted or not, in the order in which they first spoke.
    pub fn voices(&self) -> &[Voice] {
        &self.voices
    }

    /// The voice of an organisation.
    pub fn of(&self, organisation: OrganisationId) -> Option<&Voice> {
        self.voices
            .iter()
            .find(|voice| voice.organisation == organisation)
    }

    /// One voice a group, in order: that of its earliest member. These are what counts.
    pub fn counting(&self) -> Vec<&Voice> {
        let mut groups: Vec<&Voice> = Vec::new();
        for voice in self.voices.iter().filter(|voice| !voice.affiliated) {
            if !groups.iter().any(|counted| counted.group == voice.group) {
                groups.push(voice);
            }
        }
        groups
    }

    /// How many counting groups affirm the outage.
    pub fn affirming_groups(&self) -> u16 {
        u16::try_from(self.affirming().len()).unwrap_or(u16::MAX)
    }

    /// Takes in what an organisation says, in place of what it said before.
    pub(super) fn hear(
        &mut self,
        by: &Actor,
        entry: u32,
        at: UnixMillis,
        said: &Observation,
    ) -> Result<(), Refusal> {
        let before = self.of(by.organisation);
        self.check_room(by)?;
        let affirms = said.claim.affirms();
        let affirmed_at = before
            .and_then(|voice| voice.affirmed_at)
            .or(affirms.then_some(at));
        let places = said
            .vantages
            .iter()
            .filter(|_| !affirms)
            .map(|vantage| vantage.place)
            .collect::<Vec<_>>();
        let voice = Voice {
            organisation: by.organisation,
            group: by.group,
            affiliated: by.affiliated,
            entry,
            claim: said.claim,
            kind: said.kind,
            severity: said.severity,
            scope: said.scope.clone(),
            observed: said.observed,
            measured: said.method.measures(),
            affirmed_at,
            heard_at: at,
            places: BoundedVec::truncate_from(places),
        };
        match self
            .voices
            .iter_mut()
            .find(|known| known.organisation == by.organisation)
        {
            Some(known) => *known = voice,
            None => self.voices.try_push(voice).map_err(|_| Refusal::TooManyGroups)?,
        }
        Ok(())
    }

    /// Takes out what an organisation stands by. If it speaks again, it stands last.
    pub(super) fn withdraw(&mut self, organisation: OrganisationId) -> Result<(), Refusal> {
        let before = self.voices.len();
        self.voices.retain(|voice| voice.organisation != organisation);
        if self.voices.len() == before {
            return Err(Refusal::NothingToWithdraw);
        }
        Ok(())
    }

    /// Whether one more voice of this group, or one of a new group, has a place.
    fn check_room(&self, by: &Actor) -> Result<(), Refusal> {
        let others = || {
            self.voices
                .iter()
                .filter(|voice| voice.organisation != by.organisation)
        };
        let of_group = others().filter(|voice| voice.affiliated == by.affiliated && voice.group == by.group);
        if of_group.count() >= MAX_VOICES_A_GROUP as usize {
            return Err(Refusal::TooManyOfGroup);
        }
        // Of the others: whoever changed its group leaves the old one, which may be nobody's then.
        let mut groups: Vec<_> = others()
            .filter(|voice| !voice.affiliated)
            .map(|voice| voice.group)
            .collect();
        groups.sort_unstable();
        groups.dedup();
        let known = groups.binary_search(&by.group).is_ok();
        if !by.affiliated && !known && groups.len() >= MAX_GROUPS as usize {
            return Err(Refusal::TooManyGroups);
        }
        Ok(())
    }

    fn affirming(&self) -> Vec<&Voice> {
        self.counting()
            .into_iter()
            .filter(|voice| voice.affirms())
            .collect()
    }

    /// What the counting groups that affirm the outage amount to; none where there is no such group.
    pub(super) fn finding(&self) -> Option<Finding> {
        let affirming = self.affirming();
        let mut starts: Vec<_> = affirming.iter().map(|voice| voice.observed.from).collect();
        let mut severities: Vec<_> = affirming.iter().map(|voice| voice.severity).collect();
        Some(Finding {
            kind: *plurality(affirming.iter().map(|voice| &voice.kind))?,
            severity: lower_median(&mut severities)?,
            scope: plurality(affirming.iter().map(|voice| &voice.scope))?.clone(),
            started: times(&mut starts)?,
            ended: end(&affirming),
        })
    }

    /// The verdict by the rules, of what the voices were found to amount to.
    pub(super) fn verdict(&self, rules: &Rules, finding: Option<&Finding>) -> Verdict {
        let affirming = self.affirming();
        let Some(finding) = finding.filter(|_| meets(rules, &affirming)) else {
            return Verdict::Unconfirmed;
        };
        let outage = Span {
            from: finding.started.median,
            to: finding.ended_at().unwrap_or(UnixMillis(u64::MAX)),
        };
        let against = self
            .counting()
            .iter()
            .filter(|voice| voice.speaks_against(&outage, &finding.scope))
            .count();
        if against >= affirming.len() {
            Verdict::Contested
        } else {
            Verdict::Confirmed
        }
    }

    /// Whether the live voices alone meet the rules.
    pub(super) fn live(&self, rules: &Rules) -> bool {
        let live: Vec<_> = self
            .affirming()
            .into_iter()
            .filter(|voice| voice.is_live(rules))
            .collect();
        meets(rules, &live)
    }
}

fn meets(rules: &Rules, affirming: &[&Voice]) -> bool {
    let measured = affirming.iter().filter(|voice| voice.measured).count();
    affirming.len() >= usize::from(rules.quorum) && measured >= usize::from(rules.min_measured)
}

/// The value in the middle; the smaller of two. None of nothing.
pub(crate) fn lower_median<T: Ord + Copy>(values: &mut [T]) -> Option<T> {
    values.sort_unstable();
    let middle = values.len().checked_sub(1)? / 2;
    values.get(middle).copied()
}

/// The value that most give; of those that as many give, the one given first. None of nothing.
pub(crate) fn plurality<'a, T: PartialEq + 'a>(values: impl Iterator<Item = &'a T> + Clone) -> Option<&'a T> {
    let votes = |value: &T| values.clone().filter(|other| *other == value).count();
    // `max_by_key` keeps the last of equals: go backwards to keep the first.
    values
        .clone()
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .max_by_key(|value| votes(value))
}

fn times(points: &mut [UnixMillis]) -> Option<Times> {
    let median = lower_median(points)?;
    Some(Times {
        earliest: *points.first()?,
        median,
        latest: *points.last()?,
    })
}

/// When it ended: the lower median over all, one that has not recovered counting as never; none until more than
/// half have recovered.
fn end(affirming: &[&Voice]) -> Option<Times> {
    let mut ends: Vec<_> = affirming.iter().filter_map(|voice| voice.ended()).collect();
    if ends.len().saturating_mul(2) <= affirming.len() {
        return None;
    }
    ends.sort_unstable();
    let middle = affirming.len().checked_sub(1)? / 2;
    Some(Times {
        earliest: *ends.first()?,
        median: *ends.get(middle)?,
        latest: *ends.last()?,
    })
}
