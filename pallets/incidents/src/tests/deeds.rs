//! What is done about an incident besides attesting.

use faultline_primitives::{
    attestation::{Body, Claim},
    incident::{Action, Dispute, Incident, Statement, Status, Verdict},
    rules::Rules,
    GroupId, IncidentId,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::{DispatchError, DispatchError::BadOrigin};

use crate::{mock::*, Error, Event, RedactedTexts, RefusedReport, Report, Texts, MAX_REPORTS};

const FIRST: IncidentId = IncidentId(0);
const SECOND: IncidentId = IncidentId(1);
const DAY: u64 = 24 * 60;

fn incident(id: IncidentId) -> Incident {
    Incidents::incident(id).unwrap().state
}

/// A chain with incident 0, confirmed by organisations 1, 2 and 3 at minute 5.
fn with_incident(test: impl FnOnce()) {
    run(|| {
        block_at(5);
        for who in 1..=3 {
            assert_ok!(report(who, SERVICE, down(0, 5)));
        }
        test();
    });
}

fn dispute(who: u8) -> DispatchResult {
    outcome(Incidents::dispute(
        signed(who),
        FIRST,
        text("It was maintenance."),
    ))
}

fn vote(who: u8, sustain: bool) -> DispatchResult {
    outcome(Incidents::vote(signed(who), FIRST, sustain, Body::default()))
}

#[test]
fn a_reporter_withdraws_its_word() {
    with_incident(|| {
        assert_ok!(outcome(Incidents::withdraw(signed(3), FIRST)));
        assert_eq!(incident(FIRST).verdict, Verdict::Unconfirmed);
        assert_noop!(
            outcome(Incidents::withdraw(signed(3), FIRST)),
            Error::<Test>::NothingToWithdraw
        );
        assert_noop!(
            outcome(Incidents::withdraw(signed(3), SECOND)),
            Error::<Test>::NoSuchIncident
        );
        assert_noop!(
            outcome(Incidents::withdraw(signed(STRANGER), FIRST)),
            DispatchError::Other("nobody")
        );
    });
}

#[test]
fn an_attestation_moves_to_the_incident_that_it_is_of_in_one_step() {
    with_incident(|| {
        assert_ok!(report(7, OTHER, down(0, 5)));
        let moves = |to, from| {
            let seen = Box::new(down(0, 5));
            outcome(Incidents::attest(
                signed(3),
                to,
                seen,
                Body::default(),
                Some(from),
            ))
        };
        assert_ok!(moves(SECOND, FIRST));
        assert_eq!(
            (
                incident(FIRST).tally.voices().len(),
                incident(SECOND).tally.voices().len()
            ),
            (2, 2)
        );
        let last = Incidents::entries(FIRST, 3, 1).remove(0).0.action;
        assert!(matches!(
            last,
            Action::Withdrawn {
                moved_to: Some(SECOND),
                ..
            }
        ));
        assert_noop!(moves(SECOND, FIRST), Error::<Test>::NothingToWithdraw);
        assert_noop!(moves(SECOND, SECOND), Error::<Test>::MoveToItself);
        assert_noop!(moves(SECOND, IncidentId(9)), Error::<Test>::NoSuchIncident);
        // What is refused at its goal is not withdrawn either.
        assert_ok!(report(7, SERVICE, down(0, 5)));
        let too_soon = outcome(Incidents::attest(
            signed(7),
            SECOND,
            Box::new(down(0, 5)),
            Body::default(),
            Some(FIRST),
        ));
        assert_noop!(too_soon, Error::<Test>::RepeatedTooSoon);
        assert_eq!(incident(FIRST).tally.voices().len(), 3);
    });
}

#[test]
fn an_incident_that_nobody_renews_is_closed() {
    with_incident(|| {
        assert_noop!(
            outcome(Incidents::close(signed(9), FIRST)),
            Error::<Test>::NotStale
        );
        block_at(5 + DAY);
        assert_ok!(outcome(Incidents::close(signed(9), FIRST)));
        assert_eq!(incident(FIRST).status, Status::EndUnknown);
        assert_noop!(
            outcome(Incidents::close(signed(9), FIRST)),
            Error::<Test>::NotOngoing
        );
    });
}

#[test]
fn the_provider_replies_with_a_text_and_nobody_else_does() {
    with_incident(|| {
        let reply = |who, said| {
            outcome(Incidents::reply(
                signed(who),
                FIRST,
                said,
                text("We look into it."),
            ))
        };
        assert_ok!(reply(PROVIDER, statement()));
        assert_eq!(incident(FIRST).reply.unwrap().statement, statement());
        assert_eq!(Texts::<Test>::get(FIRST, 3), Some(text("We look into it.")));
        for who in [1, AFFILIATE] {
            assert_noop!(reply(who, statement()), Error::<Test>::NotTheProvider);
        }
        let reversed = Statement {
            claimed_start: Some(min(2)),
            claimed_end: Some(min(1)),
            ..statement()
        };
        assert_noop!(reply(PROVIDER, reversed), Error::<Test>::ClaimedSpanReversed);
        let ahead = Statement {
            claimed_end: Some(min(7)),
            ..statement()
        };
        assert_noop!(reply(PROVIDER, ahead), Error::<Test>::ClaimedInFuture);
        for _ in 1..16 {
            assert_ok!(reply(PROVIDER, statement()));
        }
        assert_noop!(reply(PROVIDER, statement()), Error::<Test>::TooManyReplies);
    });
}

#[test]
fn arbiters_without_a_part_in_it_rule_on_a_dispute() {
    with_incident(|| {
        // Organisation 6 attests: so 5, an arbiter of its group, has a part; 14 is of the provider's.
        assert_ok!(report(6, SERVICE, down(0, 5)));
        assert_noop!(vote(150, true), Error::<Test>::NoOpenDispute);
        assert_ok!(dispute(PROVIDER));
        let case = incident(FIRST).case.unwrap();
        assert_eq!(case.arbiters.to_vec(), [GroupId(250), GroupId(251), GroupId(252)]);
        assert_noop!(dispute(PROVIDER), Error::<Test>::DisputeOpen);
        for who in [5, 14] {
            assert_noop!(vote(who, true), Error::<Test>::NotAnArbiterOfThis);
        }
        assert_noop!(vote(1, true), DispatchError::Other("no arbiter"));
        assert_ok!(vote(150, false));
        assert_ok!(vote(152, true));
        assert_noop!(vote(153, true), Error::<Test>::VotedAlready);
        assert_eq!(incident(FIRST).dispute, Dispute::Open);
        assert_ok!(vote(151, false));
        assert_eq!(
            (incident(FIRST).dispute, incident(FIRST).verdict),
            (Dispute::Dismissed, Verdict::Confirmed)
        );
        assert_noop!(dispute(PROVIDER), Error::<Test>::DisputedAlready);
        assert_ok!(dispute(1));
    });
}

#[test]
fn arbiters_rule_in_time_or_not_at_all() {
    with_incident(|| {
        assert_ok!(dispute(1));
        block_at(5 + 14 * DAY);
        assert_noop!(vote(150, true), Error::<Test>::RulingTooLate);
        assert!(incident(FIRST).at(Incidents::now()).unruled);
    });
}

#[test]
fn an_arbiter_links_duplicates_of_one_service_without_loops_or_chains() {
    run(|| {
        block_at(1_000);
        for (who, from) in [(1, 0), (2, 300), (3, 600)] {
            assert_ok!(report(who, SERVICE, recovered(from, from + 1)));
        }
        assert_ok!(report(1, OTHER, recovered(0, 1)));
        let link = |from, to| outcome(Incidents::link(signed(150), IncidentId(from), IncidentId(to)));
        assert_ok!(link(1, 0));
        assert_noop!(link(1, 2), Error::<Test>::LinkedAlready);
        assert_noop!(link(2, 1), Error::<Test>::LinkToLinked);
        assert_noop!(link(0, 1), Error::<Test>::LinkToLinked);
        assert_noop!(link(2, 2), Error::<Test>::LinkToItself);
        assert_noop!(link(2, 3), Error::<Test>::LinkAcrossServices);
        assert_noop!(link(2, 9), Error::<Test>::NoSuchIncident);
        assert_noop!(link(9, 2), Error::<Test>::NoSuchIncident);
        assert_noop!(
            outcome(Incidents::link(signed(1), IncidentId(2), FIRST)),
            DispatchError::Other("no arbiter")
        );
        assert_ok!(outcome(Incidents::unlink(signed(151), SECOND)));
        assert_noop!(
            outcome(Incidents::unlink(signed(151), SECOND)),
            Error::<Test>::NotLinked
        );
    });
}

#[test]
fn of_several_reports_each_stands_or_falls_alone() {
    run(|| {
        block_at(5);
        let item = |service, observation| Report {
            service,
            observation,
            text: Body::default(),
        };
        let reports = vec![
            item(SERVICE, down(0, 5)),
            item(OTHER, down(5, 4)),
            item(OTHER, down(0, 5)),
            item(SERVICE, saw(Claim::Up, 0, 5)),
        ];
        let many =
            |who, reports: Vec<Report>| Incidents::report_many(signed(who), reports.try_into().unwrap());
        assert_ok!(many(1, reports));
        let refused = vec![
            RefusedReport {
                place: 1,
                why: Error::<Test>::ObservedSpanReversed.into(),
            },
            RefusedReport {
                place: 3,
                why: Error::<Test>::UpAfterAffirming.into(),
            },
        ];
        System::assert_last_event(
            Event::ReportsRefused {
                refused: refused.try_into().unwrap(),
            }
            .into(),
        );
        assert_eq!(Incidents::count(), 2);
        let most: Vec<_> = (0..MAX_REPORTS).map(|_| item(SERVICE, down(0, 5))).collect();
        assert_ok!(many(STRANGER, most));
        assert_eq!(Incidents::count(), 2, "a stranger's are refused one by one");
    });
}

#[test]
fn a_retired_service_opens_no_incident_but_what_is_open_goes_on() {
    with_incident(|| {
        Retired::set(true);
        assert_noop!(report(1, OTHER, down(0, 5)), Error::<Test>::ServiceRetired);
        assert_ok!(report(7, SERVICE, down(0, 5)));
    });
}

#[test]
fn the_council_sets_rules_that_make_sense_for_incidents_to_come() {
    with_incident(|| {
        let rules = Rules {
            quorum: 5,
            ..Rules::standard()
        };
        assert_noop!(Incidents::set_rules(signed(1), rules), BadOrigin);
        let unsound = Rules { quorum: 0, ..rules };
        assert_noop!(
            Incidents::set_rules(RuntimeOrigin::root(), unsound),
            Error::<Test>::RulesUnsound
        );
        assert_ok!(Incidents::set_rules(RuntimeOrigin::root(), rules));
        assert_eq!((Incidents::rules().quorum, incident(FIRST).rules.quorum), (5, 3));
        assert_ok!(report(1, OTHER, down(0, 5)));
        assert_eq!(incident(SECOND).rules.quorum, 5);
    });
}

#[test]
fn a_redacted_text_leaves_a_tombstone_and_changes_no_entry() {
    with_incident(|| {
        let said = outcome(Incidents::reply(
            signed(PROVIDER),
            FIRST,
            statement(),
            text("Call John at home."),
        ));
        assert_ok!(said);
        let before = Incidents::incident(FIRST);
        assert_noop!(Incidents::redact(signed(1), FIRST, 3), BadOrigin);
        assert_ok!(Incidents::redact(RuntimeOrigin::root(), FIRST, 3));
        let (entry, body, redacted) = Incidents::entries(FIRST, 3, 1).remove(0);
        assert!(entry.action.text().is_some() && body.is_none() && redacted == Some(min(5)));
        assert_eq!(Incidents::incident(FIRST), before);
        assert!(RedactedTexts::<Test>::contains_key(FIRST, 3));
        for entry in [3, 0, 9] {
            let again = Incidents::redact(RuntimeOrigin::root(), FIRST, entry);
            assert_noop!(again, Error::<Test>::NothingToRedact);
        }
    });
}

#[test]
fn replies_and_disputes_are_taken_after_it_has_settled() {
    run(|| {
        block_at(30);
        for who in 1..=3 {
            assert_ok!(report(who, SERVICE, recovered(0, 20)));
        }
        block_at(30 + 8 * DAY);
        assert_noop!(
            outcome(Incidents::withdraw(signed(1), FIRST)),
            Error::<Test>::Settled
        );
        assert_noop!(
            outcome(Incidents::close(signed(1), FIRST)),
            Error::<Test>::Settled
        );
        let said = outcome(Incidents::reply(
            signed(PROVIDER),
            FIRST,
            statement(),
            Body::default(),
        ));
        assert_ok!(said);
        assert_ok!(dispute(1));
        assert_ok!(vote(150, true));
    });
}
