//! Which incidents, as options and in words.

use clap::Args;
use faultline_primitives::{
    attestation::{Kind, Severity},
    incident::{Status, Timeliness, Verdict},
    OrganisationId,
};
use faultline_rpc::{view::Utc, IncidentFilter};

use crate::{
    moment::{self, Moment},
    trouble::{Result, Trouble},
};

/// Which incidents. What is left out narrows nothing; of an option that may be repeated one value must fit.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Which incidents")]
pub struct Which {
    /// Of the service of this slug alone.
    #[arg(long, value_name = "SLUG")]
    service: Option<String>,
    /// Of this service and of all whose slug begins with it and a slash.
    #[arg(long, value_name = "SLUG")]
    under: Option<String>,
    /// Opened by this organisation, or ever attested by it.
    #[arg(long, value_name = "NUMBER")]
    organisation: Option<u32>,
    /// Opened by this organisation.
    #[arg(long, value_name = "NUMBER")]
    opener: Option<u32>,
    /// Unconfirmed, confirmed, contested. May be repeated, as the next four.
    #[arg(long, value_name = "VERDICT", value_delimiter = ',')]
    verdict: Vec<Verdict>,
    /// Ongoing, recovered, end-unknown.
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    status: Vec<Status>,
    /// Live, late. What was never confirmed is neither.
    #[arg(long, value_name = "TIMELINESS", value_delimiter = ',')]
    timeliness: Vec<Timeliness>,
    /// Outage, degradation, latency, connectivity, data-loss, security, other.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kind: Vec<Kind>,
    /// Minor, major, critical.
    #[arg(long, value_name = "SEVERITY", value_delimiter = ',')]
    severity: Vec<Severity>,
}

/// When they started.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Which incidents")]
pub struct When {
    /// Started at this time or after it: 2024-12-11, 2024-12-11T23:16:00Z, "2h ago", now.
    #[arg(long, value_name = "TIME", value_parser = moment::day_or_moment)]
    from: Option<Moment>,
    /// Started before this time.
    #[arg(long, value_name = "TIME", value_parser = moment::day_or_moment)]
    until: Option<Moment>,
}

impl Which {
    /// As the node is asked.
    pub fn filter(&self) -> IncidentFilter {
        IncidentFilter {
            service: self.service.clone(),
            under: self.under.clone(),
            organisation: self.organisation.map(OrganisationId),
            opener: self.opener.map(OrganisationId),
            verdict: self.verdict.clone(),
            status: self.status.clone(),
            timeliness: self.timeliness.clone(),
            kind: self.kind.clone(),
            severity: self.severity.clone(),
            from: None,
            until: None,
        }
    }

    /// As the node is asked, of a time.
    pub fn filter_when(&self, when: &When) -> Result<IncidentFilter> {
        let (from, until) = (
            when.from.map(|time| Utc(time.0)),
            when.until.map(|time| Utc(time.0)),
        );
        if let Some((from, until)) = from.zip(until).filter(|(from, until)| from >= until) {
            return Err(
                Trouble::usage(format!("--from {from} is not before --until {until}"))
                    .with_advice("Nothing starts in such a span: give one that begins before it ends."),
            );
        }
        Ok(IncidentFilter {
            from,
            until,
            ..self.filter()
        })
    }
}

/// What a filter says, option by option.
fn parts(filter: &IncidentFilter) -> Vec<(&'static str, Vec<String>)> {
    fn texts<'a, T: ToString + 'a>(values: impl IntoIterator<Item = &'a T>) -> Vec<String> {
        values.into_iter().map(ToString::to_string).collect()
    }
    let parts = vec![
        ("service", texts(&filter.service)),
        ("under", texts(&filter.under)),
        ("organisation", texts(&filter.organisation)),
        ("opener", texts(&filter.opener)),
        ("verdict", texts(&filter.verdict)),
        ("status", texts(&filter.status)),
        ("timeliness", texts(&filter.timeliness)),
        ("kind", texts(&filter.kind)),
        ("severity", texts(&filter.severity)),
        ("from", texts(&filter.from)),
        ("until", texts(&filter.until)),
    ];
    parts
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .collect()
}

/// A filter in words; none where it narrows nothing.
pub fn words(filter: &IncidentFilter) -> Option<String> {
    let parts = parts(filter);
    let said = parts
        .iter()
        .map(|(name, values)| format!("{name} {}", values.join(" or ")));
    (!parts.is_empty()).then(|| said.collect::<Vec<_>>().join(", "))
}

/// A filter as it is given on the command line, with a blank before each option.
pub fn options(filter: &IncidentFilter) -> String {
    let is_plain = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | ':' | '.' | '_'))
    };
    let quoted = |text: &String| match is_plain(text) {
        true => text.clone(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    };
    let parts = parts(filter);
    let given = parts.iter().flat_map(|(name, values)| {
        values
            .iter()
            .map(move |value| format!(" --{name} {}", quoted(value)))
    });
    given.collect()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        when: When,
    }

    fn read(line: &str) -> Result<IncidentFilter> {
        let line = Line::parse_from(std::iter::once("x").chain(line.split_whitespace()));
        line.which.filter_when(&line.when)
    }

    const ALL: &str = "--service openai/api --under openai --organisation 3 --opener 4 --verdict Confirmed \
                       --verdict Contested --status EndUnknown --timeliness Late --kind DataLoss \
                       --severity Critical --from 2024-12-11T00:00:00Z --until 2024-12-12T00:00:00Z";

    #[test]
    fn a_filter_is_said_as_it_is_given() {
        let filter = read(ALL).unwrap();
        assert_eq!(
            words(&filter).as_deref(),
            Some(
                "service openai/api, under openai, organisation 3, opener 4, verdict Confirmed or Contested, status \
                 EndUnknown, timeliness Late, kind DataLoss, severity Critical, from 2024-12-11T00:00:00Z, until \
                 2024-12-12T00:00:00Z"
            )
        );
        let again = options(&filter);
        assert_eq!(
            again.split_whitespace().collect::<Vec<_>>(),
            ALL.split_whitespace().collect::<Vec<_>>()
        );
        assert_eq!(words(&IncidentFilter::default()), None);
        let same = read("--verdict confirmed,contested").unwrap();
        assert_eq!(same.verdict, filter.verdict);
    }

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted() {
        let filter = IncidentFilter {
            service: Some("a b'; rm".into()),
            ..IncidentFilter::default()
        };
        assert_eq!(options(&filter), r" --service 'a b'\''; rm'");
    }

    #[test]
    fn a_span_that_ends_before_it_begins_is_refused() {
        for line in [
            "--from 2024-12-12 --until 2024-12-11",
            "--from 2024-12-12 --until 2024-12-12",
        ] {
            let refused = read(line).unwrap_err();
            assert_eq!(refused.kind(), "usage");
            assert!(refused.what().contains("--until"), "{}", refused.what());
        }
    }
}
