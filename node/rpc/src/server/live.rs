//! Subscriptions: what changes, from a cursor on.
//!
//! A subscriber is a place in the order of changes, and takes what lies after it when it has room: nothing is queued for
//! one that is slow, and none can miss anything. What all that are up to date want is read and put into JSON once.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use faultline_index::{ChangePosition, Filter, State};
use faultline_primitives::{incident::Incident, service::Slug, BlockNumber, IncidentId};
use faultline_runtime_api::FaultlineApi;
use jsonrpsee::{
    core::server::{
        IntoSubscriptionCloseResponse, SendTimeoutError, SubscriptionCloseResponse, SubscriptionMessage,
        SubscriptionSink,
    },
    types::ErrorObjectOwned,
};
use serde::Serialize;
use serde_json::value::RawValue;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_core::H256;
use sp_runtime::traits::Block as BlockT;
use tokio::sync::{watch, OnceCell};

use super::{
    asked::Asked,
    listing::{Lists, Trouble},
    Faultline,
};
use crate::{
    error::Failure,
    limits::PATIENCE,
    view::{At, BlockView, EntryChange},
    Cursor, MAX_PAGE,
};

/// Changes that are read at once.
const PART: usize = 64;
/// Parts that are kept for whoever wants the same next.
const KEPT: usize = 16;
/// How long is waited to ask again where the node was busy.
const AGAIN: Duration = Duration::from_secs(1);

/// How a subscription ends: by the subscriber, or with an error that it is told.
pub struct Ended(pub Option<Failure>);

impl IntoSubscriptionCloseResponse for Ended {
    fn into_response(self) -> SubscriptionCloseResponse {
        let message = self.0.and_then(|failure| {
            let error = ErrorObjectOwned::from(failure);
            SubscriptionMessage::from_json(&error).ok()
        });
        message.map_or(
            SubscriptionCloseResponse::None,
            SubscriptionCloseResponse::NotifErr,
        )
    }
}

/// An incident after a change, in JSON.
struct Change {
    /// Its place in the order of changes.
    position: ChangePosition,
    incident: Incident,
    slug: Slug,
    json: Box<RawValue>,
}

impl Change {
    /// Whether a filter takes it.
    fn fits(&self, filter: &Filter) -> bool {
        filter.fits(&self.incident, &self.slug)
    }

    /// What is sent of it.
    fn message(&self, part: &Part, cursor: Cursor) -> Result<SubscriptionMessage, Failure> {
        #[derive(Serialize)]
        struct Sent<'a> {
            incident: &'a RawValue,
            cursor: Cursor,
            behind: u32,
        }
        let data = Sent {
            incident: &self.json,
            cursor,
            behind: part.at.number.saturating_sub(self.position.block),
        };
        message(part.at, data)
    }
}

/// What is sent: an answer, and the block at which it is true.
fn message(at: BlockView, data: impl Serialize) -> Result<SubscriptionMessage, Failure> {
    SubscriptionMessage::from_json(&At { at, data }).map_err(super::finalized::unavailable)
}

/// Changes after a place.
struct Part {
    /// The block at which they were read.
    at: BlockView,
    /// They, in order.
    changes: Vec<Change>,
    /// The place up to which they are all.
    end: ChangePosition,
    /// Whether there was nothing after them.
    is_last: bool,
}

impl Part {
    /// Reads it.
    fn read(lists: &mut Lists<'_>, after: ChangePosition) -> Result<Self, Trouble> {
        let (at, records) = (lists.at(), lists.changes(after, PART)?);
        let is_last = records.len() < PART;
        let mut changes = Vec::with_capacity(records.len());
        for (position, record) in records {
            let (slug, incident) = (lists.slug(record.state.service)?, record.state.clone());
            let json = serde_json::value::to_raw_value(&lists.view(record)?)
                .map_err(super::finalized::unavailable)?;
            changes.push(Change {
                position,
                incident,
                slug,
                json,
            });
        }
        let end = match changes.last() {
            Some(last) if !is_last => last.position,
            // A cursor may lie past what this node has.
            _ => after.max(lists.end()),
        };
        Ok(Self {
            at,
            changes,
            end,
            is_last,
        })
    }
}

/// Parts that were read, for all that want the same.
#[derive(Default)]
pub struct Shared(Mutex<VecDeque<(Wanted, Awaited)>>);

/// A part that was read, or is being read by the first that wants it.
type Awaited = Arc<OnceCell<Arc<Part>>>;

/// What is wanted: what lies after a place, as of the index at a block or later.
type Wanted = (ChangePosition, BlockNumber);

impl Shared {
    /// The part that was read of this, or is to be.
    fn part(&self, wanted: Wanted) -> Awaited {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, part)) = kept.iter().find(|(of, _)| *of == wanted) {
            return part.clone();
        }
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        let part = Awaited::default();
        kept.push_back((wanted, part.clone()));
        part
    }
}

/// What sending came to.
enum Sent {
    /// It is on its way.
    Taken,
    /// Nobody is there any more.
    Gone,
    /// The subscriber takes nothing.
    TooSlow,
}

/// Sends, and waits for as long as patience lasts where there is no room.
async fn send(sink: &SubscriptionSink, message: SubscriptionMessage) -> Sent {
    match sink.send_timeout(message, PATIENCE).await {
        Ok(()) => Sent::Taken,
        Err(SendTimeoutError::Closed(_)) => Sent::Gone,
        Err(SendTimeoutError::Timeout(_)) => Sent::TooSlow,
    }
}

/// Waits until the index stands elsewhere; `false` where the subscriber went, or the node stops.
async fn moved(sink: &SubscriptionSink, state: &mut watch::Receiver<State>) -> bool {
    tokio::select! {
        changed = state.changed() => changed.is_ok(),
        () = sink.closed() => false,
    }
}

impl<B, C> Faultline<B, C>
where
    B: BlockT<Hash = H256>,
    C: ProvideRuntimeApi<B> + HeaderBackend<B> + Send + Sync + 'static,
    C::Api: FaultlineApi<B>,
{
    /// Sends each change that a filter takes, from a place on, until the subscriber goes.
    pub(super) async fn send_changes(
        &self,
        sink: &SubscriptionSink,
        asked: &Asked,
        mut place: ChangePosition,
    ) -> Result<(), Failure> {
        let mut state = self.index()?.watch();
        let mut last = None;
        loop {
            let now = state.borrow_and_update().head.map_or(0, |head| head.number);
            let part = self.shared.part((place, now));
            let read = || async {
                Ok(Arc::new(
                    self.indexed(move |lists| Part::read(lists, place)).await?,
                ))
            };
            let part = match part.get_or_try_init(read).await {
                Ok(part) => part.clone(),
                Err(Failure::Busy) => {
                    tokio::time::sleep(AGAIN).await;
                    continue;
                }
                Err(Failure::IndexBuilding { .. }) if moved(sink, &mut state).await => continue,
                Err(failure) => return Err(failure),
            };
            for change in part.changes.iter().filter(|change| change.fits(&asked.filter)) {
                let cursor = asked.sealer.cursor(change.position);
                match send(sink, change.message(&part, cursor.clone())?).await {
                    Sent::Taken => last = Some(cursor.0),
                    Sent::Gone => return Ok(()),
                    Sent::TooSlow => return Err(Failure::TooSlow { cursor: last }),
                }
            }
            place = part.end;
            if part.is_last && !moved(sink, &mut state).await {
                return Ok(());
            }
        }
    }

    /// Sends the entries of a log from a number on, until the subscriber goes.
    pub(super) async fn send_entries(
        &self,
        sink: &SubscriptionSink,
        id: IncidentId,
        mut next: u32,
    ) -> Result<(), Failure> {
        let mut state = self.index()?.watch();
        loop {
            state.borrow_and_update();
            let whole = match self.indexed(move |lists| lists.entries(id)).await {
                Ok(whole) => whole,
                Err(Failure::Busy) => {
                    tokio::time::sleep(AGAIN).await;
                    continue;
                }
                Err(Failure::IndexBuilding { .. }) if moved(sink, &mut state).await => continue,
                Err(failure) => return Err(failure),
            };
            if whole > next {
                let page = self.finalized(move |finalized| finalized.entries(id, next, MAX_PAGE));
                let At { at, data } = match page.await {
                    Err(Failure::Busy) => continue,
                    page => page?,
                };
                let (entries, whole) = data;
                for entry in entries {
                    next = entry.number.saturating_add(1);
                    let behind = whole.saturating_sub(next);
                    match send(sink, message(at, EntryChange { entry, behind })?).await {
                        Sent::Taken => {}
                        Sent::Gone => return Ok(()),
                        Sent::TooSlow => return Err(Failure::TooSlow { cursor: None }),
                    }
                }
            } else if !moved(sink, &mut state).await {
                return Ok(());
            }
        }
    }
}
