//! Handing in at a pace: each key's transactions in order and over one connection, many keys at once.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Result;
use codec::Decode;
use faultline_primitives::refusal::Code;
use faultline_runtime::Runtime;
use jsonrpsee::{
    core::{client::ClientT, params::ArrayParams, ClientError},
    ws_client::{WsClient, WsClientBuilder},
};
use pallet_incidents::Error as IncidentsError;
use serde_json::Value;
use tokio::task::JoinSet;

use super::{
    book::Book,
    room::Room,
    sign::{Signed, Speech},
};

/// Connections over which it is handed in, at least.
const CONNECTIONS: usize = 8;
/// How long whoever was refused waits before it tries again.
const BACK_OFF: Duration = Duration::from_millis(250);
/// What a node answers where it has this very transaction.
const ALREADY_THERE: i32 = 1_013;

/// Connections to one or several nodes.
#[derive(Clone)]
pub struct Lines(Vec<(usize, Arc<WsClient>)>);

impl Lines {
    /// As many to each node as to any other, eight in all at least.
    ///
    /// # Errors
    ///
    /// A node cannot be reached.
    pub async fn open(endpoints: &[String]) -> Result<Self> {
        let mut lines = Vec::new();
        for _ in 0..CONNECTIONS.div_ceil(endpoints.len().max(1)) {
            for (node, endpoint) in endpoints.iter().enumerate() {
                let client = WsClientBuilder::default()
                    .max_concurrent_requests(4_096)
                    .request_timeout(Duration::from_secs(120))
                    .build(endpoint)
                    .await?;
                lines.push((node, Arc::new(client)));
            }
        }
        Ok(Self(lines))
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The one of a key: always the same. And to which node it goes.
    pub fn of(&self, key: usize) -> Option<(usize, Arc<WsClient>)> {
        self.0.get(key.checked_rem(self.0.len())?).cloned()
    }
}

/// When the next is handed in.
pub enum Pace {
    /// As soon as there is room, until it is over.
    Closed(Arc<Room>, Instant),
    /// At times of their own, of each queue one for each that it holds.
    Open(Vec<Vec<Instant>>),
}

/// Hands in queues, each in order, and says how many of each were taken.
///
/// What is refused is tried again until that is over, or for so long.
///
/// # Errors
///
/// A connection broke.
pub async fn hand_in(
    lines: &Lines,
    queues: Vec<Vec<Speech>>,
    pace: Pace,
    patience: Duration,
    book: &Arc<Book>,
) -> Result<Vec<u32>> {
    let mut workers = JoinSet::new();
    let mut taken = vec![0; queues.len()];
    let (room, mut times) = match pace {
        Pace::Closed(room, until) => (Some((room, until)), Vec::new()),
        Pace::Open(times) => (None, times),
    };
    times.resize_with(queues.len(), Vec::new);
    for (key, (queue, times)) in queues.into_iter().zip(times).enumerate() {
        let Some((node, client)) = lines.of(key) else {
            continue;
        };
        let (room, book) = (room.clone(), Arc::clone(book));
        workers.spawn(async move {
            let worker = Worker {
                node,
                client,
                book,
                patience,
            };
            let taken = match room {
                Some((room, until)) => worker.as_room_allows(queue, &room, until).await?,
                None => worker.at_times(queue, times).await?,
            };
            Ok::<_, anyhow::Error>((key, taken))
        });
    }
    while let Some(done) = workers.join_next().await {
        let (key, count) = done??;
        if let Some(place) = taken.get_mut(key) {
            *place = count;
        }
    }
    Ok(taken)
}

struct Worker {
    node: usize,
    client: Arc<WsClient>,
    book: Arc<Book>,
    patience: Duration,
}

impl Worker {
    async fn as_room_allows(&self, queue: Vec<Speech>, room: &Room, until: Instant) -> Result<u32> {
        let mut taken = 0;
        for speech in queue {
            if !room.enter(until).await {
                break;
            }
            if !self.one(speech, Instant::now(), until).await? {
                room.leave();
                break;
            }
            taken += 1;
        }
        Ok(taken)
    }

    async fn at_times(&self, queue: Vec<Speech>, times: Vec<Instant>) -> Result<u32> {
        let mut taken = 0;
        for (speech, due) in queue.into_iter().zip(times) {
            tokio::time::sleep_until(tokio::time::Instant::from_std(due)).await;
            if !self.one(speech, due, Instant::now() + self.patience).await? {
                break;
            }
            taken += 1;
        }
        Ok(taken)
    }

    /// Hands in one, again and again if need be; whether it was taken in the end.
    async fn one(&self, speech: Speech, due: Instant, until: Instant) -> Result<bool> {
        let place = self.book.ask(speech.signed.hash, speech.said, self.node, due);
        loop {
            match submit(&self.client, &speech.signed).await? {
                Answer::Taken => {
                    self.book.took(place);
                    return Ok(true);
                }
                Answer::Refused(name) => self.book.refuse(name),
            }
            if Instant::now() + BACK_OFF > until {
                return Ok(false);
            }
            tokio::time::sleep(BACK_OFF).await;
        }
    }
}

/// What a node said to a transaction.
pub enum Answer {
    /// It took it, or has it.
    Taken,
    /// It did not, for a reason of this name.
    Refused(String),
}

/// Hands in one.
///
/// # Errors
///
/// The connection broke.
pub async fn submit(client: &WsClient, signed: &Signed) -> Result<Answer> {
    let mut params = ArrayParams::new();
    params.insert(&signed.bytes)?;
    let answer = client.request::<Value, _>("author_submitExtrinsic", params).await;
    Ok(match answer {
        Ok(_) => Answer::Taken,
        Err(ClientError::Call(object)) if object.code() == ALREADY_THERE => Answer::Taken,
        Err(ClientError::Call(object)) => {
            let data = object.data().map(|data| data.get().trim_matches('"'));
            Answer::Refused(refusal(object.code(), object.message(), data))
        }
        Err(other) => return Err(other.into()),
    })
}

/// The name of a refusal, the same for all that are refused for one reason.
fn refusal(code: i32, message: &str, data: Option<&str>) -> String {
    let custom = data.and_then(|data| data.strip_prefix("Custom error: ")?.parse().ok());
    match custom.and_then(Code::of) {
        Some(Code::Gate(gate)) => gate.name().into(),
        Some(Code::Pallet { pallet, error }) => match IncidentsError::<Runtime>::decode(&mut &[error][..]) {
            Ok(error) if pallet == "Incidents" => format!("{pallet}.{error:?}"),
            _ => format!("{pallet}.{error}"),
        },
        // A message may hold numbers of this transaction alone: what goes with it does not.
        None => format!("{code} {}", data.unwrap_or(message)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_one_reason_have_one_name() {
        let invalid = |data| refusal(1010, "Invalid Transaction", Some(data));
        assert_eq!(invalid("Custom error: 8"), "TooManyPending");
        assert_eq!(invalid("Custom error: 88"), "Incidents.NoSuchService");
        assert_eq!(invalid("Transaction is outdated"), "1010 Transaction is outdated");
        let low = |message| refusal(1014, message, Some("too low"));
        assert_eq!(
            low("Priority is too low: (7 vs 8)"),
            low("Priority is too low: (8 vs 9)")
        );
        assert_eq!(refusal(1012, "Banned", None), "1012 Banned");
    }
}
