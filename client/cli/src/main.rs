//! The program `faultline`: says what was seen, and shows what is recorded.

// These panic where nobody reads any more: `output` has what doesn't.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod evidence;
#[cfg(test)]
mod fixture;
mod interrupt;
mod moment;
mod noun;
mod observation;
mod options;
mod output;
mod session;
mod signer;
mod trouble;
mod why;
mod written;

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    let program = options::Program::parse();
    let json = program.options.json;
    output::choose_colours(program.options.color);
    match noun::run(program).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => trouble.report(json),
    }
}
