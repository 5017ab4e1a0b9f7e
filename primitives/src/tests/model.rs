//! The rules once more, as plainly as they can be put: over the whole log at once, with no regard to cost. The
//! fold, which keeps a tally, must come to the same.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{
    fixtures::*,
    random::{config, play, rules, words},
};
use crate::{
    attestation::{Attestation, Claim},
    incident::{Action, Actor, Incident, Status, Timeliness, Verdict},
    rules::Rules,
    Entry, OrganisationId, UnixMillis,
};

/// What an organisation stands by: its last word, and when it first affirmed.
struct Stand<'a> {
    by: &'a Actor,
    said: &'a Attestation,
    affirmed_at: Option<UnixMillis>,
}

/// What an entry says of what was seen; none where it says something else.
fn said(entry: &Entry<Action>) -> Option<&Attestation> {
    match &entry.action {
        Action::Opened { attestation, .. } | Action::Attested { attestation, .. } => Some(attestation),
        _ => None,
    }
}

/// What an organisation has said since it last took its word back.
fn standing(
    log: &[Entry<Action>],
    organisation: OrganisationId,
) -> Vec<(usize, &Entry<Action>, &Attestation)> {
    let own = || {
        let all = log.iter().enumerate();
        all.filter(|(_, entry)| entry.action.by().organisation == organisation)
    };
    let is_withdrawal = |entry: &Entry<Action>| matches!(entry.action, Action::Withdrawn { .. });
    let since = own()
        .filter(|(_, entry)| is_withdrawal(entry))
        .map(|(place, _)| place)
        .max();
    own()
        .filter(|(place, _)| since.is_none_or(|since| *place > since))
        .filter_map(|(place, entry)| Some((place, entry, said(entry)?)))
        .collect()
}

/// One stand a group: of those whose last word counts, that of the member who has stood longest.
fn stands(log: &[Entry<Action>]) -> Vec<Stand<'_>> {
    let speakers: BTreeSet<_> = log.iter().map(|entry| entry.action.by().organisation).collect();
    let mut standing: Vec<_> = speakers
        .into_iter()
        .map(|organisation| standing(log, organisation))
        .filter(|words| !words.is_empty())
        .collect();
    standing.sort_by_key(|words| words[0].0);
    let mut groups = vec![];
    let mut stands = vec![];
    for words in standing {
        let (_, last, said) = words[words.len() - 1];
        let by = last.action.by();
        if by.affiliated || groups.contains(&by.group) {
            continue;
        }
        groups.push(by.group);
        let affirming = words
            .iter()
            .find(|(_, _, said)| said.observation.claim != Claim::Up);
        stands.push(Stand {
            by,
            said,
            affirmed_at: affirming.map(|(_, entry, _)| entry.at),
        });
    }
    stands
}

/// The element of which at least as many are no greater as are no smaller: by counting, not by sorting.
fn middle<T: Ord + Copy>(values: &[T]) -> Option<T> {
    let no_greater = |value: &T| values.iter().filter(|other| *other <= value).count();
    values
        .iter()
        .copied()
        .filter(|value| no_greater(value) * 2 >= values.len())
        .min()
}

fn most<T: PartialEq + Clone>(values: &[T]) -> Option<T> {
    let votes = |value: &T| values.iter().filter(|other| *other == value).count();
    let best = values.iter().map(votes).max()?;
    values.iter().find(|value| votes(value) == best).cloned()
}

fn quorate(rules: &Rules, stands: &[&Stand]) -> bool {
    let measured = stands
        .iter()
        .filter(|stand| stand.said.observation.method.measures())
        .count();
    stands.len() >= usize::from(rules.quorum) && measured >= usize::from(rules.min_measured)
}

fn agrees(log: &[Entry<Action>], incident: &Incident) -> Result<(), TestCaseError> {
    let rules = &incident.rules;
    let stands = stands(log);
    let (affirming, against): (Vec<_>, Vec<_>) = stands
        .iter()
        .partition(|stand| stand.said.observation.claim != Claim::Up);
    let of = |stand: &&Stand| stand.said.observation.clone();
    let all: Vec<_> = affirming.iter().map(of).collect();
    prop_assert!(stands.iter().all(|stand| !stand.by.affiliated));
    prop_assert_eq!(usize::from(incident.tally.affirming_groups()), affirming.len());

    let starts: Vec<_> = all.iter().map(|said| said.observed.from).collect();
    let ends: Vec<_> = all
        .iter()
        .map(|said| match said.claim {
            Claim::Recovered => said.observed.to,
            _ => UnixMillis(u64::MAX),
        })
        .collect();
    let start = middle(&starts);
    let end = middle(&ends).filter(|end| *end != UnixMillis(u64::MAX));
    // The lower median of an even number may be set while exactly half have recovered: the rule wants more.
    let recovered = all.iter().filter(|said| said.claim == Claim::Recovered).count();
    let end = end.filter(|_| recovered * 2 > all.len());

    let finding = incident.finding.as_ref();
    prop_assert_eq!(finding.map(|finding| finding.started.median), start);
    prop_assert_eq!(
        finding.map(|finding| finding.started.earliest),
        starts.iter().min().copied()
    );
    prop_assert_eq!(
        finding.map(|finding| finding.started.latest),
        starts.iter().max().copied()
    );
    prop_assert_eq!(finding.and_then(|finding| finding.ended_at()), end);
    prop_assert_eq!(incident.status == Status::Recovered, end.is_some());
    let kinds: Vec<_> = all.iter().map(|said| said.kind).collect();
    let severities: Vec<_> = all.iter().map(|said| said.severity).collect();
    let scopes: Vec<_> = all.iter().map(|said| said.scope.clone()).collect();
    prop_assert_eq!(finding.map(|finding| finding.kind), most(&kinds));
    prop_assert_eq!(finding.map(|finding| finding.severity), middle(&severities));
    prop_assert_eq!(finding.map(|finding| finding.scope.clone()), most(&scopes));

    let speaks_against = |stand: &&&Stand| {
        let said = &stand.said.observation;
        let scope = most(&scopes).unwrap();
        said.observed.to >= start.unwrap()
            && end.is_none_or(|end| said.observed.from <= end)
            && said.vantages.iter().any(|vantage| scope.contains(&vantage.place))
    };
    let verdict = if affirming.is_empty() || !quorate(rules, &affirming) {
        Verdict::Unconfirmed
    } else if against.iter().filter(speaks_against).count() >= affirming.len() {
        Verdict::Contested
    } else {
        Verdict::Confirmed
    };
    prop_assert_eq!(incident.verdict, verdict);

    if incident.confirmed_at == log.last().map(|entry| entry.at) && verdict == Verdict::Confirmed {
        // It may have been confirmed by an earlier entry of the same time, so look at the latch from one side.
        let live: Vec<_> = affirming
            .iter()
            .filter(|stand| {
                let from = stand.said.observation.observed.from.after(rules.late_after);
                stand.affirmed_at.is_some_and(|at| at <= from)
            })
            .copied()
            .collect();
        let before = log.len() < 2 || log[log.len() - 2].at < log[log.len() - 1].at;
        let expected = if quorate(rules, &live) {
            Timeliness::Live
        } else {
            Timeliness::Late
        };
        prop_assert!(!before || incident.timeliness == Some(expected));
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_fold_comes_to_what_the_rules_say_of_the_whole_log(rules in rules(), words in words()) {
        let history = play(rules, &words);
        let mut again = History::under(rules);
        for entry in &history.entries {
            again.try_push(entry.clone()).unwrap();
            agrees(&again.entries, again.incident())?;
        }
    }
}
