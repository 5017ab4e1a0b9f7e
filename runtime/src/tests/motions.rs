//! Motions over the runtime as it is: what carries, and what does not.

use codec::Encode;
use faultline_primitives::{rules::Rules, OrganisationId};
use frame_support::weights::Weight;
use sp_runtime::traits::{BlakeTwo256, Hash};

use super::chain::{admin, done, in_block, pool, run, signed, RULES};
use crate::{Consortium, Incidents, Runtime, RuntimeCall, RuntimeOrigin, System};

fn enact(call: impl Into<RuntimeCall>) -> RuntimeCall {
    pallet_consortium::Call::enact {
        call: Box::new(call.into()),
    }
    .into()
}

/// A motion of the whole council.
fn carried(ayes: u32, seats: u32) -> RuntimeOrigin {
    pallet_collective::RawOrigin::<crate::AccountId, ()>::Members(ayes, seats).into()
}

/// A chain whose council has the seats 0, 1, 2, 3 and 6: four of five are two thirds, three are over half.
fn with_five_seats(test: impl FnOnce()) {
    run(RULES, || {
        for (organisation, seats) in [(2, 3), (3, 4)] {
            let give = pallet_consortium::Call::give_seat {
                organisation: OrganisationId(organisation),
            };
            assert_eq!(done(carried(seats, seats), enact(give)), Ok(()));
        }
        assert_eq!(Consortium::seats().len(), 5);
        test();
    });
}

fn other_rules() -> Rules {
    Rules { quorum: 7, ..RULES }
}

#[test]
fn who_does_not_vote_on_a_motion_is_against_it() {
    with_five_seats(|| {
        let proposal = enact(pallet_incidents::Call::set_rules { rules: other_rules() });
        let (proposal_hash, length_bound) = (BlakeTwo256::hash_of(&proposal), proposal.encoded_size() as u32);
        let propose = pallet_collective::Call::propose {
            threshold: 4,
            proposal: Box::new(proposal),
            length_bound,
        };
        assert_eq!(in_block(admin(0), &propose.into()), Ok(Ok(())));
        for seat in [0, 1, 2] {
            let vote = pallet_collective::Call::vote {
                proposal: proposal_hash,
                index: 0,
                approve: true,
            };
            assert_eq!(in_block(admin(seat), &vote.into()), Ok(Ok(())));
        }
        let close: RuntimeCall = pallet_collective::Call::close {
            proposal_hash,
            index: 0,
            proposal_weight_bound: Weight::MAX,
            length_bound,
        }
        .into();
        assert!(pool(admin(0), &close).is_err(), "too early, with too few");
        let duration = <Runtime as pallet_collective::Config>::MotionDuration::get();
        System::set_block_number(System::block_number() + duration);
        assert_eq!(done(signed(admin(0)), close), Ok(()));
        assert_eq!(Incidents::rules(), RULES, "three of five are no two thirds");
        assert_eq!(Consortium::consortium().unwrap().entries, 3);
    });
}

#[test]
fn an_act_by_a_motion_is_an_entry_of_the_consortium_and_of_the_log_that_it_concerns() {
    with_five_seats(|| {
        let organisation = OrganisationId(9);
        let suspend = pallet_members::Call::suspend { organisation };
        let before = crate::Members::organisation(organisation).unwrap().entries;
        assert_eq!(done(carried(3, 5), enact(suspend)), Ok(()));
        assert_eq!(
            crate::Members::organisation(organisation).unwrap().entries,
            before + 1
        );
        assert_eq!(Consortium::consortium().unwrap().entries, 4);
    });
}

#[test]
fn the_vote_of_a_seat_moves_with_its_admin_key_and_is_never_two() {
    with_five_seats(|| {
        let admin_key = super::chain::key(200);
        let rotate = pallet_members::Call::rotate_admin { admin: admin_key };
        assert_eq!(in_block(admin(1), &rotate.into()), Ok(Ok(())));
        let voters = pallet_collective::Members::<Runtime>::get();
        assert_eq!(voters.len(), 5);
        assert!(voters.contains(&super::chain::account(&admin_key)));
        assert!(!voters.contains(&super::chain::account(&admin(1))));
    });
}
