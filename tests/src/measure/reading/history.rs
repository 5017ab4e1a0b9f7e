//! A history in memory, encoded as the chain's state holds it, and the chain that an index is filled from.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use codec::{Decode, Encode};
use faultline_index::{Chain, ChainError, Counts, ServiceEntry, Touched};
use faultline_primitives::{
    incident::Incident, log::What, service::Slug, BlockNumber, Hash, IncidentId, OrganisationId, Record,
    Roll, ServiceId, Text, UnixMillis,
};

use crate::dataset::Dataset;

/// A history as of its last block.
pub struct History {
    genesis: Hash,
    last: (BlockNumber, UnixMillis),
    // The records one after another, and where each ends.
    records: Vec<u8>,
    ends: Vec<usize>,
    services: Vec<ServiceEntry>,
    organisations: Vec<(OrganisationId, Text<64>)>,
    entries: u64,
}

impl History {
    /// All that there is to tell.
    pub fn told(data: &Dataset) -> Result<Self> {
        let last = data.shape().blocks;
        let mut rolls = BTreeMap::<ServiceId, Roll>::new();
        let (mut records, mut ends, mut entries) = (Vec::new(), Vec::new(), 0);
        for id in (0..data.shape().incidents).map(IncidentId) {
            let story = data.story(id)?;
            let (service, first) = (story.record.state.service, story.entries.first());
            let first = first.context("an incident has a first entry")?;
            let empty = || Roll::empty(What::IncidentsOnService, service);
            let roll = rolls.entry(service).or_insert_with(empty);
            *roll = roll.with(id, first.block, first.at);
            entries += u64::from(story.record.entries);
            story.record.encode_to(&mut records);
            ends.push(records.len());
        }
        let services = data.services().iter().map(|service| ServiceEntry {
            id: service.id,
            record: service.record.clone(),
            incidents: rolls.get(&service.id).copied(),
        });
        let members = data.organisations().iter();
        Ok(Self {
            genesis: data.genesis(),
            last: (last, data.time(last)),
            services: services.collect(),
            organisations: members
                .map(|member| (member.id, member.record.state.name.clone()))
                .collect(),
            records,
            ends,
            entries,
        })
    }

    /// The hash of the first block.
    pub fn genesis(&self) -> Hash {
        self.genesis
    }

    /// Incidents.
    pub fn len(&self) -> u64 {
        u64::try_from(self.ends.len()).unwrap_or(u64::MAX)
    }

    /// Entries of all of them.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// Bytes of their records.
    pub fn size(&self) -> u64 {
        u64::try_from(self.records.len()).unwrap_or(u64::MAX)
    }

    /// The services.
    pub fn services(&self) -> &[ServiceEntry] {
        &self.services
    }

    /// The slug of a service.
    pub fn slug(&self, id: ServiceId) -> Result<&Slug> {
        let service = self.services.get(id.0 as usize);
        Ok(&service.context("there is no such service")?.record.state.slug)
    }

    /// The record of an incident.
    pub fn record(&self, id: IncidentId) -> Result<Option<Record<Incident>>, codec::Error> {
        let Ok(place) = usize::try_from(id.0) else {
            return Ok(None);
        };
        let begin = place
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied();
        let bytes = self
            .ends
            .get(place)
            .and_then(|end| self.records.get(begin.unwrap_or(0)..*end));
        bytes.map(|mut bytes| Record::decode(&mut bytes)).transpose()
    }

    fn hash_of(&self, number: BlockNumber) -> Hash {
        faultline_primitives::log::blake2_256(&[&self.genesis.0, &number.to_be_bytes()])
    }
}

/// Nothing is final but the last block.
impl Chain for &History {
    fn finalized(&self) -> (BlockNumber, Hash) {
        (self.last.0, self.hash_of(self.last.0))
    }

    fn hash(&self, number: BlockNumber) -> Result<Option<Hash>, ChainError> {
        Ok(Some(self.hash_of(number)))
    }

    fn time(&self, _: Hash) -> Result<UnixMillis, ChainError> {
        Ok(self.last.1)
    }

    fn touched(&self, _: Hash) -> Result<Option<Touched>, ChainError> {
        Ok(None)
    }

    fn counts(&self, _: Hash) -> Result<Counts, ChainError> {
        let failed = |error: std::num::TryFromIntError| ChainError::Failed(error.to_string());
        Ok(Counts {
            incidents: self.len(),
            services: u32::try_from(self.services.len()).map_err(failed)?,
            organisations: u32::try_from(self.organisations.len()).map_err(failed)?,
        })
    }

    fn incidents(
        &self,
        _: Hash,
        ids: &[IncidentId],
    ) -> Result<Vec<(IncidentId, Record<Incident>)>, ChainError> {
        // Decoded each time, as what a runtime answers is.
        let record = |id: &IncidentId| {
            let record = self
                .record(*id)
                .map_err(|error| ChainError::Failed(error.to_string()));
            record.map(|record| Some((*id, record?))).transpose()
        };
        ids.iter().filter_map(record).collect()
    }

    fn services(&self, _: Hash, ids: &[ServiceId]) -> Result<Vec<ServiceEntry>, ChainError> {
        let service = |id: &ServiceId| self.services.get(id.0 as usize).cloned();
        Ok(ids.iter().filter_map(service).collect())
    }

    fn organisations(
        &self,
        _: Hash,
        ids: &[OrganisationId],
    ) -> Result<Vec<(OrganisationId, Text<64>)>, ChainError> {
        let member = |id: &OrganisationId| self.organisations.get(id.0 as usize).cloned();
        Ok(ids.iter().filter_map(member).collect())
    }
}
