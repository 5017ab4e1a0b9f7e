//! The program `faultline-node`: a node of a Faultline chain.

mod chain_spec;
mod cli;
mod command;
mod export;
mod rpc;
mod service;

use std::process::ExitCode;

fn main() -> ExitCode {
    match command::run(cli::Cli::from_command_line()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}
