//! Whether values are as schemas say.

use boon::{Compiler, SchemaIndex, Schemas as Compiled};
use serde_json::{json, Value};

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// A schema, ready to be compared with.
pub struct Validator {
    compiled: Compiled,
    schema: SchemaIndex,
}

impl Validator {
    /// A schema that may refer to `components` of a document.
    pub fn new(components: &Value, schema: &Value) -> Self {
        Self::compiled([(
            "https://faultline.invalid/",
            json!({ "$schema": DRAFT, "components": components, "allOf": [schema] }),
        )])
    }

    /// The schema of OpenRPC documents. What a JSON Schema is stands elsewhere, in draft 7 as here.
    pub fn of_openrpc() -> Self {
        let mut meta: Value = serde_json::from_str(include_str!("meta-schema.json")).unwrap();
        meta["$schema"] = json!(DRAFT);
        let json_schema = json!({
            "$schema": DRAFT,
            "allOf": [{ "$ref": DRAFT }],
            "definitions": { "JSONSchemaObject": { "properties": { "$ref": { "type": "string" } } } },
        });
        Self::compiled([
            ("https://meta.open-rpc.org/", meta),
            ("https://meta.json-schema.tools/", json_schema),
        ])
    }

    /// The first of these, which may refer to the others.
    fn compiled<const N: usize>(resources: [(&str, Value); N]) -> Self {
        let (mut compiler, mut compiled) = (Compiler::new(), Compiled::new());
        let root = resources[0].0.to_string();
        for (location, resource) in resources {
            compiler.add_resource(location, resource).unwrap();
        }
        let schema = compiler
            .compile(&root, &mut compiled)
            .unwrap_or_else(|error| panic!("{error:#}"));
        Self { compiled, schema }
    }

    /// What is wrong with a value.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        self.compiled
            .validate(value, self.schema)
            .map_err(|error| format!("{error}\n{value:#}"))
    }

    /// Whether it is as the schema says.
    pub fn takes(&self, value: &Value) -> bool {
        self.compiled.validate(value, self.schema).is_ok()
    }
}
