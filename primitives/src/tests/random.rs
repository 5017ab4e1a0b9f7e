//! Random histories of honest and lying members.

use proptest::{prelude::*, sample::select};

use super::fixtures::*;
use crate::{
    attestation::{Claim, Kind, Method, Observation, Place, Scope, Severity},
    incident::{Action, Actor, Refusal},
    rules::Rules,
    Country, IncidentId, Millis, UnixMillis,
};

/// 2,048 cases a property, unless PROPTEST_CASES says otherwise.
pub fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(2048);
    ProptestConfig {
        cases,
        max_global_rejects: cases.saturating_mul(8).max(1024),
        ..ProptestConfig::default()
    }
}

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Say,
    Withdraw,
    Close,
    Reply,
    /// Disputes it before the arbiters 50 and 51.
    Dispute,
    /// Rules as one of the organisations 50 to 52.
    Vote(u32, bool),
    Link,
    Unlink,
}

/// What somebody does, so long after the deed before it.
#[derive(Clone, Debug)]
pub struct Word {
    pub deed: Deed,
    pub wait: Millis,
    pub by: Actor,
    /// How long before it speaks its span begins.
    pub back: Millis,
    /// How long its span is.
    pub length: Millis,
    /// All of what it says but the span.
    pub said: Observation,
}

impl Word {
    /// The entry that it comes to; saying something is for the history to put in its place.
    fn action(&self) -> Option<Action> {
        let by = self.by;
        Some(match self.deed {
            Deed::Say => return None,
            Deed::Withdraw => withdrawn(by),
            Deed::Close => closed(by),
            Deed::Reply => replied(by, statement()),
            Deed::Dispute => disputed(by, &[50, 51]),
            Deed::Vote(n, sustain) => voted(org(n), sustain),
            Deed::Link => Action::Linked {
                by,
                to: IncidentId(u64::from(by.organisation.0)),
            },
            Deed::Unlink => Action::Unlinked { by },
        })
    }

    /// What it says at a point in time.
    pub fn at(&self, now: UnixMillis) -> Observation {
        let from = UnixMillis(now.0.saturating_sub(self.back.0));
        Observation {
            observed: span(from, from.after(self.length)),
            ..self.said.clone()
        }
    }
}

pub fn places() -> impl Strategy<Value = Vec<Place>> {
    prop::collection::vec(select(vec![DE, US, place(*b"DE", 64501)]), 0..4)
}

pub fn scope() -> impl Strategy<Value = Scope> {
    select(vec![
        Scope::Global,
        Scope::Global,
        Scope::Global,
        Scope::Global,
        Scope::Country(Country(*b"DE")),
        Scope::Asn(64501),
        Scope::Region(text("eu-central-1")),
        Scope::Subset,
        Scope::Unknown,
    ])
}

/// All that is said but when and by whom.
pub fn said() -> impl Strategy<Value = Observation> {
    let claim = prop_oneof![
        4 => Just(Claim::Down),
        1 => Just(Claim::Degraded),
        4 => Just(Claim::Recovered),
        2 => Just(Claim::Up),
    ];
    let method = select(Method::ALL);
    (
        claim,
        select(Kind::ALL),
        select(Severity::ALL),
        scope(),
        method,
        places(),
    )
        .prop_map(|(claim, kind, severity, scope, method, places)| {
            saw(claim, START, START)
                .of_kind(kind)
                .as_bad_as(severity)
                .within(scope)
                .by(method)
                .from_places(&places)
        })
}

/// Organisations 0 to 11: 0 and 1, and 2 and 3, are of one group each; 10 and 11 are the provider's.
pub fn usual(organisation: u32) -> Actor {
    match organisation {
        0..=3 => member(organisation, 100 + organisation / 2),
        10.. => affiliate(organisation),
        _ => org(organisation),
    }
}

/// Mostly as usual; now and then of another group, or affiliated, as it was at that block.
fn actor() -> impl Strategy<Value = Actor> {
    let changed = (0u32..12, 0u32..12, any::<bool>()).prop_map(|(organisation, group, affiliated)| Actor {
        affiliated,
        ..member(organisation, group)
    });
    prop_oneof![12 => (0u32..12).prop_map(usual), 1 => changed]
}

/// Mostly minutes, now and then days.
fn wait() -> impl Strategy<Value = Millis> {
    prop_oneof![
        8 => Just(Millis(0)),
        20 => (0u64..900_000).prop_map(Millis),
        2 => (0u64..7_200_000).prop_map(Millis),
        1 => (0u64..72).prop_map(Millis::hours),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        24 => Just(Deed::Say),
        2 => Just(Deed::Withdraw),
        1 => Just(Deed::Close),
        1 => Just(Deed::Reply),
        1 => Just(Deed::Dispute),
        6 => (50u32..53, any::<bool>()).prop_map(|(n, sustain)| Deed::Vote(n, sustain)),
        1 => Just(Deed::Link),
        1 => Just(Deed::Unlink),
    ]
}

fn word() -> impl Strategy<Value = Word> {
    let length = prop_oneof![3 => 0u64..3_600_000, 1 => 0u64..20_000_000].prop_map(Millis);
    let back = prop_oneof![8 => 0u64..10_000_000, 1 => 0u64..200_000_000].prop_map(Millis);
    let what = (deed(), actor(), said());
    (wait(), what, back, length).prop_map(|(wait, (deed, by, said), back, length)| Word {
        deed,
        wait,
        by,
        back,
        length: length.min(Millis(back.0.saturating_add(60_001))),
        said,
    })
}

/// A word of one whose checks overlap everybody's: some see it fail, as many do not.
fn word_of_a_quarrel() -> impl Strategy<Value = Word> {
    let claim = select(vec![Claim::Down, Claim::Up, Claim::Up, Claim::Up]);
    let wait = (0u64..60_000).prop_map(Millis);
    (wait, actor(), 1_800_000u64..3_600_000, claim, said()).prop_map(|(wait, by, back, claim, said)| Word {
        deed: Deed::Say,
        wait,
        by,
        back: Millis(back),
        length: Millis(back),
        said: Observation {
            claim,
            scope: Scope::Global,
            ..said
        }
        .from_places(&[DE]),
    })
}

pub fn words() -> impl Strategy<Value = Vec<Word>> {
    prop_oneof![
        2 => prop::collection::vec(word(), 1..40),
        1 => prop::collection::vec(word_of_a_quarrel(), 4..40),
    ]
}

/// As [`words`], of independent organisations alone, which attest and close.
pub fn independent_words() -> impl Strategy<Value = Vec<Word>> {
    words().prop_map(|mut words| {
        words.iter_mut().for_each(|word| {
            word.by = org(word.by.organisation.0);
            word.deed = match word.deed {
                // Not withdrawing: then the next member of a group takes its place, as it should.
                Deed::Close | Deed::Dispute | Deed::Reply => Deed::Close,
                _ => Deed::Say,
            };
        });
        words
    })
}

pub fn rules() -> impl Strategy<Value = Rules> {
    let windows = select(vec![Rules::standard(), Rules::standard(), Rules::local()]);
    (1u16..=4, 0u16..=4, windows).prop_map(|(quorum, measured, windows)| Rules {
        quorum,
        min_measured: measured.min(quorum),
        ..windows
    })
}

impl History {
    /// Does or says one thing; what is refused leaves everything as it was.
    pub fn try_word(&mut self, now: UnixMillis, word: &Word) -> Result<(), Refusal> {
        match word.action() {
            Some(action) if self.record.is_some() => self.try_do(now, action),
            _ => self.try_say(now, word.by, word.at(now)),
        }
    }
}

/// What becomes of it when all that is refused is left out.
pub fn play(rules: Rules, words: &[Word]) -> History {
    let mut history = History::under(rules);
    let mut now = START;
    for word in words {
        now = now.after(word.wait);
        let _ = history.try_word(now, word);
    }
    history
}
