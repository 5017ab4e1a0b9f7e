//! What is said: which organisation watches which services, and what it says of each, all of it by a seed.
//!
//! Each service is watched by one to twenty organisations, ten on average. An organisation goes through its services in
//! the order of their numbers, and then again: so those that watch a service speak of it at about the same time, as of a
//! real outage. Its words of one service alternate between Down and Degraded, so that none repeats the one before.

use anyhow::{Context, Result};
use faultline_primitives::{
    attestation::{
        Body, Claim, Evidence, EvidenceKind, Kind, Method, Observation, Place, Scope, Severity, TimeQuality,
        Vantage,
    },
    log::blake2_256,
    Country, Hash, Sha256, Span, UnixMillis,
};

use crate::{bounded, text};

/// Most organisations that watch one service.
const MOST_VOICES: u32 = 20;
/// How often an organisation speaks of one service at most: the rules take 64 words.
pub const ROUNDS: u32 = 60;
/// Bytes of the text that goes with a word.
const TEXT: usize = 120;

/// Something that is to be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    /// By this organisation of the crowd.
    pub organisation: u32,
    /// Of this service of the crowd.
    pub service: u32,
    /// How often it has spoken of it before.
    pub round: u32,
}

/// Who watches what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topics {
    seed: u64,
    // Of each organisation, its services in the order of their numbers.
    services: Vec<Vec<u32>>,
}

impl Topics {
    /// As chance makes it.
    ///
    /// # Errors
    ///
    /// There are no organisations.
    pub fn drawn(organisations: u32, services: u32, seed: u64) -> Result<Self> {
        let mut of = vec![Vec::new(); usize::try_from(organisations)?];
        let most = MOST_VOICES.min(organisations);
        for service in 0..services {
            let chance = drawn(seed, b"voices", &[service]);
            let voices = 1 + part(&chance, 0).checked_rem(most).context("no organisations")?;
            let first = part(&chance, 1);
            // Neighbours: each service has others, as the first is drawn.
            for voice in 0..voices {
                let place = first.wrapping_add(voice) % organisations;
                of[usize::try_from(place)?].push(service);
            }
        }
        Ok(Self { seed, services: of })
    }

    /// What an organisation says when it has said so much; nothing once it has said all that it may.
    pub fn word(&self, organisation: u32, said: u32) -> Option<Word> {
        let services = self.services.get(usize::try_from(organisation).ok()?)?;
        let count = u32::try_from(services.len()).ok()?;
        let round = said.checked_div(count)?;
        let service = *services.get(usize::try_from(said % count).ok()?)?;
        (round < ROUNDS).then_some(Word {
            organisation,
            service,
            round,
        })
    }

    /// The observation that a word is, as a probe makes it: one vantage, one document, 120 bytes of text.
    ///
    /// # Errors
    ///
    /// Never: what is said fits its bounds.
    pub fn observation(&self, word: Word, now: UnixMillis) -> Result<(Observation, Body)> {
        let chance = drawn(self.seed, b"word", &[word.organisation, word.service, word.round]);
        let samples = 20 + part(&chance, 0) % 20;
        let failed = 1 + part(&chance, 1) % samples;
        let observed = Span {
            from: UnixMillis(
                now.0
                    .saturating_sub(60_000 + u64::from(part(&chance, 2) % 30_000)),
            ),
            to: now,
        };
        let observation = Observation {
            claim: claim(word),
            kind: Kind::Outage,
            severity: Severity::Major,
            scope: Scope::Global,
            observed,
            intervals: Default::default(),
            time_quality: TimeQuality::Actual,
            method: Method::ActiveProbe,
            vantages: bounded(vec![Vantage {
                place: Place {
                    country: Country(*b"DE"),
                    asn: 3_320,
                },
                samples,
                failed,
            }])?,
            evidence: bounded(vec![Evidence {
                sha256: Sha256(chance.0),
                kind: EvidenceKind::ProbeLog,
                media_type: text("application/json")?,
                size: u64::from(part(&chance, 3) % 65_536),
                uri: Some(text(&format!(
                    "https://crowd-{}.example/log/{}",
                    word.organisation, word.service
                ))?),
                captured_at: now,
            }])?,
        };
        Ok((observation, text(&said(word, failed, samples))?))
    }

    /// The text of a word, by which it is found again.
    pub fn text(&self, word: Word) -> String {
        let chance = drawn(self.seed, b"word", &[word.organisation, word.service, word.round]);
        let samples = 20 + part(&chance, 0) % 20;
        said(word, 1 + part(&chance, 1) % samples, samples)
    }
}

/// What a word claims.
pub fn claim(word: Word) -> Claim {
    if word.round.is_multiple_of(2) {
        Claim::Down
    } else {
        Claim::Degraded
    }
}

fn said(word: Word, failed: u32, samples: u32) -> String {
    let Word {
        organisation,
        service,
        round,
    } = word;
    let mut said = format!(
        "{failed} of {samples} probes of service {service} failed: HTTP 503 and timeouts; organisation \
         {organisation}, report {round}"
    );
    while said.len() < TEXT {
        said.push('.');
    }
    said
}

fn drawn(seed: u64, what: &[u8], numbers: &[u32]) -> Hash {
    let numbers: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
    blake2_256(&[&seed.to_be_bytes(), what, &numbers])
}

/// One of the numbers that chance gave.
fn part(chance: &Hash, place: usize) -> u32 {
    let bytes = chance.0.chunks_exact(4).nth(place);
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn nobody_repeats_a_word_or_says_more_of_a_service_than_is_taken() {
        let topics = Topics::drawn(200, 4_000, 1).unwrap();
        for organisation in [0, 7, 199] {
            let mut last = std::collections::BTreeMap::new();
            let mut count = 0;
            while let Some(word) = topics.word(organisation, count) {
                let before = last.insert(word.service, (word.round, claim(word)));
                match before {
                    Some((round, claimed)) => {
                        assert_eq!(word.round, round + 1);
                        assert_ne!(claim(word), claimed);
                    }
                    None => assert_eq!(word.round, 0),
                }
                count += 1;
            }
            let of = topics.services[organisation as usize].len() as u32;
            assert_eq!(count, of * ROUNDS);
        }
    }

    #[test]
    fn each_service_is_watched_by_one_to_twenty_and_ten_on_average() {
        let topics = Topics::drawn(200, 4_000, 1).unwrap();
        let mut voices = vec![BTreeSet::new(); 4_000];
        for (organisation, services) in topics.services.iter().enumerate() {
            assert!((120..300).contains(&services.len()), "{}", services.len());
            for service in services {
                assert!(voices[*service as usize].insert(organisation));
            }
        }
        assert!(voices.iter().all(|voices| (1..=20).contains(&voices.len())));
        let all: usize = voices.iter().map(BTreeSet::len).sum();
        assert!((38_000..46_000).contains(&all), "{all}");
        assert_eq!(topics, Topics::drawn(200, 4_000, 1).unwrap());
        assert_ne!(topics, Topics::drawn(200, 4_000, 2).unwrap());
    }

    #[test]
    fn a_word_is_well_formed_and_its_text_tells_it_from_every_other() {
        let topics = Topics::drawn(200, 4_000, 1).unwrap();
        let now = UnixMillis(1_800_000_000_000);
        let word = topics.word(3, 5).unwrap();
        let (observation, body) = topics.observation(word, now).unwrap();
        observation.check(now, faultline_primitives::Millis(0)).unwrap();
        assert_eq!(body.to_string(), topics.text(word));
        assert!((TEXT..TEXT + 10).contains(&body.to_string().len()));
        assert_ne!(topics.text(word), topics.text(topics.word(3, 6).unwrap()));
    }
}
