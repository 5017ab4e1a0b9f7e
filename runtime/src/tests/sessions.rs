//! Validators and their keys come and go at the turns of sessions.

use codec::Encode;
use faultline_primitives::OrganisationId;
use frame_support::traits::{Hooks, KeyOwnerProofSystem};
use pallet_session::Validators;
use sp_consensus_grandpa::KEY_TYPE;
use sp_core::{ed25519, proof_of_possession::ProofOfPossessionGenerator, sr25519, Pair};
use sp_runtime::{traits::OpaqueKeys, DispatchError};

use super::chain::{self, account, admin, council, done, session_keys, signed, RULES, SESSION};
use crate::{
    configs::session::Validator, opaque::SessionKeys, Consortium, Grandpa, Historical, Runtime, Session,
    System,
};

type Failure = pallet_consortium::Error<Runtime>;

/// The next block, as far as it matters to sessions.
fn block() {
    let number = System::block_number() + 1;
    System::initialize(&number, &System::parent_hash(), &Default::default());
    Session::on_initialize(number);
    Grandpa::on_finalize(number);
}

/// Blocks until the next session begins.
pub fn turn() {
    let now = Session::current_index();
    while Session::current_index() == now {
        block();
    }
}

pub fn active() -> Vec<u32> {
    let validators = Validators::<Runtime>::get();
    validators
        .iter()
        .map(|Validator(organisation)| organisation.0)
        .collect()
}

fn makes_blocks(owned: &Owned) -> bool {
    pallet_aura::Authorities::<Runtime>::get().contains(&owned.keys().aura)
}

pub fn set_id() -> u64 {
    pallet_grandpa::CurrentSetId::<Runtime>::get()
}

/// Keys of which a validator can prove that they are its own.
pub struct Owned {
    pub aura: sr25519::Pair,
    pub grandpa: ed25519::Pair,
}

impl Owned {
    pub fn new(n: u8) -> Self {
        Self {
            aura: sr25519::Pair::from_seed(&[n; 32]),
            grandpa: ed25519::Pair::from_seed(&[n; 32]),
        }
    }

    pub fn keys(&self) -> SessionKeys {
        SessionKeys {
            aura: self.aura.public().into(),
            grandpa: self.grandpa.public().into(),
        }
    }

    /// That whoever has the keys means them for this organisation's validator.
    pub fn proof(&self, organisation: u8) -> Vec<u8> {
        let owner = account(&admin(organisation)).encode();
        let (mut aura, mut grandpa) = (self.aura.clone(), self.grandpa);
        let proofs = (
            aura.generate_proof_of_possession(&owner),
            grandpa.generate_proof_of_possession(&owner),
        );
        proofs.encode()
    }
}

pub fn set_keys(organisation: u8, keys: SessionKeys, proof: Vec<u8>) -> Result<(), DispatchError> {
    done(
        signed(admin(organisation)),
        pallet_session::Call::set_keys { keys, proof },
    )
}

/// The council does this, as by a motion that all seats are for.
pub fn enact(call: pallet_consortium::Call<Runtime>) -> Result<(), DispatchError> {
    let seats = Consortium::seats().len() as u32;
    let motion = pallet_collective::RawOrigin::<crate::AccountId, ()>::Members(seats, seats);
    let call = Box::new(call.into());
    done(motion.into(), pallet_consortium::Call::enact { call })
}

pub fn add(organisation: u32) -> Result<(), DispatchError> {
    enact(pallet_consortium::Call::add_validator {
        organisation: OrganisationId(organisation),
    })
}

fn remove(organisation: u32) -> Result<(), DispatchError> {
    enact(pallet_consortium::Call::remove_validator {
        organisation: OrganisationId(organisation),
    })
}

#[test]
fn a_chain_begins_with_the_validators_and_keys_of_its_genesis_block() {
    chain::run(RULES, || {
        assert_eq!(active(), [0, 1, 6]);
        let keys = [1, 2, 7].map(session_keys);
        let aura: Vec<_> = keys.iter().map(|keys| keys.aura.clone()).collect();
        let grandpa: Vec<_> = keys.iter().map(|keys| (keys.grandpa.clone(), 1)).collect();
        assert_eq!(pallet_aura::Authorities::<Runtime>::get().into_inner(), aura);
        assert_eq!(Grandpa::grandpa_authorities(), grandpa);
    });
}

#[test]
fn a_turn_at_which_nothing_changes_makes_no_new_set_of_finality() {
    chain::run(RULES, || {
        for _ in 0..5 {
            turn();
        }
        assert_eq!((active(), set_id()), (vec![0, 1, 6], 0));
        assert_eq!(System::block_number(), 5 * SESSION);
    });
}

#[test]
fn a_validator_sets_its_keys_is_added_and_acts_at_the_second_turn() {
    chain::run(RULES, || {
        assert_eq!(add(2), Err(Failure::NoSessionKeys.into()));
        let owned = Owned::new(42);
        assert_eq!(set_keys(2, owned.keys(), owned.proof(2)), Ok(()));
        assert_eq!(add(2), Ok(()));
        turn();
        assert_eq!((active(), set_id()), (vec![0, 1, 6], 0));
        turn();
        assert_eq!((active(), set_id()), (vec![0, 1, 2, 6], 1));
        assert!(makes_blocks(&owned));
        turn();
        assert_eq!(set_id(), 1);
    });
}

#[test]
fn keys_alone_make_nobody_a_validator() {
    chain::run(RULES, || {
        let owned = Owned::new(42);
        assert_eq!(set_keys(2, owned.keys(), owned.proof(2)), Ok(()));
        for _ in 0..4 {
            turn();
        }
        assert_eq!((active(), set_id()), (vec![0, 1, 6], 0));
    });
}

#[test]
fn a_validator_that_is_removed_is_none_from_the_second_turn_on() {
    chain::run(RULES, || {
        assert_eq!(remove(1), Ok(()));
        turn();
        assert_eq!(active(), [0, 1, 6]);
        turn();
        assert_eq!((active(), set_id()), (vec![0, 6], 1));
    });
}

#[test]
fn keys_that_a_validator_rotates_act_at_the_second_turn_and_can_then_be_proven() {
    chain::run(RULES, || {
        let owned = Owned::new(43);
        assert_eq!(set_keys(0, owned.keys(), owned.proof(0)), Ok(()));
        turn();
        assert!(!makes_blocks(&owned));
        turn();
        assert_eq!((active(), set_id()), (vec![0, 1, 6], 1));
        assert!(makes_blocks(&owned));
        // Who votes twice by the new key is found out.
        let key = (KEY_TYPE, owned.keys().grandpa);
        let proof = Historical::prove(key.clone()).unwrap();
        let of_now = Historical::check_proof(key, proof);
        assert_eq!(of_now, Some((Validator(OrganisationId(0)), ())));
    });
}

#[test]
fn keys_are_set_by_whoever_has_them_for_its_own_organisation_only_and_are_nobody_elses() {
    chain::run(RULES, || {
        type Failure = pallet_session::Error<Runtime>;
        let owned = Owned::new(42);
        let stolen = set_keys(2, owned.keys(), owned.proof(3));
        assert_eq!(stolen, Err(Failure::InvalidProof.into()));
        let unproven = set_keys(2, owned.keys(), Vec::new());
        assert_eq!(unproven, Err(Failure::InvalidProof.into()));
        assert_eq!(set_keys(2, owned.keys(), owned.proof(2)), Ok(()));
        let twice = set_keys(3, owned.keys(), owned.proof(3));
        assert_eq!(twice, Err(Failure::DuplicatedKey.into()));
        let stranger = done(
            signed(chain::key(250)),
            pallet_session::Call::set_keys {
                keys: owned.keys(),
                proof: owned.proof(2),
            },
        );
        assert_eq!(stranger, Err(Failure::InvalidProof.into()));
    });
}

#[test]
fn an_organisation_whose_admin_key_is_another_now_still_sets_its_keys() {
    chain::run(RULES, || {
        let reset = pallet_members::Call::reset_admin {
            organisation: OrganisationId(0),
            admin: chain::key(251),
        };
        assert_eq!(done(council(), reset), Ok(()));
        let owned = Owned::new(44);
        let (mut aura, mut grandpa) = (owned.aura.clone(), owned.grandpa);
        let owner = account(&chain::key(251)).encode();
        let proof = (
            aura.generate_proof_of_possession(&owner),
            grandpa.generate_proof_of_possession(&owner),
        );
        let keys = owned.keys();
        assert!(keys.ownership_proof_is_valid(&owner, &proof.encode()));
        let set = pallet_session::Call::set_keys {
            keys: keys.clone(),
            proof: proof.encode(),
        };
        assert_eq!(done(signed(chain::key(251)), set), Ok(()));
        assert_eq!(Session::load_keys(&Validator(OrganisationId(0))), Some(keys));
        let old = Owned::new(45);
        let refused = set_keys(0, old.keys(), old.proof(0));
        let none = pallet_session::Error::<Runtime>::NoAssociatedValidatorId;
        assert_eq!(refused, Err(none.into()));
    });
}
