//! Evidence bundles and warp proofs: made of what a node keeps, at the latest block that finality stopped at.

mod claim;
mod history;
mod source;
#[cfg(test)]
mod tests;

pub use source::{Source, State};

use base64::{prelude::BASE64_STANDARD, Engine};
use codec::Encode;
use faultline_primitives::{IncidentId, ServiceId, Span, UnixMillis};
use faultline_proof::{
    bundle::{Claim, MAX_BYTES},
    envelope::MAX_JSON,
    Bundle, Envelope,
};
use serde::Serialize;

use self::{claim::Reader, history::History};
use super::finalized::unavailable;
use crate::{
    error::Failure,
    limits::WARP_PART,
    view::{At, BlockView, Utc, WarpView},
};

fn bad(parameter: &str, why: String) -> Failure {
    Failure::BadParameter {
        parameter: parameter.into(),
        why,
    }
}

/// What is proven of the state at one block.
pub struct Prover<'a> {
    source: &'a dyn Source,
    history: History<'a>,
}

impl<'a> Prover<'a> {
    /// At the latest block that finality stopped at, with the history from genesis or from `since` on.
    pub fn new(source: &'a dyn Source, since: Option<u32>) -> Result<Self, Failure> {
        Ok(Self {
            source,
            history: History::new(source, since, None)?,
        })
    }

    /// The block.
    pub fn block(&self) -> BlockView {
        self.history.block()
    }

    /// The bundle of an incident.
    pub fn incident(&self, id: IncidentId) -> Result<At<Envelope>, Failure> {
        self.bundle(
            |reader| reader.incident(id).map(Claim::Incident),
            "the incident's log is read with `entries`",
        )
    }

    /// The bundle of a service, with the incidents opened on it in a span.
    pub fn service(
        &self,
        id: ServiceId,
        from: Option<Utc>,
        to: Option<Utc>,
    ) -> Result<At<Envelope>, Failure> {
        self.bundle(
            |reader| {
                let now = reader.now()?;
                let span = Span {
                    from: from.map_or(UnixMillis(0), |from| from.0),
                    // What comes after the block cannot be proven to be all.
                    to: to.map_or(now, |to| to.0.min(now)),
                };
                if span.is_reversed() {
                    let (from, to) = (Utc(span.from), Utc(span.to));
                    return Err(bad(
                        "from",
                        format!("{from} is after {to}, where the span ends or the chain is"),
                    ));
                }
                reader.service(id, span).map(Claim::Service)
            },
            "give a shorter span",
        )
    }

    fn bundle(
        &self,
        claim: impl FnOnce(&mut Reader<'_>) -> Result<Claim, Failure>,
        less: &'static str,
    ) -> Result<At<Envelope>, Failure> {
        let block = self.block();
        let (changes, bytes) = self.history.changes(MAX_BYTES)?;
        let state = self.source.state(block.hash)?;
        let mut reader = Reader::new(&*state, MAX_BYTES.saturating_sub(bytes), less);
        let claim = claim(&mut reader)?;
        let nodes = state.prove(&claim.keys())?;
        let bundle = Bundle {
            start: self.history.start().clone(),
            changes,
            block: self.history.finalized().clone(),
            claim,
            nodes,
        };
        let envelope = Envelope::of(&bundle);
        let is_too_long =
            bundle.encoded_size() >= MAX_BYTES || json_length(&envelope).map_err(unavailable)? > MAX_JSON;
        match is_too_long {
            true => Err(reader.too_large()),
            false => Ok(At {
                at: block,
                data: envelope,
            }),
        }
    }
}

fn json_length(value: &impl Serialize) -> serde_json::Result<usize> {
    serde_json::to_vec(value).map(|json| json.len())
}

/// A part of the history of those who make blocks final.
pub fn warp(source: &dyn Source, since: Option<u32>, until: Option<u32>) -> Result<At<WarpView>, Failure> {
    let history = History::new(source, since, until)?;
    let start = since.is_none().then(|| history.start().encode());
    let block = history.finalized().encode();
    let taken = start.as_ref().map_or(0, Vec::len).saturating_add(block.len());
    let (changes, next) = history.part(WARP_PART.saturating_sub(taken))?;
    let written = |bytes: Vec<u8>| BASE64_STANDARD.encode(bytes);
    Ok(At {
        at: history.block(),
        data: WarpView {
            start: start.map(written),
            changes: written(changes.encode()),
            block: next.is_none().then(|| written(block)),
            next,
        },
    })
}
