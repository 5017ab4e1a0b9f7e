//! What a bundle claims, read from the state.

use codec::{DecodeAll, Encode};
use faultline_primitives::{
    attestation::Body,
    incident::{Action, Incident},
    Entry, IncidentId, Record, Roll, ServiceId, Span, UnixMillis,
};
use faultline_proof::{
    bundle::{IncidentLog, Opened, Said, ServiceLog},
    keys::{self, StorageKey},
};

use super::source::State;
use crate::{
    error::Failure,
    limits::READS,
    server::finalized::{not_found, unavailable},
};

/// Reads from the state of one block, no more than one bundle holds.
pub struct Reader<'a> {
    state: &'a dyn State,
    /// How many bytes there is room for.
    room: usize,
    /// How many values may still be read.
    reads: u32,
    /// What to ask for instead where it is too much.
    less: &'static str,
}

impl<'a> Reader<'a> {
    /// From this state, with room for so many bytes.
    pub fn new(state: &'a dyn State, room: usize, less: &'static str) -> Self {
        Self {
            state,
            room,
            reads: READS,
            less,
        }
    }

    /// That it is more than a bundle holds.
    pub fn too_large(&self) -> Failure {
        Failure::TooLarge {
            why: format!("it is more than a bundle holds: {}", self.less),
        }
    }

    fn read<T: DecodeAll>(&mut self, key: &StorageKey) -> Result<Option<T>, Failure> {
        self.reads = self.reads.checked_sub(1).ok_or_else(|| self.too_large())?;
        let value = self.state.value(key)?;
        let read = |value: Vec<u8>| T::decode_all(&mut value.as_slice());
        value
            .map(read)
            .transpose()
            .map_err(|_| unavailable("the chain keeps its record in a form that this node does not know"))
    }

    /// What must be there for what was read before.
    fn expect<T: DecodeAll>(&mut self, key: &StorageKey) -> Result<T, Failure> {
        self.read(key)?
            .ok_or_else(|| unavailable("the record at that block is not whole"))
    }

    fn take(&mut self, bytes: usize) -> Result<(), Failure> {
        self.room = self.room.checked_sub(bytes).ok_or_else(|| self.too_large())?;
        Ok(())
    }

    /// The block's time.
    pub fn now(&mut self) -> Result<UnixMillis, Failure> {
        self.expect(&keys::now())
    }

    fn entry(&mut self, id: IncidentId, number: u32) -> Result<Entry<Action>, Failure> {
        self.expect(&keys::incident_entry(id, number))
    }

    /// The whole log of an incident.
    pub fn incident(&mut self, id: IncidentId) -> Result<IncidentLog, Failure> {
        let record: Option<Record<Incident>> = self.read(&keys::incident(id))?;
        let record = record.ok_or_else(|| not_found("incident", id))?;
        let mut entries = Vec::new();
        for number in 0..record.entries {
            let entry = self.entry(id, number)?;
            let text: Option<Body> = match entry.action.text() {
                Some(_) => self.read(&keys::text(id, number))?,
                None => None,
            };
            let said = Said { entry, text };
            self.take(said.encoded_size())?;
            entries.push(said);
        }
        Ok(IncidentLog { id, entries })
    }

    /// All incidents of a service, and the logs of those opened in a span.
    pub fn service(&mut self, id: ServiceId, span: Span) -> Result<ServiceLog, Failure> {
        let kept: Option<Roll> = self.read(&keys::roll_of_service(id))?;
        let count = kept.map_or(0, |roll| roll.count);
        // Each takes two reads: nothing is read of a roll that is longer than those last.
        if count > u64::from(READS / 2) {
            return Err(Failure::TooLarge {
                why: format!(
                    "{count} incidents were opened on the service, which is more than a bundle holds: ask for each with \
                     `proof`"
                ),
            });
        }
        let mut roll = Vec::new();
        for place in 0..count {
            let incident: IncidentId = self.expect(&keys::on_service(id, place))?;
            let first = self.entry(incident, 0)?;
            let opened = Opened {
                id: incident,
                block: first.block,
                at: first.at,
            };
            self.take(opened.encoded_size())?;
            roll.push(opened);
        }
        let in_span = roll.iter().filter(|opened: &&Opened| opened.is_in(&span));
        let opened: Vec<_> = in_span.map(|opened| opened.id).collect();
        let incidents = opened.into_iter().map(|opened| self.incident(opened));
        Ok(ServiceLog {
            id,
            span,
            incidents: incidents.collect::<Result<_, _>>()?,
            roll,
        })
    }
}
