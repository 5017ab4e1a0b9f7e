//! Types on the page.

use std::fmt::Write;

use serde_json::Value;

use crate::{
    contract::paragraphs,
    samples::{incident_filter, service_filter},
    schemas::{referred, Schemas},
};

/// How a schema is written where something is of it.
pub fn written(schema: &Value) -> String {
    if let Some(name) = referred(schema) {
        return format!("[{name}](#{})", name.to_lowercase());
    }
    for either in ["allOf", "anyOf"] {
        if let Some(parts) = schema[either].as_array() {
            return parts.iter().map(written).collect::<Vec<_>>().join(" or ");
        }
    }
    match &schema["type"] {
        Value::Array(types) => types
            .iter()
            .map(|one| simple(one.as_str().unwrap()))
            .collect::<Vec<_>>()
            .join(" or "),
        Value::String(one) if one == "array" => match &schema["items"] {
            Value::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
            items => format!("list of {}", written(items)),
        },
        Value::String(one) => simple(one).into(),
        _ => panic!("nothing here writes such a schema: {schema:#}"),
    }
}

fn simple(name: &str) -> &str {
    match name {
        "string" => "text",
        "boolean" => "true or false",
        other => other,
    }
}

/// What a schema says of itself, on one line.
fn said(schema: &Value) -> String {
    let text = schema["description"].as_str().unwrap_or_default();
    paragraphs(text).join(" ")
}

/// The value that a variant is told by, and the name of the field that holds it.
fn tag(variant: &Value) -> Option<(&str, &str)> {
    variant["properties"]
        .as_object()?
        .iter()
        .find_map(|(name, field)| Some((name.as_str(), field["const"].as_str()?)))
}

/// The fields of an object in the order of their declaration, each with its schema and whether it is always there.
fn fields<'a>(name: &str, object: &'a Value) -> Vec<(&'a str, &'a Value, bool)> {
    let properties = object["properties"].as_object().into_iter().flatten();
    let required: Vec<_> = object["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    // What is required stands in order. Of what is not, a value that has it all knows the order.
    let declared = match name {
        "IncidentFilter" => keys(&incident_filter()),
        "ServiceFilter" => keys(&service_filter()),
        _ => Vec::new(),
    };
    let place = |field: &str| {
        let among = |names: &[&str]| names.iter().position(|name| *name == field);
        let declared: Vec<_> = declared.iter().map(String::as_str).collect();
        among(&required)
            .or_else(|| among(&declared))
            .unwrap_or(usize::MAX)
    };
    let mut fields: Vec<_> = properties
        .filter(|(_, schema)| schema["const"].is_null())
        .map(|(field, schema)| (field.as_str(), schema, required.contains(&field.as_str())))
        .collect();
    fields.sort_by_key(|(field, ..)| place(field));
    fields
}

/// The names of the fields of a value, in the order in which it is written.
fn keys(value: &impl serde::Serialize) -> Vec<String> {
    let text = serde_json::to_string_pretty(value).unwrap();
    // Those of the value itself are indented once.
    text.lines()
        .filter_map(|line| line.strip_prefix("  \"")?.split('"').next())
        .map(Into::into)
        .collect()
}

/// A list of the schemas that stand in a section of their own, by what they are.
pub struct Sections {
    /// Text and numbers.
    pub scalars: String,
    /// Those of which one of several names is meant.
    pub choices: String,
    /// Everything else.
    pub objects: String,
}

impl Sections {
    /// Of all schemas.
    pub fn new(schemas: &Schemas) -> Self {
        let mut sections = Self {
            scalars: "| type | in JSON | meaning |\n| --- | --- | --- |\n".into(),
            choices: String::new(),
            objects: String::new(),
        };
        for (name, schema) in &schemas.components {
            let anchor = format!("<a id=\"{}\"></a>", name.to_lowercase());
            if let Some(choices) = choices(schema) {
                let heading = format!("\n#### {name}\n\n{}\n\n", said(schema));
                sections.choices.push_str(&heading);
                for (value, meaning) in choices {
                    writeln!(sections.choices, "- `{value}`: {meaning}").unwrap();
                }
            } else if schema["properties"].is_null() && schema["oneOf"].is_null() {
                let row = format!("| {anchor}{name} | {} | {} |\n", scalar(schema), said(schema));
                sections.scalars.push_str(&row);
            } else {
                let heading = format!("\n#### {name}\n\n{}\n", said(schema));
                sections.objects.push_str(&heading);
                sections.objects.push_str(&object(schemas, name, schema));
            }
        }
        sections
    }
}

/// The names of which one is meant, with what each means.
fn choices(schema: &Value) -> Option<Vec<(&str, String)>> {
    let all = schema["oneOf"].as_array()?.iter();
    all.map(|one| Some((one["const"].as_str()?, said(one)))).collect()
}

/// What text or number a schema takes.
fn scalar(schema: &Value) -> String {
    let mut text = written(schema);
    for (bound, word) in [("format", ""), ("pattern", ""), ("maximum", "at most ")] {
        match &schema[bound] {
            Value::Null => {}
            // The width of an integer says less than its bounds.
            Value::String(width) if width.starts_with("uint") => {}
            Value::String(bound) => write!(text, ", {word}`{}`", bound.replace('|', "\\|")).unwrap(),
            bound => write!(text, ", {word}{bound}").unwrap(),
        }
    }
    text
}

fn object(schemas: &Schemas, name: &str, schema: &Value) -> String {
    let mut page = String::new();
    let fields = fields(name, schema);
    if !fields.is_empty() {
        page.push_str("\n| field | type | meaning |\n| --- | --- | --- |\n");
        for (field, schema, always) in &fields {
            let optional = if *always { "" } else { ", optional" };
            writeln!(
                page,
                "| `{field}` | {}{optional} | {} |",
                written(schema),
                said(schema)
            )
            .unwrap();
        }
    }
    if let Some(variants) = schema["oneOf"].as_array() {
        let (by, _) = tag(&variants[0]).unwrap();
        let more = if fields.is_empty() { "" } else { "else " };
        write!(page, "\nWhat {more}it holds depends on `{by}`:\n\n").unwrap();
        for variant in variants {
            page.push_str(&of_variant(schemas, name, variant));
        }
    }
    page
}

fn of_variant(schemas: &Schemas, name: &str, variant: &Value) -> String {
    let (_, value) = tag(variant).unwrap();
    let mut page = format!("- `{value}`: {}\n", said(variant));
    for (field, schema, _) in fields(name, variant) {
        writeln!(page, "  - `{field}`: {}. {}", written(schema), said(schema)).unwrap();
    }
    for part in variant["allOf"].as_array().into_iter().flatten() {
        writeln!(page, "  - the fields of {}", written(part)).unwrap();
    }
    if let Some(flattened) = variant["oneOf"].as_array() {
        let same = schemas
            .components
            .iter()
            .find(|(_, other)| other["oneOf"] == variant["oneOf"]);
        let (name, _) =
            same.unwrap_or_else(|| panic!("a type of {} variants has no section", flattened.len()));
        writeln!(page, "  - the fields of [{name}](#{})", name.to_lowercase()).unwrap();
    }
    page
}
