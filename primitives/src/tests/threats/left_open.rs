//! What the rules leave open, and `docs/threats.md` says so: if one of these fails, a hole was closed or moved.

use super::*;

#[test]
fn a_quorum_that_says_it_hit_a_part_of_the_users_is_contested_by_nobody() {
    let mut history = made_up_and_contested();
    let narrower = down(min(0), min(20)).within(Scope::Subset);
    all_say(&mut history, min(20), [21, 22, 23], &narrower);
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
}

#[test]
fn where_no_two_agree_on_the_scope_it_is_the_first_ones() {
    let mut history = History::new();
    for (n, scope) in [
        (21, Scope::Subset),
        (1, Scope::Global),
        (2, Scope::Country(DE.country)),
    ] {
        history.say(min(5), org(n), down(min(0), min(5)).within(scope));
    }
    assert_eq!(history.finding().scope, Scope::Subset);
}

#[test]
fn until_it_settles_one_that_renews_its_word_draws_later_reports_to_what_is_over() {
    let mut history = over();
    let next_day = min(30 + DAY);
    let report = span(next_day, next_day);
    assert!(!history.incident().candidate().takes(&report, next_day));
    history.say(min(31), org(21), down(min(0), min(31)));
    assert!(history.incident().candidate().takes(&report, next_day));
    let settles_at = history.incident().settles_at.unwrap();
    assert!(!history.incident().candidate().takes(&report, settles_at));
}

#[test]
fn a_change_in_the_last_millisecond_of_the_cap_goes_unanswered() {
    let mut history = History::under(Rules {
        dispute_window_max: Rules::standard().dispute_window,
        ..Rules::standard()
    });
    all_say(&mut history, min(30), [1, 2, 3], &recovered(min(0), min(20)));
    let cap = history.incident().settles_by.unwrap();
    all_say(&mut history, just_before(cap), [21, 22, 23], &up(min(0), min(20)));
    assert_eq!(history.incident().verdict, Verdict::Contested);
    let answer = history.refusal(cap, org(4), recovered(min(0), min(20)));
    assert_eq!(answer, Refusal::Settled);
}

#[test]
fn until_it_settles_one_wide_span_draws_reports_of_all_that_it_covers() {
    let mut history = over();
    let month_ago = UnixMillis(START.0 - Millis::days(30).0);
    let report = span(month_ago, month_ago.after(Millis::minutes(10)));
    assert!(!history.incident().candidate().takes(&report, min(40)));
    history.say(min(31), org(21), recovered(month_ago, min(31)));
    assert!(history.incident().candidate().takes(&report, min(40)));
}

#[test]
fn a_new_group_that_only_fills_the_place_of_one_that_withdrew_puts_no_lapse_off() {
    let mut history = History::new();
    history
        .say(min(5), org(1), down(min(0), min(5)))
        .say(min(6), org(21), down(min(0), min(6)))
        .act(min(7), withdrawn(org(21)));
    let lapses_at = history.incident().candidate().lapses_at;
    history.say(min(60), org(2), down(min(0), min(60)));
    assert_eq!(history.incident().candidate().lapses_at, lapses_at);
    assert_eq!(lapses_at, min(6).after(Rules::standard().lapse_after));
}

#[test]
fn an_arbiter_who_attests_can_keep_a_dispute_from_being_ruled_on() {
    let mut history = confirmed();
    history.act(min(6), disputed(org(1), &[50, 51]));
    history.say(min(7), org(50), down(min(0), min(7)));
    history.act(min(8), voted(org(51), true));
    // One of the two that were asked is not more than half of them.
    assert_eq!(history.incident().dispute, Dispute::Open);
    assert!(
        history
            .incident()
            .at(min(6).after(Rules::standard().rule_within))
            .unruled
    );
}

#[test]
fn a_later_dispute_takes_a_rulings_place_in_the_record_but_not_in_the_log() {
    let mut history = confirmed();
    history
        .act(min(6), disputed(org(1), &[50]))
        .act(min(7), voted(org(50), true));
    assert_eq!(history.incident().dispute, Dispute::Sustained);
    history.act(min(8), disputed(org(21), &[50]));
    assert_eq!(history.incident().dispute, Dispute::Open);
    let ruling = |action: &Action| matches!(action, Action::Voted { sustain: true, .. });
    assert!(history.entries.iter().any(|entry| ruling(&entry.action)));
}

#[test]
fn a_provider_that_nobody_has_named_counts_until_it_is_named_and_speaks_again() {
    let unnamed = org(4);
    let named = Actor {
        affiliated: true,
        ..unnamed
    };
    let mut history = History::new();
    all_say(&mut history, min(5), [1, 2, 4], &down(min(0), min(5)));
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
    history.say(min(20), named, recovered(min(0), min(20)));
    assert_eq!(history.incident().verdict, Verdict::Unconfirmed);
}

#[test]
fn a_late_word_that_comes_just_before_the_last_live_one_makes_it_late() {
    let live = down(min(0), min(5));
    let early = down(UnixMillis(START.0 - Millis::hours(2).0), min(5));
    let mut history = History::new();
    history.say(min(5), org(1), live.clone());
    history.say(min(5), org(2), live.clone());
    let mut honest = history.clone();
    honest.say(min(6), org(3), live.clone());
    history.say(min(6), org(21), early).say(min(6), org(3), live);
    let timeliness = |history: &History| history.incident().timeliness;
    assert_eq!(timeliness(&honest), Some(Timeliness::Live));
    assert_eq!(timeliness(&history), Some(Timeliness::Late));
    let shown = history.incident();
    assert_eq!(
        (shown.first_reported_at, shown.confirmed_at),
        (min(5), Some(min(6)))
    );
}

#[test]
fn an_arbiter_whom_the_council_moves_rules_for_the_groups_that_it_comes_to() {
    let mut history = confirmed();
    history.act(min(6), disputed(org(1), &[50, 51, 52]));
    history
        .act(min(7), voted(org(50), true))
        .act(min(8), voted(member(50, 51), true));
    assert_eq!(history.incident().dispute, Dispute::Sustained);
    let ruled = history
        .entries
        .iter()
        .filter(|entry| entry.action.by().organisation.0 == 50);
    assert_eq!(ruled.count(), 2, "and the log shows that it was one");
}
