//! The connection to a chain: to one node of it, and to another when that one is gone.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{
        atomic::{AtomicU32, Ordering},
        Arc, Mutex, PoisonError,
    },
};

use faultline_primitives::{Account, Hash};
use faultline_rpc::error::Failure;
use jsonrpsee::core::ClientError;

use crate::{
    node::Node,
    nodes::{self, Wanted},
    reader::Reader,
    runtime::{Runtimes, SPEC_VERSION},
    Error, Notice, Result,
};

/// What a chain is for, as its spec says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainKind {
    /// For trying things: it begins anew whenever its node is started.
    Development,
    /// A test network on one machine.
    Local,
    /// Any other.
    Live,
}

/// The nonce after those of a key's transactions that were sent and that somebody waits for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    /// The nonce.
    pub next: u64,
    /// The last block that can hold any of them.
    pub until: u32,
}

/// A connection to a Faultline chain, through any of several nodes.
pub struct Client {
    urls: Vec<String>,
    node: Mutex<Arc<Node>>,
    /// Held by whoever looks for another node.
    switching: tokio::sync::Mutex<()>,
    genesis: Hash,
    name: String,
    kind: ChainKind,
    /// The newest block that a node was seen to have made final.
    seen: AtomicU32,
    sent: Mutex<BTreeMap<Account, Sent>>,
    runtimes: Arc<Runtimes>,
    notify: Box<dyn Fn(&Notice) + Send + Sync>,
}

impl Client {
    /// Connects to a node and asks of which chain it is.
    ///
    /// # Errors
    ///
    /// No node answers at this address, or it answers as none of Faultline's would.
    pub async fn connect(url: &str) -> Result<Self> {
        Self::connect_any(&[url.into()], None, |_| ()).await
    }

    /// Connects to the first of several nodes that answers, is of the chain of this genesis, and is up with it. Another
    /// is taken whenever that one is gone; `notify` is told what is done.
    ///
    /// # Errors
    ///
    /// None answers; or those that do are of another chain, or, where no genesis is given, of different ones.
    pub async fn connect_any(
        urls: &[String],
        genesis: Option<Hash>,
        notify: impl Fn(&Notice) + Send + Sync + 'static,
    ) -> Result<Self> {
        let runtimes = Arc::default();
        let wanted = Wanted { genesis, seen: 0 };
        let found = nodes::find(urls, wanted, &runtimes).await?;
        found.notices.iter().for_each(&notify);
        Ok(Self {
            urls: urls.to_vec(),
            genesis: found.met.standing.genesis,
            name: found.met.name,
            kind: found.met.kind,
            seen: found.met.standing.finalized.into(),
            node: Mutex::new(Arc::new(found.met.node)),
            switching: tokio::sync::Mutex::default(),
            sent: Mutex::default(),
            runtimes,
            notify: Box::new(notify),
        })
    }

    /// The address of the node that is talked to.
    pub fn url(&self) -> String {
        self.node().url().into()
    }

    /// The addresses of all nodes that may be talked to.
    pub fn urls(&self) -> &[String] {
        &self.urls
    }

    /// The hash of the genesis block: what names the chain.
    pub fn genesis(&self) -> Hash {
        self.genesis
    }

    /// What the chain calls itself.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the chain is for.
    pub fn kind(&self) -> ChainKind {
        self.kind
    }

    /// Whom to ask the methods of [`faultline_rpc::FaultlineRpcClient`]: the node, and when that is gone another.
    pub fn rpc(&self) -> Reader<'_> {
        Reader::new(self)
    }

    /// Waits for an answer and says what went wrong in terms of [`Error`].
    ///
    /// # Errors
    ///
    /// What the node answers, or that none does.
    pub async fn answer<T>(
        &self,
        request: impl Future<Output = std::result::Result<T, ClientError>>,
    ) -> Result<T> {
        match request.await {
            Ok(answer) => Ok(answer),
            Err(error) => match Error::of_request(&self.urls.join(", "), error) {
                Error::Incompatible(what) => Err(self.if_newer(what).await),
                error => Err(error),
            },
        }
    }

    /// What is not understood of a chain that is newer than this program is no fault of the chain's.
    pub(crate) async fn if_newer(&self, what: String) -> Error {
        let version = self.with_node(|node| async move {
            let head = node.finalized_head().await?;
            node.version_at(head).await
        });
        match version.await {
            Ok(version) if version.spec_version > SPEC_VERSION => Error::TooOld {
                runtime: version.spec_version,
                what,
            },
            _ => Error::Incompatible(what),
        }
    }

    /// The node that is talked to now.
    pub(crate) fn node(&self) -> Arc<Node> {
        self.node.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The newest block that a node was seen to have made final.
    pub(crate) fn seen(&self) -> u32 {
        self.seen.load(Ordering::Relaxed)
    }

    /// A node has made this block final.
    pub(crate) fn has_seen(&self, finalized: u32) {
        self.seen.fetch_max(finalized, Ordering::Relaxed);
    }

    /// Says what is done.
    pub(crate) fn notify(&self, notice: &Notice) {
        (self.notify)(notice);
    }

    /// What is known of the transactions of keys that are under way.
    pub(crate) fn sent<T>(&self, with: impl FnOnce(&mut BTreeMap<Account, Sent>) -> T) -> T {
        with(&mut self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks a node; when that one is gone, another, all of it again: what was asked before it went may no longer be so.
    /// Only for what changes nothing.
    pub(crate) async fn with_node<T, F>(&self, ask: impl Fn(Arc<Node>) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut node = self.node();
        let mut left = self.urls.len();
        loop {
            match ask(node.clone()).await {
                Err(error) if self.may_differ(&error) && left > 0 => {
                    node = self.next_node(&node, &error).await?;
                    left = left.saturating_sub(1);
                }
                outcome => return outcome,
            }
        }
    }

    /// Whether another node, or the same once it is there again, may answer what this one does not.
    pub(crate) fn may_differ(&self, error: &Error) -> bool {
        match error {
            Error::Unreachable { .. } => true,
            Error::Lacking { .. }
            | Error::Failure(
                Failure::Unavailable { .. }
                | Failure::IndexBuilding { .. }
                | Failure::NoIndex
                | Failure::NoHistory { .. }
                | Failure::Busy,
            ) => self.urls.len() > 1,
            _ => false,
        }
    }

    /// Connects to another node, or to the same again where it answers after all. It waits a little for one that has made
    /// final what was seen to be.
    ///
    /// # Errors
    ///
    /// None answers that is of the chain.
    pub(crate) async fn next_node(&self, gone: &Arc<Node>, why: &Error) -> Result<Arc<Node>> {
        let _one_at_a_time = self.switching.lock().await;
        let now = self.node();
        if !Arc::ptr_eq(&now, gone) {
            return Ok(now);
        }
        let urls = after(&self.urls, gone.url(), why);
        let wanted = Wanted {
            genesis: Some(self.genesis),
            seen: self.seen(),
        };
        let found = nodes::find_caught_up(&urls, wanted, &self.runtimes).await?;
        if self.urls.len() > 1 {
            found.notices.iter().for_each(&self.notify);
            self.notify(&Notice::GoesOn {
                from: gone.url().into(),
                why: nodes::reason(why),
                to: found.met.node.url().into(),
            });
        }
        self.has_seen(found.met.standing.finalized);
        let node = Arc::new(found.met.node);
        *self.node.lock().unwrap_or_else(PoisonError::into_inner) = node.clone();
        Ok(node)
    }

    /// How far a node is of which nothing was heard for a while, and which was at this block `before`.
    ///
    /// # Errors
    ///
    /// It does not answer, or stays where it was while another is far ahead.
    pub(crate) async fn ask_after(&self, node: &Node, before: u32) -> Result<u32> {
        let number = node.asked_soon().await?;
        if number > before {
            return Ok(number);
        }
        match self.others_are_at(number).await {
            Some(theirs) => Err(node.lacks(format!("stays at block {number}, and others are at {theirs}"))),
            None => Ok(number),
        }
    }

    /// The newest block that the others have made final, where one of them is far ahead of this.
    async fn others_are_at(&self, finalized: u32) -> Option<u32> {
        if self.urls.len() < 2 {
            return None;
        }
        let wanted = Wanted {
            genesis: Some(self.genesis),
            seen: 0,
        };
        let found = nodes::find(&self.urls, wanted, &self.runtimes).await.ok()?;
        let theirs = found.newest;
        (theirs > finalized.saturating_add(crate::choice::FAR)).then_some(theirs)
    }
}

/// The nodes in the order in which they are asked once one of them is left: that one last.
fn after(urls: &[String], left: &str, why: &Error) -> Vec<String> {
    let of_node = |url: &String| url == left;
    let mut urls = urls.to_vec();
    match (urls.iter().position(of_node), why) {
        // The others are as good as they were: the first named is.
        (Some(place), Error::Unreachable { .. }) => {
            let same = urls.remove(place);
            urls.push(same);
        }
        // What this one cannot say each of the others is asked in turn.
        (Some(place), _) => urls.rotate_left(place.saturating_add(1)),
        (None, _) => {}
    }
    urls
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_is_gone_is_asked_last_and_one_that_cannot_say_after_each_of_the_others() {
        let urls = ["a", "b", "c", "d"].map(String::from);
        let gone = Error::Unreachable {
            url: "b".into(),
            source: Box::new(ClientError::RequestTimeout),
        };
        assert_eq!(after(&urls, "b", &gone), ["a", "c", "d", "b"]);
        let no_index = Error::Failure(Failure::NoIndex);
        assert_eq!(after(&urls, "b", &no_index), ["c", "d", "a", "b"]);
        assert_eq!(after(&urls, "d", &no_index), urls);
    }
}
