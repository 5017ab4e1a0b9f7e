//! Lists as a node gives them: in full pages, in short ones and in none.

use std::pin::pin;

use faultline_rpc::error::Failure;
use futures::StreamExt;

use super::*;
use crate::fake::{Chain, Fake};

/// What narrows nothing.
fn any() -> IncidentFilter {
    IncidentFilter::default()
}

/// A chain whose lists give so many, and a node.
async fn listing(listed: u64) -> (std::sync::Arc<Chain>, Fake) {
    let chain = Chain::new();
    chain.change(|state| state.listed = listed);
    let node = Fake::start(&chain).await;
    (chain, node)
}

async fn ids(incidents: impl Stream<Item = Result<IncidentView>>) -> Vec<u64> {
    let incidents: Vec<_> = incidents.try_collect().await.unwrap();
    incidents.into_iter().map(|incident| incident.id.0).collect()
}

fn down_from(highest: u64) -> Vec<u64> {
    (0..=highest).rev().collect()
}

#[tokio::test]
async fn a_list_is_given_whole_and_in_order_a_page_at_a_time() {
    let (_chain, node) = listing(250).await;
    let client = Client::connect(&node.url()).await.unwrap();
    let mut incidents = pin!(client.incidents(any()));
    let first: Vec<_> = incidents.by_ref().take(100).collect().await;
    assert_eq!(first.len(), 100);
    assert_eq!(node.mood().asked, 1, "no page before it is wanted");
    let rest = ids(incidents).await;
    assert_eq!(rest, down_from(149));
    assert_eq!(node.mood().asked, 3);

    let services: Vec<_> = client
        .services(ServiceFilter::default())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(services.len(), 250);
}

#[tokio::test]
async fn a_page_that_is_short_or_empty_is_not_the_last() {
    let (_chain, node) = listing(7).await;
    node.mood().pages = vec![2, 0, 0, 1];
    let client = Client::connect(&node.url()).await.unwrap();
    assert_eq!(ids(client.incidents(any())).await, down_from(6));
    assert_eq!(node.mood().asked, 5);
}

#[tokio::test]
async fn an_empty_list_is_no_error() {
    let (_chain, node) = listing(0).await;
    let client = Client::connect(&node.url()).await.unwrap();
    assert!(ids(client.incidents(any())).await.is_empty());
}

#[tokio::test]
async fn what_arrives_between_two_pages_moves_nothing() {
    let (chain, node) = listing(150).await;
    let client = Client::connect(&node.url()).await.unwrap();
    let mut incidents = pin!(client.incidents(any()));
    let mut seen = ids(incidents.by_ref().take(100)).await;
    chain.change(|state| state.listed += 30);
    seen.extend(ids(incidents).await);
    assert_eq!(seen, down_from(149));
}

#[tokio::test]
async fn an_error_ends_the_list_where_it_is() {
    let (_chain, node) = listing(150).await;
    let client = Client::connect(&node.url()).await.unwrap();
    let mut incidents = pin!(client.incidents(any()));
    assert_eq!(incidents.by_ref().take(100).count().await, 100);
    node.mood().refuses = Some(Failure::Busy);
    let error = incidents.next().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Failure(Failure::Busy)), "{error}");
    assert!(error.advice().is_some());
    assert!(incidents.next().await.is_none(), "and never is a short list");
}

#[tokio::test]
async fn a_list_that_would_go_in_circles_is_an_error() {
    let (_chain, node) = listing(150).await;
    let client = Client::connect(&node.url()).await.unwrap();
    let mut incidents = pin!(client.incidents(any()));
    assert_eq!(incidents.by_ref().take(100).count().await, 100);
    node.mood().circles = true;
    let error = incidents.next().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Incompatible(_)), "{error}");
}

#[tokio::test]
async fn a_page_is_asked_of_each_node_until_one_can_give_it() {
    let (chain, first) = listing(3).await;
    let (second, third) = (Fake::start(&chain).await, Fake::start(&chain).await);
    first.mood().refuses = Some(Failure::NoIndex);
    second.mood().refuses = Some(Failure::IndexBuilding { done: 1, of: 9 });
    let urls = [&first, &second, &third].map(Fake::url);
    let client = Client::connect_any(&urls, None, |_| ()).await.unwrap();
    assert_eq!(ids(client.incidents(any())).await, down_from(2));
    assert_eq!(client.url(), third.url());
    drop(third);
    let error = client.incidents_page(&any(), None, None).await.unwrap_err();
    assert!(matches!(error, Error::Failure(_)), "{error}");
}
