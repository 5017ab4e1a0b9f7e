//! What the tests say and who says it: organisations, observations, and an incident's history as it grows.

use crate::{
    attestation::{
        Attestation, Claim, Evidence, EvidenceKind, Kind, Method, Observation, Place, Scope, Severity,
        TimeQuality, Vantage,
    },
    incident::{
        Action, Actor, Cause, Finding, Incident, Opening, Refusal, Reply, ReplyStatus, Statement,
        FOLD_VERSION,
    },
    log::Unfit,
    rules::Rules,
    Account, Country, Entry, GroupId, IncidentId, Millis, OrganisationId, Record, ServiceId, Sha256, Span,
    Text, UnixMillis,
};

/// The incident of which the tests tell.
pub const ID: IncidentId = IncidentId(7);
/// 11 December 2024, 23:00 UTC: the time from which minutes are counted.
pub const START: UnixMillis = UnixMillis(1_733_958_000_000);
pub const DE: Place = place(*b"DE", 64500);
pub const US: Place = place(*b"US", 64501);

/// So many minutes after [`START`].
pub const fn min(minutes: u64) -> UnixMillis {
    START.after(Millis::minutes(minutes))
}

/// A point in time one millisecond earlier.
pub const fn just_before(time: UnixMillis) -> UnixMillis {
    UnixMillis(time.0 - 1)
}

/// A point in time one millisecond later.
pub const fn just_after(time: UnixMillis) -> UnixMillis {
    UnixMillis(time.0 + 1)
}

pub const fn span(from: UnixMillis, to: UnixMillis) -> Span {
    Span { from, to }
}

pub const fn place(country: [u8; 2], asn: u32) -> Place {
    Place {
        country: Country(country),
        asn,
    }
}

pub const fn vantage(place: Place) -> Vantage {
    Vantage {
        place,
        samples: 10,
        failed: 10,
    }
}

/// An organisation of a group of several.
pub fn member(organisation: u32, group: u32) -> Actor {
    Actor {
        organisation: OrganisationId(organisation),
        group: GroupId(group),
        affiliated: false,
        key: Account([u8::try_from(organisation % 251).unwrap(); 32]),
    }
}

/// An organisation without affiliates.
pub fn org(organisation: u32) -> Actor {
    member(organisation, organisation)
}

/// The provider, or an organisation of its group.
pub fn affiliate(organisation: u32) -> Actor {
    Actor {
        affiliated: true,
        ..member(organisation, 9999)
    }
}

pub fn text<const N: u32>(text: &str) -> Text<N> {
    text.try_into().unwrap()
}

pub fn evidence(captured_at: UnixMillis) -> Evidence {
    Evidence {
        sha256: Sha256([0xe5; 32]),
        kind: EvidenceKind::ProbeLog,
        media_type: text("application/json"),
        size: 4096,
        uri: Some(text("https://example.org/probe.json")),
        captured_at,
    }
}

/// A measured observation from Germany of a global, major outage.
pub fn saw(claim: Claim, from: UnixMillis, to: UnixMillis) -> Observation {
    Observation {
        claim,
        kind: Kind::Outage,
        severity: Severity::Major,
        scope: Scope::Global,
        observed: span(from, to),
        intervals: vec![].try_into().unwrap(),
        time_quality: TimeQuality::Actual,
        method: Method::ActiveProbe,
        vantages: vec![vantage(DE)].try_into().unwrap(),
        evidence: vec![evidence(from)].try_into().unwrap(),
    }
}

pub fn down(from: UnixMillis, to: UnixMillis) -> Observation {
    saw(Claim::Down, from, to)
}

pub fn recovered(from: UnixMillis, to: UnixMillis) -> Observation {
    saw(Claim::Recovered, from, to)
}

pub fn up(from: UnixMillis, to: UnixMillis) -> Observation {
    saw(Claim::Up, from, to)
}

impl Observation {
    /// By another method.
    pub fn by(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Of another kind.
    pub fn of_kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// Of another severity.
    pub fn as_bad_as(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Of another scope.
    pub fn within(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// From other places.
    pub fn from_places(mut self, places: &[Place]) -> Self {
        self.vantages = places
            .iter()
            .copied()
            .map(vantage)
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        self
    }
}

pub fn opening(rules: Rules) -> Opening {
    Opening {
        fold: FOLD_VERSION,
        service: ServiceId(3),
        slug: text("openai/chatgpt"),
        name: text("ChatGPT"),
        rules,
    }
}

pub fn attestation(observation: Observation) -> Box<Attestation> {
    Box::new(Attestation {
        observation,
        text: None,
    })
}

/// An incident as it grows: its entries, and the record built step by step.
#[derive(Clone)]
pub struct History {
    pub rules: Rules,
    pub entries: Vec<Entry<Action>>,
    pub record: Option<Record<Incident>>,
}

impl History {
    pub fn under(rules: Rules) -> Self {
        Self {
            rules,
            entries: vec![],
            record: None,
        }
    }

    /// Judged by the rules of a network that means it: 3 groups, 2 of them measuring.
    pub fn new() -> Self {
        Self::under(Rules::standard())
    }

    /// The entry that would hold what is said: an opening where there is none yet.
    pub fn entry(&self, at: UnixMillis, by: Actor, said: Observation) -> Entry<Action> {
        let attestation = attestation(said);
        let action = match &self.record {
            None => Action::Opened {
                by,
                opening: opening(self.rules),
                attestation,
            },
            Some(_) => Action::Attested {
                by,
                attestation,
                moves_from: None,
            },
        };
        let block = self.record.as_ref().map_or(1, |record| record.block + 1);
        Entry { block, at, action }
    }

    /// Does something; what is refused leaves everything as it was.
    pub fn try_do(&mut self, at: UnixMillis, action: Action) -> Result<(), Refusal> {
        let block = self.record.as_ref().map_or(1, |record| record.block + 1);
        self.try_push(Entry { block, at, action })
            .map_err(|unfit| match unfit {
                Unfit::Refused(refusal) => refusal,
                other => panic!("the test's own entries do not fit: {other:?}"),
            })
    }

    /// Does something that must be taken.
    pub fn act(&mut self, at: UnixMillis, action: Action) -> &mut Self {
        self.try_do(at, action).unwrap();
        self
    }

    /// Says something; what is refused leaves everything as it was.
    pub fn try_say(&mut self, at: UnixMillis, by: Actor, said: Observation) -> Result<(), Refusal> {
        let entry = self.entry(at, by, said);
        self.try_push(entry).map_err(|unfit| match unfit {
            Unfit::Refused(refusal) => refusal,
            other => panic!("the test's own entries do not fit: {other:?}"),
        })
    }

    pub fn try_push(&mut self, entry: Entry<Action>) -> Result<(), Unfit<Refusal>> {
        let next = match &self.record {
            None => Record::open(ID, &entry).map_err(Unfit::Refused),
            Some(record) => record.clone().append(&entry),
        }?;
        self.record = Some(next);
        self.entries.push(entry);
        Ok(())
    }

    /// Says something that must be taken.
    pub fn say(&mut self, at: UnixMillis, by: Actor, said: Observation) -> &mut Self {
        self.try_say(at, by, said).unwrap();
        self
    }

    /// Says something that must be refused, and returns why.
    pub fn refusal(&mut self, at: UnixMillis, by: Actor, said: Observation) -> Refusal {
        self.try_say(at, by, said).unwrap_err()
    }

    pub fn incident(&self) -> &Incident {
        &self.record.as_ref().unwrap().state
    }

    pub fn finding(&self) -> &Finding {
        self.incident().finding.as_ref().unwrap()
    }

    pub fn ended_at(&self) -> Option<UnixMillis> {
        self.finding().ended_at()
    }
}

pub fn withdrawn(by: Actor) -> Action {
    Action::Withdrawn { by, moved_to: None }
}

pub fn closed(by: Actor) -> Action {
    Action::Closed { by }
}

pub fn disputed(by: Actor, arbiters: &[u32]) -> Action {
    let groups: Vec<_> = arbiters.iter().copied().map(GroupId).collect();
    Action::Disputed {
        by,
        text: None,
        arbiters: groups.try_into().unwrap(),
    }
}

pub fn voted(by: Actor, sustain: bool) -> Action {
    Action::Voted {
        by,
        sustain,
        text: None,
    }
}

/// The provider says that it is over, without a time.
pub fn statement() -> Statement {
    Statement {
        status: ReplyStatus::Resolved,
        claimed_start: None,
        claimed_end: None,
        time_quality: TimeQuality::Estimate,
        cause: Cause::Unknown,
        document: None,
    }
}

pub fn replied(by: Actor, statement: Statement) -> Action {
    let reply = Reply {
        statement,
        text: None,
    };
    Action::Replied { by, reply }
}

/// Confirmed by organisations 1, 2 and 3, all of which say at minute 5 that it has been down from the start.
pub fn confirmed() -> History {
    let mut history = History::new();
    for n in 1..=3 {
        history.say(min(5), org(n), down(min(0), min(5)));
    }
    history
}

/// As [`confirmed`], and at minute 30 all three say that it ended at minute 20.
pub fn over() -> History {
    let mut history = confirmed();
    for n in 1..=3 {
        history.say(min(30), org(n), recovered(min(0), min(20)));
    }
    history
}
