//! What an incident is called, how far it is, and how bad.

use faultline_primitives::incident::{Dispute, Status, Verdict};
use faultline_rpc::view::IncidentView;

use super::*;
use crate::{
    shape::{Impact, Incident, IncidentExtra, Stage},
    stamp::Stamp,
};

const URL: &str = "https://status.example.org";

fn chatgpt() -> ServiceView {
    service(2, "openai/chatgpt", "ChatGPT")
}

fn told(story: &Story) -> Incident {
    story.told(&board(&[chatgpt()], &[]), URL)
}

/// With its opening alone in its log.
fn shown(incident: IncidentView) -> Incident {
    told(&story(incident, [opened(&chatgpt())]))
}

#[test]
fn an_unconfirmed_incident_is_listed_says_so_in_its_name_and_has_no_impact() {
    let shown = shown(incident(1, &chatgpt()));
    assert_eq!(shown.name, "Unconfirmed: Outage of ChatGPT");
    assert_eq!(shown.impact, Impact::None);
    assert_eq!(shown.status, Stage::Investigating);
}

#[test]
fn a_confirmed_incident_has_the_impact_of_its_severity() {
    let shown = shown(confirmed(1, &chatgpt()));
    assert_eq!(shown.name, "Outage of ChatGPT");
    assert_eq!(shown.impact, Impact::Critical);
}

#[test]
fn a_contested_incident_says_so_in_its_name_and_keeps_its_impact() {
    let shown = shown(IncidentView {
        verdict: Verdict::Contested,
        ..confirmed(1, &chatgpt())
    });
    assert_eq!(shown.name, "Contested: Outage of ChatGPT");
    assert_eq!(shown.impact, Impact::Critical);
}

#[test]
fn where_it_is_felt_stands_in_the_name_unless_it_is_everywhere_or_unknown() {
    for (scope, name) in [
        ("Global", "Outage of ChatGPT"),
        ("Unknown", "Outage of ChatGPT"),
        ("Country DE", "Outage of ChatGPT (Country DE)"),
        ("Subset", "Outage of ChatGPT (for a part of its users)"),
    ] {
        let shown = shown(IncidentView {
            scope: Some(ScopeView(scope.into())),
            ..confirmed(1, &chatgpt())
        });
        assert_eq!(shown.name, name);
    }
}

#[test]
fn a_dispute_and_a_link_stand_in_the_name_and_change_nothing_else() {
    for (dispute, name) in [
        (Dispute::Open, "Outage of ChatGPT [disputed]"),
        (Dispute::Unruled, "Outage of ChatGPT [disputed]"),
        (Dispute::Sustained, "Outage of ChatGPT [dispute sustained]"),
        (Dispute::Dismissed, "Outage of ChatGPT"),
    ] {
        let shown = shown(IncidentView {
            dispute,
            ..confirmed(1, &chatgpt())
        });
        assert_eq!((shown.name.as_str(), shown.impact), (name, Impact::Critical));
    }
    let linked = shown(IncidentView {
        duplicate_of: Some(IncidentId(7)),
        ..confirmed(1, &chatgpt())
    });
    assert_eq!(linked.name, "Outage of ChatGPT [duplicate of incident 7]");
}

#[test]
fn one_that_nobody_who_counts_affirms_is_a_report() {
    let shown = shown(IncidentView {
        kind: None,
        severity: None,
        scope: None,
        started_at: None,
        affirming: 0,
        ..incident(1, &chatgpt())
    });
    assert_eq!(shown.name, "Unconfirmed: Report on ChatGPT");
    assert_eq!(shown.started_at, Stamp::from(minutes(5)), "when it was opened");
}

#[test]
fn while_it_goes_on_it_is_as_far_as_the_provider_says_and_never_resolved() {
    for (status, expected) in [
        (ReplyStatus::Investigating, Stage::Investigating),
        (ReplyStatus::NotUs, Stage::Investigating),
        (ReplyStatus::Identified, Stage::Identified),
        (ReplyStatus::Monitoring, Stage::Monitoring),
        (ReplyStatus::Resolved, Stage::Monitoring),
    ] {
        let shown = shown(IncidentView {
            reply: Some(reply(status)),
            ..confirmed(1, &chatgpt())
        });
        assert_eq!((shown.status, shown.resolved_at), (expected, None), "{status}");
    }
}

#[test]
fn it_is_resolved_when_the_record_says_so_whatever_the_provider_says() {
    let shown = shown(IncidentView {
        reply: Some(reply(ReplyStatus::Investigating)),
        ..ended(confirmed(1, &chatgpt()))
    });
    assert_eq!(shown.status, Stage::Resolved);
    assert_eq!(
        shown.resolved_at,
        Some(Stamp::from(minutes(262))),
        "the median of the ends"
    );
}

#[test]
fn where_nobody_saw_its_end_it_is_resolved_when_that_was_recorded() {
    let unseen = IncidentView {
        status: Status::EndUnknown,
        ..confirmed(1, &chatgpt())
    };
    let actions = [
        opened(&chatgpt()),
        ActionView::Closed,
        replied(ReplyStatus::Resolved),
    ];
    let shown = told(&story(unseen, actions));
    assert_eq!(shown.status, Stage::Resolved);
    assert_eq!(shown.resolved_at, Some(Stamp::from(minutes(6))));
}

#[test]
fn one_that_lapsed_is_over_since_its_last_entry_and_says_why() {
    let shown = shown(IncidentView {
        lapsed: true,
        ..incident(1, &chatgpt())
    });
    assert_eq!(shown.name, "Unconfirmed, lapsed: Outage of ChatGPT");
    assert_eq!(shown.status, Stage::Resolved);
    assert_eq!(shown.resolved_at, Some(Stamp::from(minutes(5))));
    assert!(shown.incident_updates[0].body.contains("no end is recorded"));
}

#[test]
fn its_times_are_the_median_start_the_first_entry_and_the_last() {
    let actions = [
        opened(&chatgpt()),
        replied(ReplyStatus::Monitoring),
        attested(Claim::Down),
    ];
    let shown = told(&story(confirmed(1, &chatgpt()), actions));
    assert_eq!(shown.started_at, Stamp::from(minutes(1)));
    assert_eq!(shown.created_at, Stamp::from(minutes(5)));
    assert_eq!(shown.monitoring_at, Some(Stamp::from(minutes(6))));
    assert_eq!(shown.updated_at, Stamp::from(minutes(7)));
}

#[test]
fn what_statuspage_has_no_field_for_stands_in_a_field_of_its_own() {
    let shown = shown(confirmed(1, &chatgpt()));
    let IncidentExtra::Incident(record) = shown.faultline else {
        panic!("{:?}", shown.faultline);
    };
    assert_eq!(record.verdict, Verdict::Confirmed);
    assert_eq!((record.affirming, record.quorum), (3, 3));
    assert_eq!((record.entries, record.untold), (1, 0));
}

#[test]
fn an_incident_of_a_service_that_is_not_on_the_page_has_its_slug_and_no_component() {
    let elsewhere = service(8, "openai/old", "retired");
    let shown = shown(confirmed(1, &elsewhere));
    assert_eq!(shown.name, "Outage of openai/old");
    assert!(shown.components.is_empty());
}

#[test]
fn its_link_is_the_list_of_its_own_service() {
    assert_eq!(
        shown(incident(12, &chatgpt())).shortlink,
        "https://status.example.org/openai/chatgpt/api/v2/incidents.json#12"
    );
}
