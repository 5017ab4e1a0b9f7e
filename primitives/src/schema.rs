//! JSON Schemas of what is written as text. Those of everything else are derived beside the type.

use alloc::borrow::Cow;

use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};

use crate::{Account, Country, Hash, Sha256};

/// A type that is text of this pattern in JSON. What is read may differ in case and may lack `0x`: the schema is of what is
/// written.
macro_rules! text {
    ($name:ident, $pattern:literal, $description:literal) => {
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern, "description": $description })
            }
        }
    };
}

text!(
    Hash,
    "^0x[0-9a-f]{64}$",
    "A BLAKE2b-256 digest or the hash of a block: `0x` and 64 hexadecimal digits."
);
text!(
    Sha256,
    "^0x[0-9a-f]{64}$",
    "A SHA-256 digest: `0x` and what `sha256sum` prints."
);
text!(
    Account,
    "^0x[0-9a-f]{64}$",
    "A public key of 32 bytes: `0x` and 64 hexadecimal digits."
);
text!(Country, "^[A-Z]{2}$", "A country by its ISO 3166-1 alpha-2 code.");
