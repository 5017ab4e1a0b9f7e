//! From a motion to an act: every way there, and every way that is closed.

use codec::Encode;
use faultline_primitives::{
    consortium::{Act, Action},
    OrganisationId,
};
use frame_support::{assert_noop, assert_ok, weights::Weight};
use sp_runtime::{
    traits::{BlakeTwo256, Hash},
    DispatchError, DispatchResult,
};

use crate::{mock::*, Error, Origin, Pallet};

type Failure = Error<Test>;

pub fn give(organisation: u32) -> RuntimeCall {
    RuntimeCall::Consortium(crate::Call::give_seat {
        organisation: OrganisationId(organisation),
    })
}

pub fn take(organisation: u32) -> RuntimeCall {
    RuntimeCall::Consortium(crate::Call::take_seat {
        organisation: OrganisationId(organisation),
    })
}

pub fn enact(call: RuntimeCall) -> RuntimeCall {
    RuntimeCall::Consortium(crate::Call::enact { call: Box::new(call) })
}

/// Proposes, votes for it with these keys, closes it; and says what came of it, if it carried.
pub fn motion(proposal: RuntimeCall, threshold: u32, ayes: &[u8]) -> Option<DispatchResult> {
    let hash = BlakeTwo256::hash_of(&proposal);
    let index = pallet_collective::ProposalCount::<Test>::get();
    let length = u32::try_from(proposal.encoded_size()).unwrap();
    assert_ok!(Council::propose(
        signed(ayes[0]),
        threshold,
        Box::new(proposal),
        length
    ));
    for aye in ayes {
        assert_ok!(Council::vote(signed(*aye), hash, index, true));
    }
    System::reset_events();
    Council::close(signed(99), hash, index, Weight::MAX, length).ok()?;
    System::events()
        .into_iter()
        .find_map(|record| match record.event {
            RuntimeEvent::Council(pallet_collective::Event::Executed { result, .. }) => Some(result),
            _ => None,
        })
}

pub fn acts() -> Vec<Action> {
    Pallet::<Test>::entries(0, 99)
        .into_iter()
        .map(|entry| entry.action)
        .collect()
}

#[test]
fn a_motion_that_carried_is_an_entry_with_its_votes_and_is_done() {
    run(|| {
        assert_eq!(motion(enact(give(4)), 2, &[1, 2]), Some(Ok(())));
        assert_eq!(
            acts().last(),
            Some(&Action::Enacted {
                act: Act::GiveSeat(OrganisationId(4)),
                ayes: 2,
                seats: 3
            })
        );
        System::assert_has_event(crate::Event::Recorded { entry: 1 }.into());
        assert_eq!(Pallet::<Test>::seats().len(), 4);
    });
}

#[test]
fn an_act_that_fails_leaves_no_entry() {
    run(|| {
        let fails = RuntimeCall::System(frame_system::Call::set_heap_pages { pages: 1 });
        assert_eq!(
            motion(enact(fails), 2, &[1, 2]),
            Some(Err(DispatchError::BadOrigin))
        );
        assert_eq!(acts().len(), 1);
    });
}

#[test]
fn a_motion_with_fewer_ayes_than_its_act_wants_does_nothing() {
    chain(&[1, 2, 3, 4, 5]).execute_with(|| {
        System::set_block_number(1);
        // Three of five are over half; a seat wants two thirds.
        assert_eq!(
            motion(enact(give(6)), 3, &[1, 2, 3]),
            Some(Err(Failure::MajorityMissing.into()))
        );
        assert_eq!((acts().len(), Pallet::<Test>::seats().len()), (1, 5));
        assert_eq!(motion(enact(give(6)), 4, &[1, 2, 3, 4]), Some(Ok(())));
        Pallet::<Test>::check_state().unwrap();
    });
}

#[test]
fn whoever_does_not_vote_is_not_for_it_when_the_time_is_over() {
    chain(&[1, 2, 3, 4, 5]).execute_with(|| {
        System::set_block_number(1);
        // Three of five: over half, and short of the two thirds that a seat wants.
        let proposal = enact(give(6));
        let (hash, length) = (BlakeTwo256::hash_of(&proposal), proposal.encoded_size() as u32);
        assert_ok!(Council::propose(signed(1), 4, Box::new(proposal), length));
        for aye in [1, 2, 3] {
            assert_ok!(Council::vote(signed(aye), hash, 0, true));
        }
        System::set_block_number(1 + MotionDuration::get());
        assert_ok!(Council::close(signed(1), hash, 0, Weight::MAX, length));
        System::assert_last_event(RuntimeEvent::Council(pallet_collective::Event::Disapproved {
            proposal_hash: hash,
        }));
        assert_eq!(acts().len(), 1);
    });
}

#[test]
fn one_of_the_council_alone_cannot_act_however_low_it_sets_the_threshold() {
    run(|| {
        let proposal = enact(give(4));
        let length = u32::try_from(proposal.encoded_size()).unwrap();
        assert_ok!(Council::propose(signed(1), 1, Box::new(proposal), length));
        assert_eq!(acts().len(), 1);
    });
}

#[test]
fn a_call_that_is_no_act_cannot_be_enacted() {
    run(|| {
        let code = RuntimeCall::System(frame_system::Call::set_code { code: vec![] });
        assert_eq!(
            motion(enact(code), 3, &[1, 2, 3]),
            Some(Err(Failure::NoCouncilAct.into()))
        );
    });
}

#[test]
fn a_motion_reaches_nothing_but_through_an_act() {
    run(|| {
        // The same call, proposed bare, has not the council's origin.
        assert_eq!(
            motion(give(4), 3, &[1, 2, 3]),
            Some(Err(DispatchError::BadOrigin))
        );
        assert_eq!(acts().len(), 1);
    });
}

#[test]
fn nobody_enacts_without_a_motion() {
    run(|| {
        for origin in [
            signed(1),
            RuntimeOrigin::none(),
            RuntimeOrigin::root(),
            RuntimeOrigin::from(Origin::Council),
            RuntimeOrigin::from(pallet_collective::RawOrigin::Member(id(1))),
        ] {
            assert_noop!(
                Consortium::enact(origin, Box::new(give(4))),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn nobody_but_the_council_gives_or_takes_seats() {
    run(|| {
        for origin in [
            signed(1),
            RuntimeOrigin::none(),
            RuntimeOrigin::root(),
            RuntimeOrigin::from(pallet_collective::RawOrigin::Members(3, 3)),
        ] {
            let other = OrganisationId(4);
            assert_noop!(
                Consortium::give_seat(origin.clone(), other),
                DispatchError::BadOrigin
            );
            assert_noop!(Consortium::take_seat(origin, other), DispatchError::BadOrigin);
        }
    });
}
