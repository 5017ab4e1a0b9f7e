//! What every call leaves behind: one entry at the end of the log, of its block and its time, and an event.

use faultline_primitives::{
    log::What,
    organisation::{Action, Organisation, Roles},
    quota::Quota,
    Entry, GroupId, OrganisationId, Record, Roll, Text, UnixMillis,
};
use frame_support::assert_ok;
use sp_runtime::traits::Dispatchable;

use crate::{mock::*, AllOrganisations, Call, Event};

const FIRST: OrganisationId = OrganisationId(0);

/// Every call that appends to an organisation's log, with what its entry says.
fn calls() -> Vec<(RuntimeOrigin, Call<Test>, Action)> {
    let organisation = FIRST;
    let roles = Roles {
        provider: true,
        ..REPORTERS
    };
    let (group, label) = (GroupId(70), Text::<32>::try_from("second").unwrap());
    let quota = Quota {
        burst: 7,
        per_block: 3,
    };
    let (key, rotated, reset) = (account(12), account(13), account(14));
    vec![
        (council(), Call::suspend { organisation }, Action::Suspended),
        (council(), Call::reinstate { organisation }, Action::Reinstated),
        (
            council(),
            Call::set_roles { organisation, roles },
            Action::RolesSet(roles),
        ),
        (
            council(),
            Call::set_group { organisation, group },
            Action::GroupSet(group),
        ),
        (
            council(),
            Call::set_quota { organisation, quota },
            Action::QuotaSet(quota),
        ),
        (
            signed(ADMIN),
            Call::add_reporter {
                key,
                label: label.clone(),
            },
            Action::ReporterAdded { key, label },
        ),
        (
            signed(ADMIN),
            Call::revoke_reporter { key },
            Action::ReporterRevoked { key },
        ),
        (
            signed(ADMIN),
            Call::rotate_admin { admin: rotated },
            Action::AdminSet(rotated),
        ),
        (
            council(),
            Call::reset_admin {
                organisation,
                admin: reset,
            },
            Action::AdminSet(reset),
        ),
    ]
}

#[test]
fn every_call_appends_one_entry_of_its_block_and_time_and_says_so() {
    run(|| {
        // The genesis block made the first two: the admission, and its reporter key.
        for (number, (origin, call, action)) in (2u32..).zip(calls()) {
            let block = number + 5;
            let at = UnixMillis(10_000 + u64::from(number));
            System::set_block_number(block.into());
            Now::set(at.0);
            System::reset_events();
            assert_ok!(RuntimeCall::from(call).dispatch(origin));

            assert_eq!(Members::entries(FIRST, number, 9), [Entry { block, at, action }]);
            let record = Members::organisation(FIRST).unwrap();
            assert_eq!((record.entries, record.block, record.at), (number + 1, block, at));
            let log = Members::entries(FIRST, 0, u32::MAX);
            assert_eq!(
                Record::<Organisation>::replay(FIRST, &log).unwrap().unwrap(),
                record
            );
            // Of this pallet: the system says of its own when an account is new.
            let events: Vec<_> = System::read_events_for_pallet::<Event<Test>>();
            let organisation = FIRST;
            assert_eq!(
                events,
                [Event::Recorded {
                    organisation,
                    entry: number
                }]
            );
        }
    });
}

#[test]
fn only_an_admission_changes_the_roll() {
    run(|| {
        let before = AllOrganisations::<Test>::get().unwrap();
        let genesis = Roll::empty(What::Organisations, ())
            .with(FIRST, 0, UnixMillis(1_000))
            .with(OrganisationId(1), 0, UnixMillis(1_000));
        assert_eq!(before, genesis);
        for (origin, call, _) in calls() {
            assert_ok!(RuntimeCall::from(call).dispatch(origin));
        }
        assert_eq!(AllOrganisations::<Test>::get(), Some(before));

        Now::set(2_000);
        let (name, url) = (Text::try_from("Commons").unwrap(), Text::default());
        let quota = Quota {
            burst: 1,
            per_block: 1,
        };
        assert_ok!(Members::admit(
            council(),
            name,
            url,
            REPORTERS,
            Some(GroupId(70)),
            account(30),
            quota
        ));
        let after = before.with(OrganisationId(2), 1, UnixMillis(2_000));
        assert_eq!(AllOrganisations::<Test>::get(), Some(after));
        assert_eq!(Members::group_of(OrganisationId(2)), Some(GroupId(70)));
    });
}

#[test]
fn what_is_said_of_one_organisation_is_not_said_of_another() {
    run(|| {
        let other = Members::organisation(OrganisationId(1));
        for (origin, call, _) in calls() {
            assert_ok!(RuntimeCall::from(call).dispatch(origin));
        }
        assert_eq!(Members::organisation(OrganisationId(1)), other);
    });
}
