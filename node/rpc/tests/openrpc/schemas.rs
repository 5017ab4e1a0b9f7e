//! The schemas of all types that the trait names.

use std::collections::BTreeMap;

use faultline_rpc::{
    error::Failure,
    view::{
        ActEntryView, BlockView, CouncilView, EntryChange, EntryView, IncidentChange, IncidentView, Listing,
        OrganisationView, Page, RelatedView, RulesView, ServiceDetail, ServiceView, StatusView, Utc,
        ValidatorsView, WarpView,
    },
    Cursor, Envelope, IncidentFilter, ServiceFilter,
};
use schemars::{generate::SchemaSettings, SchemaGenerator};
use serde_json::{Map, Value};

use crate::contract::Written;

/// Where schemas stand in the document.
pub const PLACE: &str = "/components/schemas";

macro_rules! types {
    ($($ty:ty,)*) => {
        /// The schema of each type, by how the trait writes it.
        fn types(generator: &mut SchemaGenerator) -> BTreeMap<String, Value> {
            let written = |text: &str| text.replace(char::is_whitespace, "");
            BTreeMap::from([$((written(stringify!($ty)), generator.subschema_for::<$ty>().to_value()),)*])
        }
    };
}

types! {
    u32, u64, String, Utc, Cursor, IncidentFilter, ServiceFilter,
    StatusView, RulesView, IncidentView, RelatedView, ServiceDetail, OrganisationView, CouncilView, ValidatorsView,
    Page<EntryView>, Page<OrganisationView>, Page<ActEntryView>, Listing<IncidentView>, Listing<ServiceView>,
    IncidentChange, EntryChange, Envelope, WarpView,
}

/// The schemas of everything that is taken or served, in the draft that OpenRPC asks for (7).
pub struct Schemas {
    types: BTreeMap<String, Value>,
    /// Those that others refer to, by name.
    pub components: Map<String, Value>,
    /// The schema of a block.
    pub block: Value,
    /// The schemas of the `data` of errors, one a kind of failure.
    pub failures: Vec<Value>,
}

impl Schemas {
    /// Of what is served. What is taken has the same: no type is both and differs.
    pub fn new() -> Self {
        let settings = SchemaSettings::draft07().for_serialize().with(|settings| {
            settings.definitions_path = PLACE.into();
            settings.meta_schema = None;
        });
        let mut generator = settings.into_generator();
        let types = types(&mut generator);
        let block = generator.subschema_for::<BlockView>().to_value();
        generator.subschema_for::<Failure>();
        let mut components = generator.take_definitions(true);
        let failures = components.remove("Failure").unwrap();
        Self {
            types,
            components,
            block,
            failures: failures["oneOf"].as_array().unwrap().clone(),
        }
    }

    /// The schema of a type that the trait names.
    pub fn of(&self, written: &Written) -> &Value {
        self.types.get(&written.to_string()).unwrap_or_else(|| {
            panic!("{written} is new in the trait: list it among the types in tests/openrpc/schemas.rs")
        })
    }
}

/// The name of the schema that this one refers to.
pub fn referred(schema: &Value) -> Option<&str> {
    schema["$ref"]
        .as_str()?
        .strip_prefix('#')?
        .strip_prefix(PLACE)?
        .strip_prefix('/')
}
