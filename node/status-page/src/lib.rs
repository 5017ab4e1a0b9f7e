//! Faultline for whatever reads status pages: Atlassian Statuspage's public API (v2) and an Atom feed.
//!
//! A page is of a slug prefix: `/openai/api/v2/summary.json` is of `openai` and all below it. `docs/status-page.md` maps
//! each field, and says what cannot be mapped.
//!
//! | file | holds |
//! | --- | --- |
//! | `route.rs` | which page and document an address names |
//! | `reading.rs` | what a document needs, read from the [`Source`] so that all of it is true at one block |
//! | `board.rs` | components, and how each stands |
//! | `story.rs`, `words.rs` | an incident, and what was said of it |
//! | `maintenance.rs` | maintenance that a provider announced |
//! | `shape.rs`, `stamp.rs` | the JSON |
//! | `feed.rs` | the feed |
//! | `pages.rs` | which answers are kept, and how many are made at once |
//! | `answer.rs`, `server.rs`, `trouble.rs` | HTTP: answers, connections, errors |

mod answer;
mod board;
mod feed;
mod maintenance;
mod pages;
mod reading;
mod route;
mod server;
mod shape;
mod stamp;
mod story;
mod trouble;
mod words;

#[cfg(test)]
mod tests;

use std::{future::Future, time::Duration};

use faultline_primitives::IncidentId;
use faultline_rpc::{
    error::Failure,
    view::{At, EntryView, IncidentView, Listing, Page, ServiceView, StatusView},
    Cursor, IncidentFilter, ServiceFilter,
};

pub use answer::router;
pub use server::serve;

/// Most components of a page.
pub const MAX_COMPONENTS: u32 = 100;
/// Most incidents, and most maintenances, of a document: as many as Statuspage gives.
pub const MAX_INCIDENTS: usize = 50;
/// Most entries of an incident's log that a document tells, the newest.
pub const MAX_UPDATES: u32 = 30;

/// Where the record is read: the answers of the JSON-RPC methods of the same names.
///
/// Lists are true at the block at which [`StatusView::index`] says that the index stands. Whoever must block a thread to
/// answer does so away from the asynchronous runtime.
pub trait Source: Send + Sync + 'static {
    /// The chain and how far the node is with it.
    fn status(&self) -> impl Future<Output = Result<At<StatusView>, Failure>> + Send;

    /// Services by filter, in order of their slugs; not found where no service, retired or not, is of the filter's prefix.
    fn services(
        &self,
        filter: ServiceFilter,
        cursor: Option<Cursor>,
        limit: u32,
    ) -> impl Future<Output = Result<At<Listing<ServiceView>>, Failure>> + Send;

    /// Incidents by filter, newest start first.
    fn incidents(
        &self,
        filter: IncidentFilter,
        cursor: Option<Cursor>,
        limit: u32,
    ) -> impl Future<Output = Result<At<Listing<IncidentView>>, Failure>> + Send;

    /// Entries of an incident's log from a number on.
    fn entries(
        &self,
        id: IncidentId,
        from: u32,
        limit: u32,
    ) -> impl Future<Output = Result<At<Page<EntryView>>, Failure>> + Send;
}

/// Where the server is found, and what it lets a reader cost it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where readers find it, without a slash at the end; links in answers begin with it.
    pub url: String,
    /// Most connections at once. Others wait until one of them ends.
    pub connections: usize,
    /// Most time from when a connection may ask until its question is there.
    pub header_time: Duration,
    /// Most time that a connection lasts, however fast its reader takes what is sent.
    pub connection_time: Duration,
    /// Most time that an answer takes to be made.
    pub answer_time: Duration,
}

impl Settings {
    /// Limits under which strangers may read, for a server that is found at this address.
    pub fn at(url: impl Into<String>) -> Self {
        Self {
            url: url.into().trim_end_matches('/').into(),
            connections: 256,
            header_time: Duration::from_secs(5),
            connection_time: Duration::from_secs(60),
            answer_time: Duration::from_secs(10),
        }
    }
}
