//! What a provider says of its service.

use codec::{Decode, Encode};
use faultline_primitives::{
    attestation::Body,
    service::{Action, MAX_MAINTENANCES},
    OrganisationId, ServiceId, Sha256, Text, UnixMillis,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::DispatchError;

use super::{council, name, register, state};
use crate::{mock::*, Entries, Error, Event, Texts};

const HOUR: u64 = 3_600_000;

/// The provider of service 1 announces maintenance without a notice.
fn announce(from: u64, until: u64) -> DispatchResult {
    let (from, until) = (UnixMillis(from), UnixMillis(until));
    Services::announce_maintenance(signed(4), ServiceId(1), from, until, Body::default())
}

#[test]
fn the_provider_describes_its_service_and_nobody_elses() {
    run(|| {
        let describe = |who, id| Services::describe(signed(who), ServiceId(id), name(), Text::default());
        assert_ok!(describe(4, 1));
        assert_eq!(state(1).name, name());
        System::assert_last_event(
            Event::Recorded {
                service: ServiceId(1),
                entry: 1,
            }
            .into(),
        );
        assert_noop!(describe(5, 1), Error::<Test>::NotTheProvider);
        assert_noop!(describe(4, 9), Error::<Test>::NoSuchService);
        assert_noop!(describe(99, 1), DispatchError::Other("nobody"));
        let unnamed = Services::describe(signed(4), ServiceId(1), Text::default(), Text::default());
        assert_noop!(unnamed, Error::<Test>::NameEmpty);
    });
}

#[test]
fn the_provider_announces_maintenance_with_a_notice() {
    run(|| {
        let hour = 3_600_000;
        let announce = |who, from, until, text: &[u8]| {
            let text = Text::from_bytes(text).unwrap();
            Services::announce_maintenance(
                signed(who),
                ServiceId(1),
                UnixMillis(from),
                UnixMillis(until),
                text,
            )
        };
        Now::set(hour);
        assert_ok!(announce(4, 2 * hour, 3 * hour, b"Databases move."));
        assert_ok!(announce(4, 0, 2 * hour, b""));
        let late: Vec<_> = state(1)
            .maintenance
            .iter()
            .map(|announced| announced.is_late())
            .collect();
        assert_eq!(late, [false, true]);
        assert_eq!(
            Texts::<Test>::get(ServiceId(1), 1).unwrap().to_string(),
            "Databases move."
        );
        assert_eq!(Texts::<Test>::get(ServiceId(1), 2), None);
        assert_noop!(
            announce(5, 2 * hour, 3 * hour, b""),
            Error::<Test>::NotTheProvider
        );
        assert_noop!(
            announce(4, 2 * hour, 3 * hour, &[0xff]),
            Error::<Test>::TextNotUtf8
        );
        assert_noop!(
            announce(4, 3 * hour, 2 * hour, b""),
            Error::<Test>::MaintenanceReversed
        );
        assert_noop!(announce(4, 0, hour, b""), Error::<Test>::MaintenancePast);
        assert_noop!(
            announce(4, hour, 73 * hour + 1, b""),
            Error::<Test>::MaintenanceTooLong
        );
        for _ in 2..32 {
            assert_ok!(announce(4, 2 * hour, 3 * hour, b""));
        }
        assert_noop!(
            announce(4, 2 * hour, 3 * hour, b""),
            Error::<Test>::TooManyMaintenances
        );
    });
}

#[test]
fn a_notice_is_what_its_entry_commits_to() {
    run(|| {
        let (from, until) = (UnixMillis(HOUR), UnixMillis(2 * HOUR));
        let notice: Body = "Databases move.".parse().unwrap();
        let announced = Services::announce_maintenance(signed(4), ServiceId(1), from, until, notice.clone());
        assert_ok!(announced);
        let text = Some(Sha256(sp_io::hashing::sha2_256(b"Databases move.")));
        assert_eq!(
            Entries::<Test>::get(ServiceId(1), 1).unwrap().action,
            Action::MaintenanceAnnounced { from, until, text }
        );
        assert_eq!(Texts::<Test>::get(ServiceId(1), 1), Some(notice));
        System::assert_last_event(
            Event::Recorded {
                service: ServiceId(1),
                entry: 1,
            }
            .into(),
        );
    });
}

#[test]
fn a_notice_of_513_bytes_is_no_call() {
    let decodes = |length: usize| {
        let text = vec![b't'; length];
        let bytes = (1u8, 2u8, ServiceId(1), UnixMillis(1), UnixMillis(2), text).encode();
        RuntimeCall::decode(&mut &bytes[..]).is_ok()
    };
    assert!(decodes(512));
    assert!(!decodes(513));
}

#[test]
fn maintenance_lasts_seventy_two_hours_at_most_and_ends_in_the_future() {
    run(|| {
        Now::set(HOUR);
        assert_noop!(
            announce(2 * HOUR, 74 * HOUR + 1),
            Error::<Test>::MaintenanceTooLong
        );
        assert_ok!(announce(2 * HOUR, 74 * HOUR));
        assert_noop!(announce(HOUR, HOUR), Error::<Test>::MaintenancePast);
        assert_ok!(announce(HOUR, HOUR + 1));
        assert_noop!(
            announce(2 * HOUR + 1, 2 * HOUR),
            Error::<Test>::MaintenanceReversed
        );
        assert_ok!(announce(2 * HOUR, 2 * HOUR));
        // Announced in the millisecond in which it begins, it is not late; one later it is.
        Now::set(2 * HOUR);
        assert_ok!(announce(2 * HOUR, 3 * HOUR));
        Now::set(2 * HOUR + 1);
        assert_ok!(announce(2 * HOUR, 3 * HOUR));
        let late: Vec<_> = state(1)
            .maintenance
            .iter()
            .map(|announced| (announced.is_late(), announced.entry))
            .collect();
        assert_eq!(late, [(false, 1), (false, 4), (true, 5)]);
    });
}

#[test]
fn maintenance_that_is_over_makes_room_for_more() {
    run(|| {
        for n in 0..u64::from(MAX_MAINTENANCES) {
            assert_ok!(announce(HOUR, 2 * HOUR + n));
        }
        assert_noop!(announce(HOUR, 3 * HOUR), Error::<Test>::TooManyMaintenances);
        Now::set(2 * HOUR - 1);
        assert_noop!(announce(HOUR, 3 * HOUR), Error::<Test>::TooManyMaintenances);
        // The first is over now, and the entry that announced it stays.
        Now::set(2 * HOUR);
        assert_ok!(announce(HOUR, 3 * HOUR));
        assert_noop!(announce(HOUR, 3 * HOUR), Error::<Test>::TooManyMaintenances);
        assert_eq!(Services::service(ServiceId(1)).unwrap().entries, 34);
    });
}

#[test]
fn a_service_is_described_in_utf8() {
    run(|| {
        let not_utf8 = || Text::from_bytes(&[0xff]).unwrap();
        let described = Services::describe(signed(4), ServiceId(1), not_utf8(), Text::default());
        assert_noop!(described, Error::<Test>::TextNotUtf8);
        let described = Services::describe(
            signed(4),
            ServiceId(1),
            name(),
            Text::from_bytes(&[0xff]).unwrap(),
        );
        assert_noop!(described, Error::<Test>::TextNotUtf8);
    });
}

#[test]
fn whoever_provides_nothing_says_nothing_of_a_service() {
    run(|| {
        let says = |who: RuntimeOrigin, id: u32, why: DispatchError| {
            let service = ServiceId(id);
            let described = Services::describe(who.clone(), service, name(), Text::default());
            assert_noop!(described, why);
            let (from, until) = (UnixMillis(HOUR), UnixMillis(2 * HOUR));
            let announced = Services::announce_maintenance(who, service, from, until, Body::default());
            assert_noop!(announced, why);
        };
        says(signed(99), 1, DispatchError::Other("nobody"));
        says(RuntimeOrigin::none(), 1, DispatchError::BadOrigin);
        says(council(), 1, DispatchError::BadOrigin);
        says(signed(4), 9, Error::<Test>::NoSuchService.into());
        says(signed(5), 1, Error::<Test>::NotTheProvider.into());
        // Who registers a service does not provide it.
        assert_ok!(register(5, "somebodys"));
        says(signed(5), 2, Error::<Test>::NotTheProvider.into());
    });
}

#[test]
fn a_provider_speaks_from_its_assignment_until_the_next() {
    run(|| {
        let describe = |who| Services::describe(signed(who), ServiceId(1), name(), Text::default());
        let assign = |to: Option<u32>| {
            let to = to.map(OrganisationId);
            Services::assign_provider(council(), ServiceId(1), to)
        };
        assert_ok!(assign(Some(5)));
        assert_noop!(describe(4), Error::<Test>::NotTheProvider);
        assert_ok!(describe(5));
        assert_ok!(assign(None));
        assert_noop!(describe(5), Error::<Test>::NotTheProvider);
        assert_eq!(state(1).provider, None);
    });
}
