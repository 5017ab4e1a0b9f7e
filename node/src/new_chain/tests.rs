//! Every input that must be refused, by name; and a good one, down to its first block.

use sp_core::{crypto::Ss58Codec, Pair};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

use super::*;

/// A key that nobody else has, by number.
fn key(number: u8) -> String {
    let pair = sp_core::sr25519::Pair::from_seed(&[number; 32]);
    sp_core::bytes::to_hex(&pair.public().0, false)
}

/// The example, with a key of its own in each place for one.
fn good() -> String {
    let mut parts = EXAMPLE.split("PUT THE PUBLIC KEY HERE");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (number, part) in (1u8..).zip(parts) {
        text += &key(number);
        text += part;
    }
    text
}

fn refused(text: &str) -> String {
    match make(Path::new("consortium.toml"), text) {
        Ok(_) => panic!("it was taken:\n{text}"),
        Err(error) => error.to_string(),
    }
}

/// What is wrong once `from` is `to`. It names the file, and says all these words.
fn refused_with(from: &str, to: &str, words: &[&str]) {
    let text = good();
    assert!(text.contains(from), "{from} is not in the example");
    let error = refused(&text.replacen(from, to, 1));
    for word in words.iter().chain(&["consortium.toml"]) {
        assert!(error.contains(word), "{word} is not in: {error}");
    }
}

/// The number of the line in which a text stands.
fn line(of: &str) -> String {
    let text = good();
    let before = text.split(of).next().unwrap_or_default();
    format!("line {},", before.matches('\n').count() + 1)
}

#[test]
fn the_example_makes_a_chain_once_it_has_keys() {
    let made = make(Path::new("consortium.toml"), &good()).expect("a chain");
    let counts = made.beginning.counts().expect("the runtime counts");
    assert_eq!(
        (counts.organisations, counts.services, counts.validators),
        (4, 2, 4)
    );
    let spec: serde_json::Value = serde_json::from_str(&made.json).expect("JSON");
    assert_eq!(
        (&spec["id"], &spec["chainType"]),
        (&"outage-registry".into(), &"Live".into())
    );
    assert!(spec.pointer("/genesis/raw/top/0x3a636f6465").is_some(), "no code");
    assert!(
        made.warnings.iter().all(|warning| warning.contains("boot-nodes")),
        "{:?}",
        made.warnings
    );
    assert!(made.summary.contains("4 validators"), "{}", made.summary);
}

#[test]
fn the_same_file_makes_the_same_chain_and_another_makes_another() {
    let make = |text: &str| make(Path::new("f"), text).expect("a chain");
    let (one, again) = (make(&good()), make(&good()));
    assert_eq!((one.json, one.beginning.hash), (again.json, again.beginning.hash));
    let other = make(&good().replace("floor = 3", "floor = 2"));
    assert_ne!(one.beginning.hash, other.beginning.hash);
}

#[test]
fn a_specification_is_read_back_with_the_same_first_block() {
    let made = make(Path::new("f"), &good()).expect("a chain");
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("chain.json");
    std::fs::write(&path, &made.json).expect("the folder is ours");
    let spec = chain_spec::load(&path.to_string_lossy()).expect("a specification");
    let read = Beginning::of(&spec).expect("its first block");
    assert_eq!(read.hash, made.beginning.hash);
}

#[test]
fn the_example_as_it_is_lacks_keys_and_every_place_for_one_is_named() {
    let error = refused(EXAMPLE);
    let places = EXAMPLE.matches("PUT THE PUBLIC KEY HERE").count();
    assert_eq!(error.matches("is no public key").count(), places, "{error}");
    assert!(error.contains("`faultline key new FILE` makes one"), "{error}");
    assert!(error.contains("`faultline-node session-keys new"), "{error}");
}

#[test]
fn no_validators_are_refused() {
    let text = good();
    let (before, rest) = text.split_once("[[validator]]").expect("it has validators");
    let (_, after) = rest.split_once("[[service]]").expect("it has services");
    let error = refused(&format!("{before}[[service]]{after}"));
    assert!(error.contains("validator: there is none"), "{error}");
    assert!(error.contains("write a [[validator]]"), "{error}");
}

#[test]
fn the_same_key_twice_is_refused_whatever_it_is_for() {
    // In the example's order: an admin's, a reporter's, … then aura's and grandpa's.
    for (first, second, field) in [
        (1, 3, "admin of organisation `harbour`"),
        (1, 2, "key of a reporter of organisation `northwatch`"),
        (4, 8, "key of a reporter of organisation `assize`"),
        (9, 11, "aura of the validator of `harbour`"),
        (10, 12, "grandpa of the validator of `harbour`"),
        (1, 9, "aura of the validator of `northwatch`"),
    ] {
        let before = line(&key(first)).replace(',', " (");
        refused_with(
            &key(second),
            &key(first),
            &[&line(&key(second)), field, "the same key stands in", &before],
        );
    }
}

#[test]
fn the_same_key_is_the_same_as_hexadecimal_and_as_an_address() {
    let pair = sp_core::sr25519::Pair::from_seed(&[1; 32]);
    refused_with(
        &key(3),
        &pair.public().to_ss58check(),
        &["admin of organisation `harbour`", "the same key"],
    );
}

#[test]
fn an_organisation_that_is_not_there_is_refused_wherever_it_is_named() {
    let known = "assize, commons, harbour, northwatch";
    refused_with(
        r#"council = ["northwatch""#,
        r#"council = ["southwatch""#,
        &["council: there is no organisation `southwatch`", known],
    );
    refused_with(
        r#"organisation = "harbour""#,
        r#"organisation = "haven""#,
        &[
            "organisation of a validator: there is no organisation `haven`",
            known,
        ],
    );
    refused_with(
        r#"# provider = "HANDLE""#,
        r#"provider = "openai""#,
        &["provider of service `openai`: there is no organisation `openai`"],
    );
}

#[test]
fn keys_of_another_length_and_what_is_no_key_are_refused() {
    for (number, field) in [
        (1, "admin of organisation `northwatch`"),
        (2, "key of a reporter of organisation `northwatch`"),
        (9, "aura of the validator of `northwatch`"),
        (10, "grandpa of the validator of `northwatch`"),
    ] {
        let good = key(number);
        let at = line(&good);
        refused_with(&good, &good[..60], &[&at, field, "58 hexadecimal digits"]);
        refused_with(
            &good,
            &(good.clone() + "00"),
            &[&at, field, "66 hexadecimal digits"],
        );
        refused_with(&good, "0xnone", &[&at, field, "no hexadecimal digit"]);
        refused_with(&good, "", &[&at, field, "no public key"]);
    }
}

#[test]
fn a_validator_without_keys_is_refused() {
    let (aura, grandpa) = (
        format!("aura = \"{}\"", key(9)),
        format!("grandpa = \"{}\"", key(10)),
    );
    for (line, kind) in [(&aura, "aura"), (&grandpa, "grandpa")] {
        let field = format!("{kind} of the validator of `northwatch`: there is no such key");
        refused_with(line, "", &[&field, "session-keys new"]);
    }
    refused_with(
        &format!("{aura}\n{grandpa}"),
        "",
        &[
            &format!("{} aura of the validator", line("[[validator]]")),
            &format!("{} grandpa of the validator", line("[[validator]]")),
        ],
    );
}

#[test]
fn an_empty_council_and_a_seat_twice_are_refused() {
    let council = r#"council = ["northwatch", "harbour", "assize"]"#;
    refused_with(
        council,
        "council = []",
        &["council: it is empty", "name at least one"],
    );
    refused_with(council, "", &["council: it is empty"]);
    refused_with(
        council,
        r#"council = ["harbour", "harbour"]"#,
        &["`harbour` is there twice"],
    );
}

#[test]
fn a_floor_above_the_validators_and_none_at_all_are_refused() {
    for floor in ["floor = 5", "floor = 0"] {
        refused_with("floor = 3", floor, &[&line("floor = 3"), "floor:", "from 1 to 4"]);
    }
}

#[test]
fn an_organisation_twice_and_two_validators_of_one_are_refused() {
    refused_with(
        r#"handle = "harbour""#,
        r#"handle = "northwatch""#,
        &["handle of organisation `northwatch`: another has the same"],
    );
    refused_with(
        r#"organisation = "harbour""#,
        r#"organisation = "northwatch""#,
        &["organisation of a validator: `northwatch` has another"],
    );
}

#[test]
fn ids_of_other_letters_are_refused() {
    for id in ["Outage", "outage registry", "outage.registry", "outage/../x", ""] {
        let to = format!("id = \"{id}\"");
        refused_with(r#"id = "outage-registry""#, &to, &["id:", "letters a to z"]);
        let to = format!("id = \"outage-registry\"\nprotocol-id = \"{id}\"");
        refused_with(
            r#"id = "outage-registry""#,
            &to,
            &["protocol-id:", "letters a to z"],
        );
    }
}

#[test]
fn a_field_that_there_is_none_of_is_refused_with_its_line() {
    for (from, to, field) in [
        ("floor = 3", "flor = 3", "flor"),
        ("url = \"https://northwatch.example\"", "web = \"x\"", "web"),
        ("slug = \"openai\"", "slug = \"openai\"\nlisted = true", "listed"),
        ("[rules]", "[rules]\nquorums = 3", "quorums"),
        ("[rules]", "[rule]", "rule"),
    ] {
        refused_with(
            from,
            to,
            &[&format!("unknown field `{field}`"), "line ", "--example"],
        );
    }
}

#[test]
fn what_is_not_toml_lacks_a_field_or_has_another_kind_of_value_is_refused_with_its_line() {
    refused_with("floor = 3", "floor =", &["parse error at line"]);
    refused_with("name = \"Outage Registry\"\n", "", &["missing field `name`"]);
    refused_with("floor = 3", "floor = \"three\"", &["at line 21", "expected u32"]);
    refused_with(
        "\"arbiter\"",
        "\"judge\"",
        &["unknown variant `judge`", "`arbiter`"],
    );
    refused_with(
        "# late-after = \"1h\"",
        "late-after = \"soon\"",
        &["a length of time in words"],
    );
}

#[test]
fn names_and_services_that_the_runtime_would_not_take_are_refused_here() {
    let long = |n: usize| "x".repeat(n);
    refused_with(
        "Harbour Telemetry",
        &long(65),
        &["name of organisation `harbour`", "64 at most"],
    );
    refused_with(
        "Harbour Telemetry",
        " ",
        &["name of organisation `harbour`", "empty"],
    );
    refused_with(
        "https://harbour.example",
        &long(129),
        &["url of organisation", "128 at most"],
    );
    refused_with("probe-1", &long(33), &["label of a reporter", "32 at most"]);
    refused_with(
        "slug = \"openai\"",
        "slug = \"Open AI\"",
        &["slug of a service: `Open AI` is none"],
    );
    refused_with(
        "slug = \"openai/chatgpt\"",
        "slug = \"openai\"",
        &["another service has the same"],
    );
    refused_with(
        "parent = \"openai\"",
        "parent = \"open\"",
        &["parent of service `openai/chatgpt`: there is no service `open`"],
    );
}

#[test]
fn a_boot_node_without_its_peer_is_refused() {
    refused_with(
        "boot-nodes = [",
        "boot-nodes = [\"/dns/faultline.northwatch.example/tcp/30333\",",
        &["boot-nodes:", "inspect-node-key"],
    );
}

#[test]
fn everything_that_is_wrong_is_said_at_once_in_order_of_lines() {
    let text = good()
        .replace("floor = 3", "floor = 9")
        .replace(&key(12), "0x12")
        .replace(r#"council = ["northwatch""#, r#"council = ["nobody""#);
    let error = refused(&text);
    let places: Vec<_> = ["council:", "floor:", "grandpa of the validator"]
        .iter()
        .map(|word| error.find(word).unwrap_or_else(|| panic!("{word}: {error}")))
        .collect();
    assert!(places.is_sorted(), "{error}");
}

#[test]
fn what_only_the_runtime_refuses_is_said_in_its_words() {
    let error = refused(&good().replacen("[rules]", "[rules]\nquorum = 0", 1));
    assert!(error.contains("the runtime refuses this beginning"), "{error}");
    assert!(error.contains("make no sense together"), "{error}");
    assert!(
        !error.contains("backtrace") && !error.contains("panicked"),
        "{error}"
    );
}

#[test]
fn a_well_known_key_is_refused_in_whichever_place_it_stands() {
    let alice = sp_core::bytes::to_hex(&Sr25519Keyring::AliceStash.to_raw_public(), false);
    let ed = sp_core::bytes::to_hex(&Ed25519Keyring::Alice.to_raw_public(), false);
    for (number, planted, name) in [
        (1, &alice, "//Alice//stash (sr25519)"),
        (2, &alice, "//Alice//stash (sr25519)"),
        (9, &alice, "//Alice//stash (sr25519)"),
        (10, &ed, "//Alice (ed25519)"),
    ] {
        refused_with(
            &key(number),
            planted,
            &[&line(&key(number)), name, "a key that everybody has"],
        );
    }
}

/// Past the look at the file: the state itself is searched.
#[test]
fn a_well_known_key_is_found_in_the_first_state_whichever_place_it_was_planted_in() {
    let text = good();
    let file: File = toml::from_str(&text).expect("it is understood");
    let checked = check::check(&text, &file).expect("it makes sense");
    let sr = Sr25519Keyring::Ferdie.to_raw_public();
    let ed = Ed25519Keyring::FerdieStash.to_raw_public();
    for (what, name, place) in [
        ("admin", "//Ferdie (sr25519)", "Members.Organisations"),
        ("reporter", "//Ferdie (sr25519)", "Members.Keys"),
        ("aura", "//Ferdie (sr25519)", "Aura.Authorities"),
        ("grandpa", "//Ferdie//stash (ed25519)", "Grandpa.Authorities"),
    ] {
        let mut planted = checked.clone();
        let session = planted.validators.entry(1).or_insert(check::Session {
            aura: sr,
            grandpa: ed,
        });
        match what {
            "admin" => planted.keys[1].0 = sr,
            "reporter" => planted.keys[1].1 = vec![sr],
            "aura" => session.aura = sr,
            _ => session.grandpa = ed,
        }
        let spec = ChainSpec::builder(chain_spec::own_code().expect("built with its runtime"), None)
            .with_genesis_config_patch(genesis::patch(&file, &planted))
            .build();
        let storage = sc_service::ChainSpec::as_storage_builder(&spec)
            .build_storage()
            .expect("the runtime takes any key");
        let found = WellKnown::all()
            .refuse_in(&storage)
            .expect_err("it is there")
            .to_string();
        assert!(found.contains(name) && found.contains(place), "{what}: {found}");
    }
}

#[test]
fn fewer_than_four_validators_and_a_quorum_that_nobody_meets_are_warned_of() {
    let text = good();
    let (before, rest) = text.split_once("[[validator]]").expect("it has validators");
    let (first, _) = rest.split_once("[[validator]]").expect("it has several");
    let alone = format!("{before}[[validator]]{first}")
        .replace("floor = 3", "floor = 1")
        .replace("# quorum = 3", "quorum = 4");
    let made = make(Path::new("f"), &alone).expect("a chain");
    let warned = made.warnings.join("\n");
    assert!(warned.contains("1 validators: when one is down"), "{warned}");
    assert!(
        warned.contains("3 groups may report and the quorum is 4"),
        "{warned}"
    );
}

#[test]
fn what_differs_from_the_standard_is_what_the_chain_begins_with() {
    let text = good()
        .replace("# upgrade-delay = \"7d\"", "upgrade-delay = \"2h\"")
        .replace("# session-length = 600", "session-length = 20")
        .replace("# late-after = \"1h\"", "late-after = \"90s\"")
        .replacen("# group = \"acme\"", "group = \"acme\"", 1)
        .replacen(
            "handle = \"commons\"",
            "handle = \"commons\"\ngroup = \"acme\"",
            1,
        );
    let file: File = toml::from_str(&text).expect("it is understood");
    let checked = check::check(&text, &file).expect("it makes sense");
    let patch = genesis::patch(&file, &checked);
    assert_eq!(patch["consortium"]["upgradeDelay"], 7_200_000);
    assert_eq!(patch["consortium"]["sessionLength"], 20);
    assert_eq!(patch["consortium"]["seats"], serde_json::json!([0, 1, 3]));
    assert_eq!(patch["consortium"]["validators"], serde_json::json!([0, 1, 2, 3]));
    assert_eq!(
        patch["incidents"]["rules"],
        serde_json::json!({ "lateAfter": 90_000 })
    );
    let groups: Vec<_> = (0..4)
        .map(|number| patch["members"]["organisations"][number]["group"].clone())
        .collect();
    assert_eq!(
        groups,
        [
            0.into(),
            serde_json::Value::Null,
            0.into(),
            serde_json::Value::Null
        ]
    );
    make(Path::new("f"), &text).expect("the runtime takes it");
}
