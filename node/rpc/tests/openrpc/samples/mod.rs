//! Values of what is served: what the schemas are tried with, and what the page shows.

mod chain;
mod incident;
mod member;
mod proof;

use faultline_primitives::{
    attestation::{Claim, EvidenceKind, Kind, Method, Severity, TimeQuality},
    incident::{Cause, Dispute, ReplyStatus, Status, Timeliness, Verdict},
    organisation,
    rules::Rules,
    Hash, OrganisationId,
};
use faultline_rpc::{
    error::Failure,
    view::{
        At, BlockView, EntryChange, IncidentChange, Listing, Page, RelatedIncident, RelatedView, Relation,
        TimeKind, Utc,
    },
    Cursor, IncidentFilter, ServiceFilter, MAX_PAGE,
};
use serde::Serialize;
use serde_json::{json, to_value, Value};

fn at(text: &str) -> Utc {
    text.parse().unwrap()
}

fn block() -> BlockView {
    BlockView {
        number: 4_241,
        hash: Hash([0x0a; 32]),
    }
}

fn cursor() -> Cursor {
    Cursor("5b0c1f6e9a2d7c4102911000000700000000000000".into())
}

/// How a method is asked, and what it answers.
pub struct Example {
    /// Its name in the trait.
    pub method: &'static str,
    /// By position.
    pub params: Vec<Value>,
    /// The answer, or what a notification of a subscription brings: as text, for its fields are in order there.
    pub answer: String,
}

fn example(method: &'static str, params: &[Value], data: impl Serialize) -> Example {
    Example {
        method,
        params: params.to_vec(),
        answer: serde_json::to_string_pretty(&At { at: block(), data }).unwrap(),
    }
}

/// An example of each method.
pub fn examples() -> Vec<Example> {
    let next = Some(cursor());
    let of_service = json!({ "service": "openai/chatgpt", "verdict": ["Confirmed"] });
    vec![
        example("status", &[], chain::status()),
        example("rules", &[], Rules::standard()),
        example("incident", &[json!(7)], incident::incident()),
        example(
            "entries",
            &[json!(7), json!(0), json!(1)],
            Page {
                items: vec![incident::opening()],
                next: Some(1),
            },
        ),
        example(
            "incidents",
            &[of_service.clone(), Value::Null, json!(1)],
            Listing {
                items: vec![incident::incident()],
                next,
                index_lag: 0,
            },
        ),
        example("incidentsNow", std::slice::from_ref(&of_service), cursor()),
        example("related", &[json!(7)], related()),
        example("service", &[json!("openai/chatgpt")], member::detail()),
        example(
            "services",
            &[json!({ "under": "openai" })],
            Listing {
                items: vec![member::service()],
                next: None,
                index_lag: 0,
            },
        ),
        example("organisation", &[json!(0)], member::organisation()),
        example(
            "organisations",
            &[json!(0), json!(1)],
            Page {
                items: vec![member::organisation()],
                next: Some(1),
            },
        ),
        example("council", &[], chain::council()),
        example("validators", &[], chain::validators()),
        example(
            "acts",
            &[json!(4)],
            Page {
                items: vec![chain::enacted()],
                next: None,
            },
        ),
        example("proof", &[json!(7)], proof::incident()),
        example(
            "serviceProof",
            &[
                json!("openai/chatgpt"),
                json!("2024-12-01T00:00:00Z"),
                Value::Null,
                json!(4_000),
            ],
            proof::service(),
        ),
        example("warpProof", &[Value::Null, json!(4_241)], proof::warp()),
        example("subscribeIncidents", &[of_service, json!(cursor())], change()),
        example(
            "subscribeEntries",
            &[json!(7), json!(0)],
            EntryChange {
                entry: incident::opening(),
                behind: 3,
            },
        ),
    ]
}

fn related() -> RelatedView {
    RelatedView {
        items: vec![RelatedIncident {
            relations: vec![Relation::Sibling, Relation::SameProvider],
            incident: incident::incident(),
        }],
        index_lag: 0,
    }
}

fn change() -> IncidentChange {
    IncidentChange {
        incident: incident::incident(),
        cursor: cursor(),
        behind: 0,
    }
}

/// A filter that leaves nothing out.
pub fn incident_filter() -> IncidentFilter {
    IncidentFilter {
        service: Some("openai/chatgpt".into()),
        under: Some("openai".into()),
        organisation: Some(OrganisationId(0)),
        opener: Some(OrganisationId(1)),
        verdict: Verdict::ALL.into(),
        status: Status::ALL.into(),
        timeliness: Timeliness::ALL.into(),
        kind: Kind::ALL.into(),
        severity: Severity::ALL.into(),
        from: Some(at("2024-12-01T00:00:00Z")),
        until: Some(at("2025-01-01T00:00:00Z")),
    }
}

/// A filter that leaves nothing out.
pub fn service_filter() -> ServiceFilter {
    ServiceFilter {
        under: Some("openai".into()),
        provider: Some(OrganisationId(4)),
        listed: Some(true),
        retired: Some(false),
    }
}

/// A failure of each kind.
pub fn failures() -> Vec<Failure> {
    vec![
        Failure::NotFound {
            what: "incident".into(),
            which: "7".into(),
        },
        Failure::BadParameter {
            parameter: "limit".into(),
            why: format!("1000 where 1 to {MAX_PAGE} are given"),
        },
        Failure::Unavailable {
            why: "the state of that block was pruned".into(),
        },
        Failure::BadCursor {
            why: "it is none of this filter on this chain".into(),
        },
        Failure::IndexBuilding { done: 3, of: 8 },
        Failure::NoIndex,
        Failure::Busy,
        Failure::TooSlow {
            cursor: Some(cursor().0),
        },
        Failure::TooLarge {
            why: "it is more than a bundle holds: give a shorter span".into(),
        },
        Failure::NoHistory { block: 1 },
    ]
}

/// Values of the types that are served or taken, each with the name of its schema: of what comes in several shapes each of
/// them, and of what may be left out with and without.
pub fn values() -> Vec<(&'static str, Value)> {
    let mut values = Values::default();
    values.add("StatusView", [chain::status()]);
    values.add("StatusView", chain::without_index());
    values.add(
        "IncidentView",
        [
            incident::incident(),
            incident::disputed(),
            incident::unconfirmed(),
        ],
    );
    values.add("EntryView", incident::entries());
    values.add("ServiceView", [member::service(), member::untouched()]);
    values.add("ServiceDetail", [member::detail()]);
    values.add("OrganisationView", [member::organisation()]);
    values.add("CouncilView", [chain::council(), chain::idle_council()]);
    values.add("ValidatorsView", [chain::validators()]);
    values.add("ActView", chain::acts());
    values.add("ActEntryView", chain::entries());
    values.add("RelatedView", [related()]);
    values.add("IncidentChange", [change()]);
    values.add("Envelope", [proof::incident(), proof::service()]);
    values.add("WarpView", [proof::warp(), proof::more()]);
    values.add("IncidentFilter", [IncidentFilter::default(), incident_filter()]);
    values.add("ServiceFilter", [ServiceFilter::default(), service_filter()]);

    values.add("Claim", Claim::ALL);
    values.add("Kind", Kind::ALL);
    values.add("Severity", Severity::ALL);
    values.add("Method", Method::ALL);
    values.add("TimeQuality", TimeQuality::ALL);
    values.add("EvidenceKind", EvidenceKind::ALL);
    values.add("Status", Status::ALL);
    values.add("Verdict", Verdict::ALL);
    values.add("Timeliness", Timeliness::ALL);
    values.add("Dispute", Dispute::ALL);
    values.add("ReplyStatus", ReplyStatus::ALL);
    values.add("Cause", Cause::ALL);
    values.add("TimeKind", [TimeKind::Observed, TimeKind::Claimed]);
    values.add(
        "OrganisationStatus",
        [organisation::Status::Active, organisation::Status::Suspended],
    );
    values.add(
        "Relation",
        [
            Relation::SameService,
            Relation::Parent,
            Relation::Component,
            Relation::Sibling,
            Relation::SameProvider,
        ],
    );
    values.0
}

#[derive(Default)]
struct Values(Vec<(&'static str, Value)>);

impl Values {
    fn add<T: Serialize>(&mut self, schema: &'static str, of: impl IntoIterator<Item = T>) {
        let value = |one| (schema, to_value(one).unwrap());
        self.0.extend(of.into_iter().map(value));
    }
}
