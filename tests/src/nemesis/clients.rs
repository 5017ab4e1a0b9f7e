//! The clients of a run: reporters, a provider, an arbiter, an admin and the council, all speaking at once.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use faultline_client::{
    council::{MotionEvent, Proposal},
    Call, Key,
};
use faultline_primitives::{quota::Quota, OrganisationId};
use faultline_rpc::FaultlineRpcClient;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::{
    sync::{watch, Mutex},
    task::JoinSet,
};

use super::{
    ledger::Ledger,
    speaker::{Phase, Speaker},
    speech,
};

/// How many submissions of a client wait at once.
const AT_ONCE: usize = 3;
/// Who speaks as reporter.
const REPORTERS: [&str; 3] = ["dev:alice", "dev:bob", "dev:charlie"];
const PROVIDER: &str = "dev:eve";
const ARBITER: &str = "dev:ferdie";
const KEEPER: &str = "dev:charlie-admin";
const COUNCIL: [&str; 2] = ["dev:alice-admin", "dev:bob-admin"];
/// Speaks with wrong clocks only, so that nothing of its own waits before it, and the pool tries what it says.
pub const CLOCKLESS: &str = "dev:dave";

/// Who speaks in a run, and the book that is kept of it.
pub struct Clients {
    /// What each was told.
    pub ledger: Arc<Ledger>,
    phase: watch::Sender<Phase>,
    endpoints: Vec<String>,
    tasks: Mutex<JoinSet<Result<()>>>,
}

impl Clients {
    /// Nobody speaks yet, but may through these nodes.
    pub fn new(endpoints: Vec<String>) -> Self {
        Self {
            ledger: Arc::default(),
            phase: watch::Sender::new(Phase::Speaking),
            endpoints,
            tasks: Mutex::default(),
        }
    }

    /// All begin to speak.
    pub async fn speak(&self, seed: u64) {
        let mut tasks = self.tasks.lock().await;
        let book = || self.ledger.clone();
        for (number, name) in (0u64..).zip(REPORTERS) {
            let says = Next(|random: &mut ChaCha8Rng, ledger: &Ledger| {
                speech::of_reporter(random, &ledger.recent()).map(Some)
            });
            tasks.spawn(member(
                self.speaker(0),
                book(),
                seed.wrapping_add(number),
                name,
                says,
            ));
        }
        let says = Next(|random: &mut ChaCha8Rng, ledger: &Ledger| {
            speech::of_provider(random, &ledger.recent()).map(Some)
        });
        tasks.spawn(member(
            self.speaker(1),
            book(),
            seed.wrapping_add(10),
            PROVIDER,
            says,
        ));
        let says =
            Next(|random: &mut ChaCha8Rng, ledger: &Ledger| speech::of_arbiter(random, &ledger.recent()));
        tasks.spawn(member(
            self.speaker(2),
            book(),
            seed.wrapping_add(11),
            ARBITER,
            says,
        ));
        let mut added = None;
        let says = Next(move |random: &mut ChaCha8Rng, _: &Ledger| {
            Ok(Some(match added.take() {
                Some(key) => Call::revoke_reporter(key),
                None => {
                    let key = *added.insert(speech::some_key(random));
                    Call::add_reporter(key, &"spare".try_into().unwrap_or_default())
                }
            }))
        });
        tasks.spawn(member(
            self.speaker(3),
            book(),
            seed.wrapping_add(12),
            KEEPER,
            says,
        ));
        tasks.spawn(council(self.speaker(1), book(), seed));
    }

    /// Somebody who speaks through the nodes, beginning with the one of this number.
    pub fn speaker(&self, first: usize) -> Arc<Speaker> {
        let endpoints = self.endpoints.clone();
        Arc::new(Speaker::new(endpoints, first, self.phase.subscribe()))
    }

    /// Lets all end: nothing new is said, and each waits at most so long for what it said.
    ///
    /// # Errors
    ///
    /// A client failed.
    pub async fn end(&self, patience: Duration) -> Result<()> {
        self.phase
            .send_replace(Phase::Ending(std::time::Instant::now() + patience));
        let mut tasks = self.tasks.lock().await;
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        Ok(())
    }
}

/// Says what a client says next; nothing, where there is nothing to say yet.
struct Next<F>(F);

/// A client that says one thing after another, with some of them waiting at once.
async fn member<F>(
    speaker: Arc<Speaker>,
    ledger: Arc<Ledger>,
    seed: u64,
    name: &'static str,
    mut says: Next<F>,
) -> Result<()>
where
    F: FnMut(&mut ChaCha8Rng, &Ledger) -> Result<Option<Call>> + Send,
{
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let key = Key::named(name)?;
    let mut waiting = JoinSet::new();
    while speaker.speaks() {
        speaker
            .rest(Duration::from_millis(random.random_range(100..1_200)))
            .await;
        while waiting.len() >= AT_ONCE {
            waiting.join_next().await;
        }
        let Some(call) = (says.0)(&mut random, &ledger)? else {
            continue;
        };
        // One after another, as each takes the nonce after the last.
        match speaker.submit(&call, &key).await {
            Ok(signed) => {
                let (speaker, ledger) = (speaker.clone(), ledger.clone());
                waiting.spawn(async move { ledger.note_said(name, &speaker.follow(&signed).await) });
            }
            Err(said) => ledger.note_said(name, &said),
        }
    }
    while waiting.join_next().await.is_some() {}
    Ok(())
}

/// Two seats that move and carry one motion after another.
async fn council(speaker: Arc<Speaker>, ledger: Arc<Ledger>, seed: u64) -> Result<()> {
    let mut random = ChaCha8Rng::seed_from_u64(!seed);
    let keys = [Key::named(COUNCIL[0])?, Key::named(COUNCIL[1])?];
    while speaker.speaks() {
        // Larger than is ever needed, and never twice the same.
        let quota = Quota {
            burst: 20_000 + random.random_range(1..10_000),
            per_block: 500,
        };
        let organisation = OrganisationId(random.random_range(0..5));
        motion(
            &speaker,
            &ledger,
            &keys,
            &Proposal::set_quota(organisation, quota),
        )
        .await;
        speaker.rest(Duration::from_secs(1)).await;
    }
    Ok(())
}

/// Takes a motion as far as it goes.
async fn motion(speaker: &Speaker, ledger: &Ledger, keys: &[Key; 2], proposal: &Proposal) -> Option<()> {
    // The chain `local` has three seats.
    let call = Call::propose(proposal, 3);
    let proposed = speaker.say(&call, &keys[0]).await;
    ledger.note_said(COUNCIL[0], &proposed);
    let (number, hash) = proposed.recorded?.motion.iter().find_map(|event| match event {
        MotionEvent::Proposed { number, hash, .. } => Some((*number, *hash)),
        _ => None,
    })?;
    for (key, name) in keys.iter().zip(COUNCIL) {
        let voted = speaker.say(&Call::vote_on_motion(hash, number, true), key).await;
        ledger.note_said(name, &voted);
        voted.recorded?;
    }
    let client = speaker.client().await?;
    let answer = tokio::time::timeout(Duration::from_secs(6), client.rpc().council()).await;
    let council = answer.ok()?.ok()?.data;
    let open = council.motions.iter().find(|motion| motion.number == number)?;
    let close = Call::close_motion(hash, number, open.weight, open.length);
    let closed = speaker.say(&close, &keys[1]).await;
    ledger.note_said(COUNCIL[1], &closed);
    Some(())
}
