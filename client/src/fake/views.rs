//! Records of which nothing matters but their numbers.

use faultline_primitives::{
    incident::{Dispute, Status, Verdict},
    rules::Rules,
    Account, GroupId, Hash, IncidentId, OrganisationId, ServiceId, UnixMillis,
};
use faultline_rpc::view::{ActionView, ActorView, EntryView, IncidentView, ServiceView, Utc};

pub(super) fn incident(id: u64) -> IncidentView {
    IncidentView {
        id: IncidentId(id),
        service: ServiceId(0),
        slug: "openai".into(),
        status: Status::Ongoing,
        verdict: Verdict::Unconfirmed,
        timeliness: None,
        kind: None,
        severity: None,
        scope: None,
        started_at: None,
        ended_at: None,
        first_reported_at: Utc(UnixMillis(0)),
        confirmed_at: None,
        affirming: 0,
        peak: 0,
        settles_at: None,
        settled: false,
        lapsed: false,
        dispute: Dispute::None,
        case: None,
        duplicate_of: None,
        reply: None,
        voices: Vec::new(),
        rules: Rules::standard(),
        entries: 1,
        head: Hash([0; 32]),
    }
}

pub(super) fn service(id: u64) -> ServiceView {
    ServiceView {
        id: ServiceId(u32::try_from(id).unwrap()),
        slug: format!("service-{id}"),
        name: String::new(),
        url: String::new(),
        parent: None,
        provider: None,
        listed: true,
        retired: false,
        maintenance: Vec::new(),
        changed_at: None,
        entries: 1,
        head: Hash([0; 32]),
        incidents: 0,
        incidents_head: None,
    }
}

pub(super) fn entry(number: u32) -> EntryView {
    EntryView {
        number,
        block: super::BEFORE,
        recorded_at: Utc(UnixMillis(0)),
        by: ActorView {
            organisation: OrganisationId(0),
            group: GroupId(0),
            affiliated: false,
            key: Account([0; 32]),
        },
        action: ActionView::Closed,
        text: None,
        redacted_at: None,
    }
}
