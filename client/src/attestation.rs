//! Making an attestation: what was seen, checked in full before anything is signed.
//!
//! What the chain would refuse as ill-formed [`AttestationBuilder::build`] refuses, with an error of its own for each
//! cause. What hangs on the record (whether the incident has settled, whether the service is there) is for the chain to
//! say.
//!
//! ```
//! use faultline_client::{
//!     attestation::{AttestationBuilder, Document},
//!     primitives::{
//!         attestation::{Claim, EvidenceKind, Method, Severity},
//!         Millis, ServiceId, UnixMillis,
//!     },
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let now = UnixMillis(1_733_958_960_000);
//! let log = b"12 of 12 requests failed\n";
//! let seen = AttestationBuilder::new(Claim::Down)
//!     .span(UnixMillis(now.0 - Millis::minutes(5).0), now)
//!     .severity(Severity::Critical)
//!     .method(Method::ActiveProbe)
//!     .vantage("DE".parse()?, 3320, 12, 12)
//!     .evidence(Document::of_bytes(log, EvidenceKind::ProbeLog, "text/plain", now))
//!     .text("No request is answered.")
//!     .build(now)?;
//! let call = seen.report(ServiceId(0));
//! # drop(call);
//! # Ok(())
//! # }
//! ```

mod document;
mod error;

pub use document::Document;
pub use error::AttestationError;

use std::time::SystemTime;

use faultline_primitives::{
    attestation::{
        Body, Claim, Evidence, Kind, Method, Observation, Place, Scope, Severity, TimeQuality, Vantage,
        MAX_BODY, MAX_EVIDENCE, MAX_INTERVALS, MAX_VANTAGES,
    },
    rules::Rules,
    Country, IncidentId, Millis, ServiceId, Span, UnixMillis,
};

use crate::Call;

/// Now, by this machine's clock.
pub fn now() -> UnixMillis {
    document::millis(SystemTime::now())
}

/// An attestation that is well-formed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckedAttestation {
    /// What was seen.
    pub observation: Observation,
    /// A few words; an empty text is none.
    pub text: Body,
}

impl CheckedAttestation {
    /// The call that says it of a service: it joins the incident that it is of, or opens one.
    pub fn report(&self, service: ServiceId) -> Call {
        Call::report(service, &self.observation, &self.text)
    }

    /// The call that says it of an incident; what was said of the one that it moves from is withdrawn in the same step.
    pub fn attest(&self, incident: IncidentId, moves_from: Option<IncidentId>) -> Call {
        Call::attest(incident, &self.observation, &self.text, moves_from)
    }
}

/// An attestation in the making. The setters may come in any order, and check nothing: [`Self::build`] checks all of it.
///
/// What is not set is: kind Outage, severity Major, scope Unknown, method Manual; times that were read off an instrument
/// where the method measures, else estimated ones; no intervals, vantages, evidence and text. The span must be set.
#[derive(Clone, Debug)]
#[must_use = "nothing is said by it until it is built, signed and submitted"]
pub struct AttestationBuilder {
    claim: Claim,
    kind: Kind,
    severity: Severity,
    scope: Scope,
    span: Option<Span>,
    intervals: Vec<Span>,
    time_quality: Option<TimeQuality>,
    method: Method,
    vantages: Vec<Vantage>,
    evidence: Vec<Document>,
    text: String,
    max_clock_skew: Millis,
}

impl AttestationBuilder {
    /// One that makes this claim.
    pub fn new(claim: Claim) -> Self {
        Self {
            claim,
            kind: Kind::Outage,
            severity: Severity::Major,
            scope: Scope::Unknown,
            span: None,
            intervals: Vec::new(),
            time_quality: None,
            method: Method::Manual,
            vantages: Vec::new(),
            evidence: Vec::new(),
            text: String::new(),
            max_clock_skew: Rules::standard().max_clock_skew,
        }
    }

    /// What kind of failure.
    pub fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// How bad.
    pub fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// Where it was felt. The name of a region has 32 bytes at most.
    pub fn scope(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// From when to when. What the ends mean depends on the claim: see [`Claim`].
    pub fn span(self, from: UnixMillis, to: UnixMillis) -> Self {
        Self {
            span: Some(Span { from, to }),
            ..self
        }
    }

    /// One more failing interval within the span, of a service that flapped; 8 at most.
    pub fn interval(mut self, from: UnixMillis, to: UnixMillis) -> Self {
        self.intervals.push(Span { from, to });
        self
    }

    /// How exact the times are.
    pub fn time_quality(self, quality: TimeQuality) -> Self {
        Self {
            time_quality: Some(quality),
            ..self
        }
    }

    /// How the reporter knows. A method that measures wants evidence.
    pub fn method(self, method: Method) -> Self {
        Self { method, ..self }
    }

    /// One more place from which it was looked at: the country, the autonomous system, how many samples were taken, and
    /// how many of them failed; 8 at most.
    pub fn vantage(mut self, country: Country, asn: u32, samples: u32, failed: u32) -> Self {
        self.vantages.push(Vantage {
            place: Place { country, asn },
            samples,
            failed,
        });
        self
    }

    /// One more document that supports it; 8 at most.
    pub fn evidence(mut self, document: Document) -> Self {
        self.evidence.push(document);
        self
    }

    /// A few words, of 512 bytes at most. They are public for ever: name nobody.
    pub fn text(self, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..self
        }
    }

    /// How far ahead of now a time may lie: the rule of this name of the chain, one minute where it is not set.
    pub fn max_clock_skew(self, max_clock_skew: Millis) -> Self {
        Self {
            max_clock_skew,
            ..self
        }
    }

    /// The attestation, as the chain takes it at this time: see [`now`].
    ///
    /// # Errors
    ///
    /// What the chain would refuse as ill-formed, or could not hold, and what to do about it.
    pub fn build(self, now: UnixMillis) -> Result<CheckedAttestation, AttestationError> {
        let evidence: Vec<Evidence> = self
            .evidence
            .into_iter()
            .map(Document::into_evidence)
            .collect::<Result<_, _>>()?;
        let quality = match self.method.measures() {
            true => TimeQuality::Actual,
            false => TimeQuality::Estimate,
        };
        let observation = Observation {
            claim: self.claim,
            kind: self.kind,
            severity: self.severity,
            scope: self.scope,
            observed: self.span.ok_or(AttestationError::SpanMissing)?,
            intervals: at_most(self.intervals, |given| AttestationError::TooManyIntervals {
                given,
                most: MAX_INTERVALS,
            })?,
            time_quality: self.time_quality.unwrap_or(quality),
            method: self.method,
            vantages: at_most(self.vantages, |given| AttestationError::TooManyVantages {
                given,
                most: MAX_VANTAGES,
            })?,
            evidence: at_most(evidence, |given| AttestationError::TooMuchEvidence {
                given,
                most: MAX_EVIDENCE,
            })?,
        };
        let text: Body = self.text.parse().map_err(|_| AttestationError::TextTooLong {
            bytes: self.text.len(),
            most: MAX_BODY,
        })?;
        observation
            .check(now, self.max_clock_skew)
            .map_err(|refusal| AttestationError::of(refusal, &observation, now.after(self.max_clock_skew)))?;
        Ok(CheckedAttestation { observation, text })
    }
}

/// A bounded list of the items, or the error that there are too many.
fn at_most<T, B: TryFrom<Vec<T>>>(
    items: Vec<T>,
    too_many: impl FnOnce(usize) -> AttestationError,
) -> Result<B, AttestationError> {
    let given = items.len();
    B::try_from(items).map_err(|_| too_many(given))
}

#[cfg(test)]
mod tests;
