//! What a chain begins with: presets for trying Faultline out. A consortium makes its own.

mod cast;

use alloc::{vec, vec::Vec};

use faultline_primitives::rules::Rules;
use serde_json::{json, Value};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// A chain of these validators, with the cast that everything here is tried out with.
fn chain(validators: &[(Sr25519Keyring, Ed25519Keyring)], rules: Rules) -> Value {
    let aura: Vec<_> = validators.iter().map(|(aura, _)| aura.public()).collect();
    let grandpa: Vec<_> = validators
        .iter()
        .map(|(_, grandpa)| (grandpa.public(), 1))
        .collect();
    json!({
        "aura": { "authorities": aura },
        "grandpa": { "authorities": grandpa },
        "members": { "organisations": cast::organisations() },
        "services": { "services": cast::services() },
        "incidents": { "rules": rules },
        "consortium": { "seats": cast::SEATS },
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
