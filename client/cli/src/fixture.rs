//! An incident of which everything is told that can be: for tests of how it is shown.

use std::collections::BTreeMap;

use faultline_primitives::{
    attestation::{
        Attestation, Claim, Evidence, EvidenceKind, Kind, Method, Observation, Scope, Severity, TimeQuality,
    },
    incident::{Action, Actor, Cause, Opening, Reply, ReplyStatus, Statement, FOLD_VERSION},
    rules::Rules,
    Account, Entry, GroupId, Hash, IncidentId, Millis, OrganisationId, Record, ServiceId, Sha256, Span,
    UnixMillis,
};
use faultline_rpc::view::{
    At, BlockView, EntryView, IncidentView, RelatedIncident, RelatedView, Relation, Utc,
};

use crate::noun::incident::{Event, Names, Told};

const ID: IncidentId = IncidentId(7);
const NORTHWATCH: (u32, u32) = (0, 0);
const HARBOUR: (u32, u32) = (1, 1);
const HARBOUR_LABS: (u32, u32) = (2, 1);
const COMMONS: (u32, u32) = (3, 3);
const PROVIDER: (u32, u32) = (4, 4);
const ASSIZE: (u32, u32) = (5, 5);
const QUAY: (u32, u32) = (6, 6);

/// The block that all of it is true at.
pub fn block() -> BlockView {
    BlockView {
        number: 4711,
        hash: Hash([0xab; 32]),
    }
}

/// So many minutes after the outage began.
fn minute(minutes: u64) -> UnixMillis {
    UnixMillis(1_733_958_960_000).after(Millis::minutes(minutes))
}

fn by((organisation, group): (u32, u32)) -> Actor {
    Actor {
        organisation: OrganisationId(organisation),
        group: GroupId(group),
        affiliated: (organisation, group) == PROVIDER,
        key: Account::default(),
    }
}

fn document(number: u8, kind: EvidenceKind) -> Evidence {
    Evidence {
        sha256: Sha256([number; 32]),
        kind,
        media_type: "text/csv".parse().expect("it is short"),
        size: 1024,
        uri: None,
        captured_at: minute(0),
    }
}

/// What is seen, of a span in minutes; measured where there are documents.
fn seen(claim: Claim, (from, to): (u64, u64), documents: Vec<Evidence>) -> Box<Attestation> {
    let measured = !documents.is_empty();
    let vantage = crate::evidence::vantage("DE:3320:12:12").expect("it is one");
    let observation = Observation {
        claim,
        kind: Kind::Outage,
        severity: Severity::Major,
        scope: Scope::Global,
        observed: Span {
            from: minute(from),
            to: minute(to),
        },
        intervals: Default::default(),
        time_quality: if measured {
            TimeQuality::Actual
        } else {
            TimeQuality::Estimate
        },
        method: if measured {
            Method::ActiveProbe
        } else {
            Method::Manual
        },
        vantages: if measured { vec![vantage] } else { Vec::new() }
            .try_into()
            .expect("there is room"),
        evidence: documents.try_into().expect("there is room"),
    };
    Box::new(Attestation {
        observation,
        text: None,
    })
}

fn attested(who: (u32, u32), attestation: Box<Attestation>) -> Action {
    Action::Attested {
        by: by(who),
        attestation,
        moves_from: None,
    }
}

fn replied(status: ReplyStatus, claimed: (Option<u64>, Option<u64>)) -> Action {
    let statement = Statement {
        status,
        claimed_start: claimed.0.map(minute),
        claimed_end: claimed.1.map(minute),
        time_quality: TimeQuality::Estimate,
        cause: Cause::System,
        document: None,
    };
    Action::Replied {
        by: by(PROVIDER),
        reply: Reply {
            statement,
            text: None,
        },
    }
}

/// What is said, and how many minutes after the outage began it is recorded.
fn actions() -> Vec<(u64, Action)> {
    let log = || vec![document(0xa1, EvidenceKind::ProbeLog)];
    let mut flapped = seen(
        Claim::Recovered,
        (0, 224),
        vec![document(0xa2, EvidenceKind::ProbeLog)],
    );
    let span = |from, to| Span {
        from: minute(from),
        to: minute(to),
    };
    flapped.observation.intervals = vec![span(0, 90), span(95, 224)]
        .try_into()
        .expect("there is room");
    vec![
        (
            2,
            Action::Opened {
                by: by(NORTHWATCH),
                opening: Opening {
                    fold: FOLD_VERSION,
                    service: ServiceId(1),
                    slug: "openai/chatgpt".parse().expect("it is short"),
                    name: "ChatGPT".parse().expect("it is short"),
                    rules: Rules::dev(),
                },
                attestation: seen(Claim::Down, (0, 1), log()),
            },
        ),
        (3, attested(HARBOUR, seen(Claim::Down, (1, 2), log()))),
        (
            4,
            attested(HARBOUR_LABS, seen(Claim::Degraded, (2, 3), Vec::new())),
        ),
        (5, attested(PROVIDER, seen(Claim::Recovered, (4, 5), Vec::new()))),
        (6, replied(ReplyStatus::Investigating, (Some(4), None))),
        (7, attested(COMMONS, seen(Claim::Down, (2, 6), Vec::new()))),
        (8, attested(QUAY, seen(Claim::Down, (3, 7), Vec::new()))),
        (
            9,
            Action::Withdrawn {
                by: by(QUAY),
                moved_to: None,
            },
        ),
        (225, attested(NORTHWATCH, flapped)),
        (
            226,
            attested(
                HARBOUR,
                seen(
                    Claim::Recovered,
                    (1, 222),
                    vec![document(0xa3, EvidenceKind::Har)],
                ),
            ),
        ),
        (
            228,
            Action::Disputed {
                by: by(PROVIDER),
                text: None,
                arbiters: vec![GroupId(ASSIZE.1)].try_into().expect("there is room"),
            },
        ),
        (
            229,
            Action::Voted {
                by: by(ASSIZE),
                sustain: false,
                text: None,
            },
        ),
        (230, replied(ReplyStatus::Resolved, (Some(4), Some(220)))),
    ]
}

/// All of it.
pub fn told() -> Told {
    told_by("Northwatch")
}

/// All of it, where the first organisation is called so, and says so as well.
pub fn told_by(first: &str) -> Told {
    let names: BTreeMap<_, _> = [
        first,
        "Harbour",
        "Harbour Labs",
        "Commons",
        "OpenAI",
        "Assize",
        "Quay",
    ]
    .into_iter()
    .zip(0..)
    .map(|(name, number)| (OrganisationId(number), name.to_owned()))
    .collect();
    let entries: Vec<_> = (100..)
        .zip(actions())
        .map(|(block, (minutes, action))| Entry {
            block,
            at: minute(minutes),
            action,
        })
        .collect();
    let record = Record::replay(ID, &entries).expect("there are entries");
    let record = record.expect("the fold takes them");
    let incident = IncidentView::new(ID, record, "openai/chatgpt".into(), &names, minute(231));
    let log = (0..)
        .zip(entries)
        .map(|(number, entry)| {
            let text = match number {
                0 if first == "Northwatch" => Some("12 of 12 requests failed with 503.".into()),
                0 => Some(first.into()),
                10 => Some("It was announced maintenance.".into()),
                _ => None,
            };
            let redacted = (number == 11).then_some(Utc(minute(240)));
            EntryView::new(number, entry, text, redacted)
        })
        .collect();
    let mut other = incident.clone();
    (other.id, other.slug) = (IncidentId(8), "openai/api".into());
    Told {
        incident,
        log,
        names: Names::given(names),
        event: Event::Known(At {
            at: block(),
            data: RelatedView {
                items: vec![RelatedIncident {
                    relations: vec![Relation::Sibling, Relation::SameProvider],
                    incident: other,
                }],
                index_lag: 2,
            },
        }),
    }
}
