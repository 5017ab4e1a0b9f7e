//! The bytes that are stored and hashed. Whoever holds an old bundle must be able to read it for ever, so they never
//! change: a drift fails here, loudly.
//!
//! The bytes stand in `golden.txt`, a name and hexadecimal digits a line. A new type gets its line by running this
//! test with `GOLDEN=write`; the difference then shows in review what changed.

mod council;
mod subjects;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use codec::{Decode, Encode, MaxEncodedLen};

use super::fixtures::*;
use crate::{
    attestation::{
        Body, Claim, Evidence, EvidenceKind, Kind, Method, Observation, Scope, Severity, TimeQuality, Vantage,
    },
    consortium::{self, Consortium},
    incident::{
        Action, Candidate, Case, Cause, Dispute, Finding, Incident, Ledger, Reply, ReplyStatus, Status,
        Tally, Timeliness, Verdict, Voice,
    },
    log::What,
    organisation::{self, Organisation, ReporterKey},
    quota::{Quota, Spent},
    rules::Rules,
    service::{self, Maintenance, Service},
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
    let mut said = saw(Claim::Degraded, min(1), min(9)).within(Scope::Country(Country(*b"DE")));
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
        What::Consortium,
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
        Claim,
        Kind,
        Severity,
        Method,
        TimeQuality,
        EvidenceKind,
        Status,
        Verdict,
        Timeliness,
        Dispute,
        ReplyStatus,
        Cause
    );
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
    golden.bound::<Case>("incident Case");
    golden.bound::<Ledger>("incident Ledger");
    golden.bound::<Reply>("Reply");
    golden.bound::<Maintenance>("Maintenance");
    golden.bound::<Entry<organisation::Action>>("organisation Entry");
    golden.bound::<Record<Organisation>>("organisation Record");
    golden.bound::<ReporterKey>("ReporterKey");
    golden.bound::<Entry<service::Action>>("service Entry");
    golden.bound::<Record<Service>>("service Record");
    golden.bound::<Entry<consortium::Action>>("consortium Entry");
    golden.bound::<Record<Consortium>>("consortium Record");
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
    subjects::organisations(&mut golden);
    subjects::services(&mut golden);
    subjects::incidents(&mut golden);
    council::consortium(&mut golden);
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
    let names: BTreeSet<_> = now.keys().chain(kept.keys()).collect();
    let drifted: Vec<_> = names
        .into_iter()
        .filter(|name| now.get(*name) != kept.get(*name))
        .collect();
    assert!(
        drifted.is_empty(),
        "the bytes of {drifted:?} are not those of golden.txt: a chain that stored them could no longer be read"
    );
}
