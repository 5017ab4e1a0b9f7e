//! When an incident settles or lapses, and that nothing is taken then.

use super::fixtures::*;
use crate::{
    incident::{Refusal, Standing, Status, Verdict},
    rules::Rules,
    Millis,
};

const OPEN: Standing = Standing {
    settled: false,
    lapsed: false,
    unruled: false,
};

#[test]
fn an_ongoing_incident_has_no_time_of_settling() {
    let history = confirmed();
    assert_eq!(history.incident().settles_at, None);
    assert!(!history.incident().at(min(u64::MAX / 60_000)).settled);
}

#[test]
fn an_incident_settles_a_window_after_the_last_change() {
    let history = over();
    // The end was set when the second of three had recovered; the third changed nothing.
    let settles_at = min(30).after(Rules::standard().dispute_window);
    assert_eq!(history.incident().settles_at, Some(settles_at));
    assert_eq!(history.incident().at(just_before(settles_at)), OPEN);
    assert!(history.incident().at(settles_at).settled);
}

#[test]
fn a_word_that_changes_neither_verdict_nor_times_puts_nothing_off() {
    let mut history = over();
    let before = history.incident().settles_at;
    history.say(min(50), org(4), recovered(min(0), min(20)));
    assert_eq!(history.incident().settles_at, before);
}

#[test]
fn a_changed_start_end_or_verdict_puts_settling_off() {
    let window = Rules::standard().dispute_window;
    let mut start = over();
    start
        .say(min(50), org(1), recovered(min(1), min(20)))
        .say(min(51), org(2), recovered(min(1), min(20)));
    assert_eq!(start.finding().started.median, min(1));
    assert_eq!(start.incident().settles_at, Some(min(51).after(window)));

    let mut end = over();
    end.say(min(50), org(1), recovered(min(0), min(21)))
        .say(min(51), org(2), recovered(min(0), min(21)));
    assert_eq!(end.ended_at(), Some(min(21)));
    assert_eq!(end.incident().settles_at, Some(min(51).after(window)));

    let mut verdict = over();
    for n in 11..14 {
        verdict.say(min(40 + u64::from(n)), org(n), up(min(0), min(20)));
    }
    assert_eq!(verdict.incident().verdict, Verdict::Contested);
    assert_eq!(verdict.incident().settles_at, Some(min(53).after(window)));
}

#[test]
fn changes_put_settling_off_no_further_than_the_cap() {
    let rules = Rules {
        dispute_window: Millis::minutes(10),
        dispute_window_max: Millis::minutes(25),
        renew_after: Millis(0),
        ..Rules::standard()
    };
    let mut history = History::under(rules);
    let mut settles = vec![];
    for (at, end) in [(30, 1), (39, 2), (48, 3), (54, 4)] {
        history.say(min(at), org(1), recovered(min(0), min(end)));
        settles.push(history.incident().settles_at.unwrap());
    }
    assert_eq!(settles, [min(40), min(49), min(55), min(55)]);
    assert_eq!(
        history.refusal(min(55), org(1), recovered(min(0), min(5))),
        Refusal::Settled
    );
}

#[test]
fn the_cap_is_counted_anew_when_the_incident_went_on_in_between() {
    let rules = Rules {
        dispute_window: Millis::minutes(10),
        dispute_window_max: Millis::minutes(15),
        renew_after: Millis(0),
        ..Rules::standard()
    };
    let mut history = History::under(rules);
    history.say(min(30), org(1), recovered(min(0), min(1)));
    assert_eq!(history.incident().settles_by, Some(min(45)));
    history.say(min(35), org(1), down(min(0), min(35)));
    assert_eq!(history.incident().status, Status::Ongoing);
    assert_eq!(
        (history.incident().settles_at, history.incident().settles_by),
        (None, None)
    );
    history.say(min(50), org(1), recovered(min(0), min(40)));
    assert_eq!(history.incident().settles_at, Some(min(60)));
    assert_eq!(history.incident().settles_by, Some(min(65)));
}

#[test]
fn a_settled_incident_takes_no_attestation_from_its_first_millisecond_on() {
    let mut history = over();
    let settles_at = history.incident().settles_at.unwrap();
    let mut one_before = history.clone();
    one_before.say(just_before(settles_at), org(4), recovered(min(0), min(20)));
    for said in [recovered(min(0), min(20)), up(min(0), min(20))] {
        assert_eq!(history.refusal(settles_at, org(4), said), Refusal::Settled);
    }
}

#[test]
fn an_unconfirmed_incident_lapses_when_no_new_group_affirms_it() {
    let mut history = History::new();
    history.say(min(5), org(1), down(min(0), min(5)));
    let lapses_at = min(5).after(Rules::standard().lapse_after);
    assert_eq!(history.incident().at(just_before(lapses_at)), OPEN);
    assert!(history.incident().at(lapses_at).lapsed);
    let late = down(min(0), lapses_at);
    history.clone().say(
        just_before(lapses_at),
        org(2),
        down(min(0), just_before(lapses_at)),
    );
    assert_eq!(history.refusal(lapses_at, org(2), late), Refusal::Lapsed);
}

#[test]
fn a_new_affirming_group_puts_lapsing_off_and_nothing_else_does() {
    let mut history = History::new();
    history
        .say(min(5), org(1), down(min(0), min(5)))
        .say(min(60), org(1), down(min(0), min(60)))
        .say(min(70), member(2, 1), down(min(0), min(70)))
        .say(min(80), affiliate(50), down(min(0), min(80)))
        .say(min(90), org(3), up(min(0), min(90)));
    let lapse_after = Rules::standard().lapse_after;
    assert_eq!(
        history.incident().candidate().lapses_at,
        min(5).after(lapse_after)
    );
    history.say(min(100), org(4), down(min(0), min(100)));
    assert_eq!(
        history.incident().candidate().lapses_at,
        min(100).after(lapse_after)
    );
}

#[test]
fn a_confirmed_incident_never_lapses() {
    let history = confirmed();
    assert_eq!(history.incident().at(min(60 * 24 * 3650)), OPEN);
}

#[test]
fn an_incident_that_was_once_confirmed_never_lapses() {
    let mut history = confirmed();
    history.say(min(20), member(3, 1), down(min(0), min(20)));
    assert_eq!(history.incident().verdict, Verdict::Unconfirmed);
    assert!(!history.incident().at(min(60 * 24 * 3650)).lapsed);
}

#[test]
fn an_unconfirmed_incident_that_is_over_settles_or_lapses_whichever_comes_first() {
    let mut history = History::new();
    history.say(min(30), org(1), recovered(min(0), min(20)));
    let lapses_at = min(30).after(Rules::standard().lapse_after);
    let standing = history.incident().at(lapses_at);
    assert!(standing.lapsed && !standing.settled && !standing.is_open());
    let settles_at = history.incident().settles_at.unwrap();
    assert!(history.incident().at(settles_at).settled);
    assert_eq!(
        history.refusal(settles_at, org(2), down(min(0), min(30))),
        Refusal::Settled
    );
}

#[test]
fn an_incident_that_a_provider_alone_affirms_lapses() {
    let mut history = History::new();
    history.say(min(5), affiliate(50), down(min(0), min(5)));
    assert!(
        history
            .incident()
            .at(min(5).after(Rules::standard().lapse_after))
            .lapsed
    );
}
