//! The program `faultline-node`: a node of a Faultline chain.

mod beginning;
mod chain_spec;
mod check_chain;
mod check_index;
mod cli;
mod command;
mod export;
mod hearing;
mod new_chain;
mod output;
mod password;
mod pool;
mod public_key;
mod rpc;
mod service;
mod session_keys;
mod startup;
mod status_page;
mod voting;
mod watch;
mod well_known;

use std::process::ExitCode;

/// A node allocates small pieces by the million: values, nodes of the trie, keys.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    match command::run(cli::Cli::from_command_line()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}
