//! What clients say: calls drawn at random, some of which the chain must refuse.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use faultline_client::{call::Report, Call};
use faultline_primitives::{
    attestation::{Body, Claim, Evidence, EvidenceKind, Method, Observation, Place, TimeQuality, Vantage},
    incident::{Cause, ReplyStatus, Statement},
    Account, Country, IncidentId, Millis, ServiceId, Sha256, Span, UnixMillis,
};
use rand::{seq::IndexedRandom, Rng};
use rand_chacha::ChaCha8Rng;

use super::fault::WrongClock;
use crate::{bounded, seen_by_hand, text};

/// Services of the chain `local`.
const SERVICES: u32 = 4;

/// The present, by this machine's clock.
pub fn now() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis(u64::try_from(since.as_millis()).unwrap_or_default())
}

/// What a reporter says, of incidents that are known.
///
/// # Errors
///
/// Never: what is said fits its bounds.
pub fn of_reporter(random: &mut ChaCha8Rng, known: &[IncidentId]) -> Result<Call> {
    let incident = known.choose(random).copied();
    Ok(match (random.random_range(0..100), incident) {
        (0..=7, _) => {
            let reports: Vec<_> = (0..random.random_range(2..=8))
                .map(|_| {
                    Ok(Report {
                        service: service(random),
                        observation: observation(random)?,
                        text: words(random)?,
                    })
                })
                .collect::<Result<_>>()?;
            Call::report_many(&reports)
        }
        (8..=22, Some(incident)) => {
            let from = known
                .choose(random)
                .copied()
                .filter(|_| random.random_ratio(1, 8));
            Call::attest(incident, &observation(random)?, &words(random)?, from)
        }
        (23..=30, Some(incident)) => Call::withdraw(incident),
        (31..=34, Some(incident)) => Call::dispute(incident, &words(random)?),
        (35..=37, Some(incident)) => Call::close(incident),
        (38..=40, _) => {
            let slug = format!("nemesis/{:08x}", random.random::<u32>());
            let slug = text(&slug)?;
            Call::register(
                &slug,
                &text("A service")?,
                &text("https://service.example")?,
                None,
            )
        }
        _ => Call::report(service(random), &observation(random)?, &words(random)?),
    })
}

/// What the provider says: it replies, and otherwise reports like others.
///
/// # Errors
///
/// Never: what is said fits its bounds.
pub fn of_provider(random: &mut ChaCha8Rng, known: &[IncidentId]) -> Result<Call> {
    match known.choose(random) {
        Some(incident) if random.random_ratio(2, 3) => {
            let statement = Statement {
                status: *[
                    ReplyStatus::Investigating,
                    ReplyStatus::Identified,
                    ReplyStatus::Resolved,
                ]
                .choose(random)
                .unwrap_or(&ReplyStatus::NotUs),
                claimed_start: None,
                claimed_end: None,
                time_quality: TimeQuality::Estimate,
                cause: Cause::System,
                document: None,
            };
            Ok(Call::reply(*incident, &statement, &words(random)?))
        }
        _ => of_reporter(random, known),
    }
}

/// What an arbiter says, once there are incidents.
///
/// # Errors
///
/// Never: what is said fits its bounds.
pub fn of_arbiter(random: &mut ChaCha8Rng, known: &[IncidentId]) -> Result<Option<Call>> {
    let (Some(incident), Some(other)) = (known.choose(random), known.choose(random)) else {
        return Ok(None);
    };
    Ok(Some(match random.random_range(0..4) {
        0 => Call::link(*incident, *other),
        1 => Call::unlink(*incident),
        _ => Call::vote(*incident, random.random(), &words(random)?),
    }))
}

/// A key that nobody has, to be added.
pub fn some_key(random: &mut ChaCha8Rng) -> Account {
    Account(random.random())
}

/// A report whose clock is wrong, and the name by which it must be refused.
///
/// # Errors
///
/// Never: what is said fits its bounds.
pub fn with_wrong_clock(how: WrongClock) -> Result<(Call, &'static str)> {
    let now = now();
    let ago = |seconds| UnixMillis(now.0.saturating_sub(Millis::seconds(seconds).0));
    let later = now.after(Millis::minutes(10));
    let mut said = measured(Claim::Down, ago(20), now)?;
    let name = match how {
        WrongClock::Future => {
            said.observed.to = later;
            "Incidents.ObservedInFuture"
        }
        WrongClock::Reversed => {
            said.observed = Span {
                from: now,
                to: ago(20),
            };
            "Incidents.ObservedSpanReversed"
        }
        WrongClock::IntervalReversed => {
            let reversed = Span {
                from: ago(5),
                to: ago(10),
            };
            said.intervals = bounded(vec![reversed])?;
            "Incidents.IntervalReversed"
        }
        WrongClock::IntervalOutside => {
            let outside = Span {
                from: ago(60),
                to: ago(10),
            };
            said.intervals = bounded(vec![outside])?;
            "Incidents.IntervalOutsideSpan"
        }
        WrongClock::EvidenceInFuture => {
            said.evidence = bounded(vec![evidence(later)?])?;
            "Incidents.EvidenceInFuture"
        }
    };
    Ok((Call::report(ServiceId(0), &said, &Body::default()), name))
}

fn service(random: &mut ChaCha8Rng) -> ServiceId {
    ServiceId(random.random_range(0..SERVICES))
}

fn observation(random: &mut ChaCha8Rng) -> Result<Observation> {
    let claim = match random.random_range(0..20) {
        0..=9 => Claim::Down,
        10..=12 => Claim::Degraded,
        13..=18 => Claim::Recovered,
        _ => Claim::Up,
    };
    let to = now();
    let from = UnixMillis(to.0.saturating_sub(random.random_range(1_000..20_000)));
    if random.random_ratio(2, 3) {
        measured(claim, from, to)
    } else {
        Ok(seen_by_hand(claim, Span { from, to }))
    }
}

/// What a probe says, with its log as evidence.
fn measured(claim: Claim, from: UnixMillis, to: UnixMillis) -> Result<Observation> {
    let vantage = Vantage {
        place: Place {
            country: Country(*b"DE"),
            asn: 3320,
        },
        samples: 12,
        failed: 12,
    };
    Ok(Observation {
        method: Method::ActiveProbe,
        time_quality: TimeQuality::Actual,
        vantages: bounded(vec![vantage])?,
        evidence: bounded(vec![evidence(to)?])?,
        ..seen_by_hand(claim, Span { from, to })
    })
}

fn evidence(captured_at: UnixMillis) -> Result<Evidence> {
    Ok(Evidence {
        sha256: Sha256([7; 32]),
        kind: EvidenceKind::ProbeLog,
        media_type: text("text/plain")?,
        size: 25,
        uri: None,
        captured_at,
    })
}

/// A few words, or none.
fn words(random: &mut ChaCha8Rng) -> Result<Body> {
    match random.random_ratio(1, 2) {
        true => text(&format!("Requests time out ({}).", random.random::<u16>())),
        false => Ok(Body::default()),
    }
}
