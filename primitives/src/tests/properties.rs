//! What holds of every history, whoever lies in it.

use proptest::{prelude::*, sample::Index};

use super::{
    fixtures::*,
    random::{config, independent_words, play, rules, said, words, Deed, Word},
};
use crate::{
    attestation::{Claim, Observation, Scope, Severity},
    incident::{Action, Actor, Dispute, Incident, Refusal, Status, Verdict},
    rules::Rules,
    GroupId, Millis, OrganisationId, Record, UnixMillis,
};

/// All that readers are told, but for who stands by what.
fn told(incident: &Incident) -> impl PartialEq + core::fmt::Debug {
    (
        incident.finding.clone(),
        (incident.verdict, incident.status, incident.timeliness),
        (incident.peak, incident.peak_at, incident.confirmed_at),
        (incident.settles_at, incident.settles_by),
    )
}

fn minutes(range: core::ops::Range<u64>) -> impl Strategy<Value = UnixMillis> {
    range.prop_map(min)
}

fn shuffled<T: Clone + core::fmt::Debug + 'static>(
    values: impl Strategy<Value = Vec<T>>,
) -> impl Strategy<Value = (Vec<T>, Vec<T>)> {
    values.prop_flat_map(|values| (Just(values.clone()), Just(values).prop_shuffle()))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_minority_moves_start_or_end_out_of_what_the_honest_saw(
        (honest, liars) in (1usize..12).prop_flat_map(|honest| (Just(honest), 0..honest)),
        sightings in prop::collection::vec((minutes(100..130), minutes(140..170)), 12),
        lies in prop::collection::vec((minutes(0..300), 0u64..300, any::<bool>()), 12),
        order in Just((0..24usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let mut history = History::under(Rules { renew_after: Millis(0), ..Rules::standard() });
        let now = min(600);
        let mut lied = 0;
        for n in order {
            let (by, said) = match n {
                0..12 => {
                    let (from, to) = sightings[n];
                    (n, recovered(from, to))
                }
                _ => {
                    let (from, length, ended) = lies[n - 12];
                    let claim = if ended { Claim::Recovered } else { Claim::Down };
                    (n, saw(claim, from, from.after(Millis::minutes(length))))
                }
            };
            let is_lie = by >= 12;
            if (is_lie && by - 12 >= liars) || (!is_lie && by >= honest) {
                continue;
            }
            let by = org(u32::try_from(by).unwrap());
            match history.try_say(now, by, said) {
                Ok(()) => lied += usize::from(is_lie),
                // A lie too far off finds no hearing here; one that came first may keep others away.
                Err(Refusal::SpanTooFar) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        let taken: Vec<_> = (0..honest)
            .filter(|n| history.incident().tally.of(OrganisationId(u32::try_from(*n).unwrap())).is_some())
            .map(|n| sightings[n])
            .collect();
        prop_assume!(lied < taken.len());
        let finding = history.finding();
        let within = |median: UnixMillis, honest: Vec<UnixMillis>| {
            honest.iter().min().unwrap() <= &median && &median <= honest.iter().max().unwrap()
        };
        prop_assert!(within(finding.started.median, taken.iter().map(|seen| seen.0).collect()));
        prop_assert!(within(finding.ended_at().unwrap(), taken.iter().map(|seen| seen.1).collect()));
    }

    #[test]
    fn no_minority_ends_what_the_honest_say_goes_on(
        (honest, liars) in (1u32..12).prop_flat_map(|honest| (Just(honest), 0..honest)),
        end in minutes(0..120),
    ) {
        let mut history = History::new();
        for n in 0..honest {
            history.say(min(120), org(n), down(min(0), min(120)));
        }
        for n in 0..liars {
            history.say(min(120), org(100 + n), recovered(min(0), end));
        }
        prop_assert_eq!(history.ended_at(), None);
        prop_assert_eq!(history.incident().settles_at, None);
    }

    #[test]
    fn no_provider_and_no_second_voice_of_a_group_changes_what_readers_are_told(
        rules in rules(),
        words in independent_words(),
        others in prop::collection::vec((any::<Index>(), 0u32..6, said(), 0u64..7_200_000), 1..12),
    ) {
        let plain = play(rules, &words);
        prop_assume!(plain.record.is_some());
        let mut bare = History::under(rules);
        let mut mixed = History::under(rules);
        let mut heard = 0;
        for (place, entry) in plain.entries.iter().enumerate() {
            bare.try_push(entry.clone()).unwrap();
            prop_assert_eq!(mixed.try_do(entry.at, entry.action.clone()), Ok(()));
            prop_assert_eq!(told(mixed.incident()), told(bare.incident()));
            for (after, n, said, back) in &others {
                if after.index(plain.entries.len()) != place {
                    continue;
                }
                // The first three are the provider's; the others join the opener's group after it.
                let opener = bare.incident().opener;
                let by = match n {
                    0..3 => affiliate(1000 + n),
                    _ => Actor { group: GroupId(opener.0), ..org(1000 + n) },
                };
                let from = UnixMillis(entry.at.0 - back);
                let said = Observation { observed: span(from, entry.at), ..said.clone() };
                heard += u32::from(mixed.try_say(entry.at, by, said).is_ok());
                prop_assert_eq!(told(mixed.incident()), told(bare.incident()));
            }
        }
        let voices = mixed.incident().tally.voices().len() - bare.incident().tally.voices().len();
        prop_assert_eq!(voices == 0, heard == 0);
    }

    #[test]
    fn the_order_of_independent_attestations_of_one_time_changes_neither_verdict_nor_times(
        rules in rules(),
        (one, other) in shuffled(prop::collection::vec(
            (said(), 0u64..90, 0u64..90, prop_oneof![Just(false), Just(true)]),
            1..10,
        )),
    ) {
        // Scope goes to the earlier of equals by design: where several are as many, all must say the same.
        let scopes = || one.iter().filter(|said| said.0.claim.affirms()).map(|said| &said.0.scope);
        let votes = |scope: &Scope| scopes().chain([&Scope::Global]).filter(|other| *other == scope).count();
        let most = scopes().map(votes).max().unwrap_or(0).max(votes(&Scope::Global));
        let leading = scopes().chain([&Scope::Global]).filter(|scope| votes(scope) == most).count();
        let of = |said: &Observation, from: u64, to: u64| Observation {
            observed: span(min(from.min(to)), min(from.max(to))),
            scope: if leading == most { said.scope.clone() } else { Scope::Global },
            ..said.clone()
        };
        let numbered: Vec<_> = one.iter().enumerate().collect();
        let play = |values: &[(Observation, u64, u64, bool)]| {
            let mut history = History::under(rules);
            history.say(min(90), org(999), down(min(0), min(90)));
            for value in values {
                // Equal words are as good as one another: which of them has which name is all the same.
                let (n, _) = numbered.iter().find(|(_, known)| *known == value).unwrap();
                let mut n = u32::try_from(*n).unwrap();
                while history.incident().tally.of(OrganisationId(n)).is_some() {
                    n += 100;
                }
                history.say(min(90), org(n), of(&value.0, value.1, value.2));
            }
            let finding = history.finding().clone();
            let verdict: Verdict = history.incident().verdict;
            let severity: Severity = finding.severity;
            let groups = history.incident().tally.affirming_groups();
            (verdict, severity, finding.scope, finding.started, finding.ended, history.incident().status, groups)
        };
        prop_assert_eq!(play(&one), play(&other));
    }

    #[test]
    fn what_has_settled_or_lapsed_keeps_its_verdict_and_times_whatever_is_said_or_done(
        rules in rules(), words in words(), more in words(),
    ) {
        let mut history = play(rules, &words);
        prop_assume!(history.record.is_some());
        let incident = history.incident().clone();
        let closing = match (incident.settles_at, incident.confirmed_at) {
            (Some(at), _) => at,
            (None, None) => incident.candidate().lapses_at,
            (None, Some(_)) => return Ok(()),
        };
        let mut now = closing.max(history.record.as_ref().unwrap().at);
        prop_assert!(!incident.at(now).is_open());
        let before = told(&incident);
        for word in more {
            now = now.after(word.wait);
            let expected = if incident.at(now).settled { Refusal::Settled } else { Refusal::Lapsed };
            // Said near enough, and not of the future: nothing but its being over keeps it out.
            let near = Word { back: Millis(0), length: Millis(0), ..word.clone() };
            let near = match word.deed {
                Deed::Say => history.try_say(now, word.by, Observation {
                    observed: incident.candidate().span_at(closing), ..word.at(now)
                }),
                _ => history.try_word(now, &near),
            };
            match word.deed {
                // A clock that ran ahead may leave a span in the future of `now`: no less refused.
                Deed::Say => prop_assert!(
                    near == Err(expected) || near == Err(Refusal::ObservedInFuture), "{near:?}"
                ),
                Deed::Withdraw | Deed::Close => prop_assert_eq!(near, Err(expected)),
                _ => {}
            }
            prop_assert_eq!(&told(history.incident()), &before);
            prop_assert_eq!(&history.incident().tally, &incident.tally);
            prop_assert!(!history.incident().at(now).is_open());
        }
    }

    #[test]
    fn what_was_once_reached_stays_visible_and_the_record_never_contradicts_itself(
        rules in rules(), words in words(),
    ) {
        let history = play(rules, &words);
        let mut again = History::under(rules);
        let mut before: Option<Incident> = None;
        for entry in history.entries {
            let action = entry.action.clone();
            again.try_push(entry).unwrap();
            let now = again.incident();
            if let Some(before) = before {
                let beside = matches!(
                    action,
                    Action::Replied { .. }
                        | Action::Disputed { .. }
                        | Action::Voted { .. }
                        | Action::Linked { .. }
                        | Action::Unlinked { .. }
                );
                prop_assert!(!beside || told(&before) == told(now), "{action:?} changed what readers are told");
                prop_assert!(now.peak >= before.peak && now.peak_at >= before.peak_at);
                prop_assert!(before.confirmed_at.is_none() || now.confirmed_at == before.confirmed_at);
                prop_assert!(before.timeliness.is_none() || now.timeliness == before.timeliness);
                prop_assert_eq!((now.first_reported_at, now.opener), (before.first_reported_at, before.opener));
                prop_assert!(before.settles_by.is_none() || now.settles_by.is_none()
                    || now.settles_by == before.settles_by, "the cap moved");
            }
            prop_assert_eq!(now.settles_at.is_none(), now.status == Status::Ongoing);
            prop_assert!(now.settles_at <= now.settles_by);
            prop_assert_eq!(now.confirmed_at.is_some(), now.timeliness.is_some());
            prop_assert!(now.verdict != Verdict::Confirmed || now.confirmed_at.is_some());
            prop_assert!(now.verdict == Verdict::Unconfirmed || now.peak >= rules.quorum);
            if let Some(finding) = &now.finding {
                let ended = finding.ended_at().unwrap_or(UnixMillis(u64::MAX));
                prop_assert!(finding.started.median <= ended);
            }
            before = Some(now.clone());
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_withdrawal_leaves_what_would_be_without_that_organisations_words(
        rules in rules(), words in words(), which: Index,
    ) {
        let words: Vec<_> = words.into_iter().filter(|word| word.deed == Deed::Say).collect();
        let mut with = play(rules, &words);
        prop_assume!(with.entries.len() > 1);
        let voices = with.incident().tally.voices();
        let by = *with
            .entries
            .iter()
            .rev()
            .map(|entry| entry.action.by())
            .find(|by| by.organisation == voices[which.index(voices.len())].organisation)
            .unwrap();
        let last = with.entries[with.entries.len() - 1].at;
        let taken_back = with.try_do(last, withdrawn(by));
        prop_assume!(taken_back.is_ok());

        let mut without = History::under(rules);
        for entry in with.entries.iter().filter(|entry| entry.action.by().organisation != by.organisation) {
            let (Action::Opened { by, attestation, .. } | Action::Attested { by, attestation, .. }) = &entry.action
            else {
                unreachable!("nothing was done but saying")
            };
            // Where another's word was near enough through this one's alone, there is nothing to compare.
            prop_assume!(without.try_say(entry.at, *by, attestation.observation.clone()).is_ok());
        }
        prop_assume!(without.record.is_some());
        let (with, without) = (with.incident(), without.incident());
        prop_assert_eq!(&with.finding, &without.finding);
        prop_assert_eq!((with.verdict, with.status), (without.verdict, without.status));
        prop_assert_eq!(with.tally.affirming_groups(), without.tally.affirming_groups());
        prop_assert_eq!(with.tally.counting().len(), without.tally.counting().len());
    }

    #[test]
    fn a_dispute_is_decided_by_more_than_half_of_its_arbiters_and_by_nothing_else(
        arbiters in 0u32..9, votes in prop::collection::vec((0u32..12, any::<bool>()), 0..24),
    ) {
        let mut history = confirmed();
        let groups: Vec<_> = (50..50 + arbiters).collect();
        history.act(min(6), disputed(org(1), &groups));
        let mut counted = std::collections::BTreeMap::new();
        for (n, sustain) in votes {
            let before = history.incident().dispute;
            let taken = history.try_do(min(7), voted(org(50 + n), sustain)).is_ok();
            prop_assert_eq!(taken, before == Dispute::Open && n < arbiters && !counted.contains_key(&n));
            if taken {
                counted.insert(n, sustain);
            }
            let on = |side: bool| u32::try_from(counted.values().filter(|vote| **vote == side).count()).unwrap();
            let expected = if on(true) * 2 > arbiters {
                Dispute::Sustained
            } else if on(false) * 2 > arbiters {
                Dispute::Dismissed
            } else {
                Dispute::Open
            };
            prop_assert_eq!(history.incident().dispute, expected);
        }
    }
}

#[test]
fn the_random_histories_reach_what_they_are_to_test() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let strategy = (rules(), words());
    let incidents: Vec<_> = (0..400)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .filter_map(|(rules, words): (Rules, Vec<Word>)| play(rules, &words).record)
        .collect();
    let count = |test: fn(&Record<Incident>) -> bool| incidents.iter().filter(|record| test(record)).count();
    let reached = [
        count(|record| record.entries >= 8),
        count(|record| record.state.verdict == Verdict::Confirmed),
        count(|record| record.state.verdict == Verdict::Contested),
        count(|record| record.state.status == Status::Recovered),
        count(|record| record.state.tally.counting().len() + 1 < record.state.tally.voices().len()),
        count(|record| record.state.confirmed_at.is_some() && record.state.verdict == Verdict::Unconfirmed),
        count(|record| record.state.status == Status::EndUnknown),
        count(|record| record.state.case.is_some()),
        count(|record| matches!(record.state.dispute, Dispute::Sustained | Dispute::Dismissed)),
        count(|record| record.state.duplicate_of.is_some()),
        count(|record| record.state.reply.is_some()),
    ];
    assert!(
        reached
            .iter()
            .zip([100, 60, 10, 50, 60, 5, 3, 20, 3, 20, 10])
            .all(|(n, least)| *n >= least),
        "{reached:?}"
    );
}
