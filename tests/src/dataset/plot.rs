//! How an incident goes: who says what, and when.

use faultline_primitives::{attestation::Claim, BlockNumber, Millis, OrganisationId, Span, UnixMillis};
use rand::{seq::IndexedRandom, Rng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp1, StandardNormal, Zipf};

use super::{cast::Cast, millis};

/// Most attestations of an incident.
const MOST_WORDS: f64 = 20.0;
/// How steeply many attestations are rarer than few: Zipf's exponent.
const FEW: f64 = 1.0;

/// What becomes of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is seen while it lasts, and seen to end.
    Seen,
    /// One or two see it, and nobody else.
    Alone,
    /// As many see the service work as see it fail.
    Quarrel,
    /// It is seen while it lasts, and nobody sees it end.
    Unended,
    /// It is told weeks later.
    History,
}

/// One thing that is said.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// By whom.
    pub by: OrganisationId,
    /// When.
    pub heard: UnixMillis,
    /// What.
    pub claim: Claim,
    /// Of when.
    pub observed: Span,
}

/// An incident to be told.
pub struct Plot<'a> {
    cast: &'a Cast,
    /// When the first word is heard, and the block that records it.
    opened: (UnixMillis, BlockNumber),
    /// What becomes of it.
    pub kind: Kind,
    start: UnixMillis,
    end: UnixMillis,
    speakers: Vec<OrganisationId>,
    words: Vec<Word>,
}

impl<'a> Plot<'a> {
    /// What becomes of an incident that is opened then.
    pub fn drawn(cast: &'a Cast, opened: (UnixMillis, BlockNumber), chance: &mut ChaCha8Rng) -> Self {
        let kind = match chance.random_range(0..100) {
            0..62 => Kind::Seen,
            62..76 => Kind::Alone,
            76..82 => Kind::Quarrel,
            82..90 => Kind::Unended,
            _ => Kind::History,
        };
        // Half of all outages last less than three quarters of an hour, and few last days.
        let normal: f64 = StandardNormal.sample(chance);
        let lasted = millis(Millis::minutes(45).0 as f64 * (normal * 1.3).exp()).min(Millis::days(10));
        let noticed = match kind {
            Kind::History => Millis(
                Millis::days(chance.random_range(1..60))
                    .0
                    .saturating_add(lasted.0),
            ),
            _ => about(Millis::minutes(4), chance),
        };
        let start = UnixMillis(opened.0 .0.saturating_sub(noticed.0));
        Self {
            cast,
            opened,
            kind,
            start,
            end: start.after(lasted),
            speakers: Vec::new(),
            words: Vec::new(),
        }
    }

    /// All that is said, in order: the first opens the incident.
    pub fn words(mut self, chance: &mut ChaCha8Rng) -> Vec<Word> {
        // The ranks are those of a constant: there is no other outcome.
        let drawn = Zipf::new(MOST_WORDS, FEW).map_or(1.0, |words| words.sample(chance));
        let count = match self.kind {
            Kind::Alone => chance.random_range(1..=2),
            Kind::Quarrel => (drawn as usize).max(9),
            _ => drawn as usize,
        };
        if count <= 2 && self.kind != Kind::Unended && chance.random_bool(0.7) {
            // Few who see it alone say so before it is over.
            let lasted = self.end.since(self.start);
            let noticed = Millis(lasted.0.saturating_add(about(Millis::minutes(5), chance).0));
            self.start = UnixMillis(self.opened.0 .0.saturating_sub(noticed.0));
            self.end = self.start.after(lasted);
        }
        while self.words.len() < count {
            let Some(by) = self.speaker(chance) else { break };
            let first = self.words.is_empty();
            let heard = match self.kind {
                _ if first => self.opened.0,
                Kind::Unended => self.opened.0.after(about(Millis::minutes(40), chance)),
                Kind::History => self.opened.0.after(about(Millis::hours(3), chance)),
                _ => self.opened.0.after(about(Millis::minutes(10), chance)),
            };
            match self.kind {
                Kind::Quarrel if self.speakers.len().is_multiple_of(2) => self.against(by, heard),
                Kind::History => self.over(by, heard, chance),
                Kind::Unended => self.fails(by, heard, chance),
                _ if heard >= self.end => self.over(by, heard, chance),
                _ => {
                    self.fails(by, heard, chance);
                    if self.words.len() < count && chance.random_bool(0.9) {
                        let later = self.end.max(heard).after(about(Millis::minutes(12), chance));
                        self.over(by, later, chance);
                    }
                }
            }
        }
        self.words.sort_by_key(|word| word.heard);
        self.words
    }

    fn fails(&mut self, by: OrganisationId, heard: UnixMillis, chance: &mut ChaCha8Rng) {
        let claim = match chance.random_range(0..10) {
            0..8 => Claim::Down,
            _ => Claim::Degraded,
        };
        let last = UnixMillis(heard.0.saturating_sub(chance.random_range(0..30_000)));
        self.say(by, heard, claim, last, chance);
    }

    fn over(&mut self, by: OrganisationId, heard: UnixMillis, chance: &mut ChaCha8Rng) {
        let end = self.end.after(Millis(chance.random_range(0..90_000))).min(heard);
        self.say(by, heard, Claim::Recovered, end, chance);
    }

    fn say(
        &mut self,
        by: OrganisationId,
        heard: UnixMillis,
        claim: Claim,
        to: UnixMillis,
        chance: &mut ChaCha8Rng,
    ) {
        let from = self.start.after(Millis(chance.random_range(0..120_000))).min(to);
        self.words.push(Word {
            by,
            heard,
            claim,
            observed: Span { from, to },
        });
    }

    fn against(&mut self, by: OrganisationId, heard: UnixMillis) {
        let observed = Span {
            from: self.start.min(heard),
            to: heard,
        };
        self.words.push(Word {
            by,
            heard,
            claim: Claim::Up,
            observed,
        });
    }

    /// Somebody who has said nothing yet, where there is one.
    fn speaker(&mut self, chance: &mut ChaCha8Rng) -> Option<OrganisationId> {
        let is_free = |id: &OrganisationId| {
            let member = self.cast.organisations.get(id.0 as usize);
            member.is_some_and(|member| member.record.block <= self.opened.1) && !self.speakers.contains(id)
        };
        let drawn = (0..16).find_map(|_| self.cast.drawn_reporter(chance).filter(is_free));
        let by = drawn.or_else(|| {
            let free: Vec<_> = self.cast.reporters.iter().copied().filter(is_free).collect();
            free.choose(chance).copied()
        })?;
        self.speakers.push(by);
        Some(by)
    }
}

/// A length of time of which this is the mean; short ones are many, and none is longer than ten times that.
pub fn about(mean: Millis, chance: &mut ChaCha8Rng) -> Millis {
    let factor: f64 = Exp1.sample(chance);
    millis(mean.0 as f64 * factor.min(10.0))
}
