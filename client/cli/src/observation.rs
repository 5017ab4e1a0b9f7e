//! What a reporter saw, as options.

use clap::Args;
use faultline_client::{
    attestation::{AttestationBuilder, AttestationError, CheckedAttestation},
    Error, Refusal,
};
use faultline_primitives::{
    attestation::{Body, Claim, Kind, Method, Observation, Scope, Severity, TimeQuality, Vantage},
    Span,
};

use crate::{
    evidence::{self, EvidenceFile},
    moment::{self, Moment},
    trouble::{Result, Trouble},
};

/// What was seen.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "What was seen")]
pub struct Seen {
    /// Down or degraded (from the first failure to the last so far), recovered (to the first success after the last
    /// failure), or up (from the first check to the last, all of them good).
    #[arg(long, value_name = "CLAIM")]
    claim: Claim,
    /// From when: 2024-12-11T23:16:00Z, "20min ago", now. Where not given, when it ends.
    #[arg(long, value_name = "TIME")]
    from: Option<Moment>,
    /// Until when. Where not given, now.
    #[arg(long, value_name = "TIME")]
    to: Option<Moment>,
    /// A failing interval within that, of a service that flapped. May be given 8 times.
    #[arg(long = "interval", value_name = "FROM/TO", value_parser = moment::interval)]
    intervals: Vec<Span>,
    /// Whether the times were read off an instrument (actual) or estimated. Where not given, by the method.
    #[arg(long, value_name = "QUALITY")]
    time_quality: Option<TimeQuality>,
    /// Outage, degradation, latency, connectivity, data-loss, security, other.
    #[arg(long, value_name = "KIND", default_value = "outage")]
    kind: Kind,
    /// Minor, major, critical.
    #[arg(long, value_name = "SEVERITY", default_value = "major")]
    severity: Severity,
    /// Where it was felt: global, country:DE, asn:3320, region:eu-west, subset, unknown.
    #[arg(long, value_name = "SCOPE", default_value = "unknown", value_parser = scope)]
    scope: Scope,
    /// How you know: active-probe or passive-telemetry (these measure, and want evidence), official-feed,
    /// user-reports, manual.
    #[arg(long, value_name = "METHOD", default_value = "manual")]
    method: Method,
    /// From where it was looked at, and how many samples failed. May be given 8 times.
    #[arg(long = "vantage", value_name = "COUNTRY:ASN:SAMPLES:FAILED", value_parser = evidence::vantage)]
    vantages: Vec<Vantage>,
    /// A file that supports it; the chain keeps its digest, never the file. May be given 8 times.
    #[arg(long = "evidence", value_name = "FILE[,kind=KIND][,uri=URI]")]
    evidence: Vec<EvidenceFile>,
    /// A few words, of 512 bytes at most. They are public for ever: name nobody.
    #[arg(long, value_name = "TEXT", default_value = "")]
    text: String,
}

impl Seen {
    /// The observation and its text, with the evidence read, as the chain would take it now by this machine's clock.
    pub fn read(&self) -> Result<(Observation, Body)> {
        let checked = self.build().map_err(refused)?;
        Ok((checked.observation, checked.text))
    }

    fn build(&self) -> std::result::Result<CheckedAttestation, AttestationError> {
        let now = Moment::now().0;
        let to = self.to.map_or(now, |to| to.0);
        let from = self.from.map_or(to, |from| from.0);
        let mut seen = AttestationBuilder::new(self.claim)
            .span(from, to)
            .kind(self.kind)
            .severity(self.severity)
            .scope(self.scope.clone())
            .method(self.method)
            .text(self.text.as_str());
        if let Some(quality) = self.time_quality {
            seen = seen.time_quality(quality);
        }
        for interval in &self.intervals {
            seen = seen.interval(interval.from, interval.to);
        }
        for vantage in &self.vantages {
            let place = vantage.place;
            seen = seen.vantage(place.country, place.asn, vantage.samples, vantage.failed);
        }
        for file in &self.evidence {
            seen = seen.evidence(file.read()?);
        }
        seen.build(now)
    }
}

/// What the chain would refuse is said as it says it; a bound that is passed, by the option.
fn refused(error: AttestationError) -> Trouble {
    let option = match &error {
        AttestationError::TooManyIntervals { .. } => "--interval",
        AttestationError::TooManyVantages { .. } => "--vantage",
        AttestationError::TooMuchEvidence { .. } | AttestationError::EvidenceTooLong { .. } => "--evidence",
        AttestationError::TextTooLong { .. } => "--text",
        _ => {
            return match error.refusal() {
                Some(refusal) => Error::Refused(Refusal::of_observation(refusal)).into(),
                None => Trouble::failed("evidence", error.to_string()),
            }
        }
    };
    Trouble::usage(format!("{option}: {error}"))
}

/// A text as the chain takes it.
pub fn body(text: &str) -> Result<Body> {
    text.parse()
        .map_err(|why| Trouble::usage(format!("--text: {why}")))
}

/// A scope as it is written: a name, or a name, a colon or a space, and which.
pub fn scope(text: &str) -> std::result::Result<Scope, String> {
    let (name, which) = text.split_once([':', ' ']).unwrap_or((text, ""));
    let name = name.to_ascii_lowercase();
    match (name.as_str(), which) {
        ("global", "") => Ok(Scope::Global),
        ("subset", "") => Ok(Scope::Subset),
        ("unknown", "") => Ok(Scope::Unknown),
        ("country", which) => Ok(Scope::Country(which.parse()?)),
        ("asn", which) => {
            let asn = which
                .parse()
                .map_err(|_| format!("the ASN `{which}` is no number below 2^32"))?;
            Ok(Scope::Asn(asn))
        }
        ("region", which) if !which.is_empty() => Ok(Scope::Region(which.parse()?)),
        _ => Err(format!(
            "`{text}` is none of global, country:DE, asn:3320, region:NAME, subset, unknown"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_reads_what_answers_print() {
        assert_eq!(scope("Global"), Ok(Scope::Global));
        assert_eq!(scope("Asn 3320"), Ok(Scope::Asn(3320)));
        assert_eq!(scope("region:eu-west"), "eu-west".parse().map(Scope::Region));
        assert!(matches!(scope("country:DE"), Ok(Scope::Country(_))));
        for wrong in ["", "everywhere", "country:de", "asn:x", "region", "global:x"] {
            assert!(scope(wrong).is_err(), "{wrong}");
        }
    }
}
