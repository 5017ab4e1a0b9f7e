//! Who has a seat, and whose vote it is.

use std::collections::BTreeMap;

use codec::Encode;
use faultline_primitives::OrganisationId;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::traits::{BlakeTwo256, Hash};

use super::motions::{enact, give, motion, take};
use crate::{mock::*, Error, Pallet};

type Failure = Error<Test>;

fn voters() -> Vec<sp_runtime::AccountId32> {
    pallet_collective::Members::<Test>::get()
}

#[test]
fn the_chain_begins_with_the_seats_of_its_genesis_block() {
    run(|| {
        assert_eq!(voters(), [id(1), id(2), id(3)]);
        assert_eq!(
            Pallet::<Test>::seats().into_inner(),
            [1, 2, 3].map(OrganisationId)
        );
    });
}

#[test]
fn an_organisation_has_one_seat_and_what_it_votes_counts_from_then_on() {
    run(|| {
        assert_eq!(motion(enact(give(7)), 2, &[1, 2]), Some(Ok(())));
        assert_eq!(voters(), [id(1), id(2), id(3), id(7)]);
        assert_eq!(
            motion(enact(give(7)), 3, &[1, 2, 7]),
            Some(Err(Failure::SeatedAlready.into()))
        );
    });
}

#[test]
fn a_seat_that_is_taken_takes_its_open_votes_along() {
    run(|| {
        let open = enact(give(5));
        let (hash, length) = (BlakeTwo256::hash_of(&open), open.encoded_size() as u32);
        assert_ok!(Council::propose(signed(3), 2, Box::new(open), length));
        assert_ok!(Council::vote(signed(3), hash, 0, true));
        assert_eq!(motion(enact(take(3)), 2, &[1, 2]), Some(Ok(())));
        assert_eq!(voters(), [id(1), id(2)]);
        // Its vote is gone: that of another is the first.
        assert_ok!(Council::vote(signed(1), hash, 0, true));
        System::assert_last_event(RuntimeEvent::Council(pallet_collective::Event::Voted {
            account: id(1),
            proposal_hash: hash,
            voted: true,
            yes: 1,
            no: 0,
        }));
        assert_noop!(
            Council::vote(signed(3), hash, 0, true),
            pallet_collective::Error::<Test>::NotMember
        );
    });
}

#[test]
fn a_motion_that_carried_in_another_council_wants_the_majority_of_this_one() {
    run(|| {
        // Two of three carry a seat; once there are four seats, two do not.
        assert_eq!(motion(enact(give(4)), 2, &[1, 2]), Some(Ok(())));
        assert_eq!(
            motion(enact(give(5)), 2, &[1, 2]),
            Some(Err(Failure::MajorityMissing.into()))
        );
    });
}

#[test]
fn the_seat_of_an_organisation_that_changes_its_admin_key_votes_by_the_new_one() {
    run(|| {
        Rotated::set(BTreeMap::from([(2, 77)]));
        Consortium::admin_set(OrganisationId(2));
        assert_eq!(voters(), [id(1), id(3), id(77)]);
        // Of one without a seat nothing changes.
        Rotated::set(BTreeMap::from([(2, 77), (9, 88)]));
        Consortium::admin_set(OrganisationId(9));
        assert_eq!(voters(), [id(1), id(3), id(77)]);
    });
}

#[test]
fn a_seat_is_given_to_an_organisation_that_there_is_and_taken_from_one_that_has_it() {
    run(|| {
        assert_eq!(
            motion(enact(give(10)), 2, &[1, 2]),
            Some(Err(Failure::NoSuchOrganisation.into()))
        );
        assert_eq!(
            motion(enact(take(9)), 2, &[1, 2]),
            Some(Err(Failure::NotSeated.into()))
        );
    });
}

#[test]
fn the_last_seat_stays() {
    chain(&[4]).execute_with(|| {
        System::set_block_number(1);
        let call = enact(take(4));
        let length = call.encoded_size() as u32;
        // A council of one acts at once.
        assert_ok!(Council::propose(signed(4), 1, Box::new(call), length));
        System::assert_has_event(RuntimeEvent::Council(pallet_collective::Event::Executed {
            proposal_hash: BlakeTwo256::hash_of(&enact(take(4))),
            result: Err(Failure::LastSeat.into()),
        }));
        Pallet::<Test>::check_state().unwrap();
    });
}

#[test]
#[should_panic(expected = "SeatsUnfit")]
fn a_chain_without_a_council_does_not_begin() {
    chain(&[]);
}

#[test]
#[should_panic(expected = "NoSuchOrganisation")]
fn a_chain_whose_council_seats_nobody_does_not_begin() {
    chain(&[1, 12]);
}

#[test]
#[should_panic(expected = "SeatsUnfit")]
fn a_chain_whose_council_seats_one_twice_does_not_begin() {
    chain(&[1, 1]);
}

#[test]
fn the_check_finds_votes_that_are_not_the_seats() {
    run(|| {
        let before = voters();
        pallet_collective::Members::<Test>::put(vec![id(1), id(2)]);
        assert_eq!(
            Pallet::<Test>::check_state(),
            Err("the votes counted are not those of the seats")
        );
        pallet_collective::Members::<Test>::put(before);
        let entry = crate::Entries::<Test>::take((), 0).unwrap();
        assert!(Pallet::<Test>::check_state().is_err());
        crate::Entries::<Test>::insert((), 0, entry);
    });
}
