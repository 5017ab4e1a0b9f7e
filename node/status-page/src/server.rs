//! Connections, and what keeps those of strangers from costing the node more than it has for them.

use std::{pin::pin, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};

use crate::{answer::router, Settings, Source};

/// Longest head of a request, in bytes.
const MAX_HEAD: usize = 16 << 10;
/// How long a connection may take to end once its time is over.
const GRACE: Duration = Duration::from_secs(5);
/// How long the server waits when the system has no connection to give, such as when it is out of files.
const PAUSE: Duration = Duration::from_millis(200);

/// Answers on a port until it is dropped.
pub async fn serve<S: Source>(listener: TcpListener, source: S, settings: Settings) {
    let free = Arc::new(Semaphore::new(settings.connections));
    let router = router(source, &settings);
    loop {
        // Before one is taken: who comes when there are too many waits in the system's queue.
        let Ok(permit) = free.clone().acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let (router, settings) = (router.clone(), settings.clone());
                tokio::spawn(async move {
                    converse(stream, router, &settings).await;
                    drop(permit);
                });
            }
            Err(error) => {
                log::debug!("A reader of status pages could not be taken: {error}");
                sleep(PAUSE).await;
            }
        }
    }
}

/// One connection, to its end: no reader can put that off, by asking slowly or by taking slowly what is sent.
async fn converse(stream: TcpStream, router: Router, settings: &Settings) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(settings.header_time)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = pin!(connection);
    let ended = timeout(settings.connection_time, connection.as_mut()).await;
    if ended.is_err() {
        connection.as_mut().graceful_shutdown();
        // How a reader's connection ends is the reader's affair.
        let _ = timeout(GRACE, connection).await;
    }
}
