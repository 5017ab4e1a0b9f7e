//! Nodes that are none: they answer what a client asks, over real connections, from what a test put into their chain.

mod views;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use faultline_primitives::Hash;
use faultline_rpc::{
    error::Failure,
    view::{At, BlockView, EntryChange, IncidentChange, IncidentView, Listing},
    Cursor, Envelope,
};
use jsonrpsee::{
    core::RpcResult,
    server::Server,
    types::{ErrorObjectOwned, Params},
    PendingSubscriptionSink, RpcModule, SubscriptionCloseResponse, SubscriptionMessage,
};
use serde::Serialize;
use serde_json::{json, Value};
use tokio::sync::{oneshot, watch};

use views::{entry, incident, service};

/// What the nodes are at before anything happens.
const BEFORE: u32 = 100;

/// A chain, of which any number of nodes tell.
pub(crate) struct Chain {
    state: Mutex<State>,
    moved: watch::Sender<()>,
}

#[derive(Default)]
pub(crate) struct State {
    /// How many incidents and services the lists give.
    pub listed: u64,
    /// The incident of each change.
    pub changes: Vec<u64>,
    /// How many entries the log of incident 7 has, which is the only one.
    pub entries: u32,
}

impl Chain {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::default(),
            moved: watch::channel(()).0,
        })
    }

    pub(crate) fn change(&self, with: impl FnOnce(&mut State)) {
        with(&mut self.state.lock().unwrap());
        self.moved.send_replace(());
    }

    /// The incidents of these numbers change, one after the other.
    pub(crate) fn happens(&self, incidents: impl IntoIterator<Item = u64>) {
        self.change(|state| state.changes.extend(incidents));
    }

    fn block(&self) -> BlockView {
        let changes = self.state.lock().unwrap().changes.len();
        block(BEFORE + u32::try_from(changes).unwrap())
    }

    fn at<T>(&self, data: T) -> At<T> {
        At {
            at: self.block(),
            data,
        }
    }

    fn incident_change(&self, place: usize) -> Option<At<IncidentChange>> {
        let id = *self.state.lock().unwrap().changes.get(place)?;
        let number = BEFORE + 1 + u32::try_from(place).unwrap();
        Some(At {
            at: block(number),
            data: IncidentChange {
                incident: incident(id),
                cursor: cursor(place + 1),
                behind: 0,
            },
        })
    }

    fn entry_change(&self, place: usize) -> Option<At<EntryChange>> {
        let number = u32::try_from(place).unwrap();
        let entries = self.state.lock().unwrap().entries;
        (number < entries).then(|| {
            self.at(EntryChange {
                entry: entry(number),
                behind: entries - number - 1,
            })
        })
    }
}

/// How a node is disposed.
#[derive(Default)]
pub(crate) struct Mood {
    /// It answers all that wants an index with this.
    pub refuses: Option<Failure>,
    /// How many items its next pages hold; then, as many as are asked for.
    pub pages: Vec<usize>,
    /// Each page says that it is followed by itself.
    pub circles: bool,
    /// How many changes it tells a subscriber before it calls it too slow.
    pub patience: Option<usize>,
    /// It gives an entry that was given before.
    pub stammers: bool,
    /// It keeps its connections, and answers and tells nothing.
    pub hangs: bool,
    /// What it gives as evidence, whatever it is asked of; none where it knows no such methods.
    pub evidence: Option<Envelope>,
    /// The block since which evidence was asked for last.
    pub since: Value,
    /// How many pages it was asked for.
    pub asked: usize,
    /// From where each of its subscriptions began.
    pub subscribed: Vec<Value>,
}

/// A node, until it is dropped: then it is gone in the middle of whatever it does.
pub(crate) struct Fake {
    address: SocketAddr,
    node: Arc<Node>,
    runtime: Option<tokio::runtime::Runtime>,
}

struct Node {
    chain: Arc<Chain>,
    mood: Mutex<Mood>,
    subscribed: watch::Sender<usize>,
}

impl Fake {
    /// On a port that is free.
    pub(crate) async fn start(chain: &Arc<Chain>) -> Self {
        Self::start_at(chain, "127.0.0.1:0".parse().unwrap()).await
    }

    /// Where another was that is gone.
    pub(crate) async fn start_at(chain: &Arc<Chain>, address: SocketAddr) -> Self {
        let node = Arc::new(Node {
            chain: chain.clone(),
            mood: Mutex::default(),
            subscribed: watch::channel(0).0,
        });
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let module = module(node.clone());
        let (started, start) = oneshot::channel();
        runtime.spawn(async move {
            let server = loop {
                match Server::builder().build(address).await {
                    Ok(server) => break server,
                    // The one that was there before is not gone altogether.
                    Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            };
            let address = server.local_addr().unwrap();
            let handle = server.start(module);
            started.send(address).unwrap();
            handle.stopped().await;
        });
        Self {
            address: start.await.unwrap(),
            node,
            runtime: Some(runtime),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}", self.address)
    }

    pub(crate) fn mood(&self) -> MutexGuard<'_, Mood> {
        self.node.mood.lock().unwrap()
    }

    /// Once it has taken so many subscriptions.
    pub(crate) async fn subscribed(&self, times: usize) {
        let mut subscribed = self.node.subscribed.subscribe();
        subscribed.wait_for(|taken| *taken >= times).await.unwrap();
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The cursor behind so many changes.
pub(crate) fn cursor(place: usize) -> Cursor {
    Cursor(format!("change-{place}"))
}

fn place(cursor: &Value) -> Option<usize> {
    cursor.as_str()?.strip_prefix("change-")?.parse().ok()
}

fn block(number: u32) -> BlockView {
    BlockView {
        number,
        hash: Hash([1; 32]),
    }
}

impl Node {
    fn mood(&self) -> MutexGuard<'_, Mood> {
        self.mood.lock().unwrap()
    }

    fn index(&self) -> RpcResult<()> {
        match &self.mood().refuses {
            Some(failure) => Err(failure.clone().into()),
            None => Ok(()),
        }
    }

    /// Evidence, for which `since` was said last.
    fn evidence(&self, since: Value) -> RpcResult<At<Envelope>> {
        let mut mood = self.mood();
        mood.since = since;
        match &mood.evidence {
            Some(envelope) => Ok(self.chain.at(envelope.clone())),
            None => Err(ErrorObjectOwned::owned(-32_601, "Method not found", None::<()>)),
        }
    }

    /// A page of a list, from the highest number down.
    fn page<T>(&self, params: &Params<'_>, item: impl Fn(u64) -> T) -> RpcResult<At<Listing<T>>> {
        self.index()?;
        let (_, cursor, limit): (Value, Option<String>, Option<usize>) = params.parse()?;
        let mut mood = self.mood();
        mood.asked += 1;
        let limit = limit.unwrap_or(50);
        let size = match mood.pages.is_empty() {
            true => limit,
            false => mood.pages.remove(0),
        };
        let listed = self.chain.state.lock().unwrap().listed;
        let below = cursor.as_ref().map_or(listed, |cursor| {
            cursor.split('-').next().unwrap().parse().unwrap()
        });
        let items: Vec<u64> = (0..below).rev().take(size).collect();
        let rest = below - u64::try_from(items.len()).unwrap();
        let next = match mood.circles {
            true => cursor,
            // Also of an empty page it is another one.
            false => (rest > 0).then(|| format!("{rest}-{}", mood.asked)),
        };
        drop(mood);
        Ok(self.chain.at(Listing {
            items: items.into_iter().map(item).collect(),
            next: next.map(Cursor),
            index_lag: 0,
        }))
    }

    /// Tells what there is from a place on, and then what comes.
    async fn tell<T: Serialize>(
        &self,
        pending: PendingSubscriptionSink,
        from: Value,
        place: usize,
        item: impl Fn(usize) -> Option<T>,
    ) -> SubscriptionCloseResponse {
        let refused = self.index();
        if let Err(error) = refused {
            pending.reject(error).await;
            return SubscriptionCloseResponse::None;
        }
        let mut moved = self.chain.moved.subscribe();
        let Ok(sink) = pending.accept().await else {
            return SubscriptionCloseResponse::None;
        };
        self.mood().subscribed.push(from);
        self.subscribed.send_modify(|taken| *taken += 1);
        let mut told = 0;
        loop {
            while let Some(item) = item(place + told).filter(|_| !self.mood().hangs) {
                let message = SubscriptionMessage::from_json(&item).unwrap();
                if sink.send(message).await.is_err() {
                    return SubscriptionCloseResponse::None;
                }
                told += 1;
                if self.mood().patience.is_some_and(|patience| told >= patience) {
                    let too_slow = ErrorObjectOwned::from(Failure::TooSlow { cursor: None });
                    let message = SubscriptionMessage::from_json(&too_slow).unwrap();
                    return SubscriptionCloseResponse::NotifErr(message);
                }
            }
            tokio::select! {
                () = sink.closed() => return SubscriptionCloseResponse::None,
                _ = moved.changed() => {}
            }
        }
    }

    /// How far it is, where it says so at all.
    async fn finalized(&self) -> BlockView {
        if self.mood().hangs {
            std::future::pending::<()>().await;
        }
        self.chain.block()
    }
}

fn module(node: Arc<Node>) -> RpcModule<Node> {
    let mut module = RpcModule::from_arc(node);
    let mut fixed = |name: &'static str, answer: Value| {
        module
            .register_method(name, move |_, _, _| answer.clone())
            .unwrap();
    };
    fixed("chain_getBlockHash", json!(Hash([1; 32])));
    fixed("system_chain", json!("Fake"));
    fixed("system_chainType", json!("Development"));
    fixed("system_health", json!({ "isSyncing": false, "peers": 0 }));
    fixed("chain_getFinalizedHead", json!(Hash([1; 32])));
    let version = json!({ "specVersion": 1, "transactionVersion": 1 });
    fixed("state_getRuntimeVersion", version);
    module
        .register_async_method("chain_getHeader", |_, node, _| async move {
            let number = node.finalized().await.number;
            json!({ "number": format!("{number:#x}"), "parentHash": Hash([1; 32]) })
        })
        .unwrap();
    module
        .register_method("faultline_incidents", |params, node, _| {
            node.page(&params, incident)
        })
        .unwrap();
    module
        .register_method("faultline_services", |params, node, _| {
            node.page(&params, service)
        })
        .unwrap();
    module
        .register_method("faultline_incidentsNow", |_, node, _| {
            node.index()?;
            let changes = node.chain.state.lock().unwrap().changes.len();
            RpcResult::Ok(node.chain.at(cursor(changes)))
        })
        .unwrap();
    module
        .register_method("faultline_proof", |params, node, _| {
            let (_, since): (u64, Value) = params.parse()?;
            node.evidence(since)
        })
        .unwrap();
    module
        .register_method("faultline_serviceProof", |params, node, _| {
            let (_, _, _, since): (String, Value, Value, Value) = params.parse()?;
            node.evidence(since)
        })
        .unwrap();
    module
        .register_method("faultline_incident", |params, node, _| {
            let id: u64 = params.one()?;
            if id != 7 {
                let (what, which) = ("incident".into(), id.to_string());
                return RpcResult::Err(Failure::NotFound { what, which }.into());
            }
            let entries = node.chain.state.lock().unwrap().entries;
            Ok(node.chain.at(IncidentView {
                entries,
                ..incident(id)
            }))
        })
        .unwrap();
    module
        .register_subscription(
            "faultline_subscribeIncidents",
            "faultline_incidentChange",
            "faultline_unsubscribeIncidents",
            |params, pending, node, _| async move {
                let (_, from): (Value, Value) = params.parse().unwrap();
                let now = node.chain.state.lock().unwrap().changes.len();
                let place = place(&from).unwrap_or(now);
                node.tell(pending, from, place, |place| node.chain.incident_change(place))
                    .await
            },
        )
        .unwrap();
    module
        .register_subscription(
            "faultline_subscribeEntries",
            "faultline_entryChange",
            "faultline_unsubscribeEntries",
            |params, pending, node, _| async move {
                let (_, from): (u64, u32) = params.parse().unwrap();
                let stammers = usize::from(node.mood().stammers && from > 0);
                let place = usize::try_from(from).unwrap() - stammers;
                node.tell(pending, json!(from), place, |place| {
                    node.chain.entry_change(place)
                })
                .await
            },
        )
        .unwrap();
    module
}
