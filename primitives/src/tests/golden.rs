//! The bytes that are stored and hashed. Whoever holds an old bundle must be able to read it for ever, so they never
//! change: a drift fails here, loudly.
//!
//! The bytes stand in `golden.txt`, a name and hexadecimal digits a line. A new type gets its line by running this
//! test with `GOLDEN=write`; the difference then shows in review what changed.

use std::{collections::BTreeMap, fmt::Write};

use codec::{Decode, Encode, MaxEncodedLen};

use super::fixtures::*;
use crate::{
    attestation::{Attestation, Body, Evidence, Observation, Scope, Vantage},
    incident::{
        Action, Actor, Candidate, Cause, Dispute, Finding, Incident, Opening, ReplyStatus, Statement, Tally,
        Voice,
    },
    log::What,
    organisation::{self, Admission, Organisation, ReporterKey, Roles},
    quota::{Quota, Spent},
    rules::Rules,
    service::{self, Registration, Service},
    Account, Country, Entry, GroupId, Hash, IncidentId, OrganisationId, Record, Roll, ServiceId, Sha256,
    UnixMillis,
};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/golden.txt");

/// Values by name, with the proof that each is read back as it was written.
struct Golden(BTreeMap<String, Vec<u8>>);

impl Golden {
    fn bytes(&mut self, name: &str, bytes: Vec<u8>) {
        assert!(
            self.0.insert(name.into(), bytes).is_none(),
            "two values are called {name}"
        );
    }

    fn value<T: Encode + Decode + PartialEq + core::fmt::Debug>(&mut self, name: &str, value: T) {
        let bytes = value.encode();
        let mut rest = bytes.as_slice();
        assert_eq!(
            T::decode(&mut rest).as_ref(),
            Ok(&value),
            "{name} is not read back as it was written"
        );
        assert!(rest.is_empty(), "{name} leaves bytes over");
        self.bytes(name, bytes);
    }

    fn bound<T: MaxEncodedLen>(&mut self, name: &str) {
        self.bytes(
            &format!("bound of {name}"),
            u64::try_from(T::max_encoded_len()).unwrap().to_be_bytes().into(),
        );
    }
}

/// An observation that leaves no field empty.
fn full() -> Observation {
    let mut said =
        saw(crate::attestation::Claim::Degraded, min(1), min(9)).within(Scope::Country(Country(*b"DE")));
    said.intervals = vec![span(min(2), min(3)), span(min(5), min(8))]
        .try_into()
        .unwrap();
    said.vantages = vec![
        vantage(DE),
        Vantage {
            failed: 3,
            ..vantage(US)
        },
    ]
    .try_into()
    .unwrap();
    said.evidence = vec![
        evidence(min(4)),
        Evidence {
            uri: None,
            ..evidence(min(6))
        },
    ]
    .try_into()
    .unwrap();
    said
}

fn attestation(observation: Observation) -> Box<Attestation> {
    Box::new(Attestation {
        observation,
        text: Some(Sha256([0x7e; 32])),
    })
}

fn opening() -> Opening {
    Opening {
        fold: crate::incident::FOLD_VERSION,
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
        time_quality: crate::attestation::TimeQuality::Estimate,
        cause: Cause::Process,
        document: Some(Sha256([6; 32])),
    }
}

fn units(golden: &mut Golden) {
    golden.value("OrganisationId", OrganisationId(1));
    golden.value("GroupId", GroupId(2));
    golden.value("ServiceId", ServiceId(3));
    golden.value("IncidentId", IncidentId(4));
    golden.value("UnixMillis", START);
    golden.value("Span", span(min(0), min(1)));
    golden.value("Hash", Hash([1; 32]));
    golden.value("Sha256", Sha256([2; 32]));
    golden.value("Account", Account([3; 32]));
    golden.value("Country", Country(*b"DE"));
    golden.value("Body", text::<512>("Logins fail. Zażółć."));
    golden.value("Rules standard", Rules::standard());
    golden.value("Rules local", Rules::local());
    golden.value("Rules dev", Rules::dev());
    golden.value(
        "Quota",
        Quota {
            burst: 20,
            per_block: 1,
        },
    );
    golden.value("Spent", Spent { actions: 5, block: 6 });
    golden.value("Roll empty", Roll::empty(What::Incidents, ()));
    golden.value(
        "Roll of three",
        (0..3).fold(Roll::empty(What::IncidentsOnService, ServiceId(3)), |roll, n| {
            roll.with(IncidentId(n), 10, min(n))
        }),
    );
    for what in [
        What::Organisation,
        What::Service,
        What::Incident,
        What::Organisations,
        What::Services,
        What::Incidents,
        What::IncidentsOnService,
    ] {
        golden.bytes(&format!("What {what:?}"), what.encode());
    }
}

fn observations(golden: &mut Golden) {
    golden.value(
        "Observation empty",
        Observation {
            evidence: vec![].try_into().unwrap(),
            vantages: vec![].try_into().unwrap(),
            ..down(min(0), min(1))
        },
    );
    golden.value("Observation full", full());
    for scope in [
        Scope::Global,
        Scope::Country(Country(*b"DE")),
        Scope::Asn(3320),
        Scope::Region(text("eu-central-1")),
        Scope::Subset,
        Scope::Unknown,
    ] {
        golden.value(&format!("Scope {scope:?}"), scope);
    }
    macro_rules! choices {
        ($($choice:ty),*) => {
            $(golden.bytes(stringify!($choice), <$choice>::ALL.encode());)*
        };
    }
    choices!(
        crate::attestation::Claim,
        crate::attestation::Kind,
        crate::attestation::Severity,
        crate::attestation::Method,
        crate::attestation::TimeQuality,
        crate::attestation::EvidenceKind,
        crate::incident::Status,
        crate::incident::Verdict,
        crate::incident::Timeliness,
        Dispute,
        ReplyStatus,
        Cause
    );
}

fn organisations(golden: &mut Golden) {
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
    golden.value("organisation Record", record);
}

fn services(golden: &mut Golden) {
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
    golden.value("service Record", record);
}

fn incidents(golden: &mut Golden) {
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
    golden.value(
        "incident Entry Closed",
        Entry {
            block: 9,
            at: min(9),
            action: closed(org(1)),
        },
    );
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
    golden.value("incident Record", record);
}

fn bounds(golden: &mut Golden) {
    golden.bound::<Observation>("Observation");
    golden.bound::<Body>("Body");
    golden.bound::<Entry<Action>>("incident Entry");
    golden.bound::<Record<Incident>>("incident Record");
    golden.bound::<Candidate>("incident Candidate");
    golden.bound::<Finding>("incident Finding");
    golden.bound::<Voice>("incident Voice");
    golden.bound::<Tally>("incident Tally");
    golden.bound::<Entry<organisation::Action>>("organisation Entry");
    golden.bound::<Record<Organisation>>("organisation Record");
    golden.bound::<ReporterKey>("ReporterKey");
    golden.bound::<Entry<service::Action>>("service Entry");
    golden.bound::<Record<Service>>("service Record");
    golden.bound::<Rules>("Rules");
    golden.bound::<Spent>("Spent");
    golden.bound::<Roll>("Roll");
    golden.bound::<UnixMillis>("UnixMillis");
}

#[test]
fn what_is_stored_and_hashed_never_changes() {
    let mut golden = Golden(BTreeMap::new());
    units(&mut golden);
    observations(&mut golden);
    organisations(&mut golden);
    services(&mut golden);
    incidents(&mut golden);
    bounds(&mut golden);

    let lines = golden.0.iter().map(|(name, bytes)| {
        let digits = bytes.iter().fold(String::new(), |mut digits, byte| {
            write!(digits, "{byte:02x}").unwrap();
            digits
        });
        (name.clone(), digits)
    });
    let now: BTreeMap<String, String> = lines.collect();
    if std::env::var("GOLDEN").is_ok_and(|what| what == "write") {
        let text: String = now
            .iter()
            .map(|(name, digits)| format!("{name} = {digits}\n"))
            .collect();
        std::fs::write(FILE, text).unwrap();
    }
    let kept = std::fs::read_to_string(FILE).unwrap();
    let kept: BTreeMap<String, String> = kept
        .lines()
        .map(|line| line.split_once(" = ").unwrap())
        .map(|(name, digits)| (name.into(), digits.into()))
        .collect();
    let names: std::collections::BTreeSet<_> = now.keys().chain(kept.keys()).collect();
    let drifted: Vec<_> = names
        .into_iter()
        .filter(|name| now.get(*name) != kept.get(*name))
        .collect();
    assert!(
        drifted.is_empty(),
        "the bytes of {drifted:?} are not those of golden.txt: a chain that stored them could no longer be read"
    );
}
