//! Rules on the command line, and in words.

use std::time::Duration;

use clap::Args;
use faultline_primitives::{rules::Rules, Millis};

fn length(text: &str) -> std::result::Result<Millis, String> {
    let length = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    let millis = u64::try_from(length.as_millis()).map_err(|error| error.to_string())?;
    Ok(Millis(millis))
}

/// Rules on the command line: what is not named stays as it is.
#[derive(Args)]
pub struct RulesGiven {
    /// How many groups that count must affirm an outage before it is confirmed.
    #[arg(long, value_name = "GROUPS")]
    quorum: Option<u16>,
    /// How many of those must have measured it.
    #[arg(long, value_name = "GROUPS")]
    min_measured: Option<u16>,
    /// A voice first recorded later than this after what it saw is late: 1h.
    #[arg(long, value_name = "TIME", value_parser = length)]
    late_after: Option<Millis>,
    /// How near in time a report must lie to an open incident to be of it: 2h.
    #[arg(long, value_name = "TIME", value_parser = length)]
    join_within: Option<Millis>,
    /// How long the same voice waits before it repeats the same claim: 10min.
    #[arg(long, value_name = "TIME", value_parser = length)]
    renew_after: Option<Millis>,
    /// After how long a Down that nobody renews no longer stands for the present: 24h.
    #[arg(long, value_name = "TIME", value_parser = length)]
    stale_after: Option<Millis>,
    /// How long after its last change an incident settles: 7days.
    #[arg(long, value_name = "TIME", value_parser = length)]
    dispute_window: Option<Millis>,
    /// The most by which changes put that off: 30days.
    #[arg(long, value_name = "TIME", value_parser = length)]
    dispute_window_max: Option<Millis>,
    /// How long arbiters have to rule on a dispute: 14days.
    #[arg(long, value_name = "TIME", value_parser = length)]
    rule_within: Option<Millis>,
    /// After how long an unconfirmed incident that nobody else affirms lapses: 48h.
    #[arg(long, value_name = "TIME", value_parser = length)]
    lapse_after: Option<Millis>,
    /// How far ahead of the block's time a claim may lie: 60s.
    #[arg(long, value_name = "TIME", value_parser = length)]
    max_clock_skew: Option<Millis>,
}

impl RulesGiven {
    /// These rules, with what was named put in place.
    pub fn over(&self, now: Rules) -> Rules {
        Rules {
            quorum: self.quorum.unwrap_or(now.quorum),
            min_measured: self.min_measured.unwrap_or(now.min_measured),
            late_after: self.late_after.unwrap_or(now.late_after),
            join_within: self.join_within.unwrap_or(now.join_within),
            renew_after: self.renew_after.unwrap_or(now.renew_after),
            stale_after: self.stale_after.unwrap_or(now.stale_after),
            dispute_window: self.dispute_window.unwrap_or(now.dispute_window),
            dispute_window_max: self.dispute_window_max.unwrap_or(now.dispute_window_max),
            rule_within: self.rule_within.unwrap_or(now.rule_within),
            lapse_after: self.lapse_after.unwrap_or(now.lapse_after),
            max_clock_skew: self.max_clock_skew.unwrap_or(now.max_clock_skew),
        }
    }
}

/// Rules in words.
pub fn words(rules: &Rules) -> String {
    let time = |length: Millis| humantime::format_duration(Duration::from_millis(length.0)).to_string();
    format!(
        "quorum {}, measured {}, late after {}, join within {}, renew after {}, stale after {}, dispute window {} up to {}, \
         rule within {}, lapse after {}, clock skew {}",
        rules.quorum,
        rules.min_measured,
        time(rules.late_after),
        time(rules.join_within),
        time(rules.renew_after),
        time(rules.stale_after),
        time(rules.dispute_window),
        time(rules.dispute_window_max),
        time(rules.rule_within),
        time(rules.lapse_after),
        time(rules.max_clock_skew)
    )
}
