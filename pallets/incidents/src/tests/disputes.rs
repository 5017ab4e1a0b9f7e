//! Who may dispute, who may rule, and what comes of it.

use faultline_primitives::{
    attestation::Body,
    incident::{Dispute, Incident},
    GroupId, IncidentId, ServiceId,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::DispatchError;

use crate::{mock::*, Error};

const FIRST: IncidentId = IncidentId(0);
const DAY: u64 = 24 * 60;

fn incident() -> Incident {
    Incidents::incident(FIRST).unwrap().state
}

fn dispute(who: u8) -> DispatchResult {
    outcome(Incidents::dispute(signed(who), FIRST, Body::default()))
}

fn vote(who: u8, sustain: bool) -> DispatchResult {
    outcome(Incidents::vote(signed(who), FIRST, sustain, Body::default()))
}

fn arbiters() -> Vec<GroupId> {
    incident().case.unwrap().arbiters.to_vec()
}

fn groups<const N: usize>(groups: [u32; N]) -> Vec<GroupId> {
    groups.map(GroupId).to_vec()
}

/// A chain with incident 0 of a service, confirmed by organisations 1, 2 and 3 at minute 5.
fn on(service: ServiceId, test: impl FnOnce()) {
    run(|| {
        block_at(5);
        for who in 1..=3 {
            assert_ok!(report(who, service, down(0, 5)));
        }
        test();
    });
}

#[test]
fn a_provider_that_does_not_report_disputes_all_the_same() {
    on(SERVICE, || {
        Silent::set(Some(PROVIDER.into()));
        let no_reporter = DispatchError::Other("no reporter");
        assert_noop!(attest(PROVIDER, 0, down(0, 5)), no_reporter);
        assert_ok!(dispute(PROVIDER));
        let (entry, ..) = Incidents::entries(FIRST, 3, 1).remove(0);
        assert!(entry.action.by().affiliated);
    });
}

#[test]
fn whoever_is_neither_reporter_nor_provider_does_not_dispute() {
    on(SERVICE, || {
        Silent::set(Some(9));
        assert_noop!(dispute(9), Error::<Test>::NotTheProvider);
        Silent::set(Some(AFFILIATE.into()));
        assert_noop!(dispute(AFFILIATE), Error::<Test>::NotTheProvider);
    });
}

#[test]
fn the_providers_group_rules_where_it_is_not_the_provider() {
    on(SERVICE, || {
        assert_ok!(dispute(1));
        assert_eq!(arbiters(), groups([50, 250, 251, 252]));
    });
    on(OTHER, || {
        assert_ok!(dispute(1));
        assert_eq!(arbiters(), groups([40, 50, 250, 251, 252]));
    });
}

#[test]
fn whoever_disputes_does_not_rule_nor_does_its_group() {
    on(SERVICE, || {
        assert_ok!(dispute(152));
        assert_eq!(arbiters(), groups([50, 250, 251]));
        for who in [152, 153] {
            assert_noop!(vote(who, true), Error::<Test>::NotAnArbiterOfThis);
        }
    });
}

#[test]
fn a_word_taken_back_is_a_part_in_it_still() {
    on(SERVICE, || {
        assert_ok!(attest(6, 0, down(0, 5)));
        assert_ok!(outcome(Incidents::withdraw(signed(6), FIRST)));
        assert_ok!(dispute(1));
        assert_eq!(arbiters(), groups([250, 251, 252]));
        assert_noop!(vote(5, true), Error::<Test>::NotAnArbiterOfThis);
    });
}

#[test]
fn an_arbiter_that_attests_after_it_was_asked_rules_no_more() {
    on(SERVICE, || {
        assert_ok!(dispute(1));
        assert_ok!(attest(150, 0, down(0, 5)));
        assert_noop!(vote(150, true), Error::<Test>::NotAnArbiterOfThis);
        assert_eq!(
            arbiters(),
            groups([50, 250, 251, 252]),
            "the list stays as it was"
        );
    });
}

#[test]
fn more_than_half_of_those_asked_sustain_a_dispute_and_the_verdict_stays() {
    on(SERVICE, || {
        let before = incident().verdict;
        assert_ok!(dispute(1));
        for who in [5, 150] {
            assert_ok!(vote(who, true));
            assert_eq!(
                incident().dispute,
                Dispute::Open,
                "two of four are not more than half"
            );
        }
        assert_ok!(vote(151, true));
        assert_eq!(
            (incident().dispute, incident().verdict),
            (Dispute::Sustained, before)
        );
        assert_noop!(vote(152, false), Error::<Test>::NoOpenDispute);
    });
}

#[test]
fn a_ruling_is_taken_until_the_last_millisecond_of_its_time() {
    on(SERVICE, || {
        assert_ok!(dispute(1));
        Now::set(min(5 + 14 * DAY).0 - 1);
        assert_ok!(vote(150, true));
        assert_noop!(dispute(2), Error::<Test>::DisputeOpen);
        Now::set(min(5 + 14 * DAY).0);
        assert_noop!(vote(151, true), Error::<Test>::RulingTooLate);
        assert_ok!(dispute(2));
        assert_eq!(incident().case.unwrap().votes.len(), 0, "a new case");
    });
}

#[test]
fn a_dispute_that_nobody_may_rule_on_makes_way_for_another_in_time() {
    on(SERVICE, || {
        for who in [5, 150, 151, 152] {
            assert_ok!(attest(who, 0, down(0, 5)));
        }
        assert_ok!(dispute(1));
        assert!(arbiters().is_empty());
        for who in [5, 14, 150, 151, 152, 153] {
            assert_noop!(vote(who, true), Error::<Test>::NotAnArbiterOfThis);
        }
        assert_noop!(dispute(2), Error::<Test>::DisputeOpen);
        block_at(5 + 14 * DAY);
        assert!(incident().at(Incidents::now()).unruled);
        assert_noop!(dispute(1), Error::<Test>::DisputedAlready);
        assert_ok!(dispute(2));
    });
}
