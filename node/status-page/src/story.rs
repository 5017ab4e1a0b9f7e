//! An incident as Statuspage would tell it.

use faultline_primitives::{
    attestation::Kind,
    incident::{Dispute, ReplyStatus, Status as RecordStatus, Verdict},
};
use faultline_rpc::view::{ActionView, EntryView, IncidentView};

use crate::{
    board::{self, Board},
    shape::{Impact, Incident, IncidentExtra, RecordExtra, Speaker, Stage, Update, UpdateExtra},
    stamp::Stamp,
    words,
};

/// An incident, and what was said of it last.
#[derive(Clone, Debug)]
pub struct Story {
    pub incident: IncidentView,
    /// The newest entries of its log, in order.
    pub entries: Vec<EntryView>,
}

impl Story {
    /// Whether it is over for who reads the page. The provider's word alone does not end it.
    pub fn is_over(&self) -> bool {
        self.incident.status != RecordStatus::Ongoing || self.incident.lapsed
    }

    /// How far it is: over by the record alone, and until then as far as the provider says.
    fn stage(&self) -> Stage {
        if self.is_over() {
            return Stage::Resolved;
        }
        match self.incident.reply.as_ref().map(|reply| reply.status) {
            None | Some(ReplyStatus::Investigating | ReplyStatus::NotUs) => Stage::Investigating,
            Some(ReplyStatus::Identified) => Stage::Identified,
            Some(ReplyStatus::Monitoring | ReplyStatus::Resolved) => Stage::Monitoring,
        }
    }

    /// How bad it is; nothing that too few affirm has an impact.
    fn impact(&self) -> Impact {
        match self.incident.verdict {
            Verdict::Unconfirmed => Impact::None,
            Verdict::Confirmed | Verdict::Contested => {
                self.incident.severity.map_or(Impact::None, board::impact)
            }
        }
    }

    /// What a list shows: what failed, after how sure that is, before what stands beside it.
    pub fn title(&self, service: &str) -> String {
        let incident = &self.incident;
        let sure = match incident.verdict {
            Verdict::Unconfirmed if incident.lapsed => "Unconfirmed, lapsed: ",
            Verdict::Unconfirmed => "Unconfirmed: ",
            Verdict::Contested => "Contested: ",
            Verdict::Confirmed => "",
        };
        let what = match incident.kind {
            None => "Report on",
            Some(Kind::Outage) => "Outage of",
            Some(Kind::Degradation) => "Degradation of",
            Some(Kind::Latency) => "High latency of",
            Some(Kind::Connectivity) => "Connectivity failure of",
            Some(Kind::DataLoss) => "Data loss at",
            Some(Kind::Security) => "Security incident at",
            Some(Kind::Other) => "Failure of",
        };
        let scope = match incident.scope.as_ref().map(|scope| scope.0.as_str()) {
            None | Some("Global" | "Unknown") => String::new(),
            Some("Subset") => " (for a part of its users)".into(),
            Some(place) => format!(" ({place})"),
        };
        let dispute = match incident.dispute {
            Dispute::Open | Dispute::Unruled => " [disputed]",
            Dispute::Sustained => " [dispute sustained]",
            Dispute::None | Dispute::Dismissed => "",
        };
        let duplicate = incident
            .duplicate_of
            .map_or(String::new(), |other| format!(" [duplicate of incident {other}]"));
        format!("{sure}{what} {service}{scope}{dispute}{duplicate}")
    }

    /// When it was opened.
    pub fn created_at(&self) -> Stamp {
        self.incident.first_reported_at.into()
    }

    /// When the last entry was recorded.
    pub fn updated_at(&self) -> Stamp {
        let last = self.entries.last().map(|entry| entry.recorded_at);
        last.unwrap_or(self.incident.first_reported_at).into()
    }

    fn started_at(&self) -> Stamp {
        let start = self.incident.started_at.map(|times| times.median);
        start.unwrap_or(self.incident.first_reported_at).into()
    }

    /// When the provider last said that it watches.
    fn monitoring_at(&self) -> Option<Stamp> {
        let watches = |entry: &&EntryView| match &entry.action {
            ActionView::Replied { reply } => reply.status == ReplyStatus::Monitoring,
            _ => false,
        };
        let entry = self.entries.iter().rfind(watches)?;
        Some(entry.recorded_at.into())
    }

    /// When it ended; where nobody recorded its end, when the record took it as over.
    fn resolved_at(&self) -> Option<Stamp> {
        if !self.is_over() {
            return None;
        }
        let ended = self.incident.ended_at.map(|times| times.median.into());
        let is_closing = |entry: &&EntryView| entry.action == ActionView::Closed;
        let closed = self.entries.iter().rfind(is_closing);
        let closed = closed.map(|entry| entry.recorded_at.into());
        // Nothing was said of one that lapsed after its last entry.
        Some(ended.or(closed).unwrap_or_else(|| self.updated_at()))
    }

    /// The record's own standing, then what was said, the newest first.
    pub fn updates(&self) -> Vec<Update> {
        let said = self.entries.iter().rev().map(|entry| self.said(entry));
        std::iter::once(self.standing()).chain(said).collect()
    }

    /// What all entries come to. It has another id whenever verdict or status change: readers announce each id once.
    fn standing(&self) -> Update {
        let incident = &self.incident;
        let over = if incident.lapsed {
            "lapsed".into()
        } else {
            incident.status.name().to_lowercase()
        };
        self.update(
            format!(
                "{}-{}-{over}",
                incident.id,
                incident.verdict.name().to_lowercase()
            ),
            self.stage(),
            words::standing(incident),
            self.updated_at(),
            UpdateExtra {
                by: Speaker::Record,
                organisation: None,
                entry: None,
                block: None,
            },
        )
    }

    fn said(&self, entry: &EntryView) -> Update {
        self.update(
            format!("{}-{}", self.incident.id, entry.number),
            words::stage(&entry.action),
            words::said(entry, &self.incident),
            entry.recorded_at.into(),
            UpdateExtra {
                by: words::speaker(&entry.action),
                organisation: Some(entry.by.organisation),
                entry: Some(entry.number),
                block: Some(entry.block),
            },
        )
    }

    fn update(&self, id: String, status: Stage, body: String, at: Stamp, faultline: UpdateExtra) -> Update {
        Update {
            id,
            status,
            body,
            incident_id: self.incident.id.to_string(),
            created_at: at,
            updated_at: at,
            display_at: at,
            affected_components: None,
            deliver_notifications: false,
            custom_tweet: None,
            tweet_id: None,
            faultline,
        }
    }

    /// The incident as JSON, with links that begin with `url`.
    pub fn told(&self, board: &Board, url: &str) -> Incident {
        let incident = &self.incident;
        Incident {
            id: incident.id.to_string(),
            name: self.title(board.name_of(incident)),
            status: self.stage(),
            created_at: self.created_at(),
            updated_at: self.updated_at(),
            monitoring_at: self.monitoring_at(),
            resolved_at: self.resolved_at(),
            impact: self.impact(),
            shortlink: self.link(url),
            started_at: self.started_at(),
            page_id: board.prefix.clone(),
            incident_updates: self.updates(),
            components: board.component_of(incident.service),
            window: None,
            faultline: IncidentExtra::Incident(Box::new(self.record())),
        }
    }

    /// Where it is found, in the narrowest list that holds it.
    pub fn link(&self, url: &str) -> String {
        let Self { incident, .. } = self;
        format!("{url}/{}/api/v2/incidents.json#{}", incident.slug, incident.id)
    }

    fn record(&self) -> RecordExtra {
        let incident = &self.incident;
        let told = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        RecordExtra {
            slug: incident.slug.clone(),
            verdict: incident.verdict,
            status: incident.status,
            timeliness: incident.timeliness,
            kind: incident.kind,
            severity: incident.severity,
            scope: incident.scope.clone(),
            started_at: incident.started_at,
            ended_at: incident.ended_at,
            first_reported_at: incident.first_reported_at,
            confirmed_at: incident.confirmed_at,
            affirming: incident.affirming,
            peak: incident.peak,
            quorum: incident.rules.quorum,
            min_measured: incident.rules.min_measured,
            dispute: incident.dispute,
            duplicate_of: incident.duplicate_of,
            provider: incident.reply.as_ref().map(|reply| reply.status),
            settled: incident.settled,
            lapsed: incident.lapsed,
            entries: incident.entries,
            head: incident.head,
            untold: incident.entries.saturating_sub(told),
        }
    }
}
