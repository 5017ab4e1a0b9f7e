//! Readers that are slow on purpose, on real connections.

use std::{net::SocketAddr, time::Instant};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

use super::*;
use crate::{serve, Settings};

/// With so short a patience that a test need not have much.
fn settings() -> Settings {
    Settings {
        connections: 2,
        header_time: Duration::from_millis(300),
        connection_time: Duration::from_millis(800),
        ..Settings::at("http://localhost")
    }
}

/// Longer than any patience of the server, with what it grants for the end.
const PATIENCE: Duration = Duration::from_secs(20);

async fn served(fake: Fake) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, fake, settings()));
    address
}

/// What a connection says until it ends.
async fn rest(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    // That a connection is cut and not closed is an end as well.
    let end = timeout(PATIENCE, stream.read_to_end(&mut heard)).await;
    assert!(end.is_ok(), "the connection did not end");
    String::from_utf8_lossy(&heard).into_owned()
}

async fn ask(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    rest(&mut stream).await
}

const GET: &[u8] = b"GET /openai/api/v2/status.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

async fn is_answered(address: SocketAddr) {
    let answer = ask(address, GET).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("\"indicator\":\"critical\""), "{answer}");
}

#[tokio::test]
async fn readers_that_never_finish_asking_hold_nobody_up() {
    let address = served(openai()).await;
    let mut slow = Vec::new();
    for _ in 0..6 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream
            .write_all(b"GET /openai/api/v2/status.json HTTP/1.1\r\nX-A: ")
            .await
            .unwrap();
        slow.push(stream);
    }
    let began = Instant::now();
    is_answered(address).await;
    assert!(began.elapsed() < PATIENCE);
    for mut stream in slow {
        rest(&mut stream).await;
    }
}

#[tokio::test]
async fn a_header_that_comes_byte_by_byte_is_not_waited_for() {
    let address = served(openai()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let dripping = async {
        loop {
            if stream.write_all(b"a").await.is_err() {
                break;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(timeout(PATIENCE, dripping).await.is_ok(), "it was never cut off");
    is_answered(address).await;
}

#[tokio::test]
async fn a_reader_that_asks_on_and_on_and_takes_nothing_is_cut_off() {
    let address = served(openai()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let asking = async {
        let request = b"GET /openai/api/v2/summary.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100);
        while stream.write_all(&request).await.is_ok() {}
    };
    assert!(timeout(PATIENCE, asking).await.is_ok(), "it was never cut off");
    is_answered(address).await;
}

#[tokio::test]
async fn several_questions_on_one_connection_are_answered() {
    let address = served(openai()).await;
    let question = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".as_slice();
    let answers = ask(address, &[question, question, GET].concat()).await;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 3, "{answers}");
}

#[tokio::test]
async fn what_is_no_http_or_too_much_of_it_is_refused_and_harms_nobody() {
    let address = served(openai()).await;
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(100_000));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X-A: b\r\n".repeat(1_000));
    for request in [
        b"\xff\xfe\x00\x01\r\n\r\n".as_slice(),
        b"GET /\xff\xfe/api/v2/summary.json HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET /openai/../api/v2/summary.json HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET nonsense",
        long.as_bytes(),
        many.as_bytes(),
    ] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // The server may have cut it off before all is sent.
        let _ = stream.write_all(request).await;
        let answer = rest(&mut stream).await;
        let is_refused = answer.is_empty() || answer.starts_with("HTTP/1.1 4");
        assert!(is_refused, "{answer}");
    }
    is_answered(address).await;
}
