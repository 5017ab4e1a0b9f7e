//! Those who follow what changes: by one connection, or by many that are cut off at random.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{bail, ensure, Context, Result};
use faultline_primitives::IncidentId;
use faultline_rpc::{
    error::Failure,
    view::{At, EntryChange, IncidentChange},
    Cursor, FaultlineRpcClient, IncidentFilter,
};
use jsonrpsee::{
    core::{client::Subscription, ClientError, DeserializeOwned},
    ws_client::WsClient,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::task::JoinHandle;

use crate::{
    chain::connect_to,
    oracle::{Known, Model},
};

/// Before asking a node again that is gone for the moment.
const PAUSE: Duration = Duration::from_millis(100);

/// What a subscription gives.
pub trait Change: DeserializeOwned + Clone + Send + Sync + 'static {
    /// Of what.
    type Of: Clone + Send + Sync + 'static;

    /// Subscribes, from after what was received last.
    fn subscribe(
        client: &WsClient,
        of: &Self::Of,
        last: Option<&Self>,
    ) -> impl Future<Output = Result<Subscription<Self>, ClientError>> + Send;
}

/// By a filter, from a cursor on.
impl Change for At<IncidentChange> {
    type Of = (IncidentFilter, Cursor);

    async fn subscribe(
        client: &WsClient,
        (filter, from): &Self::Of,
        last: Option<&Self>,
    ) -> Result<Subscription<Self>, ClientError> {
        let from = last.map_or(from, |last| &last.data.cursor);
        client
            .subscribe_incidents(Some(filter.clone()), Some(from.clone()))
            .await
    }
}

/// An incident, and from which entry on; none for those to come.
impl Change for At<EntryChange> {
    type Of = (u64, Option<u32>);

    async fn subscribe(
        client: &WsClient,
        (id, from): &Self::Of,
        last: Option<&Self>,
    ) -> Result<Subscription<Self>, ClientError> {
        let next = last.map(|last| last.data.entry.number + 1);
        client.subscribe_entries(*id, next.or(*from)).await
    }
}

/// How somebody follows.
#[derive(Clone, Copy, Debug)]
pub enum Manner {
    /// By one connection, as long as the node lasts.
    Steady,
    /// By many, each of which is cut off: drawn from a seed.
    Restless(u64),
}

/// Somebody who follows, and keeps everything that it was given. Ends when it is dropped.
pub struct Follower<T> {
    given: Arc<Mutex<Vec<T>>>,
    task: JoinHandle<Result<()>>,
}

impl<T> Drop for Follower<T> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T: Change> Follower<T> {
    /// Begins to follow, at the first of these nodes; at each new connection at the next.
    pub async fn start(endpoints: Vec<String>, of: T::Of, manner: Manner) -> Result<Self> {
        let given: Arc<Mutex<Vec<T>>> = Arc::default();
        let first = endpoints.first().context("a node to ask")?;
        let client = connect_to(first).await?;
        let subscription = T::subscribe(&client, &of, None).await?;
        let task = tokio::spawn(follow(
            endpoints,
            of,
            manner,
            given.clone(),
            (client, subscription),
        ));
        Ok(Self { given, task })
    }

    /// What it was given up to now.
    pub fn given(&self) -> Vec<T> {
        lock(&self.given).clone()
    }

    /// Waits until what it was given is enough, and gives it all.
    pub async fn until(&self, what: &str, is_enough: impl Fn(&[T]) -> bool) -> Result<Vec<T>> {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let given = self.given();
            if is_enough(&given) {
                return Ok(given);
            }
            ensure!(
                !self.task.is_finished(),
                "a follower ended by itself, after {} changes: {what}",
                given.len()
            );
            ensure!(
                Instant::now() < deadline,
                "a follower waits in vain for {what}, after {} changes",
                given.len()
            );
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Begins to follow incidents by a filter, from now on.
pub async fn follow_incidents(
    endpoints: Vec<String>,
    filter: &IncidentFilter,
    manner: Manner,
) -> Result<Follower<At<IncidentChange>>> {
    let client = connect_to(endpoints.first().context("a node to ask")?).await?;
    let now = client.incidents_now(Some(filter.clone())).await?.data;
    Follower::start(endpoints, (filter.clone(), now), manner).await
}

async fn follow<T: Change>(
    endpoints: Vec<String>,
    of: T::Of,
    manner: Manner,
    given: Arc<Mutex<Vec<T>>>,
    first: (WsClient, Subscription<T>),
) -> Result<()> {
    let mut random = ChaCha8Rng::seed_from_u64(match manner {
        Manner::Steady => 0,
        Manner::Restless(seed) => seed,
    });
    let mut connected = Some(first);
    for endpoint in endpoints.iter().cycle() {
        let last = lock(&given).last().cloned();
        let next = match connected.take() {
            Some(first) => Some(first),
            None => again(endpoint, &of, last.as_ref()).await.inspect_err(|why| {
                eprintln!("a follower cannot go on: {why:#}");
            })?,
        };
        let Some((_client, mut subscription)) = next else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let (mut left, patience) = match manner {
            Manner::Steady => (u64::MAX, Duration::MAX),
            Manner::Restless(_) => (
                random.random_range(1..40),
                Duration::from_millis(random.random_range(50..3_000)),
            ),
        };
        let until = tokio::time::sleep(patience);
        tokio::pin!(until);
        loop {
            let change = tokio::select! {
                change = subscription.next() => change,
                () = &mut until => break,
            };
            match change {
                Some(change) => lock(&given).push(change?),
                None => break,
            }
            left -= 1;
            if left == 0 {
                break;
            }
        }
    }
    Ok(())
}

/// Subscribes anew; none where the node is not ready.
async fn again<T: Change>(
    endpoint: &str,
    of: &T::Of,
    last: Option<&T>,
) -> Result<Option<(WsClient, Subscription<T>)>> {
    let Ok(client) = connect_to(endpoint).await else {
        return Ok(None);
    };
    match T::subscribe(&client, of, last).await {
        Ok(subscription) => Ok(Some((client, subscription))),
        Err(ClientError::Call(error)) => {
            match Failure::of(error.code(), error.data().map(|data| data.get())) {
                Some(Failure::IndexBuilding { .. } | Failure::Unavailable { .. } | Failure::Busy) => Ok(None),
                _ => bail!("{endpoint} refuses to go on: {error:?}"),
            }
        }
        Err(_) => Ok(None),
    }
}

/// How many entries each incident had when it was given last.
pub fn latest(changes: &[At<IncidentChange>]) -> BTreeMap<IncidentId, u32> {
    let entries = |change: &At<IncidentChange>| (change.data.incident.id, change.data.incident.entries);
    changes.iter().map(entries).collect()
}

/// The incidents that a filter takes and that have changed since.
pub fn changed<'a>(
    filter: &'a IncidentFilter,
    before: &'a Model,
    after: &'a Model,
) -> impl Iterator<Item = &'a Known> {
    let has_changed = |known: &&Known| {
        let was = before.of(known.view.id).map_or(0, |was| was.view.entries);
        known.view.entries > was && known.is_taken_by(filter)
    };
    after.incidents.iter().filter(has_changed)
}

/// Waits until a follower has been given the last state of each incident that changed, and checks all that it was given:
/// in order, nothing twice, nothing missing, nothing that the filter does not take.
pub async fn check(
    follower: &Follower<At<IncidentChange>>,
    filter: &IncidentFilter,
    before: &Model,
    after: &Model,
) -> Result<usize> {
    let is_enough = |given: &[At<IncidentChange>]| {
        let latest = latest(given);
        changed(filter, before, after).all(|known| latest.get(&known.view.id) == Some(&known.view.entries))
    };
    let given = follower
        .until(&format!("all that {filter:?} takes"), is_enough)
        .await?;
    let mut places = BTreeSet::new();
    let mut last = None;
    for change in &given {
        let view = &change.data.incident;
        let known = after.of(view.id).context("an incident that there is")?;
        let said = &known.log[..usize::try_from(view.entries)?];
        let then = Known {
            view: view.clone(),
            log: said.to_vec(),
        };
        ensure!(
            then.is_taken_by(filter),
            "{filter:?} does not take incident {} as of entry {}: {view:#?}",
            view.id,
            view.entries
        );
        ensure!(
            places.insert((view.id, view.entries)),
            "incident {} was given twice as of {} entries",
            view.id,
            view.entries
        );
        let place = (then.changed_in(), view.id);
        ensure!(
            last < Some(place),
            "incident {} of block {} was given after {last:?}",
            place.1,
            place.0
        );
        ensure!(
            change.at.number >= place.0,
            "what block {} recorded was true at block {}",
            place.0,
            change.at.number
        );
        if view.entries == known.view.entries {
            ensure!(
                *view == known.view,
                "{view:#?} where the record is {:#?}",
                known.view
            );
        }
        last = Some(place);
    }
    Ok(given.len())
}
