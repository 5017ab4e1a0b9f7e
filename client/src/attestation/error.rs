//! Why an attestation makes no sense, and what to do about it.

use std::{io, path::PathBuf};

use faultline_primitives::{
    attestation::{Method, Observation, Scope},
    incident::Refusal,
    Country, Span, UnixMillis,
};
use faultline_rpc::view::Utc;

/// Why an attestation cannot be made as it is: one for each cause. Each says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AttestationError {
    /// It does not say when.
    #[error("no span is given: say from when to when it was seen")]
    SpanMissing,
    /// The span ends before it begins.
    #[error("the span begins at {}, after it ends at {}: turn the two around", Utc(.0.from), Utc(.0.to))]
    SpanReversed(Span),
    /// The span ends in the future.
    #[error(
        "the span ends at {}, in the future: say what was seen until now, {} at the latest (is this machine's clock right?)",
        Utc(*.to), Utc(*.latest)
    )]
    SpanInFuture {
        /// When it ends.
        to: UnixMillis,
        /// The latest that the chain takes.
        latest: UnixMillis,
    },
    /// There are more failing intervals than an attestation holds.
    #[error(
        "{given} failing intervals, and at most {most} are taken: join those that lie near to each other"
    )]
    TooManyIntervals {
        /// How many there are.
        given: usize,
        /// How many there may be.
        most: u32,
    },
    /// A failing interval ends before it begins.
    #[error("a failing interval begins at {}, after it ends at {}: turn the two around", Utc(.0.from), Utc(.0.to))]
    IntervalReversed(Span),
    /// A failing interval lies outside the span.
    #[error(
        "the failing interval from {} to {} lies outside the span: let the span reach around all intervals",
        Utc(.0.from), Utc(.0.to)
    )]
    IntervalOutsideSpan(Span),
    /// There are more vantages than an attestation holds.
    #[error("{given} vantages, and at most {most} are taken: give those that differ most")]
    TooManyVantages {
        /// How many there are.
        given: usize,
        /// How many there may be.
        most: u32,
    },
    /// A vantage counts more failed samples than samples.
    #[error("a vantage counts {failed} failed samples of {samples}: give all samples, and of those how many failed")]
    MoreFailedThanSamples {
        /// How many samples it counts.
        samples: u32,
        /// How many failed ones.
        failed: u32,
    },
    /// A country, of a vantage or of the scope, is no code of two capital letters.
    #[error("`{0}` is no country: give its ISO 3166-1 alpha-2 code, two capital letters such as DE")]
    CountryMalformed(Country),
    /// The name of the region is not UTF-8.
    #[error("the region's name is not UTF-8: encode it so")]
    RegionNotUtf8,
    /// There are more documents than an attestation cites.
    #[error("{given} pieces of evidence, and at most {most} are taken: put several into one archive")]
    TooMuchEvidence {
        /// How many there are.
        given: usize,
        /// How many there may be.
        most: u32,
    },
    /// A method that measures has nothing to show for it.
    #[error("{0} measures, and wants evidence: give the log of what was measured, or another method")]
    EvidenceMissing(Method),
    /// A document was made in the future.
    #[error(
        "evidence was made at {}, in the future: is the time of the file, and this machine's clock, right?",
        Utc(*.0)
    )]
    EvidenceInFuture(UnixMillis),
    /// A media type, or the address of a document, is too long.
    #[error("the {what} of evidence has {bytes} bytes, and at most {most} are taken: {advice}")]
    EvidenceTooLong {
        /// Which of the two.
        what: &'static str,
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        most: u32,
        /// What to do.
        advice: &'static str,
    },
    /// A document cannot be read.
    #[error("evidence {path}: {source}. Is the path right, and may you read it?")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The text is too long.
    #[error(
        "the text has {bytes} bytes, and at most {most} are taken: shorten it, or give the rest as evidence"
    )]
    TextTooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        most: u32,
    },
    /// The chain would refuse it for a reason that this program has no words for.
    #[error("the chain would refuse it ({0:?}): use the program of the release that the chain is of")]
    IllFormed(Refusal),
}

impl AttestationError {
    /// The same refusal, with what of the observation it is about; no time may lie after `latest`.
    pub(super) fn of(refusal: Refusal, observation: &Observation, latest: UnixMillis) -> Self {
        let span = observation.observed;
        let scope_country = match &observation.scope {
            Scope::Country(country) => Some(*country),
            _ => None,
        };
        let culprit = match refusal {
            Refusal::ObservedSpanReversed => Some(Self::SpanReversed(span)),
            Refusal::ObservedInFuture => Some(Self::SpanInFuture { to: span.to, latest }),
            Refusal::IntervalReversed => {
                let mut intervals = observation.intervals.iter();
                intervals
                    .find(|interval| interval.is_reversed())
                    .map(|interval| Self::IntervalReversed(*interval))
            }
            Refusal::IntervalOutsideSpan => {
                let mut intervals = observation.intervals.iter();
                intervals
                    .find(|interval| !span.contains(interval))
                    .map(|interval| Self::IntervalOutsideSpan(*interval))
            }
            Refusal::MoreFailedThanSamples => {
                let mut vantages = observation.vantages.iter();
                vantages
                    .find(|vantage| vantage.failed > vantage.samples)
                    .map(|vantage| Self::MoreFailedThanSamples {
                        samples: vantage.samples,
                        failed: vantage.failed,
                    })
            }
            Refusal::CountryMalformed => {
                let of_vantages = observation.vantages.iter().map(|vantage| vantage.place.country);
                of_vantages
                    .chain(scope_country)
                    .find(|country| !country.is_well_formed())
                    .map(Self::CountryMalformed)
            }
            Refusal::EvidenceMissing => Some(Self::EvidenceMissing(observation.method)),
            Refusal::EvidenceInFuture => {
                let mut times = observation.evidence.iter().map(|evidence| evidence.captured_at);
                times.find(|time| *time > latest).map(Self::EvidenceInFuture)
            }
            // All other texts are strings before they are bytes.
            Refusal::TextNotUtf8 => Some(Self::RegionNotUtf8),
            _ => None,
        };
        culprit.unwrap_or(Self::IllFormed(refusal))
    }

    /// What the chain would say of it; none of what could not even be submitted.
    pub fn refusal(&self) -> Option<Refusal> {
        Some(match self {
            Self::SpanReversed(_) => Refusal::ObservedSpanReversed,
            Self::SpanInFuture { .. } => Refusal::ObservedInFuture,
            Self::IntervalReversed(_) => Refusal::IntervalReversed,
            Self::IntervalOutsideSpan(_) => Refusal::IntervalOutsideSpan,
            Self::MoreFailedThanSamples { .. } => Refusal::MoreFailedThanSamples,
            Self::CountryMalformed(_) => Refusal::CountryMalformed,
            Self::RegionNotUtf8 => Refusal::TextNotUtf8,
            Self::EvidenceMissing(_) => Refusal::EvidenceMissing,
            Self::EvidenceInFuture(_) => Refusal::EvidenceInFuture,
            Self::IllFormed(refusal) => *refusal,
            Self::SpanMissing
            | Self::TooManyIntervals { .. }
            | Self::TooManyVantages { .. }
            | Self::TooMuchEvidence { .. }
            | Self::EvidenceTooLong { .. }
            | Self::Unreadable { .. }
            | Self::TextTooLong { .. } => return None,
        })
    }
}
