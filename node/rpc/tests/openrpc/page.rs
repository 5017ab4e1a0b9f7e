//! The page `docs/rpc.md`.

use std::fmt::Write;

use serde_json::{json, Value};

use crate::{
    contract::{Contract, Method},
    document::Explained,
    samples::{self, Example},
    schemas::Schemas,
    types::{written, Sections},
    words::limits,
};

/// The words of the page, with the places of what is made.
const TEMPLATE: &str = include_str!("template.md");

/// The whole page.
pub fn page(contract: &Contract, schemas: &Schemas) -> String {
    let explained = Explained::all(schemas);
    let sections = Sections::new(schemas);
    let (subscriptions, methods): (Vec<_>, Vec<_>) = contract
        .methods
        .iter()
        .partition(|method| method.subscription.is_some());
    let examples = samples::examples();
    let described = |methods: &[&Method]| {
        let one = |method: &&Method| described(contract, schemas, method, &explained, &examples);
        methods.iter().map(one).collect::<String>()
    };
    let parts = [
        ("table of methods", table(contract, &methods)),
        ("table of subscriptions", table(contract, &subscriptions)),
        ("methods", described(&methods)),
        ("subscriptions", described(&subscriptions)),
        ("errors", errors(&explained)),
        ("limits", bounds()),
        ("scalars", sections.scalars),
        ("choices", sections.choices),
        ("objects", sections.objects),
    ];
    parts
        .into_iter()
        .fold(TEMPLATE.to_string(), |page, (name, part)| {
            let place = format!("<!-- {name} -->");
            assert!(page.contains(&place), "the template has no place for {name}");
            page.replacen(&place, part.trim(), 1)
        })
}

fn table(contract: &Contract, methods: &[&Method]) -> String {
    let mut page = String::from("| method | gives | read from |\n| --- | --- | --- |\n");
    for method in methods {
        let name = contract.full(&method.name);
        let params: Vec<_> = method
            .params
            .iter()
            .map(|param| format!("{}{}", param.name, if param.required { "" } else { "?" }))
            .collect();
        let link = format!("[`{name}({})`](#{})", params.join(", "), name.to_lowercase());
        let from = if method.reads_index() { "index" } else { "state" };
        writeln!(page, "| {link} | {} | {from} |", method.summary()).unwrap();
    }
    page
}

fn described(
    contract: &Contract,
    schemas: &Schemas,
    method: &Method,
    explained: &[Explained],
    examples: &[Example],
) -> String {
    let name = contract.full(&method.name);
    let mut page = format!("\n### {name}\n\n{}\n", method.docs.join("\n\n"));
    if !method.params.is_empty() {
        page.push_str("\n| parameter | type | meaning |\n| --- | --- | --- |\n");
        for param in &method.params {
            let optional = if param.required { "" } else { ", optional" };
            let (ty, meaning) = (written(schemas.of(&param.ty)), method.meaning(param));
            writeln!(
                page,
                "| `{}` | {ty}{optional} | {} |",
                param.name,
                meaning.unwrap_or_default()
            )
            .unwrap();
        }
    }
    let gives = written(schemas.of(&method.gives));
    match &method.subscription {
        None => write!(page, "\nGives {gives}.").unwrap(),
        Some(subscription) => write!(
            page,
            "\nEach notification, `{}`, brings {gives}. Ended by `{}`.",
            contract.full(&subscription.notification),
            contract.full(&subscription.unsubscribe),
        )
        .unwrap(),
    }
    let codes: Vec<_> = explained
        .iter()
        .filter(|failure| method.failures().contains(&failure.kind.as_str()))
        .map(|failure| failure.code.to_string())
        .collect();
    writeln!(page, " Errors: {}.", codes.join(", ")).unwrap();
    if let Some(example) = examples.iter().find(|example| example.method == method.name) {
        page.push_str(&shown(&name, method, example));
    }
    page
}

fn shown(name: &str, method: &Method, example: &Example) -> String {
    let request = json!(example.params);
    let what = match method.subscription {
        None => "and `result` of the answer",
        Some(_) => "and `params.result` of a notification",
    };
    format!(
        "\n<details><summary>Example</summary>\n\n\
         ```json\n{{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"{name}\", \"params\": {request}}}\n```\n\n\
         {what}:\n\n```json\n{}\n```\n\n</details>\n",
        example.answer
    )
}

fn errors(explained: &[Explained]) -> String {
    let mut page = String::from("| code | `data` | when | what to do |\n| --- | --- | --- | --- |\n");
    for failure in explained {
        let fields = failure.data["required"].as_array().into_iter().flatten();
        let fields: Vec<_> = fields
            .filter_map(Value::as_str)
            .map(|field| match field {
                "kind" => format!("\"kind\": \"{}\"", failure.kind),
                field => format!("\"{field}\": {}", written(&failure.data["properties"][field])),
            })
            .collect();
        writeln!(
            page,
            "| {} | {{ {} }} | {} | {} |",
            failure.code,
            fields.join(", "),
            failure.when,
            failure.then
        )
        .unwrap();
    }
    page
}

fn bounds() -> String {
    let mut page = String::from("| of | bound | flag of the node | beyond |\n| --- | --- | --- | --- |\n");
    for limit in limits() {
        let flag = limit.flag.map(|flag| format!("`{flag}`")).unwrap_or_default();
        writeln!(
            page,
            "| {} | {} | {flag} | {} |",
            limit.of, limit.is, limit.beyond
        )
        .unwrap();
    }
    page
}
