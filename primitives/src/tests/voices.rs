//! One organisation, one voice; one group, one count.

use super::fixtures::*;
use crate::{
    attestation::Claim,
    incident::{Incident, Refusal, Status, Verdict, MAX_GROUPS, MAX_VOICES, MAX_VOICES_A_GROUP, MAX_WORDS},
    rules::Rules,
    Millis, OrganisationId,
};

fn counted(incident: &Incident) -> Vec<u32> {
    incident
        .tally
        .counting()
        .iter()
        .map(|voice| voice.organisation.0)
        .collect()
}

#[test]
fn a_providers_word_never_confirms_its_own_outage() {
    let mut history = History::new();
    history
        .say(min(5), org(1), down(min(0), min(5)))
        .say(min(5), org(2), down(min(0), min(5)))
        .say(min(5), affiliate(50), down(min(0), min(5)))
        .say(min(5), affiliate(51), down(min(0), min(5)));
    let incident = history.incident();
    assert_eq!(incident.verdict, Verdict::Unconfirmed);
    assert_eq!(incident.peak, 2);
    assert_eq!(counted(incident), [1, 2]);
}

#[test]
fn an_affiliate_is_heard_though_it_does_not_count() {
    let mut history = confirmed();
    history.say(min(6), affiliate(50), up(min(0), min(6)));
    let voice = history.incident().tally.of(OrganisationId(50)).unwrap();
    assert!(voice.affiliated);
    assert_eq!(voice.claim, Claim::Up);
    assert_eq!(voice.entry, 3);
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
}

#[test]
fn a_providers_ups_never_contest() {
    let mut history = confirmed();
    for n in 50..54 {
        history.say(min(6), affiliate(n), up(min(0), min(6)));
    }
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
}

#[test]
fn an_incident_that_a_provider_opens_has_no_finding_until_somebody_who_counts_affirms_it() {
    let mut history = History::new();
    history.say(min(5), affiliate(50), down(min(0), min(5)));
    assert_eq!(history.incident().finding, None);
    assert_eq!(history.incident().peak, 0);
    assert_eq!(history.incident().status, Status::Ongoing);
    history.say(min(6), org(1), down(min(2), min(6)));
    assert_eq!(history.finding().started.earliest, min(2));
    assert_eq!(history.incident().peak, 1);
}

#[test]
fn a_providers_own_recovery_ends_nothing() {
    let mut history = History::new();
    history.say(min(5), affiliate(50), recovered(min(0), min(5))).say(
        min(5),
        affiliate(51),
        recovered(min(0), min(5)),
    );
    assert_eq!(history.incident().status, Status::Ongoing);
    assert_eq!(history.incident().settles_at, None);
}

#[test]
fn three_members_of_one_group_count_once() {
    let mut history = History::new();
    for n in 1..=3 {
        history.say(min(5), member(n, 1), down(min(0), min(5)));
    }
    assert_eq!(history.incident().verdict, Verdict::Unconfirmed);
    assert_eq!(history.incident().tally.affirming_groups(), 1);
    assert_eq!(history.incident().tally.voices().len(), 3);
}

#[test]
fn a_group_speaks_by_its_earliest_standing_member() {
    let mut history = History::new();
    history
        .say(min(5), member(1, 1), down(min(3), min(5)))
        .say(min(5), member(2, 1), down(min(1), min(5)));
    assert_eq!(history.finding().started.median, min(3));
    // The earliest member stays the earliest when it speaks again.
    history.say(min(30), member(1, 1), recovered(min(2), min(20)));
    assert_eq!(history.finding().started.median, min(2));
    assert_eq!(history.incident().status, Status::Recovered);
    assert_eq!(counted(history.incident()), [1]);
}

#[test]
fn a_group_whose_earliest_member_says_up_does_not_affirm() {
    let mut history = History::new();
    history
        .say(min(5), org(9), down(min(0), min(5)))
        .say(min(5), member(1, 1), up(min(0), min(5)))
        .say(min(5), member(2, 1), down(min(0), min(5)));
    assert_eq!(history.incident().tally.affirming_groups(), 1);
}

#[test]
fn an_organisations_new_word_takes_the_place_of_its_last() {
    let mut history = History::new();
    history.say(min(5), org(1), down(min(0), min(5)));
    history.say(min(20), org(1), down(min(2), min(20)));
    let incident = history.incident();
    assert_eq!(incident.tally.voices().len(), 1);
    let voice = incident.tally.of(OrganisationId(1)).unwrap();
    assert_eq!(voice.entry, 1);
    assert_eq!(incident.ledger.of(OrganisationId(1)).unwrap().words, 2);
    assert_eq!(voice.observed, span(min(2), min(20)));
    assert_eq!(voice.affirmed_at, Some(min(5)));
    assert_eq!(voice.heard_at, min(20));
    assert_eq!(history.entries.len(), 2);
}

#[test]
fn who_says_recovered_may_go_back_to_down_and_the_incident_is_ongoing_again() {
    let mut history = over();
    assert_eq!(history.incident().status, Status::Recovered);
    history.say(min(40), org(1), down(min(0), min(40)));
    assert_eq!(
        history.incident().status,
        Status::Recovered,
        "two of three still say that it is over"
    );
    history.say(min(40), org(2), down(min(0), min(40)));
    assert_eq!(history.incident().status, Status::Ongoing);
    assert_eq!(history.ended_at(), None);
}

#[test]
fn up_is_refused_from_an_organisation_whose_standing_claim_affirms() {
    for said in [
        down(min(0), min(5)),
        saw(Claim::Degraded, min(0), min(5)),
        recovered(min(0), min(5)),
    ] {
        let mut history = History::new();
        history.say(min(5), org(1), said);
        assert_eq!(
            history.refusal(min(60), org(1), up(min(0), min(60))),
            Refusal::UpAfterAffirming
        );
    }
}

#[test]
fn who_said_up_may_affirm_and_is_live_from_then() {
    let mut history = History::new();
    history
        .say(min(5), org(1), down(min(0), min(5)))
        .say(min(5), org(2), up(min(0), min(5)))
        .say(min(9), org(2), down(min(6), min(9)));
    let voice = history.incident().tally.of(OrganisationId(2)).unwrap();
    assert_eq!(voice.affirmed_at, Some(min(9)));
    assert!(voice.places.is_empty(), "places are kept of an Up alone");
    assert_eq!(history.incident().peak, 2);
}

#[test]
fn an_up_opens_nothing() {
    assert_eq!(
        History::new().refusal(min(5), org(1), up(min(0), min(5))),
        Refusal::UpOpensNothing
    );
}

#[test]
fn an_organisation_has_64_words_and_the_65th_is_refused() {
    let mut history = History::new();
    for word in 0..u64::from(MAX_WORDS) {
        history.say(min(word * 10), org(1), down(min(0), min(word * 10)));
    }
    let later = min(64 * 10);
    assert_eq!(
        history.refusal(later, org(1), recovered(min(0), later)),
        Refusal::TooManyWords
    );
    history.say(later, org(2), down(min(0), later));
}

#[test]
fn a_group_has_four_voices_and_the_fifth_is_refused() {
    for group in [member(0, 1), affiliate(0)] {
        let one = |n: u32| crate::incident::Actor {
            organisation: OrganisationId(n),
            ..group
        };
        let mut history = History::new();
        history.say(min(5), org(99), down(min(0), min(5)));
        for n in 0..MAX_VOICES_A_GROUP {
            history.say(min(5), one(n + 1), down(min(0), min(5)));
        }
        assert_eq!(
            history.refusal(min(5), one(5), down(min(0), min(5))),
            Refusal::TooManyOfGroup
        );
        // Those that stand may go on speaking.
        history.say(min(30), one(4), recovered(min(0), min(30)));
    }
}

#[test]
fn the_129th_counting_group_is_refused_while_the_provider_still_finds_room() {
    let mut history = History::new();
    for group in 0..MAX_GROUPS {
        for n in 0..MAX_VOICES_A_GROUP {
            history.say(min(5), member(group * 4 + n, group), down(min(0), min(5)));
        }
    }
    let new = member(5000, 5000);
    assert_eq!(
        history.refusal(min(6), new, down(min(0), min(6))),
        Refusal::TooManyGroups
    );
    for n in 0..MAX_VOICES_A_GROUP {
        history.say(min(6), affiliate(6000 + n), down(min(0), min(6)));
    }
    assert_eq!(history.incident().peak, 128);
    assert_eq!(
        u32::try_from(history.incident().tally.voices().len()).unwrap(),
        MAX_VOICES
    );
    history.say(min(30), member(0, 0), recovered(min(0), min(30)));
}

#[test]
fn an_organisation_that_changed_its_group_still_has_its_place_in_a_full_tally() {
    let mut history = History::new();
    for n in 0..MAX_GROUPS {
        history.say(min(5), org(n), down(min(0), min(5)));
    }
    // Alone in its old group, it frees as many groups as it takes.
    history.say(min(30), member(7, 7000), recovered(min(0), min(30)));
    assert_eq!(history.incident().tally.counting().len(), 128);
}

#[test]
fn an_organisation_that_leaves_others_behind_in_its_group_needs_room_for_one_more() {
    let mut history = History::new();
    for n in 0..MAX_GROUPS {
        history.say(min(5), org(n), down(min(0), min(5)));
    }
    history.say(min(5), member(500, 7), down(min(0), min(5)));
    assert_eq!(
        history.refusal(min(30), member(7, 7000), recovered(min(0), min(30))),
        Refusal::TooManyGroups
    );
}

#[test]
fn a_change_of_group_touches_no_earlier_word() {
    let mut history = confirmed();
    // Organisation 4 has joined the group of organisation 1: it counts no more than that group did.
    history.say(min(6), member(4, 1), down(min(0), min(6)));
    assert_eq!(counted(history.incident()), [1, 2, 3]);
    // Organisation 3 speaks again, now of the group of organisation 1: only from this entry on is it one with it.
    history.say(min(20), member(3, 1), down(min(0), min(20)));
    assert_eq!(counted(history.incident()), [1, 2]);
    assert_eq!(history.incident().verdict, Verdict::Unconfirmed);
    assert_eq!(
        history.incident().confirmed_at,
        Some(min(5)),
        "what was once reached stays visible"
    );
    assert_eq!(history.incident().peak, 3);
}

#[test]
fn who_becomes_affiliated_stops_counting_with_its_next_word_only() {
    let mut history = confirmed();
    let bought = crate::incident::Actor {
        affiliated: true,
        ..org(3)
    };
    assert_eq!(history.incident().verdict, Verdict::Confirmed);
    history.say(min(20), bought, down(min(0), min(20)));
    assert_eq!(history.incident().verdict, Verdict::Unconfirmed);
}

#[test]
fn the_same_claim_is_taken_again_exactly_when_renewal_is_due() {
    let mut history = History::new();
    let renewal = min(5).after(Rules::standard().renew_after);
    history.say(min(5), org(1), down(min(0), min(5)));
    assert_eq!(
        history.refusal(just_before(renewal), org(1), down(min(0), min(5))),
        Refusal::RepeatedTooSoon
    );
    // Another claim, and another organisation, need not wait.
    history
        .clone()
        .say(min(5), org(1), saw(Claim::Degraded, min(0), min(5)));
    history.clone().say(min(5), org(2), down(min(0), min(5)));
    history.say(renewal, org(1), down(min(0), min(5)));
    assert_eq!(
        history.refusal(renewal, org(1), down(min(0), min(5))),
        Refusal::RepeatedTooSoon,
        "the wait runs from the last word"
    );
}

#[test]
fn without_a_wait_the_same_claim_may_be_repeated_at_once() {
    let mut history = History::under(Rules {
        renew_after: Millis(0),
        ..Rules::standard()
    });
    history.say(min(5), org(1), down(min(0), min(5)));
    history.say(min(5), org(1), down(min(0), min(5)));
}
