//! Who may speak: each action of an organisation's log, and each refusal.

use super::fixtures::*;
use crate::{
    log::{Fold, Unfit},
    organisation::{Action, Admission, Organisation, Refusal, ReporterKey, Roles, Status, MAX_KEYS},
    quota::Quota,
    Account, Entry, GroupId, OrganisationId, Record, Text, UnixMillis,
};

pub const ADMIN: Account = Account([0xaa; 32]);

pub fn key(n: u8) -> Account {
    Account([n; 32])
}

pub fn admission() -> Admission {
    Admission {
        name: text("Example Monitoring"),
        url: text("https://example.org"),
        roles: Roles {
            reporter: true,
            provider: false,
            arbiter: false,
        },
        group: GroupId(5),
        admin: ADMIN,
        quota: Quota {
            burst: 60,
            per_block: 6,
        },
    }
}

pub fn added(n: u8) -> Action {
    Action::ReporterAdded {
        key: key(n),
        label: text("probe"),
    }
}

fn entry(at: UnixMillis, action: Action) -> Entry<Action> {
    Entry { block: 1, at, action }
}

fn open(admission: Admission) -> Result<Organisation, Refusal> {
    Organisation::open(OrganisationId(1), &entry(min(0), Action::Admitted(admission)))
}

fn after(actions: impl IntoIterator<Item = Action>) -> Result<Organisation, Refusal> {
    actions
        .into_iter()
        .try_fold(open(admission())?, |organisation, action| {
            organisation.apply(1, &entry(min(1), action))
        })
}

#[test]
fn an_admission_says_all_that_an_organisation_is() {
    let organisation = open(admission()).unwrap();
    assert_eq!(
        organisation,
        Organisation {
            name: text("Example Monitoring"),
            url: text("https://example.org"),
            roles: admission().roles,
            group: GroupId(5),
            admin: ADMIN,
            status: Status::Active,
            quota: admission().quota,
            keys: vec![].try_into().unwrap(),
        }
    );
}

#[test]
fn a_log_begins_with_an_admission_and_has_no_other() {
    for action in [Action::Suspended, added(1)] {
        assert_eq!(
            Organisation::open(OrganisationId(1), &entry(min(0), action)),
            Err(Refusal::OutOfPlace)
        );
    }
    assert_eq!(after([Action::Admitted(admission())]), Err(Refusal::OutOfPlace));
}

#[test]
fn an_organisation_without_a_name_is_refused() {
    let nameless = Admission {
        name: text(""),
        ..admission()
    };
    assert_eq!(open(nameless), Err(Refusal::NameEmpty));
}

#[test]
fn a_name_an_address_or_a_label_that_is_not_utf8_is_refused() {
    let name = Admission {
        name: Text::from_bytes(&[0xff]).unwrap(),
        ..admission()
    };
    let url = Admission {
        url: Text::from_bytes(&[0xff]).unwrap(),
        ..admission()
    };
    let label = Action::ReporterAdded {
        key: key(1),
        label: Text::from_bytes(&[0xff]).unwrap(),
    };
    assert_eq!(open(name), Err(Refusal::TextNotUtf8));
    assert_eq!(open(url), Err(Refusal::TextNotUtf8));
    assert_eq!(after([label]), Err(Refusal::TextNotUtf8));
}

#[test]
fn who_is_suspended_may_be_reinstated_and_neither_twice() {
    assert_eq!(after([Action::Suspended]).unwrap().status, Status::Suspended);
    assert_eq!(
        after([Action::Suspended, Action::Reinstated]).unwrap().status,
        Status::Active
    );
    assert_eq!(
        after([Action::Suspended, Action::Suspended]),
        Err(Refusal::AlreadySuspended)
    );
    assert_eq!(after([Action::Reinstated]), Err(Refusal::NotSuspended));
}

#[test]
fn roles_group_and_quota_are_set_and_nothing_else_changes() {
    let roles = Roles {
        reporter: false,
        provider: true,
        arbiter: true,
    };
    let quota = Quota {
        burst: 1,
        per_block: 0,
    };
    let organisation = after([
        Action::RolesSet(roles),
        Action::GroupSet(GroupId(9)),
        Action::QuotaSet(quota),
    ])
    .unwrap();
    assert_eq!(
        organisation,
        Organisation {
            roles,
            group: GroupId(9),
            quota,
            ..open(admission()).unwrap()
        }
    );
}

#[test]
fn a_new_admin_key_takes_the_place_of_the_old() {
    let organisation = after([Action::AdminSet(key(1))]).unwrap();
    assert!(organisation.holds(&key(1)));
    assert!(!organisation.holds(&ADMIN));
}

#[test]
fn a_key_that_the_organisation_holds_is_refused_in_either_place() {
    assert_eq!(after([Action::AdminSet(ADMIN)]), Err(Refusal::KeyInUse));
    assert_eq!(
        after([added(1), Action::AdminSet(key(1))]),
        Err(Refusal::KeyInUse)
    );
    assert_eq!(after([added(1), added(1)]), Err(Refusal::KeyInUse));
    assert_eq!(after([added(0xaa)]), Err(Refusal::KeyInUse));
}

#[test]
fn reporter_keys_are_kept_in_order_of_addition_with_their_time() {
    let organisation = after([added(2), added(1)]).unwrap();
    let expected = |n| ReporterKey {
        key: key(n),
        label: text("probe"),
        added: min(1),
    };
    assert_eq!(organisation.keys.to_vec(), [expected(2), expected(1)]);
    assert!(organisation.holds(&key(1)) && organisation.holds(&key(2)));
}

#[test]
fn a_revoked_key_is_held_no_more_and_the_others_are() {
    let organisation = after([added(1), added(2), Action::ReporterRevoked { key: key(1) }]).unwrap();
    assert!(!organisation.holds(&key(1)));
    assert!(organisation.holds(&key(2)));
}

#[test]
fn a_key_that_is_no_reporter_key_in_force_cannot_be_revoked() {
    let revoked = |n| Action::ReporterRevoked { key: key(n) };
    assert_eq!(after([revoked(1)]), Err(Refusal::NoSuchKey));
    assert_eq!(
        after([revoked(0xaa)]),
        Err(Refusal::NoSuchKey),
        "the admin key is none"
    );
    assert_eq!(after([added(1), revoked(1), revoked(1)]), Err(Refusal::NoSuchKey));
}

#[test]
fn an_organisation_has_16_reporter_keys_and_the_17th_waits_for_a_place() {
    let all = || (1..=u8::try_from(MAX_KEYS).unwrap()).map(added);
    assert_eq!(after(all()).unwrap().keys.len(), 16);
    assert_eq!(after(all().chain([added(17)])), Err(Refusal::TooManyKeys));
    after(all().chain([Action::ReporterRevoked { key: key(3) }, added(17)])).unwrap();
}

#[test]
fn a_key_has_a_share_of_the_quota() {
    let quota = |burst, per_block| Quota { burst, per_block };
    assert_eq!(
        after([]).unwrap().key_quota(),
        quota(60, 6),
        "without keys it is the whole"
    );
    assert_eq!(after((1..=4).map(added)).unwrap().key_quota(), quota(15, 1));
}

#[test]
fn an_organisations_log_replays_to_its_record() {
    let entries: Vec<_> = [
        Action::Admitted(admission()),
        added(1),
        Action::AdminSet(key(9)),
        Action::Suspended,
        Action::ReporterRevoked { key: key(1) },
        Action::Reinstated,
    ]
    .into_iter()
    .zip(1..)
    .map(|(action, block)| Entry {
        block,
        at: min(u64::from(block)),
        action,
    })
    .collect();
    let record = Record::<Organisation>::replay(OrganisationId(1), &entries)
        .unwrap()
        .unwrap();
    let first = Record::open(OrganisationId(1), &entries[0]).unwrap();
    let stepwise = entries[1..]
        .iter()
        .fold(first, |record, entry| record.append(entry).unwrap());
    assert_eq!(record, stepwise);
    assert_eq!(record.entries, 6);
    assert_eq!(record.append(&entries[0]), Err(Unfit::Backwards));
}
