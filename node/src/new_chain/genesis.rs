//! From the file to what the runtime makes the first state from.

use serde_json::{json, Map, Value};
use sp_core::{crypto::AccountId32, ed25519, sr25519};
use toml::Spanned;

use super::{
    check::Checked,
    file::{File, Organisation, Role, Rules, Service},
    length::Length,
};

/// The runtime's genesis configuration, as far as it differs from its default.
pub fn patch(file: &File, checked: &Checked) -> Value {
    let organisations: Vec<_> = file
        .organisations
        .iter()
        .zip(&checked.groups)
        .zip(&checked.keys)
        .map(|((organisation, group), (admin, reporters))| {
            self::organisation(organisation.get_ref(), *group, admin, reporters)
        })
        .collect();
    let services: Vec<_> = file
        .services
        .iter()
        .map(|service| self::service(service.get_ref(), checked))
        .collect();
    let keys: Vec<_> = checked
        .validators
        .iter()
        .filter_map(|(number, keys)| {
            let (admin, _) = checked.keys.get(usize::try_from(*number).ok()?)?;
            let session = json!({
                "aura": sr25519::Public::from_raw(keys.aura),
                "grandpa": ed25519::Public::from_raw(keys.grandpa),
            });
            Some(json!([AccountId32::new(*admin), number, session]))
        })
        .collect();

    let mut consortium = json!({
        "seats": checked.seats,
        "validators": checked.validators.keys().collect::<Vec<_>>(),
    });
    if let Some(floor) = &file.floor {
        consortium["floor"] = (*floor.get_ref()).into();
    }
    if let Some(length) = file.session_length {
        consortium["sessionLength"] = length.into();
    }
    if let Some(Length(delay)) = file.upgrade_delay {
        consortium["upgradeDelay"] = delay.into();
    }

    json!({
        "members": { "organisations": organisations },
        "services": { "services": services },
        "incidents": { "rules": rules(&file.rules) },
        "consortium": consortium,
        "session": { "keys": keys },
    })
}

fn organisation(
    organisation: &Organisation,
    group: Option<u32>,
    admin: &[u8; 32],
    reporters: &[[u8; 32]],
) -> Value {
    let has = |role| organisation.roles.contains(&role);
    let reporters: Vec<_> = organisation
        .reporters
        .iter()
        .zip(reporters)
        .map(|(reporter, key)| json!({ "key": hex(key), "label": reporter.label.get_ref() }))
        .collect();
    json!({
        "name": organisation.name.get_ref(),
        "url": text(organisation.url.as_ref()),
        "roles": {
            "reporter": has(Role::Reporter),
            "provider": has(Role::Provider),
            "arbiter": has(Role::Arbiter),
        },
        "group": group,
        "admin": hex(admin),
        "quota": { "burst": organisation.quota.burst, "perBlock": organisation.quota.per_block },
        "reporters": reporters,
    })
}

fn service(service: &Service, checked: &Checked) -> Value {
    let provider = service.provider.as_ref();
    json!({
        "slug": service.slug.get_ref(),
        "name": service.name.get_ref(),
        "url": text(service.url.as_ref()),
        "parent": service.parent.as_ref().map(Spanned::get_ref),
        "provider": provider.and_then(|handle| checked.numbers.get(handle.get_ref())),
    })
}

fn rules(rules: &Rules) -> Map<String, Value> {
    let counts = [
        ("quorum", rules.quorum.as_ref().map(|quorum| *quorum.get_ref())),
        ("minMeasured", rules.min_measured),
    ];
    let lengths = [
        ("lateAfter", rules.late_after),
        ("joinWithin", rules.join_within),
        ("renewAfter", rules.renew_after),
        ("staleAfter", rules.stale_after),
        ("disputeWindow", rules.dispute_window),
        ("disputeWindowMax", rules.dispute_window_max),
        ("ruleWithin", rules.rule_within),
        ("lapseAfter", rules.lapse_after),
        ("maxClockSkew", rules.max_clock_skew),
    ];
    let counts = counts
        .into_iter()
        .filter_map(|(name, count)| Some((name.to_owned(), Value::from(count?))));
    let lengths = lengths
        .into_iter()
        .filter_map(|(name, length)| Some((name.to_owned(), Value::from(length?.0))));
    counts.chain(lengths).collect()
}

fn text(text: Option<&Spanned<String>>) -> &str {
    text.map_or("", |text| text.get_ref())
}

fn hex(key: &[u8; 32]) -> String {
    sp_core::bytes::to_hex(key, false)
}
