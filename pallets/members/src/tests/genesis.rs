//! What a chain may begin with.

use faultline_primitives::organisation::MAX_KEYS;

use crate::{mock::*, AllOrganisations, GenesisKey, GenesisOrganisation};

fn first() -> GenesisOrganisation {
    organisation("Northwatch", None, ADMIN, REPORTER)
}

fn key(n: u8, label: &str) -> GenesisKey {
    GenesisKey {
        key: account(n),
        label: label.into(),
    }
}

#[test]
fn a_chain_may_begin_with_nobody() {
    chain(vec![]).execute_with(|| {
        assert_eq!((Members::count(), AllOrganisations::<Test>::get()), (0, None));
        assert!(Members::arbiters().is_empty());
        Members::check_state().unwrap();
    });
}

#[test]
fn a_chain_may_begin_with_as_many_keys_and_as_long_texts_as_fit() {
    let mut most = first();
    most.name = "n".repeat(64);
    most.url = "u".repeat(128);
    most.reporters = (0..MAX_KEYS as u8)
        .map(|n| key(100 + n, &"l".repeat(32)))
        .collect();
    chain(vec![most]).execute_with(|| {
        let record = Members::organisation(faultline_primitives::OrganisationId(0)).unwrap();
        assert_eq!((record.entries, record.state.keys.len()), (17, 16));
        Members::check_state().unwrap();
    });
}

#[test]
#[should_panic(expected = "TooManyKeys")]
fn a_chain_does_not_begin_with_one_reporter_key_more() {
    let mut many = first();
    many.reporters = (0..=MAX_KEYS as u8).map(|n| key(100 + n, "key")).collect();
    chain(vec![many]);
}

#[test]
#[should_panic(expected = "KeyTaken")]
fn a_chain_does_not_begin_with_a_key_of_two_organisations() {
    chain(vec![
        first(),
        organisation("Harbour", None, OTHER_ADMIN, REPORTER),
    ]);
}

#[test]
#[should_panic(expected = "KeyTaken")]
fn a_chain_does_not_begin_with_an_admin_that_reports() {
    chain(vec![organisation("Northwatch", None, ADMIN, ADMIN)]);
}

#[test]
#[should_panic(expected = "NameEmpty")]
fn a_chain_does_not_begin_with_an_organisation_without_a_name() {
    chain(vec![organisation("", None, ADMIN, REPORTER)]);
}

#[test]
#[should_panic(expected = "a text is too long")]
fn a_chain_does_not_begin_with_a_name_too_long() {
    chain(vec![organisation(&"n".repeat(65), None, ADMIN, REPORTER)]);
}

#[test]
#[should_panic(expected = "a text is too long")]
fn a_chain_does_not_begin_with_an_address_too_long() {
    let mut long = first();
    long.url = "u".repeat(129);
    chain(vec![long]);
}

#[test]
#[should_panic(expected = "a text is too long")]
fn a_chain_does_not_begin_with_a_label_too_long() {
    let mut long = first();
    long.reporters = vec![key(REPORTER, &"l".repeat(33))];
    chain(vec![long]);
}
