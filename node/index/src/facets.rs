//! What an incident is, in two bytes, so that incidents of the same kind lie together.

use faultline_primitives::{
    attestation::{Kind, Severity},
    incident::{Incident, Status, Timeliness, Verdict},
};

/// Verdict, status, timeliness, kind and severity, packed: four bits and two each of the rest, the verdict highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facets(u16);

impl Facets {
    /// Stands for every value: the row of a list that is not divided by facets.
    pub const ALL: [u8; 2] = [0xff; 2];

    /// Those of an incident.
    pub fn of(incident: &Incident) -> Self {
        let finding = incident.finding.as_ref();
        Self::pack(
            incident.verdict,
            incident.status,
            incident.timeliness,
            finding.map(|finding| finding.kind),
            finding.map(|finding| finding.severity),
        )
    }

    fn pack(
        verdict: Verdict,
        status: Status,
        timeliness: Option<Timeliness>,
        kind: Option<Kind>,
        severity: Option<Severity>,
    ) -> Self {
        let verdict = place(Verdict::ALL, verdict);
        let status = place(Status::ALL, status);
        let timeliness = timeliness.map_or(0, |value| 1 + place(Timeliness::ALL, value));
        let kind = kind.map_or(0, |value| 1 + place(Kind::ALL, value));
        let severity = severity.map_or(0, |value| 1 + place(Severity::ALL, value));
        Self(verdict << 10 | status << 8 | timeliness << 6 | kind << 2 | severity)
    }

    /// The bytes, in order of the value.
    pub const fn to_bytes(self) -> [u8; 2] {
        self.0.to_be_bytes()
    }
}

/// The place of a value among all; they are few.
fn place<T: PartialEq>(all: &[T], value: T) -> u16 {
    let place = all.iter().position(|one| *one == value);
    place
        .and_then(|place| u16::try_from(place).ok())
        .unwrap_or_default()
}

/// Which facets: of each list one value must fit, and an empty list narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FacetFilter {
    /// Verdicts.
    pub verdict: Vec<Verdict>,
    /// Statuses.
    pub status: Vec<Status>,
    /// Timeliness; an incident that was never confirmed has none.
    pub timeliness: Vec<Timeliness>,
    /// Kinds; an incident that no counting group affirms has none.
    pub kind: Vec<Kind>,
    /// Severities; an incident that no counting group affirms has none.
    pub severity: Vec<Severity>,
}

impl FacetFilter {
    /// Whether it narrows nothing.
    pub fn is_any(&self) -> bool {
        self.verdict.is_empty()
            && self.status.is_empty()
            && self.timeliness.is_empty()
            && self.kind.is_empty()
            && self.severity.is_empty()
    }

    /// Whether an incident fits.
    pub fn fits(&self, incident: &Incident) -> bool {
        fn one<T: PartialEq>(asked: &[T], value: Option<T>) -> bool {
            asked.is_empty() || value.is_some_and(|value| asked.contains(&value))
        }
        let finding = incident.finding.as_ref();
        one(&self.verdict, Some(incident.verdict))
            && one(&self.status, Some(incident.status))
            && one(&self.timeliness, incident.timeliness)
            && one(&self.kind, finding.map(|finding| finding.kind))
            && one(&self.severity, finding.map(|finding| finding.severity))
    }

    /// Every combination that fits, in order.
    pub fn combinations(&self) -> Vec<Facets> {
        let mut all = Vec::new();
        for verdict in asked(&self.verdict, Verdict::ALL) {
            for status in asked(&self.status, Status::ALL) {
                for timeliness in or_none(&self.timeliness, Timeliness::ALL) {
                    for kind in or_none(&self.kind, Kind::ALL) {
                        for severity in or_none(&self.severity, Severity::ALL) {
                            all.push(Facets::pack(verdict, status, timeliness, kind, severity));
                        }
                    }
                }
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The values asked for, or all.
fn asked<T: Copy>(asked: &[T], all: &[T]) -> Vec<T> {
    if asked.is_empty() { all } else { asked }.to_vec()
}

/// The same of what an incident may not have: where nothing is asked for, that too.
fn or_none<T: Copy>(values: &[T], all: &[T]) -> Vec<Option<T>> {
    let none = values.is_empty().then_some(None);
    let values = asked(values, all);
    none.into_iter().chain(values.into_iter().map(Some)).collect()
}
