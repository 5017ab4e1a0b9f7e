//! Whom to ask: the node that is talked to, and when that one is gone another.

use std::{fmt, future::Future, sync::Arc};

use faultline_rpc::view::BlockView;
use jsonrpsee::core::{
    async_trait,
    client::{BatchResponse, ClientT, Subscription, SubscriptionClientT},
    params::BatchRequestBuilder,
    traits::ToRpcParams,
    ClientError,
};
use serde::{de::DeserializeOwned, Deserialize};
use serde_json::{value::RawValue, Value};

use crate::{node::Node, Client, Error};

/// Reads from a chain, by the methods of [`faultline_rpc::FaultlineRpcClient`]. Each is asked of another node when the
/// one that is talked to does not answer, or answers that it cannot say now.
///
/// A subscription that is made by it is one to the node that took it. It ends when that node is left, and where its
/// reader is slow it may have a gap before it ends: [`Client::watch_incidents`] and [`Client::watch_entries`] go on, and
/// have none.
#[derive(Clone, Copy)]
pub struct Reader<'a>(&'a Client);

impl<'a> Reader<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(client)
    }

    /// Asks the node that is talked to; where another may answer what it does not, that one.
    async fn asked<T, F>(&self, ask: impl Fn(Arc<Node>) -> F) -> Result<T, ClientError>
    where
        F: Future<Output = Result<T, ClientError>>,
    {
        let mut node = self.0.node();
        let mut left = self.0.urls().len();
        loop {
            let error = match ask(node.clone()).await {
                Err(error) if left > 0 && !matches!(error, ClientError::ParseError(_)) => error,
                answer => return answer,
            };
            let why = Error::of_request(node.url(), again(&error));
            if !self.0.may_differ(&why) {
                return Err(error);
            }
            node = match self.0.next_node(&node, &why).await {
                Ok(next) => next,
                Err(_) => return Err(error),
            };
            left = left.saturating_sub(1);
        }
    }
}

/// Parameters that were written down, to be sent as often as wanted.
struct Written(Option<Box<RawValue>>);

impl ToRpcParams for Written {
    fn to_rpc_params(self) -> Result<Option<Box<RawValue>>, serde_json::Error> {
        Ok(self.0)
    }
}

/// The block at which an answer is true.
#[derive(Deserialize)]
struct TrueAt {
    at: BlockView,
}

#[async_trait]
impl ClientT for Reader<'_> {
    async fn notification<Params>(&self, method: &str, params: Params) -> Result<(), ClientError>
    where
        Params: ToRpcParams + Send,
    {
        self.0.node().rpc().notification(method, params).await
    }

    async fn request<R, Params>(&self, method: &str, params: Params) -> Result<R, ClientError>
    where
        R: DeserializeOwned,
        Params: ToRpcParams + Send,
    {
        let params = params.to_rpc_params().map_err(ClientError::ParseError)?;
        let params = &params;
        let answer: Value = self
            .asked(|node| async move { node.rpc().request(method, Written(params.clone())).await })
            .await?;
        if let Ok(TrueAt { at }) = TrueAt::deserialize(&answer) {
            self.0.has_seen(at.number);
        }
        serde_json::from_value(answer).map_err(ClientError::ParseError)
    }

    async fn batch_request<'b, R>(
        &self,
        batch: BatchRequestBuilder<'b>,
    ) -> Result<BatchResponse<'b, R>, ClientError>
    where
        R: DeserializeOwned + fmt::Debug + 'b,
    {
        self.0.node().rpc().batch_request(batch).await
    }
}

#[async_trait]
impl SubscriptionClientT for Reader<'_> {
    async fn subscribe<'a, Notif, Params>(
        &self,
        subscribe_method: &'a str,
        params: Params,
        unsubscribe_method: &'a str,
    ) -> Result<Subscription<Notif>, ClientError>
    where
        Params: ToRpcParams + Send,
        Notif: DeserializeOwned,
    {
        let params = params.to_rpc_params().map_err(ClientError::ParseError)?;
        let params = &params;
        self.asked(|node| async move {
            node.rpc()
                .subscribe(subscribe_method, Written(params.clone()), unsubscribe_method)
                .await
        })
        .await
    }

    async fn subscribe_to_method<'a, Notif>(
        &self,
        method: &'a str,
    ) -> Result<Subscription<Notif>, ClientError>
    where
        Notif: DeserializeOwned,
    {
        self.0.node().rpc().subscribe_to_method(method).await
    }
}

/// What an error says, once more.
fn again(error: &ClientError) -> ClientError {
    match error {
        ClientError::Call(object) => ClientError::Call(object.clone()),
        ClientError::RequestTimeout => ClientError::RequestTimeout,
        error => ClientError::Custom(error.to_string()),
    }
}
