//! What a chain begins with: presets for trying Faultline out. A consortium makes its own.

mod cast;

use alloc::{vec, vec::Vec};

use faultline_primitives::{rules::Rules, Millis};
use serde_json::{json, Value};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

use crate::AccountId;

/// For how many blocks a session lasts: a minute.
const SESSION_LENGTH: u32 = 20;
/// How long a runtime waits before it can be put in place.
const UPGRADE_DELAY: Millis = Millis::minutes(1);

/// A chain whose first organisations run a validator each, by these keys, with the cast that everything here is tried
/// out with.
fn chain(validators: &[(Sr25519Keyring, Ed25519Keyring)], rules: Rules) -> Value {
    let organisations = cast::organisations();
    let keys: Vec<_> = validators
        .iter()
        .zip(&organisations)
        .zip(0u32..)
        .map(|(((aura, grandpa), organisation), number)| {
            let keys = json!({ "aura": aura.public(), "grandpa": grandpa.public() });
            json!([AccountId::new(organisation.admin.0), number, keys])
        })
        .collect();
    let numbers: Vec<_> = (0u32..).take(keys.len()).collect();
    json!({
        "members": { "organisations": organisations },
        "services": { "services": cast::services() },
        "incidents": { "rules": rules },
        "consortium": {
            "seats": cast::SEATS,
            "validators": numbers,
            "floor": 1,
            "sessionLength": SESSION_LENGTH,
            "upgradeDelay": UPGRADE_DELAY,
        },
        "session": { "keys": keys },
    })
}

/// The preset of this name, as JSON.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    use Ed25519Keyring as Ed;
    use Sr25519Keyring as Sr;
    let alice = (Sr::Alice, Ed::Alice);
    let value = match id.as_ref() {
        DEV_RUNTIME_PRESET => chain(&[alice], Rules::dev()),
        LOCAL_TESTNET_RUNTIME_PRESET => chain(
            &[
                alice,
                (Sr::Bob, Ed::Bob),
                (Sr::Charlie, Ed::Charlie),
                (Sr::Dave, Ed::Dave),
            ],
            Rules::local(),
        ),
        _ => return None,
    };
    serde_json::to_vec(&value).ok()
}

/// The names of all presets.
pub fn preset_names() -> Vec<PresetId> {
    vec![
        PresetId::from(DEV_RUNTIME_PRESET),
        PresetId::from(LOCAL_TESTNET_RUNTIME_PRESET),
    ]
}
