//! The state at the finalized block.

use std::collections::{btree_map::Entry, BTreeMap};

use faultline_primitives::{
    attestation::Body, consortium::Consortium, incident::Incident, organisation::Organisation, Hash,
    IncidentId, OrganisationId, Record, ServiceId, UnixMillis,
};
use faultline_runtime_api::{CouncilAnswer, FaultlineApi, ValidatorAnswer};
use sp_api::{ApiRef, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_core::H256;
use sp_runtime::{
    traits::{Block as BlockT, NumberFor},
    SaturatedConversion,
};

use super::asked::well_formed;
use crate::{
    error::Failure,
    view::{
        At, BlockView, EntryView, IncidentView, OrganisationView, SeatView, ServiceDetail, ServiceView, Utc,
        ValidatorView,
    },
    MAX_LATEST, MAX_PAGE,
};

/// The service that has a slug at a block.
pub fn service_id<B: BlockT>(
    api: &impl FaultlineApi<B>,
    block: B::Hash,
    slug: &str,
) -> Result<ServiceId, Failure> {
    let parsed = well_formed("slug", slug)?;
    let id = api.service_by_slug(block, parsed).map_err(unavailable)?;
    id.ok_or_else(|| not_found("service", format!("`{slug}`")))
}

/// The state at the finalized block: everything in one answer is read from one of these.
pub struct Finalized<'a, B: BlockT, A: ProvideRuntimeApi<B>> {
    pub api: ApiRef<'a, A::Api>,
    pub hash: B::Hash,
    number: NumberFor<B>,
}

pub fn unavailable(error: impl std::fmt::Display) -> Failure {
    Failure::Unavailable {
        why: error.to_string(),
    }
}

pub fn not_found(what: &str, which: impl std::fmt::Display) -> Failure {
    Failure::NotFound {
        what: what.into(),
        which: which.to_string(),
    }
}

impl<'a, B, C> Finalized<'a, B, C>
where
    B: BlockT<Hash = H256>,
    C: ProvideRuntimeApi<B> + HeaderBackend<B>,
    C::Api: FaultlineApi<B>,
{
    pub fn of(client: &'a C) -> Self {
        let info = client.info();
        Self {
            api: client.runtime_api(),
            hash: info.finalized_hash,
            number: info.finalized_number,
        }
    }

    pub fn answer<T>(&self, data: T) -> At<T> {
        At {
            at: BlockView {
                number: self.number(),
                hash: Hash(self.hash.0),
            },
            data,
        }
    }

    pub fn number(&self) -> u32 {
        self.number.saturated_into()
    }

    pub fn now(&self) -> Result<UnixMillis, Failure> {
        self.api.now(self.hash).map_err(unavailable)
    }

    fn slug(&self, id: ServiceId) -> Result<String, Failure> {
        let service = self.api.service(self.hash, id).map_err(unavailable)?;
        Ok(service
            .ok_or_else(|| not_found("service", id))?
            .record
            .state
            .slug
            .to_string())
    }

    pub fn incident(&self, id: IncidentId) -> Result<IncidentView, Failure> {
        let record = self.record(id)?;
        let slug = self.slug(record.state.service)?;
        self.view(id, record, slug, &mut BTreeMap::new(), self.now()?)
    }

    pub fn record(&self, id: IncidentId) -> Result<Record<Incident>, Failure> {
        let record = self.api.incident(self.hash, id).map_err(unavailable)?;
        record.ok_or_else(|| not_found("incident", id))
    }

    /// The view of a record. `names` are those of the organisations seen before: the others' are added.
    fn view(
        &self,
        id: IncidentId,
        record: Record<Incident>,
        slug: String,
        names: &mut BTreeMap<OrganisationId, String>,
        now: UnixMillis,
    ) -> Result<IncidentView, Failure> {
        for voice in record.state.tally.voices() {
            if let Entry::Vacant(unseen) = names.entry(voice.organisation) {
                unseen.insert(self.member(voice.organisation)?.name.to_string());
            }
        }
        Ok(IncidentView::new(id, record, slug, names, now))
    }

    /// Entries of an incident's log from a number on, at most `limit`, and how many there are.
    pub fn entries(&self, id: IncidentId, from: u32, limit: u32) -> Result<(Vec<EntryView>, u32), Failure> {
        let record = self.record(id)?;
        let entries = self
            .api
            .incident_entries(self.hash, id, from, limit)
            .map_err(unavailable)?;
        let view = |(number, (entry, text, redacted)): (u32, (_, Option<Body>, Option<UnixMillis>))| {
            let text = text.map(|text| text.to_string());
            EntryView::new(number, entry, text, redacted.map(Utc))
        };
        Ok(((from..).zip(entries).map(view).collect(), record.entries))
    }

    pub fn organisation(&self, id: OrganisationId) -> Result<OrganisationView, Failure> {
        let record = self.api.organisation(self.hash, id).map_err(unavailable)?;
        let record = record.ok_or_else(|| not_found("organisation", id))?;
        let mut log = Vec::new();
        while log.len() < record.entries as usize {
            let from = log.len().saturated_into();
            let part = self
                .api
                .organisation_entries(self.hash, id, from, MAX_PAGE)
                .map_err(unavailable)?;
            if part.is_empty() {
                return Err(unavailable(format!("the log of organisation {id} is not whole")));
            }
            log.extend(part);
        }
        Ok(OrganisationView::new(id, record, &log))
    }

    /// The consortium; none only on a chain without organisations.
    pub fn consortium(&self) -> Result<Option<Consortium>, Failure> {
        let answer = self.api.council(self.hash).map_err(unavailable)?;
        Ok(answer.map(|answer| answer.record.state))
    }

    pub fn council(&self) -> Result<CouncilAnswer, Failure> {
        let answer = self.api.council(self.hash).map_err(unavailable)?;
        answer.ok_or_else(|| unavailable("the chain has no council"))
    }

    fn member(&self, organisation: OrganisationId) -> Result<Organisation, Failure> {
        let record = self
            .api
            .organisation(self.hash, organisation)
            .map_err(unavailable)?;
        let record = record.ok_or_else(|| not_found("organisation", organisation))?;
        Ok(record.state)
    }

    pub fn seat(&self, organisation: OrganisationId) -> Result<SeatView, Failure> {
        let state = self.member(organisation)?;
        Ok(SeatView {
            organisation,
            name: state.name.to_string(),
            key: state.admin,
        })
    }

    pub fn validator(&self, answer: ValidatorAnswer) -> Result<ValidatorView, Failure> {
        Ok(ValidatorView {
            organisation: answer.organisation,
            name: self.member(answer.organisation)?.name.to_string(),
            approved: answer.approved,
            active: answer.active,
            queued: answer.queued,
            disabled: answer.disabled,
            accused: answer.accused,
            aura: answer.aura,
            grandpa: answer.grandpa,
        })
    }

    pub fn service(&self, slug: &str) -> Result<ServiceDetail, Failure> {
        let id = service_id(&*self.api, self.hash, slug)?;
        let answer = self.api.service(self.hash, id).map_err(unavailable)?;
        let answer = answer.ok_or_else(|| not_found("service", id))?;
        let parent = answer
            .record
            .state
            .parent
            .map(|parent| self.slug(parent))
            .transpose()?;
        let latest = self
            .api
            .latest_incidents(self.hash, id, MAX_LATEST)
            .map_err(unavailable)?;
        let (mut names, now) = (BTreeMap::new(), self.now()?);
        Ok(ServiceDetail {
            service: ServiceView::new(id, answer.record, parent, answer.incidents),
            latest: latest
                .into_iter()
                .map(|id| self.view(id, self.record(id)?, slug.into(), &mut names, now))
                .collect::<Result<_, _>>()?,
        })
    }
}
