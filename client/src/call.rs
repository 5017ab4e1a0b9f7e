//! What a member may ask of the chain.

use codec::Encode;
use faultline_primitives::{
    attestation::{Body, Observation},
    service::Slug,
    Account, IncidentId, ServiceId, Text,
};

/// A call, with its arguments as the chain's types encode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub(crate) pallet: &'static str,
    pub(crate) name: &'static str,
    pub(crate) arguments: Vec<u8>,
}

impl Call {
    /// Any call: of a pallet and by a name as in the metadata, with its arguments in SCALE.
    pub fn new(pallet: &'static str, name: &'static str, arguments: &impl Encode) -> Self {
        Self {
            pallet,
            name,
            arguments: arguments.encode(),
        }
    }

    /// Says what was seen of a service; it joins the incident that it is of, or opens one. An empty text is none.
    pub fn report(service: ServiceId, observation: &Observation, text: &Body) -> Self {
        Self::new("Incidents", "report", &(service, observation, text))
    }

    /// Says what was seen of an incident. An empty text is none.
    pub fn attest(incident: IncidentId, observation: &Observation, text: &Body) -> Self {
        Self::new("Incidents", "attest", &(incident, observation, text))
    }

    /// Registers a service.
    pub fn register(slug: &Slug, name: &Text<64>, url: &Text<128>, parent: Option<ServiceId>) -> Self {
        Self::new("Services", "register", &(slug, name, url, parent))
    }

    /// The admin adds a reporter key.
    pub fn add_reporter(key: Account, label: &Text<32>) -> Self {
        Self::new("Members", "add_reporter", &(key, label))
    }

    /// The admin revokes a reporter key, for ever.
    pub fn revoke_reporter(key: Account) -> Self {
        Self::new("Members", "revoke_reporter", &key)
    }
}
