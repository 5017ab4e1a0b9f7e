//! The largest incident that there may be: 1,024 organisations spoke on it, 516 of them stand by something, and 128
//! arbiters ruled on a dispute without a majority.
//!
//! Put together rather than folded, as folding the thousands of entries that lead to it takes seconds. A test folds them
//! and finds the same.

use alloc::{vec, vec::Vec};

use codec::{Decode, Encode};
use faultline_primitives::{
    attestation::{Claim, Kind, Place, Scope, Severity, TimeQuality, Vantage, MAX_VANTAGES},
    incident::{
        Actor, Arbiters, Case, Cause, Dispute, Finding, Incident, Ledger, Reply, ReplyStatus, Spoken,
        Statement, Status, Tally, Timeliness, Times, Verdict, Voice, Vote, FOLD_VERSION, MAX_ARBITERS,
        MAX_GROUPS, MAX_REPLIES, MAX_SPEAKERS, MAX_VOICES, MAX_VOICES_A_GROUP,
    },
    rules::Rules,
    Account, Country, GroupId, Hash, IncidentId, Millis, OrganisationId, Record, ServiceId, Sha256, Span,
    Text, UnixMillis,
};

/// When everybody spoke: 1 January 2025.
pub const SPOKEN: UnixMillis = UnixMillis(1_735_689_600_000);

/// Organisations of the crowd have numbers from here on, and so have their groups; no others have.
const STRANGERS: u32 = 1_000_000;
/// Groups of arbiters likewise.
const ARBITERS: u32 = 2_000_000;
/// How many spoke and took their word back.
const GONE: u32 = MAX_SPEAKERS - MAX_VOICES - 1;

/// Who takes part in the largest incident besides strangers.
#[derive(Clone, Copy)]
pub struct Cast {
    /// The reporter who will speak: the last that came to count.
    pub reporter: Actor,
    /// The service's provider, which has replied.
    pub provider: Actor,
}

/// Somebody of the crowd.
pub fn stranger(number: u32, group: u32) -> Actor {
    Actor {
        organisation: OrganisationId(STRANGERS + number),
        group: GroupId(STRANGERS + group),
        affiliated: false,
        key: Account::default(),
    }
}

/// Who spoke and took it back, each of a group of its own. The first opened the incident, and disputes it.
pub fn gone() -> impl Iterator<Item = Actor> {
    (0..GONE).map(|number| stranger(number, number))
}

/// Who stands by something, in the order in which they began to: 127 groups by a first member, three more of each of
/// these, four affiliates of the provider, and the reporter with three more of its group.
pub fn standing(cast: &Cast) -> Vec<Actor> {
    let first = MAX_GROUPS - 1;
    let others = MAX_VOICES_A_GROUP - 1;
    let mut all: Vec<_> = (0..first * MAX_VOICES_A_GROUP)
        .map(|number| stranger(GONE + number, GONE + number % first))
        .collect();
    let next = |all: &Vec<Actor>, group, affiliated| Actor {
        group,
        affiliated,
        ..stranger(GONE + all.len() as u32, 0)
    };
    for _ in 0..MAX_VOICES_A_GROUP {
        all.push(next(&all, cast.provider.group, true));
    }
    all.push(cast.reporter);
    for _ in 0..others {
        all.push(next(&all, cast.reporter.group, false));
    }
    all
}

/// Whether this place among those that stand is that of a group's first member, which counts.
fn counts(place: u32) -> bool {
    place < MAX_GROUPS - 1 || place == MAX_VOICES - MAX_VOICES_A_GROUP
}

/// What the one at this place says: those who count that it is down, each of a region of its own and since a time of its
/// own, and all others that it was up at eight places.
pub fn voice(place: u32, by: &Actor, entry: u32) -> Voice {
    let (claim, affirmed_at, places) = if counts(place) {
        (Claim::Degraded, Some(SPOKEN), vec![])
    } else {
        (Claim::Up, None, vec![PLACE; MAX_VANTAGES as usize])
    };
    Voice {
        organisation: by.organisation,
        group: by.group,
        affiliated: by.affiliated,
        entry,
        claim,
        kind: [Kind::Outage, Kind::Latency, Kind::Other][place as usize % 3],
        severity: [Severity::Critical, Severity::Minor, Severity::Major][place as usize % 3],
        scope: region(place),
        observed: Span {
            from: start(place),
            to: before(10),
        },
        measured: true,
        affirmed_at,
        heard_at: SPOKEN,
        places: places.try_into().expect("there are no more than may be"),
    }
}

/// A place.
pub const PLACE: Place = Place {
    country: Country(*b"DE"),
    asn: 3320,
};

/// A vantage there.
pub const VANTAGE: Vantage = Vantage {
    place: PLACE,
    samples: u32::MAX,
    failed: 0,
};

/// A region with a name as long as may be, which differs from others' at its end alone.
pub fn region(number: u32) -> Scope {
    let name = alloc::format!("{}{number:04}", "r".repeat(28));
    Scope::Region(Text::try_from(name.as_str()).expect("it is no longer than may be"))
}

fn before(seconds: u64) -> UnixMillis {
    UnixMillis(SPOKEN.0 - Millis::seconds(seconds).0)
}

/// The starts of those who count are all different, and in no order.
fn start(place: u32) -> UnixMillis {
    let number = if place < MAX_GROUPS { place } else { MAX_GROUPS - 1 };
    before(1000 - u64::from(number * 37 % MAX_GROUPS))
}

/// The groups of arbiters that were asked: one, if it is given, and strangers.
pub fn arbiters(one: Option<GroupId>) -> Arbiters {
    let strangers = MAX_ARBITERS - u32::from(one.is_some());
    let groups: Vec<_> = one
        .into_iter()
        .chain((0..strangers).map(|number| GroupId(ARBITERS + number)))
        .collect();
    Arbiters::truncate_from(groups)
}

/// How all of them but one, if it is given, ruled: half for it.
pub fn votes(one: Option<GroupId>) -> Vec<Vote> {
    let strangers = arbiters(one).into_iter().filter(|group| Some(*group) != one);
    (0..)
        .zip(strangers)
        .map(|(number, group)| Vote {
            group,
            sustain: number % 2 == 0,
        })
        .collect()
}

/// The provider's reply.
pub const REPLY: Reply = Reply {
    statement: STATEMENT,
    text: Some(Sha256([7; 32])),
};

/// What it says.
pub const STATEMENT: Statement = Statement {
    status: ReplyStatus::Monitoring,
    claimed_start: Some(SPOKEN),
    claimed_end: Some(SPOKEN),
    time_quality: TimeQuality::Estimate,
    cause: Cause::ThirdParty,
    document: Some(Sha256([8; 32])),
};

/// As many entries as have led there: see the test.
pub fn entries(votes: usize) -> u32 {
    2 * GONE + u32::from(MAX_REPLIES - 1) + MAX_VOICES + 2 + votes as u32
}

/// The number of the entry by which the first of those who stand speaks.
pub const FIRST_STANDING: u32 = 2 * GONE + MAX_REPLIES as u32 - 1;

/// The ledger: those who are gone, the provider, and those who stand.
fn ledger(cast: &Cast) -> Ledger {
    let spoken = |by: &Actor, words, replies, disputed| Spoken {
        organisation: by.organisation,
        group: by.group,
        words,
        replies,
        disputed,
    };
    let mut all: Vec<_> = gone().map(|by| spoken(&by, 2, 0, false)).collect();
    if let Some(opener) = all.first_mut() {
        opener.disputed = true;
    }
    all.push(spoken(&cast.provider, 0, MAX_REPLIES - 1, false));
    all.extend(standing(cast).iter().map(|by| spoken(by, 1, 0, false)));
    Ledger::decode(&mut &all.encode()[..]).expect("it encodes as the list of what it holds")
}

fn tally(cast: &Cast) -> Tally {
    let voices: Vec<_> = (0..)
        .zip(standing(cast))
        .map(|(place, by)| voice(place, &by, FIRST_STANDING + place))
        .collect();
    Tally::decode(&mut &voices.encode()[..]).expect("it encodes as the list of what it holds")
}

/// An incident of so many KiB, or a few more: the largest that there may be, thinned out as much as that allows.
pub fn sized(
    id: IncidentId,
    service: ServiceId,
    cast: &Cast,
    arbiter: Option<GroupId>,
    size: u32,
) -> Record<Incident> {
    let whole = crowded(id, service, cast, arbiter);
    // Those who count come first, and say the least: the sizes are not quite as the numbers.
    (size..LARGEST)
        .map(|share| thinned(whole.clone(), cast, share))
        .find(|record| record.encoded_size().div_ceil(1_024) >= size as usize)
        .unwrap_or(whole)
}

/// So many eightieths of an incident, evenly; the reporter, its group and the provider stay, as do the arbiters who were
/// asked.
fn thinned(mut record: Record<Incident>, cast: &Cast, size: u32) -> Record<Incident> {
    let stays = |place: u32| (place + 1) * size / LARGEST > place * size / LARGEST;
    let last = MAX_VOICES - 2 * MAX_VOICES_A_GROUP;
    let standing = standing(cast);
    let voices: Vec<_> = (0..)
        .zip(&standing)
        .filter(|(place, _)| *place >= last || stays(*place))
        .map(|(place, by)| voice(place, by, FIRST_STANDING + place))
        .collect();
    let spoken = Vec::<Spoken>::decode(&mut &record.state.ledger.encode()[..])
        .expect("it is the list of what it holds");
    let is_kept = |place: u32, by: &Spoken| {
        let is_voice = voices.iter().any(|voice| voice.organisation == by.organisation);
        is_voice || by.organisation == cast.provider.organisation || (place < GONE && stays(place))
    };
    let spoken: Vec<_> = (0..)
        .zip(spoken)
        .filter(|(place, by)| is_kept(*place, by))
        .map(|(_, by)| by)
        .collect();
    let case = record.state.case.as_mut().expect("it is disputed");
    let votes: Vec<_> = (0..)
        .zip(&case.votes)
        .filter(|(place, _)| stays(*place))
        .map(|(_, vote)| *vote)
        .collect();
    case.votes = votes.try_into().expect("there are fewer");
    record.state.tally =
        Tally::decode(&mut &voices.encode()[..]).expect("it encodes as the list of what it holds");
    record.state.ledger =
        Ledger::decode(&mut &spoken.encode()[..]).expect("it encodes as the list of what it holds");
    record
}

/// How many KiB the largest takes.
pub const LARGEST: u32 = 80;

/// The largest incident that there may be, whose dispute is before these arbiters.
pub fn crowded(
    id: IncidentId,
    service: ServiceId,
    cast: &Cast,
    arbiter: Option<GroupId>,
) -> Record<Incident> {
    let votes = votes(arbiter);
    let entries = entries(votes.len());
    let state = Incident {
        id,
        fold: FOLD_VERSION,
        service,
        opener: stranger(0, 0).organisation,
        rules: Rules::standard(),
        finding: Some(Finding {
            kind: Kind::Outage,
            severity: Severity::Major,
            scope: region(0),
            started: Times {
                earliest: before(1000),
                median: before(1000 - 63),
                latest: before(1000 - 127),
            },
            ended: None,
        }),
        status: Status::Ongoing,
        verdict: Verdict::Confirmed,
        timeliness: Some(Timeliness::Live),
        first_reported_at: SPOKEN,
        confirmed_at: Some(SPOKEN),
        peak: MAX_GROUPS as u16,
        peak_at: SPOKEN,
        dispute: Dispute::Open,
        case: Some(Case {
            by: stranger(0, 0).organisation,
            opened_at: SPOKEN,
            arbiters: arbiters(arbiter),
            votes: votes.try_into().expect("there are no more than arbiters"),
        }),
        duplicate_of: Some(IncidentId(u64::MAX)),
        reply: Some(REPLY),
        settles_at: None,
        settles_by: None,
        closed: false,
        tally: tally(cast),
        ledger: ledger(cast),
    };
    Record {
        entries,
        head: Hash::default(),
        block: 1,
        at: SPOKEN,
        state,
    }
}
