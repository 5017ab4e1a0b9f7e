//! Who votes twice is found out.

use faultline_primitives::{
    consortium::{Act, Action},
    OrganisationId,
};
use frame_support::traits::KeyOwnerProofSystem;
use sp_consensus_grandpa::{Equivocation, EquivocationProof, KEY_TYPE};
use sp_core::{ed25519, Pair};
use sp_runtime::DispatchError;

use super::{
    chain::{self, admin, done, signed, RULES},
    sessions::{active, add, set_id, set_keys, turn, Owned},
};
use crate::{configs::council::motions, Consortium, Historical, Runtime, Session};

/// Two votes of one validator in one round, with the proof that the key is a validator's.
fn votes_twice(
    grandpa: &ed25519::Pair,
) -> (
    Box<EquivocationProof<crate::Hash, u32>>,
    sp_session::MembershipProof,
) {
    let (round, set) = (3, set_id());
    let vote = |block: u8| {
        let vote = finality_grandpa::Prevote {
            target_hash: crate::Hash::repeat_byte(block),
            target_number: 9,
        };
        let message = finality_grandpa::Message::Prevote(vote.clone());
        let payload = sp_consensus_grandpa::localized_payload(round, set, &message);
        (vote, grandpa.sign(&payload).into())
    };
    let equivocation = finality_grandpa::Equivocation {
        round_number: round,
        identity: grandpa.public().into(),
        first: vote(1),
        second: vote(2),
    };
    let proof = EquivocationProof::new(set, Equivocation::Prevote(equivocation));
    let key = (
        KEY_TYPE,
        sp_consensus_grandpa::AuthorityId::from(grandpa.public()),
    );
    (Box::new(proof), Historical::prove(key).unwrap())
}

fn report(
    equivocation_proof: Box<EquivocationProof<crate::Hash, u32>>,
    key_owner_proof: sp_session::MembershipProof,
) -> Result<(), DispatchError> {
    let call = pallet_grandpa::Call::report_equivocation_unsigned {
        equivocation_proof,
        key_owner_proof,
    };
    done(crate::RuntimeOrigin::none(), call)
}

#[test]
fn who_votes_twice_makes_no_more_blocks_stands_in_the_log_and_the_council_is_asked_to_remove_it() {
    // Four, so that finality can do without one.
    four(|grandpa| {
        let (votes, proof) = votes_twice(&grandpa);
        assert_eq!(report(votes.clone(), proof.clone()), Ok(()));
        assert_eq!(Session::disabled_validators(), [1]);
        let organisation = OrganisationId(1);
        let session = Session::current_index();
        let action = Consortium::entries(0, 99).pop().unwrap().action;
        assert_eq!(
            action,
            Action::Equivocated {
                validator: organisation,
                session
            }
        );
        let motions = motions();
        assert_eq!(motions.len(), 1);
        assert_eq!(motions[0].act, Some(Act::RemoveValidator(organisation)));
        assert_eq!((motions[0].threshold, motions[0].ayes.len()), (2, 0));
        // The same votes are no news.
        let known = pallet_grandpa::Error::<Runtime>::DuplicateOffenceReport;
        assert_eq!(report(votes, proof), Err(known.into()));
        // The chain's own motion carries as any does.
        let hash = crate::Hash::from(motions[0].hash.0);
        let index = motions[0].index;
        for seat in [0, 6] {
            let vote = pallet_collective::Call::vote {
                proposal: hash,
                index,
                approve: true,
            };
            assert_eq!(done(signed(admin(seat)), vote), Ok(()));
        }
        let close = pallet_collective::Call::close {
            proposal_hash: hash,
            index,
            proposal_weight_bound: frame_support::weights::Weight::MAX,
            length_bound: 1000,
        };
        assert_eq!(done(signed(admin(0)), close), Ok(()));
        assert!(!Consortium::validators().contains(&organisation));
        turn();
        turn();
        assert_eq!(active(), [0, 2, 6]);
        assert_eq!(Session::disabled_validators(), [0u32; 0]);
    });
}

#[test]
fn no_more_are_disabled_than_finality_can_do_without() {
    four(|first| {
        let second = ed25519::Pair::from_seed(&[1; 32]);
        for grandpa in [first, second] {
            let (votes, proof) = votes_twice(&grandpa);
            assert_eq!(report(votes, proof), Ok(()));
        }
        assert_eq!(Session::disabled_validators(), [1]);
        let accused = Consortium::consortium().unwrap().state.accused;
        assert_eq!(accused.len(), 2);
    });
}

#[test]
fn votes_that_are_no_two_votes_of_a_validator_accuse_nobody() {
    four(|grandpa| {
        let (_, proof) = votes_twice(&grandpa);
        // Of a key that is no validator's, with the proof of another's.
        let stranger = ed25519::Pair::from_seed(&[99; 32]);
        let vote = |pair: &ed25519::Pair| {
            let prevote = finality_grandpa::Prevote {
                target_hash: crate::Hash::repeat_byte(1),
                target_number: 9,
            };
            let message = finality_grandpa::Message::Prevote(prevote.clone());
            let payload = sp_consensus_grandpa::localized_payload(3, set_id(), &message);
            (prevote, pair.sign(&payload).into())
        };
        for pair in [stranger, grandpa] {
            let equivocation = finality_grandpa::Equivocation {
                round_number: 3,
                identity: pair.public().into(),
                first: vote(&pair),
                second: vote(&pair),
            };
            let same = EquivocationProof::new(set_id(), Equivocation::Prevote(equivocation));
            let refused = pallet_grandpa::Error::<Runtime>::InvalidEquivocationProof;
            assert_eq!(report(Box::new(same), proof.clone()), Err(refused.into()));
        }
        assert_eq!(Session::disabled_validators(), [0u32; 0]);
        assert!(motions().is_empty());
    });
}

/// A chain of the validators 0, 1, 2 and 6, with the key by which 1 makes blocks final.
fn four(test: impl FnOnce(ed25519::Pair)) {
    chain::run(RULES, || {
        let owned = Owned::new(42);
        assert_eq!(set_keys(2, owned.keys(), owned.proof(2)), Ok(()));
        assert_eq!(add(2), Ok(()));
        turn();
        turn();
        assert_eq!(active(), [0, 1, 2, 6]);
        test(ed25519::Pair::from_seed(&[2; 32]));
    });
}
