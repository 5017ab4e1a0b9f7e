//! Why a document is not given, and what to do about it.

use axum::{
    http::{
        header::{ALLOW, RETRY_AFTER},
        HeaderValue, StatusCode,
    },
    response::{IntoResponse, Response},
    Json,
};
use faultline_rpc::error::Failure;
use serde_json::json;

/// Why a document is not given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// A document without a page.
    #[error("a page is of a slug prefix, and this address names none")]
    NoPrefix,
    /// A prefix that can be no service's slug.
    #[error("what this address gives as a slug prefix can be no service's slug")]
    NoSlug,
    /// A prefix that no service has.
    #[error("there is no service whose slug is {0} or begins with {0}/")]
    NoPage(String),
    /// An address of nothing.
    #[error("nothing is served at this address")]
    NoDocument,
    /// A request that would change something.
    #[error("only GET and HEAD are answered")]
    Method,
    /// An answer that took too long.
    #[error("the node took too long to read the page")]
    TooLong,
    /// The node does not answer.
    #[error("{0}")]
    Failed(Failure),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Trouble {
    fn status(&self) -> StatusCode {
        match self {
            Self::NoPrefix | Self::NoSlug => StatusCode::BAD_REQUEST,
            Self::NoPage(_) | Self::NoDocument => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLong | Self::Failed(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What whoever asked can do.
    fn advice(&self) -> &'static str {
        match self {
            Self::NoPrefix => "put the slug prefix of a page before it, such as /openai/api/v2/summary.json",
            Self::NoSlug => {
                "a slug has at most 64 characters: parts of a-z, 0-9 and hyphens joined by slashes, such as openai/chatgpt"
            }
            Self::NoPage(_) => "list the services with `faultline service list`; a prefix ends where a part of a slug ends",
            Self::NoDocument => "GET / lists what is served",
            Self::Method => "ask with GET; this server reads only, and reports are submitted with `faultline report`",
            Self::TooLong => "ask again later, or ask another node",
            Self::Failed(Failure::IndexBuilding { .. }) => "ask again when the index is built, or ask another node",
            Self::Failed(Failure::NoIndex) => "ask a node that keeps an index: one that runs without --no-index",
            Self::Failed(_) => "ask again in a moment, or ask another node",
        }
    }

    /// After how many seconds it may be otherwise; none where it will not.
    fn retry_after(&self) -> Option<u16> {
        match self {
            Self::Failed(Failure::IndexBuilding { .. }) => Some(30),
            Self::Failed(Failure::NoIndex) => Some(3600),
            Self::TooLong | Self::Failed(_) => Some(3),
            _ => None,
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let body = Json(json!({ "error": self.to_string(), "advice": self.advice() }));
        let mut response = (self.status(), body).into_response();
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        if self == Self::Method {
            let allowed = HeaderValue::from_static("GET, HEAD");
            response.headers_mut().insert(ALLOW, allowed);
        }
        response
    }
}
