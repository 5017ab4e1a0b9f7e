//! Health over HTTP, for systemd, Kubernetes, a load balancer or a person with curl.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{extract::State, http::StatusCode, response::IntoResponse, routing::get, Json, Router};
use serde_json::json;
use tokio::net::TcpListener;

use super::{health::Health, LOG_TARGET};

/// Where health is served.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Health")]
pub struct HealthArgs {
    /// Answer on this port whether the node lives (GET /live) and is ready or why not (GET /ready)
    ///
    /// 200 means yes, 503 no. Port 0 takes any that is free, and the log says which. Without this option health is
    /// not served.
    #[arg(long, value_name = "PORT")]
    health_port: Option<u16>,

    /// The address of this machine on which health is served
    ///
    /// There is no password: give 0.0.0.0 only where the network may know how the node is.
    #[arg(long, value_name = "ADDRESS", default_value_t = Ipv4Addr::LOCALHOST.into(), requires = "health_port")]
    health_addr: IpAddr,
}

impl HealthArgs {
    /// The address and port, if health is to be served.
    pub fn address(&self) -> Option<SocketAddr> {
        self.health_port
            .map(|port| SocketAddr::new(self.health_addr, port))
    }
}

/// Takes the port, so that a taken one is known before the node runs.
///
/// # Errors
///
/// Whatever keeps the port from being taken.
pub async fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind(address).await?;
    log::info!(
        target: LOG_TARGET,
        "Health is served at http://{}/ready and /live",
        listener.local_addr()?
    );
    Ok(listener)
}

/// Answers until the node stops.
pub async fn serve(listener: TcpListener, health: Health) {
    let router = Router::new()
        .route("/live", get(live))
        .route("/ready", get(ready))
        .with_state(Arc::new(health));
    if let Err(error) = axum::serve(listener, router).await {
        log::error!(target: LOG_TARGET, "Health is no longer served: {error}");
    }
}

async fn live() -> impl IntoResponse {
    Json(json!({ "live": true, "version": env!("CARGO_PKG_VERSION") }))
}

async fn ready(State(health): State<Arc<Health>>) -> impl IntoResponse {
    let report = health.report().await;
    let status = if report.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(report))
}
