//! Bringing faults about, and healing them.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use faultline_client::Key;

use super::{
    clients::{Clients, CLOCKLESS},
    fates::{between_sides, links, Disturbance, Effect, Link},
    fault::{Down, Fault, WrongClock},
    hosts::Hosts,
    ledger::Told,
    member::{Member, Started},
    schedule::Event,
    speech,
    switch::Switch,
    watch::Watch,
};

/// After how long with too many down nothing more can be on its way to becoming final.
const SETTLE: Duration = Duration::from_secs(4);
/// How long a node takes to end that has said so.
const ENDING: Duration = Duration::from_secs(30);
/// How long a claim with a wrong clock has to be refused.
const REFUSAL: Duration = Duration::from_secs(20);

/// What a run can do harm to.
pub struct World {
    /// The validators, by number.
    pub members: Vec<Arc<Mutex<Member>>>,
    /// A node that is not started until all is over.
    pub newcomer: Arc<Mutex<Member>>,
    /// Between them, where they are not on loopback.
    pub switch: Option<Arc<Switch>>,
    /// Who watches them.
    pub watch: Watch,
    /// Who speaks meanwhile.
    pub clients: Clients,
    /// What happened that was not foreseen, but is no violation.
    pub notes: Mutex<Vec<String>>,
    /// What must never happen, and did.
    pub violations: Mutex<Vec<String>>,
    /// Where it all is, for as long as it lasts.
    pub(super) _hosts: Hosts,
}

/// Whether an event took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// It did.
    Yes,
    /// It could not: there are no links here to disturb.
    LeftOut,
}

impl World {
    fn note(&self, note: String) {
        eprintln!("  {note}");
        lock(&self.notes).push(note);
    }

    /// Writes down a violation.
    pub fn violate(&self, violation: String) {
        eprintln!("  VIOLATION: {violation}");
        lock(&self.violations).push(violation);
    }

    /// Brings an event about when its time has come, and heals it at its end.
    ///
    /// # Errors
    ///
    /// The machine refuses, or a node does not come back.
    pub async fn take_place(self: Arc<Self>, event: Event) -> Result<Done> {
        if event.fault.needs_hosts() && self.switch.is_none() {
            return Ok(Done::LeftOut);
        }
        tokio::time::sleep(Duration::from_millis(event.at)).await;
        let lasts = Duration::from_millis(event.lasts);
        let context = || format!("bringing about: {}", event.fault);
        match &event.fault {
            Fault::WrongClock(how) => self.wrong_clock(*how).await,
            Fault::Excess { hosts, how } => self.excess(hosts, *how, lasts).await,
            fault => match self.disturbance(fault) {
                Some(disturbance) => {
                    self.disturb(vec![disturbance], lasts).await;
                    Ok(())
                }
                None => self.member_fault(fault, lasts).await,
            },
        }
        .with_context(context)?;
        Ok(Done::Yes)
    }

    /// What a fault of links does to them.
    fn disturbance(&self, fault: &Fault) -> Option<Disturbance> {
        let hosts = self.members.len();
        let millis = |millis: &u64| Duration::from_millis(*millis);
        let (links, effect) = match fault {
            Fault::Cut { host } => (between_sides(&[*host], hosts), Effect::Cut),
            Fault::Split { side } => (between_sides(side, hosts), Effect::Cut),
            Fault::OneWay { from, to } => (BTreeSet::from([(*from, *to)]), Effect::Cut),
            Fault::Delay {
                reach,
                millis: base,
                jitter,
            } => {
                let (base, jitter) = (millis(base), millis(jitter));
                (links(*reach, hosts), Effect::Delay { base, jitter })
            }
            Fault::Loss { reach, percent } => (links(*reach, hosts), Effect::Loss(*percent)),
            Fault::Slow { reach, kilobits } => {
                (links(*reach, hosts), Effect::Slow(kilobits.saturating_mul(1_000)))
            }
            _ => return None,
        };
        Some(Disturbance { links, effect })
    }

    async fn disturb(&self, disturbances: Vec<Disturbance>, lasts: Duration) {
        let Some(switch) = &self.switch else { return };
        let numbers: Vec<_> = disturbances.into_iter().map(|one| switch.disturb(one)).collect();
        tokio::time::sleep(lasts).await;
        numbers.into_iter().for_each(|number| switch.heal(number));
    }

    async fn member_fault(self: &Arc<Self>, fault: &Fault, lasts: Duration) -> Result<()> {
        match *fault {
            Fault::Kill { host } => {
                self.with(host, Member::kill).await?;
                tokio::time::sleep(lasts).await;
                self.with(host, Member::start_well).await
            }
            Fault::Pause { host } => {
                self.with(host, Member::pause).await?;
                tokio::time::sleep(lasts).await;
                self.with(host, Member::go_on).await
            }
            Fault::Restart { host } => {
                match self.with(host, Member::stop).await {
                    Ok(status) if status.success() => {}
                    Ok(status) => self.violate(format!(
                        "validator {host} was asked to stop and ended with {status}"
                    )),
                    Err(error) => self.violate(format!(
                        "validator {host} does not stop when it is asked to: {error:#}"
                    )),
                }
                tokio::time::sleep(lasts).await;
                self.with(host, Member::start_well).await
            }
            Fault::DiskFull { host } => self.disk_full(host, lasts).await,
            Fault::Truncate { host, file, keep } => self.truncate(host, file, keep, lasts).await,
            _ => Ok(()),
        }
    }

    async fn disk_full(self: &Arc<Self>, host: usize, lasts: Duration) -> Result<()> {
        self.with(host, |member| member.host.own_disk()?.fill()).await?;
        let until = Instant::now() + lasts;
        let ended = self.with(host, move |member| member.wait_for_end(until)).await?;
        tokio::time::sleep(until.saturating_duration_since(Instant::now())).await;
        let words = self
            .with(host, move |member| {
                member.host.own_disk()?.free()?;
                // It has said that it ends, and takes a moment.
                if member.said()?.contains("cannot be written") {
                    member.wait_for_end(Instant::now() + ENDING)?;
                }
                let words = member.last_words()?;
                if !member.runs()? {
                    member.kill()?;
                    member.start_well()?;
                }
                Ok(words)
            })
            .await?;
        self.note(match ended {
            true => format!("validator {host} ended on a full disk: {words}"),
            false => format!("validator {host} outlived a full disk"),
        });
        Ok(())
    }

    async fn truncate(self: &Arc<Self>, host: usize, file: usize, keep: u64, lasts: Duration) -> Result<()> {
        let name = self
            .with(host, move |member| {
                member.kill()?;
                member.cut_off(file, keep)
            })
            .await?;
        tokio::time::sleep(lasts).await;
        let started = self.with(host, Member::start).await?;
        let what = format!("validator {host} with {keep} % of {name}");
        match started {
            Started::Ready => {
                self.note(format!("{what} starts"));
                Ok(())
            }
            Started::Ended(words) => {
                self.note(format!("{what} refuses: {words}"));
                self.anew(host).await
            }
        }
    }

    /// Wipes the database of a validator and starts it.
    async fn anew(self: &Arc<Self>, host: usize) -> Result<()> {
        self.with(host, |member| {
            member.kill()?;
            member.wipe()?;
            member.start_well()
        })
        .await
    }

    /// Wipes what was damaged and started all the same, if it does not keep up.
    ///
    /// # Errors
    ///
    /// A node does not come back.
    pub async fn give_up_on_damaged(self: &Arc<Self>) -> Result<()> {
        for host in 0..self.members.len() {
            if self.with(host, |member| Ok(member.damaged)).await? {
                let words = self.with(host, |member| member.last_words()).await?;
                self.note(format!(
                    "validator {host} does not keep up on its damaged database, and is wiped: {words}"
                ));
                self.anew(host).await?;
            }
        }
        Ok(())
    }

    /// What was damaged and keeps up is whole.
    ///
    /// # Errors
    ///
    /// Never.
    pub async fn trust_damaged(self: &Arc<Self>) -> Result<()> {
        for host in 0..self.members.len() {
            self.with(host, |member| {
                member.damaged = false;
                Ok(())
            })
            .await?;
        }
        Ok(())
    }

    /// Starts whoever ended by itself, which is a violation.
    ///
    /// # Errors
    ///
    /// It does not start.
    pub async fn raise_the_dead(self: &Arc<Self>) -> Result<()> {
        for host in 0..self.members.len() {
            let died = self
                .with(host, |member| {
                    if member.runs()? || member.damaged {
                        return Ok(None);
                    }
                    let words = member.last_words()?;
                    member.kill()?;
                    member.start_well()?;
                    Ok(Some(words))
                })
                .await?;
            if let Some(words) = died {
                self.violate(format!("validator {host} ended by itself: {words}"));
            }
        }
        Ok(())
    }

    async fn excess(self: &Arc<Self>, hosts: &[usize], how: Down, lasts: Duration) -> Result<()> {
        let all = self.members.len();
        let cut: Vec<BTreeSet<Link>> = match how {
            Down::Cut => hosts.iter().map(|host| between_sides(&[*host], all)).collect(),
            Down::Split => vec![between_sides(hosts, all)],
            Down::Killed | Down::Paused => Vec::new(),
        };
        let disturbances = cut
            .into_iter()
            .map(|links| Disturbance {
                links,
                effect: Effect::Cut,
            })
            .collect();
        for host in hosts {
            match how {
                Down::Killed => self.with(*host, Member::kill).await?,
                Down::Paused => self.with(*host, Member::pause).await?,
                Down::Cut | Down::Split => {}
            }
        }
        let watched = async {
            tokio::time::sleep(SETTLE).await;
            let before = self.watch.finalized();
            tokio::time::sleep(lasts.saturating_sub(SETTLE)).await;
            (before, self.watch.finalized())
        };
        let disturbed = async {
            if !matches!(how, Down::Killed | Down::Paused) {
                self.disturb(disturbances, lasts).await;
            }
        };
        let ((before, after), ()) = tokio::join!(watched, disturbed);
        if after > before {
            let down = hosts.len();
            self.violate(format!(
                "with {down} of {all} down ({how:?}) block {after} became final after {before}"
            ));
        }
        let mut back = tokio::task::JoinSet::new();
        for host in hosts.iter().copied() {
            let world = self.clone();
            back.spawn(async move {
                match how {
                    Down::Killed => world.with(host, Member::start_well).await,
                    Down::Paused => world.with(host, Member::go_on).await,
                    Down::Cut | Down::Split => Ok(()),
                }
            });
        }
        while let Some(is_back) = back.join_next().await {
            is_back??;
        }
        Ok(())
    }

    async fn wrong_clock(&self, how: WrongClock) -> Result<()> {
        let (call, name) = speech::with_wrong_clock(how)?;
        let key = Key::named(CLOCKLESS)?;
        let speaker = self.clients.speaker(0);
        let said = tokio::time::timeout(REFUSAL, speaker.say(&call, &key)).await;
        match said.map(|said| said.told) {
            Ok(Told::Refused(why) | Told::Failed(why)) if why == name => {}
            Ok(told @ (Told::Final { .. } | Told::Refused(_) | Told::Failed(_))) => {
                self.violate(format!("a claim that must be refused as {name}: {told:?}"));
            }
            Ok(Told::Expired | Told::Superseded | Told::Nothing) | Err(_) => {
                self.note(format!(
                    "a claim that must be refused as {name} could not be judged in time"
                ));
            }
        }
        Ok(())
    }

    /// Does something with a validator, beside the runtime's own work.
    ///
    /// # Errors
    ///
    /// It fails.
    pub async fn with<T: Send + 'static>(
        &self,
        host: usize,
        act: impl FnOnce(&mut Member) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let member = self.members.get(host).context("no such host")?.clone();
        tokio::task::spawn_blocking(move || act(&mut lock(&member))).await?
    }
}

/// The lock, whoever panicked while holding it.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
