//! Who keeps the chain: each act of the council, each majority, and each refusal.

use proptest::prelude::*;

use super::fixtures::*;
use crate::{
    consortium::{
        Accusation, Act, Action, Checkpoint, Consortium, Majority, Refusal, Seats, Upgrade, Validators,
        MAX_SEATS, MAX_VALIDATORS,
    },
    log::Fold,
    rules::Rules,
    Account, Entry, Hash, IncidentId, Millis, OrganisationId,
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

fn validators(organisations: impl IntoIterator<Item = u32>) -> Validators {
    let validators: Vec<_> = organisations.into_iter().map(OrganisationId).collect();
    validators.try_into().unwrap()
}

/// Founded with these seats, and with the validators 0 to 3, of whom one may be lost.
fn founded(organisations: impl IntoIterator<Item = u32>) -> Result<Consortium, Refusal> {
    founded_by(seats(organisations), validators(0..4), 3)
}

/// Runtimes wait for ten minutes.
fn founded_by(seats: Seats, validators: Validators, floor: u32) -> Result<Consortium, Refusal> {
    let upgrade_delay = Millis(10 * 60_000);
    let action = Action::Founded {
        seats,
        validators,
        floor,
        upgrade_delay,
    };
    Consortium::open((), &entry(action))
}

/// What the chain itself saw, at a minute.
fn saw(consortium: Consortium, minute: u64, action: Action) -> Result<Consortium, Refusal> {
    let entry = Entry {
        block: 1,
        at: min(minute),
        action,
    };
    consortium.apply(1, &entry)
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
fn rules_redactions_seats_validators_and_upgrades_want_two_thirds_and_the_rest_over_half() {
    for act in [
        Act::SetRules(Rules::standard()),
        Act::Redact(IncidentId(1), 0),
        Act::GiveSeat(OrganisationId(9)),
        Act::TakeSeat(OrganisationId(2)),
        Act::AddValidator(OrganisationId(7)),
        Act::RemoveValidator(OrganisationId(2)),
        upgrade(1),
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
        Act::PublishCheckpoint,
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
    let again = Action::Founded {
        seats: seats([1]),
        validators: validators([1]),
        floor: 1,
        upgrade_delay: Millis(0),
    };
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

fn upgrade(code: u8) -> Act {
    Act::AuthorizeUpgrade(Hash([code; 32]))
}

fn upgraded(code: u8) -> Action {
    Action::Upgraded {
        code: Hash([code; 32]),
        spec_version: 2,
    }
}

#[test]
fn a_founding_without_validators_or_with_one_twice_or_a_floor_that_is_none_or_too_high_is_refused() {
    let by = |organisations: &[u32], floor| {
        founded_by(seats([1]), validators(organisations.iter().copied()), floor)
    };
    assert_eq!(by(&[], 1), Err(Refusal::ValidatorsUnfit));
    assert_eq!(by(&[3, 3], 1), Err(Refusal::ValidatorsUnfit));
    assert_eq!(by(&[3, 2], 1), Err(Refusal::ValidatorsUnfit));
    assert_eq!(by(&[2, 3], 0), Err(Refusal::FloorUnfit));
    assert_eq!(by(&[2, 3], 3), Err(Refusal::FloorUnfit));
    assert_eq!(by(&[2, 3], 2).unwrap().validators, validators([2, 3]));
}

#[test]
fn a_validator_enters_once_and_leaves_once() {
    let council = founded([1]).unwrap();
    let council = will(council, Act::AddValidator(OrganisationId(9))).unwrap();
    assert_eq!(council.validators, validators([0, 1, 2, 3, 9]));
    assert!(council.is_validator(OrganisationId(9)));
    let again = will(council.clone(), Act::AddValidator(OrganisationId(9)));
    assert_eq!(again, Err(Refusal::ValidatorAlready));
    let council = will(council, Act::RemoveValidator(OrganisationId(1))).unwrap();
    assert_eq!(council.validators, validators([0, 2, 3, 9]));
    let again = will(council, Act::RemoveValidator(OrganisationId(1)));
    assert_eq!(again, Err(Refusal::NotValidator));
}

#[test]
fn validators_are_never_fewer_than_the_floor_nor_more_than_may_be() {
    let council = founded([1]).unwrap();
    let council = will(council, Act::RemoveValidator(OrganisationId(0))).unwrap();
    let below = will(council, Act::RemoveValidator(OrganisationId(1)));
    assert_eq!(below, Err(Refusal::TooFewValidators));
    let full = founded_by(seats([1]), validators(0..MAX_VALIDATORS), 1).unwrap();
    let above = will(full, Act::AddValidator(OrganisationId(MAX_VALIDATORS)));
    assert_eq!(above, Err(Refusal::TooManyValidators));
}

#[test]
fn who_voted_twice_is_accused_until_it_is_removed() {
    let twice = |validator, session| Action::Equivocated {
        validator: OrganisationId(validator),
        session,
    };
    let accused = |validator, session| Accusation {
        validator: OrganisationId(validator),
        session,
    };
    let council = founded([1]).unwrap();
    let council = saw(council, 1, twice(2, 7)).unwrap();
    let council = saw(council, 1, twice(0, 8)).unwrap();
    let council = saw(council, 1, twice(2, 9)).unwrap();
    assert_eq!(council.accused.to_vec(), [accused(2, 9), accused(0, 8)]);
    let council = will(council, Act::RemoveValidator(OrganisationId(2))).unwrap();
    assert_eq!(council.accused.to_vec(), [accused(0, 8)]);
    // What it did before may come out later.
    let council = saw(council, 1, twice(2, 9)).unwrap();
    assert_eq!(council.accusation(OrganisationId(2)), None);
}

#[test]
fn a_runtime_is_put_in_place_only_if_it_is_authorized_and_its_delay_is_over() {
    let council = || founded([1]).unwrap();
    assert_eq!(saw(council(), 60, upgraded(1)), Err(Refusal::NoUpgrade));
    let waiting = will(council(), upgrade(1)).unwrap();
    let due = Upgrade {
        code: Hash([1; 32]),
        due: min(11),
    };
    assert_eq!(waiting.upgrade, Some(due));
    assert_eq!(saw(waiting.clone(), 60, upgraded(2)), Err(Refusal::OtherUpgrade));
    assert_eq!(
        saw(waiting.clone(), 10, upgraded(1)),
        Err(Refusal::UpgradeTooEarly)
    );
    let done = saw(waiting, 11, upgraded(1)).unwrap();
    assert_eq!(done.upgrade, None);
    assert_eq!(saw(done, 60, upgraded(1)), Err(Refusal::NoUpgrade));
}

#[test]
fn an_upgrade_is_cancelled_by_over_half_and_replaced_by_another_which_waits_anew() {
    let council = || founded(0..5).unwrap();
    assert_eq!(will(council(), Act::CancelUpgrade), Err(Refusal::NoUpgrade));
    let waiting = will(council(), upgrade(1)).unwrap();
    assert_eq!(
        enact(waiting.clone(), Act::CancelUpgrade, 3, 5).unwrap().upgrade,
        None
    );
    let other = will(waiting, upgrade(2)).unwrap();
    assert_eq!(saw(other.clone(), 60, upgraded(1)), Err(Refusal::OtherUpgrade));
    assert!(saw(other, 60, upgraded(2)).is_ok());
}

#[test]
fn checkpoints_only_go_forward() {
    let checkpoint = |number| {
        Action::Checkpointed(Checkpoint {
            number,
            hash: Hash([1; 32]),
            set_id: 1,
            set: Hash([2; 32]),
        })
    };
    let council = saw(founded([1]).unwrap(), 1, checkpoint(7)).unwrap();
    assert_eq!(council.checkpoint.unwrap().number, 7);
    assert_eq!(
        saw(council.clone(), 1, checkpoint(7)),
        Err(Refusal::CheckpointBackwards)
    );
    assert_eq!(
        saw(council.clone(), 1, checkpoint(6)),
        Err(Refusal::CheckpointBackwards)
    );
    assert!(saw(council, 1, checkpoint(8)).is_ok());
}

/// Any change of the validators, and any vote twice.
fn any_change() -> impl Strategy<Value = Action> {
    let by_all = |act| Action::Enacted {
        act,
        ayes: 1,
        seats: 1,
    };
    (0u32..8, 0u32..4, 0u32..3).prop_map(move |(organisation, session, kind)| {
        let organisation = OrganisationId(organisation);
        match kind {
            0 => by_all(Act::AddValidator(organisation)),
            1 => by_all(Act::RemoveValidator(organisation)),
            _ => Action::Equivocated {
                validator: organisation,
                session,
            },
        }
    })
}

proptest! {
    #[test]
    fn however_validators_come_and_go_they_are_a_set_above_the_floor_and_the_accused_are_of_them(
        changes in proptest::collection::vec(any_change(), 0..60),
        floor in 1u32..=4,
    ) {
        let mut consortium = founded_by(seats([1]), validators(0..4), floor).unwrap();
        for change in changes {
            let before = consortium.clone();
            consortium = saw(consortium, 1, change).unwrap_or(before);
            let validators = &consortium.validators;
            prop_assert!(validators.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(validators.len() >= floor as usize);
            for accused in &consortium.accused {
                prop_assert!(consortium.is_validator(accused.validator));
                let same = consortium.accused.iter().filter(|other| other.validator == accused.validator);
                prop_assert_eq!(same.count(), 1);
            }
        }
    }

    #[test]
    fn no_runtime_is_put_in_place_before_its_delay_is_over(delay in 0u64..100, authorized in 0u64..100, at in 0u64..300) {
        let authorize = Action::Enacted { act: upgrade(1), ayes: 1, seats: 1 };
        let founded = Consortium { upgrade_delay: Millis(delay * 60_000), ..founded([1]).unwrap() };
        let waiting = saw(founded, authorized, authorize).unwrap();
        prop_assert_eq!(saw(waiting, at, upgraded(1)).is_ok(), at >= authorized + delay);
    }

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
