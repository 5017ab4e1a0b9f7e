//! One organisation that hands in more than there is room for.

use std::{
    collections::BTreeMap,
    sync::{
        atomic::{AtomicU32, AtomicU64, Ordering},
        Arc, Mutex, PoisonError,
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use jsonrpsee::{core::client::ClientT, rpc_params, ws_client::WsClient};
use tokio::task::JoinSet;

use crate::{
    load::{
        book::Book,
        sign::{Moment, Script, Speaker},
        submit::{submit, Answer, Lines},
        words::Topics,
    },
    measure::throughput::stage::Stage,
};

/// Which of the crowd it is, and how many keys it has: as many as one may.
pub const FLOODER: u32 = 0;
/// See [`FLOODER`].
pub const KEYS: u32 = 16;
/// How many of each of its keys are on their way to the node at once.
const AT_ONCE: usize = 8;

/// It, while it does.
pub struct Flood {
    keys: JoinSet<Result<()>>,
    told: Arc<Told>,
}

#[derive(Default)]
struct Told {
    handed_in: AtomicU64,
    taken: AtomicU64,
    refused: Mutex<BTreeMap<String, u64>>,
}

/// What it was told.
pub struct Said {
    handed_in: u64,
    /// How many were taken.
    pub taken: u64,
    /// How many were not, by the name of the refusal.
    pub refused: BTreeMap<String, u64>,
}

impl Said {
    /// How many it handed in a second.
    pub fn rate(&self, seconds: u64) -> f64 {
        self.handed_in as f64 / seconds.max(1) as f64
    }
}

impl Flood {
    /// Begins, with all keys at once, each as often as the others.
    pub async fn start(stage: &Stage, rate: f64, lasting: Duration) -> Result<Self> {
        let (began, told, next) = (
            Instant::now(),
            Arc::<Told>::default(),
            Arc::<AtomicU32>::default(),
        );
        let lines = Lines::open(&stage.ground.endpoints()).await?;
        let moment = stage.script(0).await?.moment;
        let mut keys = JoinSet::new();
        for place in 0..KEYS {
            let (node, client) = lines.of(usize::try_from(place)?).context("no connection")?;
            let key = FloodingKey {
                speaker: Speaker::new(FLOODER, place)?,
                topics: stage.topics.clone(),
                first_service: stage.ground.first_service,
                moment,
                node,
                client,
                book: Arc::clone(&stage.book),
                told: Arc::clone(&told),
                next: Arc::clone(&next),
            };
            let every = Duration::from_secs_f64(f64::from(KEYS) / rate);
            keys.spawn(key.flood(began, every, lasting));
        }
        Ok(Self { keys, told })
    }

    /// Waits until it is over.
    pub async fn ended(mut self) -> Result<Said> {
        while let Some(key) = self.keys.join_next().await {
            key??;
        }
        let refused = self.told.refused.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Said {
            handed_in: self.told.handed_in.load(Ordering::Relaxed),
            taken: self.told.taken.load(Ordering::Relaxed),
            refused: refused.clone(),
        })
    }
}

/// One of its keys.
struct FloodingKey {
    speaker: Speaker,
    topics: Topics,
    first_service: u32,
    moment: Moment,
    node: usize,
    client: Arc<WsClient>,
    book: Arc<Book>,
    told: Arc<Told>,
    // The word that comes next, whichever key says it.
    next: Arc<AtomicU32>,
}

impl FloodingKey {
    /// Hands in at even times. What is refused is not tried again: another comes in its place.
    async fn flood(self, began: Instant, every: Duration, lasting: Duration) -> Result<()> {
        let script = Script {
            topics: &self.topics,
            first_service: self.first_service,
            words: 0,
            moment: self.moment,
        };
        let (mut nonce, mut due, mut waiting) = (0, began, JoinSet::new());
        while began.elapsed() < lasting {
            tokio::time::sleep_until(due.into()).await;
            due += every;
            let word = self.next.fetch_add(1, Ordering::Relaxed);
            let speech = self.speaker.sign(&script, nonce, word)?;
            nonce += 1;
            let place = self.book.ask(speech.signed.hash, speech.said, self.node, due);
            self.told.handed_in.fetch_add(1, Ordering::Relaxed);
            let client = Arc::clone(&self.client);
            waiting.spawn(
                async move { Ok::<_, anyhow::Error>((place, submit(&client, &speech.signed).await?)) },
            );
            let mut refused = false;
            while let Some(answer) = waiting.try_join_next() {
                refused |= !self.hears(answer??);
            }
            if waiting.len() >= AT_ONCE {
                let answer = waiting.join_next().await.context("some wait")?;
                refused |= !self.hears(answer??);
            }
            if refused {
                // Behind one that is missing no other would count: it begins anew where its key stands.
                while let Some(answer) = waiting.join_next().await {
                    self.hears(answer??);
                }
                nonce = self.number().await?;
            }
        }
        while let Some(answer) = waiting.join_next().await {
            self.hears(answer??);
        }
        Ok(())
    }

    /// Counts an answer: whether it was taken.
    fn hears(&self, (place, answer): (usize, Answer)) -> bool {
        match answer {
            Answer::Taken => {
                self.book.took(place);
                self.told.taken.fetch_add(1, Ordering::Relaxed);
                true
            }
            Answer::Refused(name) => {
                let mut refused = self.told.refused.lock().unwrap_or_else(PoisonError::into_inner);
                *refused.entry(name).or_default() += 1;
                false
            }
        }
    }

    /// The number of its next transaction, those that wait counted.
    async fn number(&self) -> Result<u32> {
        let account = serde_json::to_value(self.speaker.account())?;
        let method = "system_accountNextIndex";
        Ok(self.client.request(method, rpc_params![account]).await?)
    }
}
