//! The log of an outage on which many speak, made up for measuring.

use anyhow::{ensure, Result};
use faultline_primitives::{
    attestation::{
        Attestation, Claim, Evidence, EvidenceKind, Kind, Method, Observation, Place, Scope, Severity,
        TimeQuality, Vantage,
    },
    incident::{Action, Actor, Cause, Incident, Opening, Reply, ReplyStatus, Statement, FOLD_VERSION},
    rules::Rules,
    Account, Country, Entry, GroupId, IncidentId, Millis, OrganisationId, Record, ServiceId, Sha256, Span,
    UnixMillis,
};

use super::{taken, START};
use crate::{bounded, text};

/// Time in which each organisation speaks once: longer than it must wait to repeat itself.
pub const ROUND: Millis = Millis::minutes(11);
/// Groups among which the organisations are spread, with no more than four in one.
const GROUPS: u32 = 128;
/// The first arbiter; there are nine.
const ARBITERS: u32 = 9_000;
/// Of the text that goes with an entry.
const DIGEST: Option<Sha256> = Some(Sha256([0x22; 32]));

/// The log of an outage on which so many organisations speak in turn: one in twenty sees it work, the others see it
/// fail and at last recover. Now and then one withdraws, the provider replies, somebody disputes, arbiters rule.
pub fn log(count: usize, organisations: usize) -> Result<Vec<Entry<Action>>> {
    let mut log: Vec<Entry<Action>> = Vec::with_capacity(count);
    let mut record: Option<Record<Incident>> = None;
    let pause = ROUND.0 / u64::try_from(organisations)?;
    for turn in 0..count.saturating_mul(2) {
        if log.len() == count {
            break;
        }
        let at = START.after(Millis(pause * u64::try_from(turn)?));
        let number = u32::try_from(turn % organisations)?;
        let action = match &record {
            None => opened()?,
            Some(_) if turn % 50 == 49 => beside(turn / 50, actor(number))?,
            Some(_) => {
                let claim = match number % 20 {
                    7 => Claim::Up,
                    _ if log.len() * 5 >= count * 4 => Claim::Recovered,
                    3 => Claim::Degraded,
                    _ => Claim::Down,
                };
                attested(actor(number), at, claim)?
            }
        };
        let block = u32::try_from(turn)?;
        let next = Entry { block, at, action };
        // What is refused, such as a ruling where nothing is disputed, is left out.
        let folded = match record.clone() {
            None => taken(Record::open(IncidentId(7), &next)).map(Some)?,
            Some(before) => before.append(&next).ok(),
        };
        if let Some(after) = folded {
            record = Some(after);
            log.push(next);
        }
    }
    ensure!(log.len() == count, "{} entries of {count} were taken", log.len());
    Ok(log)
}

/// What is done beside attesting, in turn.
fn beside(turn: usize, by: Actor) -> Result<Action> {
    Ok(match turn % 5 {
        0 => replied(),
        1 => Action::Withdrawn { by, moved_to: None },
        2 => disputed(by)?,
        _ => voted(ARBITERS + u32::try_from(turn % 9)?),
    })
}

/// One of each kind of entry.
pub fn examples() -> Result<Vec<(&'static str, Action)>> {
    let (by, arbiter) = (actor(0), actor(ARBITERS));
    let at = START.after(Millis::minutes(5));
    Ok(vec![
        ("opening, with its attestation", opened()?),
        (
            "attestation, 2 vantages, 1 piece of evidence",
            attested(by, at, Claim::Down)?,
        ),
        ("withdrawal", Action::Withdrawn { by, moved_to: None }),
        ("closing", Action::Closed { by }),
        ("reply", replied()),
        ("dispute, 9 groups of arbiters", disputed(by)?),
        ("vote", voted(ARBITERS)),
        (
            "link",
            Action::Linked {
                by: arbiter,
                to: IncidentId(3),
            },
        ),
    ])
}

fn opened() -> Result<Action> {
    let opening = Opening {
        fold: FOLD_VERSION,
        service: ServiceId(3),
        slug: text("openai/chatgpt")?,
        name: text("ChatGPT")?,
        rules: Rules::standard(),
    };
    let (by, attestation) = (actor(0), attestation(START, Claim::Down)?);
    Ok(Action::Opened {
        by,
        opening,
        attestation,
    })
}

/// By the service's provider.
fn replied() -> Action {
    let statement = Statement {
        status: ReplyStatus::Identified,
        claimed_start: Some(START),
        claimed_end: None,
        time_quality: TimeQuality::Actual,
        cause: Cause::Process,
        document: Some(Sha256([0x44; 32])),
    };
    let by = Actor {
        affiliated: true,
        ..actor(8_000)
    };
    Action::Replied {
        by,
        reply: Reply {
            statement,
            text: DIGEST,
        },
    }
}

fn disputed(by: Actor) -> Result<Action> {
    let arbiters = bounded((ARBITERS..ARBITERS + 9).map(|n| actor(n).group).collect())?;
    Ok(Action::Disputed {
        by,
        text: DIGEST,
        arbiters,
    })
}

fn voted(number: u32) -> Action {
    let sustain = number.is_multiple_of(2);
    Action::Voted {
        by: actor(number),
        sustain,
        text: DIGEST,
    }
}

/// What an organisation says at a time.
pub fn attested(by: Actor, at: UnixMillis, claim: Claim) -> Result<Action> {
    Ok(Action::Attested {
        by,
        attestation: attestation(at, claim)?,
        moves_from: None,
    })
}

/// What a probe with two vantages says at a time, with its log as evidence and a text.
fn attestation(at: UnixMillis, claim: Claim) -> Result<Box<Attestation>> {
    let vantage = |country, asn| Vantage {
        place: Place {
            country: Country(country),
            asn,
        },
        samples: 120,
        failed: 97,
    };
    let evidence = Evidence {
        sha256: Sha256([0xe5; 32]),
        kind: EvidenceKind::ProbeLog,
        media_type: text("application/json")?,
        size: 48_213,
        uri: Some(text(
            "https://evidence.example.org/2024/12/11/openai-chatgpt-frankfurt.json",
        )?),
        captured_at: at,
    };
    let observation = Observation {
        claim,
        kind: Kind::Outage,
        severity: Severity::Major,
        scope: Scope::Global,
        observed: Span { from: START, to: at },
        intervals: Default::default(),
        time_quality: TimeQuality::Actual,
        method: Method::ActiveProbe,
        vantages: bounded(vec![vantage(*b"DE", 3320), vantage(*b"US", 7922)])?,
        evidence: bounded(vec![evidence])?,
    };
    Ok(Box::new(Attestation {
        observation,
        text: DIGEST,
    }))
}

/// An organisation: an arbiter has a group of its own.
pub fn actor(number: u32) -> Actor {
    let group = if number < ARBITERS {
        number % GROUPS
    } else {
        number
    };
    Actor {
        organisation: OrganisationId(number),
        group: GroupId(group),
        affiliated: false,
        key: Account([0xab; 32]),
    }
}
