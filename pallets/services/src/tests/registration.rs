//! How services come to be.

use codec::{Decode, Encode};
use faultline_primitives::{
    service::{Action, MAX_UNLISTED},
    OrganisationId, ServiceId, Text, UnixMillis,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

use super::{council, name, register, slug, state, unlisted};
use crate::{mock::*, AllServices, Entries, Error, Event};

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

#[test]
fn a_chain_may_begin_with_nothing_to_watch() {
    chain(vec![]).execute_with(|| {
        assert_eq!((Services::count(), AllServices::<Test>::get()), (0, None));
        Services::check_state().unwrap();
    });
}

#[test]
#[should_panic(expected = "SlugTaken")]
fn a_chain_does_not_begin_with_a_slug_twice() {
    chain(vec![service("openai", None, None), service("openai", None, None)]);
}

#[test]
#[should_panic(expected = "SlugMalformed")]
fn a_chain_does_not_begin_with_a_malformed_slug() {
    chain(vec![service("OpenAI", None, None)]);
}

#[test]
#[should_panic(expected = "a text is too long")]
fn a_chain_does_not_begin_with_a_slug_too_long() {
    chain(vec![service(&"s".repeat(65), None, None)]);
}

#[test]
#[should_panic(expected = "NameEmpty")]
fn a_chain_does_not_begin_with_a_service_without_a_name() {
    let mut unnamed = service("openai", None, None);
    unnamed.name.clear();
    chain(vec![unnamed]);
}

#[test]
#[should_panic(expected = "a text is too long")]
fn a_chain_does_not_begin_with_a_name_too_long() {
    let mut long = service("openai", None, None);
    long.name = "n".repeat(65);
    chain(vec![long]);
}

#[test]
#[should_panic(expected = "a text is too long")]
fn a_chain_does_not_begin_with_an_address_too_long() {
    let mut long = service("openai", None, None);
    long.url = "u".repeat(129);
    chain(vec![long]);
}

#[test]
fn a_name_is_utf8() {
    run(|| {
        let not_utf8 = Text::from_bytes(&[0xff]).unwrap();
        let register = Services::register(signed(1), slug("a"), not_utf8, Text::default(), None);
        assert_noop!(register, Error::<Test>::TextNotUtf8);
    });
}

#[test]
fn a_slug_may_have_sixty_four_bytes_and_many_parts() {
    run(|| {
        for (n, text) in (2u32..).zip(["a", "-", "0/1/2/3", &"s".repeat(64)]) {
            assert_ok!(register(1, text));
            assert_eq!(Services::by_slug(&slug(text)), Some(ServiceId(n)));
            assert_noop!(register(2, text), Error::<Test>::SlugTaken);
        }
    });
}

#[test]
fn texts_longer_than_they_may_be_are_no_calls() {
    let decodes = |slug: usize, name: usize, url: usize| {
        let (slug, name, url) = (vec![b's'; slug], vec![b'n'; name], vec![b'u'; url]);
        let bytes = (1u8, 0u8, slug, name, url, None::<ServiceId>).encode();
        RuntimeCall::decode(&mut &bytes[..]).is_ok()
    };
    assert!(decodes(64, 64, 128));
    assert!(!decodes(65, 64, 128));
    assert!(!decodes(64, 65, 128));
    assert!(!decodes(64, 64, 129));
}

#[test]
fn a_component_stands_under_any_service_that_is_there_even_a_retired_one() {
    run(|| {
        assert_ok!(Services::retire(council(), ServiceId(0)));
        let under = |text, parent| {
            let parent = Some(ServiceId(parent));
            Services::register(signed(1), slug(text), name(), Text::default(), parent)
        };
        assert_ok!(under("openai/old", 0));
        assert_ok!(under("openai/old/older", 2));
        assert_eq!(state(3).parent, Some(ServiceId(2)));
        // Its own number is not taken yet.
        assert_noop!(under("loop", 4), Error::<Test>::NoSuchParent);
    });
}

#[test]
fn a_service_that_the_council_lists_makes_room_for_another() {
    run(|| {
        for n in 0..MAX_UNLISTED {
            assert_ok!(register(1, &format!("service-{n}")));
        }
        assert_noop!(register(1, "one-more"), Error::<Test>::TooManyUnlisted);
        assert_ok!(Services::list(council(), ServiceId(2), true));
        assert_ok!(register(1, "one-more"));
        // Retiring does not: the slug stays taken.
        assert_ok!(Services::retire(council(), ServiceId(3)));
        assert_noop!(register(1, "another"), Error::<Test>::TooManyUnlisted);
        // Nor is one that the council no longer lists refused for want of room.
        assert_ok!(Services::list(council(), ServiceId(2), false));
        assert_eq!(unlisted(1), MAX_UNLISTED + 1);
        assert_noop!(register(1, "another"), Error::<Test>::TooManyUnlisted);
    });
}
