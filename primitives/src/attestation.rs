//! What a reporter says it saw, and when that is well-formed.

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{choice::choice, incident::Refusal, Country, Millis, Sha256, Span, Text, UnixMillis};

/// Most failing intervals that an attestation lists.
pub const MAX_INTERVALS: u32 = 8;
/// Most vantages that an attestation lists.
pub const MAX_VANTAGES: u32 = 8;
/// Most pieces of evidence that an attestation cites.
pub const MAX_EVIDENCE: u32 = 8;
/// Longest text body, in bytes.
pub const MAX_BODY: u32 = 512;

/// The body of a text, stored beside the log; the entry commits to it by its SHA-256.
pub type Body = Text<MAX_BODY>;

choice! {
    /// What a reporter says of the service over the observed span.
    Claim {
        /// It did not work: from the first failure seen to the last so far.
        Down = 0,
        /// It worked badly: from the first failure seen to the last so far.
        Degraded = 1,
        /// It failed and works again: from the first failure seen to the first success after the last.
        Recovered = 2,
        /// It worked: from the first check to the last, all of them good.
        Up = 3,
    }
}

impl Claim {
    /// Whether the claim says that there was an outage.
    pub const fn affirms(&self) -> bool {
        !matches!(self, Self::Up)
    }

    /// Whether the claim says that the outage goes on.
    pub const fn goes_on(&self) -> bool {
        matches!(self, Self::Down | Self::Degraded)
    }
}

choice! {
    /// What kind of failure.
    Kind {
        /// Not available at all.
        Outage = 0,
        /// Available, but worse than it should be.
        Degradation = 1,
        /// Too slow.
        Latency = 2,
        /// Not reachable over the network.
        Connectivity = 3,
        /// Data was lost or corrupted.
        DataLoss = 4,
        /// Security was breached.
        Security = 5,
        /// None of the above.
        Other = 6,
    }
}

choice! {
    /// How bad, in order.
    Severity {
        /// A nuisance.
        Minor = 0,
        /// Work is hindered.
        Major = 1,
        /// Work is impossible.
        Critical = 2,
    }
}

choice! {
    /// How the reporter knows.
    Method {
        /// Its own probes: measured.
        ActiveProbe = 0,
        /// Its own traffic or logs: measured.
        PassiveTelemetry = 1,
        /// A feed of the provider or an authority.
        OfficialFeed = 2,
        /// Reports of users.
        UserReports = 3,
        /// A person's observation.
        Manual = 4,
    }
}

impl Method {
    /// Whether the method measures. Others support, and never confirm alone where `min_measured` asks for more.
    pub const fn measures(&self) -> bool {
        matches!(self, Self::ActiveProbe | Self::PassiveTelemetry)
    }
}

choice! {
    /// How exact the stated times are.
    TimeQuality {
        /// Read off an instrument or a log.
        Actual = 0,
        /// Estimated.
        Estimate = 1,
    }
}

choice! {
    /// What a piece of evidence is.
    EvidenceKind {
        /// Log of a probe.
        ProbeLog = 0,
        /// HTTP archive.
        Har = 1,
        /// Picture of a screen.
        Screenshot = 2,
        /// Copy of a status page.
        StatusPage = 3,
        /// Packet capture.
        Packet = 4,
        /// Report written afterwards.
        Postmortem = 5,
        /// None of the above.
        Other = 6,
    }
}

/// Where the failure was felt.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
pub enum Scope {
    /// Everywhere.
    #[codec(index = 0)]
    Global,
    /// In one country.
    #[codec(index = 1)]
    Country(Country),
    /// In one autonomous system.
    #[codec(index = 2)]
    Asn(u32),
    /// In a region, by the service's own name for it.
    #[codec(index = 3)]
    Region(Text<32>),
    /// For a part of the users.
    #[codec(index = 4)]
    Subset,
    /// Not known.
    #[codec(index = 5)]
    Unknown,
}

impl Scope {
    /// Whether somebody at this place can speak against an outage of this scope.
    pub fn contains(&self, place: &Place) -> bool {
        match self {
            Self::Global | Self::Unknown => true,
            Self::Country(country) => place.country == *country,
            Self::Asn(asn) => place.asn == *asn,
            Self::Region(_) | Self::Subset => false,
        }
    }
}

/// Where a check was made from.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct Place {
    /// The country.
    pub country: Country,
    /// The autonomous system.
    pub asn: u32,
}

/// What was seen from one place.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Vantage {
    /// The place.
    pub place: Place,
    /// How many samples were taken.
    pub samples: u32,
    /// How many of them failed.
    pub failed: u32,
}

/// A document that supports an attestation. The chain holds its digest, never the document.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Evidence {
    /// SHA-256 of the document.
    pub sha256: Sha256,
    /// What it is.
    pub kind: EvidenceKind,
    /// Its media type, such as `application/json`.
    pub media_type: Text<64>,
    /// Its size in bytes.
    pub size: u64,
    /// Where it may be had.
    pub uri: Option<Text<256>>,
    /// When it was made.
    pub captured_at: UnixMillis,
}

/// What a reporter says it saw: an attestation without its text.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Observation {
    /// What it says of the service.
    pub claim: Claim,
    /// What kind of failure.
    pub kind: Kind,
    /// How bad.
    pub severity: Severity,
    /// Where it was felt.
    pub scope: Scope,
    /// From when to when: what the ends mean depends on the claim.
    pub observed: Span,
    /// Failing intervals within the span, of a service that flapped.
    pub intervals: BoundedVec<Span, ConstU32<MAX_INTERVALS>>,
    /// How exact the times are.
    pub time_quality: TimeQuality,
    /// How the reporter knows.
    pub method: Method,
    /// Where it looked from.
    pub vantages: BoundedVec<Vantage, ConstU32<MAX_VANTAGES>>,
    /// Documents that support it.
    pub evidence: BoundedVec<Evidence, ConstU32<MAX_EVIDENCE>>,
}

/// An attestation as an entry holds it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Attestation {
    /// What was seen.
    pub observation: Observation,
    /// SHA-256 of the text that goes with it; the body is stored beside the log.
    pub text: Option<Sha256>,
}

impl Observation {
    /// Whether all of it makes sense to somebody who hears it at `now`, with claims up to `max_clock_skew` ahead.
    pub fn check(&self, now: UnixMillis, max_clock_skew: Millis) -> Result<(), Refusal> {
        let latest = now.after(max_clock_skew);
        if self.observed.is_reversed() {
            return Err(Refusal::ObservedSpanReversed);
        }
        if self.observed.to > latest {
            return Err(Refusal::ObservedInFuture);
        }
        if self.intervals.iter().any(Span::is_reversed) {
            return Err(Refusal::IntervalReversed);
        }
        if !self
            .intervals
            .iter()
            .all(|interval| self.observed.contains(interval))
        {
            return Err(Refusal::IntervalOutsideSpan);
        }
        if self
            .vantages
            .iter()
            .any(|vantage| vantage.failed > vantage.samples)
        {
            return Err(Refusal::MoreFailedThanSamples);
        }
        let scope_country = match &self.scope {
            Scope::Country(country) => Some(country),
            _ => None,
        };
        let mut countries = self
            .vantages
            .iter()
            .map(|vantage| &vantage.place.country)
            .chain(scope_country);
        if !countries.all(Country::is_well_formed) {
            return Err(Refusal::CountryMalformed);
        }
        if self.method.measures() && self.evidence.is_empty() {
            return Err(Refusal::EvidenceMissing);
        }
        if self.evidence.iter().any(|evidence| evidence.captured_at > latest) {
            return Err(Refusal::EvidenceInFuture);
        }
        let region_is_text = match &self.scope {
            Scope::Region(name) => name.is_utf8(),
            _ => true,
        };
        let is_text = |evidence: &Evidence| {
            evidence.media_type.is_utf8() && evidence.uri.as_ref().is_none_or(Text::is_utf8)
        };
        if !region_is_text || !self.evidence.iter().all(is_text) {
            return Err(Refusal::TextNotUtf8);
        }
        Ok(())
    }
}
