//! The consortium's log with every act that there is, its heads, and the record that it makes.

use super::Golden;
use crate::{
    consortium::{Act, Action, Checkpoint, Consortium, Seats, Validators},
    organisation::Roles,
    quota::Quota,
    rules::Rules,
    tests::fixtures::{min, text},
    Account, Entry, GroupId, Hash, IncidentId, Millis, OrganisationId, Record, ServiceId,
};

fn acts() -> Vec<Act> {
    let organisation = OrganisationId(7);
    let roles = Roles {
        arbiter: true,
        ..Default::default()
    };
    let quota = Quota {
        burst: 20,
        per_block: 1,
    };
    vec![
        Act::Admit {
            name: text("Northwatch"),
            admin: Account([7; 32]),
        },
        Act::Suspend(organisation),
        Act::Reinstate(organisation),
        Act::SetRoles(organisation, roles),
        Act::SetGroup(organisation, GroupId(5)),
        Act::SetQuota(organisation, quota),
        Act::ResetAdmin(organisation, Account([8; 32])),
        Act::List(ServiceId(3), true),
        Act::AssignProvider(ServiceId(3), Some(organisation)),
        Act::Retire(ServiceId(3)),
        Act::SetRules(Rules::local()),
        Act::Redact(IncidentId(9), 2),
        Act::GiveSeat(organisation),
        Act::TakeSeat(organisation),
        Act::Pause(text("Incidents"), text("report")),
        Act::Unpause(text("Incidents"), text("report")),
        Act::AddValidator(organisation),
        Act::RemoveValidator(OrganisationId(1)),
        Act::AuthorizeUpgrade(Hash([10; 32])),
        Act::PublishCheckpoint,
    ]
}

pub fn consortium(golden: &mut Golden) {
    let organisations = || vec![OrganisationId(1), OrganisationId(2), OrganisationId(4)];
    let mut log = vec![Entry {
        block: 0,
        at: min(0),
        action: Action::Founded {
            seats: Seats::try_from(organisations()).unwrap(),
            validators: Validators::try_from(organisations()).unwrap(),
            floor: 2,
            upgrade_delay: Millis(60_000),
        },
    }];
    golden.value("consortium Entry Founded", log[0].clone());
    let mut seats = 3;
    for (number, act) in (1u32..).zip(acts()) {
        let name = format!("{act:?}");
        let name = name.split(['(', ' ']).next().unwrap();
        let after = match act {
            Act::GiveSeat(_) => seats + 1,
            Act::TakeSeat(_) => seats - 1,
            _ => seats,
        };
        let entry = Entry {
            block: 10 + number,
            at: min(u64::from(number)),
            action: Action::Enacted {
                act,
                ayes: seats,
                seats,
            },
        };
        golden.value(&format!("consortium Entry {name}"), entry.clone());
        log.push(entry);
        seats = after;
    }
    let cancelled = Entry {
        block: 29,
        at: min(29),
        action: Action::Enacted {
            act: Act::CancelUpgrade,
            ayes: 3,
            seats: 3,
        },
    };
    golden.value("consortium Entry CancelUpgrade", cancelled);
    let checkpoint = Checkpoint {
        number: 30,
        hash: Hash([11; 32]),
        set_id: 5,
        set: Hash([12; 32]),
    };
    for (name, action) in [
        ("Checkpointed", Action::Checkpointed(checkpoint)),
        (
            "Equivocated",
            Action::Equivocated {
                validator: OrganisationId(2),
                session: 3,
            },
        ),
        (
            "Upgraded",
            Action::Upgraded {
                code: Hash([10; 32]),
                spec_version: 2,
            },
        ),
    ] {
        let entry = Entry {
            block: 40,
            at: min(40),
            action,
        };
        golden.value(&format!("consortium Entry {name}"), entry.clone());
        log.push(entry);
        // What comes next makes the record without an upgrade.
        if name == "Equivocated" {
            let record = Record::<Consortium>::replay((), &log).unwrap().unwrap();
            golden.value("consortium Record with an upgrade that waits", record);
        }
    }
    let record = Record::<Consortium>::replay((), &log).unwrap().unwrap();
    golden.value("consortium Record", record);
}
