//! What is done about an incident besides attesting: withdrawing, closing, replying, disputing, ruling, linking.

use super::fixtures::*;
use crate::{
    incident::{Action, Actor, Dispute, Refusal, Status, Verdict, MAX_REPLIES},
    rules::Rules,
    GroupId, IncidentId, Millis, OrganisationId,
};

const HOUR: u64 = 60;
const DAY: u64 = 24 * HOUR;

fn linked(to: u64) -> Action {
    Action::Linked {
        by: org(9),
        to: IncidentId(to),
    }
}

#[test]
fn a_withdrawn_word_counts_no_more_but_what_was_reached_stays_visible() {
    let mut history = confirmed();
    history.act(min(6), withdrawn(org(3)));
    let incident = history.incident();
    assert_eq!(incident.verdict, Verdict::Unconfirmed);
    assert_eq!((incident.tally.affirming_groups(), incident.peak), (2, 3));
    assert_eq!(incident.confirmed_at, Some(min(5)));
    assert_eq!(history.entries.len(), 4, "the log keeps both");
}

#[test]
fn whoever_stands_by_nothing_withdraws_nothing() {
    let mut history = confirmed();
    assert_eq!(
        history.try_do(min(6), withdrawn(org(9))),
        Err(Refusal::NothingToWithdraw)
    );
    history.act(min(6), withdrawn(org(1)));
    assert_eq!(
        history.try_do(min(6), withdrawn(org(1))),
        Err(Refusal::NothingToWithdraw)
    );
}

#[test]
fn whoever_withdraws_and_speaks_again_stands_last_in_its_group_and_may_say_up() {
    let mut history = History::new();
    history.say(min(5), member(1, 70), down(min(0), min(5)));
    history.say(min(5), member(2, 70), down(min(1), min(5)));
    assert_eq!(history.finding().started.median, min(0));
    history.act(min(6), withdrawn(member(1, 70)));
    assert_eq!(history.finding().started.median, min(1));
    history.say(min(7), member(1, 70), up(min(0), min(7)));
    let standing: Vec<_> = history
        .incident()
        .tally
        .voices()
        .iter()
        .map(|voice| voice.organisation.0)
        .collect();
    assert_eq!(standing, [2, 1]);
    assert_eq!(history.finding().started.median, min(1));
}

#[test]
fn an_incident_whose_every_word_is_withdrawn_amounts_to_nothing() {
    let mut history = confirmed();
    for n in 1..=3 {
        history.act(min(6), withdrawn(org(n)));
    }
    let incident = history.incident();
    assert!(incident.finding.is_none());
    assert_eq!(
        (incident.verdict, incident.status),
        (Verdict::Unconfirmed, Status::Ongoing)
    );
    // Nobody says that it goes on: it may be closed.
    history.act(min(7), closed(org(9)));
    assert_eq!(history.incident().status, Status::EndUnknown);
}

#[test]
fn nothing_is_withdrawn_from_what_has_settled_or_lapsed() {
    let mut history = over();
    assert_eq!(
        history.try_do(min(30 + 7 * DAY), withdrawn(org(1))),
        Err(Refusal::Settled)
    );
    let mut history = History::new();
    history.say(min(5), org(1), down(min(0), min(5)));
    assert_eq!(
        history.try_do(min(5 + 48 * HOUR), withdrawn(org(1))),
        Err(Refusal::Lapsed)
    );
}

#[test]
fn an_end_that_nobody_saw_is_closed_once_every_word_is_stale() {
    let mut history = confirmed();
    history.say(min(10), org(1), recovered(min(0), min(9)));
    let stale = 5 + DAY;
    assert_eq!(
        history.try_do(just_before(min(stale)), closed(org(9))),
        Err(Refusal::NotStale)
    );
    history.act(min(stale), closed(org(9)));
    let incident = history.incident();
    assert_eq!((incident.status, history.ended_at()), (Status::EndUnknown, None));
    assert_eq!(incident.settles_at, Some(min(stale + 7 * DAY)), "the window runs");
    assert_eq!(
        history.try_do(min(stale), closed(org(9))),
        Err(Refusal::NotOngoing)
    );
}

#[test]
fn the_providers_word_that_it_goes_on_keeps_nothing_open() {
    let mut history = confirmed();
    history.say(min(DAY), affiliate(4), down(min(0), min(DAY)));
    history.act(min(5 + DAY), closed(org(9)));
    history.say(min(6 + DAY), affiliate(5), down(min(0), min(6 + DAY)));
    assert_eq!(history.incident().status, Status::EndUnknown);
}

#[test]
fn the_second_voice_of_a_group_reopens_nothing() {
    let mut history = confirmed();
    history.act(min(5 + DAY), closed(org(9)));
    let settles_at = history.incident().settles_at;
    assert!(settles_at.is_some());
    history.say(min(6 + DAY), member(60, 1), down(min(0), min(6 + DAY)));
    assert_eq!(history.incident().status, Status::EndUnknown);
    assert_eq!(history.incident().settles_at, settles_at);
    history.say(min(7 + DAY), org(1), down(min(0), min(7 + DAY)));
    assert_eq!(
        history.incident().status,
        Status::Ongoing,
        "the voice that counts does"
    );
}

#[test]
fn a_closed_incident_goes_on_when_somebody_sees_it_fail_and_ends_when_enough_saw_its_end() {
    let mut history = confirmed();
    history.act(min(5 + DAY), closed(org(9)));
    let mut on = history.clone();
    on.say(min(6 + DAY), org(1), down(min(0), min(6 + DAY)));
    assert_eq!(
        (on.incident().status, on.incident().settles_at),
        (Status::Ongoing, None)
    );
    for n in 1..=2 {
        history.say(min(6 + DAY), org(n), recovered(min(0), min(50)));
    }
    assert_eq!(
        (history.incident().status, history.ended_at()),
        (Status::Recovered, Some(min(50)))
    );
}

#[test]
fn the_provider_alone_replies_and_its_word_stands_beside_the_record() {
    let mut history = confirmed();
    let before = history.incident().clone();
    let mut said = statement();
    said.claimed_start = Some(min(1));
    said.claimed_end = Some(min(2));
    history.act(min(6), replied(affiliate(4), said));
    let after = history.incident();
    assert_eq!(after.reply.map(|reply| reply.statement), Some(said));
    assert_eq!(
        (&after.finding, after.status, after.verdict),
        (&before.finding, before.status, before.verdict)
    );
    assert_eq!(
        history.try_do(min(6), replied(org(1), said)),
        Err(Refusal::NotTheProvider)
    );
}

#[test]
fn a_reply_claims_no_time_to_come_and_no_end_before_its_start() {
    let mut history = confirmed();
    let says = |start, end| {
        let mut said = statement();
        (said.claimed_start, said.claimed_end) = (Some(start), Some(end));
        replied(affiliate(4), said)
    };
    assert_eq!(
        history.try_do(min(6), says(min(3), min(2))),
        Err(Refusal::ClaimedSpanReversed)
    );
    assert_eq!(
        history.try_do(min(6), says(min(3), just_after(min(7)))),
        Err(Refusal::ClaimedInFuture)
    );
    history.act(min(6), says(min(3), min(7)));
}

#[test]
fn a_provider_replies_sixteen_times_at_most_even_after_settling() {
    let mut history = over();
    for _ in 0..MAX_REPLIES {
        history.act(min(30 * DAY), replied(affiliate(4), statement()));
    }
    assert_eq!(
        history.try_do(min(30 * DAY), replied(affiliate(4), statement())),
        Err(Refusal::TooManyReplies)
    );
    history.act(min(30 * DAY), replied(affiliate(5), statement()));
}

#[test]
fn a_dispute_stands_beside_the_verdict_and_is_open_once_for_each() {
    let mut history = confirmed();
    history.act(min(6), disputed(affiliate(4), &[50, 51, 52]));
    let incident = history.incident();
    assert_eq!(
        (incident.dispute, incident.verdict),
        (Dispute::Open, Verdict::Confirmed)
    );
    assert_eq!(
        history.try_do(min(6), disputed(org(1), &[50])),
        Err(Refusal::DisputeOpen)
    );
    history
        .act(min(7), voted(org(50), false))
        .act(min(7), voted(org(51), false));
    assert_eq!(history.incident().dispute, Dispute::Dismissed);
    assert_eq!(
        history.try_do(min(8), disputed(affiliate(4), &[50])),
        Err(Refusal::DisputedAlready)
    );
    history.act(min(8), disputed(org(1), &[50]));
    assert_eq!(
        history.incident().case.as_ref().map(|case| case.by),
        Some(OrganisationId(1))
    );
}

#[test]
fn nobody_with_a_part_in_it_rules_on_it() {
    let mut history = confirmed();
    history.act(min(6), withdrawn(org(3)));
    for part in [1, 3, 7] {
        let unfit = history.try_do(min(6), disputed(org(7), &[part]));
        assert_eq!(unfit, Err(Refusal::ArbitersUnfit), "{part}");
    }
    assert_eq!(
        history.try_do(min(6), disputed(org(7), &[51, 50])),
        Err(Refusal::ArbitersUnfit)
    );
    assert_eq!(
        history.try_do(min(6), disputed(org(7), &[50, 50])),
        Err(Refusal::ArbitersUnfit)
    );
    history.act(min(6), disputed(org(7), &[50, 51]));
    assert_eq!(
        history.try_do(min(6), voted(org(52), true)),
        Err(Refusal::NotAnArbiterOfThis)
    );
    // One that attested, and has changed its group since, has a part in it all the same.
    assert_eq!(
        history.try_do(min(6), voted(member(1, 50), true)),
        Err(Refusal::NotAnArbiterOfThis)
    );
    history.act(min(6), voted(org(50), true));
    assert_eq!(
        history.try_do(min(6), voted(member(60, 50), false)),
        Err(Refusal::VotedAlready)
    );
}

#[test]
fn whoever_became_an_affiliate_of_the_provider_rules_no_more() {
    let mut history = confirmed();
    history.act(min(6), disputed(org(1), &[50, 51, 9999]));
    let bought = Actor {
        affiliated: true,
        ..org(50)
    };
    for provider in [bought, affiliate(4)] {
        let vote = history.try_do(min(7), voted(provider, true));
        assert_eq!(vote, Err(Refusal::NotAnArbiterOfThis));
    }
    history.act(min(7), voted(org(51), true));
}

#[test]
fn a_group_that_attests_after_the_dispute_was_opened_rules_no_more() {
    let mut history = confirmed();
    history.act(min(6), disputed(org(1), &[50, 51]));
    history.say(min(7), member(60, 50), down(min(0), min(7)));
    for sister in [member(60, 50), org(50)] {
        let vote = history.try_do(min(8), voted(sister, true));
        assert_eq!(vote, Err(Refusal::NotAnArbiterOfThis));
    }
    history.act(min(8), voted(org(51), true));
}

#[test]
fn arbiters_who_let_the_time_pass_leave_it_unruled() {
    let mut history = confirmed();
    assert_eq!(
        history.try_do(min(6), voted(org(50), true)),
        Err(Refusal::NoOpenDispute)
    );
    history.act(min(6), disputed(org(1), &[50]));
    let late = 6 + 14 * DAY;
    assert!(!history.incident().at(just_before(min(late))).unruled);
    assert!(history.incident().at(min(late)).unruled);
    assert_eq!(
        history.try_do(min(late), voted(org(50), true)),
        Err(Refusal::RulingTooLate)
    );
    history.act(min(late), disputed(org(2), &[50]));
    history.act(min(late), voted(org(50), true));
    assert_eq!(history.incident().dispute, Dispute::Sustained);
    assert_eq!(
        history.try_do(min(late), voted(org(50), true)),
        Err(Refusal::NoOpenDispute)
    );
}

#[test]
fn a_dispute_without_arbiters_is_never_ruled_on() {
    let mut history = confirmed();
    history.act(min(6), disputed(org(1), &[]));
    assert_eq!(history.incident().dispute, Dispute::Open);
}

#[test]
fn a_duplicate_is_a_link_that_is_taken_back_and_changes_nothing_else() {
    let mut history = confirmed();
    let before = history.incident().clone();
    assert_eq!(
        history.try_do(min(6), Action::Unlinked { by: org(9) }),
        Err(Refusal::NotLinked)
    );
    assert_eq!(history.try_do(min(6), linked(ID.0)), Err(Refusal::LinkToItself));
    history.act(min(6), linked(3));
    assert_eq!(history.incident().duplicate_of, Some(IncidentId(3)));
    assert_eq!(history.try_do(min(6), linked(4)), Err(Refusal::LinkedAlready));
    history.act(min(6), Action::Unlinked { by: org(9) });
    assert_eq!(*history.incident(), before);
}

#[test]
fn the_provider_links_nothing_even_as_an_arbiter() {
    let mut history = confirmed();
    let by = affiliate(4);
    let link = Action::Linked {
        by,
        to: IncidentId(3),
    };
    assert_eq!(history.try_do(min(6), link), Err(Refusal::NotAnArbiterOfThis));
    history.act(min(6), linked(3));
    let unlink = Action::Unlinked { by };
    assert_eq!(history.try_do(min(6), unlink), Err(Refusal::NotAnArbiterOfThis));
}

#[test]
fn a_word_too_many_is_one_whether_it_attests_or_withdraws() {
    let mut history = History::under(Rules {
        renew_after: Millis(0),
        ..Rules::standard()
    });
    history.say(min(5), org(9), down(min(0), min(5)));
    for _ in 0..32 {
        history.say(min(5), org(1), down(min(0), min(5)));
        history.act(min(5), withdrawn(org(1)));
    }
    assert_eq!(
        history.refusal(min(5), org(1), down(min(0), min(5))),
        Refusal::TooManyWords
    );
}

#[test]
fn a_group_that_attested_is_known_even_after_it_took_its_word_back() {
    let mut history = confirmed();
    history.act(min(6), withdrawn(org(1)));
    let ledger = &history.incident().ledger;
    assert!(ledger.has_attested(GroupId(1)) && !ledger.has_attested(GroupId(50)));
}

#[test]
fn an_organisation_has_its_part_with_the_group_of_its_last_word() {
    let mut history = confirmed();
    history.say(min(30), member(1, 50), recovered(min(0), min(20)));
    assert_eq!(
        history.try_do(min(31), disputed(org(7), &[50])),
        Err(Refusal::ArbitersUnfit)
    );
}

#[test]
fn whoever_disputed_and_never_attested_rules_on_the_dispute_of_another() {
    let mut history = confirmed();
    history.act(min(6), disputed(org(50), &[51]));
    history.act(min(6), voted(org(51), false));
    history.act(min(7), disputed(org(1), &[50]));
    history.act(min(7), voted(org(50), true));
    assert_eq!(history.incident().dispute, Dispute::Sustained);
}
