//! Who is a validator, who voted twice, and what a checkpoint says.

use faultline_primitives::{
    consortium::{Action, Checkpoint},
    Hash, OrganisationId,
};
use frame_support::assert_noop;

use super::motions::{acts, enact, motion};
use crate::{mock::*, Error, Pallet};

type Failure = Error<Test>;

fn add(organisation: u32) -> RuntimeCall {
    let organisation = OrganisationId(organisation);
    enact(crate::Call::add_validator { organisation }.into())
}

fn remove(organisation: u32) -> RuntimeCall {
    let organisation = OrganisationId(organisation);
    enact(crate::Call::remove_validator { organisation }.into())
}

fn publish() -> RuntimeCall {
    enact(crate::Call::publish_checkpoint {}.into())
}

fn validators() -> Vec<u32> {
    Pallet::<Test>::validators()
        .iter()
        .map(|validator| validator.0)
        .collect()
}

#[test]
fn a_validator_is_added_once_it_has_set_its_keys() {
    run(|| {
        let no_keys = Some(Err(Failure::NoSessionKeys.into()));
        assert_eq!(motion(add(4), 2, &[1, 2]), no_keys);
        assert_eq!(validators(), [1, 2, 3]);
        WithKeys::set(vec![1, 2, 3, 4]);
        assert_eq!(motion(add(4), 2, &[1, 2]), Some(Ok(())));
        assert_eq!(validators(), [1, 2, 3, 4]);
        let again = Some(Err(Failure::ValidatorAlready.into()));
        assert_eq!(motion(add(4), 2, &[1, 2]), again);
    });
}

#[test]
fn nobody_is_added_that_is_no_organisation() {
    run(|| {
        WithKeys::set(vec![1, 2, 3, 50]);
        let nobody = Some(Err(Failure::NoSuchOrganisation.into()));
        assert_eq!(motion(add(50), 2, &[1, 2]), nobody);
    });
}

#[test]
fn validators_are_removed_down_to_the_floor() {
    run(|| {
        assert_eq!(motion(remove(2), 2, &[1, 2]), Some(Ok(())));
        assert_eq!(validators(), [1, 3]);
        let too_few = Some(Err(Failure::TooFewValidators.into()));
        assert_eq!(motion(remove(3), 2, &[1, 2]), too_few);
        let none = Some(Err(Failure::NotValidator.into()));
        assert_eq!(motion(remove(2), 2, &[1, 2]), none);
        assert_eq!(validators(), [1, 3]);
    });
}

#[test]
fn only_an_act_of_the_council_changes_who_is_a_validator() {
    run(|| {
        let organisation = OrganisationId(2);
        for origin in [signed(1), RuntimeOrigin::root(), RuntimeOrigin::none()] {
            let bad = sp_runtime::DispatchError::BadOrigin;
            assert_noop!(Consortium::add_validator(origin.clone(), organisation), bad);
            assert_noop!(Consortium::remove_validator(origin.clone(), organisation), bad);
            assert_noop!(Consortium::publish_checkpoint(origin), bad);
        }
    });
}

#[test]
fn who_votes_twice_stands_in_the_log_once_a_session() {
    run(|| {
        let by_2 = |session| Pallet::<Test>::equivocated(OrganisationId(2), session);
        assert!(by_2(5));
        assert!(!by_2(5));
        assert!(!by_2(4));
        assert!(by_2(6));
        let twice = |session| Action::Equivocated {
            validator: OrganisationId(2),
            session,
        };
        assert_eq!(acts()[1..], [twice(5), twice(6)]);
        System::assert_last_event(crate::Event::Recorded { entry: 2 }.into());
    });
}

#[test]
fn a_checkpoint_is_the_block_before_with_those_who_finalize_what_follows() {
    run(|| {
        System::set_block_number(41);
        assert_eq!(motion(publish(), 2, &[1, 2]), Some(Ok(())));
        let checkpoint = Checkpoint {
            number: 40,
            hash: Hash([6; 32]),
            set_id: 7,
            set: Hash([7; 32]),
        };
        assert_eq!(acts().last(), Some(&Action::Checkpointed(checkpoint)));
        let record = Pallet::<Test>::consortium().unwrap();
        assert_eq!(record.state.checkpoint, Some(checkpoint));
        // The act, and what it published.
        assert_eq!(record.entries, 3);
        let again = Some(Err(Failure::CheckpointBackwards.into()));
        assert_eq!(motion(publish(), 2, &[1, 2]), again);
        assert_eq!(acts().len(), 3);
    });
}

#[test]
fn no_checkpoint_is_published_while_the_validators_change() {
    run(|| {
        System::set_block_number(41);
        Changing::set(true);
        let changing = Some(Err(Failure::ValidatorsChanging.into()));
        assert_eq!(motion(publish(), 2, &[1, 2]), changing);
        assert_eq!(acts().len(), 1);
    });
}
