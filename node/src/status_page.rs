//! Status pages over HTTP: where they are served, and what of.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use faultline_primitives::IncidentId;
use faultline_rpc::{
    error::Failure,
    server::Faultline,
    view::{At, EntryView, IncidentView, Listing, Page, ServiceView, StatusView},
    Cursor, FaultlineRpcServer, IncidentFilter, ServiceFilter,
};
use faultline_runtime::opaque::Block;
use faultline_status_page::{serve, Settings, Source};
use jsonrpsee::core::RpcResult;
use tokio::net::TcpListener;

use crate::{service::FullClient, watch::LOG_TARGET};

/// Where status pages are served.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Status pages")]
pub struct StatusPageArgs {
    /// Serve status pages and an Atom feed on this port, in the format of Statuspage (GET /openai/api/v2/summary.json)
    ///
    /// Port 0 takes any that is free, and the log says which. Without this option they are not served. They are made of
    /// the index.
    #[arg(long, value_name = "PORT", conflicts_with = "no_index")]
    status_page_port: Option<u16>,

    /// The address of this machine on which status pages are served
    #[arg(long, value_name = "ADDRESS", default_value_t = Ipv4Addr::LOCALHOST.into(), requires = "status_page_port")]
    status_page_addr: IpAddr,

    /// Where readers find the status pages, for the links in them [default: the address and port]
    #[arg(long, value_name = "URL", requires = "status_page_port")]
    status_page_url: Option<String>,
}

/// Where status pages are served, and where readers find them.
#[derive(Clone, Debug)]
pub struct Place {
    /// The address and port.
    pub address: SocketAddr,
    url: Option<String>,
}

impl StatusPageArgs {
    /// The place, if they are to be served.
    pub fn place(&self) -> Option<Place> {
        let port = self.status_page_port?;
        Some(Place {
            address: SocketAddr::new(self.status_page_addr, port),
            url: self.status_page_url.clone(),
        })
    }
}

/// Status pages that are about to be served.
pub struct StatusPages {
    listener: TcpListener,
    settings: Settings,
}

impl StatusPages {
    /// Takes the port, so that a taken one is known before the node runs.
    ///
    /// # Errors
    ///
    /// Whatever keeps the port from being taken.
    pub async fn listen(place: &Place) -> std::io::Result<Self> {
        let listener = TcpListener::bind(place.address).await?;
        let local = format!("http://{}", listener.local_addr()?);
        log::info!(target: LOG_TARGET, "Status pages are served at {local}/SLUG/api/v2/summary.json");
        Ok(Self {
            listener,
            settings: Settings::at(place.url.clone().unwrap_or(local)),
        })
    }

    /// Answers until the node stops.
    pub async fn serve(self, faultline: Faultline<Block, FullClient>) {
        serve(self.listener, Answers(faultline), self.settings).await;
    }
}

/// What the JSON-RPC server answers.
struct Answers(Faultline<Block, FullClient>);

fn answer<T>(answer: RpcResult<T>) -> Result<T, Failure> {
    answer.map_err(|error| {
        let data = error.data().map(|data| data.get());
        Failure::of(error.code(), data).unwrap_or_else(|| Failure::Unavailable {
            why: error.message().into(),
        })
    })
}

impl Source for Answers {
    async fn status(&self) -> Result<At<StatusView>, Failure> {
        answer(self.0.status().await)
    }

    async fn services(
        &self,
        filter: ServiceFilter,
        cursor: Option<Cursor>,
        limit: u32,
    ) -> Result<At<Listing<ServiceView>>, Failure> {
        answer(FaultlineRpcServer::services(&self.0, Some(filter), cursor, Some(limit)).await)
    }

    async fn incidents(
        &self,
        filter: IncidentFilter,
        cursor: Option<Cursor>,
        limit: u32,
    ) -> Result<At<Listing<IncidentView>>, Failure> {
        answer(FaultlineRpcServer::incidents(&self.0, Some(filter), cursor, Some(limit)).await)
    }

    async fn entries(&self, id: IncidentId, from: u32, limit: u32) -> Result<At<Page<EntryView>>, Failure> {
        answer(FaultlineRpcServer::entries(&self.0, id.0, Some(from), Some(limit)).await)
    }
}
