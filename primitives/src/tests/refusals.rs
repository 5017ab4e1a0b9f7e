//! Every refusal of what does not make sense, each at its exact edge.

use super::fixtures::*;
use crate::{
    attestation::{Claim, Method, Observation, Scope, Vantage},
    incident::{Action, Incident, Opening, Refusal, FOLD_VERSION},
    log::{Fold, Unfit},
    rules::Rules,
    Country, Entry, Millis, Text, UnixMillis,
};

const NOW: UnixMillis = min(10);
const SKEW: Millis = Millis::seconds(60);

fn checked(observation: &Observation) -> Result<(), Refusal> {
    observation.check(NOW, SKEW)
}

/// A well-formed observation, with something changed.
fn with(change: impl FnOnce(&mut Observation)) -> Observation {
    let mut observation = down(min(0), min(5));
    change(&mut observation);
    assert_ne!(observation, down(min(0), min(5)));
    observation
}

#[track_caller]
fn refused(why: Refusal, change: impl FnOnce(&mut Observation)) {
    let observation = with(change);
    assert_eq!(checked(&observation), Err(why));
    assert_eq!(
        History::new().refusal(NOW, org(1), observation.clone()),
        why,
        "an opening too"
    );
    assert_eq!(
        confirmed().refusal(NOW, org(4), observation),
        why,
        "a later word too"
    );
}

#[track_caller]
fn taken(change: impl FnOnce(&mut Observation)) {
    let observation = with(change);
    assert_eq!(checked(&observation), Ok(()));
    History::new().say(NOW, org(1), observation.clone());
    confirmed().say(NOW, org(4), observation);
}

fn no_text<const N: u32>() -> Text<N> {
    Text::from_bytes(&[b'a', 0xff]).unwrap()
}

#[test]
fn a_reversed_span_is_refused_and_a_point_in_time_is_not() {
    refused(Refusal::ObservedSpanReversed, |o| {
        o.observed = span(min(5), just_before(min(5)));
    });
    taken(|o| o.observed = span(min(5), min(5)));
}

#[test]
fn a_span_that_ends_a_millisecond_past_the_clock_skew_is_refused() {
    let latest = NOW.after(SKEW);
    refused(Refusal::ObservedInFuture, |o| o.observed.to = just_after(latest));
    taken(|o| o.observed.to = latest);
    taken(|o| o.observed = span(latest, latest));
}

#[test]
fn the_clock_skew_of_an_incident_is_that_of_its_opening() {
    let mut history = History::under(Rules {
        max_clock_skew: Millis(0),
        ..Rules::standard()
    });
    assert_eq!(
        history.refusal(NOW, org(1), down(min(0), just_after(NOW))),
        Refusal::ObservedInFuture
    );
    history.say(NOW, org(1), down(min(0), NOW));
    assert_eq!(
        history.refusal(NOW, org(2), down(min(0), just_after(NOW))),
        Refusal::ObservedInFuture
    );
}

#[test]
fn a_reversed_interval_is_refused_and_a_point_in_time_is_not() {
    refused(Refusal::IntervalReversed, |o| {
        o.intervals = vec![span(min(1), min(2)), span(min(3), just_before(min(3)))]
            .try_into()
            .unwrap();
    });
    taken(|o| o.intervals = vec![span(min(3), min(3))].try_into().unwrap());
}

#[test]
fn an_interval_that_leaves_the_span_by_a_millisecond_is_refused() {
    refused(Refusal::IntervalOutsideSpan, |o| {
        o.intervals = vec![span(min(0), just_after(min(5)))].try_into().unwrap();
    });
    refused(Refusal::IntervalOutsideSpan, |o| {
        o.intervals = vec![span(min(1), min(2)), span(just_before(min(0)), min(5))]
            .try_into()
            .unwrap();
    });
    taken(|o| o.intervals = vec![span(min(0), min(5)); 8].try_into().unwrap());
}

#[test]
fn more_failed_samples_than_samples_are_refused_and_as_many_are_not() {
    let with_failed = |failed| Vantage {
        place: DE,
        samples: 10,
        failed,
    };
    refused(Refusal::MoreFailedThanSamples, |o| {
        o.vantages = vec![with_failed(1), with_failed(11)].try_into().unwrap();
    });
    taken(|o| o.vantages = vec![with_failed(10), with_failed(0)].try_into().unwrap());
}

#[test]
fn a_country_that_is_not_two_capital_letters_is_refused_in_vantage_and_scope() {
    for code in [*b"de", *b"D1", *b"D ", [b'D', 0xc4], [0, 0]] {
        refused(Refusal::CountryMalformed, |o| {
            o.vantages = vec![vantage(DE), vantage(place(code, 1))].try_into().unwrap();
        });
        refused(Refusal::CountryMalformed, |o| {
            o.scope = Scope::Country(Country(code))
        });
    }
    taken(|o| o.scope = Scope::Country(Country(*b"ZZ")));
}

#[test]
fn a_measuring_method_without_evidence_is_refused_and_a_supporting_one_is_not() {
    for method in Method::ALL.iter().copied() {
        let change = |o: &mut Observation| {
            o.method = method;
            o.evidence = vec![].try_into().unwrap();
        };
        if method.measures() {
            refused(Refusal::EvidenceMissing, change);
        } else {
            taken(change);
        }
    }
}

#[test]
fn evidence_captured_a_millisecond_past_the_clock_skew_is_refused() {
    let latest = NOW.after(SKEW);
    refused(Refusal::EvidenceInFuture, |o| {
        o.evidence = vec![evidence(NOW), evidence(just_after(latest))]
            .try_into()
            .unwrap();
    });
    taken(|o| o.evidence = vec![evidence(latest)].try_into().unwrap());
}

#[test]
fn text_that_is_not_utf8_is_refused_wherever_it_stands() {
    refused(Refusal::TextNotUtf8, |o| o.scope = Scope::Region(no_text()));
    refused(Refusal::TextNotUtf8, |o| {
        let mut bad = evidence(NOW);
        bad.media_type = no_text();
        o.evidence = vec![evidence(NOW), bad].try_into().unwrap();
    });
    refused(Refusal::TextNotUtf8, |o| {
        let mut bad = evidence(NOW);
        bad.uri = Some(no_text());
        o.evidence = vec![evidence(NOW), bad].try_into().unwrap();
    });
    taken(|o| o.scope = Scope::Region(text("Île-de-France")));
    taken(|o| {
        let mut without = evidence(NOW);
        without.uri = None;
        o.evidence = vec![without].try_into().unwrap();
    });
}

#[test]
fn the_same_checks_hold_for_every_claim() {
    for claim in Claim::ALL.iter().copied() {
        assert_eq!(checked(&saw(claim, min(0), min(5))), Ok(()));
        assert_eq!(
            checked(&saw(claim, min(5), min(0))),
            Err(Refusal::ObservedSpanReversed)
        );
    }
}

#[test]
fn a_log_begins_with_an_opening_and_has_no_other() {
    let mut history = confirmed();
    let opened = history.entries[0].clone();
    let attested = Entry {
        at: min(6),
        ..history.entries[1].clone()
    };
    assert_eq!(Incident::open(ID, &attested), Err(Refusal::OutOfPlace));
    let again = Entry {
        block: 99,
        at: min(6),
        ..opened
    };
    assert_eq!(history.try_push(again), Err(Unfit::Refused(Refusal::OutOfPlace)));
}

#[test]
fn an_opening_with_a_fold_that_this_code_does_not_know_is_refused() {
    for fold in [0, FOLD_VERSION + 1, u8::MAX] {
        let entry = Entry {
            block: 1,
            at: NOW,
            action: Action::Opened {
                by: org(1),
                opening: Opening {
                    fold,
                    ..opening(Rules::standard())
                },
                attestation: attestation(down(min(0), min(5))),
            },
        };
        assert_eq!(Incident::open(ID, &entry), Err(Refusal::FoldUnknown));
    }
}

#[test]
fn the_opening_is_kept_as_it_was() {
    let incident = confirmed().incident().clone();
    assert_eq!(incident.fold, FOLD_VERSION);
    assert_eq!(incident.rules, Rules::standard());
    assert_eq!(incident.service, opening(Rules::standard()).service);
    assert_eq!(incident.opener, org(1).organisation);
    assert_eq!(incident.dispute, crate::incident::Dispute::None);
    assert_eq!(incident.duplicate_of, None);
    assert_eq!(incident.reply, None);
}
