//! What a bundle holds, and how it is written down: a byte for the version, then SCALE.

use alloc::{boxed::Box, collections::BTreeSet, vec::Vec};

use codec::{Decode, DecodeAll, Encode};
use faultline_primitives::{
    attestation::Body,
    incident::{Action, Opening},
    BlockNumber, Entry, IncidentId, OrganisationId, ServiceId, Span, UnixMillis,
};

use crate::{
    finality::{AuthoritySet, Finalized},
    header::Header,
    keys::{self, StorageKey},
};

/// The version of what is written here.
pub const VERSION: u8 = 1;
/// Most bytes of a bundle.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// All that it takes to check what a chain says of an incident or a service.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Bundle {
    /// What the history that is shown begins with.
    pub start: Start,
    /// Each block after which other authorities make blocks final, from the start on and in order, with the votes of the
    /// authorities before.
    pub changes: Vec<Finalized>,
    /// The block at which everything is proven, with the votes of the authorities that the changes lead to.
    pub block: Finalized,
    /// What is claimed.
    pub claim: Claim,
    /// The proof, under that block's state root, of [`Bundle::keys`]: trie nodes and values in ascending order of their
    /// bytes.
    pub nodes: Vec<Vec<u8>>,
}

/// What the history that is shown begins with.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Start {
    /// The genesis block.
    #[codec(index = 0)]
    Genesis(Box<Genesis>),
    /// A later set of authorities: for those who trust a checkpoint.
    #[codec(index = 1)]
    Set(AuthoritySet),
}

/// The genesis block, with the first authorities.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Genesis {
    /// Its header.
    pub header: Header,
    /// The proof, under its state root, of [`keys::authorities`].
    pub nodes: Vec<Vec<u8>>,
}

/// What a bundle is of.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Claim {
    /// One incident.
    #[codec(index = 0)]
    Incident(IncidentLog),
    /// A service, with all incidents that were opened on it in a span of recorded time.
    #[codec(index = 1)]
    Service(ServiceLog),
}

/// An incident's whole log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct IncidentLog {
    /// Its number.
    pub id: IncidentId,
    /// Its entries, in order.
    pub entries: Vec<Said>,
}

/// An entry with its text.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Said {
    /// The entry.
    pub entry: Entry<Action>,
    /// The text that it commits to; none where it commits to none, or where the council redacted it.
    pub text: Option<Body>,
}

/// All incidents of a service, and those opened in a span with their logs.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ServiceLog {
    /// The service's number.
    pub id: ServiceId,
    /// The span, in block time, both ends included.
    pub span: Span,
    /// All incidents that were ever opened on it, in order.
    pub roll: Vec<Opened>,
    /// Of those, the logs of the ones opened in the span, in order.
    pub incidents: Vec<IncidentLog>,
}

/// An incident's place on a roll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Opened {
    /// The incident.
    pub id: IncidentId,
    /// The block that it was opened in.
    pub block: BlockNumber,
    /// That block's time.
    pub at: UnixMillis,
}

/// Why bytes are no bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// They are more than [`MAX_BYTES`].
    TooLong,
    /// They are of a version that is not known here.
    Version(u8),
    /// They cannot be read, or something follows.
    Malformed,
    /// They are not written in the one way in which a bundle is.
    NotCanonical,
}

impl Bundle {
    /// The bytes of a bundle.
    pub fn to_bytes(&self) -> Vec<u8> {
        (VERSION, self).encode()
    }

    /// The bundle in these bytes.
    ///
    /// # Errors
    ///
    /// See [`Unreadable`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.len() > MAX_BYTES {
            return Err(Unreadable::TooLong);
        }
        match bytes.split_first() {
            None => Err(Unreadable::Malformed),
            Some((&VERSION, mut rest)) => {
                let bundle = Self::decode_all(&mut rest).map_err(|_| Unreadable::Malformed)?;
                match bundle.to_bytes() == bytes {
                    true => Ok(bundle),
                    false => Err(Unreadable::NotCanonical),
                }
            }
            Some((other, _)) => Err(Unreadable::Version(*other)),
        }
    }

    /// The keys that the storage proof answers: no more and no fewer, in ascending order.
    pub fn keys(&self) -> BTreeSet<StorageKey> {
        self.claim.keys()
    }
}

impl Opened {
    /// Whether it was opened in a span, both ends included.
    pub fn is_in(&self, span: &Span) -> bool {
        span.from <= self.at && self.at <= span.to
    }
}

impl Claim {
    /// The incidents, with their logs.
    pub fn incidents(&self) -> &[IncidentLog] {
        match self {
            Self::Incident(log) => core::slice::from_ref(log),
            Self::Service(service) => &service.incidents,
        }
    }

    /// The services that it says something of.
    pub fn services(&self) -> BTreeSet<ServiceId> {
        let of_incidents = self.incidents().iter().filter_map(IncidentLog::opening);
        let mut services: BTreeSet<_> = of_incidents.map(|opening| opening.service).collect();
        if let Self::Service(service) = self {
            services.insert(service.id);
        }
        services
    }

    /// The organisations that speak in it.
    pub fn organisations(&self) -> BTreeSet<OrganisationId> {
        let said = self.incidents().iter().flat_map(|log| &log.entries);
        said.map(|said| said.entry.action.by().organisation).collect()
    }

    /// The keys whose values prove it: the block's time; the records of the incidents, of their services and of the
    /// organisations that speak in them; of each text that is not there, that it was redacted; a service's roll.
    pub fn keys(&self) -> BTreeSet<StorageKey> {
        let incidents = self.incidents().iter().map(|log| keys::incident(log.id));
        let services = self.services().into_iter().map(keys::service);
        let organisations = self.organisations().into_iter().map(keys::organisation);
        let redactions = self.incidents().iter().flat_map(|log| {
            let redacted = log.redacted();
            redacted.map(|entry| keys::redaction(log.id, entry))
        });
        let roll = match self {
            Self::Incident(_) => None,
            Self::Service(service) => Some(keys::roll_of_service(service.id)),
        };
        core::iter::once(keys::now())
            .chain(incidents)
            .chain(services)
            .chain(organisations)
            .chain(redactions)
            .chain(roll)
            .collect()
    }
}

impl IncidentLog {
    /// What the incident was opened with; none where the first entry is no opening.
    pub fn opening(&self) -> Option<&Opening> {
        match &self.entries.first()?.entry.action {
            Action::Opened { opening, .. } => Some(opening),
            _ => None,
        }
    }

    /// The numbers of the entries that commit to a text which is not there.
    pub fn redacted(&self) -> impl Iterator<Item = u32> + '_ {
        let is_gone = |said: &Said| said.text.is_none() && said.entry.action.text().is_some();
        (0u32..)
            .zip(&self.entries)
            .filter(move |(_, said)| is_gone(said))
            .map(|(number, _)| number)
    }
}
