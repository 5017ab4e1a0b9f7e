//! What a node answers: the runtime's word at the finalized block, put in the shape of a view.

mod asked;
mod cursor;
mod finalized;
mod listing;
mod live;
mod proofs;

pub use listing::{Answer, Lists, Trouble};
pub use live::Ended;
pub use proofs::{Source, State};

use std::{marker::PhantomData, sync::Arc};

use faultline_index::Index;
use faultline_primitives::{Hash, IncidentId, OrganisationId};
use faultline_runtime_api::{FaultlineApi, Motion};
use jsonrpsee::{
    core::{async_trait, RpcResult},
    PendingSubscriptionSink,
};
use sp_api::{Core, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_consensus_grandpa::GrandpaApi;
use sp_core::H256;
use sp_runtime::{traits::Block as BlockT, SaturatedConversion};
use tokio::sync::Semaphore;

use self::{
    finalized::{unavailable, Finalized},
    listing::index_view,
    proofs::Prover,
};
use crate::{
    error::Failure,
    limits::TURN,
    view::{
        ActEntryView, At, CouncilView, EntryView, IncidentView, Listing, MotionView, OrganisationView, Page,
        RelatedView, RulesView, ServiceDetail, ServiceView, StatusView, Utc, ValidatorsView, WarpView,
    },
    Cursor, Envelope, FaultlineRpcServer, IncidentFilter, ServiceFilter, DEFAULT_PAGE, MAX_PAGE,
};

/// Answers from a client of the chain, and from an index where there is one.
pub struct Faultline<B, C> {
    client: Arc<C>,
    index: Option<Arc<Index>>,
    proofs: Arc<dyn Source>,
    // Readers take turns: however many ask, the chain's own work gets its share of the machine.
    turns: Arc<Semaphore>,
    shared: Arc<live::Shared>,
    _block: PhantomData<fn() -> B>,
}

// Not derived: neither a block nor a client need be one that can be cloned.
impl<B, C> Clone for Faultline<B, C> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            index: self.index.clone(),
            proofs: self.proofs.clone(),
            turns: self.turns.clone(),
            shared: self.shared.clone(),
            _block: PhantomData,
        }
    }
}

impl<B, C> Faultline<B, C> {
    /// Answers from these; without an index lists and subscriptions are refused.
    pub fn new(client: Arc<C>, index: Option<Arc<Index>>, proofs: Arc<dyn Source>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            client,
            index,
            proofs,
            turns: Arc::new(Semaphore::new((cores / 2).max(1))),
            shared: Arc::default(),
            _block: PhantomData,
        }
    }

    /// Does what takes long away from the threads that the network lives on, when its turn comes.
    async fn turn<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let turn = tokio::time::timeout(TURN, self.turns.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| Failure::Busy)?.map_err(unavailable)?;
        let reading = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            read()
        });
        reading.await.map_err(unavailable)?
    }
}

impl<B, C> Faultline<B, C>
where
    B: BlockT<Hash = H256>,
    C: ProvideRuntimeApi<B> + HeaderBackend<B> + Send + Sync + 'static,
    C::Api: FaultlineApi<B>,
{
    /// Reads from the state at the finalized block.
    async fn finalized<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Finalized<'_, B, C>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<At<T>, Failure> {
        let client = self.client.clone();
        self.turn(move || {
            let finalized = Finalized::of(&*client);
            Ok(finalized.answer(read(&finalized)?))
        })
        .await
    }

    fn index(&self) -> Result<Arc<Index>, Failure> {
        self.index.clone().ok_or(Failure::NoIndex)
    }

    /// Reads from the index.
    async fn indexed<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Lists<'_>) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Failure> {
        let (index, client) = (self.index()?, self.client.clone());
        self.turn(move || {
            let answer = index.read(|reading| {
                let finalized = client.info().finalized_number.saturated_into();
                read(&mut Lists::new(reading, index.genesis(), finalized))
            });
            answer.map_err(|trouble: Trouble| trouble.failure(&index))
        })
        .await
    }
}

/// How many items to give, of those asked for.
fn limited(limit: Option<u32>, default: u32) -> Result<u32, Failure> {
    match limit.unwrap_or(default) {
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

#[async_trait]
impl<B, C> FaultlineRpcServer for Faultline<B, C>
where
    B: BlockT<Hash = H256>,
    C: ProvideRuntimeApi<B> + HeaderBackend<B> + Send + Sync + 'static,
    C::Api: FaultlineApi<B> + GrandpaApi<B> + Core<B>,
{
    async fn status(&self) -> RpcResult<At<StatusView>> {
        let (info, state) = (self.client.info(), self.index.as_ref().map(|index| index.state()));
        let answer = self.finalized(move |finalized| {
            let (api, hash) = (&finalized.api, finalized.hash);
            let validators = api.grandpa_authorities(hash).map_err(unavailable)?;
            let key = |(authority, _weight): (sp_consensus_grandpa::AuthorityId, u64)| {
                <[u8; 32]>::try_from(AsRef::<[u8]>::as_ref(&authority))
                    .map(Hash)
                    .map_err(unavailable)
            };
            Ok(StatusView {
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
                index: state.map(|state| index_view(state, finalized.number())),
            })
        });
        Ok(answer.await?)
    }

    async fn rules(&self) -> RpcResult<At<RulesView>> {
        let answer = self.finalized(|finalized| finalized.api.rules(finalized.hash).map_err(unavailable));
        Ok(answer.await?)
    }

    async fn incident(&self, id: u64) -> RpcResult<At<IncidentView>> {
        let answer = self.finalized(move |finalized| finalized.incident(IncidentId(id)));
        Ok(answer.await?)
    }

    async fn entries(
        &self,
        id: u64,
        from: Option<u32>,
        limit: Option<u32>,
    ) -> RpcResult<At<Page<EntryView>>> {
        let (from, limit) = (from.unwrap_or(0), limited(limit, MAX_PAGE)?);
        let answer = self.finalized(move |finalized| {
            let (items, whole) = finalized.entries(IncidentId(id), from, limit)?;
            let next = items.last().map(|last| last.number.saturating_add(1));
            let next = next.filter(|next| *next < whole);
            Ok(Page { items, next })
        });
        Ok(answer.await?)
    }

    async fn incidents(
        &self,
        filter: Option<IncidentFilter>,
        cursor: Option<Cursor>,
        limit: Option<u32>,
    ) -> RpcResult<At<Listing<IncidentView>>> {
        let (filter, limit) = (filter.unwrap_or_default(), limited(limit, DEFAULT_PAGE)?);
        let answer = self.indexed(move |lists| lists.incidents(filter, cursor, limit as usize));
        Ok(answer.await?)
    }

    async fn incidents_now(&self, filter: Option<IncidentFilter>) -> RpcResult<At<Cursor>> {
        let answer = self.indexed(move |lists| lists.now(filter.unwrap_or_default()));
        Ok(answer.await?)
    }

    async fn related(&self, id: u64) -> RpcResult<At<RelatedView>> {
        let answer = self.indexed(move |lists| lists.related(IncidentId(id)));
        Ok(answer.await?)
    }

    async fn service(&self, slug: String) -> RpcResult<At<ServiceDetail>> {
        let answer = self.finalized(move |finalized| finalized.service(&slug));
        Ok(answer.await?)
    }

    async fn services(
        &self,
        filter: Option<ServiceFilter>,
        cursor: Option<Cursor>,
        limit: Option<u32>,
    ) -> RpcResult<At<Listing<ServiceView>>> {
        let (filter, limit) = (filter.unwrap_or_default(), limited(limit, DEFAULT_PAGE)?);
        let answer = self.indexed(move |lists| lists.services(filter, cursor, limit as usize));
        Ok(answer.await?)
    }

    async fn organisation(&self, id: u32) -> RpcResult<At<OrganisationView>> {
        let answer = self.finalized(move |finalized| finalized.organisation(OrganisationId(id)));
        Ok(answer.await?)
    }

    async fn organisations(
        &self,
        from: Option<u32>,
        limit: Option<u32>,
    ) -> RpcResult<At<Page<OrganisationView>>> {
        let (from, limit) = (from.unwrap_or(0), limited(limit, MAX_PAGE)?);
        let answer = self.finalized(move |finalized| {
            let count = finalized
                .api
                .organisation_count(finalized.hash)
                .map_err(unavailable)?;
            let until = from.saturating_add(limit).min(count);
            let items = (from..until).map(|id| finalized.organisation(OrganisationId(id)));
            Ok(Page {
                items: items.collect::<Result<_, _>>()?,
                next: (until < count).then_some(until),
            })
        });
        Ok(answer.await?)
    }

    async fn council(&self) -> RpcResult<At<CouncilView>> {
        let answer = self.finalized(|finalized| {
            let answer = finalized.council()?;
            let state = answer.record.state;
            let seats = state.seats.iter().copied();
            Ok(CouncilView {
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
            })
        });
        Ok(answer.await?)
    }

    async fn validators(&self) -> RpcResult<At<ValidatorsView>> {
        let answer = self.finalized(|finalized| {
            let answer = finalized.api.validators(finalized.hash).map_err(unavailable)?;
            let validators = answer.validators.into_iter();
            Ok(ValidatorsView {
                session: answer.session,
                session_length: answer.session_length,
                next_session: answer.next_session,
                floor: finalized.consortium()?.map_or(0, |state| state.floor),
                validators: validators
                    .map(|one| finalized.validator(one))
                    .collect::<Result<_, _>>()?,
            })
        });
        Ok(answer.await?)
    }

    async fn acts(&self, from: Option<u32>, limit: Option<u32>) -> RpcResult<At<Page<ActEntryView>>> {
        let (from, limit) = (from.unwrap_or(0), limited(limit, MAX_PAGE)?);
        let answer = self.finalized(move |finalized| {
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
            Ok(Page {
                items,
                next: next.filter(|next| *next < whole),
            })
        });
        Ok(answer.await?)
    }

    async fn proof(&self, id: u64, since: Option<u32>) -> RpcResult<At<Envelope>> {
        let source = self.proofs.clone();
        let answer = self.turn(move || Prover::new(&*source, since)?.incident(IncidentId(id)));
        Ok(answer.await?)
    }

    async fn service_proof(
        &self,
        slug: String,
        from: Option<Utc>,
        to: Option<Utc>,
        since: Option<u32>,
    ) -> RpcResult<At<Envelope>> {
        let (source, client) = (self.proofs.clone(), self.client.clone());
        let answer = self.turn(move || {
            let prover = Prover::new(&*source, since)?;
            let id = finalized::service_id(&*client.runtime_api(), H256(prover.block().hash.0), &slug)?;
            prover.service(id, from, to)
        });
        Ok(answer.await?)
    }

    async fn warp_proof(&self, since: Option<u32>, until: Option<u32>) -> RpcResult<At<WarpView>> {
        let source = self.proofs.clone();
        Ok(self.turn(move || proofs::warp(&*source, since, until)).await?)
    }

    async fn subscribe_incidents(
        &self,
        pending: PendingSubscriptionSink,
        filter: Option<IncidentFilter>,
        from: Option<Cursor>,
    ) -> Ended {
        let begun = self.indexed(move |lists| {
            let asked = lists.asked(filter.unwrap_or_default())?;
            let place = match from {
                Some(cursor) => asked.change(&cursor)?,
                None => lists.end(),
            };
            Ok((asked, place))
        });
        match begun.await {
            Err(failure) => {
                pending.reject(failure).await;
                Ended(None)
            }
            Ok((asked, place)) => match pending.accept().await {
                Ok(sink) => Ended(self.send_changes(&sink, &asked, place).await.err()),
                Err(_gone) => Ended(None),
            },
        }
    }

    async fn subscribe_entries(&self, pending: PendingSubscriptionSink, id: u64, from: Option<u32>) -> Ended {
        let id = IncidentId(id);
        match self.indexed(move |lists| lists.entries(id)).await {
            Err(failure) => {
                pending.reject(failure).await;
                Ended(None)
            }
            Ok(whole) => match pending.accept().await {
                Ok(sink) => {
                    let sent = self.send_entries(&sink, id, from.unwrap_or(whole));
                    Ended(sent.await.err())
                }
                Err(_gone) => Ended(None),
            },
        }
    }
}
