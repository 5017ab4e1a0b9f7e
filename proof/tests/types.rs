//! How what is proven is encoded, as a page that follows the code: `GOLDEN=write` writes it.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use faultline_primitives::{
    incident::{Action, Incident},
    organisation::Organisation,
    service::Service,
    Entry, Record, Roll, UnixMillis,
};
use scale_info::{
    form::PortableForm, Field, MetaType, PortableRegistry, Registry, TypeDef, TypeDefPrimitive,
};

const PAGE: &str = "../docs/evidence-types.md";

const HEAD: &str = "# How the record is encoded

The types of which [evidence bundles](evidence.md) speak, in SCALE. This page is made from the code by a test.

- `{ a: T, b: U }` is its fields, one after another, without names. A name with one unnamed field, such as `Hash([u8; 32])`,
  is that field.
- An enum is one byte, the number before a variant, and then the variant's fields.
- `u8` to `u64` take 1 to 8 bytes, the lowest first; `bool` is 0 or 1; `[T; n]` is n values.
- `Vec<T>` is the number of values as a compact integer, and then the values. `Text` is a `Vec<u8>` of text: the
  pallets take UTF-8 alone, which a verifier need not look at.
- `Option<T>` is 0, or 1 and the value. `Box<T>` is the value.
- A compact integer below 2^6 is one byte, 4·n; below 2^14 two bytes, 4·n + 1; below 2^30 four bytes, 4·n + 2, the lowest
  first each. The shortest that holds it is the only one that is taken.

| under the key | stands |
| --- | --- |
| of an incident | `Record<Incident>` |
| of an entry of its log | `Entry<incident::Action>` |
| of a service | `Record<Service>` |
| of a service's roll | `Roll` |
| of an organisation | `Record<Organisation>` |
| of the block's time | `UnixMillis` |
| of a redaction | `UnixMillis` |

";

/// What a type is called on the page: several are called `Action`.
struct Names<'a> {
    registry: &'a PortableRegistry,
}

impl Names<'_> {
    fn of(&self, id: u32) -> String {
        let ty = self.registry.resolve(id).expect("a type of the registry");
        let path = &ty.path.segments;
        match &ty.type_def {
            TypeDef::Primitive(primitive) => primitive_name(primitive).into(),
            TypeDef::Array(array) => format!("[{}; {}]", self.of(array.type_param.id), array.len),
            TypeDef::Sequence(sequence) => format!("Vec<{}>", self.of(sequence.type_param.id)),
            TypeDef::Tuple(tuple) if tuple.fields.is_empty() => "()".into(),
            TypeDef::Tuple(tuple) => {
                let fields: Vec<_> = tuple.fields.iter().map(|field| self.of(field.id)).collect();
                format!("({})", fields.join(", "))
            }
            TypeDef::Compact(compact) => format!("Compact<{}>", self.of(compact.type_param.id)),
            _ => {
                let last = path.last().expect("a named type");
                let parameters: Vec<_> = ty
                    .type_params
                    .iter()
                    .filter_map(|parameter| parameter.ty)
                    .collect();
                match (last.as_str(), parameters.as_slice()) {
                    ("BoundedVec", [inner, ..]) => format!("Vec<{}>", self.of(inner.id)),
                    ("Text", _) => "Text".into(),
                    ("Action", []) => "incident::Action".into(),
                    ("Status", []) => format!("{}::{last}", path[path.len() - 2]),
                    (_, []) => last.clone(),
                    (_, parameters) => {
                        let inner: Vec<_> = parameters.iter().map(|inner| self.of(inner.id)).collect();
                        format!("{last}<{}>", inner.join(", "))
                    }
                }
            }
        }
    }

    fn fields(&self, fields: &[Field<PortableForm>]) -> String {
        let named = |field: &Field<PortableForm>| match &field.name {
            Some(name) => format!("{name}: {}", self.of(field.ty.id)),
            None => self.of(field.ty.id),
        };
        let list: Vec<_> = fields.iter().map(named).collect();
        match fields.first().map(|field| field.name.is_some()) {
            None => String::new(),
            Some(true) => format!(" {{ {} }}", list.join(", ")),
            Some(false) => format!("({})", list.join(", ")),
        }
    }
}

fn primitive_name(primitive: &TypeDefPrimitive) -> &'static str {
    match primitive {
        TypeDefPrimitive::Bool => "bool",
        TypeDefPrimitive::U8 => "u8",
        TypeDefPrimitive::U16 => "u16",
        TypeDefPrimitive::U32 => "u32",
        TypeDefPrimitive::U64 => "u64",
        other => panic!("the record holds a {other:?}"),
    }
}

fn page() -> String {
    let mut registry = Registry::new();
    registry.register_types([
        MetaType::new::<Entry<Action>>(),
        MetaType::new::<Record<Incident>>(),
        MetaType::new::<Record<Service>>(),
        MetaType::new::<Record<Organisation>>(),
        MetaType::new::<Roll>(),
        MetaType::new::<UnixMillis>(),
    ]);
    let registry = PortableRegistry::from(registry);
    let names = Names { registry: &registry };
    let mut sections = BTreeMap::new();
    for ty in &registry.types {
        let name = names.of(ty.id);
        if matches!(name.as_str(), "Text" | "Option")
            || name.starts_with("Option<")
            || name.starts_with("Vec<")
        {
            continue;
        }
        let text = match &ty.ty.type_def {
            TypeDef::Composite(composite) => format!("{name}{}\n", names.fields(&composite.fields)),
            TypeDef::Variant(variants) => {
                let mut text = format!("{name}\n");
                for variant in &variants.variants {
                    let fields = names.fields(&variant.fields);
                    writeln!(text, "  {} {}{fields}", variant.index, variant.name).expect("a string");
                }
                text
            }
            _ => continue,
        };
        sections.insert(name, text);
    }
    let all: Vec<_> = sections.into_values().collect();
    format!("{HEAD}```\n{}```\n", all.join("\n"))
}

#[test]
fn the_page_on_encodings_is_that_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = page();
    if std::env::var("GOLDEN").is_ok_and(|golden| golden == "write") {
        std::fs::write(&path, &page).expect("docs/ can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == page,
        "docs/evidence-types.md is not of this code: run the test with GOLDEN=write and read what changed"
    );
}
