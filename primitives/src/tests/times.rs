//! Times by median; kind and scope by plurality, severity by lower median.

use super::fixtures::*;
use crate::{
    attestation::{Claim, Kind, Method, Scope, Severity},
    incident::{Status, Times},
    Country,
};

#[test]
fn the_start_is_the_lower_median_of_those_that_affirm() {
    let mut history = History::new();
    let mut medians = vec![];
    for (n, from) in [(1, 4), (2, 1), (3, 3), (4, 2)] {
        history.say(min(5), org(n), down(min(from), min(5)));
        medians.push(history.finding().started.median);
    }
    assert_eq!(medians, [min(4), min(1), min(3), min(2)]);
    assert_eq!(
        history.finding().started,
        Times {
            earliest: min(1),
            median: min(2),
            latest: min(4)
        }
    );
}

#[test]
fn an_up_moves_no_time() {
    let mut history = confirmed();
    let before = history.finding().clone();
    history.say(
        min(6),
        org(9),
        up(min(6), min(6))
            .of_kind(Kind::Other)
            .as_bad_as(Severity::Critical)
            .within(Scope::Subset),
    );
    assert_eq!(*history.finding(), before);
}

#[test]
fn the_end_is_unknown_while_half_have_not_recovered() {
    let mut history = History::new();
    for n in 1..=4 {
        history.say(min(5), org(n), down(min(0), min(5)));
    }
    for n in 1..=2 {
        history.say(min(30), org(n), recovered(min(0), min(20)));
    }
    assert_eq!(history.ended_at(), None);
    assert_eq!(history.incident().status, Status::Ongoing);
    history.say(min(30), org(3), recovered(min(0), min(20)));
    assert_eq!(history.ended_at(), Some(min(20)));
    assert_eq!(history.incident().status, Status::Recovered);
}

#[test]
fn one_that_has_not_recovered_counts_as_never_in_the_median_of_ends() {
    let mut history = History::new();
    for n in 1..=5 {
        history.say(min(5), org(n), down(min(0), min(5)));
    }
    for (n, to) in [(1, 10), (2, 20), (3, 30)] {
        history.say(min(60), org(n), recovered(min(0), min(to)));
    }
    // Of 10, 20, 30, never, never the middle is 30, not the 20 of those that recovered.
    let ended = history.finding().ended.unwrap();
    assert_eq!(
        ended,
        Times {
            earliest: min(10),
            median: min(30),
            latest: min(30)
        }
    );
    history.say(min(60), org(4), recovered(min(0), min(5)));
    assert_eq!(history.ended_at(), Some(min(20)));
    history.say(min(60), org(5), recovered(min(0), min(5)));
    assert_eq!(history.ended_at(), Some(min(10)));
}

#[test]
fn the_end_is_the_lower_median_of_an_even_number() {
    let mut history = History::new();
    for (n, to) in [(1, 40), (2, 10), (3, 20), (4, 30)] {
        history.say(min(60), org(n), recovered(min(0), min(to)));
    }
    assert_eq!(history.ended_at(), Some(min(20)));
}

#[test]
fn one_recovered_voice_alone_ends_what_it_alone_affirms() {
    let mut history = History::new();
    history.say(min(30), org(1), recovered(min(0), min(20)));
    assert_eq!(history.ended_at(), Some(min(20)));
    history.say(min(30), org(2), down(min(0), min(30)));
    assert_eq!(history.ended_at(), None, "half is not more than half");
}

#[test]
fn degraded_says_that_it_goes_on() {
    let mut history = over();
    history
        .say(min(40), org(1), saw(Claim::Degraded, min(0), min(40)))
        .say(min(40), org(2), saw(Claim::Degraded, min(0), min(40)));
    assert_eq!(history.incident().status, Status::Ongoing);
}

#[test]
fn severity_is_the_lower_median() {
    let mut history = History::new();
    let mut found = vec![];
    for (n, severity) in [
        (1, Severity::Critical),
        (2, Severity::Minor),
        (3, Severity::Critical),
        (4, Severity::Major),
    ] {
        history.say(min(5), org(n), down(min(0), min(5)).as_bad_as(severity));
        found.push(history.finding().severity);
    }
    assert_eq!(
        found,
        [
            Severity::Critical,
            Severity::Minor,
            Severity::Critical,
            Severity::Major
        ]
    );
}

#[test]
fn kind_is_what_most_say_and_of_equals_the_earlier() {
    let mut history = History::new();
    let mut found = vec![];
    for (n, kind) in [
        (1, Kind::Latency),
        (2, Kind::Outage),
        (3, Kind::Outage),
        (4, Kind::Latency),
        (5, Kind::Other),
    ] {
        history.say(min(5), org(n), down(min(0), min(5)).of_kind(kind));
        found.push(history.finding().kind);
    }
    assert_eq!(
        found,
        [
            Kind::Latency,
            Kind::Latency,
            Kind::Outage,
            Kind::Latency,
            Kind::Latency
        ]
    );
}

#[test]
fn scope_is_what_most_say_and_of_equals_the_earlier() {
    let germany = Scope::Country(Country(*b"DE"));
    let france = Scope::Country(Country(*b"FR"));
    let mut history = History::new();
    let mut found = vec![];
    for (n, scope) in [(1, &germany), (2, &france), (3, &france), (4, &germany)] {
        history.say(min(5), org(n), down(min(0), min(5)).within(scope.clone()));
        found.push(history.finding().scope.clone());
    }
    assert_eq!(found, [germany.clone(), germany.clone(), france, germany]);
}

#[test]
fn regions_of_different_names_are_different_scopes() {
    let mut history = History::new();
    for (n, name) in [(1, "eu-west-1"), (2, "us-east-1"), (3, "us-east-1")] {
        let said = down(min(0), min(5)).within(Scope::Region(text(name)));
        history.say(min(5), org(n), said);
    }
    assert_eq!(history.finding().scope, Scope::Region(text("us-east-1")));
}

#[test]
fn nobodys_first_word_fixes_what_it_was() {
    let mut history = History::new();
    history.say(
        min(5),
        org(1),
        down(min(0), min(5))
            .of_kind(Kind::Security)
            .as_bad_as(Severity::Critical)
            .within(Scope::Subset),
    );
    history.say(
        min(20),
        org(1),
        down(min(0), min(20))
            .of_kind(Kind::Latency)
            .as_bad_as(Severity::Minor)
            .by(Method::Manual),
    );
    let finding = history.finding();
    assert_eq!(finding.kind, Kind::Latency);
    assert_eq!(finding.severity, Severity::Minor);
    assert_eq!(finding.scope, Scope::Global);
}

#[test]
fn ties_go_by_who_first_spoke_and_not_by_who_spoke_last() {
    let mut history = History::new();
    history
        .say(min(5), org(1), down(min(0), min(5)).of_kind(Kind::Latency))
        .say(min(5), org(2), down(min(0), min(5)).of_kind(Kind::Outage))
        .say(min(20), org(1), down(min(0), min(20)).of_kind(Kind::DataLoss));
    assert_eq!(history.finding().kind, Kind::DataLoss);
}
