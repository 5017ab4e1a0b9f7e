//! An incident and its log.

use faultline_primitives::{
    attestation::{Claim, EvidenceKind, Kind, Method, Severity, TimeQuality},
    incident::{Cause, Dispute, ReplyStatus, Status, Timeliness, Verdict},
    rules::Rules,
    Account, Country, GroupId, Hash, IncidentId, OrganisationId, ServiceId, Sha256,
};
use faultline_rpc::view::{
    ActionView, ActorView, AttestationView, CaseView, EntryView, EvidenceView, IncidentView, OpeningView,
    ReplyView, ScopeView, SpanView, TimeKind, TimesView, VantageView, VoiceView, VoteView,
};

use super::at;

/// An outage that two organisations saw.
pub fn incident() -> IncidentView {
    IncidentView {
        id: IncidentId(7),
        service: ServiceId(2),
        slug: "openai/chatgpt".into(),
        status: Status::Recovered,
        verdict: Verdict::Confirmed,
        timeliness: Some(Timeliness::Live),
        kind: Some(Kind::Outage),
        severity: Some(Severity::Major),
        scope: Some(ScopeView("Global".into())),
        started_at: Some(TimesView {
            earliest: at("2024-12-11T23:16:00Z"),
            median: at("2024-12-11T23:16:00Z"),
            latest: at("2024-12-11T23:17:30Z"),
        }),
        ended_at: Some(TimesView {
            earliest: at("2024-12-12T03:38:00Z"),
            median: at("2024-12-12T03:38:00Z"),
            latest: at("2024-12-12T03:40:12Z"),
        }),
        first_reported_at: at("2024-12-11T23:18:06Z"),
        confirmed_at: Some(at("2024-12-11T23:19:12Z")),
        affirming: 2,
        peak: 2,
        settles_at: Some(at("2024-12-19T03:41:00Z")),
        settled: false,
        lapsed: false,
        dispute: Dispute::None,
        case: None,
        duplicate_of: None,
        reply: None,
        voices: vec![
            voice(0, "Northwatch Monitoring", 2),
            voice(1, "Harbour Telemetry", 3),
        ],
        rules: Rules {
            quorum: 2,
            min_measured: 1,
            ..Rules::standard()
        },
        entries: 4,
        head: Hash([0x1f; 32]),
    }
}

/// The same, with everything that an incident may have.
pub fn disputed() -> IncidentView {
    IncidentView {
        dispute: Dispute::Open,
        case: Some(CaseView {
            by: OrganisationId(4),
            opened_at: at("2024-12-12T09:00:00Z"),
            arbiters: vec![GroupId(5)],
            votes: vec![VoteView {
                group: GroupId(5),
                sustain: false,
            }],
        }),
        duplicate_of: Some(IncidentId(6)),
        reply: Some(reply()),
        ..incident()
    }
}

/// One that nobody who counts affirms.
pub fn unconfirmed() -> IncidentView {
    IncidentView {
        status: Status::Ongoing,
        verdict: Verdict::Unconfirmed,
        timeliness: None,
        kind: None,
        severity: None,
        scope: None,
        started_at: None,
        ended_at: None,
        confirmed_at: None,
        settles_at: None,
        ..incident()
    }
}

fn voice(organisation: u32, name: &str, entry: u32) -> VoiceView {
    VoiceView {
        organisation: OrganisationId(organisation),
        name: name.into(),
        group: GroupId(organisation),
        counts: true,
        affiliated: false,
        claim: Claim::Recovered,
        kind: Kind::Outage,
        severity: Severity::Major,
        scope: ScopeView("Global".into()),
        time_kind: TimeKind::Observed,
        span: span(),
        live: true,
        recorded_at: at("2024-12-12T03:41:00Z"),
        entry,
    }
}

fn span() -> SpanView {
    SpanView {
        from: at("2024-12-11T23:16:00Z"),
        to: at("2024-12-12T03:38:00Z"),
    }
}

fn reply() -> ReplyView {
    ReplyView {
        status: ReplyStatus::Resolved,
        claimed_start: Some(at("2024-12-11T23:16:00Z")),
        claimed_end: Some(at("2024-12-12T03:38:00Z")),
        time_quality: TimeQuality::Actual,
        cause: Cause::Process,
        text_sha256: Some(Sha256([0x2a; 32])),
        document_sha256: None,
    }
}

fn attestation() -> AttestationView {
    AttestationView {
        claim: Claim::Down,
        kind: Kind::Outage,
        severity: Severity::Major,
        scope: ScopeView("Country DE".into()),
        time_kind: TimeKind::Observed,
        span: span(),
        intervals: vec![span()],
        time_quality: TimeQuality::Actual,
        method: Method::ActiveProbe,
        vantages: vec![VantageView {
            country: Country(*b"DE"),
            asn: 3320,
            samples: 12,
            failed: 11,
        }],
        evidence: vec![EvidenceView {
            sha256: Sha256([0x3b; 32]),
            kind: EvidenceKind::ProbeLog,
            media_type: "application/json".into(),
            size: 18_204,
            uri: Some("https://northwatch.example/logs/2024-12-11.json".into()),
            captured_at: at("2024-12-11T23:17:00Z"),
        }],
        text_sha256: Some(Sha256([0x4c; 32])),
    }
}

/// The entry that opens a log.
pub fn opening() -> EntryView {
    entry(ActionView::Opened {
        opening: OpeningView {
            fold: 1,
            service: ServiceId(2),
            slug: "openai/chatgpt".into(),
            name: "ChatGPT".into(),
            rules: incident().rules,
        },
        attestation: attestation(),
    })
}

fn entry(action: ActionView) -> EntryView {
    EntryView {
        number: 0,
        block: 1_234,
        recorded_at: at("2024-12-11T23:18:06Z"),
        by: ActorView {
            organisation: OrganisationId(0),
            group: GroupId(0),
            affiliated: false,
            key: Account([0x5d; 32]),
        },
        action,
        text: Some("Logins and API calls fail from all vantages.".into()),
        redacted_at: None,
    }
}

/// An entry of each kind.
pub fn entries() -> Vec<EntryView> {
    let after = [
        ActionView::Attested {
            attestation: attestation(),
            moves_from: None,
        },
        ActionView::Withdrawn {
            moved_to: Some(IncidentId(8)),
        },
        ActionView::Closed,
        ActionView::Replied { reply: reply() },
        ActionView::Disputed {
            text_sha256: Some(Sha256([0x6e; 32])),
            arbiters: vec![GroupId(5)],
        },
        ActionView::Voted {
            sustain: true,
            text_sha256: None,
        },
        ActionView::Linked { to: IncidentId(6) },
        ActionView::Unlinked,
    ];
    let redacted = EntryView {
        text: None,
        redacted_at: Some(at("2025-01-02T10:00:00Z")),
        ..opening()
    };
    [opening(), redacted]
        .into_iter()
        .chain(after.map(entry))
        .collect()
}
