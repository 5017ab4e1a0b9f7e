//! What is watched: registration and slugs.

use super::fixtures::*;
use crate::{
    log::Fold,
    service::{is_slug, Action, Refusal, Registration, Service, MAX_SLUG},
    Entry, OrganisationId, ServiceId, Text,
};

pub fn registration() -> Registration {
    Registration {
        slug: text("openai/chatgpt"),
        name: text("ChatGPT"),
        url: text("https://chatgpt.com"),
        parent: Some(ServiceId(0)),
        provider: Some(OrganisationId(4)),
        listed: true,
        by: Some(OrganisationId(1)),
    }
}

fn entry(registration: Registration) -> Entry<Action> {
    Entry {
        block: 1,
        at: min(0),
        action: Action::Registered(registration),
    }
}

fn open(registration: Registration) -> Result<Service, Refusal> {
    Service::open(ServiceId(3), &entry(registration))
}

#[test]
fn a_registration_says_all_that_a_service_is() {
    assert_eq!(
        open(registration()).unwrap(),
        Service {
            slug: text("openai/chatgpt"),
            name: text("ChatGPT"),
            url: text("https://chatgpt.com"),
            parent: Some(ServiceId(0)),
            provider: Some(OrganisationId(4)),
            listed: true,
        }
    );
}

#[test]
fn a_service_is_registered_once() {
    let service = open(registration()).unwrap();
    assert_eq!(service.apply(1, &entry(registration())), Err(Refusal::OutOfPlace));
}

#[test]
fn a_service_with_a_malformed_slug_is_refused() {
    let bad = Registration {
        slug: text("OpenAI"),
        ..registration()
    };
    assert_eq!(open(bad), Err(Refusal::SlugMalformed));
}

#[test]
fn a_service_without_a_name_is_refused() {
    let bad = Registration {
        name: text(""),
        ..registration()
    };
    assert_eq!(open(bad), Err(Refusal::NameEmpty));
}

#[test]
fn a_name_or_an_address_that_is_not_utf8_is_refused() {
    let name = Registration {
        name: Text::from_bytes(&[0xff]).unwrap(),
        ..registration()
    };
    let url = Registration {
        url: Text::from_bytes(&[0xff]).unwrap(),
        ..registration()
    };
    assert_eq!(open(name), Err(Refusal::TextNotUtf8));
    assert_eq!(open(url), Err(Refusal::TextNotUtf8));
}

#[test]
fn a_slug_is_parts_of_small_letters_digits_and_hyphens_joined_by_slashes() {
    let longest = "a".repeat(usize::try_from(MAX_SLUG).unwrap());
    for slug in ["a", "-", "0", "openai", "openai/chatgpt", "a-b/c-9/d", &longest] {
        assert!(is_slug(slug.as_bytes()), "{slug}");
    }
    for text in [
        "", "/", "a/", "/a", "a//b", "A", "a_b", "a b", "a.b", "ä", "a\n", "a\0",
    ] {
        assert!(!is_slug(text.as_bytes()), "{text:?}");
    }
    assert!(!is_slug(&[0xff]));
    assert!(Text::<MAX_SLUG>::try_from(&*(longest + "a")).is_err());
}
