//! Chain specifications: what a chain is called, where it starts, and the code it starts with.
//!
//! A specification in a file may lack the runtime's code. It then takes the code that this node
//! was built with. The project's own files are kept so, as the code's bytes depend on the
//! compiler. A network of several organisations starts from one raw file that has the code.

use std::{fs, io};

use faultline_runtime::WASM_BINARY;
use sc_service::{ChainType, GenericChainSpec, Properties};
use serde_json::{Map, Value};
use sp_core::{bytes::to_hex, storage::well_known_keys};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};

/// A Faultline chain's specification, without extensions of ours.
pub type ChainSpec = GenericChainSpec;

/// Why there is no chain specification.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither one of the built-in names nor a file.
    #[error(
        "no such chain: `{0}` is neither `dev`, `local` nor a file; `export-chain-spec --chain \
         dev --output FILE` writes a file to start from"
    )]
    NoSuchChain(String),

    /// The file is there and cannot be read.
    #[error("cannot read the chain specification `{path}`: {source}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        source: io::Error,
    },

    /// The file holds something else than JSON.
    #[error("`{path}` is not a chain specification, as it is not JSON: {source}")]
    NotJson {
        /// The file.
        path: String,
        /// Where JSON ends.
        source: serde_json::Error,
    },

    /// The file holds JSON of another kind.
    #[error("`{path}` is not a chain specification: {reason}; `export-chain-spec` writes one")]
    NotAChainSpec {
        /// The file.
        path: String,
        /// What is missing or wrong.
        reason: String,
    },

    /// The node was built with `SKIP_WASM_BUILD`.
    #[error(
        "this node was built without its runtime, so it can only run a chain whose specification \
         has the code; build it again with SKIP_WASM_BUILD unset"
    )]
    NoRuntime,
}

/// The chain that `id` names: `dev` (also if empty), `local`, or the path of a file, plain or raw.
///
/// # Errors
///
/// See [`Error`].
pub fn load(id: &str) -> Result<ChainSpec, Error> {
    match id {
        "" | "dev" => development(),
        "local" => local(),
        path => match fs::read(path) {
            Ok(json) => parse(path, json),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::NoSuchChain(path.into())),
            Err(source) => Err(Error::Unreadable {
                path: path.into(),
                source,
            }),
        },
    }
}

/// Takes the runtime's code out of a specification, plain or raw, that is given as JSON.
pub fn remove_code(spec: &mut Value) {
    if let Some((fields, code)) = code_field(spec) {
        fields.remove(&code);
    }
}

fn development() -> Result<ChainSpec, Error> {
    Ok(ChainSpec::builder(own_code()?, None)
        .with_name("Faultline Development")
        .with_id("faultline_dev")
        .with_protocol_id("faultline-dev")
        .with_chain_type(ChainType::Development)
        .with_properties(properties())
        .with_genesis_config_preset_name(DEV_RUNTIME_PRESET)
        .build())
}

fn local() -> Result<ChainSpec, Error> {
    Ok(ChainSpec::builder(own_code()?, None)
        .with_name("Faultline Local")
        .with_id("faultline_local")
        .with_protocol_id("faultline-local")
        .with_chain_type(ChainType::Local)
        .with_properties(properties())
        .with_genesis_config_preset_name(LOCAL_TESTNET_RUNTIME_PRESET)
        .build())
}

/// For wallets: addresses have the generic prefix. There is no token to name.
pub fn properties() -> Properties {
    Properties::from_iter([("ss58Format".to_owned(), Value::from(42))])
}

/// The runtime's code that this node was built with.
///
/// # Errors
///
/// [`Error::NoRuntime`].
pub fn own_code() -> Result<&'static [u8], Error> {
    WASM_BINARY.ok_or(Error::NoRuntime)
}

fn parse(path: &str, json: Vec<u8>) -> Result<ChainSpec, Error> {
    let not_a_spec = |reason| Error::NotAChainSpec {
        path: path.into(),
        reason,
    };

    let mut spec: Value = serde_json::from_slice(&json).map_err(|source| Error::NotJson {
        path: path.into(),
        source,
    })?;
    let (fields, code) = code_field(&mut spec)
        .ok_or_else(|| not_a_spec("it has neither `genesis.runtimeGenesis` nor `genesis.raw.top`".into()))?;
    let json = if is_absent(fields.get(&code)) {
        fields.insert(code, to_hex(own_code()?, false).into());
        spec.to_string().into_bytes()
    } else {
        json
    };

    ChainSpec::from_json_bytes(json).map_err(not_a_spec)
}

/// The object that holds the code in a specification, and the code's name in it.
fn code_field(spec: &mut Value) -> Option<(&mut Map<String, Value>, String)> {
    const PLAIN: &str = "/genesis/runtimeGenesis";
    const RAW: &str = "/genesis/raw/top";

    let (object, code) = if spec.pointer(PLAIN).is_some() {
        (PLAIN, "code".to_owned())
    } else {
        (RAW, to_hex(well_known_keys::CODE, false))
    };
    Some((spec.pointer_mut(object)?.as_object_mut()?, code))
}

fn is_absent(code: Option<&Value>) -> bool {
    match code {
        None | Some(Value::Null) => true,
        Some(Value::String(hex)) => hex.is_empty() || hex == "0x",
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn file_with(genesis: Value) -> Value {
        json!({ "name": "Test", "id": "test", "bootNodes": [], "genesis": genesis })
    }

    #[test]
    fn a_name_that_is_no_chain_and_no_file_is_refused_with_what_would_do() {
        let error = load("nowhere/at-all.json")
            .err()
            .expect("there is no such file")
            .to_string();
        assert!(error.contains("neither `dev`, `local` nor a file"), "{error}");
    }

    #[test]
    fn what_is_not_json_or_not_a_chain_is_refused_as_such() {
        let not_json = parse("f.json", b"chain: dev".to_vec()).err();
        assert!(matches!(not_json, Some(Error::NotJson { .. })));

        for other in [
            json!({}),
            json!([1]),
            file_with(json!({ "stateRootHash": "0x00" })),
        ] {
            let not_a_chain = parse("f.json", other.to_string().into_bytes()).err();
            assert!(
                matches!(not_a_chain, Some(Error::NotAChainSpec { .. })),
                "{other}"
            );
        }

        let nameless = json!({ "genesis": { "raw": { "top": { "0x3a636f6465": "0x00" } } } });
        let nameless = parse("f.json", nameless.to_string().into_bytes()).err();
        assert!(matches!(nameless, Some(Error::NotAChainSpec { .. })));
    }

    #[test]
    fn code_is_found_and_removed_in_both_forms() {
        let mut plain = file_with(json!({ "runtimeGenesis": { "code": "0x01", "patch": {} } }));
        remove_code(&mut plain);
        assert_eq!(plain, file_with(json!({ "runtimeGenesis": { "patch": {} } })));

        let top = json!({ "0x3a636f6465": "0x01", "0x3a636f646500": "0x02" });
        let mut raw = file_with(json!({ "raw": { "top": top, "childrenDefault": {} } }));
        remove_code(&mut raw);
        let top = json!({ "0x3a636f646500": "0x02" });
        assert_eq!(
            raw,
            file_with(json!({ "raw": { "top": top, "childrenDefault": {} } }))
        );
    }

    #[test]
    fn only_missing_or_empty_code_is_absent() {
        for absent in [None, Some(json!(null)), Some(json!("")), Some(json!("0x"))] {
            assert!(is_absent(absent.as_ref()), "{absent:?}");
        }
        assert!(!is_absent(Some(&json!("0x00"))));
        assert!(!is_absent(Some(&json!(7))));
    }

    #[test]
    fn code_that_is_there_is_left_alone() {
        let spec = file_with(json!({ "runtimeGenesis": { "code": "0x01", "patch": {} } }));
        let spec = parse("f.json", spec.to_string().into_bytes()).expect("a whole specification");
        let json = spec
            .as_json(false)
            .expect("a plain specification is written as it was read");
        assert!(json.contains("\"0x01\""), "{json}");
    }
}
