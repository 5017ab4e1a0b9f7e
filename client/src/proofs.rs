//! Evidence: bundles as a node gives them, and as they are once they were verified.

use std::collections::BTreeSet;

use faultline_primitives::{BlockNumber, IncidentId, UnixMillis};
use faultline_proof::{envelope::BadEnvelope, verify, Anchor, Bundle, Claim, Envelope, Fault, Proven};
use faultline_rpc::{
    view::{At, Utc, WarpView},
    FaultlineRpcClient,
};

use crate::{Client, Error, Result};

/// A bundle that was verified, and what it proves.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The bundle.
    pub bundle: Bundle,
    /// What it proves.
    pub proven: Proven,
}

/// Why what a node gives as evidence is none of what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadEvidence {
    /// It is no bundle.
    #[error(transparent)]
    Envelope(#[from] BadEnvelope),
    /// The bundle does not hold.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// It holds, and is of something else.
    #[error("it is not of {0}")]
    Other(String),
}

/// Incidents of a service, by when they were recorded first: block times, both ends included. An end that is not given
/// bounds nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Between {
    /// From when.
    pub from: Option<UnixMillis>,
    /// Until when.
    pub to: Option<UnixMillis>,
}

impl Client {
    /// An evidence bundle of an incident, as a node gives it: nothing of it was checked.
    ///
    /// With `since`, a block that is final, it is checked from a checkpoint of that block or a later one; else from the
    /// genesis hash.
    ///
    /// # Errors
    ///
    /// There is no such incident, the block is not final, the node cannot prove it, or no node answers.
    pub async fn proof(&self, id: IncidentId, since: Option<BlockNumber>) -> Result<At<Envelope>> {
        self.answer(self.rpc().proof(id.0, since)).await
    }

    /// An evidence bundle of a service with all its incidents that were recorded first in a span, as a node gives it:
    /// nothing of it was checked. `since` as of [`Self::proof`].
    ///
    /// # Errors
    ///
    /// As of [`Self::proof`]; and the span is reversed, or holds more than fits into a bundle.
    pub async fn service_proof(
        &self,
        slug: &str,
        span: Between,
        since: Option<BlockNumber>,
    ) -> Result<At<Envelope>> {
        let (from, to) = (span.from.map(Utc), span.to.map(Utc));
        self.answer(self.rpc().service_proof(slug.into(), from, to, since))
            .await
    }

    /// A part of the history of those who make blocks final, as a node gives it: nothing of it was checked. From the
    /// genesis block or from `since` on, and to the latest block that finality stopped at, or to `until`, which must be
    /// such a block.
    ///
    /// # Errors
    ///
    /// A block is not final or not one that finality stopped at, the node cannot prove it, or no node answers.
    pub async fn warp_proof(
        &self,
        since: Option<BlockNumber>,
        until: Option<BlockNumber>,
    ) -> Result<At<WarpView>> {
        self.answer(self.rpc().warp_proof(since, until)).await
    }

    /// An incident with its whole log, verified from what is trusted.
    ///
    /// # Errors
    ///
    /// As of [`Self::proof`]; and [`Error::Unproven`] where what the node gives does not hold or is of something else.
    ///
    /// ```no_run
    /// use faultline_client::{primitives::IncidentId, proof::Anchor, Client};
    ///
    /// # async fn read() -> faultline_client::Result<()> {
    /// let client = Client::connect("ws://127.0.0.1:9944").await?;
    /// let anchor = Anchor::Genesis(client.genesis());
    /// let proven = client.incident_evidence(IncidentId(0), anchor).await?.proven;
    /// println!("block {}", proven.block.number);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn incident_evidence(&self, id: IncidentId, anchor: Anchor) -> Result<Evidence> {
        let envelope = self.proof(id, since(anchor)).await?.data;
        let evidence = self.verified(&envelope, anchor)?;
        match &evidence.bundle.claim {
            Claim::Incident(log) if log.id == id => Ok(evidence),
            _ => Err(self.unproven(BadEvidence::Other(format!("incident {id}")))),
        }
    }

    /// A service and its incidents that were recorded first in a span, verified from what is trusted: no other was.
    ///
    /// # Errors
    ///
    /// As of [`Self::service_proof`]; and [`Error::Unproven`] where what the node gives does not hold or is of something
    /// else.
    pub async fn service_evidence(&self, slug: &str, span: Between, anchor: Anchor) -> Result<Evidence> {
        let envelope = self.service_proof(slug, span, since(anchor)).await?.data;
        let evidence = self.verified(&envelope, anchor)?;
        match span.is_of(slug, &evidence.proven) {
            true => Ok(evidence),
            false => {
                let what = format!("service `{slug}` and its incidents that were asked for");
                Err(self.unproven(BadEvidence::Other(what)))
            }
        }
    }

    fn verified(&self, envelope: &Envelope, anchor: Anchor) -> Result<Evidence> {
        let bundle = envelope.open().map_err(|why| self.unproven(why.into()))?;
        let proven = verify(&bundle, anchor).map_err(|why| self.unproven(why.into()))?;
        Ok(Evidence { bundle, proven })
    }

    fn unproven(&self, why: BadEvidence) -> Error {
        Error::Unproven { url: self.url(), why }
    }
}

/// From where on a bundle must show who made blocks final.
fn since(anchor: Anchor) -> Option<BlockNumber> {
    match anchor {
        Anchor::Genesis(_) => None,
        Anchor::Checkpoint(checkpoint) => Some(checkpoint.number),
    }
}

impl Between {
    /// Whether what is proven is this service with its incidents of this span, and no others.
    fn is_of(&self, slug: &str, proven: &Proven) -> bool {
        let Some(of) = &proven.roll else { return false };
        let named = proven.services.get(&of.service);
        let holds = |at| self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at <= to);
        let wanted = of.roll.iter().filter(|opened| holds(opened.at));
        let wanted: BTreeSet<_> = wanted.map(|opened| opened.id).collect();
        let given: BTreeSet<_> = proven.incidents.iter().map(|incident| incident.log.id).collect();
        named.is_some_and(|service| service.state.slug.to_string() == slug) && wanted == given
    }
}

#[cfg(test)]
mod tests;
