//! What the council does about services.

use faultline_primitives::{attestation::Body, OrganisationId, ServiceId, Text, UnixMillis};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

use super::{council, name, register, state, unlisted};
use crate::{mock::*, Error};

#[test]
fn the_council_lists_assigns_and_retires() {
    run(|| {
        assert_ok!(register(1, "somebodys"));
        let id = ServiceId(2);
        assert_eq!(unlisted(1), 1);
        assert_ok!(Services::list(council(), id, true));
        assert_ok!(Services::list(council(), id, true));
        assert_eq!((state(2).listed, unlisted(1)), (true, 0));
        assert_ok!(Services::list(council(), id, false));
        assert_eq!(unlisted(1), 1);
        assert_ok!(Services::assign_provider(council(), id, Some(OrganisationId(7))));
        assert_eq!(state(2).provider, Some(OrganisationId(7)));
        let nobody = Services::assign_provider(council(), id, Some(OrganisationId(77)));
        assert_noop!(nobody, Error::<Test>::NoSuchProvider);
        assert_ok!(Services::retire(council(), id));
        assert_noop!(Services::retire(council(), id), Error::<Test>::Retired);
        let none = ServiceId(9);
        assert_noop!(
            Services::list(council(), none, true),
            Error::<Test>::NoSuchService
        );
        assert_noop!(
            Services::assign_provider(council(), none, None),
            Error::<Test>::NoSuchService
        );
        assert_noop!(Services::retire(council(), none), Error::<Test>::NoSuchService);
        for who in [signed(4), RuntimeOrigin::none()] {
            assert_noop!(Services::list(who.clone(), id, true), DispatchError::BadOrigin);
            assert_noop!(
                Services::assign_provider(who.clone(), id, None),
                DispatchError::BadOrigin
            );
            assert_noop!(Services::retire(who, id), DispatchError::BadOrigin);
        }
    });
}

#[test]
fn nothing_about_a_retired_service_changes_any_more() {
    run(|| {
        assert_ok!(register(1, "somebodys"));
        let id = ServiceId(2);
        assert_ok!(Services::assign_provider(council(), id, Some(OrganisationId(4))));
        assert_ok!(Services::retire(council(), id));
        let retired = Error::<Test>::Retired;
        let described = Services::describe(signed(4), id, name(), Text::default());
        assert_noop!(described, retired);
        let (from, until) = (UnixMillis(2_000), UnixMillis(3_000));
        let announced = Services::announce_maintenance(signed(4), id, from, until, Body::default());
        assert_noop!(announced, Error::<Test>::Retired);
        assert_noop!(Services::list(council(), id, true), Error::<Test>::Retired);
        let assigned = Services::assign_provider(council(), id, None);
        assert_noop!(assigned, Error::<Test>::Retired);
        assert_noop!(Services::retire(council(), id), Error::<Test>::Retired);
        assert_noop!(register(2, "somebodys"), Error::<Test>::SlugTaken);
        assert_eq!(unlisted(1), 1);
    });
}

#[test]
fn what_the_genesis_block_lists_is_nobodys_to_make_room_for() {
    run(|| {
        assert_ok!(Services::list(council(), ServiceId(0), false));
        assert!(!state(0).listed);
        assert_ok!(Services::list(council(), ServiceId(0), false));
        assert_ok!(Services::list(council(), ServiceId(0), true));
        for organisation in 0..10 {
            assert_eq!(unlisted(organisation), 0);
        }
    });
}

#[test]
fn an_entry_before_the_last_ones_time_does_not_stand() {
    run(|| {
        Now::set(2_000);
        assert_ok!(Services::list(council(), ServiceId(1), false));
        Now::set(1_999);
        assert_noop!(
            Services::list(council(), ServiceId(1), true),
            Error::<Test>::LogRefuses
        );
        // Other logs have times of their own.
        assert_ok!(Services::list(council(), ServiceId(0), false));
    });
}
