//! What time alone changes: which incident a report is of, and whether it is taken.

use faultline_primitives::{
    incident::{Incident, Verdict},
    IncidentId,
};
use frame_support::{assert_noop, assert_ok};

use crate::{mock::*, Error};

const FIRST: IncidentId = IncidentId(0);
const DAY: u64 = 24 * 60;

fn incident() -> Incident {
    Incidents::incident(FIRST).unwrap().state
}

/// A chain with incident 0, told by organisation 1 at minute 5.
fn with_incident(test: impl FnOnce()) {
    run(|| {
        block_at(5);
        assert_ok!(report(1, SERVICE, down(0, 5)));
        test();
    });
}

#[test]
fn an_outage_that_goes_on_reaches_to_the_present_until_the_word_for_it_is_stale() {
    with_incident(|| {
        block_at(5 + DAY);
        assert_ok!(report(2, SERVICE, down(5 + DAY, 5 + DAY)));
        assert_eq!(Incidents::count(), 1, "a day on it is of the same incident");
    });
    with_incident(|| {
        Now::set(min(5 + DAY).0 + 1);
        assert_ok!(report(2, SERVICE, down(5 + DAY, 5 + DAY)));
        assert_eq!(Incidents::count(), 2, "a millisecond later it is of another");
    });
}

#[test]
fn an_outage_that_is_over_reaches_to_its_end() {
    with_incident(|| {
        block_at(20);
        assert_ok!(attest(1, 0, recovered(0, 20)));
        block_at(20 + 120);
        assert_ok!(report(2, SERVICE, down(20 + 120, 20 + 120)));
        assert_eq!(Incidents::count(), 1, "two hours after the end");
    });
    with_incident(|| {
        block_at(20);
        assert_ok!(attest(1, 0, recovered(0, 20)));
        Now::set(min(20 + 120).0 + 1);
        let mut later = down(20 + 120, 20 + 120);
        later.observed.from = Incidents::now();
        later.observed.to = Incidents::now();
        assert_ok!(report(2, SERVICE, later));
        assert_eq!(Incidents::count(), 2, "and a millisecond");
    });
}

#[test]
fn what_nobody_confirms_lapses_after_two_days_and_a_report_opens_another() {
    with_incident(|| {
        Now::set(min(5 + 2 * DAY).0 - 1);
        assert!(!incident().at(Incidents::now()).lapsed);
        Now::set(min(5 + 2 * DAY).0);
        assert!(incident().at(Incidents::now()).lapsed);
        assert_noop!(attest(2, 0, down(0, 5)), Error::<Test>::Lapsed);
        assert_noop!(
            outcome(Incidents::withdraw(signed(1), FIRST)),
            Error::<Test>::Lapsed
        );
        assert_noop!(outcome(Incidents::close(signed(1), FIRST)), Error::<Test>::Lapsed);
        assert!(is_candidate(SERVICE, FIRST));
        assert_ok!(report(2, SERVICE, down(0, 5)));
        assert_eq!(Incidents::count(), 2);
        assert!(!is_candidate(SERVICE, FIRST), "forgotten");
        // What stands beside the verdict is still taken, and brings no candidate back.
        assert_ok!(outcome(Incidents::reply(
            signed(PROVIDER),
            FIRST,
            statement(),
            text("")
        )));
        assert_ok!(outcome(Incidents::dispute(signed(9), FIRST, text(""))));
        assert_ok!(outcome(Incidents::vote(signed(150), FIRST, true, text(""))));
        assert!(!is_candidate(SERVICE, FIRST));
    });
}

#[test]
fn a_new_group_puts_the_lapse_off_and_a_known_one_does_not() {
    with_incident(|| {
        block_at(5 + DAY);
        assert_ok!(attest(2, 0, down(0, 5)));
        block_at(5 + 2 * DAY);
        assert_ok!(attest(2, 0, down(0, 5)));
        block_at(5 + 3 * DAY);
        assert_noop!(attest(2, 0, down(0, 5)), Error::<Test>::Lapsed);
    });
}

#[test]
fn what_was_confirmed_never_lapses_while_it_goes_on() {
    with_incident(|| {
        for who in [2, 3] {
            assert_ok!(attest(who, 0, down(0, 5)));
        }
        block_at(100 * DAY);
        assert!(incident().at(Incidents::now()).is_open());
        assert_ok!(attest(7, 0, down(0, 5)));
        assert_eq!(incident().verdict, Verdict::Confirmed);
    });
}

#[test]
fn candidates_are_kept_in_step_with_every_word() {
    with_incident(|| {
        let is_in_step = || {
            let candidate = candidate(SERVICE, FIRST);
            assert_eq!(candidate, Some(incident().candidate()));
            candidate.unwrap()
        };
        let opened = is_in_step();
        assert_eq!((opened.confirmed, opened.span.from), (false, min(0)));
        for who in [2, 3] {
            assert_ok!(attest(who, 0, down(1, 5)));
        }
        assert!(is_in_step().confirmed);
        assert_ok!(outcome(Incidents::withdraw(signed(1), FIRST)));
        assert_eq!(is_in_step().span.from, min(1));
        block_at(5 + DAY);
        assert_ok!(outcome(Incidents::close(signed(9), FIRST)));
        assert_eq!(is_in_step().settles_at, Some(min(5 + 8 * DAY)));
        block_at(6 + DAY);
        assert_ok!(attest(2, 0, down(1, 6)));
        assert_eq!(is_in_step().settles_at, None, "somebody sees it fail again");
    });
}
