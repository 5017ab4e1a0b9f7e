//! Random histories: who does what, and when.

use faultline_primitives::{
    attestation::{Body, Claim, Method, Severity},
    organisation::Roles,
    quota::Quota,
    rules::Rules,
    Account, Millis, Text,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{
    deeds::{Deed, Flaw, Seen, Step, SENSELESS},
    world::By,
};
use crate::tests::chain::{self, roles, RULES};

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;

/// At most so many steps, most often with something to speak of from the start.
pub fn history(steps: usize) -> impl Strategy<Value = Vec<Step>> {
    let opening = (reporter(), service(), seen(), text()).prop_map(|(by, service, seen, text)| Step {
        wait: Millis(3 * SECOND),
        by,
        deed: Deed::Report(service, seen, text),
    });
    (vec(opening, 0..4), vec(step(), 1..=steps)).prop_map(|(opening, steps)| [opening, steps].concat())
}

fn step() -> impl Strategy<Value = Step> {
    let wait = prop_oneof![
        12 => Just(0),
        12 => 3 * SECOND..60 * SECOND,
        4 => MINUTE..5 * MINUTE,
        1 => 10 * MINUTE..25 * MINUTE,
    ];
    let deed = prop_oneof![
        40 => saying(),
        22 => judging(),
        10 => managing(),
        6 => describing(),
        16 => governing(),
    ];
    let anybody = prop_oneof![
        8 => any_key().prop_map(By::Key),
        1 => Just(By::Council),
        1 => Just(By::Nobody),
    ];
    // Now and then it is somebody else who does it.
    (wait, deed, option::weighted(0.06, anybody)).prop_map(|(wait, (by, deed), other)| Step {
        wait: Millis(wait),
        by: other.unwrap_or(by),
        deed,
    })
}

/// A key that there is from the beginning, or one that may come.
fn any_key() -> impl Strategy<Value = Account> {
    prop_oneof![
        3 => (10u8..113).prop_map(chain::key),
        1 => spare_key(),
    ]
}

/// A key that nobody has at the beginning.
fn spare_key() -> impl Strategy<Value = Account> {
    (200u8..208).prop_map(chain::key)
}

/// A reporter key of one of these organisations, sometimes one that it may have got since.
fn of(organisations: &'static [u8]) -> impl Strategy<Value = By> {
    let own = (select(organisations), 1u8..=2).prop_map(|(n, key)| chain::key(n * 10 + 10 + key));
    prop_oneof![14 => own, 1 => spare_key()].prop_map(By::Key)
}

fn reporter() -> impl Strategy<Value = By> {
    of(&[0, 0, 0, 1, 2, 3, 4, 5, 8, 8])
}

fn arbiter() -> impl Strategy<Value = By> {
    of(&[5, 6, 6, 7, 7, 8, 8, 8])
}

fn provider() -> impl Strategy<Value = By> {
    of(&[4, 4, 9])
}

fn admin() -> impl Strategy<Value = By> {
    prop_oneof![
        9 => (0u8..10).prop_map(chain::admin),
        2 => spare_key(),
    ]
    .prop_map(By::Key)
}

fn incident() -> impl Strategy<Value = u64> {
    prop_oneof![20 => 0..SENSELESS, 1 => SENSELESS..SENSELESS + 4]
}

fn service() -> impl Strategy<Value = u32> {
    prop_oneof![6 => Just(0), 3 => Just(1), 2 => Just(2), 1 => 0u32..7]
}

/// Mostly one of a few, so that what befalls it meets.
fn organisation() -> impl Strategy<Value = u32> {
    prop_oneof![2 => select(vec![0u32, 4, 8]), 3 => 0u32..12]
}

fn some_roles() -> impl Strategy<Value = Roles> {
    any::<(bool, bool, bool)>().prop_map(|(reporter, provider, arbiter)| roles(reporter, provider, arbiter))
}

fn text() -> impl Strategy<Value = Body> {
    prop_oneof![
        7 => Just(Body::default()),
        7 => "[a-z]{1,8}".prop_map(|text| text.parse().unwrap()),
        1 => Just(Body::from_bytes(&[b'a', 0xc3]).unwrap()),
    ]
}

fn name<const N: u32>() -> impl Strategy<Value = Text<N>> {
    prop_oneof![
        6 => "[A-Z][a-z]{0,8}".prop_map(|text| text.parse().unwrap()),
        1 => Just(Text::default()),
        1 => Just(Text::from_bytes(&[0xff]).unwrap()),
    ]
}

fn seen() -> impl Strategy<Value = Seen> {
    let claim = prop_oneof![
        5 => Just(Claim::Down),
        1 => Just(Claim::Degraded),
        4 => Just(Claim::Recovered),
        2 => Just(Claim::Up),
    ];
    let back = prop_oneof![
        3 => 0..10 * MINUTE,
        2 => 0..50 * MINUTE,
    ];
    let length = prop_oneof![3 => 0..2 * MINUTE, 1 => 0..60 * MINUTE];
    let flaw = option::weighted(0.08, select(Flaw::ALL));
    (
        claim,
        select(Method::ALL),
        select(Severity::ALL),
        back,
        length,
        prop::bool::weighted(0.8),
        flaw,
    )
        .prop_map(|(claim, method, severity, back, length, is_aimed, flaw)| Seen {
            claim,
            // Without evidence it must have measured, to be wrong.
            method: flaw.map_or(method, |_| Method::ActiveProbe),
            severity,
            back,
            length,
            is_aimed,
            flaw,
        })
}

/// What reporters say.
fn saying() -> impl Strategy<Value = (By, Deed)> {
    let said = || (service(), seen(), text());
    let word = prop_oneof![
        12 => said().prop_map(|(service, seen, text)| Deed::Report(service, seen, text)),
        2 => vec(said(), 0..6).prop_map(Deed::ReportMany),
        12 => (incident(), seen(), text()).prop_map(|(id, seen, text)| Deed::Attest(id, seen, text, None)),
        3 => (incident(), seen(), text(), incident())
            .prop_map(|(id, seen, text, from)| Deed::Attest(id, seen, text, Some(from))),
        3 => incident().prop_map(Deed::Withdraw),
        3 => incident().prop_map(Deed::Close),
    ];
    (reporter(), word)
}

/// What providers and arbiters say, and who disputes.
fn judging() -> impl Strategy<Value = (By, Deed)> {
    let time = || {
        let minutes = prop_oneof![9 => -90i64..0, 1 => 0i64..9];
        option::of(minutes.prop_map(|minutes| minutes * MINUTE as i64))
    };
    let reply = (incident(), time(), time(), text())
        .prop_map(|(id, start, end, text)| Deed::Reply(id, start, end, text));
    let dispute = (incident(), text()).prop_map(|(id, text)| Deed::Dispute(id, text));
    let vote =
        (incident(), any::<bool>(), text()).prop_map(|(id, sustain, text)| Deed::Vote(id, sustain, text));
    let link = (incident(), incident()).prop_map(|(id, to)| Deed::Link(id, to));
    prop_oneof![
        3 => (provider(), reply),
        4 => (prop_oneof![reporter(), provider()], dispute),
        7 => (arbiter(), vote),
        5 => (arbiter(), link),
        4 => (arbiter(), incident().prop_map(Deed::Unlink)),
    ]
}

/// What admins do.
fn managing() -> impl Strategy<Value = (By, Deed)> {
    let fresh = || prop_oneof![6 => spare_key(), 1 => any_key()];
    let deed = prop_oneof![
        4 => (fresh(), name()).prop_map(|(key, label)| Deed::AddReporter(key, label)),
        2 => fresh().prop_map(Deed::RotateAdmin),
    ];
    // An admin revokes a key of its own, as a rule.
    let revoke = (0u8..10, 1u8..=2, spare_key(), 0u8..5).prop_map(|(n, key, spare, which)| {
        let own = chain::key(n * 10 + 10 + key);
        let key = if which == 0 { spare } else { own };
        (By::Key(chain::admin(n)), Deed::RevokeReporter(key))
    });
    prop_oneof![3 => (admin(), deed), 1 => revoke]
}

/// What becomes of services.
fn describing() -> impl Strategy<Value = (By, Deed)> {
    let slug = select(vec![
        "cloud",
        "cloud/db",
        "bank",
        "bank/api",
        "radio",
        "",
        "Bank",
        "bank//api",
    ]);
    let register = (slug, name(), option::of(service()))
        .prop_map(|(slug, name, parent)| Deed::Register(slug, name, parent));
    let describe = (service(), name()).prop_map(|(service, name)| Deed::Describe(service, name));
    let hours = |from: i64, to: i64| (from..to).prop_map(|hours| hours * 60 * MINUTE as i64 + 1);
    let announce = (service(), hours(-2, 9), hours(-1, 76), text())
        .prop_map(|(service, from, length, text)| Deed::Announce(service, from, length, text));
    prop_oneof![
        3 => (reporter(), register),
        1 => (provider(), describe),
        2 => (provider(), announce),
    ]
}

/// What the council does.
fn governing() -> impl Strategy<Value = (By, Deed)> {
    let group = || prop_oneof![select(vec![4u32, 7, 8, 50]), 0u32..12];
    let quota =
        (select(vec![0u32, 2, 3, 40]), 0u32..2).prop_map(|(burst, per_block)| Quota { burst, per_block });
    let rules = select(vec![
        RULES,
        Rules { quorum: 1, ..RULES },
        Rules {
            stale_after: Millis::minutes(1),
            ..RULES
        },
        Rules { quorum: 0, ..RULES },
        Rules {
            lapse_after: Millis(0),
            ..RULES
        },
    ]);
    let deed = prop_oneof![
        2 => (spare_key(), name(), some_roles(), option::of(group()))
            .prop_map(|(key, name, roles, group)| Deed::Admit(key, name, roles, group)),
        2 => organisation().prop_map(Deed::Suspend),
        4 => organisation().prop_map(Deed::Reinstate),
        1 => (organisation(), some_roles()).prop_map(|(n, roles)| Deed::SetRoles(n, roles)),
        4 => (0u32..10, group()).prop_map(|(n, group)| Deed::SetGroup(n, group)),
        2 => (organisation(), quota).prop_map(|(n, quota)| Deed::SetQuota(n, quota)),
        1 => (organisation(), spare_key()).prop_map(|(n, key)| Deed::ResetAdmin(n, key)),
        3 => (0u32..9, any::<bool>()).prop_map(|(service, listed)| Deed::List(service, listed)),
        2 => (service(), option::of(organisation()))
            .prop_map(|(service, provider)| Deed::AssignProvider(service, provider)),
        1 => (0u32..12).prop_map(Deed::Retire),
        1 => rules.prop_map(Deed::SetRules),
        3 => (incident(), 0u32..9).prop_map(|(id, entry)| Deed::Redact(id, entry)),
    ];
    deed.prop_map(|deed| (By::Council, deed))
}
