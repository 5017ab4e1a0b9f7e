//! Faultline's own JSON-RPC: the trait, its answers, and (feature `server`) what a node answers with.
//!
//! Every answer is `{ "at": { "number", "hash" }, "data": … }` and true at that finalized block. Field names are
//! camelCase, times are RFC 3339 in UTC, hashes and keys are 0x-hex. What cannot be answered is an error with a
//! code and a machine-readable `data`: see [`error`]. Nothing is ever an empty answer in place of an error.

pub mod error;
#[cfg(feature = "server")]
pub mod server;
pub mod view;

#[cfg(feature = "server")]
use jsonrpsee::core::RpcResult;
use jsonrpsee::proc_macros::rpc;

use view::{
    ActEntryView, At, CouncilView, EntryView, IncidentView, OrganisationView, Page, RulesView, ServiceView,
    StatusView, ValidatorsView,
};

/// Most entries or organisations that one answer holds.
pub const MAX_PAGE: u32 = 100;
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
    fn status(&self) -> RpcResult<At<StatusView>>;

    /// The rules in force.
    #[method(name = "rules")]
    fn rules(&self) -> RpcResult<At<RulesView>>;

    /// An incident as its log makes it, with what time alone changes as of the block's time.
    #[method(name = "incident")]
    fn incident(&self, id: u64) -> RpcResult<At<IncidentView>>;

    /// Entries of an incident's log from a number on; 100 of them where no limit is given, which is also the most.
    #[method(name = "entries")]
    fn entries(&self, id: u64, from: Option<u32>, limit: Option<u32>) -> RpcResult<At<Page<EntryView>>>;

    /// A service by its slug, with the ten incidents opened on it last.
    #[method(name = "service")]
    fn service(&self, slug: String) -> RpcResult<At<ServiceView>>;

    /// An organisation, with the history of its keys.
    #[method(name = "organisation")]
    fn organisation(&self, id: u32) -> RpcResult<At<OrganisationView>>;

    /// Organisations by number, from one on; 100 of them where no limit is given, which is also the most.
    #[method(name = "organisations")]
    fn organisations(&self, from: Option<u32>, limit: Option<u32>) -> RpcResult<At<Page<OrganisationView>>>;

    /// The council: its seats, the motions that are open, and the calls that it has paused.
    #[method(name = "council")]
    fn council(&self) -> RpcResult<At<CouncilView>>;

    /// Who keeps the chain: the present session and the validators.
    #[method(name = "validators")]
    fn validators(&self) -> RpcResult<At<ValidatorsView>>;

    /// What the council did, from an entry of the consortium's log on; 100 entries where no limit is given, which is
    /// also the most.
    #[method(name = "acts")]
    fn acts(&self, from: Option<u32>, limit: Option<u32>) -> RpcResult<At<Page<ActEntryView>>>;
}
