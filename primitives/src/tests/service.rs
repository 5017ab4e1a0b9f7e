//! What is watched: registration and slugs.

use super::fixtures::*;
use crate::{
    log::Fold,
    service::{is_slug, Action, Refusal, Registration, Service, MAX_MAINTENANCES, MAX_SLUG},
    Entry, OrganisationId, ServiceId, Text, UnixMillis,
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
            retired: false,
            maintenance: vec![].try_into().unwrap(),
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

fn change(service: Service, at: UnixMillis, action: Action) -> Result<Service, Refusal> {
    service.apply(1, &Entry { block: 2, at, action })
}

fn maintenance(from: u64, until: u64) -> Action {
    Action::MaintenanceAnnounced {
        from: min(from),
        until: min(until),
        text: None,
    }
}

#[test]
fn a_service_is_described_given_a_provider_and_listed() {
    let service = open(registration()).unwrap();
    let described = Action::Described {
        name: text("ChatGPT Enterprise"),
        url: text("https://chatgpt.com/enterprise"),
    };
    let service = change(service, min(1), described).unwrap();
    let service = change(service, min(1), Action::ProviderSet(None)).unwrap();
    let service = change(service, min(1), Action::ListedSet(false)).unwrap();
    assert_eq!(service.name.to_string(), "ChatGPT Enterprise");
    assert_eq!((service.provider, service.listed), (None, false));
    assert_eq!(
        service.slug.to_string(),
        "openai/chatgpt",
        "what names it never changes"
    );
    let unnamed = Action::Described {
        name: text(""),
        url: text(""),
    };
    assert_eq!(change(service, min(1), unnamed), Err(Refusal::NameEmpty));
}

#[test]
fn maintenance_is_announced_ahead_or_marked_as_late() {
    let service = open(registration()).unwrap();
    let service = change(service, min(10), maintenance(10, 20)).unwrap();
    let service = change(service, min(11), maintenance(10, 20)).unwrap();
    let late: Vec<_> = service
        .maintenance
        .iter()
        .map(|announced| announced.is_late())
        .collect();
    assert_eq!(late, [false, true]);
}

#[test]
fn maintenance_lasts_72_hours_at_most_and_is_not_over_before_it_is_announced() {
    let service = || open(registration()).unwrap();
    let hours = |n: u64| 60 * n;
    assert!(change(service(), min(0), maintenance(0, hours(72))).is_ok());
    let refused = |at, from, until| change(service(), min(at), maintenance(from, until)).unwrap_err();
    assert_eq!(refused(0, 0, hours(72) + 1), Refusal::MaintenanceTooLong);
    assert_eq!(refused(0, 5, 4), Refusal::MaintenanceReversed);
    assert_eq!(refused(9, 5, 9), Refusal::MaintenancePast);
}

#[test]
fn thirty_two_maintenances_wait_at_most_and_one_that_is_over_makes_room() {
    let mut service = open(registration()).unwrap();
    for n in 0..u64::from(MAX_MAINTENANCES) {
        service = change(service, min(0), maintenance(n, n + 1)).unwrap();
    }
    assert_eq!(
        change(service.clone(), min(0), maintenance(50, 51)),
        Err(Refusal::TooManyMaintenances)
    );
    let service = change(service, min(1), maintenance(50, 51)).unwrap();
    assert_eq!(service.maintenance.len(), 32);
}

#[test]
fn nothing_about_a_retired_service_changes_any_more() {
    let service = change(open(registration()).unwrap(), min(1), Action::Retired).unwrap();
    assert!(service.retired);
    for action in [Action::Retired, Action::ListedSet(false), maintenance(5, 6)] {
        assert_eq!(change(service.clone(), min(1), action), Err(Refusal::Retired));
    }
}
