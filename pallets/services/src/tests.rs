//! Tests over a chain of this pallet alone; each ends with the check of what must always be true.

use faultline_primitives::{
    service::{Action, Slug, MAX_UNLISTED},
    OrganisationId, ServiceId, Text, UnixMillis,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::{DispatchError, TransactionOutcome};

use crate::{mock::*, AllServices, BySlug, Entries, Error, Event, Services as Records, Texts, Unlisted};

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn name() -> Text<64> {
    "Somebody's".parse().unwrap()
}

fn register(who: u8, text: &str) -> DispatchResult {
    Services::register(signed(who), slug(text), name(), Text::default(), None)
}

#[test]
fn the_genesis_block_lists_services_with_their_providers() {
    run(|| {
        assert_eq!(Services::count(), 2);
        let api = Services::service(ServiceId(1)).unwrap().state;
        assert_eq!(
            (api.parent, api.provider, api.listed),
            (Some(ServiceId(0)), Some(OrganisationId(4)), true)
        );
        assert_eq!(Services::by_slug(&slug("openai/api")), Some(ServiceId(1)));
    });
}

#[test]
#[should_panic(expected = "NoSuchParent")]
fn a_genesis_service_stands_after_its_parent() {
    chain(vec![service("openai/api", Some("openai"), None)]);
}

#[test]
#[should_panic(expected = "NoSuchProvider")]
fn a_genesis_service_has_a_provider_that_is_there() {
    chain(vec![service("openai", None, Some(77))]);
}

#[test]
fn a_reporter_registers_a_service_that_nobody_has_listed_and_nobody_provides() {
    run(|| {
        Now::set(5_000);
        let parent = Some(ServiceId(0));
        assert_ok!(Services::register(
            signed(2),
            slug("openai/sora"),
            name(),
            Text::default(),
            parent
        ));
        let id = ServiceId(2);
        System::assert_last_event(
            Event::Recorded {
                service: id,
                entry: 0,
            }
            .into(),
        );
        let record = Services::service(id).unwrap();
        assert_eq!(
            (record.state.listed, record.state.provider, record.state.parent),
            (false, None, parent)
        );
        let entry = Entries::<Test>::get(id, 0).unwrap();
        assert_eq!((entry.block, entry.at), (1, UnixMillis(5_000)));
        let Action::Registered(registration) = entry.action else {
            panic!("a log begins with a registration");
        };
        assert_eq!(registration.by, Some(OrganisationId(2)));
        assert_eq!(AllServices::<Test>::get().unwrap().count, 3);
    });
}

#[test]
fn what_cannot_be_a_service_is_refused_with_a_reason_of_its_own() {
    run(|| {
        assert_noop!(register(1, "openai"), Error::<Test>::SlugTaken);
        for malformed in ["", "Openai", "open ai", "openai/", "/openai", "a//b", "caf\u{e9}"] {
            assert_noop!(register(1, malformed), Error::<Test>::SlugMalformed);
        }
        let unnamed = Services::register(signed(1), slug("a"), Text::default(), Text::default(), None);
        assert_noop!(unnamed, Error::<Test>::NameEmpty);
        let not_utf8 = Text::from_bytes(&[0xff]).unwrap();
        let url = Services::register(signed(1), slug("a"), name(), not_utf8, None);
        assert_noop!(url, Error::<Test>::TextNotUtf8);
        let orphan = Services::register(signed(1), slug("a"), name(), Text::default(), Some(ServiceId(9)));
        assert_noop!(orphan, Error::<Test>::NoSuchParent);
    });
}

#[test]
fn whoever_is_no_reporter_registers_nothing() {
    run(|| {
        assert_noop!(register(99, "a"), DispatchError::Other("nobody"));
        let unsigned = Services::register(RuntimeOrigin::none(), slug("a"), name(), Text::default(), None);
        assert_noop!(unsigned, DispatchError::BadOrigin);
    });
}

#[test]
fn an_organisation_has_sixteen_unlisted_services_and_takes_no_room_from_others() {
    run(|| {
        for n in 0..MAX_UNLISTED {
            assert_ok!(register(1, &format!("service-{n}")));
        }
        assert_noop!(register(1, "one-more"), Error::<Test>::TooManyUnlisted);
        assert_ok!(register(2, "one-more"));
    });
}

fn state(id: u32) -> faultline_primitives::service::Service {
    Services::service(ServiceId(id)).unwrap().state
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
fn the_council_lists_assigns_and_retires() {
    run(|| {
        let council = RuntimeOrigin::root;
        assert_ok!(register(1, "somebodys"));
        let id = ServiceId(2);
        assert_eq!(Unlisted::<Test>::get(OrganisationId(1)), 1);
        assert_ok!(Services::list(council(), id, true));
        assert_ok!(Services::list(council(), id, true));
        assert_eq!(
            (state(2).listed, Unlisted::<Test>::get(OrganisationId(1))),
            (true, 0)
        );
        assert_ok!(Services::list(council(), id, false));
        assert_eq!(Unlisted::<Test>::get(OrganisationId(1)), 1);
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
fn a_state_that_was_tampered_with_is_found_out() {
    run(|| {
        let found = |tamper: fn()| {
            frame_support::storage::with_transaction(|| {
                tamper();
                TransactionOutcome::Rollback(Ok::<_, DispatchError>(Services::check_state()))
            })
            .unwrap()
        };
        assert_eq!(found(|| ()), Ok(()));
        let tampers: [(&str, fn()); 5] = [
            ("an entry taken out", || Entries::<Test>::remove(ServiceId(1), 0)),
            ("a record set", || {
                Records::<Test>::mutate(ServiceId(1), |record| {
                    record.as_mut().unwrap().state.provider = None
                })
            }),
            ("a service taken out", || Records::<Test>::remove(ServiceId(1))),
            ("a roll set", || {
                AllServices::<Test>::mutate(|roll| roll.as_mut().unwrap().count = 1)
            }),
            ("a slug turned", || {
                BySlug::<Test>::insert(slug("openai"), ServiceId(1))
            }),
        ];
        for (what, tamper) in tampers {
            assert!(found(tamper).is_err(), "{what}");
        }
    });
}
