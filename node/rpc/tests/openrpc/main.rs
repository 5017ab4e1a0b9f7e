//! The documentation of the JSON-RPC: made of the trait's source, of the types' schemas and of sample values, and so true.
//!
//! `openrpc.json` and `docs/rpc.md` are written anew by `GOLDEN=write`; the difference then shows in review what changed for
//! those who call.

// All of it is a test, which may fail where it stands.
#![allow(clippy::unwrap_used)]

mod contract;
mod document;
mod page;
mod samples;
mod schemas;
mod types;
mod validation;
mod words;

use std::collections::BTreeSet;

use serde_json::{json, Value};

use self::{
    contract::Contract,
    document::{answer, references},
    schemas::Schemas,
    validation::Validator,
};

fn document() -> Value {
    document::document(&Contract::read(), &Schemas::new())
}

/// What a schema of the document takes, by its name.
fn validator(document: &Value, name: &str) -> Validator {
    let schema = json!({ "$ref": format!("#{}/{name}", schemas::PLACE) });
    Validator::new(&document["components"], &schema)
}

mod golden {
    use super::*;

    /// Compares a file with what is made of the code, or writes it.
    fn file(path: &str, made: &str) {
        let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var("GOLDEN").is_ok_and(|what| what == "write") {
            return std::fs::write(&path, made).unwrap();
        }
        let stands = std::fs::read_to_string(&path).unwrap();
        let mut lines = stands.lines().zip(made.lines()).zip(1..);
        let drift = lines.find(|((stands, made), _)| stands != made);
        assert!(
            stands == made,
            "{path} is not what the code says (first difference: {drift:#?}); write it anew with GOLDEN=write, as in \
             `GOLDEN=write scripts/test golden`"
        );
    }

    #[test]
    fn the_openrpc_document_is_what_the_code_says() {
        let mut document = document();
        // Whether fields keep their order is a feature of serde_json that others may select.
        document.sort_all_objects();
        file("openrpc.json", &format!("{document:#}\n"));
    }

    #[test]
    fn the_page_is_what_the_code_says() {
        let page = page::page(&Contract::read(), &Schemas::new());
        file("../../docs/rpc.md", &page);
    }
}

#[test]
fn what_the_node_serves_is_the_document() {
    let served: Value = serde_json::from_str(faultline_rpc::openrpc::document().get()).unwrap();
    let stands: Value = serde_json::from_str(faultline_rpc::openrpc::DOCUMENT).unwrap();
    assert_eq!(served, stands);
}

#[test]
fn the_document_is_one_by_the_meta_schema_of_openrpc() {
    Validator::of_openrpc().check(&document()).unwrap();
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_referred_to() {
    let document = document();
    let references: BTreeSet<_> = references(&document).into_iter().collect();
    for reference in &references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        let reference = format!("#{}/{name}", schemas::PLACE);
        assert!(
            references.contains(reference.as_str()),
            "nothing refers to {name}"
        );
    }
}

#[test]
fn every_method_has_a_name_of_its_own_and_says_what_it_does_and_takes() {
    let contract = Contract::read();
    let document = document();
    let methods = document["methods"].as_array().unwrap();
    let names: BTreeSet<_> = methods
        .iter()
        .map(|method| method["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), methods.len());
    for method in &contract.methods {
        let name = contract.full(&method.name);
        assert!(names.contains(name.as_str()), "{name} is not in the document");
        assert!(!method.docs.is_empty(), "{name} says nothing");
        for param in &method.params {
            assert!(
                method.meaning(param).is_some(),
                "nothing says what `{}` of {name} is: write it in tests/openrpc/words.rs",
                param.name
            );
        }
        let optional = method.params.iter().skip_while(|param| param.required);
        assert!(
            optional.clone().all(|param| !param.required),
            "{name} cannot be called by position without what it does not need"
        );
    }
}

#[test]
fn examples_are_as_the_schemas_say() {
    let (contract, schemas, document) = (Contract::read(), Schemas::new(), document());
    for method in &contract.methods {
        let of_method = |schema: &Value| Validator::new(&document["components"], schema);
        for example in samples::examples()
            .iter()
            .filter(|example| example.method == method.name)
        {
            let value: Value = serde_json::from_str(&example.answer).unwrap();
            of_method(&answer(&schemas, method)).check(&value).unwrap();
            assert!(example.params.len() <= method.params.len());
            for (param, value) in method.params.iter().zip(&example.params) {
                let left_out = value.is_null() && !param.required;
                assert!(
                    left_out || of_method(schemas.of(&param.ty)).takes(value),
                    "{}: {value}",
                    method.name
                );
            }
        }
    }
}

#[test]
fn what_is_served_is_as_the_schemas_say() {
    let document = document();
    for (name, value) in samples::values() {
        validator(&document, name).check(&value).unwrap();
    }
    for failure in samples::failures() {
        let failure = json!(failure);
        let kind = failure["kind"].as_str().unwrap();
        let schema = &document["components"]["errors"][kind]["data"];
        Validator::new(&document["components"], schema)
            .check(&failure)
            .unwrap();
    }
}

/// Values that lack one field, however deep it stands, each with the name of that field.
fn without_one(value: &Value) -> Vec<(String, Value)> {
    let deeper = |key: String, inside: &Value, place: &dyn Fn(Value) -> Value| {
        without_one(inside)
            .into_iter()
            .map(|(path, lacking)| (format!("{key}.{path}"), place(lacking)))
            .collect::<Vec<_>>()
    };
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, inside)| {
                let mut without = fields.clone();
                without.remove(key);
                let place = |lacking| {
                    let mut changed = fields.clone();
                    changed.insert(key.clone(), lacking);
                    Value::Object(changed)
                };
                let mut all = deeper(key.clone(), inside, &place);
                all.push((key.clone(), Value::Object(without)));
                all
            })
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(index, inside)| {
                let place = |lacking| {
                    let mut changed = items.clone();
                    changed[index] = lacking;
                    Value::Array(changed)
                };
                deeper(index.to_string(), inside, &place)
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_schemas_know_every_field_that_is_served() {
    let document = document();
    for (name, value) in samples::values()
        .into_iter()
        .filter(|(name, _)| !name.ends_with("Filter"))
    {
        let validator = validator(&document, name);
        for (field, lacking) in without_one(&value) {
            assert!(
                !validator.takes(&lacking),
                "the schema of {name} does not ask for `{field}`"
            );
        }
    }
}

/// All values of `what` and `act` that a part of a document holds as constants.
fn tags(part: &Value) -> BTreeSet<(String, String)> {
    match part {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| {
                let told = |value: &Value| Some((name.clone(), value.as_str()?.to_string()));
                let tag = matches!(name.as_str(), "what" | "act")
                    .then(|| told(&value["const"]).or_else(|| told(value)));
                tags(value).into_iter().chain(tag.flatten())
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(tags).collect(),
        _ => BTreeSet::new(),
    }
}

#[test]
fn every_shape_that_is_served_is_among_the_samples() {
    let document = document();
    let values: BTreeSet<_> = samples::values()
        .iter()
        .flat_map(|(_, value)| tags(value))
        .collect();
    assert_eq!(tags(&document["components"]["schemas"]), values);
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let names = schema["oneOf"].as_array().into_iter().flatten();
        for choice in names.filter_map(|choice| choice["const"].as_str()) {
            let given = samples::values()
                .iter()
                .any(|(of, value)| of == name && value == choice);
            assert!(given, "no sample is {choice} of {name}");
        }
    }
}

#[test]
fn the_schemas_refuse_what_is_never_served() {
    let document = document();
    let refused = [
        ("Hash", json!(format!("0x{}", "0A".repeat(32)))),
        ("Hash", json!("0x0a")),
        (
            "Account",
            json!("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"),
        ),
        ("Sha256", json!(7)),
        ("Country", json!("Germany")),
        ("OrganisationId", json!(-1)),
        ("OrganisationId", json!(u64::from(u32::MAX) + 1)),
        ("IncidentId", json!(1_u64 << 53)),
        ("IncidentId", json!("7")),
        ("Utc", json!("2024-12-11")),
        ("Utc", json!(1_733_958_960_000_u64)),
        ("ScopeView", json!("Country Germany")),
        ("Verdict", json!("confirmed")),
        ("IncidentFilter", json!({ "colour": "red" })),
        ("ServiceFilter", json!({ "listed": "yes" })),
    ];
    for (name, value) in refused {
        assert!(!validator(&document, name).takes(&value), "{name} takes {value}");
    }
}
