//! A log of each kind with every entry that there is, its heads, and the record that it makes.

use super::{full, Golden};
use crate::{
    attestation::{Attestation, Observation, TimeQuality},
    incident::{Action, Actor, Cause, Incident, Opening, Reply, ReplyStatus, Statement, FOLD_VERSION},
    organisation::{self, Admission, Organisation, Roles},
    quota::Quota,
    rules::Rules,
    service::{self, Registration, Service},
    tests::fixtures::{
        affiliate, closed, disputed, down, min, org, recovered, replied, text, up, voted, withdrawn, ID,
    },
    Account, Entry, GroupId, IncidentId, OrganisationId, Record, ServiceId, Sha256,
};

fn attestation(observation: Observation) -> Box<Attestation> {
    Box::new(Attestation {
        observation,
        text: Some(Sha256([0x7e; 32])),
    })
}

fn opening() -> Opening {
    Opening {
        fold: FOLD_VERSION,
        service: ServiceId(3),
        slug: text("openai/chatgpt"),
        name: text("ChatGPT"),
        rules: Rules::standard(),
    }
}

fn full_statement() -> Statement {
    Statement {
        status: ReplyStatus::Resolved,
        claimed_start: Some(min(1)),
        claimed_end: Some(min(2)),
        time_quality: TimeQuality::Estimate,
        cause: Cause::Process,
        document: Some(Sha256([6; 32])),
    }
}

pub fn organisations(golden: &mut Golden) {
    use organisation::Action as Act;
    let key = Account([8; 32]);
    let admission = Admission {
        name: text("Northwatch"),
        url: text("https://northwatch.example"),
        roles: Roles {
            reporter: true,
            provider: false,
            arbiter: true,
        },
        group: GroupId(5),
        admin: Account([7; 32]),
        quota: Quota {
            burst: 20,
            per_block: 1,
        },
    };
    let actions = [
        ("Admitted", Act::Admitted(admission)),
        ("Suspended", Act::Suspended),
        ("Reinstated", Act::Reinstated),
        (
            "RolesSet",
            Act::RolesSet(Roles {
                provider: true,
                ..Default::default()
            }),
        ),
        ("GroupSet", Act::GroupSet(GroupId(6))),
        (
            "QuotaSet",
            Act::QuotaSet(Quota {
                burst: 1,
                per_block: 2,
            }),
        ),
        ("AdminSet", Act::AdminSet(Account([9; 32]))),
        (
            "ReporterAdded",
            Act::ReporterAdded {
                key,
                label: text("probe-7"),
            },
        ),
        (
            "ReporterAdded again",
            Act::ReporterAdded {
                key: Account([10; 32]),
                label: text("probe-8"),
            },
        ),
        ("ReporterRevoked", Act::ReporterRevoked { key }),
    ];
    let mut log = Vec::new();
    for (number, (name, action)) in (0u32..).zip(actions) {
        let entry = Entry {
            block: 10 + number,
            at: min(u64::from(number)),
            action,
        };
        golden.value(&format!("organisation Entry {name}"), entry.clone());
        log.push(entry);
    }
    let record = Record::<Organisation>::replay(OrganisationId(1), &log)
        .unwrap()
        .unwrap();
    golden.value("ReporterKey", record.state.keys[0].clone());
    golden.value("organisation Record", record);
}

pub fn services(golden: &mut Golden) {
    let registration = Registration {
        slug: text("openai/chatgpt"),
        name: text("ChatGPT"),
        url: text("https://chatgpt.com"),
        parent: Some(ServiceId(0)),
        provider: Some(OrganisationId(4)),
        listed: true,
        by: Some(OrganisationId(1)),
    };
    use service::Action as Act;
    let actions = [
        ("Registered", Act::Registered(registration)),
        (
            "Described",
            Act::Described {
                name: text("GPT"),
                url: text(""),
            },
        ),
        ("ProviderSet", Act::ProviderSet(None)),
        ("ListedSet", Act::ListedSet(false)),
        (
            "MaintenanceAnnounced",
            Act::MaintenanceAnnounced {
                from: min(5),
                until: min(9),
                text: Some(Sha256([4; 32])),
            },
        ),
        ("Retired", Act::Retired),
    ];
    let mut log = Vec::new();
    for (number, (name, action)) in (0u32..).zip(actions) {
        let entry = Entry {
            block: 10 + number,
            at: min(u64::from(number)),
            action,
        };
        golden.value(&format!("service Entry {name}"), entry.clone());
        log.push(entry);
    }
    let record = Record::<Service>::replay(ServiceId(1), &log).unwrap().unwrap();
    golden.value("Maintenance", record.state.maintenance[0]);
    golden.value("service Record", record);
}

pub fn incidents(golden: &mut Golden) {
    let act = |by: Actor, observation: Observation| Action::Attested {
        by,
        attestation: attestation(observation),
        moves_from: Some(IncidentId(2)),
    };
    let actions = [
        (
            "Opened",
            Action::Opened {
                by: org(1),
                opening: opening(),
                attestation: attestation(full()),
            },
        ),
        ("Attested", act(org(2), down(min(0), min(10)))),
        (
            "Attested by affiliate",
            act(affiliate(3), recovered(min(0), min(5))),
        ),
        ("Attested Up", act(org(5), up(min(0), min(10)))),
        ("Attested third", act(org(4), recovered(min(1), min(11)))),
        ("Attested again", act(org(2), recovered(min(0), min(12)))),
        ("Attested fourth", act(org(6), recovered(min(0), min(12)))),
        (
            "Withdrawn",
            Action::Withdrawn {
                by: org(6),
                moved_to: Some(IncidentId(9)),
            },
        ),
        ("Replied", replied(affiliate(3), full_statement())),
        ("Disputed", disputed(affiliate(3), &[50, 51, 52])),
        ("Voted", voted(org(50), true)),
        ("Voted against", voted(org(51), false)),
        (
            "Linked",
            Action::Linked {
                by: org(50),
                to: IncidentId(1),
            },
        ),
        ("Unlinked", Action::Unlinked { by: org(50) }),
        (
            "Linked again",
            Action::Linked {
                by: org(50),
                to: IncidentId(2),
            },
        ),
    ];
    let digest = |n| Some(Sha256([n; 32]));
    let reply = Reply {
        statement: full_statement(),
        text: digest(0x51),
    };
    let apart = [
        ("Closed", closed(org(1))),
        (
            "Attested without a move",
            Action::Attested {
                by: org(1),
                attestation: attestation(full()),
                moves_from: None,
            },
        ),
        ("Withdrawn without a move", withdrawn(org(1))),
        (
            "Replied with a text",
            Action::Replied {
                by: affiliate(3),
                reply,
            },
        ),
        (
            "Disputed with grounds",
            Action::Disputed {
                by: org(1),
                text: digest(0x52),
                arbiters: vec![GroupId(50)].try_into().unwrap(),
            },
        ),
        (
            "Voted with reasons",
            Action::Voted {
                by: org(50),
                sustain: true,
                text: digest(0x53),
            },
        ),
    ];
    for (name, action) in apart {
        let entry = Entry {
            block: 9,
            at: min(9),
            action,
        };
        golden.value(&format!("incident Entry {name}"), entry);
    }
    golden.value("Reply", reply);
    let mut log = Vec::new();
    for (number, (name, action)) in (0u32..).zip(actions) {
        let entry = Entry {
            block: 20 + number,
            at: min(15 + u64::from(number)),
            action,
        };
        golden.value(&format!("incident Entry {name}"), entry.clone());
        log.push(entry);
    }
    for length in 1..=log.len() {
        let record = Record::<Incident>::replay(ID, &log[..length]).unwrap().unwrap();
        golden.bytes(&format!("incident head after {length}"), record.head.0.into());
    }
    let record = Record::<Incident>::replay(ID, &log).unwrap().unwrap();
    golden.value("incident Candidate", record.state.candidate());
    golden.value("incident Finding", record.state.finding.clone().unwrap());
    golden.value("incident Case", record.state.case.clone().unwrap());
    golden.value("incident Ledger", record.state.ledger.clone());
    golden.value("incident Tally", record.state.tally.clone());
    golden.value("incident Voice", record.state.tally.voices()[0].clone());
    golden.value("incident Record", record);
}
