//! Handing in as fast as a node takes it, and listening to what becomes of each.

use std::{
    collections::BTreeMap,
    sync::{
        atomic::{AtomicUsize, Ordering},
        Arc,
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use faultline_primitives::Hash;
use jsonrpsee::{
    core::{
        client::{Subscription, SubscriptionClientT},
        params::ArrayParams,
    },
    ws_client::{WsClient, WsClientBuilder},
};
use serde_json::Value;
use tokio::{
    sync::{watch, Semaphore},
    task::JoinSet,
};

use super::Signed;

/// Connections over which it is handed in.
pub const CONNECTIONS: usize = 8;
/// Requests that wait on each.
const AT_ONCE: usize = 64;

/// When nothing has been decided for so long, nothing more will be.
const QUIET: Duration = Duration::from_secs(60);

/// What a watcher was told of a transaction at last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// The node did not take it.
    Refused(String),
    /// A final block holds it.
    Final,
    /// It was dropped, and why: `dropped`, `invalid`, `usurped`, `finalityTimeout`.
    Dropped(String),
    /// The node took it, and then said nothing more that decides, but this.
    Undecided(String),
}

impl Told {
    /// In a word.
    pub fn kind(&self) -> String {
        match self {
            Self::Refused(why) => format!("refused: {why}"),
            Self::Final => "final".into(),
            Self::Dropped(how) => format!("reported {how}"),
            Self::Undecided(last) => format!("undecided after {last}"),
        }
    }
}

/// What came of handing in.
pub struct Flood {
    /// What each watcher was told.
    pub told: BTreeMap<Hash, Told>,
    /// How long it took until the node had taken or refused all.
    pub handed_in: Duration,
    /// How long it took until the last was decided that ever was.
    pub decided_in: Duration,
}

/// Hands all in, and listens until each is decided, or none has been for a while.
///
/// # Errors
///
/// The node cannot be reached.
pub async fn flood(endpoint: &str, all: Vec<Signed>) -> Result<Flood> {
    let began = Instant::now();
    let mut clients = Vec::new();
    for _ in 0..CONNECTIONS {
        let client = WsClientBuilder::default()
            .max_concurrent_requests(all.len().max(1))
            .max_buffer_capacity_per_subscription(64)
            .request_timeout(Duration::from_secs(120))
            .build(endpoint)
            .await?;
        clients.push((Arc::new(client), Arc::new(Semaphore::new(AT_ONCE))));
    }
    let (over, is_over) = watch::channel(false);
    let progress = Arc::new(Progress::default());
    let count = all.len();
    let mut watchers = JoinSet::new();
    let mut turns = clients.iter().cycle();
    for signed in all {
        let (client, room) = turns.next().context("there are connections")?.clone();
        let permit = room.acquire_owned().await?;
        let (progress, mut is_over) = (progress.clone(), is_over.clone());
        watchers.spawn(async move {
            let subscription = hand_in(&client, &signed).await;
            progress.taken.fetch_add(1, Ordering::Relaxed);
            drop(permit);
            let told = match subscription {
                Err(error) => Told::Refused(error),
                Ok(subscription) => listen(subscription, &mut is_over).await,
            };
            progress.decided.fetch_add(1, Ordering::Relaxed);
            (signed.hash, told)
        });
    }
    let mut handed_in = None;
    let mut last = (0, Instant::now());
    loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let decided = progress.decided.load(Ordering::Relaxed);
        if progress.taken.load(Ordering::Relaxed) == count {
            handed_in.get_or_insert_with(|| began.elapsed());
        }
        if decided > last.0 {
            last = (decided, Instant::now());
        }
        if decided == count || last.1.elapsed() > QUIET {
            break;
        }
    }
    over.send_replace(true);
    let mut told = BTreeMap::new();
    while let Some(watched) = watchers.join_next().await {
        let (hash, what) = watched?;
        told.insert(hash, what);
    }
    Ok(Flood {
        told,
        handed_in: handed_in.unwrap_or_else(|| began.elapsed()),
        decided_in: last.1.duration_since(began),
    })
}

#[derive(Default)]
struct Progress {
    taken: AtomicUsize,
    decided: AtomicUsize,
}

async fn hand_in(client: &WsClient, signed: &Signed) -> std::result::Result<Subscription<Value>, String> {
    let mut params = ArrayParams::new();
    params.insert(&signed.bytes).map_err(|error| error.to_string())?;
    let (watch, unwatch) = ("author_submitAndWatchExtrinsic", "author_unwatchExtrinsic");
    client
        .subscribe(watch, params, unwatch)
        .await
        .map_err(|error| match error {
            jsonrpsee::core::ClientError::Call(object) => {
                let data = object.data().map(|data| data.get()).unwrap_or_default();
                format!("{} {} {data}", object.code(), object.message())
            }
            other => other.to_string(),
        })
}

async fn listen(mut subscription: Subscription<Value>, is_over: &mut watch::Receiver<bool>) -> Told {
    let mut heard = String::from("nothing");
    loop {
        let next = tokio::select! {
            next = subscription.next() => next,
            _ = is_over.wait_for(|over| *over) => return Told::Undecided(format!("{heard}, then silence")),
        };
        let status = match next {
            Some(Ok(status)) => status,
            Some(Err(error)) => return Told::Undecided(format!("{heard}, then {error}")),
            None => return Told::Undecided(format!("{heard}, then the end")),
        };
        // A word alone, or a word with a block.
        let word = status
            .as_str()
            .or_else(|| status.as_object()?.keys().next().map(String::as_str))
            .unwrap_or_default();
        match word {
            "finalized" => return Told::Final,
            "dropped" | "invalid" | "usurped" | "finalityTimeout" => return Told::Dropped(word.into()),
            other => heard = other.into(),
        }
    }
}
