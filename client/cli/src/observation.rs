//! What a reporter saw, as options.

use clap::Args;
use faultline_primitives::{
    attestation::{
        Body, Claim, Evidence, Kind, Method, Observation, Scope, Severity, TimeQuality, Vantage,
        MAX_EVIDENCE, MAX_INTERVALS, MAX_VANTAGES,
    },
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
    /// The observation and its text, with the evidence read.
    pub fn read(&self) -> Result<(Observation, Body)> {
        let to = self.to.unwrap_or_else(Moment::now).0;
        let from = self.from.map_or(to, |from| from.0);
        let evidence: Vec<Evidence> = self
            .evidence
            .iter()
            .map(EvidenceFile::read)
            .collect::<Result<_>>()?;
        let quality = if self.method.measures() {
            TimeQuality::Actual
        } else {
            TimeQuality::Estimate
        };
        let observation = Observation {
            claim: self.claim,
            kind: self.kind,
            severity: self.severity,
            scope: self.scope.clone(),
            observed: Span { from, to },
            intervals: at_most(MAX_INTERVALS, "--interval", self.intervals.clone())?,
            time_quality: self.time_quality.unwrap_or(quality),
            method: self.method,
            vantages: at_most(MAX_VANTAGES, "--vantage", self.vantages.clone())?,
            evidence: at_most(MAX_EVIDENCE, "--evidence", evidence)?,
        };
        Ok((observation, body(&self.text)?))
    }
}

/// A text as the chain takes it.
pub fn body(text: &str) -> Result<Body> {
    text.parse()
        .map_err(|why| Trouble::usage(format!("--text: {why}")))
}

fn at_most<T, B: TryFrom<Vec<T>>>(bound: u32, option: &str, items: Vec<T>) -> Result<B> {
    let given = items.len();
    B::try_from(items).map_err(|_| {
        Trouble::usage(format!(
            "{option} is given {given} times, and at most {bound} are taken"
        ))
    })
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
