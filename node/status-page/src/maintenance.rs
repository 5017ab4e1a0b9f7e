//! Maintenance that a provider announced.

use std::cmp::Reverse;

use faultline_primitives::UnixMillis;
use faultline_rpc::view::{MaintenanceView, ServiceView};

use crate::{
    board::Board,
    shape::{Impact, Incident, IncidentExtra, MaintenanceExtra, Speaker, Stage, Update, UpdateExtra, Window},
    stamp::Stamp,
};

/// How far a maintenance is by its announcement: what was done nobody says.
fn stage(maintenance: &MaintenanceView, now: UnixMillis) -> Stage {
    if now < maintenance.from.0 {
        Stage::Scheduled
    } else if now < maintenance.until.0 {
        Stage::InProgress
    } else {
        Stage::Completed
    }
}

/// Whether a service is under maintenance.
pub fn is_active(service: &ServiceView, now: UnixMillis) -> bool {
    let mut announced = service.maintenance.iter();
    announced.any(|maintenance| stage(maintenance, now) == Stage::InProgress)
}

/// All maintenance of a page's services, the latest first.
pub fn all(board: &Board, url: &str) -> Vec<Incident> {
    let of_one = |service| announced_of(board, url, service);
    let mut all: Vec<Incident> = board.services.iter().flat_map(of_one).collect();
    all.sort_by_key(|maintenance| Reverse(maintenance.started_at));
    all
}

fn announced_of<'a>(
    board: &'a Board,
    url: &'a str,
    service: &'a ServiceView,
) -> impl Iterator<Item = Incident> + 'a {
    let each = move |maintenance| announced(board, url, service, maintenance);
    service.maintenance.iter().map(each)
}

fn announced(board: &Board, url: &str, service: &ServiceView, maintenance: &MaintenanceView) -> Incident {
    let id = format!("m{}-{}", service.id, maintenance.entry);
    let status = stage(maintenance, board.now);
    let (from, until) = (Stamp::from(maintenance.from), Stamp::from(maintenance.until));
    let update = |status: Stage, at: Stamp, body: String| Update {
        id: format!("{id}-{}", status.name().to_lowercase().replace(' ', "-")),
        status,
        body,
        incident_id: id.clone(),
        created_at: at,
        updated_at: at,
        display_at: at,
        affected_components: None,
        deliver_notifications: false,
        custom_tweet: None,
        tweet_id: None,
        faultline: UpdateExtra {
            by: Speaker::Provider,
            organisation: service.provider,
            entry: Some(maintenance.entry),
            block: None,
        },
    };

    let late = if maintenance.late {
        " It was announced after it had begun."
    } else {
        ""
    };
    let mut updates = vec![update(
        Stage::Scheduled,
        maintenance.announced_at.into(),
        format!("The provider announces maintenance from {from} to {until}.{late}"),
    )];
    if status != Stage::Scheduled {
        // Announced late, it began before it was announced: the updates are in order of what was told.
        let begun = from.max(maintenance.announced_at.into());
        let body = "By its announcement, the maintenance has begun.".into();
        updates.push(update(Stage::InProgress, begun, body));
    }
    if status == Stage::Completed {
        let body = "By its announcement, the maintenance is over.".into();
        updates.push(update(Stage::Completed, until, body));
    }
    updates.reverse();

    Incident {
        name: format!("Maintenance of {}", service.name),
        status,
        created_at: maintenance.announced_at.into(),
        updated_at: updates
            .first()
            .map_or(maintenance.announced_at.into(), |latest| latest.created_at),
        monitoring_at: None,
        resolved_at: (status == Stage::Completed).then_some(until),
        impact: Impact::Maintenance,
        shortlink: format!("{url}/{}/api/v2/scheduled-maintenances.json#{id}", service.slug),
        started_at: from,
        page_id: board.prefix.clone(),
        incident_updates: updates,
        components: board.component_of(service.id),
        window: Some(Window {
            scheduled_for: from,
            scheduled_until: until,
        }),
        faultline: IncidentExtra::Maintenance(MaintenanceExtra {
            slug: service.slug.clone(),
            entry: maintenance.entry,
            late: maintenance.late,
        }),
        id,
    }
}
