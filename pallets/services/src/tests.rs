//! Tests over a chain of this pallet alone; each ends with the check of what must always be true.

use faultline_primitives::{
    service::{Action, Slug, MAX_UNLISTED},
    OrganisationId, ServiceId, Text, UnixMillis,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::{DispatchError, TransactionOutcome};

use crate::{mock::*, AllServices, BySlug, Entries, Error, Event, Services as Records};

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
        let Action::Registered(registration) = entry.action;
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
