//! Those who report: outages at random, so that every answer has something to tell apart.

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{anyhow, Context, Result};
use faultline_client::{call::Report, Call, Client, Error, Key};
use faultline_primitives::{
    attestation::{
        Claim, Evidence, EvidenceKind, Kind, Method, Observation, Place, Severity, TimeQuality, Vantage,
    },
    incident::Status,
    Country, ServiceId, Sha256, Span, Text, UnixMillis,
};
use faultline_tests::{seen_by_hand, TestNode};
use rand::{seq::IndexedRandom, Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::{
    sync::{RwLock, RwLockWriteGuard},
    task::JoinSet,
};

use crate::{
    chain::SERVICES,
    oracle::{Known, Model},
};

/// The reporters of the chain: the last is the provider, who counts for nothing on its own services.
const REPORTERS: [&str; 5] = ["dev:alice", "dev:bob", "dev:charlie", "dev:dave", "dev:eve"];
/// How long a transaction may take; a node may be killed and started again in the meantime.
const PATIENCE: Duration = Duration::from_secs(90);
/// Most reports in a transaction.
const AT_ONCE: usize = 64;
const MINUTE: u64 = 60_000;
const DAY: u64 = 24 * 60 * MINUTE;

/// All reporters of a chain.
pub struct Crowd {
    client: Arc<Client>,
    keys: Vec<Key>,
    random: ChaCha8Rng,
}

/// An outage that really was, as far as a test goes.
struct Outage {
    service: ServiceId,
    began: u64,
    kind: Kind,
    severity: Severity,
}

impl Crowd {
    /// Speaks through this node.
    pub async fn at(node: &TestNode, seed: u64) -> Result<Self> {
        let keys: Result<_, _> = REPORTERS.iter().map(|name| Key::named(name)).collect();
        Ok(Self {
            client: Arc::new(Client::connect(&node.endpoint()).await?),
            keys: keys?,
            random: ChaCha8Rng::seed_from_u64(seed),
        })
    }

    /// Reports so many outages, each by one organisation or several, which race to be the first.
    pub async fn fill(&mut self, outages: usize) -> Result<()> {
        let mut words: Vec<Vec<Report>> = vec![Vec::new(); self.keys.len()];
        for _ in 0..outages {
            let outage = any(&mut self.random);
            for speaker in speakers(&mut self.random, self.keys.len()) {
                words[speaker].push(report(&mut self.random, &outage)?);
            }
        }
        let mut speaking = JoinSet::new();
        for (key, words) in self.keys.iter().zip(words) {
            let (client, key) = (self.client.clone(), key.clone());
            speaking.spawn(async move {
                for words in words.chunks(AT_ONCE) {
                    client.execute(&Call::report_many(words), &key, PATIENCE).await?;
                }
                Ok::<_, Error>(())
            });
        }
        while let Some(spoken) = speaking.join_next().await {
            spoken??;
        }
        Ok(())
    }

    /// Speaks against incidents, takes words back, and closes what nobody renewed.
    pub async fn go_on(&mut self, model: &Model) -> Result<()> {
        let mut speaking = Vec::new();
        for known in &model.incidents {
            for (who, call) in more(&mut self.random, known)? {
                speaking.push(self.client.send(&call, &self.keys[who]).await?);
            }
        }
        for signed in speaking {
            match self.client.wait(&signed, PATIENCE).await {
                // What was withdrawn meanwhile is not closed, and so on.
                Ok(_) | Err(Error::Refused(_)) => (),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Lets all speak without pause, whatever becomes of the node, for as long as what it gives is kept.
    pub fn keep_speaking(mut self) -> Load {
        let turn = Arc::new(RwLock::new(()));
        let mut tasks = JoinSet::new();
        for key in self.keys.drain(..) {
            let (client, turn) = (self.client.clone(), turn.clone());
            let random = ChaCha8Rng::from_rng(&mut self.random);
            tasks.spawn(speak(client, key, random, turn));
        }
        Load { turn, _tasks: tasks }
    }
}

/// The reporters, speaking in the background. They fall silent when it is dropped.
pub struct Load {
    turn: Arc<RwLock<()>>,
    _tasks: JoinSet<()>,
}

impl Load {
    /// Waits until everything that was said is final or lost, and holds the reporters back until what it gives is dropped.
    pub async fn pause(&self) -> RwLockWriteGuard<'_, ()> {
        self.turn.write().await
    }

    /// Does something while the reporters are silent.
    pub async fn paused<T>(&self, quiet: impl Future<Output = Result<T>>) -> Result<T> {
        let _pause = self.pause().await;
        quiet.await
    }
}

async fn speak(client: Arc<Client>, key: Key, mut random: ChaCha8Rng, turn: Arc<RwLock<()>>) {
    loop {
        let _turn = turn.read().await;
        let count = random.random_range(1..=12);
        let words: Result<Vec<_>> = (0..count)
            .map(|_| {
                let outage = any(&mut random);
                report(&mut random, &outage)
            })
            .collect();
        let said = match words {
            Ok(words) => client.execute(&Call::report_many(&words), &key, PATIENCE).await,
            Err(_) => return,
        };
        if said.is_err() {
            // The node is gone for the moment, or the words are refused: others come.
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}

/// One of the past days, or of now.
fn any(random: &mut ChaCha8Rng) -> Outage {
    match random.random_ratio(1, 4) {
        true => recent(random),
        false => outage(random),
    }
}

/// One of the past days, which began with a quarter of an hour: so that several begin at the same time.
fn outage(random: &mut ChaCha8Rng) -> Outage {
    let quarter = 15 * MINUTE;
    let began = (now() - DAY - random.random_range(0..5 * DAY)) / quarter * quarter;
    Outage {
        began,
        ..recent(random)
    }
}

/// One of the last minutes.
fn recent(random: &mut ChaCha8Rng) -> Outage {
    let count = u32::try_from(SERVICES.len()).unwrap_or(1);
    Outage {
        service: ServiceId(random.random_range(0..count)),
        began: now() - random.random_range(5_000..10 * MINUTE),
        kind: one_of(random, Kind::ALL, Kind::Outage),
        severity: one_of(random, Severity::ALL, Severity::Major),
    }
}

fn one_of<T: Copy>(random: &mut ChaCha8Rng, all: &[T], usual: T) -> T {
    all.choose(random).copied().unwrap_or(usual)
}

/// Who speaks of an outage: mostly several.
fn speakers(random: &mut ChaCha8Rng, of: usize) -> Vec<usize> {
    let mut speakers: Vec<_> = (0..of).filter(|_| random.random_ratio(2, 5)).collect();
    if speakers.is_empty() {
        speakers.push(random.random_range(0..of));
    }
    speakers
}

fn report(random: &mut ChaCha8Rng, outage: &Outage) -> Result<Report> {
    let late = match random.random_ratio(1, 2) {
        true => 0,
        false => random.random_range(0..20_000),
    };
    let from = UnixMillis((outage.began + late).min(now() - 2));
    let to = UnixMillis((from.0 + random.random_range(1..5 * MINUTE)).min(now() - 1));
    let claim = match random.random_range(0..10) {
        0..=2 => Claim::Down,
        3 => Claim::Degraded,
        _ => Claim::Recovered,
    };
    let kind = match random.random_ratio(3, 4) {
        true => outage.kind,
        false => one_of(random, Kind::ALL, Kind::Outage),
    };
    let severity = match random.random_ratio(3, 4) {
        true => outage.severity,
        false => one_of(random, Severity::ALL, Severity::Major),
    };
    let seen = Observation {
        kind,
        severity,
        ..match random.random_ratio(3, 4) {
            true => measured(claim, Span { from, to }, 12)?,
            false => seen_by_hand(claim, Span { from, to }),
        }
    };
    Ok(Report {
        service: outage.service,
        observation: seen,
        text: Text::default(),
    })
}

/// What a probe says, with its log as evidence.
fn measured(claim: Claim, observed: Span, failed: u32) -> Result<Observation> {
    let text = |text: &str| Text::try_from(text).map_err(|why: String| anyhow!(why));
    let vantage = Vantage {
        place: Place {
            country: Country(*b"DE"),
            asn: 3320,
        },
        samples: 12,
        failed,
    };
    let evidence = Evidence {
        sha256: Sha256([7; 32]),
        kind: EvidenceKind::ProbeLog,
        media_type: text("text/plain")?,
        size: 25,
        uri: None,
        captured_at: observed.to,
    };
    Ok(Observation {
        method: Method::ActiveProbe,
        time_quality: TimeQuality::Actual,
        vantages: vec![vantage].try_into().map_err(|_| anyhow!("one vantage"))?,
        evidence: vec![evidence].try_into().map_err(|_| anyhow!("one document"))?,
        ..seen_by_hand(claim, observed)
    })
}

/// Something more to say of an incident, and who says it. Of one kind only: what one says takes nothing from another's,
/// so that no pool gives up what it has taken.
fn more(random: &mut ChaCha8Rng, known: &Known) -> Result<Vec<(usize, Call)>> {
    let id = known.view.id;
    let stands = |who: &usize| {
        let mut voices = known.view.voices.iter();
        voices.any(|voice| usize::try_from(voice.organisation.0) == Ok(*who))
    };
    let speakers = speakers(random, REPORTERS.len()).into_iter();
    let say = |who, call: &Call| Ok((who, call.clone()));
    match random.random_range(0..5) {
        0 if known.view.status == Status::Ongoing => {
            let close = Call::close(id);
            speakers.take(1).map(|who| say(who, &close)).collect()
        }
        1 => {
            let withdraw = Call::withdraw(id);
            speakers.filter(stands).map(|who| say(who, &withdraw)).collect()
        }
        2 | 3 => {
            let up = Call::attest(id, &against(known)?, &Text::default(), None);
            let others = speakers.filter(|who| !stands(who));
            others.map(|who| say(who, &up)).collect()
        }
        _ => Ok(Vec::new()),
    }
}

/// Says that all was well.
fn against(known: &Known) -> Result<Observation> {
    let first = known.view.voices.first().map(|voice| voice.span);
    let span = match first {
        Some(span) => Span {
            from: span.from.0,
            to: span.to.0,
        },
        None => {
            let at = known.log.first().context("it has an entry")?.recorded_at.0;
            Span { from: at, to: at }
        }
    };
    measured(Claim::Up, span, 0)
}
