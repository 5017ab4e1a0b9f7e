//! Services and organisations, each read in the state of a block that is proven to be final.

use std::collections::{BTreeMap, BTreeSet};

use codec::{Decode, Encode};
use faultline_client::{proof::keys, trust::Head};
use faultline_primitives::{
    incident::Incident, organisation::Organisation, service::Service, Entry, IncidentId, OrganisationId,
    Record, Roll, ServiceId,
};
use faultline_rpc::{
    view::{At, IncidentView, OrganisationView, ServiceDetail, ServiceView},
    MAX_LATEST,
};

use super::{anchor, doubt, say, Standing};
use crate::{
    noun::proof::view,
    session::Session,
    trouble::{Result, Trouble},
};

/// A block that is proven to be final, and what its state is proven to hold.
struct State<'a> {
    session: &'a Session,
    head: Head,
}

impl<'a> State<'a> {
    async fn latest(session: &'a Session) -> Result<Self> {
        let head = Head::prove(&session.client, anchor(session), None).await;
        Ok(Self {
            session,
            head: head.map_err(doubt)?,
        })
    }

    /// What is under a key; none where nothing is.
    async fn look<T: Decode + Encode>(&self, key: keys::StorageKey) -> Result<Option<T>> {
        let found = self.head.record(&self.session.client, &key).await;
        found.map_err(doubt)
    }

    /// What is under each of these keys.
    async fn all<T: Decode + Encode>(&self, what: &str, keys: Vec<keys::StorageKey>) -> Result<Vec<T>> {
        let values = self.head.read(&self.session.client, keys.iter().cloned()).await;
        let values = values.map_err(doubt)?;
        let read = |key| {
            let value = values.get(key).cloned().flatten()?;
            faultline_client::proof::verify::canonical(&value)
        };
        keys.iter()
            .map(|key| {
                read(key).ok_or_else(|| {
                    let block = self.head.block.number;
                    Trouble::failed(
                        "unproven",
                        format!("{what} is not whole in the state of block {block}"),
                    )
                    .with_advice("Use the program of the release that the node is of.")
                })
            })
            .collect()
    }

    /// What the node's finalized block has, and the proven one has not yet.
    fn not_yet(&self, what: &str) -> Trouble {
        let what = format!(
            "there is no {what} at the proven block {}",
            self.head.block.number
        );
        Trouble::failed("notFound", what).with_advice("Is it there since? Ask again in a moment.")
    }

    /// An answer, once it is said how it was verified.
    fn answer<T>(&self, data: T) -> (At<T>, Standing) {
        let at = view::block(&self.head.block);
        let standing = say(self.session, &self.head.block, self.head.now, &self.head.history);
        (At { at, data }, standing)
    }
}

/// An organisation, with the history of its keys.
pub async fn organisation(session: &Session, id: OrganisationId) -> Result<(At<OrganisationView>, Standing)> {
    let state = State::latest(session).await?;
    let record: Option<Record<Organisation>> = state.look(keys::organisation(id)).await?;
    let record = record.ok_or_else(|| {
        Trouble::failed(
            "notFound",
            format!(
                "there is no organisation {id} at block {}",
                state.head.block.number
            ),
        )
        .with_advice("`faultline org list` shows who is there.")
    })?;
    let keys = (0..record.entries).map(|number| keys::organisation_entry(id, number));
    let log: Vec<Entry<_>> = state
        .all(&format!("the log of organisation {id}"), keys.collect())
        .await?;
    match Record::<Organisation>::replay(id, &log) {
        Some(Ok(replayed)) if replayed == record => {}
        _ => {
            return Err(Trouble::failed(
                "unproven",
                format!("the log of organisation {id} does not amount to its record"),
            )
            .with_advice("Use the program of the release that the node is of."))
        }
    }
    Ok(state.answer(OrganisationView::new(id, record, &log)))
}

/// A service, with the incidents opened on it last.
pub async fn service(session: &Session, slug: &str) -> Result<(At<ServiceDetail>, Standing)> {
    // The number is the node's word, and what is under it must be of this slug.
    let id = session.service_id(slug).await?;
    let state = State::latest(session).await?;
    let record: Option<Record<Service>> = state.look(keys::service(id)).await?;
    let record = record.ok_or_else(|| state.not_yet(&format!("service `{slug}`")))?;
    if record.state.slug.to_string() != slug {
        let what = format!(
            "service {id} is `{}`, and not `{slug}` as the node says",
            record.state.slug
        );
        return Err(Trouble::failed("unproven", what).with_advice("Ask another node with --node."));
    }
    let parent = match record.state.parent {
        Some(parent) => {
            let parent: Option<Record<Service>> = state.look(keys::service(parent)).await?;
            parent.map(|parent| parent.state.slug.to_string())
        }
        None => None,
    };
    let roll: Option<Roll> = state.look(keys::roll_of_service(id)).await?;
    let latest = latest(&state, id, slug, roll.map_or(0, |roll| roll.count)).await?;
    Ok(state.answer(ServiceDetail {
        service: ServiceView::new(id, record, parent, roll),
        latest,
    }))
}

/// The incidents opened last on a service on which so many were, newest first.
async fn latest(state: &State<'_>, id: ServiceId, slug: &str, count: u64) -> Result<Vec<IncidentView>> {
    let places = (count.saturating_sub(MAX_LATEST.into())..count).rev();
    let keys = places.map(|place| keys::on_service(id, place)).collect();
    let ids: Vec<IncidentId> = state.all(&format!("the roll of service {id}"), keys).await?;
    let keys = ids.iter().map(|id| keys::incident(*id)).collect();
    let records: Vec<Record<Incident>> = state.all("an incident", keys).await?;
    let names = names(state, &records).await?;
    let now = state.head.now;
    let view = |(id, record)| IncidentView::new(id, record, slug.into(), &names, now);
    Ok(ids.into_iter().zip(records).map(view).collect())
}

/// What those are called that stand by something.
async fn names(state: &State<'_>, records: &[Record<Incident>]) -> Result<BTreeMap<OrganisationId, String>> {
    let voices = records.iter().flat_map(|record| record.state.tally.voices());
    let ids: BTreeSet<_> = voices.map(|voice| voice.organisation).collect();
    let keys = ids.iter().map(|id| keys::organisation(*id)).collect();
    let records: Vec<Record<Organisation>> = state.all("an organisation", keys).await?;
    let names = records.iter().map(|record| record.state.name.to_string());
    Ok(ids.into_iter().zip(names).collect())
}
