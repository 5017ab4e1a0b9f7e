//! Verifying from JSON to JSON: for programs in other languages, and for test vectors that they share.

use alloc::{collections::BTreeSet, string::String, vec::Vec};

use faultline_primitives::{
    consortium::Checkpoint, BlockNumber, Hash, IncidentId, OrganisationId, ServiceId, UnixMillis,
};
use serde::{Deserialize, Serialize};

use crate::{verify, verify::ProvenIncident, Anchor, Envelope, Proven};

/// What is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Trusted {
    /// The hash of the genesis block.
    Genesis(Hash),
    /// A checkpoint, written `NUMBER:HASH:SETID:SETHASH`.
    Checkpoint(#[serde(with = "checkpoint")] Checkpoint),
}

/// What verifying comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// All holds.
    Proven(Summary),
    /// Something does not.
    Fault(Named),
}

/// The first thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Named {
    /// The step that fails; `read` where the file is no bundle.
    pub step: String,
    /// What is wrong: see [`name`](crate::name).
    pub fault: String,
}

/// What is proven, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The block's number.
    pub block: BlockNumber,
    /// Its hash.
    pub hash: Hash,
    /// Its time.
    pub now: UnixMillis,
    /// The number of the set that made it final.
    pub set_id: u64,
    /// How often authorities changed since what is trusted.
    pub changes: usize,
    /// The service, where the bundle is of one.
    pub service: Option<Roll>,
    /// The incidents.
    pub incidents: Vec<Incident>,
    /// The services that the state is read of.
    pub services: BTreeSet<ServiceId>,
    /// The organisations that speak.
    pub organisations: BTreeSet<OrganisationId>,
}

/// A service's incidents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Roll {
    /// The service.
    pub id: ServiceId,
    /// The span's first point.
    pub from: UnixMillis,
    /// Its last.
    pub to: UnixMillis,
    /// How many incidents were ever opened on it.
    pub incidents: usize,
}

/// An incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Incident {
    /// Its number.
    pub id: IncidentId,
    /// How many entries it has.
    pub entries: u32,
    /// The head over them.
    pub head: Hash,
    /// How many of them have their text here.
    pub texts: usize,
    /// The entries whose texts were redacted.
    pub redacted: Vec<u32>,
    /// The verdict.
    pub verdict: String,
}

/// What the envelope proves to those who trust this.
pub fn outcome(envelope: &[u8], trusted: &Trusted) -> Outcome {
    let opened = Envelope::from_json(envelope).and_then(|envelope| envelope.open());
    let bundle = match opened {
        Ok(bundle) => bundle,
        Err(why) => {
            return Outcome::Fault(Named {
                step: "read".into(),
                fault: alloc::format!("read.{}", why.full_name()),
            })
        }
    };
    match verify(&bundle, trusted.anchor()) {
        Ok(proven) => Outcome::Proven(Summary::of(&proven)),
        Err(fault) => Outcome::Fault(Named {
            step: fault.step().name().into(),
            fault: fault.name(),
        }),
    }
}

impl Trusted {
    /// The same, as verifying takes it.
    pub fn anchor(self) -> Anchor {
        match self {
            Self::Genesis(hash) => Anchor::Genesis(hash),
            Self::Checkpoint(checkpoint) => Anchor::Checkpoint(checkpoint),
        }
    }
}

impl From<Anchor> for Trusted {
    fn from(anchor: Anchor) -> Self {
        match anchor {
            Anchor::Genesis(hash) => Self::Genesis(hash),
            Anchor::Checkpoint(checkpoint) => Self::Checkpoint(checkpoint),
        }
    }
}

mod checkpoint {
    use alloc::{format, string::String};

    use faultline_primitives::consortium::Checkpoint;
    use serde::{de::Error, Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(checkpoint: &Checkpoint, serializer: S) -> Result<S::Ok, S::Error> {
        let Checkpoint {
            number,
            hash,
            set_id,
            set,
        } = checkpoint;
        format!("{number}:{hash}:{set_id}:{set}").serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Checkpoint, D::Error> {
        let text = String::deserialize(deserializer)?;
        read(&text).ok_or_else(|| D::Error::custom("expected NUMBER:HASH:SETID:SETHASH"))
    }

    fn read(text: &str) -> Option<Checkpoint> {
        let mut parts = text.split(':');
        let checkpoint = Checkpoint {
            number: parts.next()?.parse().ok()?,
            hash: parts.next()?.parse().ok()?,
            set_id: parts.next()?.parse().ok()?,
            set: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(checkpoint)
    }
}

impl Summary {
    fn of(proven: &Proven) -> Self {
        Self {
            block: proven.block.number,
            hash: proven.block.hash,
            now: proven.now,
            set_id: proven.history.set().id,
            changes: proven.history.changes.len(),
            service: proven.roll.as_ref().map(|roll| Roll {
                id: roll.service,
                from: roll.span.from,
                to: roll.span.to,
                incidents: roll.roll.len(),
            }),
            incidents: proven.incidents.iter().map(Incident::of).collect(),
            services: proven.services.keys().copied().collect(),
            organisations: proven.organisations.keys().copied().collect(),
        }
    }
}

impl Incident {
    fn of(proven: &ProvenIncident) -> Self {
        Self {
            id: proven.log.id,
            entries: proven.record.entries,
            head: proven.record.head,
            texts: proven
                .log
                .entries
                .iter()
                .filter(|said| said.text.is_some())
                .count(),
            redacted: proven.redacted.keys().copied().collect(),
            verdict: proven.record.state.verdict.name().into(),
        }
    }
}
