//! Faultline's own JSON-RPC: the trait, its answers, and (feature `server`) what a node answers with.
//!
//! Every answer is `{ "at": { "number", "hash" }, "data": … }` and true at that finalized block. Field names are
//! camelCase, times are RFC 3339 in UTC, hashes and keys are 0x-hex. What cannot be answered is an error with a
//! code and a machine-readable `data`: see [`error`]. Nothing is ever an empty answer in place of an error.
//!
//! What is asked of one thing by its number or name is read from the chain's finalized state. Lists and subscriptions
//! are read from the node's index, which follows finalized blocks and may be some behind: such an answer is true at the
//! block that it names, and `indexLag` says how many finalized blocks came after it.

pub mod error;
mod filter;
pub mod limits;
pub mod openrpc;
#[cfg(feature = "server")]
pub mod server;
pub mod view;

pub use faultline_proof::Envelope;
pub use filter::{Cursor, IncidentFilter, ServiceFilter};

#[cfg(feature = "server")]
use jsonrpsee::core::RpcResult;
use jsonrpsee::proc_macros::rpc;

#[cfg(feature = "server")]
use server::Ended;

use view::{
    ActEntryView, At, CouncilView, EntryChange, EntryView, IncidentChange, IncidentView, Listing,
    OrganisationView, Page, RelatedView, RulesView, ServiceDetail, ServiceView, StatusView, Utc,
    ValidatorsView, WarpView,
};

/// Most items that one answer holds.
pub const MAX_PAGE: u32 = 100;
/// Items that a page of a list holds where no limit is given.
pub const DEFAULT_PAGE: u32 = 50;
/// Most incidents that the answer about a service lists.
pub const MAX_LATEST: u32 = 10;

/// Reading the record, at the finalized block.
#[cfg_attr(
    all(feature = "client", feature = "server"),
    rpc(client, server, namespace = "faultline")
)]
#[cfg_attr(
    all(feature = "client", not(feature = "server")),
    rpc(client, namespace = "faultline")
)]
#[cfg_attr(
    all(feature = "server", not(feature = "client")),
    rpc(server, namespace = "faultline")
)]
pub trait FaultlineRpc {
    /// The chain and how far this node is with it.
    #[method(name = "status")]
    async fn status(&self) -> RpcResult<At<StatusView>>;

    /// The rules in force.
    #[method(name = "rules")]
    async fn rules(&self) -> RpcResult<At<RulesView>>;

    /// An incident as its log makes it, with what time alone changes as of the block's time.
    #[method(name = "incident")]
    async fn incident(&self, id: u64) -> RpcResult<At<IncidentView>>;

    /// Entries of an incident's log from a number on; 100 of them where no limit is given, which is also the most.
    #[method(name = "entries")]
    async fn entries(&self, id: u64, from: Option<u32>, limit: Option<u32>)
        -> RpcResult<At<Page<EntryView>>>;

    /// Incidents by filter, newest start first and of one start the later opened first, from the index.
    ///
    /// 50 of them where no limit is given, 100 at most. `next` is the cursor of the next page: while new incidents
    /// arrive, none whose start stays the same is skipped or repeated. Where a filter combines a service with an
    /// organisation, a page may hold fewer than `limit` though there are more: only a page without `next` is the last.
    #[method(name = "incidents")]
    async fn incidents(
        &self,
        filter: Option<IncidentFilter>,
        cursor: Option<Cursor>,
        limit: Option<u32>,
    ) -> RpcResult<At<Listing<IncidentView>>>;

    /// From where a subscription to incidents begins that misses nothing after the block that the answer names: the
    /// cursor of now, from the index. Whoever asks for it before a list, and follows from it, sees each incident as it was
    /// or as it became, and loses none where the connection breaks before the first change.
    #[method(name = "incidentsNow")]
    async fn incidents_now(&self, filter: Option<IncidentFilter>) -> RpcResult<At<Cursor>>;

    /// The event that an incident is part of: incidents of the same service, of its parent, components and siblings, and
    /// of the same provider that overlap it in time; newest start first, 100 at most, from the index.
    #[method(name = "related")]
    async fn related(&self, id: u64) -> RpcResult<At<RelatedView>>;

    /// A service by its slug, with the ten incidents opened on it last.
    #[method(name = "service")]
    async fn service(&self, slug: String) -> RpcResult<At<ServiceDetail>>;

    /// Services by filter, in order of their slugs, from the index; 50 of them where no limit is given, 100 at most.
    #[method(name = "services")]
    async fn services(
        &self,
        filter: Option<ServiceFilter>,
        cursor: Option<Cursor>,
        limit: Option<u32>,
    ) -> RpcResult<At<Listing<ServiceView>>>;

    /// An organisation, with the history of its keys.
    #[method(name = "organisation")]
    async fn organisation(&self, id: u32) -> RpcResult<At<OrganisationView>>;

    /// Organisations by number, from one on; 100 of them where no limit is given, which is also the most.
    #[method(name = "organisations")]
    async fn organisations(
        &self,
        from: Option<u32>,
        limit: Option<u32>,
    ) -> RpcResult<At<Page<OrganisationView>>>;

    /// The council: its seats, the motions that are open, and the calls that it has paused.
    #[method(name = "council")]
    async fn council(&self) -> RpcResult<At<CouncilView>>;

    /// Who keeps the chain: the present session and the validators.
    #[method(name = "validators")]
    async fn validators(&self) -> RpcResult<At<ValidatorsView>>;

    /// What the council did, from an entry of the consortium's log on; 100 entries where no limit is given, which is
    /// also the most.
    #[method(name = "acts")]
    async fn acts(&self, from: Option<u32>, limit: Option<u32>) -> RpcResult<At<Page<ActEntryView>>>;

    /// An evidence bundle of an incident: its whole log, with all that it takes to check it offline from the genesis hash.
    ///
    /// It is made at the latest block that finality stopped at, which the answer names, and may be some blocks behind the
    /// finalized one. With `since`, a block that is final, the history of the authorities before it is left out: such a
    /// bundle is checked from a checkpoint of that block or a later one.
    #[method(name = "proof")]
    async fn proof(&self, id: u64, since: Option<u32>) -> RpcResult<At<Envelope>>;

    /// An evidence bundle of a service: all incidents that were opened on it in a span of block time, both ends included,
    /// proven to be all. From the beginning and until now where `from` or `to` is not given. `since` as of `proof`.
    #[method(name = "serviceProof")]
    async fn service_proof(
        &self,
        slug: String,
        from: Option<Utc>,
        to: Option<Utc>,
        since: Option<u32>,
    ) -> RpcResult<At<Envelope>>;

    /// Who made blocks final, from the genesis block on or from `since`, a block that is final: every change of
    /// authorities, and at the end a block with the votes that make it final. In parts: `next` is the `since` of the next.
    ///
    /// The block at the end is the latest that finality stopped at, or `until` where that is given, which must be such a
    /// block.
    #[method(name = "warpProof")]
    async fn warp_proof(&self, since: Option<u32>, until: Option<u32>) -> RpcResult<At<WarpView>>;

    /// Incidents that a filter matches, whenever an entry is appended to one and final: in order of block, then number.
    ///
    /// From `from` on, the cursor of the last change that was received: nothing after it is left out or repeated, across
    /// any number of connections and nodes. Without it, from now on. An incident that changed several times since is
    /// given once, as its last entry made it. Each change says how many blocks of the index lie after it (`behind`), so
    /// that a slow reader knows; one that takes nothing for a minute is cut off with error 7008, and resumes by its cursor.
    #[subscription(name = "subscribeIncidents" => "incidentChange", unsubscribe = "unsubscribeIncidents", item = At<IncidentChange>)]
    async fn subscribe_incidents(&self, filter: Option<IncidentFilter>, from: Option<Cursor>) -> Ended;

    /// Entries of one incident's log as they become final: from a number on, else those to come. None is left out or
    /// repeated; to resume, subscribe from the number after that of the last one received.
    #[subscription(name = "subscribeEntries" => "entryChange", unsubscribe = "unsubscribeEntries", item = At<EntryChange>)]
    async fn subscribe_entries(&self, id: u64, from: Option<u32>) -> Ended;
}
