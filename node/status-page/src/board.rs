//! The components of a page, and how each stands.

use faultline_primitives::{
    attestation::Severity,
    incident::{Status as RecordStatus, Verdict},
    ServiceId, UnixMillis,
};
use faultline_rpc::view::{IncidentView, ServiceView};

use crate::{
    maintenance,
    shape::{Component, ComponentExtra, Condition, Impact, Status},
    stamp::Stamp,
};

/// The services of a page, and what is confirmed to go on at them.
pub struct Board {
    /// The slug prefix.
    pub prefix: String,
    /// The time of the newest finalized block.
    pub now: UnixMillis,
    /// The services that are not retired, in order of their slugs.
    pub services: Vec<ServiceView>,
    /// What goes on and [`counts`], of these services and of those that were left out.
    pub outages: Vec<IncidentView>,
}

/// Whether an incident says that its service is not well: it goes on, and enough groups affirmed it.
///
/// A contested one does: whoever depends on the service had better look, and its name says that others saw it well.
pub fn counts(incident: &IncidentView) -> bool {
    incident.status == RecordStatus::Ongoing && incident.verdict != Verdict::Unconfirmed && !incident.lapsed
}

/// How a component stands whose incident is this bad.
fn condition(severity: Severity) -> Condition {
    match severity {
        Severity::Minor => Condition::DegradedPerformance,
        Severity::Major => Condition::PartialOutage,
        Severity::Critical => Condition::MajorOutage,
    }
}

/// How bad an incident is.
pub fn impact(severity: Severity) -> Impact {
    match severity {
        Severity::Minor => Impact::Minor,
        Severity::Major => Impact::Major,
        Severity::Critical => Impact::Critical,
    }
}

/// The worst of what goes on; nobody's plan makes better what others see.
fn worst<'a>(outages: impl Iterator<Item = &'a IncidentView>, planned: bool) -> Condition {
    let planned = if planned {
        Condition::UnderMaintenance
    } else {
        Condition::Operational
    };
    // Whatever is confirmed or contested has a severity.
    outages
        .map(|outage| condition(outage.severity.unwrap_or(Severity::Minor)))
        .fold(planned, Condition::max)
}

impl Board {
    fn outages_of(&self, service: ServiceId) -> impl Iterator<Item = &IncidentView> {
        self.outages
            .iter()
            .filter(move |outage| outage.service == service)
    }

    fn component(&self, position: usize, service: &ServiceView) -> Component {
        let heard = self
            .outages_of(service.id)
            .flat_map(|outage| &outage.voices)
            .map(|voice| voice.recorded_at);
        let changed = service.changed_at.map_or(Stamp(UnixMillis(0)), Stamp::from);
        Component {
            id: service.id.to_string(),
            name: service.name.clone(),
            status: worst(
                self.outages_of(service.id),
                maintenance::is_active(service, self.now),
            ),
            created_at: changed,
            updated_at: heard.map(Stamp::from).fold(changed, Stamp::max),
            position,
            description: if service.listed {
                service.slug.clone()
            } else {
                format!("{} (not listed by the council)", service.slug)
            },
            showcase: true,
            start_date: None,
            group_id: None,
            page_id: self.prefix.clone(),
            group: false,
            only_show_if_degraded: false,
            faultline: ComponentExtra {
                slug: service.slug.clone(),
                parent: service.parent.clone(),
                provider: service.provider,
                listed: service.listed,
                incidents: service.incidents,
            },
        }
    }

    /// The components, in order of their slugs.
    pub fn components(&self) -> Vec<Component> {
        (1..)
            .zip(&self.services)
            .map(|(position, service)| self.component(position, service))
            .collect()
    }

    /// The component that an incident is of; none of a service that is retired or was left out.
    pub fn component_of(&self, service: ServiceId) -> Vec<Component> {
        (1..)
            .zip(&self.services)
            .find(|(_, each)| each.id == service)
            .map(|(position, service)| self.component(position, service))
            .into_iter()
            .collect()
    }

    /// What people call a service of the page; its slug where it is not on it.
    pub fn name_of<'a>(&'a self, incident: &'a IncidentView) -> &'a str {
        let service = self.services.iter().find(|each| each.id == incident.service);
        service.map_or(&incident.slug, |service| &service.name)
    }

    /// What the page is called: as the service whose slug is the prefix, else the prefix.
    pub fn name(&self) -> &str {
        let own = self.services.iter().find(|each| each.slug == self.prefix);
        own.map_or(&self.prefix, |service| &service.name)
    }

    /// How the page stands: as the worst of its components, in Statuspage's words.
    pub fn status(&self) -> Status {
        let planned = |service: &ServiceView| maintenance::is_active(service, self.now);
        let (indicator, description) = match worst(self.outages.iter(), self.services.iter().any(planned)) {
            Condition::Operational => (Impact::None, "All Systems Operational"),
            Condition::UnderMaintenance => (Impact::None, "Service Under Maintenance"),
            Condition::DegradedPerformance => (Impact::Minor, "Partially Degraded Service"),
            Condition::PartialOutage => (Impact::Major, "Partial System Outage"),
            Condition::MajorOutage => (Impact::Critical, "Major Service Outage"),
        };
        Status {
            indicator,
            description,
        }
    }
}
