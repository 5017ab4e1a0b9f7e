//! Answers over HTTP.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{
        header::{
            ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
            X_CONTENT_TYPE_OPTIONS,
        },
        HeaderMap, HeaderValue, StatusCode, Uri,
    },
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::get,
    Json, Router,
};
use serde_json::json;

use crate::{
    pages::{Made, Pages},
    route::{Document, Route},
    trouble::Trouble,
    Settings, Source,
};

/// Answers for all pages of the chain, without bounds on connections: [`serve`](crate::serve) has these.
pub fn router<S: Source>(source: S, settings: &Settings) -> Router {
    let methods = get(answer::<S>).fallback(|| async { Trouble::Method });
    let pages = Arc::new(Pages::new(source, settings.clone()));
    Router::new()
        .fallback_service(methods.with_state(pages))
        .layer(map_response(open))
}

async fn answer<S: Source>(State(pages): State<Arc<Pages<S>>>, uri: Uri, headers: HeaderMap) -> Response {
    let (prefix, document) = match Route::parse(uri.path()) {
        Ok(Route::Page(prefix, document)) => (prefix, document),
        Ok(Route::Contents) => return contents(),
        Err(trouble) => return trouble.into_response(),
    };
    match pages.get(prefix, document).await {
        Ok(made) => sent(&made, &headers),
        Err(trouble) => trouble.into_response(),
    }
}

/// A document, or that whoever asked has it already.
fn sent(made: &Made, asked: &HeaderMap) -> Response {
    // The interval at which blocks become final.
    let fresh = (CACHE_CONTROL, "public, max-age=3");
    let headers = [fresh, (ETAG, made.etag.as_str())];
    if has(asked, &made.etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, [(CONTENT_TYPE, made.media_type)], made.body.clone()).into_response()
}

/// Whether a request says that its sender has this version (RFC 9110, 13.1.2).
fn has(asked: &HeaderMap, etag: &str) -> bool {
    asked
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|each| each.strip_prefix("W/").unwrap_or(each) == etag)
}

/// What is public may be read from any web page, and is what its type says.
async fn open(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn contents() -> Response {
    let paths: Vec<String> = Document::ALL
        .iter()
        .map(|document| format!("/{{prefix}}/{}", document.path()))
        .collect();
    Json(json!({
        "about": "Faultline in the format of Atlassian Statuspage's public API, version 2: read only",
        "version": env!("CARGO_PKG_VERSION"),
        "prefix": "a service's slug, or what it begins with: openai is of openai, openai/chatgpt and openai/api",
        "documents": paths,
    }))
    .into_response()
}
