//! Which incident a report is of.

use super::fixtures::*;
use crate::{
    incident::{Candidate, Refusal},
    rules::Rules,
    Millis, OrganisationId, UnixMillis,
};

const HOUR: u64 = 3_600_000;

/// Over, so that its span does not grow: from the start to minute 20.
fn ended() -> Candidate {
    over().incident().candidate()
}

#[test]
fn the_span_runs_from_the_earliest_start_to_the_latest_end_of_those_that_affirm() {
    let mut history = History::new();
    history
        .say(min(30), org(1), recovered(min(2), min(9)))
        .say(min(30), org(2), recovered(min(1), min(5)))
        .say(min(30), org(3), recovered(min(3), min(12)))
        .say(min(30), org(4), up(min(0), min(30)))
        .say(min(30), affiliate(50), recovered(min(0), min(30)))
        .say(min(30), member(51, 1), recovered(min(0), min(30)));
    let candidate = history.incident().candidate();
    assert_eq!(candidate.span, span(min(1), min(12)));
    assert_eq!(candidate.opener, OrganisationId(1));
    assert_eq!(candidate.join_within, Rules::standard().join_within);
}

#[test]
fn where_nobody_counts_the_span_is_that_of_those_who_do_not() {
    let mut history = History::new();
    history.say(min(30), affiliate(50), recovered(min(2), min(9)));
    assert_eq!(history.incident().candidate().span, span(min(2), min(9)));
}

#[test]
fn a_report_exactly_at_the_limit_is_of_the_incident_and_one_by_a_millisecond_further_is_not() {
    let now = min(600);
    let (first, last) = (UnixMillis(START.0 - 2 * HOUR), min(20).after(Millis::hours(2)));
    assert!(ended().takes(&span(last, last), now));
    assert!(!ended().takes(&span(just_after(last), just_after(last)), now));
    assert!(ended().takes(&span(first, first), now));
    assert!(!ended().takes(&span(just_before(first), just_before(first)), now));
}

#[test]
fn an_attestation_too_far_by_one_millisecond_is_refused() {
    let mut history = over();
    let last = min(20).after(Millis::hours(2));
    let far = down(just_after(last), just_after(last));
    assert_eq!(history.refusal(min(600), org(4), far), Refusal::SpanTooFar);
    history.say(min(600), org(4), down(last, last));
}

#[test]
fn a_span_that_holds_the_incidents_or_lies_in_it_is_near() {
    assert!(ended().takes(&span(UnixMillis(0), min(600)), min(600)));
    assert!(ended().takes(&span(min(5), min(6)), min(600)));
}

#[test]
fn the_span_grows_to_now_while_a_live_down_is_not_stale() {
    let candidate = confirmed().incident().candidate();
    let stale = min(5).after(Rules::standard().stale_after);
    assert_eq!(candidate.current_until, Some(stale));
    assert_eq!(candidate.span_at(min(300)), span(min(0), min(300)));
    assert_eq!(candidate.span_at(stale), span(min(0), stale));
    assert_eq!(candidate.span_at(just_after(stale)), span(min(0), min(5)));
    let now = span(stale, stale);
    assert!(candidate.takes(&now, stale));
    let later = span(just_after(stale), just_after(stale));
    assert!(!candidate.takes(&later, just_after(stale)));
}

#[test]
fn a_renewed_down_keeps_the_span_growing() {
    let mut history = confirmed();
    history.say(min(600), org(2), down(min(0), min(600)));
    let stale = min(600).after(Rules::standard().stale_after);
    assert_eq!(history.incident().candidate().current_until, Some(stale));
}

#[test]
fn a_late_down_does_not_make_the_span_grow() {
    let mut history = History::new();
    history.say(min(600), org(1), down(min(0), min(5)));
    let candidate = history.incident().candidate();
    assert_eq!(candidate.current_until, None);
    assert_eq!(candidate.span_at(min(600)), span(min(0), min(5)));
    let now = down(min(600), min(600));
    assert_eq!(history.refusal(min(600), org(2), now), Refusal::SpanTooFar);
}

#[test]
fn a_recovered_voice_does_not_make_the_span_grow() {
    assert_eq!(ended().current_until, None);
    let mut history = over();
    // One of three says that it fails again: the incident stays over, but its span runs on.
    history.say(min(40), org(1), down(min(0), min(40)));
    assert_eq!(
        history.incident().candidate().span_at(min(50)),
        span(min(0), min(50))
    );
}

#[test]
fn a_clock_that_runs_ahead_is_not_cut_back_to_now() {
    let mut history = History::new();
    let ahead = min(5).after(Millis::seconds(60));
    history.say(min(5), org(1), down(min(0), ahead));
    assert_eq!(
        history.incident().candidate().span_at(min(5)),
        span(min(0), ahead)
    );
}

#[test]
fn nothing_joins_an_incident_that_has_settled_or_lapsed() {
    let settles_at = ended().settles_at.unwrap();
    assert!(ended().takes(&span(min(0), min(5)), just_before(settles_at)));
    assert!(!ended().takes(&span(min(0), min(5)), settles_at));

    let mut history = History::new();
    history.say(min(5), org(1), down(min(0), min(5)));
    let candidate = history.incident().candidate();
    assert!(candidate.takes(&span(min(0), min(5)), just_before(candidate.lapses_at)));
    assert!(!candidate.takes(&span(min(0), min(5)), candidate.lapses_at));
    assert!(!candidate.confirmed);
}

#[test]
fn five_probes_that_fire_in_the_same_second_make_one_incident() {
    let mut history = History::new();
    history.say(min(5), org(1), down(min(5), min(5)));
    for n in 2..=5 {
        let at = min(5).after(Millis(u64::from(n)));
        assert!(history.incident().candidate().takes(&span(at, at), at));
        history.say(at, org(n), down(at, at));
    }
    assert_eq!(history.incident().peak, 5);
}

#[test]
fn who_is_near_by_the_candidate_is_near_by_the_fold() {
    let mut history = over();
    for minute in (100..200).chain(141..143) {
        let said = down(min(minute), min(minute));
        let takes = history.incident().candidate().takes(&said.observed, min(600));
        let result = history.clone().try_say(min(600), org(4), said);
        assert_eq!(result, if takes { Ok(()) } else { Err(Refusal::SpanTooFar) });
    }
    history.say(min(600), org(5), up(min(100), min(100)));
}
