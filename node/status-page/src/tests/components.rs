//! How components stand, and the page.

use faultline_primitives::{
    attestation::Severity,
    incident::{Dispute, Status, Verdict},
    UnixMillis,
};
use faultline_rpc::view::{IncidentView, ServiceView};

use super::*;
use crate::{
    board::counts,
    shape::{Component, Condition, Impact},
    stamp::Stamp,
};

fn api() -> ServiceView {
    service(1, "openai/api", "API")
}

/// The API's component where this is all that goes on.
fn component(service: &ServiceView, incident: IncidentView) -> Component {
    let outages: Vec<_> = [incident].into_iter().filter(counts).collect();
    let board = board(std::slice::from_ref(service), &outages);
    board.components().remove(0)
}

fn condition(incident: IncidentView) -> Condition {
    component(&api(), incident).status
}

#[test]
fn an_unconfirmed_incident_leaves_its_component_operational() {
    assert_eq!(condition(incident(1, &api())), Condition::Operational);
}

#[test]
fn a_confirmed_or_contested_incident_makes_a_component_as_bad_as_it_is_severe() {
    for verdict in [Verdict::Confirmed, Verdict::Contested] {
        for (severity, expected) in [
            (Severity::Minor, Condition::DegradedPerformance),
            (Severity::Major, Condition::PartialOutage),
            (Severity::Critical, Condition::MajorOutage),
        ] {
            let incident = IncidentView {
                verdict,
                severity: Some(severity),
                ..confirmed(1, &api())
            };
            assert_eq!(condition(incident), expected, "{verdict} {severity}");
        }
    }
}

#[test]
fn what_is_over_by_the_record_leaves_its_component_operational() {
    for status in [Status::Recovered, Status::EndUnknown] {
        let over = IncidentView {
            status,
            ..confirmed(1, &api())
        };
        assert_eq!(condition(over), Condition::Operational, "{status}");
    }
    let lapsed = IncidentView {
        verdict: Verdict::Contested,
        lapsed: true,
        ..incident(1, &api())
    };
    assert_eq!(condition(lapsed), Condition::Operational);
}

#[test]
fn neither_the_providers_word_nor_a_ruling_makes_a_component_operational() {
    let denied = IncidentView {
        reply: Some(reply(ReplyStatus::Resolved)),
        dispute: Dispute::Sustained,
        ..confirmed(1, &api())
    };
    assert_eq!(condition(denied), Condition::MajorOutage);
}

#[test]
fn the_worst_of_several_incidents_is_what_a_component_shows() {
    let minor = IncidentView {
        severity: Some(Severity::Minor),
        ..confirmed(1, &api())
    };
    let board = board(&[api()], &[minor, confirmed(2, &api())]);
    assert_eq!(board.components()[0].status, Condition::MajorOutage);
}

#[test]
fn maintenance_in_progress_shows_unless_an_outage_is_confirmed() {
    let planned = ServiceView {
        maintenance: vec![maintenance(30, 90, false)],
        ..api()
    };
    assert_eq!(
        component(&planned, incident(1, &planned)).status,
        Condition::UnderMaintenance
    );
    assert_eq!(
        component(&planned, confirmed(1, &planned)).status,
        Condition::MajorOutage
    );
}

#[test]
fn an_outage_of_one_component_is_none_of_its_parent_or_siblings() {
    let services = [
        service(0, "openai", "OpenAI"),
        api(),
        service(2, "openai/chatgpt", "ChatGPT"),
    ];
    let board = board(&services, &[confirmed(1, &api())]);
    let shown: Vec<_> = board
        .components()
        .iter()
        .map(|component| component.status)
        .collect();
    assert_eq!(
        shown,
        [
            Condition::Operational,
            Condition::MajorOutage,
            Condition::Operational
        ]
    );
}

#[test]
fn the_page_stands_as_its_worst_component_even_if_that_was_left_out() {
    let services = [api()];
    let status = |outages: &[IncidentView]| board(&services, outages).status();
    assert_eq!(status(&[]).indicator, Impact::None);
    assert_eq!(status(&[]).description, "All Systems Operational");
    for (severity, indicator, description) in [
        (Severity::Minor, Impact::Minor, "Partially Degraded Service"),
        (Severity::Major, Impact::Major, "Partial System Outage"),
        (Severity::Critical, Impact::Critical, "Major Service Outage"),
    ] {
        let outage = IncidentView {
            severity: Some(severity),
            ..confirmed(1, &service(9, "openai/zzz", "left out"))
        };
        let status = status(&[outage]);
        assert_eq!((status.indicator, status.description), (indicator, description));
    }
}

#[test]
fn maintenance_alone_is_no_trouble_of_the_page_but_named() {
    let planned = ServiceView {
        maintenance: vec![maintenance(30, 90, false)],
        ..api()
    };
    let status = board(&[planned], &[]).status();
    assert_eq!(status.indicator, Impact::None);
    assert_eq!(status.description, "Service Under Maintenance");
}

#[test]
fn a_component_says_whether_the_council_lists_it_and_when_it_changed() {
    let unlisted = ServiceView {
        listed: false,
        changed_at: Some(minutes(3)),
        ..api()
    };
    let shown = component(&unlisted, confirmed(1, &unlisted));
    assert_eq!(shown.description, "openai/api (not listed by the council)");
    assert_eq!(shown.created_at, Stamp::from(minutes(3)));
    assert_eq!(
        shown.updated_at,
        Stamp::from(minutes(5)),
        "the voices of what goes on at it came later"
    );
    let listed = component(&api(), incident(1, &api()));
    assert_eq!(listed.description, "openai/api");
    assert_eq!(
        listed.created_at,
        Stamp(UnixMillis(0)),
        "the chain began with it, and the genesis block has no time"
    );
}

#[test]
fn the_page_is_called_as_the_service_of_its_slug_else_by_its_prefix() {
    assert_eq!(board(&[api()], &[]).name(), "openai");
    assert_eq!(
        board(&[service(0, "openai", "OpenAI"), api()], &[]).name(),
        "OpenAI"
    );
}
