//! Keys that everybody has: those of the SDK's keyring, and others of its development phrase.
//!
//! Whoever finds one in a chain's beginning can speak, vote or make blocks by it. So a chain that means it holds none, and
//! the whole of its first state is searched for them.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
};

use sp_core::{
    crypto::{DeriveJunction, Pair, DEV_PHRASE},
    ecdsa, ed25519, sr25519,
    storage::{well_known_keys, Storage},
};
use sp_io::hashing::{blake2_256, twox_128};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// Names from which the development phrase's keys are derived everywhere, beside those of the keyring.
const NAMES: [&str; 10] = [
    "Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie", "George", "Grace", "One", "Two",
];

/// Where keys lie in the state: a pallet's items, as the runtime names them.
const ITEMS: [(&str, &[&str]); 7] = [
    ("System", &["Account"]),
    ("Members", &["Organisations", "Entries", "Keys"]),
    ("Session", &["NextKeys", "KeyOwner", "QueuedKeys", "Validators"]),
    ("Aura", &["Authorities"]),
    ("Grandpa", &["Authorities"]),
    ("Council", &["Members"]),
    ("Consortium", &["Consortia", "Entries"]),
];

/// Every well-known key, by its 32 bytes.
pub struct WellKnown(HashMap<[u8; 32], String>);

impl WellKnown {
    /// All of them.
    pub fn all() -> Self {
        let mut keys = HashMap::new();
        let roots = (
            root::<sr25519::Pair>(),
            root::<ed25519::Pair>(),
            root::<ecdsa::Pair>(),
        );
        for path in paths() {
            let name = |kind: &str| {
                let path: String = path.iter().map(|part| format!("//{part}")).collect();
                match path.as_str() {
                    "" => format!("the development phrase's own key ({kind})"),
                    path => format!("{path} ({kind})"),
                }
            };
            // As the path of a secret is read: what is a number is taken for one.
            let junctions = || path.iter().map(|part| DeriveJunction::from(format!("/{part}")));
            if let Some(public) = public(&roots.0, junctions()) {
                keys.insert(public.into(), name("sr25519"));
            }
            if let Some(public) = public(&roots.1, junctions()) {
                keys.insert(public.into(), name("ed25519"));
            }
            if let Some(public) = public(&roots.2, junctions()) {
                let account = blake2_256(public.as_ref());
                keys.insert(account, name("ecdsa"));
            }
        }
        // Derived alike; from the keyring itself, so that none of it can be missing here.
        for key in Sr25519Keyring::iter() {
            keys.insert(
                key.to_raw_public(),
                format!("//{} (sr25519)", <&'static str>::from(key)),
            );
        }
        for key in Ed25519Keyring::iter() {
            keys.insert(
                key.to_raw_public(),
                format!("//{} (ed25519)", <&'static str>::from(key)),
            );
        }
        Self(keys)
    }

    /// What a key is known as, if it is.
    pub fn name(&self, key: &[u8; 32]) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Searches a chain's first state, keys and values alike. The runtime's code is left out: it holds the presets of
    /// development chains.
    ///
    /// # Errors
    ///
    /// Those that are there, and where.
    pub fn refuse_in(&self, storage: &Storage) -> Result<(), Found> {
        let mut found = BTreeMap::<String, BTreeSet<String>>::new();
        let children = storage.children_default.values().map(|child| &child.data);
        for (key, value) in std::iter::once(&storage.top).chain(children).flatten() {
            if key == well_known_keys::CODE {
                continue;
            }
            let windows = key.windows(32).chain(value.windows(32));
            for name in windows.filter_map(|window| self.name(window.try_into().ok()?)) {
                found.entry(name.into()).or_default().insert(place(key));
            }
        }
        match found.is_empty() {
            true => Ok(()),
            false => Err(Found(found)),
        }
    }
}

/// The derivations of the development phrase that are searched for.
fn paths() -> Vec<Vec<String>> {
    let mut paths = vec![Vec::new()];
    let lower = NAMES.iter().map(|name| name.to_lowercase());
    let numbers = (0..10).map(|number| number.to_string());
    let names = NAMES.iter().map(ToString::to_string);
    for name in names.chain(lower).chain(numbers) {
        for below in ["stash", "controller", "session", "aura", "grandpa"] {
            paths.push(vec![name.clone(), below.into()]);
        }
        paths.push(vec![name]);
    }
    paths
}

/// The key of the development phrase, from which all others are derived. The phrase is slow to work on, by design.
fn root<P: Pair>() -> Option<P> {
    Some(P::from_phrase(DEV_PHRASE, None).ok()?.0)
}

fn public<P: Pair>(root: &Option<P>, path: impl Iterator<Item = DeriveJunction>) -> Option<P::Public> {
    Some(root.as_ref()?.derive(path, None).ok()?.0.public())
}

/// The storage item of a key, by name where it is known.
fn place(key: &[u8]) -> String {
    let known = ITEMS
        .iter()
        .flat_map(|(pallet, items)| items.iter().map(move |item| (pallet, item)))
        .find(|(pallet, item)| {
            key.starts_with(&[twox_128(pallet.as_bytes()), twox_128(item.as_bytes())].concat())
        });
    match known {
        Some((pallet, item)) => format!("{pallet}.{item}"),
        None => format!("storage key {}", sp_core::bytes::to_hex(key, false)),
    }
}

/// Well-known keys that were found, and where.
#[derive(Debug)]
pub struct Found(BTreeMap<String, BTreeSet<String>>);

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "this chain holds keys that everybody has, so anybody could speak or make blocks by them:\n",
        )?;
        for (name, places) in &self.0 {
            let places: Vec<_> = places.iter().map(String::as_str).collect();
            writeln!(f, "  {name}, in {}", places.join(", "))?;
        }
        f.write_str(
            "Make keys of your own with `faultline key new` and `faultline-node session-keys new`, and the chain anew \
             from them with `faultline-node new-chain`.",
        )
    }
}

impl std::error::Error for Found {}

#[cfg(test)]
mod tests {
    use super::*;

    fn state_with(key: &[u8], value: &[u8]) -> Storage {
        let mut storage = Storage::default();
        storage.top.insert(key.to_vec(), value.to_vec());
        storage
    }

    #[test]
    fn every_key_of_the_keyring_is_known_stashes_too() {
        let known = WellKnown::all();
        for key in Sr25519Keyring::iter() {
            assert!(known.name(&key.to_raw_public()).is_some(), "{key}");
        }
        for key in Ed25519Keyring::iter() {
            assert!(known.name(&key.to_raw_public()).is_some(), "{key}");
        }
        let stash = Sr25519Keyring::AliceStash.to_raw_public();
        assert_eq!(known.name(&stash), Some("//Alice//stash (sr25519)"));
    }

    #[test]
    fn derivations_of_the_development_phrase_are_known_and_others_are_not() {
        let known = WellKnown::all();
        let of = |uri: &str| {
            sr25519::Pair::from_string(uri, None)
                .expect("the test's own")
                .public()
                .0
        };
        for uri in ["//Grace", "//alice", "//7", "//Bob//aura", DEV_PHRASE] {
            assert!(known.name(&of(uri)).is_some(), "{uri}");
        }
        assert_eq!(known.name(&of("//a chain of our own")), None);
        assert_eq!(known.name(&[0; 32]), None);
    }

    #[test]
    fn a_key_is_found_in_keys_and_values_at_any_place_but_not_in_the_code() {
        let known = WellKnown::all();
        let alice = Sr25519Keyring::Alice.to_raw_public();
        let within = [&[1, 2, 3][..], &alice, &[4]].concat();
        let authorities = [twox_128(b"Aura"), twox_128(b"Authorities")].concat();
        let found = known
            .refuse_in(&state_with(&authorities, &within))
            .expect_err("it is there")
            .to_string();
        assert!(
            found.contains("//Alice (sr25519), in Aura.Authorities\n"),
            "{found}"
        );
        let found = known
            .refuse_in(&state_with(&within, b""))
            .expect_err("it is there")
            .to_string();
        assert!(found.contains("in storage key 0x010203d43593"), "{found}");

        known
            .refuse_in(&state_with(well_known_keys::CODE, &within))
            .expect("the code is left out");
        known
            .refuse_in(&state_with(b"key", &[7; 99]))
            .expect("there is none");
    }
}
