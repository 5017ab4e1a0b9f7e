//! What a node answers: the runtime's word at the finalized block, put in the shape of a view.

use std::{
    collections::{btree_map::Entry, BTreeMap},
    marker::PhantomData,
    sync::Arc,
};

use faultline_primitives::{
    incident::Incident, service::Slug, Hash, IncidentId, OrganisationId, Record, ServiceId, UnixMillis,
};
use faultline_runtime_api::{CouncilAnswer, FaultlineApi, Motion};
use jsonrpsee::core::RpcResult;
use sp_api::{ApiRef, Core, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_consensus_grandpa::GrandpaApi;
use sp_core::H256;
use sp_runtime::{
    traits::{Block as BlockT, NumberFor},
    SaturatedConversion,
};

use crate::{
    error::Failure,
    view::{
        ActEntryView, At, BlockView, CouncilView, EntryView, IncidentView, MotionView, OrganisationView,
        Page, RulesView, SeatView, ServiceView, StatusView, Utc,
    },
    FaultlineRpcServer, MAX_LATEST, MAX_PAGE,
};

/// Answers from a client of the chain.
pub struct Faultline<B, C> {
    client: Arc<C>,
    _block: PhantomData<fn() -> B>,
}

impl<B, C> Faultline<B, C> {
    /// Answers from this client.
    pub fn new(client: Arc<C>) -> Self {
        Self {
            client,
            _block: PhantomData,
        }
    }
}

/// The state at the finalized block: everything in one answer is read from one of these.
struct Finalized<'a, B: BlockT, A: ProvideRuntimeApi<B>> {
    api: ApiRef<'a, A::Api>,
    hash: B::Hash,
    number: NumberFor<B>,
}

fn unavailable(error: impl std::fmt::Display) -> Failure {
    Failure::Unavailable {
        why: error.to_string(),
    }
}

fn not_found(what: &str, which: impl std::fmt::Display) -> Failure {
    Failure::NotFound {
        what: what.into(),
        which: which.to_string(),
    }
}

/// How many items to give, of those asked for.
fn limited(limit: Option<u32>) -> Result<u32, Failure> {
    match limit.unwrap_or(MAX_PAGE) {
        limit @ 1..=MAX_PAGE => Ok(limit),
        other => Err(Failure::BadParameter {
            parameter: "limit".into(),
            why: format!("{other} where 1 to {MAX_PAGE} are given"),
        }),
    }
}

impl<'a, B, C> Finalized<'a, B, C>
where
    B: BlockT<Hash = H256>,
    C: ProvideRuntimeApi<B> + HeaderBackend<B>,
    C::Api: FaultlineApi<B>,
{
    fn of(client: &'a C) -> Self {
        let info = client.info();
        Self {
            api: client.runtime_api(),
            hash: info.finalized_hash,
            number: info.finalized_number,
        }
    }

    fn answer<T>(&self, data: T) -> At<T> {
        let number = self.number.saturated_into();
        At {
            at: BlockView {
                number,
                hash: Hash(self.hash.0),
            },
            data,
        }
    }

    fn now(&self) -> Result<UnixMillis, Failure> {
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

    fn incident(&self, id: IncidentId) -> Result<IncidentView, Failure> {
        let record = self.record(id)?;
        let slug = self.slug(record.state.service)?;
        self.view(id, record, slug, &mut BTreeMap::new(), self.now()?)
    }

    fn record(&self, id: IncidentId) -> Result<Record<Incident>, Failure> {
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
                let organisation = self
                    .api
                    .organisation(self.hash, voice.organisation)
                    .map_err(unavailable)?;
                let organisation =
                    organisation.ok_or_else(|| not_found("organisation", voice.organisation))?;
                unseen.insert(organisation.state.name.to_string());
            }
        }
        Ok(IncidentView::new(id, record, slug, names, now))
    }

    fn organisation(&self, id: OrganisationId) -> Result<OrganisationView, Failure> {
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

    fn council(&self) -> Result<CouncilAnswer, Failure> {
        let answer = self.api.council(self.hash).map_err(unavailable)?;
        answer.ok_or_else(|| unavailable("the chain has no council"))
    }

    fn seat(&self, organisation: OrganisationId) -> Result<SeatView, Failure> {
        let record = self
            .api
            .organisation(self.hash, organisation)
            .map_err(unavailable)?;
        let state = record
            .ok_or_else(|| not_found("organisation", organisation))?
            .state;
        Ok(SeatView {
            organisation,
            name: state.name.to_string(),
            key: state.admin,
        })
    }

    fn service(&self, slug: &str) -> Result<ServiceView, Failure> {
        let parsed = Slug::try_from(slug).map_err(|why| Failure::BadParameter {
            parameter: "slug".into(),
            why,
        })?;
        let id = self.api.service_by_slug(self.hash, parsed).map_err(unavailable)?;
        let id = id.ok_or_else(|| not_found("service", format!("`{slug}`")))?;
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
        Ok(ServiceView {
            incidents: answer.incidents.map_or(0, |roll| roll.count),
            incidents_head: answer.incidents.map(|roll| roll.head),
            latest: latest
                .into_iter()
                .map(|id| self.view(id, self.record(id)?, slug.into(), &mut names, now))
                .collect::<Result<_, _>>()?,
            ..ServiceView::new(id, answer.record, parent)
        })
    }
}

fn motion(motion: Motion) -> MotionView {
    MotionView {
        number: motion.index,
        hash: motion.hash,
        act: motion.act.map(Into::into),
        threshold: motion.threshold,
        ayes: motion.ayes,
        nays: motion.nays,
        open_until: motion.end,
        length: motion.length,
        weight: motion.weight,
    }
}

impl<B, C> FaultlineRpcServer for Faultline<B, C>
where
    B: BlockT<Hash = H256>,
    C: ProvideRuntimeApi<B> + HeaderBackend<B> + Send + Sync + 'static,
    C::Api: FaultlineApi<B> + GrandpaApi<B> + Core<B>,
{
    fn status(&self) -> RpcResult<At<StatusView>> {
        let info = self.client.info();
        let finalized = Finalized::of(self.client.as_ref());
        let (api, hash) = (&finalized.api, finalized.hash);
        let validators = api.grandpa_authorities(hash).map_err(unavailable)?;
        let key = |(authority, _weight): (sp_consensus_grandpa::AuthorityId, u64)| {
            <[u8; 32]>::try_from(AsRef::<[u8]>::as_ref(&authority))
                .map(Hash)
                .map_err(unavailable)
        };
        Ok(finalized.answer(StatusView {
            genesis: Hash(info.genesis_hash.0),
            spec_version: api.version(hash).map_err(unavailable)?.spec_version,
            finalized_at: Utc(finalized.now()?),
            best: info.best_number.saturated_into(),
            validators: validators.into_iter().map(key).collect::<Result<_, _>>()?,
            organisations: api.organisation_count(hash).map_err(unavailable)?,
            services: api.service_count(hash).map_err(unavailable)?,
            incidents: api.incident_count(hash).map_err(unavailable)?,
        }))
    }

    fn rules(&self) -> RpcResult<At<RulesView>> {
        let finalized = Finalized::of(self.client.as_ref());
        let rules = finalized.api.rules(finalized.hash).map_err(unavailable)?;
        Ok(finalized.answer(rules))
    }

    fn incident(&self, id: u64) -> RpcResult<At<IncidentView>> {
        let finalized = Finalized::of(self.client.as_ref());
        Ok(finalized.answer(finalized.incident(IncidentId(id))?))
    }

    fn entries(&self, id: u64, from: Option<u32>, limit: Option<u32>) -> RpcResult<At<Page<EntryView>>> {
        let (from, limit, id) = (from.unwrap_or(0), limited(limit)?, IncidentId(id));
        let finalized = Finalized::of(self.client.as_ref());
        let record = finalized.record(id)?;
        let entries = finalized
            .api
            .incident_entries(finalized.hash, id, from, limit)
            .map_err(unavailable)?;
        let items: Vec<_> = (from..)
            .zip(entries)
            .map(|(number, (entry, text, redacted))| {
                EntryView::new(
                    number,
                    entry,
                    text.map(|text| text.to_string()),
                    redacted.map(Utc),
                )
            })
            .collect();
        let next = items
            .last()
            .map(|last| last.number.saturating_add(1))
            .filter(|next| *next < record.entries);
        Ok(finalized.answer(Page { items, next }))
    }

    fn service(&self, slug: String) -> RpcResult<At<ServiceView>> {
        let finalized = Finalized::of(self.client.as_ref());
        Ok(finalized.answer(finalized.service(&slug)?))
    }

    fn organisation(&self, id: u32) -> RpcResult<At<OrganisationView>> {
        let finalized = Finalized::of(self.client.as_ref());
        Ok(finalized.answer(finalized.organisation(OrganisationId(id))?))
    }

    fn organisations(&self, from: Option<u32>, limit: Option<u32>) -> RpcResult<At<Page<OrganisationView>>> {
        let (from, limit) = (from.unwrap_or(0), limited(limit)?);
        let finalized = Finalized::of(self.client.as_ref());
        let count = finalized
            .api
            .organisation_count(finalized.hash)
            .map_err(unavailable)?;
        let until = from.saturating_add(limit).min(count);
        let items = (from..until)
            .map(|id| finalized.organisation(OrganisationId(id)))
            .collect::<Result<_, _>>()?;
        Ok(finalized.answer(Page {
            items,
            next: (until < count).then_some(until),
        }))
    }

    fn council(&self) -> RpcResult<At<CouncilView>> {
        let finalized = Finalized::of(self.client.as_ref());
        let answer = finalized.council()?;
        let seats = answer.record.state.seats.iter().copied();
        Ok(finalized.answer(CouncilView {
            seats: seats.map(|seat| finalized.seat(seat)).collect::<Result<_, _>>()?,
            motions: answer.motions.into_iter().map(motion).collect(),
            paused: answer
                .paused
                .into_iter()
                .map(|(pallet, call)| format!("{pallet}.{call}"))
                .collect(),
            entries: answer.record.entries,
            head: answer.record.head,
        }))
    }

    fn acts(&self, from: Option<u32>, limit: Option<u32>) -> RpcResult<At<Page<ActEntryView>>> {
        let (from, limit) = (from.unwrap_or(0), limited(limit)?);
        let finalized = Finalized::of(self.client.as_ref());
        let whole = finalized.council()?.record.entries;
        let entries = finalized
            .api
            .consortium_entries(finalized.hash, from, limit)
            .map_err(unavailable)?;
        let items: Vec<_> = (from..)
            .zip(entries)
            .map(|(number, entry)| ActEntryView::new(number, entry))
            .collect();
        let next = items.last().map(|last| last.number.saturating_add(1));
        Ok(finalized.answer(Page {
            items,
            next: next.filter(|next| *next < whole),
        }))
    }
}
