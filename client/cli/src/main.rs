//! The program `faultline`: says what was seen, and shows what is recorded.

mod evidence;
mod moment;
mod noun;
mod observation;
mod options;
mod output;
mod session;
mod trouble;

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    let program = options::Program::parse();
    let json = program.options.json;
    match noun::run(program).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => trouble.report(json),
    }
}
