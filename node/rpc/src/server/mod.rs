//! What a node answers: the runtime's word at the finalized block, put in the shape of a view.

mod finalized;

use std::{marker::PhantomData, sync::Arc};

use faultline_primitives::{Hash, IncidentId, OrganisationId};
use faultline_runtime_api::{FaultlineApi, Motion};
use jsonrpsee::core::RpcResult;
use sp_api::{Core, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_consensus_grandpa::GrandpaApi;
use sp_core::H256;
use sp_runtime::{traits::Block as BlockT, SaturatedConversion};

use self::finalized::{unavailable, Finalized};
use crate::{
    error::Failure,
    view::{
        ActEntryView, At, CouncilView, EntryView, IncidentView, MotionView, OrganisationView, Page,
        RulesView, ServiceView, StatusView, Utc, ValidatorsView,
    },
    FaultlineRpcServer, MAX_PAGE,
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
            approved: finalized
                .consortium()?
                .map_or(0, |state| state.validators.len().saturated_into()),
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
        let state = answer.record.state;
        let seats = state.seats.iter().copied();
        Ok(finalized.answer(CouncilView {
            seats: seats.map(|seat| finalized.seat(seat)).collect::<Result<_, _>>()?,
            floor: state.floor,
            accused: state.accused.into_iter().map(Into::into).collect(),
            upgrade: state.upgrade.map(Into::into),
            checkpoint: state.checkpoint.map(Into::into),
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

    fn validators(&self) -> RpcResult<At<ValidatorsView>> {
        let finalized = Finalized::of(self.client.as_ref());
        let answer = finalized.api.validators(finalized.hash).map_err(unavailable)?;
        let validators = answer.validators.into_iter();
        Ok(finalized.answer(ValidatorsView {
            session: answer.session,
            session_length: answer.session_length,
            next_session: answer.next_session,
            floor: finalized.consortium()?.map_or(0, |state| state.floor),
            validators: validators
                .map(|one| finalized.validator(one))
                .collect::<Result<_, _>>()?,
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
