//! What `rpc.discover` answers: the OpenRPC document of the methods here.

use std::sync::LazyLock;

use serde_json::value::{to_raw_value, RawValue, Value};

/// The document as text: JSON by OpenRPC 1.3.2. The tests make it of the trait and of the types' schemas.
pub const DOCUMENT: &str = include_str!("../openrpc.json");

/// The document as it is answered, without spaces.
pub fn document() -> &'static RawValue {
    static COMPACT: LazyLock<Box<RawValue>> = LazyLock::new(|| {
        serde_json::from_str::<Value>(DOCUMENT)
            .and_then(|document| to_raw_value(&document))
            .expect("the document is JSON: the tests that make it also read it")
    });
    &COMPACT
}
