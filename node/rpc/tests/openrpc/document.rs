//! The OpenRPC document.

use serde_json::{json, Map, Value};

use crate::{
    contract::{paragraphs, Contract, Method},
    samples::{self, Example},
    schemas::Schemas,
};

const INTRODUCTION: &str =
    "Reading the record of outages. Every answer names the finalized block at which it is true. \
    docs/rpc.md says how to call, what bounds there are, and what to do about each error.";

/// A kind of failure, as the source describes it.
pub struct Explained {
    /// The name of the kind, as in `data`.
    pub kind: String,
    /// The code of the error.
    pub code: i32,
    /// When it comes.
    pub when: String,
    /// What to do.
    pub then: String,
    /// The schema of `data`.
    pub data: Value,
}

impl Explained {
    /// All kinds, in order of their codes.
    pub fn all(schemas: &Schemas) -> Vec<Self> {
        let samples = samples::failures();
        let explain = |schema: &Value| {
            let kind = schema["properties"]["kind"]["const"].as_str().unwrap();
            let sample = samples
                .iter()
                .find(|sample| json!(sample)["kind"] == kind)
                .unwrap_or_else(|| panic!("{kind} is a new failure: give one in tests/openrpc/samples"));
            let said = paragraphs(schema["description"].as_str().unwrap());
            let [when, then] = said.as_slice() else {
                panic!(
                    "the words of {kind} in error.rs are when it comes, and in a second paragraph what to do"
                );
            };
            let mut data = schema.clone();
            data.as_object_mut().unwrap().remove("description");
            Self {
                kind: kind.into(),
                code: sample.code(),
                when: when.clone(),
                then: then.clone(),
                data,
            }
        };
        let mut all: Vec<_> = schemas.failures.iter().map(explain).collect();
        all.sort_by_key(|explained| explained.code);
        all
    }
}

/// The whole document.
pub fn document(contract: &Contract, schemas: &Schemas) -> Value {
    let examples = samples::examples();
    let mut methods = Vec::new();
    for method in &contract.methods {
        let example = examples.iter().find(|example| example.method == method.name);
        let example = example.unwrap_or_else(|| {
            panic!(
                "{} is a new method: give an example in tests/openrpc/samples",
                method.name
            )
        });
        methods.push(described(contract, schemas, method, example));
        methods.extend(ending(contract, method));
    }
    let errors = Explained::all(schemas).into_iter().map(|failure| {
        let error = json!({ "code": failure.code, "message": failure.when, "data": failure.data });
        (failure.kind, error)
    });
    let errors: Map<_, _> = errors.collect();
    json!({
        "openrpc": "1.3.2",
        "info": {
            "title": "Faultline",
            "description": INTRODUCTION,
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0" },
        },
        "methods": methods,
        "components": {
            "schemas": schemas.components,
            "errors": errors,
        },
    })
}

/// The schema of an answer: what it holds, and the block at which that is true.
pub fn answer(schemas: &Schemas, method: &Method) -> Value {
    json!({
        "type": "object",
        "required": ["at", "data"],
        "properties": { "at": schemas.block, "data": schemas.of(&method.gives) },
    })
}

/// What names a subscription.
fn subscription_id() -> Value {
    json!({ "type": "string" })
}

fn described(contract: &Contract, schemas: &Schemas, method: &Method, example: &Example) -> Value {
    let params = method.params.iter().map(|param| {
        json!({
            "name": param.name,
            "description": method.meaning(param),
            "required": param.required,
            "schema": schemas.of(&param.ty),
        })
    });
    let named = method.params.iter().zip(&example.params);
    let example_params = named.map(|(param, value)| json!({ "name": param.name, "value": value }));
    let errors = method
        .failures()
        .into_iter()
        .map(|kind| json!({ "$ref": format!("#/components/errors/{kind}") }));
    let mut described = json!({
        "name": contract.full(&method.name),
        "summary": method.summary(),
        "description": method.docs.join("\n\n"),
        "paramStructure": "either",
        "params": params.collect::<Vec<_>>(),
        "errors": errors.collect::<Vec<_>>(),
    });
    match &method.subscription {
        None => {
            described["result"] = json!({ "name": "answer", "schema": answer(schemas, method) });
            let result: Value = serde_json::from_str(&example.answer).unwrap();
            described["examples"] = json!([{
                "name": method.name,
                "params": example_params.collect::<Vec<_>>(),
                "result": { "name": "answer", "value": result },
            }]);
        }
        Some(subscription) => {
            described["result"] = json!({
                "name": "subscription",
                "description": "What names the subscription, in each notification and to end it.",
                "schema": subscription_id(),
            });
            // OpenRPC knows no notifications.
            described["x-subscription"] = json!({
                "notification": contract.full(&subscription.notification),
                "unsubscribe": contract.full(&subscription.unsubscribe),
                "params": {
                    "type": "object",
                    "required": ["subscription"],
                    "properties": {
                        "subscription": subscription_id(),
                        "result": answer(schemas, method),
                        "error": {
                            "type": "object",
                            "description": "In place of `result`, and last: why the node ends the subscription.",
                            "required": ["code", "message"],
                            "properties": {
                                "code": { "type": "integer" },
                                "message": { "type": "string" },
                                "data": {},
                            },
                        },
                    },
                },
            });
        }
    }
    described
}

/// The method that ends a subscription.
fn ending(contract: &Contract, method: &Method) -> Option<Value> {
    let subscription = method.subscription.as_ref()?;
    Some(json!({
        "name": contract.full(&subscription.unsubscribe),
        "summary": format!("Ends a subscription of {}.", contract.full(&method.name)),
        "params": [{
            "name": "subscription",
            "description": "What names it.",
            "required": true,
            "schema": subscription_id(),
        }],
        "result": {
            "name": "ended",
            "description": "Whether there was one.",
            "schema": { "type": "boolean" },
        },
    }))
}

/// The names of all schemas that a part of the document refers to.
pub fn references(part: &Value) -> Vec<&str> {
    match part {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value {
                Value::String(reference) if name == "$ref" => vec![reference.as_str()],
                _ => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}
