//! Whom to ask: the node that is talked to, and when that one is gone another.

use std::fmt;

use faultline_rpc::view::BlockView;
use jsonrpsee::core::{
    async_trait,
    client::{BatchResponse, ClientT},
    params::BatchRequestBuilder,
    traits::ToRpcParams,
    ClientError,
};
use serde::{de::DeserializeOwned, Deserialize};
use serde_json::{value::RawValue, Value};

use crate::{Client, Error};

/// Reads from a chain, by the methods of [`faultline_rpc::FaultlineRpcClient`]. Each is asked of another node when the
/// one that is talked to does not answer.
#[derive(Clone, Copy)]
pub struct Reader<'a>(&'a Client);

impl<'a> Reader<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(client)
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
        let mut node = self.0.node();
        let mut left = self.0.urls().len();
        let answer: Value = loop {
            match node.rpc().request(method, Written(params.clone())).await {
                Ok(answer) => break answer,
                Err(error @ (ClientError::Call(_) | ClientError::ParseError(_))) => return Err(error),
                Err(error) => {
                    let gone = Error::of_request(node.url(), clone(&error));
                    let next = self.0.next_node(&node, &gone).await;
                    node = match next {
                        Ok(next) if left > 0 => next,
                        _ => return Err(error),
                    };
                    left = left.saturating_sub(1);
                }
            }
        };
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

/// What the error of a broken connection says, once more.
fn clone(error: &ClientError) -> ClientError {
    match error {
        ClientError::RequestTimeout => ClientError::RequestTimeout,
        error => ClientError::Custom(error.to_string()),
    }
}
