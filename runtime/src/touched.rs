//! What a block's entries were appended to, by its own events: for whoever follows the chain and keeps its records in
//! another order.

use alloc::{collections::BTreeSet, vec::Vec};

use faultline_runtime_api::Touched;

use super::{Runtime, RuntimeEvent, System};

/// What the entries of the block at whose state this is asked were appended to.
pub fn touched() -> Touched {
    let (mut incidents, mut services, mut organisations) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for record in System::read_events_no_consensus() {
        match record.event {
            RuntimeEvent::Incidents(pallet_incidents::Event::<Runtime>::Recorded {
                incident,
                entry,
                service,
                ..
            }) => {
                incidents.insert(incident);
                // Opening an incident puts it on the service's roll.
                if entry == 0 {
                    services.insert(service);
                }
            }
            RuntimeEvent::Services(pallet_services::Event::<Runtime>::Recorded { service, .. }) => {
                services.insert(service);
            }
            RuntimeEvent::Members(pallet_members::Event::<Runtime>::Recorded { organisation, .. }) => {
                organisations.insert(organisation);
            }
            _ => {}
        }
    }
    Touched {
        incidents: Vec::from_iter(incidents),
        services: Vec::from_iter(services),
        organisations: Vec::from_iter(organisations),
    }
}
