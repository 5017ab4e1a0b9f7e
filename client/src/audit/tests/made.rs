//! Nodes that tell of a made-up chain.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
};

use base64::{prelude::BASE64_STANDARD, Engine};
use codec::Encode;
use faultline_forge::{Chain, State};
use faultline_primitives::{incident::Incident, BlockNumber, Hash, IncidentId, OrganisationId, Record};
use faultline_proof::{
    bundle::Start,
    keys::{self, StorageKey},
    Anchor, Finalized,
};
use faultline_rpc::{
    error::Failure,
    view::{At, BlockView, EntryView, IncidentView, Page, WarpView},
};
use jsonrpsee::core::ClientError;

use super::world::{time, World};
use crate::{audit::Told, trust::Source, Error, Result};

/// A node that tells of a state that a chain has made final.
#[derive(Clone)]
pub struct Made {
    pub start: Start,
    pub changes: Vec<Finalized>,
    pub block: Finalized,
    /// What it proves.
    pub state: State,
    /// What it tells without proof.
    pub told: State,
    /// What it answers of incidents by itself.
    pub answers: BTreeMap<u64, (IncidentView, Vec<EntryView>)>,
    /// Of the block of this number it gives this hash, where that is another.
    pub hash: Option<Hash>,
}

/// The chain that all of them are of, after one change of authorities.
pub fn chain() -> Chain {
    let mut chain = Chain::new(4);
    chain.change(4);
    chain
}

pub fn anchor() -> Anchor {
    Anchor::Genesis(chain().genesis())
}

impl Made {
    /// An honest one.
    pub fn of(state: State) -> Self {
        Self::on(&chain(), state)
    }

    /// An honest one of this chain.
    pub fn on(chain: &Chain, mut state: State) -> Self {
        let number = chain.checkpoint().number + 100;
        state.put(keys::authorities(), &chain.set.authorities);
        state.put(keys::authority_set_id(), &chain.set.id);
        state.put(keys::now(), &time(number));
        let header = chain.header(number, state.root(), vec![]);
        Self {
            start: chain.start(),
            changes: chain.changes().to_vec(),
            block: chain.finalize(header),
            told: state.clone(),
            state,
            answers: BTreeMap::new(),
            hash: None,
        }
    }

    /// The same, that answers of the incidents of a world what is so.
    pub fn answering(mut self, world: &World) -> Self {
        let names = (0u32..).zip(&world.organisations);
        let names = names
            .map(|(id, _)| (OrganisationId(id), format!("Organisation {id}")))
            .collect();
        let now = time(self.block.header.number);
        for (id, log) in (0u64..).zip(&world.incidents) {
            let record = Record::<Incident>::replay(IncidentId(id), log).unwrap().unwrap();
            let slug = format!("service-{}", record.state.service);
            let view = IncidentView::new(IncidentId(id), record, slug, &names, now);
            let entries = (0u32..).zip(log);
            let entries = entries.map(|(number, entry)| EntryView::new(number, entry.clone(), None, None));
            self.answers.insert(id, (view, entries.collect()));
        }
        self
    }

    fn at<T>(&self, data: T) -> At<T> {
        At {
            at: BlockView {
                number: self.block.header.number,
                hash: self.block.header.hash(),
            },
            data,
        }
    }
}

fn scale(value: &impl Encode) -> String {
    BASE64_STANDARD.encode(value.encode())
}

impl Source for Made {
    async fn warp(&self, since: Option<BlockNumber>, until: Option<BlockNumber>) -> Result<WarpView> {
        if until.is_some_and(|until| until != self.block.header.number) {
            let (parameter, why) = ("until".into(), "the block is not justified".into());
            return Err(Error::Failure(Failure::BadParameter { parameter, why }));
        }
        // A part each: the start and the first change, each further change, the block.
        let place = match since {
            None => 0,
            Some(since) => {
                1 + self
                    .changes
                    .iter()
                    .position(|change| change.header.number == since)
                    .unwrap()
            }
        };
        let change = self.changes.get(place);
        Ok(WarpView {
            start: since.is_none().then(|| scale(&self.start)),
            changes: scale(&change.into_iter().collect::<Vec<_>>()),
            block: change.is_none().then(|| scale(&self.block)),
            next: change.map(|change| change.header.number),
        })
    }

    async fn prove(&self, _: Hash, keys: &[StorageKey]) -> Result<Vec<Vec<u8>>> {
        Ok(self.state.proof(keys.iter().cloned()))
    }

    async fn values(&self, _: Hash, keys: &[StorageKey]) -> Result<BTreeMap<StorageKey, Option<Vec<u8>>>> {
        Ok(keys
            .iter()
            .map(|key| (key.clone(), self.told.0.get(key).cloned()))
            .collect())
    }
}

impl Told for Made {
    async fn hash_of(&self, number: BlockNumber) -> Result<Option<Hash>> {
        let own = self.block.header.hash();
        Ok((number == self.block.header.number).then(|| self.hash.unwrap_or(own)))
    }

    async fn incident(&self, id: IncidentId) -> Result<At<IncidentView>> {
        match self.answers.get(&id.0) {
            Some((view, _)) => Ok(self.at(view.clone())),
            None => {
                let (what, which) = ("incident".into(), id.to_string());
                Err(Error::Failure(Failure::NotFound { what, which }))
            }
        }
    }

    async fn entries(&self, id: IncidentId) -> Result<At<Page<EntryView>>> {
        let items = self
            .answers
            .get(&id.0)
            .map(|(_, entries)| entries.clone())
            .unwrap_or_default();
        Ok(self.at(Page { items, next: None }))
    }
}

/// A node that is gone after so many answers.
pub struct Mortal {
    pub node: Made,
    pub left: AtomicUsize,
}

impl Mortal {
    fn live(&self) -> Result<()> {
        let left = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        left.map(|_| ()).map_err(|_| Error::Unreachable {
            url: "mortal".into(),
            source: Box::new(ClientError::RequestTimeout),
        })
    }
}

impl Source for Mortal {
    async fn warp(&self, since: Option<BlockNumber>, until: Option<BlockNumber>) -> Result<WarpView> {
        self.live()?;
        self.node.warp(since, until).await
    }

    async fn prove(&self, block: Hash, keys: &[StorageKey]) -> Result<Vec<Vec<u8>>> {
        self.live()?;
        self.node.prove(block, keys).await
    }

    async fn values(
        &self,
        block: Hash,
        keys: &[StorageKey],
    ) -> Result<BTreeMap<StorageKey, Option<Vec<u8>>>> {
        self.live()?;
        self.node.values(block, keys).await
    }
}

impl Told for Mortal {
    async fn hash_of(&self, number: BlockNumber) -> Result<Option<Hash>> {
        self.live()?;
        self.node.hash_of(number).await
    }

    async fn incident(&self, id: IncidentId) -> Result<At<IncidentView>> {
        self.live()?;
        self.node.incident(id).await
    }

    async fn entries(&self, id: IncidentId) -> Result<At<Page<EntryView>>> {
        self.live()?;
        self.node.entries(id).await
    }
}
