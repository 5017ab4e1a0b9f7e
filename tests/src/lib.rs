//! Real processes for end-to-end tests: nodes, networks of them, and the program `faultline`.
//!
//! Everything lives in temporary folders and on ports that the system gives; whatever is started is killed when it
//! goes out of scope. When a test fails, the last lines of each node's log are printed.

mod chain;
mod cli;
mod council;
pub mod dataset;
pub mod engine;
pub mod load;
pub mod measure;
pub mod nemesis;
mod network;
mod node;
pub mod process;
mod rpc;
mod spec;

pub use chain::Chain;
pub use cli::{Cli, Outcome};
pub use council::session_keys;
pub use network::TestNetwork;
pub use node::{TestNode, Validator};
pub use rpc::{failure, Rpc};
pub use spec::Spec;

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{anyhow, bail, Context, Result};
use faultline_primitives::{
    attestation::{Claim, Kind, Method, Observation, Scope, Severity, TimeQuality},
    Span, Text,
};

/// A text of the domain; an error where it is too long.
pub(crate) fn text<const N: u32>(text: &str) -> Result<Text<N>> {
    text.try_into().map_err(|why: String| anyhow!(why))
}

/// A bounded list of the domain; an error where it is too long.
pub(crate) fn bounded<T, B: TryFrom<Vec<T>>>(values: Vec<T>) -> Result<B> {
    values
        .try_into()
        .map_err(|_| anyhow!("more values than are taken"))
}

/// What a person sees without measuring: nothing but the claim and its span.
pub fn seen_by_hand(claim: Claim, observed: Span) -> Observation {
    Observation {
        claim,
        kind: Kind::Outage,
        severity: Severity::Major,
        scope: Scope::Unknown,
        observed,
        intervals: Default::default(),
        time_quality: TimeQuality::Estimate,
        method: Method::Manual,
        vantages: Default::default(),
        evidence: Default::default(),
    }
}

/// Path of a binary of this workspace, built with the program or the test that asks.
///
/// # Errors
///
/// It was not built.
pub fn binary(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().context("a program lies in a folder")?;
    // A test lies in the folder `deps` beside the programs.
    let folder = match folder.parent() {
        Some(above) if folder.ends_with("deps") => above,
        _ => folder,
    };
    let path = folder.join(name);
    if !path.is_file() {
        bail!(
            "{} is not there: build it first, as `scripts/test` does",
            path.display()
        );
    }
    Ok(path)
}

/// Waits until `condition` gives something, at most `timeout`.
///
/// # Errors
///
/// It did not come to be; the error names `what` and the last reason why not.
pub fn wait_for<T>(
    what: &str,
    timeout: Duration,
    mut condition: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let deadline = Instant::now() + timeout;
    loop {
        let reason = match condition() {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => String::from("not yet"),
            Err(error) => format!("{error:#}"),
        };
        if Instant::now() > deadline {
            return Err(anyhow!("after {timeout:?} still no {what}: {reason}"));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}
