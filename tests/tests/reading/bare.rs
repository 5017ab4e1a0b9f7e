//! Connections of which a test sends and reads as much as it wants, or nothing.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{bail, ensure, Context, Result};
use faultline_tests::TestNode;
use serde_json::{json, Value};

/// How long the other side has for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Host and port of a node's JSON-RPC.
pub fn address(node: &TestNode) -> String {
    node.endpoint().trim_start_matches("ws://").into()
}

/// A connection to a node.
pub fn connect(node: &TestNode) -> Result<TcpStream> {
    let stream = TcpStream::connect(address(node))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// What came back over HTTP.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// Its body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Asks over HTTP: a method with its path, headers more, and a body. `Host` is the node's where no other is given.
pub fn http(node: &TestNode, request: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer> {
    let mut stream = connect(node)?;
    let (own, length) = (address(node), body.len().to_string());
    let mut all = vec![
        ("Connection", "close"),
        ("Content-Type", "application/json"),
        ("Content-Length", &length),
    ];
    if !headers.iter().any(|(name, _)| *name == "Host") {
        all.push(("Host", &own));
    }
    all.extend(headers);
    let all: String = all
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    write!(stream, "{request} HTTP/1.1\r\n{all}\r\n")?;
    // A node that wants no more closes while this still sends: what it said before is what counts.
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
    let status = head.split(' ').nth(1).context("no status")?.parse()?;
    Ok(Answer {
        status,
        head: head.into(),
        body: body.into(),
    })
}

/// Asks JSON-RPC over HTTP, by any text.
pub fn post(node: &TestNode, body: &str) -> Result<Answer> {
    http(node, "POST /", &[], body.as_bytes())
}

/// Calls a method with parameters of any sort: gives what it answers, error or not.
pub fn call(node: &TestNode, method: &str, params: &Value) -> Result<Value> {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let answer = post(node, &body.to_string())?;
    ensure!(answer.status == 200, "{method}: {answer:?}");
    Ok(answer.json())
}

/// A WebSocket.
pub struct Bare(TcpStream);

impl Bare {
    /// To a node.
    pub fn open(node: &TestNode) -> Result<Self> {
        let mut stream = connect(node)?;
        write!(
            stream,
            "GET / HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
            address(node)
        )?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        ensure!(
            head.starts_with(b"HTTP/1.1 101"),
            "no WebSocket: {}",
            String::from_utf8_lossy(&head)
        );
        Ok(Self(stream))
    }

    /// Sends a text, masked as a client must, by a mask that changes nothing (RFC 6455, 5.3).
    pub fn send(&mut self, text: &str) -> Result<()> {
        const TEXT: u8 = 0x81;
        const MASKED: u8 = 0x80;
        let mut frame = vec![TEXT];
        match text.len() {
            len @ 0..126 => frame.push(MASKED | u8::try_from(len)?),
            len @ 126..65_536 => {
                frame.push(MASKED | 126);
                frame.extend(u16::try_from(len)?.to_be_bytes());
            }
            len => {
                frame.push(MASKED | 127);
                frame.extend(u64::try_from(len)?.to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        Ok(self.0.write_all(&frame)?)
    }

    /// The next text; none where the other side has closed.
    pub fn next(&mut self) -> Result<Option<String>> {
        const CLOSE: u8 = 8;
        loop {
            let mut head = [0; 2];
            if self.0.read_exact(&mut head).is_err() {
                return Ok(None);
            }
            let len = match head[1] {
                126 => {
                    let mut len = [0; 2];
                    self.0.read_exact(&mut len)?;
                    u16::from_be_bytes(len).into()
                }
                127 => {
                    let mut len = [0; 8];
                    self.0.read_exact(&mut len)?;
                    usize::try_from(u64::from_be_bytes(len))?
                }
                len => usize::from(len),
            };
            let mut payload = vec![0; len];
            self.0.read_exact(&mut payload)?;
            match head {
                [0x81, _] => return Ok(Some(String::from_utf8(payload)?)),
                [first, _] if first & 0x0f == CLOSE => return Ok(None),
                // A ping.
                [0x89, _] => (),
                other => bail!("a frame that no node sends: {other:x?}"),
            }
        }
    }

    /// The next text as JSON.
    pub fn answer(&mut self) -> Result<Value> {
        let text = self.next()?.context("the node closed the connection")?;
        Ok(serde_json::from_str(&text)?)
    }
}
