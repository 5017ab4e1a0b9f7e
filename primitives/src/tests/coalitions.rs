//! What no coalition can do, whoever is in it and whatever it says or does, in whatever order.

use proptest::{
    prelude::*,
    sample::{select, Index},
};

use super::{
    fixtures::*,
    random::{config, play, rules, said, words, Deed, Word},
};
use crate::{
    attestation::{Claim, Kind, Observation, Scope, Severity},
    incident::{Action, Actor, Incident, Refusal, Status, Verdict, Voice, MAX_REPLIES, MAX_WORDS},
    rules::Rules,
    GroupId, Millis, OrganisationId,
};

/// Rules under which nothing but a bound keeps anybody from speaking.
fn patient() -> Rules {
    Rules {
        renew_after: Millis(0),
        join_within: Millis(u64::MAX),
        lapse_after: Millis(u64::MAX),
        dispute_window: Millis(u64::MAX),
        dispute_window_max: Millis(u64::MAX),
        ..Rules::standard()
    }
}

/// The voices of all but one.
fn others(incident: &Incident, but: OrganisationId) -> Vec<&Voice> {
    let voices = incident.tally.voices().iter();
    voices.filter(|voice| voice.organisation != but).collect()
}

/// Those who count and say that it goes on.
fn counted_on(incident: &Incident) -> Vec<Voice> {
    let counting = incident.tally.counting().into_iter();
    counting.filter(|voice| voice.claim.goes_on()).cloned().collect()
}

fn sightings() -> impl Strategy<Value = Vec<(u64, u64, Severity)>> {
    prop::collection::vec((0u64..30, 40u64..60, select(Severity::ALL)), 8)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_a_minority_says_and_does_the_verdict_and_the_finding_are_of_what_the_honest_saw(
        (honest, liars) in (3usize..9).prop_flat_map(|honest| (Just(honest), 1..honest)),
        sightings in sightings(), over: bool, liar_opens: bool,
        turns in prop::collection::vec(any::<Index>(), 8),
        lies in words(),
    ) {
        let saw = |n: usize| {
            let (from, to, severity) = sightings[n];
            let said = if over { recovered(min(from), min(to)) } else { down(min(from), min(60)) };
            said.as_bad_as(severity)
        };
        let who = |n: usize| org(u32::try_from(n).unwrap());
        let mut history = History::new();
        let mut now = min(60);
        if liar_opens {
            let lie = recovered(min(0), min(1)).of_kind(Kind::Security).within(Scope::Subset);
            history.say(now, who(100), lie.as_bad_as(Severity::Critical));
        }
        history.say(now, who(0), saw(0));
        for (place, lie) in lies.iter().enumerate() {
            for n in (1..honest).filter(|n| turns[*n].index(lies.len()) == place) {
                // Who comes when liars, who were the most then, have ended it days ago, finds it settled.
                prop_assume!(history.try_say(now, who(n), saw(n)).is_ok());
            }
            now = now.after(lie.wait);
            let liar = who(100 + usize::try_from(lie.by.organisation.0).unwrap() % liars);
            let by = Actor { affiliated: lie.by.affiliated, ..liar };
            let _ = history.try_word(now, &Word { by, ..lie.clone() });
        }
        let (incident, finding) = (history.incident(), history.finding());
        prop_assert_eq!(incident.verdict, Verdict::Confirmed);
        prop_assert!(incident.confirmed_at.is_some() && usize::from(incident.peak) >= honest);

        let starts = || sightings[..honest].iter().map(|seen| min(seen.0));
        let ends = || sightings[..honest].iter().map(|seen| min(seen.1));
        let severities = || sightings[..honest].iter().map(|seen| seen.2);
        let started = finding.started.median;
        prop_assert!(starts().min().unwrap() <= started && started <= starts().max().unwrap());
        prop_assert!(severities().min().unwrap() <= finding.severity);
        prop_assert!(finding.severity <= severities().max().unwrap());
        prop_assert_eq!((&finding.scope, finding.kind), (&saw(0).scope, saw(0).kind));
        match finding.ended_at() {
            Some(ended) => prop_assert!(over && ends().min() <= Some(ended) && Some(ended) <= ends().max()),
            None => prop_assert!(!over),
        }
        prop_assert_eq!(incident.status == Status::Recovered, over);
    }

    #[test]
    fn no_coalition_smaller_than_those_who_affirm_contests(
        affirming in 3u32..12, colluders in 0u32..16, claims in prop::collection::vec(said(), 16),
    ) {
        let mut history = History::new();
        for n in 0..affirming {
            history.say(min(5), org(n), down(min(0), min(5)));
        }
        for (n, said) in (0..colluders).zip(claims) {
            let against = Observation { claim: Claim::Up, observed: span(min(0), min(6)), ..said };
            history.say(min(6), org(100 + n), against.from_places(&[DE, US]));
        }
        let contested = history.incident().verdict == Verdict::Contested;
        prop_assert_eq!(contested, colluders >= affirming);
    }

    #[test]
    fn nobody_uses_up_what_another_organisation_may_say_and_do(floods in words(), withdraws: bool) {
        let mut history = History::under(patient());
        history.say(min(5), org(999), down(min(0), min(5)));
        let mut now = min(200);
        for flood in floods.iter().cycle().take(4 * floods.len()) {
            now = now.after(flood.wait);
            let _ = history.try_word(now, flood);
        }
        let newcomer = org(500);
        for word in 0..MAX_WORDS {
            let done = match withdraws && word % 2 == 1 {
                true => history.try_do(now, withdrawn(newcomer)),
                false => history.try_say(now, newcomer, down(min(0), min(60))),
            };
            prop_assert_eq!(done, Ok(()));
        }
        let more = history.try_say(now, newcomer, down(min(0), min(60)));
        prop_assert_eq!(more, Err(Refusal::TooManyWords));
        for _ in 0..MAX_REPLIES {
            prop_assert_eq!(history.try_do(now, replied(affiliate(501), statement())), Ok(()));
        }
        // But for the one dispute that may be open: that one waits for.
        let dispute = || disputed(newcomer, &[600]);
        if let Err(refusal) = history.try_do(now, dispute()) {
            prop_assert_eq!(refusal, Refusal::DisputeOpen);
            now = now.after(history.incident().rules.rule_within);
            prop_assert_eq!(history.try_do(now, dispute()), Ok(()));
        }
        prop_assert_eq!(history.try_do(now, voted(org(600), true)), Ok(()));
        prop_assert_eq!(history.try_do(now, dispute()), Err(Refusal::DisputedAlready));
    }

    #[test]
    fn each_organisation_keeps_within_its_bounds(floods in words()) {
        let mut history = History::under(patient());
        history.say(min(5), org(999), down(min(0), min(5)));
        let mut now = min(200);
        for flood in floods.iter().cycle().take(8 * floods.len()) {
            now = now.after(flood.wait);
            // Two groups of six, or the provider's; and what is done beside attesting is done again and again.
            let n = flood.by.organisation.0;
            let by = if flood.by.affiliated { affiliate(n) } else { member(n, 100 + n % 2) };
            let often = if flood.deed == Deed::Say { 1 } else { 5 };
            for _ in 0..often {
                let _ = history.try_word(now, &Word { by, ..flood.clone() });
            }
        }
        let count = |n: u32, deed: fn(&Action) -> bool| {
            let own = history.entries.iter().filter(|entry| entry.action.by().organisation.0 == n);
            own.filter(|entry| deed(&entry.action)).count()
        };
        for n in 0..12 {
            let words = count(n, |action| {
                matches!(action, Action::Attested { .. } | Action::Withdrawn { .. })
            });
            let replies = count(n, |action| matches!(action, Action::Replied { .. }));
            let disputes = count(n, |action| matches!(action, Action::Disputed { .. }));
            prop_assert!(words <= 64 && replies <= 16 && disputes <= 1, "{words} {replies} {disputes}");
            let known = history.incident().ledger.of(OrganisationId(n)).copied();
            let known = known.map_or((0, 0, false), |of| (of.words, of.replies, of.disputed));
            prop_assert_eq!((usize::from(known.0), usize::from(known.1)), (words, replies));
            prop_assert_eq!(known.2, disputes == 1);
        }
        let voices = history.incident().tally.voices();
        for voice in voices {
            let mates = |other: &&Voice| (other.group, other.affiliated) == (voice.group, voice.affiliated);
            prop_assert!(voices.iter().filter(mates).count() <= 4);
        }
    }

    #[test]
    fn what_somebody_has_become_since_changes_no_voice_but_its_own(
        rules in rules(), words in words(), group in 0u32..200, affiliated: bool, which: Index, said in said(),
    ) {
        let mut history = play(rules, &words);
        prop_assume!(history.record.is_some());
        let mut again = History::under(rules);
        let mut before: Option<Incident> = None;
        let step = |before: &Incident, now: &Incident, by: OrganisationId| {
            prop_assert_eq!(others(before, by), others(now, by));
            prop_assert_eq!((now.rules, now.service, now.fold), (before.rules, before.service, before.fold));
            Ok(())
        };
        for entry in history.entries.clone() {
            let by = entry.action.by().organisation;
            again.try_push(entry).unwrap();
            let now = again.incident();
            before.map_or(Ok(()), |before| step(&before, now, by))?;
            before = Some(now.clone());
        }
        // One of them, of another group or bought by the provider, speaks once more.
        let before = history.incident().clone();
        let voices = before.tally.voices();
        prop_assume!(!voices.is_empty());
        let organisation = voices[which.index(voices.len())].organisation;
        let changed = Actor { group: GroupId(group), affiliated, ..org(organisation.0) };
        let now = history.record.as_ref().unwrap().at.after(rules.renew_after);
        let said = Observation { observed: before.candidate().span_at(now), ..said };
        let _ = history.try_say(now, changed, said);
        step(&before, history.incident(), organisation)?;
    }

    #[test]
    fn nobody_closes_what_anybody_who_counts_has_seen_fail_of_late(rules in rules(), words in words()) {
        let history = play(rules, &words);
        let mut again = History::under(rules);
        for entry in history.entries {
            let last = again.record.as_ref().map(|record| record.state.clone());
            let is_closing = matches!(entry.action, Action::Closed { .. });
            let at = entry.at;
            again.try_push(entry).unwrap();
            let Some(last) = last.filter(|_| is_closing) else { continue };
            prop_assert_eq!((last.status, again.incident().status), (Status::Ongoing, Status::EndUnknown));
            let is_stale = |voice: &Voice| at.since(voice.heard_at) >= rules.stale_after;
            prop_assert!(counted_on(&last).iter().all(is_stale));
            prop_assert_eq!((last.verdict, last.finding.as_ref()), (again.incident().verdict, again.incident().finding.as_ref()));
        }
    }
}
