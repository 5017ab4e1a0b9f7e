//! Confirmed, contested, live or late.

use super::fixtures::*;
use crate::{
    attestation::{Claim, Method, Scope},
    incident::{Timeliness, Verdict},
    rules::Rules,
    Country, Millis, UnixMillis,
};

fn germany() -> Scope {
    Scope::Country(Country(*b"DE"))
}

#[test]
fn an_incident_is_confirmed_when_the_quorum_is_met_and_not_one_group_sooner() {
    let mut history = History::new();
    history
        .say(min(1), org(1), down(min(0), min(1)))
        .say(min(2), org(2), down(min(0), min(2)));
    assert_eq!(history.incident().verdict, Verdict::Unconfirmed);
    assert_eq!(history.incident().confirmed_at, None);
    assert_eq!(history.incident().timeliness, None);
    history.say(min(3), org(3), down(min(0), min(3)));
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
    assert_eq!(history.incident().confirmed_at, Some(min(3)));
    assert_eq!(history.incident().first_reported_at, min(1));
}

#[test]
fn every_affirming_claim_counts_towards_the_quorum() {
    let mut history = History::new();
    history
        .say(min(5), org(1), down(min(0), min(5)))
        .say(min(5), org(2), saw(Claim::Degraded, min(0), min(5)))
        .say(min(5), org(3), recovered(min(0), min(5)));
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
}

#[test]
fn supporting_methods_do_not_confirm_where_measured_voices_are_asked_for() {
    let mut history = History::new();
    history.say(min(5), org(1), down(min(0), min(5)));
    for (n, method) in [
        (2, Method::OfficialFeed),
        (3, Method::UserReports),
        (4, Method::Manual),
    ] {
        history.say(min(5), org(n), down(min(0), min(5)).by(method));
    }
    assert_eq!(history.incident().verdict, Verdict::Unconfirmed);
    assert_eq!(
        history.incident().peak,
        4,
        "what is below the quorum is not hidden"
    );
    history.say(min(6), org(5), down(min(0), min(6)).by(Method::PassiveTelemetry));
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
}

#[test]
fn a_voice_measures_by_its_last_word() {
    let mut history = History::new();
    history
        .say(min(5), org(1), down(min(0), min(5)))
        .say(min(5), org(2), down(min(0), min(5)))
        .say(min(5), org(3), down(min(0), min(5)).by(Method::Manual));
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
    history.say(min(20), org(2), recovered(min(0), min(20)).by(Method::Manual));
    assert_eq!(history.incident().verdict, Verdict::Unconfirmed);
    assert_eq!(history.incident().confirmed_at, Some(min(5)));
}

#[test]
fn as_many_ups_as_affirm_contest_and_one_fewer_does_not() {
    let mut history = confirmed();
    history
        .say(min(6), org(11), up(min(0), min(6)))
        .say(min(6), org(12), up(min(0), min(6)));
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
    history.say(min(6), org(13), up(min(0), min(6)));
    assert_eq!(history.incident().verdict, Verdict::Contested);
    assert_eq!(
        history.incident().confirmed_at,
        Some(min(5)),
        "what was once reached stays visible"
    );
    history.say(min(7), org(4), down(min(0), min(7)));
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
}

#[test]
fn ups_below_the_quorum_contest_nothing() {
    let mut history = History::new();
    history.say(min(5), org(1), down(min(0), min(5)));
    for n in 11..15 {
        history.say(min(6), org(n), up(min(0), min(6)));
    }
    assert_eq!(history.incident().verdict, Verdict::Unconfirmed);
}

#[test]
fn ups_of_one_group_contest_once() {
    let mut history = confirmed();
    for n in 11..15 {
        history.say(min(6), member(n, 11), up(min(0), min(6)));
    }
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
}

#[test]
fn an_up_that_ends_before_the_outage_began_does_not_contest() {
    let mut before = confirmed();
    let mut touching = confirmed();
    for n in 11..14 {
        before.say(
            min(6),
            org(n),
            up(UnixMillis(START.0 - 60_000), just_before(min(0))),
        );
        touching.say(min(6), org(n), up(UnixMillis(START.0 - 60_000), min(0)));
    }
    assert_eq!(before.incident().verdict, Verdict::Confirmed);
    assert_eq!(touching.incident().verdict, Verdict::Contested);
}

#[test]
fn an_up_that_begins_after_the_outage_ended_does_not_contest() {
    let mut after = over();
    let mut touching = over();
    for n in 11..14 {
        after.say(min(40), org(n), up(just_after(min(20)), min(40)));
        touching.say(min(40), org(n), up(min(20), min(40)));
    }
    assert_eq!(after.incident().verdict, Verdict::Confirmed);
    assert_eq!(touching.incident().verdict, Verdict::Contested);
}

#[test]
fn ups_stop_contesting_once_the_outage_is_known_to_have_ended_before_them() {
    let mut history = confirmed();
    for n in 11..14 {
        history.say(min(30), org(n), up(min(25), min(30)));
    }
    assert_eq!(history.incident().verdict, Verdict::Contested);
    for n in 1..=3 {
        history.say(min(31), org(n), recovered(min(0), min(20)));
    }
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
}

/// The verdict on an outage of the scope, against which three speak who looked from the places.
fn against(scope: &Scope, places: &[crate::attestation::Place]) -> Verdict {
    let mut history = History::new();
    for n in 1..=3 {
        history.say(min(5), org(n), down(min(0), min(5)).within(scope.clone()));
    }
    for n in 11..14 {
        history.say(min(6), org(n), up(min(0), min(6)).from_places(places));
    }
    history.incident().verdict
}

#[test]
fn every_vantage_lies_within_a_global_or_unknown_scope() {
    for scope in [Scope::Global, Scope::Unknown] {
        assert_eq!(against(&scope, &[US]), Verdict::Contested);
        assert_eq!(
            against(&scope, &[]),
            Verdict::Confirmed,
            "an Up from nowhere speaks against nothing"
        );
    }
}

#[test]
fn only_a_vantage_in_the_country_contests_an_outage_of_that_country() {
    assert_eq!(against(&germany(), &[US]), Verdict::Confirmed);
    assert_eq!(against(&germany(), &[US, DE]), Verdict::Contested);
}

#[test]
fn only_a_vantage_in_the_autonomous_system_contests_an_outage_of_it() {
    assert_eq!(against(&Scope::Asn(64500), &[US]), Verdict::Confirmed);
    assert_eq!(against(&Scope::Asn(64500), &[DE]), Verdict::Contested);
}

#[test]
fn no_vantage_contests_an_outage_of_a_region_or_of_a_part_of_the_users() {
    for scope in [Scope::Region(text("eu-central-1")), Scope::Subset] {
        assert_eq!(against(&scope, &[DE, US]), Verdict::Confirmed);
    }
}

#[test]
fn an_incident_contested_from_the_start_is_confirmed_when_the_balance_tips() {
    let mut history = History::new();
    history.say(min(5), org(1), down(min(0), min(5)));
    for n in 11..14 {
        history.say(min(5), org(n), up(min(0), min(5)));
    }
    history
        .say(min(6), org(2), down(min(0), min(6)))
        .say(min(7), org(3), down(min(0), min(7)));
    assert_eq!(history.incident().verdict, Verdict::Contested);
    assert_eq!(history.incident().confirmed_at, None);
    history.say(min(8), org(4), down(min(0), min(8)));
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
    assert_eq!(history.incident().confirmed_at, Some(min(8)));
}

#[test]
fn peak_is_the_most_groups_that_ever_affirmed_at_once() {
    let mut history = confirmed();
    assert_eq!((history.incident().peak, history.incident().peak_at), (3, min(5)));
    history.say(min(20), member(3, 1), down(min(0), min(20)));
    assert_eq!(history.incident().tally.affirming_groups(), 2);
    assert_eq!((history.incident().peak, history.incident().peak_at), (3, min(5)));
    history.say(min(21), org(4), down(min(0), min(21)));
    assert_eq!((history.incident().peak, history.incident().peak_at), (3, min(5)));
    history.say(min(22), org(5), down(min(0), min(22)));
    assert_eq!(
        (history.incident().peak, history.incident().peak_at),
        (4, min(22))
    );
}

#[test]
fn a_voice_is_live_up_to_the_last_millisecond_of_the_limit() {
    let limit = min(0).after(Rules::standard().late_after);
    for (at, expected) in [(limit, Timeliness::Live), (just_after(limit), Timeliness::Late)] {
        let mut history = History::new();
        for n in 1..=3 {
            history.say(at, org(n), down(min(0), min(30)));
        }
        assert_eq!(history.incident().timeliness, Some(expected));
    }
}

#[test]
fn history_recorded_afterwards_is_confirmed_and_late() {
    let mut history = History::new();
    for n in 1..=3 {
        history.say(min(60 * 24 * 365), org(n), recovered(min(0), min(262)));
    }
    let incident = history.incident();
    assert_eq!(incident.verdict, Verdict::Confirmed);
    assert_eq!(incident.timeliness, Some(Timeliness::Late));
}

#[test]
fn an_incident_that_a_late_voice_confirms_is_late_for_ever() {
    let mut history = History::new();
    history
        .say(min(5), org(1), down(min(0), min(5)))
        .say(min(6), org(2), down(min(0), min(6)))
        .say(min(90), org(3), down(min(0), min(90)));
    assert_eq!(history.incident().timeliness, Some(Timeliness::Late));
    history.say(min(91), org(4), down(min(80), min(91)));
    assert_eq!(
        history.incident().timeliness,
        Some(Timeliness::Late),
        "a live voice came too late"
    );
}

#[test]
fn live_voices_alone_must_meet_the_measured_rule_too() {
    let mut history = History::new();
    history
        .say(min(5), org(1), down(min(0), min(5)).by(Method::Manual))
        .say(min(5), org(2), down(min(0), min(5)).by(Method::Manual))
        .say(min(5), org(3), down(min(0), min(5)))
        .say(min(90), org(4), down(min(0), min(90)));
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
    assert_eq!(history.incident().timeliness, Some(Timeliness::Late));
}

#[test]
fn a_live_incident_stays_live_though_a_voice_restates_an_earlier_start() {
    let mut history = confirmed();
    assert_eq!(history.incident().timeliness, Some(Timeliness::Live));
    for n in 1..=3 {
        history.say(min(100), org(n), down(UnixMillis(START.0 - 7_200_000), min(100)));
    }
    assert_eq!(history.incident().timeliness, Some(Timeliness::Live));
}

#[test]
fn a_voice_is_judged_live_by_the_start_that_it_now_states() {
    let mut history = History::new();
    history
        .say(min(5), org(1), down(min(0), min(5)))
        .say(min(5), org(2), down(min(0), min(5)))
        // First affirmed at minute 6, but now says that it began an hour and more before that.
        .say(
            min(5),
            org(1),
            saw(Claim::Degraded, UnixMillis(START.0 - 3_600_000), min(5)),
        )
        .say(min(7), org(3), down(min(0), min(7)));
    assert_eq!(history.incident().timeliness, Some(Timeliness::Late));
}

#[test]
fn a_quorum_of_one_confirms_with_the_opening() {
    let rules = Rules {
        quorum: 1,
        min_measured: 0,
        late_after: Millis(0),
        ..Rules::standard()
    };
    let mut history = History::under(rules);
    history.say(min(5), org(1), down(min(5), min(5)).by(Method::Manual));
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
    assert_eq!(history.incident().timeliness, Some(Timeliness::Live));
}
