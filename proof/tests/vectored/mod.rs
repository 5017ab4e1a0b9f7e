//! Bundles for whoever writes a verifier: good ones, and of each fault one that has nothing else wrong.

mod finality;
mod good;
mod history;
mod read;
mod state;

use faultline_forge::{incident_bundle, Chain};
use faultline_proof::{
    outcome::{outcome, Named, Outcome, Trusted},
    Anchor, Bundle, Envelope,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A file of `proof/vectors`.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// Its name, and the file's.
    pub name: String,
    /// What is the matter with it.
    pub why: String,
    /// What is trusted.
    pub anchor: Trusted,
    /// The envelope.
    pub envelope: Value,
    /// What comes of it.
    pub expect: Outcome,
}

/// All of them.
pub fn all() -> Vec<Vector> {
    [
        good::vectors(),
        read::vectors(),
        history::vectors(),
        finality::vectors(),
        state::vectors(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl Vector {
    /// What comes of it here.
    pub fn outcome(&self) -> Outcome {
        outcome(self.envelope.to_string().as_bytes(), &self.anchor)
    }
}

fn envelope(bundle: &Bundle) -> Value {
    serde_json::to_value(Envelope::of(bundle)).expect("an envelope is JSON")
}

/// One of which the summary is what verifying gives: it must be proven, and the file keeps what is.
fn good(name: &str, why: &str, anchor: Anchor, bundle: &Bundle) -> Vector {
    let (anchor, envelope) = (Trusted::from(anchor), envelope(bundle));
    let expect = outcome(envelope.to_string().as_bytes(), &anchor);
    assert!(matches!(expect, Outcome::Proven(_)), "{name}: {expect:?}");
    Vector {
        name: format!("good-{name}"),
        why: why.into(),
        anchor,
        envelope,
        expect,
    }
}

/// One that is refused, by a fault of this name. `variant` tells those of one fault apart.
fn bad(fault: &str, variant: &str, why: &str, anchor: Anchor, bundle: &Bundle) -> Vector {
    bad_envelope(fault, variant, why, anchor, envelope(bundle))
}

fn bad_envelope(fault: &str, variant: &str, why: &str, anchor: Anchor, envelope: Value) -> Vector {
    let step = fault.split('.').next().unwrap_or_default().to_owned();
    let separator = if variant.is_empty() { "" } else { "-" };
    Vector {
        name: format!("bad-{}{separator}{variant}", fault.replace('.', "-")),
        why: why.into(),
        anchor: anchor.into(),
        envelope,
        expect: Outcome::Fault(Named {
            step,
            fault: fault.into(),
        }),
    }
}

/// A good bundle to spoil: an incident of 3 entries, after one change of 4 validators.
fn sound() -> (Chain, Bundle) {
    incident_bundle(4, 1, 3)
}

fn genesis(chain: &Chain) -> Anchor {
    Anchor::Genesis(chain.genesis())
}
