//! What every call leaves behind: one entry at the end of the log, of its block and its time, and an event.

use faultline_primitives::{
    log::What,
    service::{Action, Service},
    Entry, OrganisationId, Record, Roll, ServiceId, Text, UnixMillis,
};
use frame_support::assert_ok;
use sp_runtime::traits::Dispatchable;

use super::{council, name, register};
use crate::{mock::*, AllServices, Call, Event};

/// Every call that appends to the log of service 1, with what its entry says.
fn calls() -> Vec<(RuntimeOrigin, Call<Test>, Action)> {
    let service = ServiceId(1);
    let provider = Some(OrganisationId(7));
    let (name, url, text) = (name(), Text::default(), Text::default());
    let (from, until) = (UnixMillis(20_000), UnixMillis(30_000));
    vec![
        (
            signed(4),
            Call::describe {
                service,
                name: name.clone(),
                url: url.clone(),
            },
            Action::Described { name, url },
        ),
        (
            signed(4),
            Call::announce_maintenance {
                service,
                from,
                until,
                text,
            },
            Action::MaintenanceAnnounced {
                from,
                until,
                text: None,
            },
        ),
        (
            council(),
            Call::list {
                service,
                listed: false,
            },
            Action::ListedSet(false),
        ),
        (
            council(),
            Call::assign_provider { service, provider },
            Action::ProviderSet(provider),
        ),
        (council(), Call::retire { service }, Action::Retired),
    ]
}

#[test]
fn every_call_appends_one_entry_of_its_block_and_time_and_says_so() {
    run(|| {
        let id = ServiceId(1);
        let before = AllServices::<Test>::get();
        for (number, (origin, call, action)) in (1u32..).zip(calls()) {
            let block = number + 5;
            let at = UnixMillis(10_000 + u64::from(number));
            System::set_block_number(block.into());
            Now::set(at.0);
            assert_ok!(RuntimeCall::from(call).dispatch(origin));

            let log: Vec<_> = faultline_pallet_log::entries::<crate::pallet::Log<Test>>(id, 0, u32::MAX)
                .map(|(_, entry)| entry)
                .collect();
            assert_eq!(log[number as usize..], [Entry { block, at, action }]);
            let record = Services::service(id).unwrap();
            assert_eq!((record.entries, record.block, record.at), (number + 1, block, at));
            assert_eq!(Record::<Service>::replay(id, &log).unwrap().unwrap(), record);
            System::assert_last_event(
                Event::Recorded {
                    service: id,
                    entry: number,
                }
                .into(),
            );
        }
        assert_eq!(AllServices::<Test>::get(), before, "the roll is of registrations");
        assert_eq!(Services::service(ServiceId(0)).unwrap().entries, 1);
    });
}

#[test]
fn a_registration_stands_on_the_roll_with_its_block_and_time() {
    run(|| {
        let genesis = Roll::empty(What::Services, ())
            .with(ServiceId(0), 0, UnixMillis(1_000))
            .with(ServiceId(1), 0, UnixMillis(1_000));
        assert_eq!(AllServices::<Test>::get(), Some(genesis));
        System::set_block_number(7);
        Now::set(5_000);
        assert_ok!(register(1, "somebodys"));
        let after = genesis.with(ServiceId(2), 7, UnixMillis(5_000));
        assert_eq!(AllServices::<Test>::get(), Some(after));
    });
}
