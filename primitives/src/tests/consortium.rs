//! Who keeps the chain: each act of the council, each majority, and each refusal.

use proptest::prelude::*;

use super::fixtures::*;
use crate::{
    consortium::{Act, Action, Consortium, Majority, Refusal, Seats, MAX_SEATS},
    log::Fold,
    rules::Rules,
    Account, Entry, IncidentId, OrganisationId,
};

fn seats(organisations: impl IntoIterator<Item = u32>) -> Seats {
    let seats: Vec<_> = organisations.into_iter().map(OrganisationId).collect();
    seats.try_into().unwrap()
}

fn entry(action: Action) -> Entry<Action> {
    Entry {
        block: 1,
        at: min(1),
        action,
    }
}

fn founded(organisations: impl IntoIterator<Item = u32>) -> Result<Consortium, Refusal> {
    Consortium::open((), &entry(Action::Founded(seats(organisations))))
}

/// The act with these votes.
fn enact(council: Consortium, act: Act, ayes: u32, seats: u32) -> Result<Consortium, Refusal> {
    council.apply(1, &entry(Action::Enacted { act, ayes, seats }))
}

/// The act as all seats will it.
fn will(council: Consortium, act: Act) -> Result<Consortium, Refusal> {
    let seats = council.count();
    enact(council, act, seats, seats)
}

#[test]
fn over_half_is_more_than_half_and_two_thirds_are_at_least_two_thirds() {
    let wanted = |seats| (Majority::OverHalf.ayes(seats), Majority::TwoThirds.ayes(seats));
    assert_eq!(wanted(1), (1, 1));
    assert_eq!(wanted(2), (2, 2));
    assert_eq!(wanted(3), (2, 2));
    assert_eq!(wanted(4), (3, 3));
    assert_eq!(wanted(5), (3, 4));
    assert_eq!(wanted(6), (4, 4));
    assert_eq!(wanted(7), (4, 5));
    assert_eq!(wanted(64), (33, 43));
}

#[test]
fn rules_redactions_and_seats_want_two_thirds_and_the_rest_over_half() {
    for act in [
        Act::SetRules(Rules::standard()),
        Act::Redact(IncidentId(1), 0),
        Act::GiveSeat(OrganisationId(9)),
        Act::TakeSeat(OrganisationId(2)),
    ] {
        let council = founded(0..5).unwrap();
        assert_eq!(
            enact(council.clone(), act.clone(), 3, 5),
            Err(Refusal::MajorityMissing),
            "{act:?}"
        );
        assert!(enact(council, act, 4, 5).is_ok());
    }
    for act in [
        Act::Admit {
            name: text("Northwatch"),
            admin: Account([7; 32]),
        },
        Act::Suspend(OrganisationId(2)),
        Act::Pause(text("Incidents"), text("report")),
    ] {
        let council = founded(0..5).unwrap();
        assert_eq!(
            enact(council.clone(), act.clone(), 2, 5),
            Err(Refusal::MajorityMissing),
            "{act:?}"
        );
        assert!(enact(council, act, 3, 5).is_ok());
    }
}

#[test]
fn a_founding_without_seats_or_with_one_twice_or_out_of_order_is_refused() {
    assert_eq!(founded([]), Err(Refusal::SeatsUnfit));
    assert_eq!(founded([1, 1]), Err(Refusal::SeatsUnfit));
    assert_eq!(founded([2, 1]), Err(Refusal::SeatsUnfit));
    assert_eq!(founded([1, 2]).unwrap().seats, seats([1, 2]));
}

#[test]
fn the_log_begins_with_the_founding_and_has_no_other() {
    let act = Action::Enacted {
        act: Act::Suspend(OrganisationId(1)),
        ayes: 1,
        seats: 1,
    };
    assert_eq!(Consortium::open((), &entry(act)), Err(Refusal::OutOfPlace));
    let again = Action::Founded(seats([1]));
    assert_eq!(
        founded([1]).unwrap().apply(1, &entry(again)),
        Err(Refusal::OutOfPlace)
    );
}

#[test]
fn votes_of_other_seats_than_there_are_carry_nothing() {
    let suspend = || Act::Suspend(OrganisationId(1));
    let council = || founded(0..3).unwrap();
    assert_eq!(enact(council(), suspend(), 2, 2), Err(Refusal::VotesUnfit));
    assert_eq!(enact(council(), suspend(), 4, 4), Err(Refusal::VotesUnfit));
    assert_eq!(enact(council(), suspend(), 4, 3), Err(Refusal::VotesUnfit));
}

#[test]
fn a_seat_is_given_once_and_taken_once() {
    let council = founded([1, 5]).unwrap();
    let council = will(council, Act::GiveSeat(OrganisationId(3))).unwrap();
    assert_eq!(council.seats, seats([1, 3, 5]));
    assert!(council.has_seat(OrganisationId(3)));
    assert_eq!(
        will(council.clone(), Act::GiveSeat(OrganisationId(3))),
        Err(Refusal::SeatedAlready)
    );
    let council = will(council, Act::TakeSeat(OrganisationId(1))).unwrap();
    assert_eq!(council.seats, seats([3, 5]));
    assert_eq!(
        will(council, Act::TakeSeat(OrganisationId(1))),
        Err(Refusal::NotSeated)
    );
}

#[test]
fn the_last_seat_is_not_taken_and_there_are_no_more_than_may_be() {
    assert_eq!(
        will(founded([1]).unwrap(), Act::TakeSeat(OrganisationId(1))),
        Err(Refusal::LastSeat)
    );
    let full = founded(0..MAX_SEATS).unwrap();
    assert_eq!(
        will(full, Act::GiveSeat(OrganisationId(MAX_SEATS))),
        Err(Refusal::TooManySeats)
    );
}

proptest! {
    #[test]
    fn no_half_of_the_council_acts_alone_and_all_of_it_always_may(seats in 1u32..=MAX_SEATS, ayes in 0u32..=MAX_SEATS) {
        let ayes = ayes.min(seats);
        let council = founded(0..seats).unwrap();
        let suspends = enact(council.clone(), Act::Suspend(OrganisationId(0)), ayes, seats).is_ok();
        prop_assert_eq!(suspends, 2 * ayes > seats);
        let redacts = enact(council, Act::Redact(IncidentId(0), 0), ayes, seats).is_ok();
        prop_assert_eq!(redacts, 3 * ayes >= 2 * seats);
    }
}
