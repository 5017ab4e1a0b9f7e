//! The chain, its council and who keeps it.

use faultline_primitives::{
    organisation::Roles, quota::Quota, rules::Rules, Account, GroupId, Hash, IncidentId, OrganisationId,
    ServiceId,
};
use faultline_rpc::view::{
    AccusationView, ActEntryView, ActView, BuildingView, CheckpointView, ConsortiumActionView, CouncilView,
    IndexView, MotionView, SeatView, StatusView, UpgradeView, ValidatorView, ValidatorsView,
};

use super::{at, block};

pub fn status() -> StatusView {
    StatusView {
        genesis: Hash([0x81; 32]),
        spec_version: 100,
        finalized_at: at("2024-12-12T03:41:00Z"),
        best: 4_243,
        validators: vec![Hash([0x82; 32])],
        approved: 1,
        organisations: 6,
        services: 3,
        incidents: 8,
        index: Some(IndexView {
            at: Some(block()),
            lag: 0,
            building: None,
        }),
    }
}

/// How it stands while a node builds its index for the first time, and on one that keeps none.
pub fn without_index() -> [StatusView; 2] {
    let building = IndexView {
        at: None,
        lag: 4_241,
        building: Some(BuildingView { done: 3, of: 8 }),
    };
    [Some(building), None].map(|index| StatusView { index, ..status() })
}

fn checkpoint() -> CheckpointView {
    CheckpointView {
        block_number: 4_000,
        hash: Hash([0x83; 32]),
        set_id: 2,
        set: Hash([0x84; 32]),
    }
}

pub fn council() -> CouncilView {
    CouncilView {
        seats: vec![SeatView {
            organisation: OrganisationId(0),
            name: "Northwatch Monitoring".into(),
            key: Account([0x71; 32]),
        }],
        motions: vec![MotionView {
            number: 3,
            hash: Hash([0x85; 32]),
            act: Some(ActView::AddValidator {
                organisation: OrganisationId(2),
            }),
            threshold: 2,
            ayes: vec![OrganisationId(0)],
            nays: vec![],
            open_until: 104_241,
            length: 12,
            weight: (250_000_000, 4_096),
        }],
        paused: vec!["Incidents.report".into()],
        floor: 1,
        accused: vec![AccusationView {
            validator: OrganisationId(3),
            session: 17,
        }],
        upgrade: Some(UpgradeView {
            code: Hash([0x86; 32]),
            due: at("2024-12-19T03:41:00Z"),
        }),
        checkpoint: Some(checkpoint()),
        entries: 5,
        head: Hash([0x87; 32]),
    }
}

/// A council that has done nothing yet, but for a motion of which nobody knows what it would do.
pub fn idle_council() -> CouncilView {
    let mut council = council();
    for motion in &mut council.motions {
        motion.act = None;
    }
    CouncilView {
        upgrade: None,
        checkpoint: None,
        ..council
    }
}

pub fn validators() -> ValidatorsView {
    ValidatorsView {
        session: 42,
        session_length: 100,
        next_session: 4_300,
        floor: 1,
        validators: vec![
            ValidatorView {
                organisation: OrganisationId(0),
                name: "Northwatch Monitoring".into(),
                approved: true,
                active: true,
                queued: true,
                disabled: false,
                accused: false,
                aura: Some(Account([0x88; 32])),
                grandpa: Some(Account([0x82; 32])),
            },
            ValidatorView {
                organisation: OrganisationId(2),
                name: "Commons Observatory".into(),
                approved: false,
                active: false,
                queued: false,
                disabled: false,
                accused: false,
                aura: None,
                grandpa: None,
            },
        ],
    }
}

/// An act of each kind.
pub fn acts() -> Vec<ActView> {
    let organisation = OrganisationId(2);
    let service = ServiceId(2);
    vec![
        ActView::Admit {
            name: "Commons Observatory".into(),
            admin: Account([0x89; 32]),
        },
        ActView::Suspend { organisation },
        ActView::Reinstate { organisation },
        ActView::SetRoles {
            organisation,
            roles: Roles::default(),
        },
        ActView::SetGroup {
            organisation,
            group: GroupId(1),
        },
        ActView::SetQuota {
            organisation,
            quota: Quota {
                burst: 200,
                per_block: 5,
            },
        },
        ActView::ResetAdmin {
            organisation,
            admin: Account([0x8a; 32]),
        },
        ActView::List {
            service,
            listed: true,
        },
        ActView::AssignProvider {
            service,
            provider: None,
        },
        ActView::Retire { service },
        ActView::SetRules {
            rules: Rules::standard(),
        },
        ActView::Redact {
            incident: IncidentId(7),
            entry: 1,
        },
        ActView::GiveSeat { organisation },
        ActView::TakeSeat { organisation },
        ActView::Pause {
            call: "Incidents.report".into(),
        },
        ActView::Unpause {
            call: "Incidents.report".into(),
        },
        ActView::AddValidator { organisation },
        ActView::RemoveValidator { organisation },
        ActView::AuthorizeUpgrade {
            code: Hash([0x86; 32]),
        },
        ActView::CancelUpgrade,
        ActView::PublishCheckpoint,
    ]
}

fn entry(action: ConsortiumActionView) -> ActEntryView {
    ActEntryView {
        number: 4,
        block: 4_001,
        recorded_at: Some(at("2024-12-12T03:15:06Z")),
        action,
    }
}

/// The entry with which a log begins.
fn founding() -> ActEntryView {
    ActEntryView {
        number: 0,
        block: 0,
        recorded_at: None,
        action: ConsortiumActionView::Founded {
            organisations: vec![OrganisationId(0), OrganisationId(1), OrganisationId(5)],
            validators: vec![OrganisationId(0)],
            floor: 1,
            upgrade_delay: 604_800_000,
        },
    }
}

/// The entry of an act.
pub fn enacted() -> ActEntryView {
    entry(ConsortiumActionView::Enacted {
        act: ActView::AddValidator {
            organisation: OrganisationId(2),
        },
        ayes: 2,
        seats: 3,
    })
}

/// An entry of each kind, and of each act.
pub fn entries() -> Vec<ActEntryView> {
    let enacted = acts().into_iter().map(|act| ConsortiumActionView::Enacted {
        act,
        ayes: 2,
        seats: 3,
    });
    let others = [
        ConsortiumActionView::Equivocated {
            validator: OrganisationId(3),
            session: 17,
        },
        ConsortiumActionView::Upgraded {
            code: Hash([0x86; 32]),
            spec_version: 101,
        },
        ConsortiumActionView::Checkpointed(checkpoint()),
    ];
    std::iter::once(founding())
        .chain(enacted.chain(others).map(entry))
        .collect()
}
