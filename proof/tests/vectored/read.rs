//! Files that are no bundle.

use base64::{prelude::BASE64_STANDARD, Engine};
use serde_json::{json, Value};

use super::{bad_envelope, envelope, genesis, sound, Vector};

pub fn vectors() -> Vec<Vector> {
    let (chain, bundle) = sound();
    let good = envelope(&bundle);
    let bad = |fault: &str, variant: &str, why: &str, envelope| {
        bad_envelope(&format!("read.{fault}"), variant, why, genesis(&chain), envelope)
    };
    let with = |path: &str, value: Value| {
        let mut changed = good.clone();
        *changed.pointer_mut(path).expect("it is there") = value;
        changed
    };
    let of_bytes = |bytes: Vec<u8>| with("/bundle", json!(BASE64_STANDARD.encode(bytes)));
    let bytes = bundle.to_bytes();
    let mut unknown = good.clone();
    unknown["note"] = json!("trust me");
    let mut version = bytes.clone();
    version[0] = 2;
    let mut start = bytes.clone();
    start[1] = 7;
    let mut longer = bytes.clone();
    longer.push(0);
    vec![
        bad("json", "", "a text, no object", json!("faultline-evidence")),
        bad(
            "json",
            "unknown",
            "there is a field that no envelope has",
            unknown,
        ),
        bad(
            "otherFormat",
            "",
            "it says that it is something else",
            with("/format", json!("evidence")),
        ),
        bad(
            "version",
            "",
            "the envelope is of another version",
            with("/version", json!(2)),
        ),
        bad(
            "base64",
            "",
            "the bundle is not base64",
            with("/bundle", json!("AQ*=")),
        ),
        bad(
            "about",
            "",
            "beside the bundle another incident is named",
            with("/about/incidents", json!([8])),
        ),
        bad(
            "about",
            "block",
            "beside the bundle another block is named",
            with("/about/block", json!(1)),
        ),
        bad(
            "bundle.version",
            "",
            "the bundle is of another version",
            of_bytes(version),
        ),
        bad(
            "bundle.malformed",
            "empty",
            "the bundle has no bytes",
            of_bytes(vec![]),
        ),
        bad(
            "bundle.malformed",
            "shorter",
            "the bundle's last byte is missing",
            of_bytes(bytes[..bytes.len() - 1].into()),
        ),
        bad(
            "bundle.malformed",
            "longer",
            "a byte follows the bundle",
            of_bytes(longer),
        ),
        bad(
            "bundle.malformed",
            "",
            "the bundle begins in a way that no bundle does",
            of_bytes(start),
        ),
    ]
}
