//! What is followed through nodes that go, come back, and cannot tell: nothing is lost, and nothing comes twice.

use std::{
    pin::pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use faultline_rpc::error::Failure;
use futures::StreamExt;
use tokio::time::timeout;

use super::*;
use crate::{
    fake::{cursor, Chain, Fake},
    Notice,
};

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(30);

/// A client of these nodes, and what it did by itself.
async fn connect(nodes: &[&Fake]) -> (Client, Arc<Mutex<Vec<Notice>>>) {
    let urls: Vec<_> = nodes.iter().map(|node| node.url()).collect();
    let notices = Arc::new(Mutex::new(Vec::new()));
    let heard = notices.clone();
    let client = Client::connect_any(&urls, None, move |notice| {
        heard.lock().unwrap().push(notice.clone());
    });
    (client.await.unwrap(), notices)
}

fn kinds(notices: &Mutex<Vec<Notice>>) -> Vec<&'static str> {
    notices.lock().unwrap().iter().map(Notice::kind).collect()
}

/// The incidents of the next changes.
async fn next<S>(changes: &mut S, count: usize) -> Vec<u64>
where
    S: Stream<Item = Result<At<IncidentChange>>> + Unpin,
{
    let changes = changes
        .take(count)
        .map(|change| change.unwrap().data.incident.id.0);
    timeout(LONG, changes.collect()).await.unwrap()
}

/// The numbers of the next entries.
async fn entries<S>(changes: &mut S, count: usize) -> Vec<u32>
where
    S: Stream<Item = Result<At<EntryChange>>> + Unpin,
{
    let changes = changes
        .take(count)
        .map(|change| change.unwrap().data.entry.number);
    timeout(LONG, changes.collect()).await.unwrap()
}

/// The error that a stream ends with.
async fn end<T: std::fmt::Debug>(changes: &mut (impl Stream<Item = Result<T>> + Unpin)) -> Error {
    let last = timeout(LONG, changes.next()).await.unwrap().unwrap();
    assert!(timeout(LONG, changes.next()).await.unwrap().is_none());
    last.unwrap_err()
}

/// Polls a stream that gives nothing until something else is so.
async fn meanwhile<T: std::fmt::Debug>(
    changes: &mut (impl Stream<Item = T> + Unpin),
    until: impl std::future::Future<Output = ()>,
) {
    tokio::select! {
        change = changes.next() => panic!("nothing happened, and it gave {change:?}"),
        done = timeout(LONG, until) => done.unwrap(),
    }
}

#[tokio::test]
async fn what_happens_while_the_node_is_away_is_told_once_when_it_is_back() {
    let chain = Chain::new();
    chain.happens([1, 2]);
    let mut node = Fake::start(&chain).await;
    let address = node.address();
    let (client, notices) = connect(&[&node]).await;
    let mut changes = pin!(client.watch_incidents(IncidentFilter::default(), None));
    meanwhile(&mut changes, node.subscribed(1)).await;
    chain.happens([3, 4]);
    assert_eq!(next(&mut changes, 2).await, [3, 4]);
    for round in [10, 20, 30] {
        drop(node);
        chain.happens([round, round + 1]);
        node = Fake::start_at(&chain, address).await;
        assert_eq!(next(&mut changes, 2).await, [round, round + 1]);
        chain.happens([round + 2]);
        assert_eq!(next(&mut changes, 1).await, [round + 2]);
    }
    assert_eq!(kinds(&notices), ["waits", "resumes"].repeat(3));
}

#[tokio::test]
async fn what_happens_before_the_first_change_was_told_is_not_lost_with_the_connection() {
    let chain = Chain::new();
    chain.happens([1, 2]);
    let node = Fake::start(&chain).await;
    let address = node.address();
    let (client, _) = connect(&[&node]).await;
    let mut changes = pin!(client.watch_incidents(IncidentFilter::default(), None));
    meanwhile(&mut changes, node.subscribed(1)).await;
    drop(node);
    chain.happens([3]);
    let _node = Fake::start_at(&chain, address).await;
    assert_eq!(next(&mut changes, 1).await, [3]);
}

#[tokio::test]
async fn a_cursor_takes_up_where_another_run_left() {
    let chain = Chain::new();
    chain.happens([1, 2, 3]);
    let node = Fake::start(&chain).await;
    let (client, _) = connect(&[&node]).await;
    let filter = IncidentFilter::default;
    let mut changes = pin!(client.watch_incidents(filter(), Some(cursor(1))));
    assert_eq!(next(&mut changes, 2).await, [2, 3]);
    // Whoever lists first begins before the list.
    let now = client.incidents_now(&filter()).await.unwrap().data;
    chain.happens([4]);
    let mut changes = pin!(client.watch_incidents(filter(), Some(now)));
    assert_eq!(next(&mut changes, 1).await, [4]);
}

#[tokio::test]
async fn another_node_goes_on_where_one_died() {
    let chain = Chain::new();
    let (first, second) = (Fake::start(&chain).await, Fake::start(&chain).await);
    let (client, notices) = connect(&[&first, &second]).await;
    let mut changes = pin!(client.watch_incidents(IncidentFilter::default(), None));
    meanwhile(&mut changes, first.subscribed(1)).await;
    chain.happens([1, 2, 3]);
    assert_eq!(next(&mut changes, 2).await, [1, 2]);
    drop(first);
    chain.happens([4]);
    assert_eq!(next(&mut changes, 2).await, [3, 4]);
    assert_eq!(client.url(), second.url());
    assert_eq!(kinds(&notices), ["waits", "goesOn", "resumes"]);
}

#[tokio::test]
async fn another_node_goes_on_where_one_keeps_its_connection_and_says_nothing_more() {
    let chain = Chain::new();
    let (first, second) = (Fake::start(&chain).await, Fake::start(&chain).await);
    let (client, _) = connect(&[&first, &second]).await;
    let mut changes = pin!(client.watch_incidents(IncidentFilter::default(), None));
    meanwhile(&mut changes, first.subscribed(1)).await;
    first.mood().hangs = true;
    chain.happens([1]);
    assert_eq!(next(&mut changes, 1).await, [1]);
    assert_eq!(client.url(), second.url());
}

#[tokio::test]
async fn one_that_was_called_too_slow_goes_on_from_its_cursor() {
    let chain = Chain::new();
    let node = Fake::start(&chain).await;
    node.mood().patience = Some(3);
    let (client, _) = connect(&[&node]).await;
    chain.happens(1..=10);
    let mut changes = pin!(client.watch_incidents(IncidentFilter::default(), Some(cursor(0))));
    assert_eq!(next(&mut changes, 10).await, (1..=10).collect::<Vec<_>>());
    let from = [0, 3, 6, 9].map(|place| serde_json::json!(cursor(place)));
    assert_eq!(node.mood().subscribed, from);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_is_slower_than_its_buffer_loses_nothing() {
    let chain = Chain::new();
    let node = Fake::start(&chain).await;
    let (client, _) = connect(&[&node]).await;
    let mut changes = pin!(client.watch_incidents(IncidentFilter::default(), None));
    meanwhile(&mut changes, node.subscribed(1)).await;
    chain.happens(0..6_000);
    for incident in 0..6_000 {
        assert_eq!(next(&mut changes, 1).await, [incident]);
        // Slower than they come, and steadily: the buffer is full, and has room again, in the same moment.
        std::thread::sleep(Duration::from_micros(30));
    }
    assert!(node.mood().subscribed.len() > 1, "it was not slow enough to tell");
}

#[tokio::test]
async fn what_waiting_does_not_change_ends_it() {
    let chain = Chain::new();
    let node = Fake::start(&chain).await;
    let (client, notices) = connect(&[&node]).await;
    let (parameter, why) = (String::from("filter"), String::from("no"));
    for failure in [
        Failure::BadParameter {
            parameter,
            why: why.clone(),
        },
        Failure::BadCursor { why },
        Failure::NoIndex,
    ] {
        node.mood().refuses = Some(failure.clone());
        for from in [None, Some(cursor(0))] {
            let mut changes = pin!(client.watch_incidents(IncidentFilter::default(), from));
            let error = end(&mut changes).await;
            assert!(
                matches!(&error, Error::Failure(found) if *found == failure),
                "{error}"
            );
        }
    }
    let mut changes = pin!(client.watch_entries(IncidentId(8), Some(0)));
    let error = end(&mut changes).await;
    let not_found = matches!(error, Error::Failure(Failure::NotFound { .. }));
    assert!(not_found, "{error}");
    assert_eq!(kinds(&notices), [] as [&str; 0], "nothing was waited for");
}

#[tokio::test]
async fn an_index_that_is_being_built_is_waited_for() {
    let chain = Chain::new();
    let node = Fake::start(&chain).await;
    node.mood().refuses = Some(Failure::IndexBuilding { done: 1, of: 9 });
    let (client, notices) = connect(&[&node]).await;
    let mut changes = pin!(client.watch_incidents(IncidentFilter::default(), Some(cursor(0))));
    chain.happens([1]);
    meanwhile(&mut changes, async {
        while kinds(&notices).is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    })
    .await;
    assert_eq!(kinds(&notices), ["waits"], "said once");
    node.mood().refuses = None;
    assert_eq!(next(&mut changes, 1).await, [1]);
    assert_eq!(kinds(&notices), ["waits", "resumes"]);
}

#[tokio::test]
async fn a_node_without_an_index_is_left_for_one_that_has_one() {
    let chain = Chain::new();
    let (first, second) = (Fake::start(&chain).await, Fake::start(&chain).await);
    first.mood().refuses = Some(Failure::NoIndex);
    let (client, _) = connect(&[&first, &second]).await;
    chain.happens([1]);
    let mut changes = pin!(client.watch_incidents(IncidentFilter::default(), Some(cursor(0))));
    assert_eq!(next(&mut changes, 1).await, [1]);
    assert_eq!(client.url(), second.url());

    second.mood().refuses = Some(Failure::NoIndex);
    let mut changes = pin!(client.watch_incidents(IncidentFilter::default(), None));
    let error = end(&mut changes).await;
    assert!(matches!(error, Error::Failure(Failure::NoIndex)), "{error}");
}

#[tokio::test]
async fn entries_come_by_number_across_connections() {
    let chain = Chain::new();
    chain.change(|state| state.entries = 3);
    let node = Fake::start(&chain).await;
    let address = node.address();
    let (client, _) = connect(&[&node]).await;
    let incident = IncidentId(7);
    let mut from_one = pin!(client.watch_entries(incident, Some(1)));
    assert_eq!(entries(&mut from_one, 2).await, [1, 2]);

    let mut to_come = pin!(client.watch_entries(incident, None));
    meanwhile(&mut to_come, node.subscribed(2)).await;
    drop(node);
    chain.change(|state| state.entries = 5);
    let _node = Fake::start_at(&chain, address).await;
    assert_eq!(entries(&mut to_come, 2).await, [3, 4]);
    assert_eq!(entries(&mut from_one, 2).await, [3, 4]);
}

#[tokio::test]
async fn an_entry_that_comes_twice_or_too_early_is_an_error() {
    let chain = Chain::new();
    chain.change(|state| state.entries = 3);
    let node = Fake::start(&chain).await;
    node.mood().stammers = true;
    let (client, _) = connect(&[&node]).await;
    let mut changes = pin!(client.watch_entries(IncidentId(7), Some(2)));
    let error = end(&mut changes).await;
    assert!(error.to_string().contains("entry 1"), "{error}");
}
