//! Maintenance.

use super::*;
use crate::{
    maintenance::all,
    shape::{Impact, Incident, Stage},
    stamp::Stamp,
};

/// As it is an hour after the start.
fn shown(maintenance: MaintenanceView) -> Incident {
    let sora = ServiceView {
        maintenance: vec![maintenance],
        ..service(3, "openai/sora", "Sora")
    };
    all(&board(&[sora], &[]), "https://status.example.org").remove(0)
}

#[test]
fn maintenance_is_scheduled_in_progress_or_completed_by_its_announcement() {
    for ((from, until), expected) in [
        ((61, 90), Stage::Scheduled),
        ((60, 90), Stage::InProgress),
        ((0, 61), Stage::InProgress),
        ((0, 60), Stage::Completed),
    ] {
        let shown = shown(maintenance(from, until, false));
        assert_eq!(shown.status, expected, "{from} {until}");
        assert_eq!(
            shown.incident_updates[0].status, expected,
            "the newest update comes first"
        );
        assert_eq!(shown.impact, Impact::Maintenance);
    }
}

#[test]
fn its_times_are_those_of_the_announcement() {
    let planned = shown(maintenance(600, 660, false));
    let window = planned.window.unwrap();
    assert_eq!(window.scheduled_for, Stamp::from(minutes(600)));
    assert_eq!(window.scheduled_until, Stamp::from(minutes(660)));
    assert_eq!(planned.created_at, Stamp::from(minutes(0)));
    assert_eq!(planned.resolved_at, None);
    let over = shown(maintenance(0, 60, false));
    assert_eq!(over.resolved_at, Some(Stamp::from(minutes(60))));
    assert_eq!(over.updated_at, Stamp::from(minutes(60)));
}

#[test]
fn what_was_announced_after_it_had_begun_says_so() {
    let late = shown(maintenance(30, 90, true));
    let told = &late.incident_updates.last().unwrap().body;
    assert!(told.ends_with("It was announced after it had begun."), "{told}");
    assert_eq!(late.incident_updates[0].created_at, late.created_at);
}

#[test]
fn no_two_maintenances_have_one_id_and_none_has_that_of_an_incident() {
    let mut sora = service(3, "openai/sora", "Sora");
    sora.maintenance = vec![
        maintenance(30, 90, false),
        MaintenanceView {
            entry: 4,
            ..maintenance(100, 190, false)
        },
    ];
    let shown = all(&board(&[sora], &[]), "");
    let ids: Vec<_> = shown.iter().map(|maintenance| maintenance.id.as_str()).collect();
    assert_eq!(ids, ["m3-4", "m3-3"], "the latest first");
}
