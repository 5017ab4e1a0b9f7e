//! How somebody may try to bend a record, and what the rules make of it: those scenarios of `docs/threats.md` that no
//! other test tells.

mod left_open;

use super::fixtures::*;
use crate::{
    attestation::{Kind, Observation, Scope, Severity},
    incident::{Action, Actor, Dispute, Refusal, Status, Timeliness, Verdict, MAX_WORDS},
    rules::Rules,
    Account, GroupId, Millis, OrganisationId, UnixMillis,
};

const DAY: u64 = 24 * 60;

/// Three that made it up say it was down from the start, and nobody else did.
fn made_up() -> History {
    let mut history = History::new();
    for n in 21..=23 {
        history.say(min(5), org(n), down(min(0), min(5)));
    }
    history
}

/// The same, against which three speak whose checks were good from minute 3 to minute 8.
fn made_up_and_contested() -> History {
    let mut history = made_up();
    for n in 1..=3 {
        history.say(min(8), org(n), up(min(3), min(8)));
    }
    assert_eq!(history.incident().verdict, Verdict::Contested);
    history
}

fn all_say(history: &mut History, at: UnixMillis, who: [u32; 3], said: &Observation) {
    for n in who {
        history.say(at, org(n), said.clone());
    }
}

#[test]
fn an_outage_that_a_quorum_made_up_is_contested_by_as_many_who_saw_it_work_and_by_no_fewer() {
    let mut history = made_up();
    let mut verdicts = vec![history.incident().verdict];
    for n in 1..=3 {
        history.say(min(8), org(n), up(min(0), min(8)));
        verdicts.push(history.incident().verdict);
    }
    use Verdict::{Confirmed, Contested};
    assert_eq!(verdicts, [Confirmed, Confirmed, Confirmed, Contested]);
}

#[test]
fn to_escape_being_contested_liars_must_leave_the_time_that_was_checked() {
    let mut history = made_up_and_contested();
    let touching = recovered(min(0), min(3));
    all_say(&mut history, min(10), [21, 22, 23], &touching);
    assert_eq!(history.incident().verdict, Verdict::Contested);
    let before = recovered(min(0), just_before(min(3)));
    all_say(&mut history, min(30), [21, 22, 23], &before);
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
    assert_eq!(history.ended_at(), Some(just_before(min(3))));
}

#[test]
fn history_made_up_afterwards_is_late_for_ever_and_as_open_to_contest() {
    let mut history = History::new();
    all_say(
        &mut history,
        min(30 * DAY),
        [21, 22, 23],
        &recovered(min(0), min(60)),
    );
    assert_eq!(history.incident().timeliness, Some(Timeliness::Late));
    all_say(&mut history, min(31 * DAY), [1, 2, 3], &up(min(10), min(20)));
    assert_eq!(history.incident().verdict, Verdict::Contested);
    assert_eq!(history.incident().timeliness, Some(Timeliness::Late));
}

#[test]
fn one_false_first_word_fixes_neither_kind_nor_severity_nor_scope() {
    let mut history = History::new();
    let false_word = down(min(0), min(5))
        .of_kind(Kind::Security)
        .as_bad_as(Severity::Critical)
        .within(Scope::Subset);
    history.say(min(5), org(21), false_word);
    assert_eq!(history.finding().scope, Scope::Subset);
    for n in 1..=2 {
        history.say(min(6), org(n), down(min(0), min(6)));
    }
    let finding = history.finding();
    assert_eq!(
        (finding.kind, finding.severity, &finding.scope),
        (Kind::Outage, Severity::Major, &Scope::Global)
    );
}

#[test]
fn colluders_who_confirm_and_withdraw_leave_a_mark_and_no_verdict() {
    let mut history = made_up();
    for n in 22..=23 {
        history.act(min(6), withdrawn(org(n)));
    }
    let incident = history.incident();
    assert_eq!(incident.verdict, Verdict::Unconfirmed);
    assert_eq!((incident.confirmed_at, incident.peak), (Some(min(5)), 3));
    // What they leave takes the honest no longer to confirm, and no sooner.
    history.say(min(7), org(1), down(min(0), min(7)));
    assert_eq!(history.incident().verdict, Verdict::Unconfirmed);
    history.say(min(7), org(2), down(min(0), min(7)));
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
}

#[test]
fn one_that_renews_its_word_for_ever_keeps_nothing_open_that_most_say_is_over() {
    let mut history = over();
    let settles_at = history.incident().settles_at.unwrap();
    history.say(min(31), org(21), down(min(0), min(31)));
    for day in 1..=7 {
        let at = just_before(min(30 + day * DAY));
        history.say(at, org(21), down(min(0), at));
        assert_eq!(history.incident().status, Status::Recovered);
        assert_eq!(history.incident().settles_at, Some(settles_at));
    }
    assert_eq!(
        history.refusal(settles_at, org(21), down(min(0), settles_at)),
        Refusal::Settled
    );
}

#[test]
fn one_that_renews_its_word_alone_runs_out_of_words_and_then_anybody_closes() {
    let mut history = confirmed();
    for n in 2..=3 {
        history.act(min(6), withdrawn(org(n)));
    }
    let mut now = min(5);
    for _ in 1..MAX_WORDS {
        now = just_before(now.after(Rules::standard().stale_after));
        assert_eq!(history.try_do(now, closed(org(9))), Err(Refusal::NotStale));
        history.say(now, org(1), down(min(0), now));
    }
    let again = history.refusal(min(70 * DAY), org(1), down(min(0), min(70 * DAY)));
    assert_eq!(again, Refusal::TooManyWords);
    history.act(now.after(Rules::standard().stale_after), closed(org(9)));
    assert!(history.incident().settles_at.is_some());
}

#[test]
fn a_change_in_the_last_millisecond_gives_the_others_a_window_to_answer() {
    let mut history = over();
    let last = just_before(history.incident().settles_at.unwrap());
    all_say(&mut history, last, [21, 22, 23], &up(min(0), min(20)));
    assert_eq!(history.incident().verdict, Verdict::Contested);
    let answer_by = last.after(Rules::standard().dispute_window);
    history.say(just_before(answer_by), org(4), recovered(min(0), min(20)));
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
}

#[test]
fn one_wide_span_moves_neither_start_nor_end() {
    let year_ago = UnixMillis(START.0 - Millis::days(365).0);
    let mut history = over();
    let (started, ended) = (history.finding().started.median, history.ended_at());
    history.say(min(31), org(21), recovered(year_ago, min(31)));
    assert_eq!(
        (history.finding().started.median, history.ended_at()),
        (started, ended)
    );
    assert_eq!(history.finding().started.earliest, year_ago, "and readers see it");
}

#[test]
fn what_a_stolen_key_said_another_key_of_the_organisation_takes_back() {
    let key = |n| Actor {
        key: Account([n; 32]),
        ..org(1)
    };
    let mut history = History::new();
    history
        .say(min(5), org(2), down(min(0), min(5)))
        .say(
            min(5),
            key(66),
            down(min(0), min(5)).as_bad_as(Severity::Critical),
        )
        .act(min(9), withdrawn(key(1)))
        .say(min(9), key(1), up(min(0), min(9)));
    assert_eq!(history.incident().tally.affirming_groups(), 1);
    assert_eq!(
        history.entries[1].action.by().key,
        Account([66; 32]),
        "seen for ever"
    );
}

#[test]
fn whoever_disputes_and_then_joins_an_arbiters_group_does_not_rule_on_its_own_dispute() {
    let mut history = confirmed();
    history.act(min(6), disputed(org(7), &[50, 51]));
    let moved = member(7, 50);
    assert_eq!(
        history.try_do(min(7), voted(moved, true)),
        Err(Refusal::NotAnArbiterOfThis)
    );
    history.act(min(8), voted(org(50), false));
}

#[test]
fn a_sham_dispute_keeps_others_waiting_no_longer_than_the_time_to_rule() {
    let mut history = confirmed();
    history.act(min(6), disputed(org(21), &[50, 51, 52]));
    let over = min(6).after(Rules::standard().rule_within);
    let real = || disputed(org(1), &[50, 51, 52]);
    assert_eq!(
        history.try_do(just_before(over), real()),
        Err(Refusal::DisputeOpen)
    );
    // Arbiters can make it shorter.
    let mut ruled = history.clone();
    ruled
        .act(min(7), voted(org(50), false))
        .act(min(7), voted(org(51), false))
        .act(min(8), real());
    history.act(over, real());
    assert_eq!(
        history.try_do(over, disputed(org(21), &[50])),
        Err(Refusal::DisputeOpen)
    );
}

#[test]
fn an_organisation_that_changes_its_group_with_every_word_has_one_voice_and_one_bound() {
    let mut history = confirmed();
    let at = |word: u64| min(10 + word * 10);
    for (word, group) in (0..u64::from(MAX_WORDS)).zip(100..) {
        history.say(at(word), member(21, group), down(min(0), at(word)));
        assert_eq!(history.incident().tally.affirming_groups(), 4);
    }
    let more = recovered(min(0), at(64));
    assert_eq!(
        history.refusal(at(64), member(21, 999), more),
        Refusal::TooManyWords
    );
    assert_eq!(
        history.incident().tally.of(OrganisationId(21)).unwrap().group,
        GroupId(163)
    );
}

#[test]
fn no_group_that_attested_rules_though_its_member_left_and_spoke_again_as_one_of_another() {
    let mut history = confirmed();
    for (at, group) in [(20, 60), (40, 61), (60, 1), (80, 62)] {
        history.say(min(at), member(1, group), down(min(0), min(at)));
    }
    for group in [1, 60, 61, 62] {
        let unfit = history.try_do(min(81), disputed(org(7), &[group]));
        assert_eq!(unfit, Err(Refusal::ArbitersUnfit), "{group}");
    }
    history.act(min(81), disputed(org(7), &[50, 63]));
    history.say(min(100), member(1, 63), down(min(0), min(100)));
    history.say(min(120), member(1, 64), down(min(0), min(120)));
    assert_eq!(
        history.try_do(min(121), voted(member(70, 63), true)),
        Err(Refusal::NotAnArbiterOfThis)
    );
    let ledger = &history.incident().ledger;
    assert_eq!(ledger.of(OrganisationId(1)).unwrap().words, 7);
}
