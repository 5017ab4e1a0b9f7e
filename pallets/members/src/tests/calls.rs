//! What each call does, and every reason why it does not.

use faultline_primitives::{
    organisation::{Action, Roles, Status, MAX_KEYS},
    quota::Quota,
    GroupId, OrganisationId, Text, UnixMillis,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError::BadOrigin;

use crate::{mock::*, Error, Event, Keys, Organisations};

const FIRST: OrganisationId = OrganisationId(0);

fn text<const N: u32>(text: &str) -> Text<N> {
    text.parse().unwrap()
}

fn not_utf8<const N: u32>() -> Text<N> {
    Text::from_bytes(&[0xff]).unwrap()
}

fn organisation(id: OrganisationId) -> faultline_primitives::organisation::Organisation {
    Organisations::<Test>::get(id).unwrap().state
}

fn quota() -> Quota {
    Quota {
        burst: 9,
        per_block: 1,
    }
}

fn admit(name: Text<64>, admin: u8) -> frame_support::dispatch::DispatchResult {
    Members::admit(
        council(),
        name,
        text(""),
        REPORTERS,
        None,
        account(admin),
        quota(),
    )
}

#[test]
fn the_genesis_block_admits_organisations_with_their_keys() {
    run(|| {
        assert_eq!(Members::count(), 2);
        let first = organisation(FIRST);
        assert_eq!(
            (first.name.to_string(), first.group, first.keys.len()),
            ("Northwatch".into(), GroupId(0), 1)
        );
        assert_eq!(organisation(OrganisationId(1)).group, GroupId(70));
        assert_eq!(Members::reporter(&id(REPORTER)), Ok((FIRST, GroupId(0))));
        assert_eq!(Members::ensure_admin(&id(ADMIN)), Ok(FIRST));
        assert!(Members::entries(FIRST, 0, 9).iter().all(|entry| entry.block == 0));
    });
}

#[test]
fn an_admission_is_the_first_entry_of_a_log_and_stands_on_the_roll() {
    run(|| {
        Now::set(5_000);
        assert_ok!(admit(text("Commons"), 30));
        let id = OrganisationId(2);
        let log = Members::entries(id, 0, 9);
        assert_eq!(log.len(), 1);
        assert_eq!((log[0].block, log[0].at), (1, UnixMillis(5_000)));
        assert_eq!(
            (organisation(id).group, organisation(id).quota),
            (GroupId(2), quota())
        );
        System::assert_last_event(
            Event::Recorded {
                organisation: id,
                entry: 0,
            }
            .into(),
        );
        assert_eq!(Members::count(), 3);
    });
}

#[test]
fn an_admission_wants_a_name_in_utf8_and_a_key_of_nobody() {
    run(|| {
        assert_noop!(admit(text(""), 30), Error::<Test>::NameEmpty);
        assert_noop!(admit(not_utf8(), 30), Error::<Test>::TextNotUtf8);
        for taken in [ADMIN, REPORTER] {
            assert_noop!(admit(text("Commons"), taken), Error::<Test>::KeyTaken);
        }
        let url = Members::admit(
            council(),
            text("C"),
            not_utf8(),
            REPORTERS,
            None,
            account(30),
            quota(),
        );
        assert_noop!(url, Error::<Test>::TextNotUtf8);
    });
}

#[test]
fn only_the_council_makes_the_councils_calls() {
    run(|| {
        for who in [
            signed(ADMIN),
            signed(REPORTER),
            signed(STRANGER),
            RuntimeOrigin::none(),
        ] {
            let admit = Members::admit(
                who.clone(),
                text("C"),
                text(""),
                REPORTERS,
                None,
                account(30),
                quota(),
            );
            assert_noop!(admit, BadOrigin);
            assert_noop!(Members::suspend(who.clone(), FIRST), BadOrigin);
            assert_noop!(Members::reinstate(who.clone(), FIRST), BadOrigin);
            assert_noop!(Members::set_roles(who.clone(), FIRST, REPORTERS), BadOrigin);
            assert_noop!(Members::set_group(who.clone(), FIRST, GroupId(1)), BadOrigin);
            assert_noop!(Members::set_quota(who.clone(), FIRST, quota()), BadOrigin);
            assert_noop!(Members::reset_admin(who, FIRST, account(30)), BadOrigin);
        }
    });
}

#[test]
fn the_council_finds_no_organisation_that_is_not_there() {
    run(|| {
        let nobody = OrganisationId(2);
        let missing = Error::<Test>::NoSuchOrganisation;
        assert_noop!(Members::suspend(council(), nobody), missing);
        assert_noop!(
            Members::reinstate(council(), nobody),
            Error::<Test>::NoSuchOrganisation
        );
        assert_noop!(
            Members::set_roles(council(), nobody, REPORTERS),
            Error::<Test>::NoSuchOrganisation
        );
        assert_noop!(
            Members::set_group(council(), nobody, GroupId(1)),
            Error::<Test>::NoSuchOrganisation
        );
        assert_noop!(
            Members::set_quota(council(), nobody, quota()),
            Error::<Test>::NoSuchOrganisation
        );
        assert_noop!(
            Members::reset_admin(council(), nobody, account(30)),
            Error::<Test>::NoSuchOrganisation
        );
    });
}

#[test]
fn a_suspended_organisation_does_not_speak_until_it_is_reinstated() {
    run(|| {
        assert_noop!(Members::reinstate(council(), FIRST), Error::<Test>::NotSuspended);
        assert_ok!(Members::suspend(council(), FIRST));
        assert_eq!(organisation(FIRST).status, Status::Suspended);
        assert_noop!(
            Members::suspend(council(), FIRST),
            Error::<Test>::AlreadySuspended
        );
        assert_eq!(
            Members::reporter(&id(REPORTER)),
            Err(Error::OrganisationSuspended)
        );
        let add = Members::add_reporter(signed(ADMIN), account(30), text("x"));
        assert_noop!(add, Error::<Test>::OrganisationSuspended);
        assert_ok!(Members::reinstate(council(), FIRST));
        assert_ok!(Members::reporter(&id(REPORTER)));
    });
}

#[test]
fn the_council_sets_roles_group_and_quota() {
    run(|| {
        let arbiter = Roles {
            reporter: false,
            provider: false,
            arbiter: true,
        };
        assert_ok!(Members::set_roles(council(), FIRST, arbiter));
        assert_ok!(Members::set_group(council(), FIRST, GroupId(70)));
        assert_ok!(Members::set_quota(council(), FIRST, quota()));
        let now = organisation(FIRST);
        assert_eq!((now.roles, now.group, now.quota), (arbiter, GroupId(70), quota()));
        assert_eq!(Members::reporter(&id(REPORTER)), Err(Error::RoleMissing));
        let said: Vec<_> = Members::entries(FIRST, 2, 9)
            .into_iter()
            .map(|entry| entry.action)
            .collect();
        assert_eq!(
            said,
            [
                Action::RolesSet(arbiter),
                Action::GroupSet(GroupId(70)),
                Action::QuotaSet(quota())
            ]
        );
    });
}

#[test]
fn the_admin_adds_and_revokes_reporter_keys_and_a_revoked_one_never_comes_back() {
    run(|| {
        assert_ok!(Members::add_reporter(signed(ADMIN), account(12), text("second")));
        System::assert_has_event(
            Event::Recorded {
                organisation: FIRST,
                entry: 2,
            }
            .into(),
        );
        assert_ok!(Members::reporter(&id(12)));
        assert_ok!(Members::revoke_reporter(signed(ADMIN), account(12)));
        assert_eq!(Members::reporter(&id(12)), Err(Error::KeyRevoked));
        assert!(Keys::<Test>::get(id(12)).unwrap().revoked, "its history stays");
        for admin in [ADMIN, OTHER_ADMIN] {
            let again = Members::add_reporter(signed(admin), account(12), text("again"));
            assert_noop!(again, Error::<Test>::KeyTaken);
        }
        assert_noop!(
            Members::revoke_reporter(signed(ADMIN), account(12)),
            Error::<Test>::NoSuchKey
        );
        assert_eq!(Members::entries(FIRST, 0, 9).len(), 4);
    });
}

#[test]
fn a_key_belongs_to_one_organisation() {
    run(|| {
        for taken in [ADMIN, REPORTER, OTHER_ADMIN, OTHER_REPORTER] {
            let add = Members::add_reporter(signed(ADMIN), account(taken), text("x"));
            assert_noop!(add, Error::<Test>::KeyTaken);
            assert_noop!(
                Members::rotate_admin(signed(ADMIN), account(taken)),
                Error::<Test>::KeyTaken
            );
        }
        let of_other = Members::revoke_reporter(signed(ADMIN), account(OTHER_REPORTER));
        assert_noop!(of_other, Error::<Test>::NoSuchKey);
    });
}

#[test]
fn an_organisation_has_sixteen_reporter_keys_at_most_and_a_revoked_one_makes_room() {
    run(|| {
        for n in 1..MAX_KEYS {
            assert_ok!(Members::add_reporter(
                signed(ADMIN),
                account(100 + n as u8),
                text("x")
            ));
        }
        let one_more = Members::add_reporter(signed(ADMIN), account(200), text("x"));
        assert_noop!(one_more, Error::<Test>::TooManyKeys);
        assert_ok!(Members::revoke_reporter(signed(ADMIN), account(REPORTER)));
        assert_ok!(Members::add_reporter(signed(ADMIN), account(200), text("x")));
    });
}

#[test]
fn a_label_is_utf8() {
    run(|| {
        let add = Members::add_reporter(signed(ADMIN), account(30), not_utf8());
        assert_noop!(add, Error::<Test>::TextNotUtf8);
    });
}

#[test]
fn an_admin_key_that_is_rotated_away_never_speaks_again() {
    run(|| {
        AdminsSet::set(Vec::new());
        assert_ok!(Members::rotate_admin(signed(ADMIN), account(13)));
        assert_eq!(AdminsSet::get(), [FIRST], "whoever counts by admin keys is told");
        assert_noop!(
            Members::rotate_admin(signed(ADMIN), account(14)),
            Error::<Test>::KeyRevoked
        );
        assert_eq!(Members::ensure_admin(&id(13)), Ok(FIRST));
        // The council helps an organisation that lost its key.
        assert_ok!(Members::reset_admin(council(), FIRST, account(14)));
        assert_eq!(Members::ensure_admin(&id(13)), Err(Error::KeyRevoked));
        assert_eq!(Members::ensure_admin(&id(14)), Ok(FIRST));
        assert_noop!(
            Members::reset_admin(council(), FIRST, account(ADMIN)),
            Error::<Test>::KeyTaken
        );
    });
}

#[test]
fn no_account_of_a_key_is_ever_reaped() {
    run(|| {
        assert_ok!(Members::add_reporter(signed(ADMIN), account(12), text("second")));
        System::inc_account_nonce(id(12));
        assert_ok!(Members::revoke_reporter(signed(ADMIN), account(12)));
        assert_eq!(
            (System::providers(&id(12)), System::account_nonce(id(12))),
            (1, 1)
        );
    });
}

#[test]
fn an_entry_before_the_last_ones_time_does_not_stand() {
    run(|| {
        assert_ok!(Members::suspend(council(), FIRST));
        Now::set(999);
        assert_noop!(Members::reinstate(council(), FIRST), Error::<Test>::LogRefuses);
    });
}

#[test]
fn the_arbiters_are_those_in_the_role_that_are_not_suspended() {
    run(|| {
        let arbiter = Roles {
            arbiter: true,
            ..REPORTERS
        };
        assert_ok!(Members::set_roles(council(), OrganisationId(1), arbiter));
        assert_ok!(Members::set_roles(council(), FIRST, arbiter));
        let both = [(FIRST, GroupId(0)), (OrganisationId(1), GroupId(70))];
        assert_eq!(Members::arbiters(), both);
        assert_eq!(Members::arbiter(&id(REPORTER)), Ok((FIRST, GroupId(0))));
        assert_ok!(Members::suspend(council(), FIRST));
        assert_eq!(Members::arbiters(), both[1..]);
        assert_ok!(Members::set_roles(council(), OrganisationId(1), REPORTERS));
        assert!(Members::arbiters().is_empty());
        assert_eq!(Members::arbiter(&id(OTHER_REPORTER)), Err(Error::RoleMissing));
    });
}

#[test]
fn there_are_128_arbiters_at_most() {
    run(|| {
        let arbiter = Roles {
            reporter: false,
            provider: false,
            arbiter: true,
        };
        let admit =
            |n: u8| Members::admit(council(), text("A"), text(""), arbiter, None, account(n), quota());
        for n in 100..228 {
            assert_ok!(admit(n));
        }
        assert_noop!(admit(228), Error::<Test>::TooManyArbiters);
        assert_noop!(
            Members::set_roles(council(), FIRST, arbiter),
            Error::<Test>::TooManyArbiters
        );
    });
}
