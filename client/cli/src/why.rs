//! Why an incident's record says what it says, in words: from the record, its voices and its rules alone.

use std::time::Duration;

use faultline_primitives::{
    incident::{Status, Timeliness, Verdict},
    Millis,
};
use faultline_rpc::view::{IncidentView, TimeKind, TimesView, Utc, VoiceView};
use serde::Serialize;

/// What the parts of a record come of. Each line is a sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Why {
    /// The verdict.
    pub verdict: Vec<String>,
    /// Live, late, or neither.
    pub timeliness: String,
    /// Whether it goes on.
    pub status: Vec<String>,
    /// The start; none where nobody who counts gives one.
    pub started_at: Option<String>,
    /// The end; none where it has none.
    pub ended_at: Option<String>,
}

impl Why {
    /// What this record comes of.
    pub fn of(incident: &IncidentView) -> Self {
        let counting = || incident.voices.iter().filter(|voice| voice.counts);
        let case = Case {
            incident,
            affirming: counting().filter(|voice| voice.claim.affirms()).collect(),
            against: counting().filter(|voice| !voice.claim.affirms()).count(),
        };
        Self {
            verdict: case.verdict(),
            timeliness: case.timeliness(),
            status: case.status(),
            started_at: incident.started_at.map(|times| case.start(&times)),
            ended_at: incident.ended_at.map(|times| case.end(&times)),
        }
    }
}

/// An incident with its voices sorted.
struct Case<'a> {
    incident: &'a IncidentView,
    /// Those that count and affirm the outage: one a group.
    affirming: Vec<&'a VoiceView>,
    /// How many groups that count say that it was up.
    against: usize,
}

impl Case<'_> {
    fn verdict(&self) -> Vec<String> {
        let Self {
            incident, against, ..
        } = self;
        let mut why = vec![self.quorum()];
        if self.measured() == 0 && !self.affirming.is_empty() && incident.rules.min_measured > 0 {
            why.push(
                "feeds, users' reports and what a person says support an outage, and do not confirm it"
                    .into(),
            );
        }
        if let (Verdict::Unconfirmed, Some(at)) = (incident.verdict, incident.confirmed_at) {
            why.push(format!(
                "it was confirmed at {at}; {} affirmed it at most, and words were taken back or changed since",
                groups(incident.peak.into())
            ));
        }
        let up = format!("{} {} that it was up", groups(*against), says(*against));
        match incident.verdict {
            _ if *against == 0 => {}
            Verdict::Contested => why.push(format!(
                "{up}, at the same time and within its scope: as many as affirm it, or more"
            )),
            Verdict::Confirmed => why.push(format!(
                "{up}: fewer than affirm it, or not at the same time and within its scope"
            )),
            Verdict::Unconfirmed => why.push(up),
        }
        why.extend(self.heard(true, "the provider, or of its group"));
        why.extend(self.heard(false, "of a group that counts already"));
        why
    }

    /// How many affirm it and measured it, and how many must.
    fn quorum(&self) -> String {
        let rules = &self.incident.rules;
        let count = self.affirming.len();
        let affirm = match count {
            0 => return format!("nobody who counts affirms it, where {} must", rules.quorum),
            1 => "1 group affirms it".into(),
            n => format!("{n} groups affirm it"),
        };
        let measured = match (count, self.measured()) {
            (1, 0) => "it did not measure".into(),
            (1, _) => "it measured".into(),
            (_, 0) => "none of them measured".into(),
            (n, m) if n == m => "all of them measured".into(),
            (_, m) => format!("{m} of them measured"),
        };
        format!(
            "{affirm}, where {} must; {measured}, where {} must",
            rules.quorum, rules.min_measured
        )
    }

    fn measured(&self) -> usize {
        let measures = |voice: &&&VoiceView| voice.time_kind == TimeKind::Observed;
        self.affirming.iter().filter(measures).count()
    }

    /// Who speaks and does not count, for this reason.
    fn heard(&self, affiliated: bool, reason: &str) -> Option<String> {
        let names: Vec<_> = self
            .incident
            .voices
            .iter()
            .filter(|voice| !voice.counts && voice.affiliated == affiliated)
            .map(|voice| voice.name.as_str())
            .collect();
        match names.as_slice() {
            [] => None,
            [name] => Some(format!("{name} is heard and does not count: it is {reason}")),
            names => Some(format!(
                "{} are heard and do not count: each is {reason}",
                names.join(", ")
            )),
        }
    }

    fn timeliness(&self) -> String {
        let count = self.affirming.len();
        let within = length(self.incident.rules.late_after);
        match (self.incident.timeliness, self.incident.confirmed_at) {
            (Some(Timeliness::Live), Some(at)) => format!(
                "confirmed at {at} by groups that first spoke within {within} of the start that they give"
            ),
            (_, Some(at)) => format!(
                "confirmed at {at}, when too few had first spoken within {within} of the start that they give"
            ),
            (_, None) => {
                let live = self.affirming.iter().filter(|voice| voice.live).count();
                format!(
                    "it was never confirmed; {live} of {} first spoke within {within} of the start",
                    groups(count)
                )
            }
        }
    }

    fn status(&self) -> Vec<String> {
        let Self {
            incident, affirming, ..
        } = self;
        let recovered = affirming.iter().filter(|voice| !voice.claim.goes_on()).count();
        if affirming.is_empty() {
            return vec!["nobody who counts affirms it".into()];
        }
        let count = affirming.len();
        let over = match (recovered, count) {
            (1, 1) => "the one group says that it ended".into(),
            (_, _) if recovered == count => format!("all {count} groups say that it ended"),
            _ => format!(
                "{recovered} of {count} groups {} that it ended, where more than half must",
                says(recovered)
            ),
        };
        if incident.status == Status::Recovered {
            return vec![over];
        }
        let open = || affirming.iter().filter(|voice| voice.claim.goes_on());
        let mut why = Vec::new();
        if recovered > 0 {
            why.push(over);
        }
        if let Some(last) = open().map(|voice| voice.span.to).max() {
            let who = if recovered > 0 {
                "of the others nobody"
            } else {
                "nobody who counts"
            };
            why.push(format!(
                "{who} saw it end; the last failure that was seen was at {last}"
            ));
        }
        let stale = open()
            .map(|voice| Utc(voice.recorded_at.0.after(incident.rules.stale_after)))
            .max();
        let stale = stale.filter(|_| !incident.settled && !incident.lapsed);
        if let (Status::Ongoing, Some(stale)) = (incident.status, stale) {
            why.push(format!(
                "unless somebody renews it, any reporter may close it from {stale} on, as an end that nobody saw"
            ));
        }
        if incident.status == Status::EndUnknown {
            why.push(format!(
                "closed after nobody had renewed it for {}",
                length(incident.rules.stale_after)
            ));
        }
        why
    }

    fn start(&self, times: &TimesView) -> String {
        let given = self
            .affirming
            .iter()
            .map(|voice| (voice.span.from, voice.time_kind));
        self.point(times, given.collect())
    }

    fn end(&self, times: &TimesView) -> String {
        let ended = self.affirming.iter().filter(|voice| !voice.claim.goes_on());
        self.point(
            times,
            ended.map(|voice| (voice.span.to, voice.time_kind)).collect(),
        )
    }

    /// How a time comes about, of what each who gives one gives.
    fn point(&self, times: &TimesView, given: Vec<(Utc, TimeKind)>) -> String {
        let of_median = || given.iter().filter(|(time, _)| *time == times.median);
        // One who measured it is enough.
        let observed = of_median().any(|(_, kind)| *kind == TimeKind::Observed);
        let kind = if observed { "observed" } else { "claimed" };
        let count = self.affirming.len();
        let unsaid = count - given.len();
        let alike = times.earliest == times.latest;
        match (count, unsaid) {
            (1, _) => return kind.into(),
            (_, 0) if alike => return format!("{kind}, the same by all {count} groups"),
            _ => {}
        }
        let mut why = format!("{kind}, the median of {count} groups");
        if unsaid > 0 {
            why += &format!(", {unsaid} of which saw none");
        }
        if !alike {
            why += &format!("; earliest {}, latest {}", times.earliest, times.latest);
        }
        why
    }
}

/// So many groups.
pub fn groups(count: usize) -> String {
    match count {
        1 => "1 group".into(),
        n => format!("{n} groups"),
    }
}

fn says(count: usize) -> &'static str {
    if count == 1 {
        "says"
    } else {
        "say"
    }
}

/// A length of time in words.
pub fn length(length: Millis) -> humantime::FormattedDuration {
    humantime::format_duration(Duration::from_millis(length.0))
}

#[cfg(test)]
mod tests;
