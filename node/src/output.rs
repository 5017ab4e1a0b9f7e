//! What the subcommands print: data to standard output, talk to standard error.

use std::io::{ErrorKind, Write};

use serde_json::Value;

/// Prints to standard output. A reader who has seen enough, as `head` has, is no failure.
///
/// # Errors
///
/// It cannot be written to.
pub fn print(text: &str) -> sc_cli::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints JSON.
///
/// # Errors
///
/// Standard output cannot be written to.
pub fn print_json(value: &Value) -> sc_cli::Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(failed)?;
    print(&(text + "\n"))
}

/// An error of ours, as the SDK's command line passes it on.
pub fn failed(error: impl std::error::Error + Send + Sync + 'static) -> sc_cli::Error {
    sc_cli::Error::Application(Box::new(error))
}
