//! Organisations and services.

use faultline_primitives::{
    organisation::{Roles, Status},
    quota::Quota,
    Account, GroupId, Hash, OrganisationId, ServiceId,
};
use faultline_rpc::view::{KeyView, MaintenanceView, OrganisationView, ServiceDetail, ServiceView};

use super::{at, incident::incident};

pub fn organisation() -> OrganisationView {
    OrganisationView {
        id: OrganisationId(0),
        name: "Northwatch Monitoring".into(),
        url: "https://northwatch.example".into(),
        roles: Roles {
            reporter: true,
            provider: false,
            arbiter: false,
        },
        group: GroupId(0),
        status: Status::Active,
        quota: Quota {
            burst: 200,
            per_block: 5,
        },
        admin: Account([0x71; 32]),
        keys: vec![
            KeyView {
                key: Account([0x5d; 32]),
                label: "fra1".into(),
                added: None,
                revoked: Some(at("2025-03-01T08:00:00Z")),
            },
            KeyView {
                key: Account([0x72; 32]),
                label: "fra2".into(),
                added: Some(at("2025-03-01T08:00:06Z")),
                revoked: None,
            },
        ],
        entries: 3,
        head: Hash([0x73; 32]),
    }
}

pub fn service() -> ServiceView {
    ServiceView {
        id: ServiceId(2),
        slug: "openai/chatgpt".into(),
        name: "ChatGPT".into(),
        url: "https://chatgpt.com".into(),
        parent: Some("openai".into()),
        provider: Some(OrganisationId(4)),
        listed: true,
        retired: false,
        maintenance: vec![MaintenanceView {
            from: at("2025-04-01T02:00:00Z"),
            until: at("2025-04-01T04:00:00Z"),
            announced_at: at("2025-03-28T12:00:00Z"),
            late: false,
            entry: 1,
        }],
        changed_at: Some(at("2025-03-28T12:00:00Z")),
        entries: 2,
        head: Hash([0x74; 32]),
        incidents: 8,
        incidents_head: Some(Hash([0x75; 32])),
    }
}

/// One on which nothing was ever said.
pub fn untouched() -> ServiceView {
    ServiceView {
        parent: None,
        provider: None,
        changed_at: None,
        incidents: 0,
        incidents_head: None,
        ..service()
    }
}

pub fn detail() -> ServiceDetail {
    ServiceDetail {
        service: service(),
        latest: vec![incident()],
    }
}
