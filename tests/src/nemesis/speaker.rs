//! Submitting by whatever node answers, and following what was submitted until it is known what became of it: all by the
//! client that everybody uses. Here is only what a run adds: it begins, and it ends.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use faultline_client::{Call, Client, Error, Key, Recorded, Signed};
use faultline_primitives::Hash;
use tokio::sync::{watch, Mutex};

use super::ledger::Told;

/// How long one waits at most before it looks whether the run is over.
const TURN: Duration = Duration::from_secs(600);
/// Before trying again.
const PAUSE: Duration = Duration::from_millis(500);

/// Until when there is something to say, and until when to wait for what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Speak.
    Speaking,
    /// Say nothing new, and wait until then for what was said.
    Ending(Instant),
}

/// Somebody who speaks through any of several nodes.
pub struct Speaker {
    endpoints: Vec<String>,
    client: Mutex<Option<Arc<Client>>>,
    phase: watch::Receiver<Phase>,
}

/// What became of something that was said.
pub struct Said {
    /// The transaction; none where the run ended before anything was signed.
    pub hash: Option<Hash>,
    /// What became of it.
    pub told: Told,
    /// What a finalized block holds of it.
    pub recorded: Option<Recorded>,
}

impl Said {
    fn nothing(hash: Option<Hash>) -> Self {
        Self {
            hash,
            told: Told::Nothing,
            recorded: None,
        }
    }
}

impl Speaker {
    /// Speaks through these nodes, of which it prefers the one of this number.
    pub fn new(mut endpoints: Vec<String>, first: usize, phase: watch::Receiver<Phase>) -> Self {
        if !endpoints.is_empty() {
            let turn = first % endpoints.len();
            endpoints.rotate_left(turn);
        }
        Self {
            endpoints,
            client: Mutex::new(None),
            phase,
        }
    }

    /// Whether there is still something to say.
    pub fn speaks(&self) -> bool {
        *self.phase.borrow() == Phase::Speaking
    }

    /// Waits as long, or until nothing more is to be said.
    pub async fn rest(&self, pause: Duration) {
        let mut phase = self.phase.clone();
        // Either is a reason to go on.
        let _ = tokio::time::timeout(pause, phase.wait_for(|phase| *phase != Phase::Speaking)).await;
    }

    /// Waits until nothing more is to be waited for.
    async fn over(&self) {
        let mut phase = self.phase.clone();
        loop {
            let ending = *phase.borrow_and_update();
            if let Phase::Ending(until) = ending {
                return tokio::time::sleep_until(until.into()).await;
            }
            // Whoever decides the phase is gone: so is the run.
            if phase.changed().await.is_err() {
                return;
            }
        }
    }

    /// The client; connected now, if it was not yet. None where the run is over before any node answers.
    pub async fn client(&self) -> Option<Arc<Client>> {
        let connected = async {
            let mut kept = self.client.lock().await;
            loop {
                if let Some(client) = kept.as_ref() {
                    return client.clone();
                }
                match Client::connect_any(&self.endpoints, None, |_| ()).await {
                    Ok(client) => *kept = Some(Arc::new(client)),
                    Err(_) => tokio::time::sleep(PAUSE).await,
                }
            }
        };
        tokio::select! {
            client = connected => Some(client),
            () = self.over() => None,
        }
    }

    /// Signs and submits, and says what to follow.
    ///
    /// # Errors
    ///
    /// The pool refused it, or the run was over before: what there is to say of it.
    pub async fn submit(&self, call: &Call, key: &Key) -> Result<Signed, Said> {
        let client = self.client().await.ok_or(Said::nothing(None))?;
        let submitted = async {
            loop {
                // What is not signed yet can be tried again, whatever went wrong.
                let Ok(signed) = client.sign(call, key).await else {
                    tokio::time::sleep(PAUSE).await;
                    continue;
                };
                let refused = |why| Said {
                    hash: Some(signed.hash()),
                    told: Told::Refused(why),
                    recorded: None,
                };
                return match client.submit(&signed).await {
                    // Nobody had it before, so it is nowhere.
                    Err(Error::Refused(refusal)) => Err(refused(refusal.name)),
                    Err(Error::Node { code, message }) => Err(refused(format!("{code} {message}"))),
                    // The node has it, or may have it.
                    _ => Ok(signed),
                };
            }
        };
        tokio::select! {
            submitted = submitted => submitted,
            () = self.over() => Err(Said::nothing(None)),
        }
    }

    /// Follows what was submitted until it is known what became of it, or the run is over.
    pub async fn follow(&self, signed: &Signed) -> Said {
        let hash = Some(signed.hash());
        let Some(client) = self.client().await else {
            return Said::nothing(hash);
        };
        let said = |told, recorded| Said { hash, told, recorded };
        let followed = async {
            loop {
                match client.wait(signed, TURN).await {
                    Ok(recorded) => return said(Told::recorded(&recorded), Some(recorded)),
                    Err(Error::Refused(refusal)) => return said(Told::Failed(refusal.name), None),
                    Err(Error::Expired { .. }) => return said(Told::Expired, None),
                    Err(Error::Superseded { .. }) => return said(Told::Superseded, None),
                    // No node answers, or none that can say.
                    Err(_) => tokio::time::sleep(PAUSE).await,
                }
            }
        };
        tokio::select! {
            said = followed => said,
            () = self.over() => Said::nothing(hash),
        }
    }

    /// Signs, submits and follows.
    pub async fn say(&self, call: &Call, key: &Key) -> Said {
        match self.submit(call, key).await {
            Ok(signed) => self.follow(&signed).await,
            Err(said) => said,
        }
    }
}
