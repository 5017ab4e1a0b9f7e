//! What is said of incidents that the fold itself makes.

use faultline_primitives::{
    attestation::{Attestation, Claim, Kind, Method, Observation, Scope, Severity, TimeQuality},
    incident::{Action, Actor, Opening, FOLD_VERSION},
    rules::Rules,
    Account, Entry, GroupId, IncidentId, OrganisationId, Record, ServiceId, Span, UnixMillis,
};

use super::*;

const DAY: Millis = Millis::hours(24);

/// The moment that lies so many minutes after the outage of these tests began.
fn minute(minutes: u64) -> UnixMillis {
    UnixMillis(1_733_958_960_000).after(Millis::minutes(minutes))
}

/// A word: who says what, of what span in minutes, measured or not.
fn word(by: u32, claim: Claim, from: u64, to: u64, method: Method) -> (Actor, Attestation) {
    let actor = Actor {
        organisation: OrganisationId(by),
        group: GroupId(by),
        affiliated: by == PROVIDER,
        key: Account::default(),
    };
    let document = faultline_primitives::attestation::Evidence {
        sha256: Default::default(),
        kind: faultline_primitives::attestation::EvidenceKind::ProbeLog,
        media_type: "text/csv".parse().unwrap_or_default(),
        size: 1,
        uri: None,
        captured_at: minute(0),
    };
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
        time_quality: TimeQuality::Estimate,
        method,
        vantages: Default::default(),
        evidence: vec![document].try_into().unwrap_or_default(),
    };
    (
        actor,
        Attestation {
            observation,
            text: None,
        },
    )
}

const PROVIDER: u32 = 9;

/// The incident on which these words are heard, a minute apart from `heard` on.
fn incident(heard: UnixMillis, words: Vec<(Actor, Attestation)>) -> IncidentView {
    let mut names = std::collections::BTreeMap::new();
    let entries: Vec<_> = (0u32..)
        .zip(words)
        .map(|(number, (by, attestation))| {
            names.insert(by.organisation, format!("Organisation {}", by.organisation));
            let attestation = Box::new(attestation);
            let action = match number {
                0 => Action::Opened {
                    by,
                    opening: Opening {
                        fold: FOLD_VERSION,
                        service: ServiceId(0),
                        slug: "a/b".parse().unwrap_or_default(),
                        name: "B".parse().unwrap_or_default(),
                        rules: Rules::dev(),
                    },
                    attestation,
                },
                _ => Action::Attested {
                    by,
                    attestation,
                    moves_from: None,
                },
            };
            Entry {
                block: number,
                at: heard.after(Millis::minutes(number.into())),
                action,
            }
        })
        .collect();
    let record = Record::replay(IncidentId(7), &entries).expect("there are words");
    let record = record.expect("the fold takes them");
    let now = record.at;
    IncidentView::new(IncidentId(7), record, "a/b".into(), &names, now)
}

#[test]
fn words_that_measured_nothing_support_and_do_not_confirm() {
    use Claim::{Degraded, Down};
    let shown = incident(
        minute(0).after(DAY),
        vec![
            word(0, Down, 0, 20, Method::UserReports),
            word(1, Degraded, 5, 40, Method::OfficialFeed),
            word(2, Down, 9, 9, Method::Manual),
        ],
    );
    let why = Why::of(&shown);
    assert_eq!(
        why.verdict,
        [
            "3 groups affirm it, where 2 must; none of them measured, where 1 must",
            "feeds, users' reports and what a person says support an outage, and do not confirm it",
        ]
    );
    assert_eq!(
        why.timeliness,
        "it was never confirmed; 0 of 3 groups first spoke within 1h of the start"
    );
    assert_eq!(
        why.status,
        [
            "nobody who counts saw it end; the last failure that was seen was at 2024-12-11T23:56:00Z",
            "unless somebody renews it, any reporter may close it from 2024-12-12T23:28:00Z on, as an end that \
             nobody saw",
        ]
    );
    assert_eq!(
        why.started_at.as_deref(),
        Some("claimed, the median of 3 groups; earliest 2024-12-11T23:16:00Z, latest 2024-12-11T23:25:00Z")
    );
    assert_eq!(why.ended_at, None);
}

#[test]
fn one_voice_is_too_few_and_the_provider_does_not_add_to_it() {
    let shown = incident(
        minute(30),
        vec![
            word(0, Claim::Down, 0, 20, Method::ActiveProbe),
            word(PROVIDER, Claim::Recovered, 0, 30, Method::ActiveProbe),
        ],
    );
    let why = Why::of(&shown);
    assert_eq!(
        why.verdict,
        [
            "1 group affirms it, where 2 must; it measured, where 1 must",
            "Organisation 9 is heard and does not count: it is the provider, or of its group",
        ]
    );
    assert_eq!(why.started_at.as_deref(), Some("observed"));
}

#[test]
fn a_confirmed_outage_says_who_measured_and_who_saw_it_end() {
    use Claim::{Down, Recovered};
    let shown = incident(
        minute(30),
        vec![
            word(0, Recovered, 0, 30, Method::ActiveProbe),
            word(1, Recovered, 2, 31, Method::PassiveTelemetry),
            word(2, Down, 1, 29, Method::Manual),
        ],
    );
    let why = Why::of(&shown);
    assert_eq!(shown.verdict, Verdict::Confirmed);
    assert_eq!(
        why.verdict,
        ["3 groups affirm it, where 2 must; 2 of them measured, where 1 must"]
    );
    assert!(
        why.timeliness
            .ends_with("by groups that first spoke within 1h of the start that they give"),
        "{why:?}"
    );
    assert_eq!(
        why.status,
        ["2 of 3 groups say that it ended, where more than half must"]
    );
    assert_eq!(
        why.started_at.as_deref(),
        Some("claimed, the median of 3 groups; earliest 2024-12-11T23:16:00Z, latest 2024-12-11T23:18:00Z")
    );
    assert_eq!(
        why.ended_at.as_deref(),
        Some(
            "observed, the median of 3 groups, 1 of which saw none; earliest 2024-12-11T23:46:00Z, latest \
             2024-12-11T23:47:00Z"
        )
    );
}

#[test]
fn history_told_afterwards_is_late_however_many_tell_it() {
    use Claim::Recovered;
    let shown = incident(
        minute(0).after(DAY),
        vec![
            word(0, Recovered, 0, 30, Method::ActiveProbe),
            word(1, Recovered, 0, 30, Method::ActiveProbe),
        ],
    );
    let why = Why::of(&shown);
    assert_eq!(shown.timeliness, Some(Timeliness::Late));
    assert!(
        why.timeliness.contains("when too few had first spoken within 1h"),
        "{why:?}"
    );
    assert_eq!(
        why.started_at.as_deref(),
        Some("observed, the same by all 2 groups")
    );
}

#[test]
fn as_many_who_saw_it_work_contest_it_and_are_named_as_what_they_are() {
    use Claim::{Down, Up};
    let mut against = word(2, Up, 0, 30, Method::ActiveProbe);
    let vantage = crate::evidence::vantage("DE:3320:12:0").expect("it is one");
    against.1.observation.vantages = vec![vantage].try_into().expect("there is room");
    let mut other = against.clone();
    (other.0.organisation, other.0.group) = (OrganisationId(3), GroupId(3));
    let words = vec![
        word(0, Down, 0, 20, Method::ActiveProbe),
        word(1, Down, 0, 21, Method::ActiveProbe),
        against,
        other,
    ];
    let contested = incident(minute(30), words.clone());
    assert_eq!(contested.verdict, Verdict::Contested);
    assert_eq!(
        Why::of(&contested).verdict.last().map(String::as_str),
        Some("2 groups say that it was up, at the same time and within its scope: as many as affirm it, or more")
    );
    let confirmed = incident(minute(30), words[..3].to_vec());
    assert_eq!(confirmed.verdict, Verdict::Confirmed);
    assert_eq!(
        Why::of(&confirmed).verdict.last().map(String::as_str),
        Some(
            "1 group says that it was up: fewer than affirm it, or not at the same time and within its scope"
        )
    );
}

#[test]
fn half_of_the_groups_do_not_end_it() {
    use Claim::{Down, Recovered};
    let shown = incident(
        minute(30),
        vec![
            word(0, Recovered, 0, 30, Method::ActiveProbe),
            word(1, Down, 0, 31, Method::ActiveProbe),
        ],
    );
    assert_eq!(
        Why::of(&shown).status[..2],
        [
            "1 of 2 groups says that it ended, where more than half must",
            "of the others nobody saw it end; the last failure that was seen was at 2024-12-11T23:47:00Z",
        ]
    );
}
