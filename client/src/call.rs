//! What a member may ask of the chain.

use codec::Encode;
use faultline_primitives::{
    attestation::{Body, Observation},
    incident::Statement,
    service::Slug,
    Account, IncidentId, ServiceId, Span, Text,
};

/// Most reports in one transaction.
pub const MAX_REPORTS: usize = 64;

/// Length of a validator's keys: two of 32 bytes.
pub const KEYS: usize = 64;
/// Length of the proof that their holder has them: two signatures of 64 bytes.
pub const PROOF: usize = 128;

/// One of several reports in a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct Report {
    /// The service.
    pub service: ServiceId,
    /// What was seen.
    pub observation: Observation,
    /// A few words; an empty text is none.
    pub text: Body,
}

/// A call, with its arguments as the chain's types encode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub(crate) pallet: &'static str,
    pub(crate) name: &'static str,
    pub(crate) arguments: Arguments,
}

/// The arguments of a call. How another call among them is encoded the runtime says that takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Arguments {
    /// In SCALE.
    Encoded(Vec<u8>),
    /// Another call.
    Call(Box<Call>),
    /// Those of a motion: how many ayes it wants, and what the council would call.
    Motion { ayes: u32, call: Box<Call> },
}

impl Call {
    /// Any call: of a pallet and by a name as in the metadata, with its arguments in SCALE.
    pub fn new(pallet: &'static str, name: &'static str, arguments: &impl Encode) -> Self {
        Self::encoded(pallet, name, arguments.encode())
    }

    /// Any call whose arguments are encoded already.
    pub(crate) fn encoded(pallet: &'static str, name: &'static str, arguments: Vec<u8>) -> Self {
        Self {
            pallet,
            name,
            arguments: Arguments::Encoded(arguments),
        }
    }

    /// Says what was seen of a service; it joins the incident that it is of, or opens one. An empty text is none.
    pub fn report(service: ServiceId, observation: &Observation, text: &Body) -> Self {
        Self::new("Incidents", "report", &(service, observation, text))
    }

    /// Makes several reports, [`MAX_REPORTS`] at most, each of which stands or falls alone.
    pub fn report_many(reports: &[Report]) -> Self {
        Self::new("Incidents", "report_many", &reports)
    }

    /// Says what was seen of an incident; what was said of the one that it moves from is withdrawn in the same step.
    /// An empty text is none.
    pub fn attest(
        incident: IncidentId,
        observation: &Observation,
        text: &Body,
        moves_from: Option<IncidentId>,
    ) -> Self {
        Self::new("Incidents", "attest", &(incident, observation, text, moves_from))
    }

    /// Takes back what the organisation stands by.
    pub fn withdraw(incident: IncidentId) -> Self {
        Self::new("Incidents", "withdraw", &incident)
    }

    /// Closes an incident whose end nobody saw.
    pub fn close(incident: IncidentId) -> Self {
        Self::new("Incidents", "close", &incident)
    }

    /// The provider says how it stands. An empty text is none.
    pub fn reply(incident: IncidentId, statement: &Statement, text: &Body) -> Self {
        Self::new("Incidents", "reply", &(incident, statement, text))
    }

    /// Disputes the record. An empty text is none.
    pub fn dispute(incident: IncidentId, text: &Body) -> Self {
        Self::new("Incidents", "dispute", &(incident, text))
    }

    /// Rules on the open dispute. An empty text is none.
    pub fn vote(incident: IncidentId, sustain: bool, text: &Body) -> Self {
        Self::new("Incidents", "vote", &(incident, sustain, text))
    }

    /// Holds an incident to be the same as another.
    pub fn link(incident: IncidentId, to: IncidentId) -> Self {
        Self::new("Incidents", "link", &(incident, to))
    }

    /// Takes such a link back.
    pub fn unlink(incident: IncidentId) -> Self {
        Self::new("Incidents", "unlink", &incident)
    }

    /// The provider describes its service.
    pub fn describe(service: ServiceId, name: &Text<64>, url: &Text<128>) -> Self {
        Self::new("Services", "describe", &(service, name, url))
    }

    /// The provider announces maintenance. An empty text is none.
    pub fn announce_maintenance(service: ServiceId, span: Span, text: &Body) -> Self {
        Self::new(
            "Services",
            "announce_maintenance",
            &(service, span.from, span.to, text),
        )
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

    /// The admin puts another admin key in its own place, and is revoked for ever.
    pub fn rotate_admin(admin: Account) -> Self {
        Self::new("Members", "rotate_admin", &admin)
    }

    /// The admin sets the keys of its organisation's validator: that by which it makes blocks and that by which it makes
    /// them final, in this order, with the proof that their holder means them for this admin key.
    pub fn set_keys(keys: [u8; KEYS], proof: &[u8; PROOF]) -> Self {
        Self::new("Session", "set_keys", &(keys, proof.to_vec()))
    }

    /// An admin puts the runtime of this code in place, which the council has authorized and which has waited.
    pub fn apply_upgrade(code: &[u8]) -> Self {
        Self::new("Consortium", "apply_upgrade", &code)
    }
}
