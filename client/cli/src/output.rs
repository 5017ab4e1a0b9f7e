//! Answers on stdout, for people or as JSON; talk on stderr.

use std::io::{self, ErrorKind, Write};

use comfy_table::{presets::NOTHING, ContentArrangement, Table};
use faultline_rpc::view::{At, BlockView};
use serde::Serialize;
use serde_json::json;

use crate::trouble::{Result, Trouble};

/// The version of what is printed as JSON.
pub const SCHEMA_VERSION: u32 = 1;

/// Prints to stdout. A reader who has seen enough, as `head` has, is no failure.
pub fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Trouble::failed(
            "output",
            format!("cannot write to stdout: {error}"),
        )),
        _ => Ok(()),
    }
}

/// Talks on stderr, whether or not anybody listens.
pub fn talk(text: impl std::fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Prints an answer and the block that it is true at.
pub fn answer<T: Serialize>(
    as_json: bool,
    answer: &At<T>,
    for_people: impl FnOnce(&T) -> String,
) -> Result<()> {
    if as_json {
        return print_json(&json!({ "schemaVersion": SCHEMA_VERSION, "at": answer.at, "data": answer.data }));
    }
    print(&format!(
        "{}\n\nTrue at finalized block {}.",
        for_people(&answer.data).trim_end(),
        block(&answer.at)
    ))
}

/// Prints what was done.
pub fn done<T: Serialize>(as_json: bool, at: Option<BlockView>, data: &T, for_people: &str) -> Result<()> {
    if as_json {
        return print_json(&json!({ "schemaVersion": SCHEMA_VERSION, "at": at, "data": data }));
    }
    print(for_people)
}

fn print_json(value: &serde_json::Value) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Trouble::failed("output", format!("cannot write JSON: {error}")))?;
    print(&text)
}

/// A block in words.
pub fn block(block: &BlockView) -> String {
    format!("{} ({})", block.number, block.hash)
}

/// Names and values, one a line.
pub fn fields(rows: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let rows: Vec<_> = rows.into_iter().collect();
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    rows.iter()
        .map(|(name, value)| format!("{name:width$}  {value}\n"))
        .collect()
}

/// A table that fits the terminal.
pub fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table
        .load_preset(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(head.to_vec());
    table.add_rows(rows);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

/// So many entries of a log, and their head.
pub fn log(entries: u32, head: impl std::fmt::Display) -> String {
    let noun = if entries == 1 { "entry" } else { "entries" };
    format!("{entries} {noun}, head {head}")
}

/// A value, or a dash where there is none.
pub fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".into(), |value| value.to_string())
}
