//! Answers on stdout, for people or as JSON; talk on stderr.
//!
//! | file | holds |
//! | --- | --- |
//! | `paper.rs` | what a long answer is written on: stdout, or a pager before it |
//! | `file.rs` | a file that is there once it is whole |
//! | `style.rs` | colours, where they are wanted |
//! | `text.rs` | names and values, tables, and texts of others made harmless |
//! | `grid.rs` | wide tables that are printed as they come |

mod file;
mod grid;
mod paper;
mod style;
mod text;

use std::{
    io::{self, ErrorKind, IsTerminal, Write},
    ops::ControlFlow,
};

use faultline_rpc::view::{At, BlockView};
use serde::Serialize;
use serde_json::json;

pub use file::NewFile;
pub use grid::{Cell, Grid};
pub use paper::Paper;
pub use style::{choose_colours, for_stdout, paint, BAD, DIM, GOOD, HEAD, WARN};
pub use text::{about, fields, log, or_dash, plain, table, within};

use crate::trouble::{Result, Trouble};

/// The version of what is printed as JSON.
pub const SCHEMA_VERSION: u32 = 1;

/// What became of writing: `Break` once nobody reads any more, as after `head`, which is no failure.
pub fn heard(written: io::Result<()>) -> Result<ControlFlow<()>> {
    match written {
        Ok(()) => Ok(ControlFlow::Continue(())),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
        Err(error) => Err(Trouble::failed(
            "output",
            format!("cannot write to stdout: {error}"),
        )),
    }
}

/// Prints to stdout at once.
pub fn print(text: &str) -> Result<()> {
    print_line(text).map(|_| ())
}

/// Prints to stdout at once, and says whether anybody reads on.
pub fn print_line(text: &str) -> Result<ControlFlow<()>> {
    let mut out = io::stdout().lock();
    heard(writeln!(out, "{text}").and_then(|()| out.flush()))
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
        let document = json!({ "schemaVersion": SCHEMA_VERSION, "at": answer.at, "data": answer.data });
        return write_json(&mut Paper::plain(), &document);
    }
    let words = for_people(&answer.data);
    write_words(&mut Paper::plain(), &words, "As the node says", &answer.at)
}

/// Writes an answer in words, with how it is known, and at which block it is true.
pub fn write_words(paper: &mut Paper, words: &str, known: &str, at: &BlockView) -> Result<()> {
    let said = format!(
        "{}\n\n{known} at finalized block {}.\n",
        words.trim_end(),
        block(at)
    );
    paper.say(&said).map(|_| ())
}

/// Writes a document.
pub fn write_json(paper: &mut Paper, document: &serde_json::Value) -> Result<()> {
    paper.give(&format!("{}\n", pretty(document)?)).map(|_| ())
}

/// Prints what was done.
pub fn done<T: Serialize>(as_json: bool, at: Option<BlockView>, data: &T, for_people: &str) -> Result<()> {
    if as_json {
        return print(&pretty(
            &json!({ "schemaVersion": SCHEMA_VERSION, "at": at, "data": data }),
        )?);
    }
    print(for_people)
}

/// A document as JSON in many lines, with the end of the last.
pub fn document(document: &serde_json::Value) -> Result<String> {
    Ok(format!("{}\n", pretty(document)?))
}

fn pretty(value: &serde_json::Value) -> Result<String> {
    serde_json::to_string_pretty(value).map_err(unwritable)
}

/// A value as JSON in one line.
pub fn compact(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(unwritable)
}

fn unwritable(error: serde_json::Error) -> Trouble {
    Trouble::failed("output", format!("cannot write JSON: {error}"))
}

/// A block in words.
pub fn block(block: &BlockView) -> String {
    format!("{} ({})", block.number, block.hash)
}

/// How wide and how high the terminal is that stdout is; none where it is something else.
pub fn terminal() -> Option<(usize, usize)> {
    if !io::stdout().is_terminal() {
        return None;
    }
    let (width, height) = terminal_size::terminal_size_of(io::stdout())?;
    Some((width.0.into(), height.0.into()))
}

/// How wide it is.
pub fn width() -> Option<usize> {
    terminal().map(|(width, _)| width)
}
