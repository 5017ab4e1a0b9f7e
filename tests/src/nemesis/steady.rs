//! What a network still does with validators down: how many blocks a second become final, and how far behind the newest.
//!
//! Phase by phase: all up; one dead; of seven, another slow besides; one more dead than is tolerated, while clients
//! submit; one of those returned. What was submitted while nothing became final must become so afterwards.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{ensure, Result};
use faultline_client::{Call, Key};
use faultline_primitives::{attestation::Claim, Millis, ServiceId, Span, Text, UnixMillis};
use serde_json::{json, Value};
use tokio::{sync::watch, task::JoinSet};

use super::{
    fates::{links, Disturbance, Effect},
    fault::Reach,
    faults::World,
    ledger::{Ledger, Told},
    private::Ground,
    schedule::tolerance,
    speaker::{Phase, Speaker},
    speech,
};
use crate::{
    load::heads::{Heads, Pace},
    seen_by_hand,
};

/// Between a change and the measurement: what was on its way has arrived.
const SETTLE: Duration = Duration::from_secs(8);
/// A line over the ocean, and a bad one.
const SLOW_BITS: u64 = 256_000;
const LATE: Duration = Duration::from_millis(300);
/// Who submits while nothing becomes final.
const KEYS: [&str; 4] = ["dev:alice", "dev:bob", "dev:charlie", "dev:dave"];
/// How long what was submitted then may take, once one has returned.
const PATIENCE: Duration = Duration::from_secs(180);

/// How a network fared.
pub struct Steady {
    validators: usize,
    ground: Ground,
    phases: Vec<(&'static str, Pace)>,
    to_finality: Duration,
    submitted: usize,
    lost: usize,
}

/// Measures each phase for so long.
///
/// # Errors
///
/// The machine refuses, or the network does not come back.
pub async fn measure(
    world: &Arc<World>,
    endpoints: &[String],
    ground: Ground,
    phase: Duration,
) -> Result<Steady> {
    let hosts = endpoints.len();
    let excess = tolerance(hosts) + 1;
    ensure!(hosts > excess, "too few validators");
    // The first node lives on in every phase.
    let heads = Heads::watch(&endpoints[0]).await?;
    let mut phases = Vec::new();

    phases.push(("all up", paced(&heads, phase).await));
    let dead = hosts - 1;
    world.with(dead, |member| member.kill()).await?;
    phases.push(("one dead", paced(&heads, phase).await));
    if let (true, Some(switch)) = (excess > 2, &world.switch) {
        let of = links(Reach::Of(hosts - 2), hosts);
        let effects = [
            Effect::Slow(SLOW_BITS),
            Effect::Delay {
                base: LATE,
                jitter: LATE / 4,
            },
        ];
        let disturbed = effects.map(|effect| {
            switch.disturb(Disturbance {
                links: of.clone(),
                effect,
            })
        });
        phases.push(("one dead, one slow", paced(&heads, phase).await));
        disturbed.into_iter().for_each(|number| switch.heal(number));
    }
    for host in hosts - excess..dead {
        world.with(host, |member| member.kill()).await?;
    }
    let (ledger, mut speaking) = (Arc::new(Ledger::default()), JoinSet::new());
    let over = watch::Sender::new(Phase::Speaking);
    for (number, name) in KEYS.into_iter().enumerate() {
        let alive = endpoints[..hosts - excess].to_vec();
        let speaker = Speaker::new(alive, number, over.subscribe());
        speaking.spawn(report(speaker, name, ledger.clone()));
    }
    phases.push(("too many dead", paced(&heads, phase).await));
    let healing = Instant::now();
    let before = heads.finalized();
    world.with(dead, |member| member.start_well()).await?;
    while heads.finalized() == before {
        ensure!(
            healing.elapsed() < PATIENCE,
            "nothing becomes final after one has returned"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let to_finality = healing.elapsed();
    phases.push(("one returned", paced(&heads, phase).await));
    over.send_replace(Phase::Ending(Instant::now() + PATIENCE));
    while let Some(ended) = speaking.join_next().await {
        ended??;
    }
    let all = ledger.all();
    let lost = all
        .iter()
        .filter(|said| !matches!(said.told, Told::Final { .. }))
        .count();
    for said in all.iter().filter(|said| !matches!(said.told, Told::Final { .. })) {
        eprintln!("lost: {said:?}");
    }
    Ok(Steady {
        validators: hosts,
        ground,
        phases,
        to_finality,
        submitted: all.len(),
        lost,
    })
}

async fn paced(heads: &Heads, phase: Duration) -> Pace {
    tokio::time::sleep(SETTLE).await;
    let began = Instant::now();
    tokio::time::sleep(phase).await;
    heads.since(began)
}

/// Reports each service once: what an organisation may say of each without saying it twice.
async fn report(speaker: Speaker, name: &'static str, ledger: Arc<Ledger>) -> Result<()> {
    let key = Key::named(name)?;
    let mut signed = Vec::new();
    for service in 0..4 {
        let now = speech::now();
        let observed = Span {
            from: UnixMillis(now.0.saturating_sub(Millis::seconds(10).0)),
            to: now,
        };
        let call = Call::report(
            ServiceId(service),
            &seen_by_hand(Claim::Down, observed),
            &Text::default(),
        );
        match speaker.submit(&call, &key).await {
            Ok(one) => signed.push(one),
            Err(said) => ledger.note_said(name, &said),
        }
    }
    for one in &signed {
        ledger.note_said(name, &speaker.follow(one).await);
    }
    Ok(())
}

impl Steady {
    /// For programs.
    pub fn json(&self) -> Value {
        let phases: BTreeMap<_, _> = self
            .phases
            .iter()
            .map(|(name, pace)| {
                let pace = json!({
                    "blocksPerSecond": pace.blocks,
                    "finalizedPerSecond": pace.finalized,
                    "lag": pace.lag,
                    "worstLag": pace.worst_lag,
                    "longestGap": pace.longest_gap,
                    "longestFinalGap": pace.longest_final_gap,
                });
                (*name, pace)
            })
            .collect();
        json!({
            "schemaVersion": 1,
            "validators": self.validators,
            "ground": self.ground.name(),
            "phases": phases,
            "secondsToFinality": self.to_finality.as_secs_f64(),
            "submitted": self.submitted,
            "lost": self.lost,
        })
    }
}

impl std::fmt::Display for Steady {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} validators, by one of them", self.validators)?;
        writeln!(
            f,
            "{:<22}{:>10}{:>10}{:>8}{:>12}{:>16}",
            "", "blocks/s", "final/s", "lag", "worst lag", "longest gap, s"
        )?;
        for (name, pace) in &self.phases {
            writeln!(
                f,
                "{name:<22}{:>10.2}{:>10.2}{:>8.1}{:>12}{:>16.1}",
                pace.blocks, pace.finalized, pace.lag, pace.worst_lag, pace.longest_gap
            )?;
        }
        writeln!(
            f,
            "final again {:.1} s after one was started again",
            self.to_finality.as_secs_f64()
        )?;
        writeln!(
            f,
            "submitted while nothing became final: {}, of which lost: {}",
            self.submitted, self.lost
        )
    }
}
