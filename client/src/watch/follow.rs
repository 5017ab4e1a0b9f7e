//! One stream out of one subscription after another.

use std::{collections::BTreeSet, future::Future, sync::Arc};

use faultline_rpc::{error::Failure, view::At};
use futures::{stream::try_unfold, Stream};
use jsonrpsee::{
    core::{
        client::{Subscription, SubscriptionCloseReason},
        ClientError,
    },
    ws_client::WsClient,
};
use serde::de::DeserializeOwned;

use super::patience::Patience;
use crate::{
    live::QUIET,
    node::{Node, BUFFER},
    nodes::reason,
    Client, Error, Notice, Result,
};

/// What is followed, and from where on.
pub(super) trait Source: Send + Sync {
    /// What comes.
    type Change: DeserializeOwned + Send;

    /// Makes sure of where to begin, by what a node says that was met now; once it has succeeded it is not called again.
    fn begin(&mut self, rpc: &WsClient) -> impl Future<Output = std::result::Result<(), ClientError>> + Send;

    /// Subscribes to all that comes after what was received.
    fn subscribe(
        &self,
        rpc: &WsClient,
    ) -> impl Future<Output = std::result::Result<Subscription<At<Self::Change>>, ClientError>> + Send;

    /// This was received: the next subscription begins behind it.
    fn received(&mut self, change: &Self::Change) -> Result<()>;
}

/// What a source gives, until it errs in a way that waiting does not change.
pub(super) fn follow<'a, S: Source + 'a>(
    client: &'a Client,
    source: S,
) -> impl Stream<Item = Result<At<S::Change>>> + Send + 'a {
    let follow = Follow {
        client,
        source,
        begun: false,
        live: None,
        patience: Patience::new(),
        told: None,
        without_index: BTreeSet::new(),
    };
    try_unfold(follow, |mut follow| async move {
        let change = follow.next().await?;
        Ok(Some((change, follow)))
    })
}

/// Somebody who follows a source.
struct Follow<'a, S: Source> {
    client: &'a Client,
    source: S,
    /// Whether it is known where to begin: from then on, what is not there is not there yet.
    begun: bool,
    live: Option<Subscribed<S::Change>>,
    patience: Patience,
    /// What was said last of why nothing is heard; none while something is.
    told: Option<String>,
    /// The nodes that said that they keep no index.
    without_index: BTreeSet<String>,
}

/// A subscription.
struct Subscribed<T> {
    /// It lasts as long as this connection.
    node: Arc<Node>,
    changes: Subscription<At<T>>,
    /// Whether it gave anything.
    gave: bool,
    /// How many more changes are sure to follow one upon the other.
    whole: usize,
    /// The newest block that the node was seen to have made final while nothing came.
    newest: u32,
}

/// What a subscription comes to.
enum Heard<T> {
    Change(At<T>),
    /// It ended, or what it gives now may have a gap before it.
    End,
    /// Nothing came for a while.
    Quiet,
}

impl<T: DeserializeOwned> Subscribed<T> {
    fn new(node: Arc<Node>, changes: Subscription<At<T>>) -> Self {
        Self {
            node,
            changes,
            gave: false,
            whole: BUFFER,
            newest: 0,
        }
    }

    async fn hear(&mut self) -> Result<Heard<T>> {
        let change = match tokio::time::timeout(QUIET, self.changes.next()).await {
            Err(_) => return Ok(Heard::Quiet),
            Ok(None) => return Ok(Heard::End),
            Ok(Some(change)) => change,
        };
        // What finds the buffer full is dropped, and what comes after that may find room again. When the first was
        // dropped the buffer held as many as it can, without a gap: so many are sure to be whole from the last moment
        // on at which none had been dropped.
        match self.changes.close_reason() {
            Some(SubscriptionCloseReason::Lagged) => match self.whole.checked_sub(1) {
                Some(left) => self.whole = left,
                None => return Ok(Heard::End),
            },
            _ => self.whole = BUFFER,
        }
        self.gave = true;
        change
            .map(Heard::Change)
            .map_err(|error| Error::Incompatible(format!("a change is not as expected: {error}")))
    }
}

impl<S: Source> Follow<'_, S> {
    /// The next change, however long it takes to come.
    async fn next(&mut self) -> Result<At<S::Change>> {
        loop {
            let mut node = self.client.node();
            let error = match self.listen(&mut node).await {
                Ok(change) => return Ok(change),
                Err(error) => error,
            };
            self.live = None;
            if !self.passes(&error, &node) {
                return Err(match error {
                    Error::Incompatible(what) => self.client.if_newer(what).await,
                    error => error,
                });
            }
            self.tell(&node, &error);
            self.patience.wait().await;
            if !self.client.may_differ(&error) {
                continue;
            }
            match self.client.next_node(&node, &error).await {
                // That none answers, or none can, passes as well.
                Ok(_) | Err(Error::Unreachable { .. } | Error::Node { .. }) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Listens to the node that is talked to, or to the one that was before while its subscription lasts, which is then
    /// written into `node`.
    async fn listen(&mut self, node: &mut Arc<Node>) -> Result<At<S::Change>> {
        loop {
            let mut live = match self.live.take() {
                Some(live) => live,
                None => self.subscribed(node).await?,
            };
            *node = live.node.clone();
            match live.hear().await? {
                Heard::Change(change) => {
                    self.source.received(&change.data)?;
                    self.client.has_seen(change.at.number);
                    self.patience = Patience::new();
                    self.live = Some(live);
                    return Ok(change);
                }
                Heard::Quiet => {
                    live.newest = self.client.ask_after(&live.node, live.newest).await?;
                    self.client.has_seen(live.newest);
                    self.patience = Patience::new();
                    self.live = Some(live);
                }
                Heard::End => {
                    let gave = live.gave;
                    drop(live);
                    if !gave {
                        self.patience.wait().await;
                    }
                    // The connection may be there and may not be: the next subscription says.
                    *node = self.client.node();
                }
            }
        }
    }

    /// Subscribes at a node.
    async fn subscribed(&mut self, node: &Arc<Node>) -> Result<Subscribed<S::Change>> {
        if !self.begun {
            node.answer(self.source.begin(node.rpc())).await?;
            self.begun = true;
        }
        let changes = node.answer(self.source.subscribe(node.rpc())).await?;
        self.without_index.clear();
        if self.told.take().is_some() {
            self.client.notify(&Notice::Resumes {
                url: node.url().into(),
            });
        }
        Ok(Subscribed::new(node.clone(), changes))
    }

    /// Whether an error passes if one waits.
    fn passes(&mut self, error: &Error, node: &Node) -> bool {
        match error {
            Error::Unreachable { .. }
            | Error::Lacking { .. }
            | Error::Failure(
                Failure::Unavailable { .. }
                | Failure::IndexBuilding { .. }
                | Failure::Busy
                | Failure::TooSlow { .. },
            ) => true,
            // Nothing is ever removed: this node is not that far yet.
            Error::Failure(Failure::NotFound { .. }) => self.begun,
            Error::Failure(Failure::NoIndex) => {
                self.without_index.insert(node.url().into());
                let mut urls = self.client.urls().iter();
                urls.any(|url| !self.without_index.contains(url))
            }
            _ => false,
        }
    }

    /// Says why nothing is heard, once for each reason.
    fn tell(&mut self, node: &Node, error: &Error) {
        let why = reason(error);
        if self.told.as_ref() != Some(&why) {
            self.client.notify(&Notice::Waits {
                url: node.url().into(),
                why: why.clone(),
            });
        }
        self.told = Some(why);
    }
}
